package ask

import (
	"strings"
	"time"
	"unicode"
)

// mention is what a text about a date says, whatever the order.
type mention struct {
	numbers []dateNumber
	month   time.Month
	weekday int    // 1 Monday … 7 Sunday
	unit    string // hari, minggu, bulan, tahun
	which   string // depan, ini, lalu, lagi
	edge    string // awal, tengah, akhir
	named   string // besok …
	dayOf   bool   // "tgl" before the number
	since   bool   // sejak, sudah: the past
	odd     bool   // words that were not understood
}

type dateNumber struct{ value, digits int }

var months = func() map[string]time.Month {
	set := map[string]time.Month{}
	for i, list := range []string{
		"januari jan january jnuari", "februari feb peb pebruari february febuari", "maret mar mrt march maart", "april apr",
		"mei may", "juni jun june", "juli jul july", "agustus agu agt ags agst agus aug august agustusan", "september sep sept spt",
		"oktober okt oct october", "november nov nop nopember", "desember des dec december",
	} {
		for w := range strings.FieldsSeq(list) {
			set[w] = time.Month(i + 1)
		}
	}
	return set
}()

var weekdays = map[string]int{
	"senin": 1, "senen": 1, "sen": 1, "monday": 1, "selasa": 2, "slasa": 2, "tuesday": 2, "rabu": 3, "rebo": 3, "rab": 3, "wednesday": 3,
	"kamis": 4, "kemis": 4, "kam": 4, "thursday": 4, "jumat": 5, "jum'at": 5, "jum": 5, "jmt": 5, "friday": 5,
	"sabtu": 6, "sabt": 6, "saptu": 6, "saturday": 6, "ahad": 7, "sunday": 7,
}

// dateWords maps short forms and synonyms to the word rules go by.
var dateWords = func() map[string]string {
	set := map[string]string{}
	for to, list := range map[string]string{
		"hari": "hari hr hri harian day days", "minggu": "minggu mgg mggu pekan week weeks", "bulan": "bulan bln bl month months",
		"tahun": "tahun thn th taun year years", "depan": "depan dpn mendatang besoknya next", "ini": "ini this sekarang skrg skr saat",
		"lalu": "lalu kmrn kemarin kemaren lewat silam ago last", "lagi": "lagi lg nanti in",
		"awal": "awal", "tengah": "tengah pertengahan", "akhir": "akhir ujung", "tgl": "tgl tanggal tggl tngal",
		"besok": "besok bsk besuk isukan tomorrow", "lusa": "lusa pageto", "sejak": "sejak dari since sudah udah sdh udh dah baru mulai semenjak",
		"today": "today", "yesterday": "yesterday", "": `yang yg pada di pas kira kurang lebih sekitar ya pak bu min saya sy usaha buka berdiri
			pagi siang sore malam aja saja dalam the on of kalau klo jalan berjalan itu insyaallah usahanya dirintis`,
	} {
		for w := range strings.FieldsSeq(list) {
			set[w] = to
		}
	}
	return set
}()

var dateNumbers = map[string]int{
	"satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9, "sepuluh": 10, "sebelas": 11,
}

// mentionsOf reads the words of a text; what follows "jam" is a time of day.
func mentionsOf(text string) mention {
	var m mention
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	})
	for _, w := range words {
		if w == "jam" || w == "pukul" || w == "pkl" {
			break
		}
		for part := range runsOf(w) {
			m.hear(part)
		}
	}
	if m.unit == "minggu" && m.which == "" && len(m.numbers) == 0 {
		m.unit, m.weekday = "", 7 // "hari minggu"
	}
	return m
}

// runsOf cuts "3bln" and "tgl3" at the border of digits and letters.
func runsOf(w string) func(func(string) bool) {
	return func(yield func(string) bool) {
		start, was := 0, false
		for i, r := range w {
			is := unicode.IsDigit(r)
			if i > 0 && is != was {
				if !yield(w[start:i]) {
					return
				}
				start = i
			}
			was = is
		}
		yield(w[start:])
	}
}

func (m *mention) hear(w string) {
	if n, ok := smallNumber(w); ok {
		m.numbers = append(m.numbers, n)
		return
	}
	if month, ok := months[w]; ok {
		m.month = month
		return
	}
	if day, ok := weekdays[w]; ok {
		m.weekday = day
		return
	}
	if n, ok := dateNumbers[w]; ok {
		m.numbers = append(m.numbers, dateNumber{n, 0})
		return
	}
	if rest, ok := strings.CutPrefix(w, "se"); ok && isUnit(dateWords[rest]) {
		m.numbers = append(m.numbers, dateNumber{1, 0})
		w = rest
	}
	word, known := dateWords[w]
	switch {
	case !known:
		m.odd = true
	case isUnit(word):
		if m.unit == "" || m.unit == "hari" {
			m.unit = word
		}
	default:
		m.mark(word)
	}
}

func (m *mention) mark(word string) {
	switch word {
	case "depan", "ini", "lalu", "lagi":
		m.which = word
	case "awal", "tengah", "akhir":
		m.edge = word
	case "tgl":
		m.dayOf = true
	case "sejak":
		m.since = true
	case "besok", "lusa", "today", "yesterday":
		m.named = word
	}
}

func isUnit(w string) bool { return w == "hari" || w == "minggu" || w == "bulan" || w == "tahun" }

// smallNumber reads up to eight plain digits.
func smallNumber(w string) (dateNumber, bool) {
	if len(w) > 8 || strings.Trim(w, "0123456789") != "" {
		return dateNumber{}, false
	}
	n := dateNumber{digits: len(w)}
	for i := range len(w) {
		n.value = n.value*10 + int(w[i]-'0')
	}
	return n, true
}
