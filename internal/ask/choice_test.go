package ask

import (
	"strings"
	"testing"

	"umkmbot/internal/dialog"
)

func TestYesNoAsTyped(t *testing.T) {
	f := Choice("yes", "no", "not_yet")
	for want, texts := range map[string]string{
		"yes": `ya|Ya|YA|iya|iyaa|iyaaaa|y|iy|ya pak|iya bu|ya betul|oke|ok|okee|OKE!|okay|siap|siap pak|betul|btl|benar|bener|boleh|boleh saja|
			setuju|udah|sudah|sdh|udah ada|sudah punya|ada|punya|muhun|sumuhun|leres|ya dong|iya deh|yes|yup|👍|👍🏽|✅|1|1.|no 1|nomor 1|pilih 1|yang pertama|1️⃣|lanjut|mau`,
		"no": `tidak|Tidak|tdk|tak|gak|ga|g|gk|nggak|ngga|engga|enggak|enggaaak|kagak|bukan|jangan|henteu|teu|ogah|no|nggak ya|ga ada|tidak punya|tidak pak|gak mau|2|
			no 2|yang kedua|👎|❌|tidak setuju|nope|salah`,
		"not_yet": `belum|blm|blom|belom|belum punya|belum ada|blm ada pak|acan|teu acan|not yet|not_yet|3|belum ya|belum bu, maaf|ya belum`,
		"!choose": `mungkin|4|0|apa maksudnya?|nanti dulu ah|yakin gitu|tidak apa-apa|saya bingung|😀|-1|1,2`,
		"!empty":  "\u200b",
	} {
		for text := range strings.SplitSeq(oneLine(texts), "|") {
			if got := outcome(say(f, text)); got != want {
				t.Errorf("%q: %s, want %s", text, got, want)
			}
		}
	}
}

func oneLine(list string) string { return strings.NewReplacer("\n", "", "\t", "").Replace(list) }

func TestChoice(t *testing.T) {
	f := Choice("food", "craft_goods", "service").Also("food", "kuliner", "makanan")
	for _, c := range []struct {
		in   dialog.Input
		want string
	}{
		{dialog.Input{Kind: dialog.InputPress, Option: "craft_goods"}, "craft_goods"},
		{dialog.Input{Option: "service", Text: "Jasa"}, "service"},
		{dialog.Input{Kind: dialog.InputPress, Option: "dropped"}, "\x00"},
		{dialog.Input{Kind: dialog.InputPress}, "\x00"},
		{dialog.Input{Text: "Kuliner"}, "food"},
		{dialog.Input{Text: "craft goods"}, "craft_goods"},
		{dialog.Input{Text: "FOOD"}, "food"},
		{dialog.Input{Text: "3"}, "service"},
		{dialog.Input{Text: "ya"}, "!choose"},
		{dialog.Input{Text: strings.Repeat("x", 4096)}, "!too_long_answer"},
		{dialog.Input{Kind: dialog.InputFile}, "!file_not_wanted"},
		{dialog.Input{Kind: dialog.InputLocation}, "!location_not_wanted"},
		{dialog.Input{Kind: dialog.InputContact}, "!contact_not_wanted"},
		{dialog.Input{Kind: dialog.InputOther}, "!kind"},
	} {
		if got := outcome(f.Parse(c.in, nil, "")); got != c.want {
			t.Errorf("%+v: %q, want %q", c.in, got, c.want)
		}
	}
	if f.Holds("\x00", nil) || !f.Holds("food", nil) {
		t.Error("holds what it should not, or not what it should")
	}
}

