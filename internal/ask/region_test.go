package ask

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

func TestRegionsTyped(t *testing.T) {
	t.Parallel()
	f := Regions(regions.Banten())
	for _, tc := range []struct{ working, text, want string }{
		{"", "kab serang", "~36.04"},
		{"", "Kota Serang", "~36.73"},
		{"", "Lebak, Pandeglang dan Cilegon", "~36.01,36.02,36.72"},
		{"", "seluruh Banten", "~36"},
		{"", "semua", "~36"},
		{"36.04;", "provinsi", "~36"},      // what is wider takes in what is within
		{"36;", "lebak", "~36.02"},         // what is narrower narrows
		{"36.04;", "cikande", "~36.04.15"}, // a district of a regency that is ticked
		{"", "cikande", "~36.04.15"},
		{";36.04@0", "kramatwatu", "~36.04.05"},
		{"36.02;", "serang", "~36.02;?36.04,36.73@0"},
		{"", "serang", "~;?36.04,36.73@0"},
		{"", "pandeglag", "~36.01"}, // a slip of the finger
		{"", "lebak dan serang", "!regions_which"},
		{"", "surabaya", "!place_unknown"},
		{"", "selesai", "!place_unknown"}, // nothing is chosen yet
		{"36.04;", "selesai", "=36.04"},
		{"36.04,36.73;36.04@1", "sudah", "=36.04,36.73"},
		{"", ",,", "!choose_some"},
		{"", "", "!empty"},
		{"99.99;88@3", "lebak", "~36.02"}, // a saved form of places that are gone
	} {
		p, why := f.Parse(dialog.Input{Text: tc.text}, nil, tc.working)
		got := "!"
		switch {
		case why != nil:
			got += why.Key
		case p.Value != "":
			got = "=" + p.Value
		default:
			got = "~" + strings.TrimSuffix(p.Working, ";")
		}
		if got != tc.want {
			t.Errorf("%q at %q: %s, want %s", tc.text, tc.working, got, tc.want)
		}
	}
}

func TestRegionsTapped(t *testing.T) {
	t.Parallel()
	f := Regions(regions.Banten())
	working := ""
	for _, step := range []struct{ option, want string }{
		{"36.04", ";36.04@0"},
		{"next", ";36.04@1"},
		{"previous", ";36.04@0"},
		{"36.04.05", "36.04.05;36.04@0"},
		{"36.04.08", "36.04.05,36.04.08;36.04@0"},
		{"36.04.05", "36.04.08;36.04@0"}, // a second tap takes it back
		{"up", "36.04.08;"},
		{"36.73", "36.04.08;36.73@0"},
		{"36.73", "36.04.08,36.73;"}, // all of the city
		{"36", "36;"},
		{"36", ""},
		{"36.02", ";36.02@0"},
		{"36.02", "36.02;"},
	} {
		p, why := f.Parse(dialog.Input{Kind: dialog.InputPress, Option: step.option}, nil, working)
		if why != nil || p.Working != step.want {
			t.Fatalf("%s at %q: %+v %v, want %q", step.option, working, p, why, step.want)
		}
		working = p.Working
	}
	if p, _ := f.Parse(dialog.Input{Kind: dialog.InputPress, Option: "done"}, nil, working); p.Value != "36.02" {
		t.Errorf("done: %+v", p)
	}
	if p, _ := f.Parse(dialog.Input{Kind: dialog.InputPress, Option: "36.73"}, nil, "36.02;?36.04,36.73@0"); p.Working != "36.02,36.73;" {
		t.Errorf("one of two that were meant: %+v", p)
	}
	for _, forged := range []string{"done", "next", "previous", "36.04.05.2001", "31", "36.99", "", "36.04,36.73", "!x", ";"} {
		if p, why := f.Parse(dialog.Input{Kind: dialog.InputPress, Option: forged}, nil, ""); why != nil || p.Value != stale.Value {
			t.Errorf("forged %q: %+v", forged, p)
		}
	}
}

func TestRegionsHolds(t *testing.T) {
	t.Parallel()
	f := Regions(regions.Banten())
	for value, want := range map[string]bool{
		"36": true, "36.04": true, "36.04.05,36.73": true, "36.04.05": true,
		"": false, "36,36.04": false, "36.73,36.04": false, "36.04.05.2001": false, "31": false, "36.04,36.04": false, "36.04;36.02@0": false,
	} {
		if f.Holds(value, nil) != want {
			t.Errorf("%q holds: %v", value, !want)
		}
	}
}

