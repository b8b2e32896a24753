package ask

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"umkmbot/internal/dialog"
)

// TimeOfDay is a field for a time of day in the office's zone.
type TimeOfDay struct{}

// Clock asks for a time of day; the value is 08:30. What was understood is
// always confirmed, in full. Of an hour that may be meant both ways the one
// within office hours comes first.
func Clock() TimeOfDay { return TimeOfDay{} }

// clockForm is the saved form.
const clockForm = "15:04"

// Ask takes text.
func (TimeOfDay) Ask(dialog.Answers, string) dialog.Ask {
	return dialog.Ask{Accepts: dialog.AcceptText}
}

// Parse reads a time as people say it: "jam 9", "setengah 9", "jam 2 siang".
func (TimeOfDay) Parse(in dialog.Input, _ dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	if in.Kind == dialog.InputPress {
		return stale, nil
	}
	if p, why, ok := confirming(in, working, true); ok {
		return p, why
	}
	text, why := typed(in)
	if why != nil {
		return dialog.Parsed{}, why
	}
	var values []string
	for _, minutes := range clockIn(text) {
		values = append(values, fmt.Sprintf("%02d:%02d", minutes/60, minutes%60))
	}
	if len(values) == 0 {
		return dialog.Parsed{}, problem("clock")
	}
	return guess(working, values...), nil
}

// Holds looks at the form.
func (TimeOfDay) Holds(value string, _ dialog.Answers) bool {
	_, err := time.Parse(clockForm, value)
	return err == nil && len(value) == len(clockForm)
}

// Show says a time in full.
func (TimeOfDay) Show(value string) dialog.Text {
	return dialog.Text{Key: "value.clock", Args: dialog.Args{"Time": strings.Replace(value, ":", ".", 1)}}
}

// clockWords maps short forms and synonyms to the word rules go by; those
// mapped to "" say nothing.
var clockWords = func() map[string]string {
	set := map[string]string{}
	for to, list := range map[string]string{
		"half": "setengah stengah stgh half", "less": "kurang krg krang", "past": "lewat lwt lebih past lewih",
		"morning": "pagi pg pagi2 subuh am isuk enjing", "noon": "siang siank sing beurang", "afternoon": "sore petang sonten",
		"night": "malam mlm malem peuting wengi", "pm": "pm", "early": "dini",
		"belas": "belas", "puluh": "puluh",
		"": `jam pukul pkl pk j jm wib waktu mulai dari pada di sekitar kira kira2 sekira nanti tepat teng pas ya pak bu bapak ibu aja saja
			hari menit mnt clock o'clock at about from dimulai selesai`,
	} {
		for w := range strings.FieldsSeq(list) {
			set[w] = to
		}
	}
	return set
}()

// clockNumbers are the numbers people write as words in a time.
var clockNumbers = map[string]int{
	"nol": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "lapan": 8, "sembilan": 9,
	"sepuluh": 10, "sebelas": 11, "seperempat": 15, "seprapat": 15, "prapat": 15, "hiji": 1, "opat": 4, "genep": 6, "dalapan": 8, "salapan": 9,
}

// clockSaid is what a text about a time says.
type clockSaid struct {
	hour, minute       int // -1: not said
	exact              bool
	part               string // of the day
	half, before, less bool   // half: set; before: said before the hour
	odd                bool   // what was not understood
	tens               bool   // the last number ended in "puluh"
}

// clockIn gives what a text may mean in minutes of the day, likeliest first.
func clockIn(text string) []int {
	switch squeeze(text) { // letters in a row once
	case "tengah hari", "non", "miday", "bedug":
		return []int{12 * 60}
	case "tengah malam", "midnight":
		return []int{0}
	}
	s := clockSaid{hour: -1, minute: -1}
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(".:,'’~±()!?", r) })
	for i, w := range words {
		for part := range runsOf(w) {
			s.hear(part, i+1 < len(words) && words[i+1] == "lebih")
		}
	}
	return s.minutes()
}

