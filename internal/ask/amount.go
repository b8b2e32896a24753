package ask

import (
	"slices"
	"strings"
	"unicode"

	"umkmbot/internal/umkm"
)

// amounts is what was understood of a text about money.
type amounts struct {
	rupiah []int64 // likeliest first
	per    umkm.Period
	bare   bool // a small number without a unit
}

// failure says why a text holds no amount; it is a problem key.
type failure string

const (
	notAmount failure = "amount"
	vague     failure = "amount_vague"
	tooMuch   failure = "amount_too_big"
)

// readAmounts understands "5 jt", "1,5 juta", "sejuta setengah", "goceng",
// "3-5 juta sebulan" and the like.
func readAmounts(text string) (amounts, failure) {
	words, per := periodIn(lex(text))
	if slices.ContainsFunc(words, func(w token) bool { return vagueWords[w.word] }) {
		return amounts{}, vague
	}
	low, high, ranged := split(words)
	a, why := readOne(high)
	if why == notAmount && ranged {
		a, why = readOne(low)
		ranged = false
	}
	if why != "" {
		return amounts{}, why
	}
	if ranged {
		a = between2(low, a)
	}
	a.per = per
	for _, r := range a.rupiah {
		if r > umkm.MaxTurnover {
			return amounts{}, tooMuch
		}
	}
	return a, ""
}

// split cuts a range in two.
func split(words []token) (low, high []token, ranged bool) {
	for i, w := range words {
		if rangeWords[w.word] && i > 0 && i < len(words)-1 {
			return words[:i], words[i+1:], true
		}
	}
	return nil, words, false
}

// between2 makes a range's middle the first guess. "3-5 juta" gives its unit
// to both ends.
func between2(low []token, high amounts) amounts {
	a, why := readOne(low)
	if why != "" || len(a.rupiah) == 0 {
		return high
	}
	from, to := a.rupiah[0], high.rupiah[0]
	if a.bare {
		n := plainNumber(low)
		for _, unit := range []int64{1e9, 1e6, 1e3, 1} {
			if from = n * unit; from < to && to%unit == 0 {
				break
			}
		}
	}
	if from >= to {
		return high
	}
	return amounts{rupiah: []int64{(from + to) / 2, from, to}}
}

func plainNumber(words []token) int64 {
	for _, w := range words {
		if w.isNumber {
			return w.thousandths / 1000
		}
	}
	return 0
}

// readOne reads one amount, with its other readings.
func readOne(words []token) (amounts, failure) {
	var s sum
	for _, w := range words {
		if why := s.take(w); why != "" {
			return amounts{}, why
		}
	}
	return s.result()
}

// sum adds up number words; values are thousandths of a rupiah, so that "1,5"
// is whole.
type sum struct {
	total   int64 // what the large units closed so far
	group   int64 // below the next large unit
	last    int64 // not yet multiplied by puluh, ratus …
	pending bool  // last holds something, be it 0
	unit    int64 // the last large unit
	other   int64 // another reading of last, as in 1.500 juta
	slang   []int64
	odd     bool // words that were not understood
	broken  bool // such a word after a number: "100rb x 30"
	given   bool
}

func (s *sum) take(w token) failure {
	switch {
	case w.isNumber:
		return s.number(w)
	case w.word == "setengah":
		return s.half()
	case slang[w.word] != nil:
		s.slang, s.given = slang[w.word], true
	case digitWords[w.word] > 0 || w.word == "nol":
		return s.number(token{isNumber: true, thousandths: digitWords[w.word] * 1000})
	case smallUnits[w.word] > 0:
		s.small(w.word)
	case largeUnits[w.word] > 0:
		return s.large(largeUnits[w.word])
	case strings.HasPrefix(w.word, "se") && (smallUnits[w.word[2:]] > 0 || largeUnits[w.word[2:]] > 0):
		if why := s.number(token{isNumber: true, thousandths: 1000}); why != "" {
			return why
		}
		return s.take(token{word: w.word[2:]})
	case !fillers[w.word]:
		s.odd = true
		s.broken = s.given
	}
	return ""
}

func (s *sum) number(w token) failure {
	if s.pending || s.broken || s.slang != nil || w.malformed {
		return notAmount
	}
	s.last, s.other, s.pending, s.given = w.thousandths, w.otherwise, true, true
	return ""
}

// half is 0.5 of the unit to come ("setengah juta", "satu setengah juta") or of
// the unit before ("sejuta setengah"). Which of them shows at the end.
func (s *sum) half() failure {
	if s.given && !s.pending && s.group == 0 && s.unit > 1 {
		s.total += s.unit * 500
		return ""
	}
	s.last += 500
	s.pending, s.given = true, true
	return ""
}

func (s *sum) small(word string) {
	s.given = true
	if word == "belas" {
		s.group += s.last + 10_000
	} else {
		if !s.pending {
			s.last = 1000
		}
		s.group += s.last * smallUnits[word]
	}
	s.last, s.pending = 0, false
}

