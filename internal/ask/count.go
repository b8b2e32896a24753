package ask

import (
	"strconv"
	"strings"

	"umkmbot/internal/dialog"
)

type count struct{ min, max int64 }

// Count asks for a whole number from min to max. Plain digits are taken as
// they are, everything else is confirmed.
func Count(min, max int64) dialog.Field { return count{min, max} }

func (count) Ask(dialog.Answers, string) dialog.Ask {
	return dialog.Ask{Accepts: dialog.AcceptText}
}

func (f count) Parse(in dialog.Input, _ dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
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
	numbers, plain := f.read(text)
	if len(numbers) == 0 {
		return dialog.Parsed{}, problem("count")
	}
	values := make([]string, 0, len(numbers))
	for _, n := range numbers {
		switch {
		case n < f.min:
			return dialog.Parsed{}, problem("count_low", "Min", literal(grouped(f.min)))
		case n > f.max:
			return dialog.Parsed{}, problem("count_high", "Max", literal(grouped(f.max)))
		}
		values = append(values, strconv.FormatInt(n, 10))
	}
	if plain {
		return dialog.Parsed{Value: values[0]}, nil
	}
	return guess(working, values...), nil
}

// read gives one number, or both ends of a range.
func (f count) read(text string) (numbers []int64, plain bool) {
	if none[strings.ToLower(text)] || assent(text) == saysNo || assent(text) == saysNotYet {
		return []int64{0}, false
	}
	if alone[strings.ToLower(text)] {
		return []int64{min(1, f.min)}, false // from 0 on, those beside oneself are counted
	}
	if strings.HasPrefix(text, "-") {
		return nil, false
	}
	words := lex(text)
	low, high, ranged := split(words)
	if ranged {
		if n, ok := whole(low); ok {
			numbers = append(numbers, n)
		}
	}
	if n, ok := whole(high); ok {
		numbers = append(numbers, n)
	}
	return numbers, len(words) == 1 && words[0].isNumber
}

func whole(words []token) (int64, bool) {
	var s sum
	for _, w := range words {
		if slang[w.word] != nil || s.take(w) != "" {
			return 0, false
		}
	}
	rest := s.total + s.group + s.last
	return rest / 1000, s.given && rest%1000 == 0
}

var (
	none  = map[string]bool{"kosong": true, "nihil": true, "tidak punya": true, "ga punya": true, "gak punya": true, "zero": true, "none": true}
	alone = map[string]bool{"sendiri": true, "sendirian": true, "saya sendiri": true, "cuma saya": true, "hanya saya": true, "saya saja": true, "saya aja": true}
)

func (f count) Holds(value string, _ dialog.Answers) bool {
	n, err := strconv.ParseInt(value, 10, 64)
	return err == nil && n >= f.min && n <= f.max && strconv.FormatInt(n, 10) == value
}

func (count) Show(value string) dialog.Text {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return literal("?")
	}
	return literal(grouped(n))
}

// grouped writes thousands with dots: 1.500.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}