// hear takes one word; more says that "lebih" follows: "kurang lebih" is about.
func (s *clockSaid) hear(w string, more bool) {
	if n, ok := smallNumber(w); ok {
		s.digits(n)
		return
	}
	if n, ok := clockNumbers[w]; ok {
		s.number(n)
		return
	}
	word, known := clockWords[w]
	switch {
	case !known:
		s.odd = true
	case word == "half":
		s.odd = s.odd || s.half
		s.half, s.before = true, s.hour < 0
	case word == "less" && more:
	case word == "less":
		s.odd = s.odd || s.hour < 0
		s.less = true
	case word == "past":
		if s.half && s.before { // "half past 9"
			s.before = false
		}
	case word == "belas" || word == "puluh":
		s.compound(word)
	case word != "":
		s.odd = s.odd || s.part != "" && s.part != "early"
		s.part = word
	}
}

func (s *clockSaid) digits(n dateNumber) {
	switch {
	case n.digits <= 2:
		s.exact = s.exact || s.hour < 0 && (n.digits == 2 && n.value < 10)
		s.number(n.value)
	case n.digits <= 4 && s.hour < 0:
		s.exact = n.digits == 4 && n.value < 1000
		s.hour, s.minute = n.value/100, n.value%100
	default:
		s.odd = true
	}
}

// number takes the hour, then the minutes.
func (s *clockSaid) number(n int) {
	switch {
	case s.hour < 0:
		s.hour = n
	case s.minute < 0:
		s.minute = n
	case s.tens && n < 10:
		s.minute += n
	default:
		s.odd = true
	}
	s.tens = false
}

// compound makes "dua belas" and "lima puluh" of the number before.
func (s *clockSaid) compound(word string) {
	last := &s.minute
	if s.minute < 0 {
		last = &s.hour
	}
	switch {
	case *last < 1 || *last > 9:
		s.odd = true
	case word == "belas":
		*last += 10
	default:
		*last *= 10
		s.tens = last == &s.minute
	}
}

// minutes puts together what was said.
func (s *clockSaid) minutes() []int {
	minute := max(s.minute, 0)
	if s.odd || s.hour < 0 || s.hour > 23 || minute > 59 || s.less && s.minute < 1 || s.half && s.minute >= 0 {
		return nil
	}
	shift := minute
	switch {
	case s.half && s.before: // half an hour before the hour named
		shift = -30
	case s.half:
		shift = 30
	case s.less:
		shift = -minute
	}
	var out []int
	for _, hour := range s.hours() {
		out = append(out, (hour*60+shift+24*60)%(24*60))
	}
	return slices.Compact(out)
}

// hours reads the hour by the part of the day that was named, or else by what
// is usual: of one till five the afternoon's, of six till eight the morning's
// first, of the rest as it stands.
func (s *clockSaid) hours() []int {
	h := s.hour
	switch late := h + 12; {
	case h > 12 || h == 0:
		if s.part == "morning" || s.part == "early" {
			return nil
		}
		return []int{h}
	case s.part == "morning" || s.part == "early":
		return []int{h % 12}
	case s.part == "pm", s.part == "afternoon":
		return []int{h%12 + 12}
	case s.part == "noon" && h <= 5:
		return []int{late}
	case s.part == "night" && h >= 5:
		return []int{late % 24}
	case s.part != "" || s.exact:
		return []int{h}
	case h <= 5:
		return []int{late, h}
	case h <= 8:
		return []int{h, late}
	}
	return []int{h}
}

// ClockOf reads a value: a time of day.
func ClockOf(value string) (hour, minute int, ok bool) {
	if !(TimeOfDay{}).Holds(value, nil) {
		return 0, 0, false
	}
	hour, _ = strconv.Atoi(value[:2])
	minute, _ = strconv.Atoi(value[3:])
	return hour, minute, true
}