func (s *sum) large(unit int64) failure {
	here := s.group + s.last
	if !s.pending && s.group == 0 {
		if s.given {
			return notAmount
		}
		return vague // "jutaan"
	}
	if s.unit > 0 && unit >= s.unit {
		return notAmount // "500rb, kadang 1 jt"
	}
	if here > 1_000_000_000_000_000/unit*1000 {
		return tooMuch
	}
	s.total += here * unit
	s.other *= unit
	s.group, s.last, s.pending, s.unit = 0, 0, false, unit
	return ""
}

func (s *sum) result() (amounts, failure) {
	rest := s.group + s.last
	switch {
	case !s.given:
		return amounts{}, notAmount
	case s.slang != nil:
		return amounts{rupiah: s.slang}, ""
	case s.unit == 0:
		return s.unitless(rest)
	}
	value := (s.total + rest) / 1000
	if s.unit >= 1e6 && rest > 0 && rest < 1000_000 {
		return amounts{rupiah: []int64{s.spoken(rest), value}}, ""
	}
	if s.other > 0 {
		return amounts{rupiah: []int64{value, s.other / 1000}}, ""
	}
	return amounts{rupiah: []int64{value}}, ""
}

// spoken reads "sejuta lima ratus" as 1.500.000 and "sejuta dua" as 1.200.000.
func (s *sum) spoken(rest int64) int64 {
	share := s.unit / 1000
	if rest < 10_000 {
		share = s.unit / 10
	} else if rest < 100_000 {
		share = s.unit / 100
	}
	return (s.total + rest*share) / 1000
}

// unitless guesses what "500" or "1500" means.
func (s *sum) unitless(rest int64) (amounts, failure) {
	n := rest / 1000
	switch {
	case s.odd:
		return amounts{}, notAmount
	case n == 0 && rest == 0:
		return amounts{rupiah: []int64{0}}, ""
	case n >= 10_000 && rest%1000 == 0:
		return amounts{rupiah: []int64{n}}, ""
	case rest%1000 != 0 || n < 50:
		return amounts{rupiah: []int64{rest * 1000, rest}, bare: true}, ""
	case n < 1000:
		return amounts{rupiah: []int64{n * 1000, n * 1_000_000}, bare: true}, ""
	}
	return amounts{rupiah: []int64{n * 1000, n}, bare: true}, ""
}

// periodIn takes the words of a period out: "per bulan", "sebulan", "/bln".
func periodIn(words []token) (rest []token, per umkm.Period) {
	for i, w := range words {
		p := periods[w.word]
		if p == "" {
			p = periods[strings.TrimPrefix(w.word, "per")]
		}
		if p == "" {
			rest = append(rest, w)
			continue
		}
		if per == "" {
			per = p
		}
		// "100rb dalam 1 hari": the 1 belongs to the period.
		if n := len(rest); n > 0 && i > 0 && n > 1 && words[i-1].isNumber && words[i-1].thousandths == 1000 {
			rest = rest[:n-1]
		}
	}
	return rest, per
}

// lex cuts a text into numbers and words.
func lex(text string) []token {
	text = strings.ReplaceAll(strings.ToLower(text), "s/d", "sd")
	var out []token
	for len(text) > 0 {
		switch c := text[0]; {
		case '0' <= c && c <= '9':
			n := strings.IndexFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != ',' })
			if n < 0 {
				n = len(text)
			}
			out = addNumber(out, numberOf(text[:n]))
			text = text[n:]
		case 'a' <= c && c <= 'z':
			n := strings.IndexFunc(text, func(r rune) bool { return r < 'a' || r > 'z' })
			if n < 0 {
				n = len(text)
			}
			word, rest := text[:n], text[n:]
			if n > 3 && strings.HasPrefix(rest, "2") && largeUnits[word] == 0 {
				rest = rest[1:] // kira2
			}
			out, text = append(out, token{word: stem(word)}), rest
		default:
			n := strings.IndexFunc(text, func(r rune) bool { return r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)) })
			if n < 0 {
				n = len(text)
			}
			for sign := range strings.FieldsSeq(text[:n]) {
				out = append(out, token{word: sign})
			}
			text = text[n:]
		}
	}
	return rejoined(out)
}

// rejoined drops the hyphen of "5-an juta" and "kira-kira".
func rejoined(words []token) []token {
	var out []token
	for i := 0; i < len(words); i++ {
		if i+1 < len(words) && words[i].word == "-" && (words[i+1].word == "an" || i > 0 && words[i-1].word != "" && words[i-1].word == words[i+1].word) {
			i++
			continue
		}
		out = append(out, words[i])
	}
	return out
}

// stem takes "an" off a unit: jutaan, rban.
func stem(word string) string {
	if short, ok := strings.CutSuffix(word, "an"); ok && largeUnits[short] > 0 {
		return short
	}
	return word
}

// addNumber joins digits that spaces set apart: 1 500 000.
func addNumber(out []token, n token) []token {
	if last := len(out) - 1; last >= 0 && out[last].isNumber && out[last].whole && n.whole && n.digits == 3 && out[last].thousandths > 0 && out[last].thousandths < 1e15 {
		out[last].thousandths = out[last].thousandths*1000 + n.thousandths
		return out
	}
	return append(out, n)
}
