package flows

import (
	"regexp"
	"slices"
	"strings"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// loading stands while the pages are on their way: nothing answers it.
type loading struct{}

func (loading) Ask(dialog.Answers, string) dialog.Ask { return dialog.Ask{} }

func (loading) Parse(dialog.Input, dialog.Answers, string) (dialog.Parsed, *dialog.Problem) {
	return dialog.Parsed{}, &dialog.Problem{Key: "wait"}
}

func (loading) Holds(string, dialog.Answers) bool { return false }

func (loading) Show(string) dialog.Text { return dialog.Text{} }

// retyped is the document's number as the reviewer reads it there; the value
// is its kind, a mark and the number.
type retyped struct{}

const numberMark = "|"

// mostNumber bounds what is taken for a number, in bytes.
const mostNumber = 100

func (retyped) Ask(earlier dialog.Answers, _ string) dialog.Ask {
	kind := umkm.DocumentKind(earlier.Value("kind"))
	return dialog.Ask{
		Accepts: dialog.AcceptText, Secret: kind == umkm.DocumentKTP || kind == umkm.DocumentNPWP,
		Args: dialog.Args{"Kind": ask.DocumentName(string(kind))},
	}
}

func (retyped) Parse(in dialog.Input, earlier dialog.Answers, _ string) (dialog.Parsed, *dialog.Problem) {
	kind := umkm.DocumentKind(earlier.Value("kind"))
	rule, ok := umkm.RuleOf(kind)
	why := &dialog.Problem{Key: "number", Args: dialog.Args{"Kind": ask.DocumentName(string(kind))}}
	if in.Kind != dialog.InputText || in.Option != "" || !ok || len(in.Text) > mostNumber {
		return dialog.Parsed{}, why
	}
	number, _, err := rule.Parse(in.Text)
	if err != nil {
		return dialog.Parsed{}, why
	}
	return dialog.Parsed{Value: string(kind) + numberMark + number}, nil
}

func (retyped) Holds(value string, earlier dialog.Answers) bool {
	kind, number, _ := strings.Cut(value, numberMark)
	return number != "" && kind == earlier.Value("kind")
}

func (retyped) Show(value string) dialog.Text {
	kind, number, _ := strings.Cut(value, numberMark)
	if rule, ok := umkm.RuleOf(umkm.DocumentKind(kind)); ok {
		number = rule.Show(number)
	}
	return dialog.Text{Literal: number}
}

// ReasonName is a ready reason as a button says it.
func ReasonName(id string) dialog.Text {
	if id == inOwnWords {
		return dialog.Text{Key: "review.reasons.other"}
	}
	return dialog.Text{Key: "content.reason." + id}
}

// inOwnWords is the reason that is written instead of ticked.
const inOwnWords = "other"

func ownWords(a dialog.Answers) bool {
	return slices.Contains(strings.Split(a.Value("reasons"), ","), inOwnWords)
}

// readyReasons ticks why a document is not approved: the ready reasons of its
// kind and the verdict, or others in the reviewer's own words.
type readyReasons struct{ texts func() umkm.DocumentTexts }

func (f readyReasons) list(earlier dialog.Answers) ask.Several {
	kind, verdict := umkm.DocumentKind(earlier.Value("kind")), umkm.Verdict(earlier.Value("verdict"))
	var ids []string
	for _, r := range f.texts().ReasonsFor(kind, verdict) {
		ids = append(ids, r.ID)
	}
	return ask.Choices(append(ids, inOwnWords)...)
}

// named puts the reasons' own words in place of the step's.
func named(t dialog.Text) dialog.Text {
	if id, ok := strings.CutPrefix(t.Key, "."); ok {
		return ReasonName(id)
	}
	args := dialog.Args{}
	for name, value := range t.Args {
		if inner, ok := value.(dialog.Text); ok {
			value = named(inner)
		}
		args[name] = value
	}
	t.Args = args
	return t
}

func (f readyReasons) Ask(earlier dialog.Answers, working string) dialog.Ask {
	a := f.list(earlier).Ask(earlier, working)
	for i, o := range a.Options {
		if o.Text.Key == "" {
			o.Text.Key = "." + o.ID
		}
		a.Options[i].Text = named(o.Text)
	}
	return a
}

func (f readyReasons) Parse(in dialog.Input, earlier dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	return f.list(earlier).Parse(in, earlier, working)
}

func (f readyReasons) Holds(value string, earlier dialog.Answers) bool {
	return f.list(earlier).Holds(value, earlier)
}

func (f readyReasons) Show(value string) dialog.Text { return named(ask.Choices().Show(value)) }

func (f readyReasons) Reopen(value string) string { return value }

// Bounds of a note to the owner, in characters.
const (
	shortNote = 3
	longNote  = 300
)

// note is a line of the reviewer's to the owner.
var note = impersonal{ask.Text(shortNote, longNote)}

// impersonal is a text that others read. It holds no number by which anybody
// could be found.
type impersonal struct{ dialog.Field }

// Parse refuses what tells a person's number.
func (f impersonal) Parse(in dialog.Input, earlier dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	p, why := f.Field.Parse(in, earlier, working)
	if why == nil && personal(p.Value) {
		return dialog.Parsed{}, &dialog.Problem{Key: "personal"}
	}
	return p, why
}

// numerals are digits as people group them, ten at least.
var numerals = regexp.MustCompile(`\+?\d(?:[ .\-()/]{0,2}\d){9,}`)

var mobile = regexp.MustCompile(`^(?:0|62)8\d{7,12}$`)

// personal reports whether a text holds a NIK or a phone number.
func personal(text string) bool {
	for _, found := range numerals.FindAllString(text, -1) {
		digits := strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, found)
		if mobile.MatchString(digits) {
			return true
		}
		for ; len(digits) >= 16; digits = digits[1:] {
			if _, err := umkm.ParseNIK(digits[:16]); err == nil {
				return true
			}
		}
	}
	return false
}
