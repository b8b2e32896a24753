package ask

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Letters is a field for a text to many, of several lines, which may have
// placeholders.
type Letters struct {
	least, most int
	bound       func(earlier dialog.Answers) int
}

// Letter asks for a text of least to most characters, as Telegram counts them:
// most emoji are two.
func Letter(least, most int) Letters { return Letters{least: least, most: most} }

// AtMost bounds it further by what was answered before.
func (f Letters) AtMost(bound func(earlier dialog.Answers) int) Letters {
	f.bound = bound
	return f
}

func (f Letters) longest(earlier dialog.Answers) int {
	if f.bound == nil {
		return f.most
	}
	return min(f.most, f.bound(earlier))
}

// LetterLength is how many characters a text has, as Telegram counts.
func LetterLength(text string) int { return len(utf16.Encode([]rune(text))) }

// Ask takes text.
func (f Letters) Ask(earlier dialog.Answers, _ string) dialog.Ask {
	return dialog.Ask{Accepts: dialog.AcceptText, Args: dialog.Args{"Max": f.longest(earlier)}}
}

// Parse takes a text whose placeholders are known, and tidies its lines.
func (f Letters) Parse(in dialog.Input, earlier dialog.Answers, _ string) (dialog.Parsed, *dialog.Problem) {
	switch in.Kind {
	case dialog.InputText:
	case dialog.InputPress:
		return stale, nil
	default:
		return dialog.Parsed{}, unwanted(in)
	}
	value := paragraphs(in.Text)
	count, most := LetterLength(value), f.longest(earlier)
	_, err := umkm.ReadPlaceholders(value)
	bad := umkm.BadPlaceholder{}
	switch {
	case value == "":
		return dialog.Parsed{}, problem("empty")
	case count > most:
		return dialog.Parsed{}, problem("too_long", "Max", most, "Count", count)
	case !strings.ContainsFunc(value, unicode.IsLetter):
		return dialog.Parsed{}, problem("no_letters")
	case count < f.least:
		return dialog.Parsed{}, problem("too_short", "Min", f.least)
	case errors.As(err, &bad) && bad.Open:
		return dialog.Parsed{}, problem("placeholder_open", "Text", shortened(bad.Text, longestQuote))
	case err != nil:
		return dialog.Parsed{}, problem("placeholder", "Text", shortened(bad.Text, longestQuote)+"}")
	}
	return dialog.Parsed{Value: value}, nil
}

// longestQuote is how much of a person's words is said back to them.
const longestQuote = 30

// paragraphs cleans a text line by line; of empty lines in a row one is left.
func paragraphs(text string) string {
	var out []string
	for line := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(text), "\n") {
		line = clean(line)
		if line != "" || len(out) > 0 && out[len(out)-1] != "" {
			out = append(out, line)
		}
	}
	return strings.TrimRight(strings.Join(out, "\n"), "\n")
}

// Holds looks at the length: what was written once stays a text.
func (f Letters) Holds(value string, earlier dialog.Answers) bool {
	count := LetterLength(value)
	return count >= f.least && count <= f.longest(earlier)
}

// Of a text that much is shown among other answers, in characters.
const (
	shownLetter  = 60
	echoedLetter = 300
)

// Show gives the beginning on one line.
func (Letters) Show(value string) dialog.Text { return literal(shortened(clean(value), shownLetter)) }

// Echo gives more of it, as it is written.
func (Letters) Echo(value string) dialog.Text { return literal(shortened(value, echoedLetter)) }

// shortened cuts a text between words where there are some.
func shortened(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	cut := string([]rune(text)[:most])
	if i := strings.LastIndexAny(cut, " \n"); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " \n") + "…"
}