func TestConsentAndReview(t *testing.T) {
	for text, want := range map[string]string{
		"setuju":       "agree_v1",
		"ya":           "agree_v1",
		"saya setuju":  "agree_v1",
		"oke siap":     "agree_v1",
		"1":            "agree_v1",
		"tidak":        "!needs_yes",
		"tidak setuju": "!needs_yes",
		"belum":        "!needs_yes",
		"apa ini":      "!choose",
	} {
		if got := outcome(say(Choice("agree_v1"), text)); got != want {
			t.Errorf("consent %q: %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"ya":               "confirm",
		"benar":            "confirm",
		"sudah":            "confirm",
		"kirim":            "confirm",
		"sudah benar":      "confirm",
		"iya, betul semua": "confirm",
		"simpan":           "confirm",
		"belum":            "!needs_yes",
		"salah":            "!needs_yes",
		"nama salah":       "!choose",
	} {
		if got := outcome(say(Review(), text)); got != want {
			t.Errorf("review %q: %s, want %s", text, got, want)
		}
	}
	if !Review().Ask(nil, "").Review {
		t.Error("the review shows no answers")
	}
}

func TestChoicesAsTyped(t *testing.T) {
	f := Choices("nib", "halal", "pirt", "brand").Also("brand", "merek", "merk").Also("pirt", "P-IRT", "izin pirt")
	for text, want := range map[string]string{
		"1":                        "~nib",
		"1,3":                      "~nib,pirt",
		"1, 3":                     "~nib,pirt",
		"1 3":                      "~nib,pirt",
		"1 dan 3":                  "~nib,pirt",
		"3,1":                      "~nib,pirt",
		"1&2":                      "!choose_some",
		"1 & 2":                    "~nib,halal",
		"1;2":                      "~nib,halal",
		"1/2":                      "~nib,halal",
		"1+2+4":                    "~nib,halal,brand",
		"1,2,3,4":                  "~nib,halal,pirt,brand",
		"1,1":                      "~nib",
		"no 2":                     "~halal",
		"nomor 1 dan nomor 2":      "~nib,halal",
		"nib":                      "~nib",
		"NIB":                      "~nib",
		"nib dan halal":            "~nib,halal",
		"nib, halal, merek":        "~nib,halal,brand",
		"nib halal":                "~nib,halal",
		"halal sama merk":          "~halal,brand",
		"izin pirt":                "~pirt",
		"P-IRT":                    "~pirt",
		"p-irt dan halal":          "~halal,pirt",
		"nib serta merek":          "~nib,brand",
		"nib and halal":            "~nib,halal",
		"semua":                    "~nib,halal,pirt,brand",
		"semuanya":                 "~nib,halal,pirt,brand",
		"all":                      "~nib,halal,pirt,brand",
		"Semua":                    "~nib,halal,pirt,brand",
		"5":                        "!choose_some",
		"0":                        "!choose_some",
		"1,5":                      "!choose_some",
		"nib, kopi":                "!choose_some",
		"apa saja":                 "!choose_some",
		"selesai":                  "!choose_some",
		"tidak ada":                "!choose_some",
		"sudah":                    "!choose_some",
		"done":                     "!choose_some",
		",":                        "!choose_some",
		",,,":                      "!choose_some",
		"😀":                        "!choose_some",
		"":                         "!empty",
		strings.Repeat("1,", 2048): "!too_long_answer",
	} {
		if got := outcome(say(f, text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestChoicesTicked(t *testing.T) {
	f := Choices("a", "b", "c")
	press := func(option, working string) string {
		return outcome(f.Parse(dialog.Input{Kind: dialog.InputPress, Option: option}, nil, working))
	}
	for _, c := range [][3]string{
		{"b", "", "~b"}, {"a", "b", "~a,b"}, {"a", "a,b", "~b"}, {"a", "a", "~"}, {"done", "a,b", "a,b"}, {"done", "", "\x00"}, {"x", "a", "\x00"}, {"done", "gone", "\x00"},
	} {
		if got := press(c[0], c[1]); got != c[2] {
			t.Errorf("tap on %s with %q ticked: %q, want %q", c[0], c[1], got, c[2])
		}
	}
	if got := outcome(f.Parse(dialog.Input{Text: "sudah"}, nil, "a,c")); got != "a,c" {
		t.Errorf("done in words: %s", got)
	}
	a := f.Ask(nil, "a")
	if len(a.Options) != 4 || a.Options[0].Text.Key != "ask.ticked" || a.Options[3].ID != "done" {
		t.Errorf("asked with %+v", a)
	}
	if f.Holds("b,a", nil) || f.Holds("", nil) || f.Holds("a,gone", nil) || !f.Holds("a,b", nil) {
		t.Error("wrong values hold")
	}
	shown := f.Show("a,b")
	if shown.Key != "value.list" || shown.Args["First"].(dialog.Text).Key != ".a" {
		t.Errorf("shown as %+v", shown)
	}
}

func TestWhen(t *testing.T) {
	a := dialog.Answers{"has_nib": {Value: "yes"}}
	if !Is("has_nib", "yes")(a) || Is("has_nib", "no")(a) || !In("has_nib", "no", "yes")(a) || Not(Is("has_nib", "yes"))(a) || !Not(Is("other", "yes"))(a) {
		t.Error("a condition is wrong")
	}
}

// What does not go with an earlier answer is not offered, not counted when
// options are numbered, and not taken.
func TestOptionsThatAreOffered(t *testing.T) {
	t.Parallel()
	where := func(id string, a dialog.Answers) bool { return id != "b" || a.Value("with") == "b" }
	one, some := Choice("a", "b", "c").Also("b", "bee").Where(where), Choices("a", "b", "c").Where(where).Most(2)
	with := dialog.Answers{"with": {Value: "b"}}
	for name, f := range map[string]dialog.Field{"one": one, "some": some} {
		if got := len(f.Ask(nil, "").Options); got != 2 {
			t.Errorf("%s: %d options", name, got)
		}
		if got := len(f.Ask(with, "").Options); got != 3 {
			t.Errorf("%s: %d options with it", name, got)
		}
		if f.Holds("b", nil) || !f.Holds("b", with) || !f.Holds("c", nil) {
			t.Errorf("%s: what holds", name)
		}
		if p, _ := f.Parse(dialog.Input{Kind: dialog.InputPress, Option: "b"}, nil, ""); p.Value != stale.Value {
			t.Errorf("%s: a forged button: %+v", name, p)
		}
	}
	if p, _ := one.Parse(dialog.Input{Text: "2"}, nil, ""); p.Value != "c" {
		t.Errorf("the second: %+v", p)
	}
	if _, why := one.Parse(dialog.Input{Text: "bee"}, nil, ""); why == nil || why.Key != "choose" {
		t.Errorf("another word for it: %+v", why)
	}
	if p, why := some.Parse(dialog.Input{Kind: dialog.InputPress, Option: "done"}, with, "a,b,c"); why == nil || why.Key != "choose_fewer" || why.Args["Max"] != 2 {
		t.Errorf("three of two: %+v", p)
	}
	if some.Holds("a,b,c", with) {
		t.Error("three of two hold")
	}
}
