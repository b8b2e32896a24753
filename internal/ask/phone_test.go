package ask

import (
	"strings"
	"testing"

	"umkmbot/internal/dialog"
)

func TestPhoneAsTyped(t *testing.T) {
	const siti = "?+6281234567890"
	for text, want := range map[string]string{
		"081234567890":                   siti,
		"0812-3456-7890":                 siti,
		"0812 3456 7890":                 siti,
		"0812.3456.7890":                 siti,
		"(0812) 3456-7890":               siti,
		"+6281234567890":                 siti,
		"+62 812-3456-7890":              siti,
		"+62 (0)812 3456 7890":           siti,
		"6281234567890":                  siti,
		"62 812 3456 7890":               siti,
		"62081234567890":                 siti,
		"81234567890":                    siti,
		"0062 812 3456 7890":             siti,
		"no hp saya 0812 3456 7890 ya":   siti,
		"HP: 081234567890":               siti,
		"WA 081234567890 (Siti)":         siti,
		"wa.me/6281234567890":            siti,
		"081234567890😀":                  siti,
		"０８１２３４５６７８９０":                   siti,
		"\u202a+62 812-3456-7890\u202c":  siti,
		"08123456789":                    "?+628123456789",
		"085712345678":                   "?+6285712345678",
		"0895 3456 78901":                "?+62895345678901",
		"0254-391234":                    "?+62254391234",
		"(0254) 391234":                  "?+62254391234",
		"021 5551234":                    "?+62215551234",
		"+65 8123 4567":                  "?+6581234567",
		"+966 50 123 4567":               "?+966501234567",
		"081234567890 / 085712345678":    "?+6281234567890 +6285712345678",
		"081234567890 atau 085712345678": "?+6281234567890 +6285712345678",
		"08123":                          "!phone_too_short",
		"0812345":                        "!phone_too_short",
		"0812345678901234567":            "!phone_too_long",
		"3604010101900001":               "!phone_too_long",
		"000000000000":                   "!phone",
		"0100000000":                     "!phone",
		"tidak punya":                    "!phone_no_digits",
		"ya":                             "!phone_no_digits",
		"+":                              "!phone_no_digits",
		"📱":                              "!phone_no_digits",
		"\u200b\u200f":                   "!empty",
		strings.Repeat("0812", 1024):     "!too_long_answer",
	} {
		if got := outcome(say(Phone(), text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestPhoneShared(t *testing.T) {
	for _, c := range []struct {
		phone string
		own   bool
		want  string
	}{
		{"6281234567890", true, "+6281234567890"},
		{"+6281234567890", true, "+6281234567890"},
		{"6281234567890", false, "?+6281234567890"},
		{"6581234567", true, "+6581234567"},
		{"966501234567", true, "+966501234567"},
		{"081234567890", true, "+6281234567890"},
		{"", true, "!phone"},
		{"halo", false, "!phone"},
	} {
		in := dialog.Input{Kind: dialog.InputContact, Contact: dialog.Contact{Phone: c.phone, Own: c.own}}
		if got := outcome(Phone().Parse(in, nil, "")); got != c.want {
			t.Errorf("contact %q, own %v: %s, want %s", c.phone, c.own, got, c.want)
		}
	}
	if got := Phone().Show("+6281234567890").Literal; got != "0812-3456-7890" {
		t.Errorf("shown as %s", got)
	}
}

func TestGuessesConfirmed(t *testing.T) {
	one, two := []string{"5000000/month"}, []string{"5000000/month", "5000000/day"}
	for _, c := range []struct {
		text    string
		guesses []string
		want    string
	}{
		{"ya", one, "5000000/month"},
		{"iya betul bu", one, "5000000/month"},
		{"muhun", one, "5000000/month"},
		{"1", one, "5000000/month"},
		{"👍", one, "5000000/month"},
		{"bukan", one, "~kept"},
		{"nggak ya", one, "~kept"},
		{"salah", two, "~kept"},
		{"ya", two, "!pick_one"},
		{"2", two, "5000000/day"},
		{"yang kedua", two, "5000000/day"},
		{"no 1", two, "5000000/month"},
		{"bukan, 6 juta sebulan", one, "?6000000/month"},
		{"6 juta sebulan", one, "?6000000/month"},
		{"hmm", one, "!amount"},
	} {
		in := dialog.Input{Text: c.text, Guesses: c.guesses}
		if got := outcome(Turnover().Parse(in, nil, "kept")); got != c.want {
			t.Errorf("%q to %v: %s, want %s", c.text, c.guesses, got, c.want)
		}
	}
}