// Whatever is tapped and typed, what is chosen stays without overlap, every
// question can be left backwards, and done gives what holds.
func TestRegionsWalk(t *testing.T) {
	t.Parallel()
	f := Regions(regions.Banten())
	rapid.Check(t, func(t *rapid.T) {
		working := ""
		for range rapid.IntRange(1, 12).Draw(t, "taps") {
			a := f.Ask(nil, working)
			ids := make([]string, len(a.Options))
			for i, o := range a.Options {
				ids[i] = o.ID
			}
			if len(slices.Compact(slices.Sorted(slices.Values(ids)))) != len(ids) {
				t.Fatalf("an option twice: %v", ids)
			}
			p, why := f.Parse(dialog.Input{Kind: dialog.InputPress, Option: rapid.SampledFrom(ids).Draw(t, "tap")}, nil, working)
			if why != nil || p.Value == stale.Value {
				t.Fatalf("an option at %q that is refused: %+v %v", working, p, why)
			}
			if p.Value != "" {
				if !f.Holds(p.Value, nil) {
					t.Fatalf("%q does not hold", p.Value)
				}
				return
			}
			working = p.Working
		}
		for i := 0; working != ""; i++ {
			if working = f.Unwind(working); i > 60 {
				t.Fatal("no way back")
			}
		}
	})
}

func within(codes ...umkm.RegionCode) func(dialog.Answers) []umkm.RegionCode {
	return func(dialog.Answers) []umkm.RegionCode { return codes }
}

// Of an officer's regions only, whatever is typed.
func TestRegionsWithinTyped(t *testing.T) {
	t.Parallel()
	f := Regions(regions.Banten()).Within(within("36.02", "36.04.05", "36.04.15"))
	for text, want := range map[string]string{
		"lebak":                  "~36.02",
		"kramatwatu dan cikande": "~36.04.05,36.04.15",
		"rangkasbitung":          "~36.02.14",
		"semua":                  "~36.02,36.04.05,36.04.15",
		"wilayah saya":           "~36.02,36.04.05,36.04.15",
		"kab serang":             "!regions_not_yours",
		"cilegon":                "!regions_not_yours",
		"pandeglang, lebak":      "!regions_not_yours",
		"surabaya":               "!place_unknown",
	} {
		if got := surveyed(say(f, text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	whole := Regions(regions.Banten()).Within(within("36"))
	if got := surveyed(say(whole, "semua")); got != "~36" {
		t.Errorf("of all of Banten: %s", got)
	}
}

func surveyed(p dialog.Parsed, why *dialog.Problem) string {
	switch {
	case why != nil:
		return "!" + why.Key
	case p.Value != "":
		return "=" + p.Value
	}
	return "~" + strings.TrimSuffix(p.Working, ";")
}

func TestRegionsWithinTapped(t *testing.T) {
	t.Parallel()
	f := Regions(regions.Banten()).Within(within("36.02", "36.04.05"))
	tap := func(option, working string) dialog.Parsed {
		p, _ := f.Parse(dialog.Input{Kind: dialog.InputPress, Option: option}, nil, working)
		return p
	}
	ids := func(working string) (out []string) {
		for _, o := range f.Ask(nil, working).Options {
			out = append(out, o.ID)
		}
		return out
	}
	if got := ids(""); !slices.Equal(got, []string{"mine", "36.02", "36.04"}) {
		t.Errorf("offered %v", got)
	}
	if got := ids(";36.04@0"); !slices.Equal(got, []string{"36.04.05", "up"}) {
		t.Errorf("offered within %v", got)
	}
	if p := tap("mine", ""); p.Working != "36.02,36.04.05;" {
		t.Errorf("all of mine: %+v", p)
	}
	if p := tap("mine", "36.02,36.04.05;"); p.Working != "" || p.Value != "" {
		t.Errorf("a second tap: %+v", p)
	}
	for _, forged := range []string{"36", "36.01", "36.04.15", "36.01.01"} {
		if p := tap(forged, ""); p.Value != stale.Value {
			t.Errorf("forged %q: %+v", forged, p)
		}
	}
	if p := tap("36.04", ";36.04@0"); p.Working != ";36.04@0" {
		t.Errorf("a whole regency of which only a part can be chosen: %+v", p)
	}
	for value, want := range map[string]bool{"36.02": true, "36.04.05": true, "36.02.14,36.04.05": true, "36.04": false, "36": false, "36.73": false} {
		if f.Holds(value, nil) != want {
			t.Errorf("%q holds: %v", value, !want)
		}
	}
}
