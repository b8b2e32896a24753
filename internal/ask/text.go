package ask

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"umkmbot/internal/dialog"
)

type text struct {
	min, max int // characters
	name     bool
}

// Text asks for a line of min to max characters with at least one letter.
func Text(min, max int) dialog.Field { return text{min: min, max: max} }

// nameDigits is how many digits a name may have. More are a NIK or a phone
// number beside it, which a name would show to everybody who sees it.
const nameDigits = 5

// Name asks for a person's name: a Text that is no mere yes or no and has
// hardly any digits. "Nama saya …" is left out.
func Name(min, max int) dialog.Field { return text{min: min, max: max, name: true} }

func (text) Ask(dialog.Answers, string) dialog.Ask {
	return dialog.Ask{Accepts: dialog.AcceptText}
}

func (f text) Parse(in dialog.Input, _ dialog.Answers, _ string) (dialog.Parsed, *dialog.Problem) {
	switch in.Kind {
	case dialog.InputText:
	case dialog.InputPress:
		return stale, nil
	default:
		return dialog.Parsed{}, unwanted(in)
	}
	value := clean(in.Text)
	if f.name {
		value = introduced(value)
	}
	if why := f.check(value); why != nil {
		return dialog.Parsed{}, why
	}
	return dialog.Parsed{Value: value}, nil
}

func (f text) check(value string) *dialog.Problem {
	count := utf8.RuneCountInString(value)
	letters, digits := 0, 0
	for _, r := range value {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		}
	}
	switch {
	case value == "":
		return problem("empty")
	case count > f.max:
		return problem("too_long", "Max", f.max, "Count", count)
	case f.name && letters > 0 && digits > nameDigits:
		return problem("name_digits")
	case letters == 0 || f.name && digits > letters:
		return problem("no_letters")
	case count < f.min || f.name && letters < 2:
		return problem("too_short", "Min", f.min)
	case f.name && (assent(value) != saysNothing || saying(value)):
		return problem("not_a_name")
	}
	return nil
}

// Holds looks at the length alone: it is asked on every turn, and a name once
// taken stays a name.
func (f text) Holds(value string, _ dialog.Answers) bool {
	count := utf8.RuneCountInString(value)
	return count >= f.min && count <= f.max
}

func (text) Show(value string) dialog.Text { return literal(value) }

// introduced takes "nama saya" off a name.
func introduced(s string) string {
	for _, lead := range []string{
		"nama lengkap saya", "nama lengkap", "nama pemilik", "nama saya", "nama sy", "nama aku", "namanya", "nama", "saya bernama", "my name is", "perkenalkan",
	} {
		if len(s) > len(lead) && strings.EqualFold(s[:len(lead)], lead) && !unicode.IsLetter(rune(s[len(lead)])) {
			rest := strings.TrimLeft(s[len(lead):], " :=-,")
			for _, is := range []string{"adalah ", "ialah ", "itu "} {
				if len(rest) > len(is) && strings.EqualFold(rest[:len(is)], is) {
					rest = rest[len(is):]
				}
			}
			return rest
		}
	}
	return s
}
