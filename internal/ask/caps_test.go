package ask

import (
	"strings"
	"testing"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

func capped(by umkm.CapBy, codes ...umkm.RegionCode) Limits {
	sectors := Choice("food", "craft", "other").Named("value.document.").Also("food", "makanan", "kuliner").Also("craft", "kerajinan").Also("other", "lainnya")
	return Caps(regions.Banten(), func(dialog.Answers) umkm.CapBy { return by }, within(codes...), sectors)
}

func TestCapsAsTyped(t *testing.T) {
	t.Parallel()
	district, sector := capped(umkm.CapDistrict, "36.04"), capped(umkm.CapSector, "36.04")
	for _, c := range []struct {
		f          Limits
		text, want string
	}{
		{district, "5", `={"by":"district","each":5}`},
		{district, "5 orang", `={"by":"district","each":5}`},
		{district, "masing-masing 5", `={"by":"district","each":5}`},
		{district, "maksimal 5 orang", `={"by":"district","each":5}`},
		{district, "5 per kecamatan", `={"by":"district","each":5}`},
		{district, "tiap kecamatan 5 orang saja", `={"by":"district","each":5}`},
		{district, "Kramatwatu 10, Ciruas 5, lainnya 3", `~{"by":"district","each":3,"of":{"36.04.05":10,"36.04.09":5}}`},
		{district, "kramatwatu: 10\nciruas = 5", `~{"by":"district","of":{"36.04.05":10,"36.04.09":5}}`},
		{district, "10 orang dari kramatwatu dan 5 ciruas", `~{"by":"district","of":{"36.04.05":10,"36.04.09":5}}`},
		{district, "kramatwtu 10", `~{"by":"district","of":{"36.04.05":10}}`}, // a slip of the finger
		{district, "kec. ciruas 5 org; sisanya 2", `~{"by":"district","each":2,"of":{"36.04.09":5}}`},
		{district, "Rangkasbitung 5", "!caps_unknown"}, // not within the regions
		{district, "surabaya 5", "!caps_unknown"},
		{district, "kramatwatu", "!caps"},
		{district, "0", "!count_low"},
		{district, "kramatwatu 0", "!count_low"},
		{district, "5001", "!count_high"},
		{district, "banyak", "!caps"},
		{district, ",,", "!caps"},
		{district, "", "!empty"},
		{district, strings.Repeat("ciruas 5, ", 300), "!too_long_answer"},
		{capped(umkm.CapDistrict, "36.04", "36.73"), "curug 5", `~{"by":"district","of":{"36.73.04":5}}`},
		{capped(umkm.CapDistrict, "36"), "curug 5", "!caps_which"}, // in Kota Serang and in Kab. Tangerang
		{sector, "makanan 10, kerajinan 5, lainnya 3", `~{"by":"sector","each":3,"of":{"craft":5,"food":10}}`},
		{sector, "5", `={"by":"sector","each":5}`},
		{sector, "tambang 5", "!caps_sector"},
	} {
		p, why := say(c.f, c.text)
		got := "~" + p.Working
		switch {
		case why != nil:
			got = "!" + why.Key
		case p.Value != "":
			got = "=" + p.Value
		}
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}

// What is said later joins what was said, and "done" settles it.
func TestCapsCollect(t *testing.T) {
	t.Parallel()
	f := capped(umkm.CapDistrict, "36.04")
	p, _ := say(f, "kramatwatu 10, lainnya 3")
	p, why := f.Parse(dialog.Input{Text: "ciruas 5, kramatwatu 8"}, nil, p.Working)
	if why != nil || p.Working != `{"by":"district","each":3,"of":{"36.04.05":8,"36.04.09":5}}` {
		t.Fatalf("%+v %v", p, why)
	}
	if a := f.Ask(nil, p.Working); a.Key != "ask.caps.some" || len(a.Options) != 1 {
		t.Errorf("asks %+v", a)
	}
	for _, in := range []dialog.Input{{Text: "selesai"}, {Kind: dialog.InputPress, Option: "done"}} {
		if done, _ := f.Parse(in, nil, p.Working); done.Value != p.Working {
			t.Errorf("%+v: %+v", in, done)
		}
	}
	if done, _ := f.Parse(dialog.Input{Kind: dialog.InputPress, Option: "done"}, nil, ""); done.Value != stale.Value {
		t.Errorf("done of nothing: %+v", done)
	}
	if back := f.Unwind(p.Working); back != "" {
		t.Errorf("back leads to %q", back)
	}
	// Who looks at them sees names, not codes.
	if shown := f.Show(p.Working); shown.Args["First"].(dialog.Text).Args["Name"].(dialog.Text).Literal != "Kramatwatu" {
		t.Errorf("shown as %+v", shown)
	}
}

// Caps of districts outside the regions chosen, or counted by something else,
// are asked for again.
func TestCapsHold(t *testing.T) {
	t.Parallel()
	value := `{"by":"district","of":{"36.04.05":10}}`
	for name, c := range map[string]struct {
		f     Limits
		value string
		want  bool
	}{
		"as chosen":       {capped(umkm.CapDistrict, "36.04"), value, true},
		"other regions":   {capped(umkm.CapDistrict, "36.02"), value, false},
		"by sector":       {capped(umkm.CapSector, "36.04"), value, false},
		"of none":         {capped(umkm.CapNone, "36.04"), value, false},
		"a regency":       {capped(umkm.CapDistrict, "36.04"), `{"by":"district","of":{"36.04":10}}`, false},
		"nobody":          {capped(umkm.CapDistrict, "36.04"), `{"by":"district","of":{"36.04.05":0}}`, false},
		"nothing said":    {capped(umkm.CapDistrict, "36.04"), `{"by":"district"}`, false},
		"another writing": {capped(umkm.CapDistrict, "36.04"), `{"by":"district", "each":3}`, false},
		"no JSON":         {capped(umkm.CapDistrict, "36.04"), "5", false},
	} {
		if c.f.Holds(c.value, nil) != c.want {
			t.Errorf("%s: %v", name, !c.want)
		}
	}
	if CapsAnswer(umkm.Caps{}) != "" {
		t.Error("no caps are an answer")
	}
}
