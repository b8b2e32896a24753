package ask

import (
	"strconv"
	"strings"
	"unicode"

	"umkmbot/internal/dialog"
)

// longest is how many bytes of a text are looked at where a short answer is
// asked: far more than any answer, far less than Telegram's 4096 characters.
const longest = 400

// stale is an answer that no field holds: the engine redraws the question.
var stale = dialog.Parsed{Value: "\x00"}

func problem(key string, args ...any) *dialog.Problem {
	p := &dialog.Problem{Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if p.Args == nil {
			p.Args = dialog.Args{}
		}
		p.Args[args[i].(string)] = args[i+1]
	}
	return p
}

// unwanted explains an input that is not of a kind the step takes.
func unwanted(in dialog.Input) *dialog.Problem {
	switch in.Kind {
	case dialog.InputFile:
		return problem("file_not_wanted")
	case dialog.InputLocation:
		return problem("location_not_wanted")
	case dialog.InputContact:
		return problem("contact_not_wanted")
	default:
		return problem("kind")
	}
}

// typed gives the cleaned text of an input where only text is taken.
func typed(in dialog.Input) (string, *dialog.Problem) {
	if in.Kind != dialog.InputText {
		return "", unwanted(in)
	}
	if len(in.Text) > longest {
		return "", problem("too_long_answer")
	}
	text := clean(in.Text)
	if text == "" {
		return "", problem("empty")
	}
	return text, nil
}

// clean makes a text one line: white space collapsed and trimmed, control
// characters, marks of direction and invisible characters taken out.
func clean(s string) string {
	var b strings.Builder
	b.Grow(min(len(s), 4*longest))
	space := false
	var last rune
	for i, r := range s {
		if unicode.IsSpace(r) || r == '\u2800' || r == '\u3164' || r == '\uFFA0' {
			space = b.Len() > 0
			continue
		}
		if invisible(r) && !(r == '\u200D' && joins(last, s[i+len("\u200D"):])) {
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

func invisible(r rune) bool {
	return r == unicode.ReplacementChar || r == '\u115F' || r == '\u1160' || r == '\u034F' ||
		unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs)
}

// joins reports whether a zero-width joiner holds an emoji together.
func joins(before rune, after string) bool {
	for _, next := range after {
		return unicode.Is(unicode.So, next) && (unicode.In(before, unicode.So, unicode.Sk) || before == '\uFE0F')
	}
	return false
}

// ordinal reads a numbered answer, "2", "no 2", "yang ke-2", up to limit.
func ordinal(text string, limit int) (index int, ok bool) {
	text = strings.Trim(strings.ToLower(text), " .)(#!\uFE0F\u20E3")
	for _, lead := range []string{"nomor", "nomer", "nmr", "no.", "no", "pilihan", "pilih", "opsi", "yang", "yg", "ke-", "ke", "number"} {
		if rest, found := strings.CutPrefix(text, lead); found {
			text = strings.TrimLeft(rest, " .:-")
		}
	}
	if n, found := firsts[text]; found && n <= limit {
		return n - 1, true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > limit {
		return 0, false
	}
	return n - 1, true
}

var firsts = map[string]int{
	"satu": 1, "pertama": 1, "kesatu": 1, "dua": 2, "kedua": 2, "tiga": 3, "ketiga": 3, "empat": 4, "keempat": 4, "lima": 5, "kelima": 5,
}

// confirming handles a text that arrives while guesses await confirmation.
// Where numbers are answers too, counts is true and one guess is not picked
// by its number. ok is false when the text is a new answer.
func confirming(in dialog.Input, working string, counts bool) (p dialog.Parsed, why *dialog.Problem, ok bool) {
	if in.Kind != dialog.InputText || len(in.Guesses) == 0 || len(in.Text) > longest {
		return p, nil, false
	}
	text := clean(in.Text)
	if n, found := ordinal(text, len(in.Guesses)); found && !(counts && len(in.Guesses) == 1) {
		return dialog.Parsed{Value: in.Guesses[n]}, nil, true
	}
	switch assent(text) {
	case saysYes:
		if len(in.Guesses) == 1 {
			return dialog.Parsed{Value: in.Guesses[0]}, nil, true
		}
		return p, problem("pick_one"), true
	case saysNo:
		return dialog.Parsed{Working: working}, nil, true
	default:
		return p, nil, false
	}
}

// guess offers values to be confirmed, keeping what was collected.
func guess(working string, values ...string) dialog.Parsed {
	return dialog.Parsed{Guesses: values, Working: working}
}

func literal(s string) dialog.Text { return dialog.Text{Literal: s} }
