package ask

import (
	"strings"
	"testing"

	"umkmbot/internal/dialog"
)

func TestCountAsTyped(t *testing.T) {
	for text, want := range map[string]string{
		"3":                       "3",
		" 3 ":                     "3",
		"03":                      "3",
		"12":                      "12",
		"1.500":                   "1500",
		"1,500":                   "1500",
		"0":                       "0",
		"3.":                      "3",
		"1 500":                   "1500",
		"5000":                    "5000",
		"3 orang":                 "?3",
		"tiga":                    "?3",
		"tiga orang":              "?3",
		"ada 3":                   "?3",
		"3 karyawan":              "?3",
		"cuma 2":                  "?2",
		"sekitar 10":              "?10",
		"kira-kira 10":            "?10",
		"kira2 10":                "?10",
		"sepuluh":                 "?10",
		"sebelas":                 "?11",
		"dua belas":               "?12",
		"dua puluh lima":          "?25",
		"seratus":                 "?100",
		"seribu":                  "?1000",
		"2 ribu":                  "?2000",
		"2rb":                     "?2000",
		"1,5 ribu":                "?1500",
		"2-3":                     "?2 3",
		"2 atau 3 orang":          "?2 3",
		"2 sampai 3":              "?2 3",
		"5 - 10 orang":            "?5 10",
		"tiga orang pak":          "?3",
		"3 org":                   "?3",
		"karyawan 4":              "?4",
		"sendiri":                 "?0",
		"sendirian":               "?0",
		"saya sendiri":            "?0",
		"tidak ada":               "?0",
		"belum ada":               "?0",
		"gak ada":                 "?0",
		"nol":                     "?0",
		"kosong":                  "?0",
		"-3":                      "!count",
		"-":                       "!count",
		"1,5":                     "!count",
		"setengah":                "!count",
		"banyak":                  "!count",
		"goceng":                  "!count",
		"1.2.3":                   "!count",
		"😀":                       "!count",
		"9001":                    "!count_high",
		"99999999999999999999999": "!count",
		"sejuta":                  "!count_high",
		"":                        "!empty",
		strings.Repeat("1", 4096): "!too_long_answer",
	} {
		if got := outcome(say(Count(0, 9000), text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	if got := outcome(say(Count(2, 9), "tidak ada")); got != "!count_low" {
		t.Errorf("none of at least two: %s", got)
	}
	in := dialog.Input{Text: "1", Guesses: []string{"3"}}
	if got := outcome(Count(0, 9).Parse(in, nil, "")); got != "1" {
		t.Errorf("a number after one guess: %s", got)
	}
	if got := Count(0, 9000).Show("1500").Literal; got != "1.500" {
		t.Errorf("shown as %s", got)
	}
}

func TestRupiahAsTyped(t *testing.T) {
	for text, want := range map[string]string{
		"15rb":                  "?15000",
		"15 ribu":               "?15000",
		"Rp15.000":              "?15000",
		"rp 15.000,-":           "?15000",
		"15000":                 "?15000",
		"15k":                   "?15000",
		"15.000":                "?15000",
		"lima belas ribu":       "?15000",
		"ceban":                 "?10000",
		"Rp 2.500":              "?2500000 2500",
		"2500 perak":            "?2500000 2500",
		"1,2 jt":                "?1200000",
		"sejuta dua ratus ribu": "?1200000",
		"10-20rb":               "?15000 10000 20000",
		"500":                   "?500000 500000000",
		"gratis":                "!amount",
		"mahal":                 "!amount",
		"tergantung":            "!amount_vague",
		"":                      "!empty",
		"12,5 ribu":             "?12500",
		"dua ratus":             "?200000 200000000",
		"seratus ribu":          "?100000",
		"satu juta":             "?1000000",
		"1jt":                   "?1000000",
		"setengah juta":         "?500000",
		"2 setengah juta":       "?2500000",
		"1.000.000":             "?1000000",
		"1000000":               "?1000000",
		"1 jt 200 rb":           "?1200000",
		"Rp. 75.500":            "?75500",
		"goban":                 "?50000",
		"gocap":                 "?50000 50",
		"harganya 20 ribu":      "?20000",
		"20ribuan":              "?20000",
		"20 rb an":              "?20000",
		"sekitar 20rb":          "?20000",
		"±20rb":                 "?20000",
		"~20rb":                 "?20000",
		"20rb/pcs":              "?20000",
		"0":                     "?0",
		"nol":                   "?0",
		"dua jt setengah":       "?2500000",
		"500 M":                 "?500000000000",
		"1jt2":                  "?1200000 1000002", "5jt500": "?5500000 5000500",
	} {
		if got := outcome(say(Rupiah(), text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	if got := Rupiah().Show("1500000").Literal; got != "Rp1.500.000" {
		t.Errorf("shown as %s", got)
	}
}
