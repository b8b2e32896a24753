package ask

import (
	"strings"
	"testing"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

// found writes an outcome with places by name.
func found(p dialog.Parsed, why *dialog.Problem) string {
	name := func(codes string) string {
		var names []string
		for code := range strings.SplitSeq(codes, ",") {
			names = append(names, strings.TrimSuffix(regions.Banten().Path(umkm.RegionCode(code)), ","))
		}
		return strings.Join(names, "; ")
	}
	switch {
	case why != nil:
		return "!" + why.Key
	case p.Value == stale.Value:
		return "stale"
	case p.Value != "":
		return "=" + name(p.Value)
	case len(p.Guesses) > 0:
		return "?" + name(strings.Join(p.Guesses, ","))
	}
	head, page, _ := strings.Cut(p.Working, "@")
	if list, ok := strings.CutPrefix(head, "?"); ok {
		return "which: " + name(list)
	}
	if page == "0" || page == "" {
		return "~" + name(head)
	}
	return "~" + name(head) + " page " + page
}

func TestPlaceTyped(t *testing.T) {
	f := Place(regions.Banten())
	const kertajaya = "?Desa Kertajaya, Kec. Sumur, Kabupaten Pandeglang"
	for _, c := range [][3]string{ // working, text, outcome
		{"", "pandeglang", "~Kabupaten Pandeglang"},
		{"", "kab pandeglang", "~Kabupaten Pandeglang"},
		{"", "Kab. Pandeglang", "~Kabupaten Pandeglang"},
		{"", "pandegelang", "~Kabupaten Pandeglang"},
		{"", "lebak", "~Kabupaten Lebak"},
		{"", "tangsel", "~Kota Tangerang Selatan"},
		{"", "kota tangsel", "~Kota Tangerang Selatan"},
		{"", "tangerang selatan", "~Kota Tangerang Selatan"},
		{"", "cilegon", "~Kota Cilegon"},
		{"", "kota cilegon", "~Kota Cilegon"},
		{"", "kota serang", "~Kota Serang"},
		{"", "serang kota", "~Kota Serang"},
		{"", "kab serang", "~Kabupaten Serang"},
		{"", "serang kab.", "~Kabupaten Serang"},
		{"", "serang", "which: Kabupaten Serang; Kota Serang"},
		{"", "tangerang", "which: Kabupaten Tangerang; Kota Tangerang"},
		{"", "kota tangerang", "~Kota Tangerang"},
		{"", "1", "~Kabupaten Pandeglang"},
		{"", "8", "~Kota Tangerang Selatan"},
		{"", "kec sumur", "~Kec. Sumur, Kabupaten Pandeglang"},
		{"", "rangkas", "~Kec. Rangkasbitung, Kabupaten Lebak"},
		{"", "kertajaya sumur pandeglang", kertajaya},
		{"", "pandeglang sumur kertajaya", kertajaya},
		{"", "desa kertajaya kec sumur kab pandeglang", kertajaya},
		{"", "Ds. Kertajaya, Kec. Sumur, Kab. Pandeglang, Banten", kertajaya},
		{"", "kerta jaya sumur", kertajaya},
		{"", "kertajya sumur", kertajaya},
		{"", "pamulang barat tangsel", "?Kelurahan Pamulang Barat, Kec. Pamulang, Kota Tangerang Selatan"},
		{"", "pamulangbarat", "?Kelurahan Pamulang Barat, Kec. Pamulang, Kota Tangerang Selatan"},
		{"", "ciputat tangsel", "which: Kec. Ciputat, Kota Tangerang Selatan; Kelurahan Ciputat, Kec. Ciputat, Kota Tangerang Selatan"},
		{"", "kec ciputat", "~Kec. Ciputat, Kota Tangerang Selatan"},
		{"", "curug", "which: Kec. Curug, Kabupaten Tangerang; Kec. Curug, Kota Serang; Desa Curug, Kec. Cibaliung, Kabupaten Pandeglang; Kelurahan Curug, Kec. Curug, Kota Serang"},
		{"36.03@0", "curug", "~Kec. Curug, Kabupaten Tangerang"},
		{"36.01@0", "sumur", "~Kec. Sumur, Kabupaten Pandeglang"},
		{"36.01@0", "kertajaya", kertajaya},
		{"36.01.01@0", "kertajaya", kertajaya},
		{"36.01.01@0", "kertajya", kertajaya},
		{"36.01.01@0", "pamulang barat tangsel", "?Kelurahan Pamulang Barat, Kec. Pamulang, Kota Tangerang Selatan"},
		{"36.01@0", "kota serang", "~Kota Serang"},
		{"36.02@0", "1", "~Kec. Banjarsari, Kabupaten Lebak"},
		{"", "xyzzy", "!place_unknown"},
		{"", "bandung jawa barat", "!place_unknown"},
		{"", "jakarta", "!place_unknown"},
		{"", "😀", "!place_unknown"},
		{"", "ya", "!place_unknown"},
		{"", "12345", "!place_unknown"},
		{"", "", "!empty"},
		{"", strings.Repeat("serang ", 500), "!too_long_answer"},
	} {
		if got := found(f.Parse(dialog.Input{Text: c[1]}, nil, c[0])); got != c[2] {
			t.Errorf("%q at %q:\n  %s, want\n  %s", c[1], c[0], got, c[2])
		}
	}
}

func TestPlaceTapped(t *testing.T) {
	f := Place(regions.Banten())
	for _, c := range [][3]string{
		{"", "36.01", "~Kabupaten Pandeglang"},
		{"36.01@0", "next", "~Kabupaten Pandeglang page 1"},
		{"36.01@1", "previous", "~Kabupaten Pandeglang"},
		{"36.01@0", "previous", "stale"},
		{"36.01@4", "next", "stale"},
		{"36.01@99", "next", "~Kabupaten Pandeglang page 1"},
		{"36.01@0", "up", "~"},
		{"36.01@4", "36.01.01", "~Kec. Sumur, Kabupaten Pandeglang"},
		{"36.01.01@0", "up", "~Kabupaten Pandeglang"},
		{"36.01.01@0", "36.01.01.2002", "=Desa Kertajaya, Kec. Sumur, Kabupaten Pandeglang"},
		{"36.01.01@0", "36.02.01.2002", "stale"},
		{"", "36.01.01.2002", "stale"},
		{"", "99", "stale"},
		{"", "", "stale"},
		{"?36.04,36.73@0", "36.73", "~Kota Serang"},
		{"?36.04,36.73@0", "up", "~"},
		{"99.99@0", "36.01", "~Kabupaten Pandeglang"},
		{"?99,98@7", "36.01", "~Kabupaten Pandeglang"},
	} {
		in := dialog.Input{Kind: dialog.InputPress, Option: c[1]}
		if got := found(f.Parse(in, nil, c[0])); got != c[2] {
			t.Errorf("%q at %q: %s, want %s", c[1], c[0], got, c[2])
		}
	}
}

func TestPlaceShared(t *testing.T) {
	f := Place(regions.Banten())
	at := func(lat, lon float64) dialog.Input {
		return dialog.Input{Kind: dialog.InputLocation, Location: dialog.Location{Latitude: lat, Longitude: lon}}
	}
	p, why := f.Parse(at(-6.1200, 106.1503), nil, "36.01@2") // the square of Kota Serang
	if why != nil || len(p.Guesses) != 3 || p.Working != "36.01@2" || !strings.HasPrefix(p.Guesses[0], "36.73.01.") {
		t.Errorf("in Serang: %+v %+v", p, why)
	}
	for _, in := range []dialog.Input{at(-6.1754, 106.8272), at(-6.9147, 107.6098), at(0, 0), at(51.5, 0), at(-5.4, 105.26)} {
		if _, why := f.Parse(in, nil, ""); why == nil || why.Key != "place_outside" {
			t.Errorf("%+v: %+v", in.Location, why)
		}
	}
}

// Every village can be reached by taps alone, within eight options a page.
func TestPlaceReachesEveryVillage(t *testing.T) {
	f := Place(regions.Banten())
	seen := map[string]bool{}
	var walk func(working string)
	walk = func(working string) {
		a := f.Ask(nil, working)
		places := 0
		for _, o := range a.Options {
			if o.ID == "up" || o.ID == "previous" {
				continue
			}
			if o.ID != "next" {
				places++
			}
			p, why := f.Parse(dialog.Input{Kind: dialog.InputPress, Option: o.ID}, nil, working)
			switch {
			case why != nil:
				t.Fatalf("%s at %q: %+v", o.ID, working, why)
			case p.Value != "":
				seen[p.Value] = f.Holds(p.Value, nil)
			default:
				walk(p.Working)
			}
		}
		if places == 0 || places > 8 {
			t.Errorf("%d places at %q", places, working)
		}
	}
	walk("")
	if len(seen) != 1552 {
		t.Errorf("%d villages reached, want 1552", len(seen))
	}
}

func TestPlaceAsksByLevel(t *testing.T) {
	f := Place(regions.Banten())
	for working, want := range map[string]string{
		"": "ask.place.regency", "36.01@1": "ask.place.district", "36.01.01@0": "ask.place.village", "?36.04,36.73@0": "ask.place.which",
	} {
		if a := f.Ask(nil, working); a.Key != want {
			t.Errorf("%q asks with %s", working, a.Key)
		}
	}
	if got := f.Ask(nil, "36.01.01@0").Args["District"]; got != "Sumur" {
		t.Errorf("district named %v", got)
	}
}
