package ask

import (
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

type phone struct{}

// Phone asks for a telephone number, shared or typed; the value is +62812….
// Only the sender's own shared number is taken without asking back.
func Phone() dialog.Field { return phone{} }

func (phone) Ask(dialog.Answers, string) dialog.Ask {
	return dialog.Ask{Accepts: dialog.AcceptText | dialog.AcceptContact}
}

func (f phone) Parse(in dialog.Input, _ dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	if in.Kind == dialog.InputPress {
		return stale, nil
	}
	if in.Kind == dialog.InputContact {
		return f.contact(in.Contact)
	}
	if p, why, ok := confirming(in, working, false); ok {
		return p, why
	}
	text, why := typed(in)
	if why != nil {
		return dialog.Parsed{}, why
	}
	return f.typed(text)
}

func (phone) contact(c dialog.Contact) (dialog.Parsed, *dialog.Problem) {
	number, ok := reachable(international(dialable(c.Phone), true))
	switch {
	case !ok:
		return dialog.Parsed{}, problem("phone")
	case c.Own:
		return dialog.Parsed{Value: number}, nil
	}
	return guess("", number), nil
}

func (phone) typed(text string) (dialog.Parsed, *dialog.Problem) {
	var found []string
	runs := numbersIn(text)
	for _, run := range runs {
		if number, ok := reachable(international(run, false)); ok {
			found = append(found, number)
		}
	}
	switch {
	case len(found) > 0:
		return guess("", found[:min(len(found), 3)]...), nil
	case len(runs) == 0:
		return dialog.Parsed{}, problem("phone_no_digits")
	}
	digits := len(strings.TrimPrefix(runs[0], "+"))
	switch {
	case digits < 9:
		return dialog.Parsed{}, problem("phone_too_short", "Count", digits)
	case digits > 14:
		return dialog.Parsed{}, problem("phone_too_long", "Count", digits)
	}
	return dialog.Parsed{}, problem("phone")
}

// numbersIn finds the dialable runs of a text; "/", "," and words stand
// between two numbers.
func numbersIn(text string) []string {
	var runs []string
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool {
		return r == '/' || r == ',' || r == ';' || r == '&' || unicode.IsLetter(r)
	}) {
		if d := dialable(part); strings.Trim(d, "+") != "" {
			runs = append(runs, d)
		}
	}
	return runs
}

// dialable keeps the digits and a plus before them.
func dialable(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case '0' <= r && r <= '9':
			b.WriteRune(r)
		case '０' <= r && r <= '９':
			b.WriteRune(r - '０' + '0')
		case r == '+' && b.Len() == 0:
			b.WriteByte('+')
		}
	}
	return b.String()
}

// international writes a number with its country. The library takes 62812…
// without a plus for a valid number of another kind, so that is settled here.
// Telegram shares numbers in international form, with or without the plus.
func international(number string, shared bool) string {
	digits := strings.TrimPrefix(number, "+")
	switch {
	case strings.HasPrefix(digits, "620"):
		return "+62" + digits[3:]
	case strings.HasPrefix(number, "+"):
		return number
	case strings.HasPrefix(digits, "0062"):
		return "+" + digits[2:]
	case strings.HasPrefix(digits, "00"):
		return "+" + digits[2:]
	case strings.HasPrefix(digits, "62"), shared && !strings.HasPrefix(digits, "0"):
		return "+" + digits
	case strings.HasPrefix(digits, "0"):
		return "+62" + digits[1:]
	case strings.HasPrefix(digits, "8"):
		return "+62" + digits
	}
	return number
}

// reachable accepts valid numbers that a person can be called on.
func reachable(number string) (string, bool) {
	if len(number) < 9 || len(number) > 16 || number[0] != '+' {
		return "", false
	}
	n, err := phonenumbers.Parse(number, "ID")
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}

// Holds looks at the form alone: it is asked on every turn.
func (phone) Holds(value string, _ dialog.Answers) bool {
	digits, ok := strings.CutPrefix(value, "+")
	return ok && len(digits) >= 8 && len(digits) <= 15 && strings.Trim(digits, "0123456789") == ""
}

func (phone) Show(value string) dialog.Text { return literal(umkm.Phone(value).Local()) }
