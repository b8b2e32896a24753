package ask

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestClockAsTyped(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"jam 9":                         "?09:00",
		"9":                             "?09:00",
		"09.00":                         "?09:00",
		"9.30":                          "?09:30",
		"0900":                          "?09:00",
		"930":                           "?09:30",
		"13:45":                         "?13:45",
		"1330":                          "?13:30",
		"jam 9 pagi":                    "?09:00",
		"jam 9 pagi pak":                "?09:00",
		"9pagi":                         "?09:00",
		"jam9":                          "?09:00",
		"jam 2 siang":                   "?14:00",
		"jam 7 malam":                   "?19:00",
		"jam 4 sore":                    "?16:00",
		"jam 12 siang":                  "?12:00",
		"jam 12 malam":                  "?00:00",
		"jam 11 siang":                  "?11:00",
		"jam 2 malam":                   "?02:00",
		"jam 2 dini hari":               "?02:00",
		"setengah 9":                    "?08:30",
		"jam setengah 9":                "?08:30",
		"jam setengah sembilan pagi":    "?08:30",
		"stgh 8 malam":                  "?19:30",
		"setengah 1 siang":              "?12:30",
		"setengah 1":                    "?12:30 00:30",
		"jam 9 setengah":                "?09:30",
		"half past 9":                   "?09:30",
		"jam 8 kurang 15":               "?07:45 19:45",
		"jam 9 kurang 15":               "?08:45",
		"jam 8 kurang seperempat pagi":  "?07:45",
		"9 lewat 15":                    "?09:15",
		"9 lewat seperempat":            "?09:15",
		"sembilan lewat sepuluh":        "?09:10",
		"delapan lewat lima belas pagi": "?08:15",
		"sembilan lewat dua puluh lima": "?09:25",
		"jam dua belas":                 "?12:00",
		"kurang lebih jam 9":            "?09:00",
		"pukul 13.00 WIB":               "?13:00",
		"pkl. 09.00 wib":                "?09:00",
		"mulai jam 9 teng":              "?09:00",
		"2 pm":                          "?14:00",
		"2pm":                           "?14:00",
		"12 am":                         "?00:00",
		"12 pm":                         "?12:00",
		"8:30 AM":                       "?08:30",
		"jam 2":                         "?14:00 02:00",
		"2.30":                          "?14:30 02:30",
		"7":                             "?07:00 19:00",
		"07.00":                         "?07:00",
		"02.00":                         "?02:00",
		"00.00":                         "?00:00",
		"23.59":                         "?23:59",
		"tengah hari":                   "?12:00",
		"24.00":                         "!clock",
		"9.75":                          "!clock",
		"jam 14 pagi":                   "!clock",
		"9-12":                          "!clock",
		"9 sampai 12":                   "!clock",
		"kurang 15":                     "!clock",
		"9 kurang":                      "!clock",
		"setengah":                      "!clock",
		"pagi":                          "!clock",
		"pagi malam 9":                  "!clock",
		"09.00.00":                      "!clock",
		"jam berapa ya":                 "!clock",
		"3 karung":                      "!clock",
		"123456":                        "!clock",
		"9.00 WITA":                     "!clock",
		"":                              "!empty",
		"🕘":                             "!clock",
		strings.Repeat("9 ", 300):       "!too_long_answer",
	} {
		if got := outcome(say(Clock(), text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// However a time of the day is written with its hours from 0 to 23, it is read
// as it is written.
func TestClockReadsWhatItWrites(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, m := rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute")
		form := rapid.SampledFrom([]string{"%02d.%02d", "%02d:%02d", "pukul %02d.%02d WIB", "jam %02d %02d", "%02d%02d"}).Draw(t, "form")
		want := fmt.Sprintf("?%02d:%02d", h, m)
		if got := outcome(say(Clock(), fmt.Sprintf(form, h, m))); got != want {
			t.Fatalf("%s: %s, want %s", fmt.Sprintf(form, h, m), got, want)
		}
	})
}

func TestClockHolds(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{"08:30": true, "23:59": true, "8:30": false, "24:00": false, "08.30": false, "": false, "08:3x": false} {
		if Clock().Holds(value, nil) != want {
			t.Errorf("%q holds: %v", value, !want)
		}
	}
	if got := Clock().Show("14:00").Args["Time"]; got != "14.00" {
		t.Errorf("shown as %v", got)
	}
	if h, m, ok := ClockOf("14:05"); h != 14 || m != 5 || !ok {
		t.Error(h, m, ok)
	}
	if _, _, ok := ClockOf("x"); ok {
		t.Error("no time is one")
	}
}
