package content

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

func jakarta(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestBuiltInHolidays(t *testing.T) {
	zone := jakarta(t)
	c := builtInSet(t).Calendar(zone)
	for _, year := range []int{2026, 2027} {
		for _, day := range []string{"01-01", "05-01", "06-01", "08-17", "12-25"} {
			at, err := time.ParseInLocation("2006-01-02", time.Date(year, 1, 1, 0, 0, 0, 0, zone).Format("2006-")+day, zone)
			if err != nil {
				t.Fatal(err)
			}
			if c.IsWorkday(at) {
				t.Errorf("%s is a working day", at.Format(time.DateOnly))
			}
		}
	}
	if !c.IsWorkday(time.Date(2026, 12, 24, 10, 0, 0, 0, zone)) {
		t.Error("Thursday, 24 December 2026 is no working day")
	}
}

const head = "source = \"SK\"\nsince = 2026-01-01\nconfidence = \"high\"\n"

func TestHolidayFiles(t *testing.T) {
	cases := map[string]struct{ text, wrong string }{
		"fine":          {head + "[[holiday]]\ndate = 2026-03-20\nname = \"Idulfitri\"\n", ""},
		"none at all":   {head, ""},
		"no such day":   {head + "[[holiday]]\ndate = 2026-02-30\nname = \"x\"\n", ":5: "},
		"quoted":        {head + "[[holiday]]\ndate = \"20 Maret\"\nname = \"x\"\n", ":5: "},
		"broken":        {head + "[[holiday]]\ndate = \n", ":5: "},
		"twice":         {head + "[[holiday]]\ndate = 2026-03-20\nname = \"a\"\n\n[[holiday]]\ndate = 2026-03-20\nname = \"b\"\n", ":9: 2026-03-20 is listed twice"},
		"no day":        {head + "[[holiday]]\nname = \"x\"\n", ":4: this holiday has no date"},
		"no name":       {head + "[[holiday]]\ndate = 2026-03-20\n", ":4: this holiday has no name"},
		"misspelt":      {head + "[[holiday]]\ndat = 2026-03-20\nname = \"x\"\n", ":5: \"dat\" means nothing here"},
		"misspelt head": {head + "[[day]]\ndate = 2026-03-20\n", ":4: \"day\" means nothing here"},
		"no source":     {"confidence = \"high\"\n", ":1: no source"},
	}
	for name, c := range cases {
		path := filepath.Join(t.TempDir(), "libur.toml")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Read("", path)
		switch {
		case c.wrong == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.wrong != "" && (err == nil || !strings.Contains(err.Error(), path+c.wrong)):
			t.Errorf("%s: %v, want %q and the file's name", name, err, c.wrong)
		case c.wrong == "" && strings.Contains(c.text, "03-20") && s.Calendar(jakarta(t)).IsWorkday(time.Date(2026, 3, 20, 9, 0, 0, 0, jakarta(t))):
			t.Errorf("%s: a holiday is a working day", name)
		}
	}
	if _, err := Read("", filepath.Join(t.TempDir(), "none")); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("a missing file: %v", err)
	}
}
