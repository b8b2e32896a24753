package intent

import (
	"os"
	"strings"
	"testing"
)

func TestAside(t *testing.T) {
	t.Parallel()
	m := matcher(t)
	for text, want := range map[string]string{
		"mau bicara sama petugas":           "person",
		"Saya mau bicara dengan petugas.":   "person",
		"bisa hubungi petugas ga pak":       "person",
		"tolong sambungkan ke petugas":      "person",
		"minta bantuan petugas dong":        "person",
		"saya mau batal saja":               "cancel",
		"batal aja deh":                     "cancel",
		"ga jadi daftar pak":                "cancel",
		"tolong dibatalkan":                 "cancel",
		"saya tidak ngerti pak":             "help",
		"saya bingung":                      "help",
		"tolong bantu saya":                 "help",
		"mau lihat menu":                    "menu",
		"kembali ke menu":                   "menu",
		"ganti bahasa dong":                 "language",
		"assalamualaikum":                   "salam",
		"Assalamu'alaikum wr. wb.":          "salam",
		"asalamualaikum pak":                "salam",
		"Assalamualaikum, saya Siti":        "",
		"mau bicara soal nama":              "",
		"petugas":                           "",
		"ya":                                "",
		"":                                  "",
		"...":                               "",
		"saya mau batal 2 hari":             "",
		"mau bicara sama petgas":            "", // misspelt: not sure enough
		"daftar":                            "",
		"batal" + strings.Repeat(" x", 500): "",
	} {
		if got := m.Aside(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Names of people, shops and places stay answers, whatever they sound like.
func TestAnswersStayAnswers(t *testing.T) {
	t.Parallel()
	m := matcher(t)
	raw, err := os.ReadFile("testdata/answers.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		for _, text := range []string{line, strings.ToLower(line), strings.ToUpper(line)} {
			if got := m.Aside(text); got != "" {
				t.Errorf("%q is taken for %s", text, got)
			}
		}
	}
}

func TestSentence(t *testing.T) {
	t.Parallel()
	m := matcher(t)
	for text, want := range map[string]string{
		"bayar berapa sih":    "fees",
		"takut kena pajak":    "tax_fear",
		"halal":               "", // one word may be an answer
		"tidak tentu":         "", // no answer to an amount, but no wish either
		"terima kasih banyak": "",
		"selamat pagi pak":    "",
		"Kampung Baru Rt 2":   "",
	} {
		if got := m.Sentence(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
