package content

import (
	"strings"
	"testing"

	"umkmbot/internal/umkm"
)

func TestClassBorders(t *testing.T) {
	c, source, err := Classes()
	if err != nil {
		t.Fatal(err)
	}
	if source.Since.Year() != 2021 {
		t.Errorf("since %s", source.Since)
	}
	for yearly, want := range map[int64]string{
		0: "micro", 2_000_000_000: "micro", 2_000_000_001: "small", 15_000_000_000: "small",
		15_000_000_001: "medium", 50_000_000_000: "medium", 50_000_000_001: umkm.ClassLarge,
	} {
		if got := c.Of(&umkm.Turnover{Rupiah: yearly, Per: umkm.PerYear}); got != want {
			t.Errorf("%d a year is %s, want %s", yearly, got, want)
		}
	}
	if got := c.Of(nil); got != umkm.ClassUnknown {
		t.Errorf("not told is %s", got)
	}
	if got := c.Of(&umkm.Turnover{Rupiah: 170_000_000, Per: umkm.PerMonth}); got != "small" {
		t.Errorf("a monthly turnover counts by the year: %s", got)
	}
}

func TestBadClassesAreRefused(t *testing.T) {
	for name, change := range map[string][2]string{
		"no source":     {`source = "PP 7/2021 Pasal 35–36"`, ""},
		"no date":       {"since = 2021-02-02", ""},
		"no confidence": {`"high"`, `"sure"`},
		"falling":       {"15_000_000_000", "1"},
		"no id":         {`id = "small"`, `id = ""`},
		"broken":        {"[[class]]", "[[class"},
	} {
		if _, _, err := readClasses(strings.Replace(classes, change[0], change[1], 1)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, _, err := readClasses(`source="x"` + "\nsince=2020-01-01\n" + `confidence="low"`); err == nil {
		t.Error("no classes: taken")
	}
}
