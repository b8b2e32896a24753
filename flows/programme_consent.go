package flows

import (
	"slices"
	"strings"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
)

// consentField asks for consent, which must be meant: a word that only wants
// to go on is none.
type consentField struct{ ask.OneOf }

// onward are the words that elsewhere pass for a yes.
var onward = []string{"lanjut", "lanjutkan", "terus", "teruskan", "oke", "ok", "okay", "okey", "oce", "sip", "siap", "next", "continue"}

// Parse takes a button or a plain yes or no.
func (f consentField) Parse(in dialog.Input, earlier dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	if in.Option == "" && in.Kind == dialog.InputText {
		words := strings.FieldsFunc(strings.ToLower(in.Text), func(r rune) bool { return strings.ContainsRune(" .,!", r) })
		weak := func(w string) bool { return slices.Contains(onward, w) }
		if len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !weak(w) }) {
			return dialog.Parsed{}, &dialog.Problem{Key: "choose"}
		}
	}
	return f.OneOf.Parse(in, earlier, working)
}
