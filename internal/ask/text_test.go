package ask

import (
	"strings"
	"testing"
)

func TestTextAsTyped(t *testing.T) {
	for text, want := range map[string]string{
		"Keripik Bu Siti":              "Keripik Bu Siti",
		"  Keripik   Bu  Siti ":        "Keripik Bu Siti",
		"Keripik\nBu\tSiti":            "Keripik Bu Siti",
		"Keripik\u00a0Siti":            "Keripik Siti",
		"<b>Sari & Co</b> 😀":           "<b>Sari & Co</b> 😀",
		"Warung 99":                    "Warung 99",
		"212 Mart":                     "212 Mart",
		"UD. Maju Jaya":                "UD. Maju Jaya",
		"D'Banana":                     "D'Banana",
		"Café Ñandú":                   "Café Ñandú",
		"أحمد":                         "أحمد",
		"ꦏꦺꦴꦥꦶ":                        "ꦏꦺꦴꦥꦶ",
		"Toko 👩\u200d🍳 Ibu":            "Toko 👩\u200d🍳 Ibu",
		"Toko \u2764\ufe0f":            "Toko \u2764\ufe0f",
		"Sa\u200bri":                   "Sari",
		"\u202eiraS\u202c":             "iraS",
		"\u200fSari\u200e":             "Sari",
		"\ufeffSari":                   "Sari",
		"Sa\u00adri":                   "Sari",
		"Sari\x00\x07":                 "Sari",
		"Sari\r\n":                     "Sari",
		"S\u200da":                     "Sa",
		"Sari\xff":                     "Sari",
		"\u3164Sari\u3164":             "Sari",
		"ab":                           "ab",
		"Ya":                           "Ya",
		"/toko":                        "/toko",
		"@sari.snack":                  "@sari.snack",
		"“Sari”":                       "“Sari”",
		strings.Repeat("é", 80):        strings.Repeat("é", 80),
		strings.Repeat(" a", 40):       strings.TrimSpace(strings.Repeat(" a", 40)),
		strings.Repeat("a", 81):        "!too_long",
		strings.Repeat("Keripik", 585): "!too_long",
		"a":                            "!too_short",
		" a ":                          "!too_short",
		"":                             "!empty",
		"   \n ":                       "!empty",
		"\u200b":                       "!empty",
		"\u202e\u200f":                 "!empty",
		"\u3164":                       "!empty",
		"😀😀":                           "!no_letters",
		"...":                          "!no_letters",
		"12345":                        "!no_letters",
		"3604055708900001":             "!no_letters",
		"-":                            "!no_letters",
		"👩\u200d🍳":                     "!no_letters",
	} {
		if got := outcome(say(Text(2, 80), text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestNameAsTyped(t *testing.T) {
	for text, want := range map[string]string{
		"Siti Aminah":                "Siti Aminah",
		"siti aminah":                "siti aminah",
		"SITI AMINAH":                "SITI AMINAH",
		"Siti":                       "Siti",
		"Hj. Siti Aminah, S.Pd.":     "Hj. Siti Aminah, S.Pd.",
		"H. Tb. Ace Hasan":           "H. Tb. Ace Hasan",
		"Nur'aini":                   "Nur'aini",
		"Ratu Ayu-Dewi":              "Ratu Ayu-Dewi",
		"I Gede":                     "I Gede",
		"Nyoman (Ko Aping)":          "Nyoman (Ko Aping)",
		"nama saya Siti Aminah":      "Siti Aminah",
		"Nama: Siti Aminah":          "Siti Aminah",
		"Nama saya adalah Siti":      "Siti",
		"nama lengkap : Siti Aminah": "Siti Aminah",
		"namanya Siti Aminah":        "Siti Aminah",
		"Namara":                     "Namara",
		"Namanda Putri":              "Namanda Putri",
		"saya bernama Siti":          "Siti",
		"nama sy siti":               "siti",
		"my name is Siti":            "Siti",
		"<b>Sari & Co</b> 😀":         "<b>Sari & Co</b> 😀",
		"Siti 🌸":                     "Siti 🌸",
		"محمد":                       "محمد",
		"陳美玲":                        "陳美玲",
		"Siti\u200f Aminah":          "Siti Aminah",
		"R. 2 Siti":                  "R. 2 Siti",
		"Bu Siti":                    "Bu Siti",
		"Ibu Yayah":                  "Ibu Yayah",
		"Yaya":                       "Yaya",
		"Oke Setiawan":               "Oke Setiawan",
		"Siapul":                     "Siapul",
		"Budi Benar":                 "Budi Benar",
		"ya":                         "!too_short",
		"iya":                        "!not_a_name",
		"tidak":                      "!not_a_name",
		"belum":                      "!not_a_name",
		"setuju":                     "!not_a_name",
		"Oke":                        "!not_a_name",
		"makasih":                    "!not_a_name",
		"S1":                         "!too_short",
		"081234567890":               "!no_letters",
		"3604055708900001":           "!no_letters",
		"Siti 081234567890":          "!name_digits",
		"Siti 3604055708900001":      "!name_digits",
		"Siti 812-345":               "!name_digits",
		"nama saya siti aminah nik saya 3604055708900001": "!name_digits",
		"😀":                         "!no_letters",
		"???":                       "!no_letters",
		"":                          "!empty",
		"A.":                        "!too_short",
		strings.Repeat("Siti ", 13): "!too_long",
	} {
		if got := outcome(say(Name(3, 60), text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
