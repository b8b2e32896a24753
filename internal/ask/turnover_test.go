package ask

import (
	"strings"
	"testing"

	"umkmbot/internal/dialog"
)

// say sends a text to a field in its first state.
func say(f dialog.Field, text string) (dialog.Parsed, *dialog.Problem) {
	return f.Parse(dialog.Input{Kind: dialog.InputText, Text: text, At: today}, nil, "")
}

// outcome writes what a text came to: a value, "?" and guesses, or "!" and a
// problem's key.
func outcome(p dialog.Parsed, why *dialog.Problem) string {
	switch {
	case why != nil:
		return "!" + why.Key
	case p.Value != "":
		return p.Value
	case len(p.Guesses) > 0:
		return "?" + strings.Join(p.Guesses, " ")
	}
	return "~" + p.Working
}

func TestTurnoverAsTyped(t *testing.T) {
	for text, want := range map[string]string{
		"5 jt sebulan":                              "?5000000/month",
		"5jt/bln":                                   "?5000000/month",
		"5 juta per bulan":                          "?5000000/month",
		"5.000.000 perbulan":                        "?5000000/month",
		"Rp 5.000.000,- / bulan":                    "?5000000/month",
		"Rp5.000.000,00 sebulan":                    "?5000000/month",
		"Rp. 5,000,000.00 sebulan":                  "?5000000/month",
		"5 000 000 sebulan":                         "?5000000/month",
		"sebulan sekitar 5 jutaan":                  "?5000000/month",
		"5-an juta sebulan":                         "?5000000/month",
		"kira-kira 5 juta sebulan pak":              "?5000000/month",
		"kira2 5jt an sebulan":                      "?5000000/month",
		"lima juta sebulan":                         "?5000000/month",
		"500rb sehari":                              "?500000/day",
		"500 ribu/hari":                             "?500000/day",
		"500k per hari":                             "?500000/day",
		"500rban harian":                            "?500000/day",
		"setengah juta sehari":                      "?500000/day",
		"lima ratus ribu sehari":                    "?500000/day",
		"lima ratus rebu seharinya":                 "?500000/day",
		"1,5 juta seminggu":                         "?1500000/week",
		"1.5jt mingguan":                            "?1500000/week",
		"sejuta setengah seminggu":                  "?1500000/week",
		"satu setengah juta per minggu":             "?1500000/week",
		"1 setengah juta sepekan":                   "?1500000/week",
		"1 juta 500 ribu / minggu":                  "?1500000/week",
		"1jt500rb /mgg":                             "?1500000/week",
		"sejuta lima ratus ribu tiap minggu":        "?1500000/week",
		"sejuta lima ratus seminggu":                "?1500000/week 1000500/week",
		"2 M setahun":                               "?2000000000/year",
		"2m/thn":                                    "?2000000000/year",
		"1,2 miliar per tahun":                      "?1200000000/year",
		"satu milyar setahun":                       "?1000000000/year",
		"goceng sehari":                             "?5000/day",
		"ceban sehari":                              "?10000/day",
		"noban sehari":                              "?20000/day",
		"goban sehari":                              "?50000/day",
		"gopek sehari":                              "?500000/day 500/day",
		"cepek sehari":                              "?100000/day 100/day",
		"dua puluh lima ribu sehari":                "?25000/day",
		"seratus dua puluh ribu sehari":             "?120000/day",
		"sebelas juta sebulan":                      "?11000000/month",
		"lima belas juta sebulan":                   "?15000000/month",
		"sepuluh juta sebulan":                      "?10000000/month",
		"3-5 juta sebulan":                          "?4000000/month 3000000/month 5000000/month",
		"3 sampai 5 jt/bulan":                       "?4000000/month 3000000/month 5000000/month",
		"500rb-1jt sehari":                          "?750000/day 500000/day 1000000/day",
		"500-1jt sehari":                            "?750000/day 500000/day 1000000/day",
		"100-200rb sehari":                          "?150000/day 100000/day 200000/day",
		"2 atau 3 juta sebulan":                     "?2500000/month 2000000/month 3000000/month",
		"500 sehari":                                "?500000/day",
		"5 sebulan":                                 "?5000000/month 5000/month",
		"1500 sehari":                               "?1500000/day 1500/day",
		"1.500 juta sebulan":                        "?1500000000/month 1500000/month",
		"750000/hari":                               "?750000/day",
		"0 sebulan":                                 "?0/month",
		"5 juta":                                    "?5000000/month 5000000/day 5000000/week 5000000/year",
		"100rb dalam 1 hari":                        "?100000/day",
		"omzet saya rata-rata 3 juta sebulan ya bu": "?3000000/month",
		"five million a month":                      "?5000000/month",
		"5 million per month":                       "?5000000/month",
		"50rb s/d 100rb per hari":                   "?75000/day 50000/day 100000/day",
		"100rb x 30 hari":                           "!amount",
		"500rb sehari kalau rame 1 jt":              "!amount",
		"500rb 1jt sebulan":                         "!amount",
		"jutaan":                                    "!amount_vague",
		"ratusan ribu":                              "!amount_vague",
		"tidak tentu":                               "!amount_vague",
		"ga tau":                                    "!amount_vague",
		"lumayan":                                   "!amount",
		"5 karung sehari":                           "!amount",
		"1.2.3.4":                                   "!amount",
		"12.34.567 sebulan":                         "!amount",
		"9999999 triliun setahun":                   "!amount_too_big",
		"99999999999999999999999 juta":              "!amount",
		"😀😀":                                        "!amount",
		"":                                          "!empty",
		"\u200f\u200b":                              "!empty",
		strings.Repeat("9", 4096):                   "!too_long_answer",
	} {
		if got := outcome(say(Turnover(), text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
