package ask

import (
	"strings"
	"testing"
)

// today is Sunday, 22 November 2026.
func TestDateAsTyped(t *testing.T) {
	for text, want := range map[string]string{
		"besok":                   "?2026-11-23",
		"bsk pagi jam 9":          "?2026-11-23",
		"lusa":                    "?2026-11-24",
		"lusa aja pak":            "?2026-11-24",
		"hari ini":                "?2026-11-22",
		"sekarang":                "?2026-11-22",
		"kemarin":                 "?2026-11-21",
		"senin":                   "?2026-11-23",
		"hari senin":              "?2026-11-23",
		"Senin depan":             "?2026-11-23",
		"rabu depan":              "?2026-11-25",
		"jum'at":                  "?2026-11-27",
		"Jumat ini":               "?2026-11-27",
		"senin kemarin":           "?2026-11-16",
		"minggu":                  "?2026-11-22 2026-11-29",
		"hari minggu":             "?2026-11-22 2026-11-29",
		"hari minggu depan":       "?2026-11-29 2026-11-23",
		"minggu depan":            "?2026-11-29 2026-11-23",
		"3 hari lagi":             "?2026-11-25",
		"dalam 3 hari":            "?2026-11-25",
		"seminggu lagi":           "?2026-11-29",
		"dua minggu lagi":         "?2026-12-06",
		"3 bulan lagi":            "?2027-02-22",
		"3 hari yang lalu":        "?2026-11-19",
		"tgl 3 bln depan":         "?2026-12-03",
		"tanggal 3 bulan depan":   "?2026-12-03",
		"tgl3 bln dpn":            "?2026-12-03",
		"tgl 30 bulan ini":        "?2026-11-30",
		"tgl 3":                   "?2026-12-03 2026-11-03",
		"25":                      "?2026-11-25",
		"akhir bulan":             "?2026-11-30",
		"akhir bulan depan":       "?2026-12-31",
		"awal bulan depan":        "?2026-12-01",
		"pertengahan bulan depan": "?2026-12-15",
		"akhir tahun":             "?2026-12-31",
		"bulan depan":             "?2026-12-22 2026-12-01",
		"3/12/26":                 "?2026-12-03",
		"3-12-2026":               "?2026-12-03",
		"03.12.2026":              "?2026-12-03",
		"3 12 2026":               "?2026-12-03",
		"03122026":                "?2026-12-03",
		"031226":                  "?2026-12-03",
		"2026-12-03":              "?2026-12-03",
		"12/25/2026":              "?2026-12-25",
		"3/12":                    "?2026-12-03",
		"3 des":                   "?2026-12-03",
		"3 Desember 2026":         "?2026-12-03",
		"3 des '26":               "?2026-12-03",
		"Kamis, 3 Desember 2026":  "?2026-12-03",
		"3 nop":                   "?2027-11-03 2026-11-03",
		"1 maret":                 "?2027-03-01 2026-03-01",
		"17 agustus 1998":         "?1998-08-17",
		"17-8-98":                 "?1998-08-17",
		"Dec 3, 2026":             "?2026-12-03",
		"desember 2026":           "!date_day",
		"2027":                    "!date_day",
		"31/2/2026":               "!date_impossible",
		"32/13/2026":              "!date_impossible",
		"0/0/0":                   "!date_impossible",
		"99999999":                "!date_impossible",
		"3 karung":                "!date",
		"setelah lebaran":         "!date",
		"kapan saja":              "!date",
		"99":                      "!date",
		"123456789":               "!date",
		"":                        "!empty",
		"📅":                       "!date",
	} {
		if got := outcome(say(Date(), text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestMonthAsTyped(t *testing.T) {
	for text, want := range map[string]string{
		"maret 2019":                "?2019-03",
		"Mar 2019":                  "?2019-03",
		"mrt 19":                    "?2019-03",
		"bulan maret 2019":          "?2019-03",
		"maret tahun 2019":          "?2019-03",
		"sejak maret 2019":          "?2019-03",
		"12 maret 2019":             "?2019-03",
		"03/2019":                   "?2019-03",
		"3-2019":                    "?2019-03",
		"2019-03":                   "?2019-03",
		"3/19":                      "?2019-03",
		"12/3/2019":                 "?2019-03",
		"2019":                      "?2019",
		"tahun 2019":                "?2019",
		"dari 2019":                 "?2019",
		"th 2019":                   "?2019",
		"sejak 3 tahun lalu":        "?2023-11",
		"3 tahun yang lalu":         "?2023-11",
		"3 thn":                     "?2023-11",
		"sudah 5 tahun":             "?2021-11",
		"udah sepuluh tahun":        "?2016-11",
		"setahun lalu":              "?2025-11",
		"baru 2 bulan":              "?2026-09",
		"baru sebulan":              "?2026-10",
		"2 minggu lalu":             "?2026-11",
		"tahun lalu":                "?2025",
		"tahun kemarin":             "?2025",
		"tahun ini":                 "?2026",
		"bulan lalu":                "?2026-10",
		"bulan ini":                 "?2026-11",
		"bulan kemarin":             "?2026-10",
		"awal 2019":                 "?2019-01",
		"akhir 2019":                "?2019-12",
		"pertengahan tahun 2019":    "?2019-06",
		"awal tahun":                "?2026-01",
		"kemarin":                   "?2026-11",
		"maret":                     "?2026-03",
		"desember":                  "?2025-12",
		"98":                        "!month",
		"maret 98":                  "?1998-03",
		"januari tahun lalu":        "?2025-01",
		"2030":                      "!date_future",
		"besok":                     "?2026-11",
		"Desember 2026":             "!date_future",
		"13/2019":                   "!date_impossible",
		"1800":                      "!date_impossible",
		"dulu sekali":               "!month",
		"😀":                         "!month",
		strings.Repeat("2019 ", 99): "!too_long_answer",
	} {
		if got := outcome(say(Month().Past(), text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestDateBounds(t *testing.T) {
	for _, c := range []struct {
		f          When
		text, want string
	}{
		{Date().Past(), "tgl 25", "?2026-10-25"},
		{Date().Past(), "3 des", "?2025-12-03"},
		{Date().Past(), "senin", "?2026-11-16"},
		{Date().Past(), "besok", "!date_future"},
		{Date().Past(), "minggu", "?2026-11-22"},
		{Date().Upcoming(), "kemarin", "!date_past"},
		{Date().Upcoming(), "3/11/2026", "!date_past"},
		{Date().Upcoming(), "3 nov", "?2027-11-03"},
		{Month(), "Desember 2027", "?2027-12"},
	} {
		if got := outcome(say(c.f, c.text)); got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}
