package ask

import (
	"strings"

	"umkmbot/internal/dialog"
)

type digits struct {
	n     int
	names []string // words that may stand right before the number
	group int      // shown in groups of this many
}

// Digits asks for a number of exactly n digits; spaces, dots and dashes
// between them are left out.
func Digits(n int) dialog.Field { return digits{n: n, names: []string{"no", "nomor"}} }

// NIB asks for a business's 13-digit number.
func NIB() dialog.Field { return digits{n: 13, names: []string{"nib", "no", "nomor"}, group: 4} }

func (digits) Ask(dialog.Answers, string) dialog.Ask {
	return dialog.Ask{Accepts: dialog.AcceptText}
}

func (f digits) Parse(in dialog.Input, _ dialog.Answers, _ string) (dialog.Parsed, *dialog.Problem) {
	if in.Kind == dialog.InputPress {
		return stale, nil
	}
	text, why := typed(in)
	if why != nil {
		return dialog.Parsed{}, why
	}
	number, rest := identifier(text, f.names...)
	switch {
	case number == "":
		return dialog.Parsed{}, problem("digits_none", "Digits", f.n)
	case rest:
		return dialog.Parsed{}, problem("digits_letters", "Digits", f.n)
	case len(number) != f.n:
		return dialog.Parsed{}, problem("digits_length", "Digits", f.n, "Count", len(number))
	case strings.Trim(number, number[:1]) == "":
		return dialog.Parsed{}, problem("digits_same", "Digits", f.n)
	}
	return dialog.Parsed{Value: number}, nil
}

func (f digits) Holds(value string, _ dialog.Answers) bool {
	return len(value) == f.n && strings.Trim(value, "0123456789") == ""
}

func (f digits) Show(value string) dialog.Text {
	if f.group == 0 || len(value) != f.n {
		return literal(value)
	}
	var parts []string
	for i := 0; i < len(value); i += f.group {
		parts = append(parts, value[i:min(i+f.group, len(value))])
	}
	return literal(strings.Join(parts, " "))
}
