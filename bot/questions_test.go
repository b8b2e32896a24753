package bot

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestMissedText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Cara beternak LELE?":              "cara beternak lele?",
		"  sewa   stan\n12 hari ":          "sewa stan ## hari",
		"hubungi @rina di https://x.id ya": "hubungi di ya",
		"nomor saya 0812 345":              "", // seven digits may be somebody's
		"nik 3604015203850001":             "",
		"😀😀":                               "",
		"12345":                            "",
		"":                                 "",
		"<b>tebal</b> apa":                 "apa",
		"kapan\u202e buka":                 "kapan buka",
		strings.Repeat("a", 200):           strings.Repeat("a", 79) + "…",
		"٠١٢٣٤٥ berapa":                    "",
		strings.Repeat("kata ", 40) + "081234567": "",
	} {
		if got := missedText(text); got != want {
			t.Errorf("%q is kept as %q, want %q", text, got, want)
		}
	}
}

// Whatever is written, nothing long, no digit and no address is kept.
func TestMissedTextKeepsLittle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		got := missedText(rapid.String().Draw(t, "text"))
		if utf8.RuneCountInString(got) > mostMissed || strings.ContainsAny(got, "@/\\<>\n") || strings.ContainsFunc(got, unicode.IsDigit) {
			t.Fatalf("kept %q", got)
		}
	})
}
