package locales

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// figure is what law or an office may change: money, shares, years and dates,
// numbers of laws and their articles.
var figure = regexp.MustCompile(`(?i)\bRp ?\d|\d+([.,]\d+)? ?(juta|miliar|ribu|rb|jt|million|billion|thousand)\b|\d ?(%|persen|percent)|\b(19|20)\d\d\b|\b(UU|PP|PMK|Perpres|Permen\w*|Perda|Perbup|Kepkaban|PerBPOM|Keppres)\b[^.\n]{0,30}\d|\b(Pasal|article)s? \d`)

// typed: the words in front of a figure say that it is an example to type, an
// answer as it was understood, or a file name.
var typed = regexp.MustCompile(`(?i)(contoh|misal\w*|example|for instance|e\.g\.|maksud\w*|mean|seperti|such as|like)\b`)

// sourced: the text itself says since when it holds.
var sourced = regexp.MustCompile(`(?i)berlaku sejak|in force since`)

// TestFiguresStandInContentFiles lists every figure that people are shown and
// refuses those of law that stand among everyday sentences, or in a content
// file without saying since when they hold. What is in internal/content has
// its source and date by the readers there, which refuse it otherwise.
func TestFiguresStandInContentFiles(t *testing.T) {
	names, err := filepath.Glob("*.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		kind, _, _ := strings.Cut(name, ".")
		if kind == "words" || kind == "intents" { // what people say, not what they are told
			continue
		}
		for key, text := range messagesOf(t, name) {
			for _, wrong := range unsourced(kind, text) {
				t.Errorf("%s %s: %q: a figure that law or an office sets belongs into a content file, with source and since", name, key, wrong)
			}
		}
	}
}

func messagesOf(t *testing.T, name string) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	flat := map[string]string{}
	if _, err := toml.Decode(string(raw), &flat); err != nil {
		t.Fatal(err)
	}
	return flat
}

// unsourced lists the lines of a message with a figure that must not stand there.
func unsourced(kind, text string) []string {
	if kind == "content" && sourced.MatchString(text) {
		return nil
	}
	var out []string
	for line := range strings.Lines(text) {
		at := figure.FindStringIndex(line)
		if at == nil || typed.MatchString(line[:at[0]]) {
			continue
		}
		out = append(out, strings.TrimSpace(line))
	}
	return out
}

func TestUnsourced(t *testing.T) {
	for text, bad := range map[string]bool{
		"Bayar Rp500.000 saja":                true,
		"Tarifnya 0,5% setahun":               true,
		"Paling lambat 17 Oktober 2026":       true,
		"Menurut PP 28/2025":                  true,
		"Lihat Pasal 20":                      true,
		"Sampai 500 juta":                     true,
		"Contoh: <i>Rp500.000</i>":            false,
		"Langkah {{.Number}} dari {{.Total}}": false,
		"16 angka di KTP":                     false,
		"sekitar lima menit":                  false,
		"The fee is 3 percent":                true,
	} {
		if got := len(unsourced("active", text)) > 0; got != bad {
			t.Errorf("%q: refused %v", text, got)
		}
	}
	if unsourced("content", "Menurut PP 28/2025, berlaku sejak 5 Juni 2025.") != nil || unsourced("content", "Menurut PP 28/2025.") == nil {
		t.Error("a content file must say since when")
	}
}
