package ask

import (
	"strings"
	"testing"

	"umkmbot/internal/dialog"
)

func TestNIKAsTyped(t *testing.T) {
	const siti = "3604055708900001"
	for text, want := range map[string]string{
		"3604055708900001":                siti,
		" 3604055708900001 ":              siti,
		"3604 0557 0890 0001":             siti,
		"3604-0557-0890-0001":             siti,
		"3604.0557.0890.0001":             siti,
		"36 04 05 570890 0001":            siti,
		"360405/570890/0001":              siti,
		"NIK: 3604055708900001":           siti,
		"NIK 3604055708900001":            siti,
		"nik3604055708900001":             siti,
		"KTP3604055708900001":             siti,
		"nik saya 3604055708900001":       siti,
		"No. KTP: 3604055708900001.":      siti,
		"３６０４０５５７０８９００００１":                siti,
		"\u200e3604055708900001\u200f":    siti,
		"3604\u200b055708900001":          siti,
		"3604\n0557\n0890\n0001":          siti,
		"3201011708900001":                "3201011708900001",
		"1101011708900001":                "1101011708900001",
		"9101011708900001":                "9101011708900001",
		"3604052902960001":                "3604052902960001",
		"3604052902000001":                "3604052902000001",
		"3604057112990001":                "3604057112990001",
		"6499011708900001":                "~6499011708900001",
		"9999011708900001":                "~9999011708900001",
		"360405570890000":                 "!nik_length",
		"36040557089000011":               "!nik_length",
		"3604":                            "!nik_length",
		"081234567890":                    "!nik_length",
		"3604055708900001 0001":           "!nik_length",
		"36O4055708900001":                "!nik_letters",
		"36040557089O0001":                "!nik_letters",
		"3604055708900001 punya suami":    "!nik_letters",
		"A3604055708900001":               "!nik_letters",
		"3604050008900001":                "!nik_birth",
		"3604053208900001":                "!nik_birth",
		"3604057208900001":                "!nik_birth",
		"3604051713900001":                "!nik_birth",
		"3604053102900001":                "!nik_birth",
		"3604052902970001":                "!nik_birth",
		"3604055708900000":                "!nik_serial",
		"0004055708900001":                "!nik_region",
		"3600055708900001":                "!nik_region",
		"tidak hafal":                     "!nik_no_digits",
		"ya":                              "!nik_no_digits",
		"🪪":                               "!nik_no_digits",
		"":                                "!empty",
		strings.Repeat("3604055708", 409): "!too_long_answer",
	} {
		if got := outcome(say(NIK(), text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestNIKOfUnknownRegion(t *testing.T) {
	const number = "9999011708900001"
	a := NIK().Ask(nil, number)
	if a.Args["NIK"] != "9999••••••••0001" || len(a.Options) != 1 || !a.Secret {
		t.Fatalf("asked with %+v", a)
	}
	for text, want := range map[string]string{
		"ya":               number,
		"betul":            number,
		"1":                number,
		"bukan":            "~",
		"salah":            "~",
		"3604055708900001": "3604055708900001", "apa?": "!nik_no_digits",
	} {
		if got := outcome(NIK().Parse(dialog.Input{Text: text}, nil, number)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	tap := dialog.Input{Kind: dialog.InputPress, Option: "use"}
	if got := outcome(NIK().Parse(tap, nil, number)); got != number {
		t.Errorf("tapped: %s", got)
	}
	if p, _ := NIK().Parse(tap, nil, ""); NIK().Holds(p.Value, nil) {
		t.Error("an old button settled a NIK")
	}
	if got := NIK().Show(number).Literal; got != "9999••••••••0001" {
		t.Errorf("shown as %s", got)
	}
}

func TestNIBAsTyped(t *testing.T) {
	const nib = "9120301234567"
	for text, want := range map[string]string{
		"9120301234567":            nib,
		"9120 3012 34567":          nib,
		"9120-3012-34567":          nib,
		"9120.3012.34567":          nib,
		"NIB 9120301234567":        nib,
		"NIB: 9120301234567":       nib,
		"nib9120301234567":         nib,
		"nib saya 9120301234567":   nib,
		"No NIB 9120301234567.":    nib,
		" 9120301234567":           nib,
		"９１２０３０１２３４５６７":            nib,
		"91203 01234 567":          nib,
		"\u200f9120301234567":      nib,
		"9120301234567,":           nib,
		"9120_3012_34567":          nib,
		"(9120301234567)":          nib,
		"nomor NIB: 9120301234567": nib,
		"9120/3012/34567":          nib,
		"9120\n301234567":          nib,
		"NIB=9120301234567":        nib,
		"#9120301234567":           nib,
		"0220001234567":            "0220001234567",
		"nomor 9120301234567":      nib,
		"no9120301234567":          nib,
		"912030123456":             "!digits_length",
		"91203012345678":           "!digits_length",
		"1":                        "!digits_length",
		"3604055708900001":         "!digits_length",
		"081234567890":             "!digits_length",
		"91203O1234567":            "!digits_letters",
		"9120301234567 A":          "!digits_letters",
		"X9120301234567":           "!digits_letters",
		"0000000000000":            "!digits_same",
		"1111111111111":            "!digits_same",
		"belum punya":              "!digits_none",
		"ada":                      "!digits_none",
		"tidak ada":                "!digits_none",
		"😀":                        "!digits_none",
		"":                         "!empty",
		"\x00\x07":                 "!empty",
		"NIB":                      "!digits_none",
		strings.Repeat("1", 500):   "!too_long_answer",
	} {
		if got := outcome(say(NIB(), text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	if got := NIB().Show(nib).Literal; got != "9120 3012 3456 7" {
		t.Errorf("shown as %s", got)
	}
}
