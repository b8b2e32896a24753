package bot

import (
	"strings"
	"unicode"

	"umkmbot/internal/dialog"
)

// navigations are the typed words that mean a button of every question.
var navigations = map[string]string{
	"back": dialog.Back, "cancel": dialog.Cancel, "skip": dialog.Skip,
	"keep": dialog.Keep, "help": dialog.Help,
}

// commandWords are the typed words that leave the question as it is.
var commandWords = map[string]bool{"person": true, "menu": true}

// typed finds what a typed text stands for besides itself: an option of the
// question, or a command's word. An answer stays an answer unless it is one
// of these and nothing else.
func (t *turn) typed(q dialog.Question, text string) (option, command string) {
	word := t.bot.words.Word(bare(text))
	if q.Leaving {
		switch word {
		case "yes", "cancel":
			return dialog.Cancel, ""
		case "no", "stay":
			return dialog.Stay, ""
		}
		for option, key := range map[string]string{dialog.Stay: "nav.stay", dialog.Cancel: "nav.leave"} {
			if strings.EqualFold(bare(t.label(key, nil)), bare(text)) {
				return option, ""
			}
		}
	}
	switch {
	case q.Skip && len(q.Guesses) == 0 && (word == "no" || word == "none"):
		return dialog.Skip, ""
	case strings.EqualFold(bare(t.cancelLabel(q)), bare(text)):
		return dialog.Cancel, ""
	case len(q.Guesses) > 0 && strings.EqualFold(bare(t.label("nav.retype", nil)), bare(text)):
		return dialog.Retype, ""
	}
	if nav, ok := navigations[word]; ok {
		return nav, ""
	}
	if option := t.labelled(q, text); option != "" || !commandWords[word] {
		return option, ""
	}
	return "", word
}

// labelled finds the option or guess whose label was typed.
func (t *turn) labelled(q dialog.Question, text string) string {
	folded := strings.ToLower(bare(text))
	if folded == "" {
		return ""
	}
	same := func(label string) bool { return strings.ToLower(bare(label)) == folded }
	if q.Keep != nil && same(t.label("nav.keep", dialog.Args{"Value": *q.Keep})) {
		return dialog.Keep
	}
	for _, g := range q.Guesses {
		if same(t.plain(g.Text)) {
			return g.ID
		}
	}
	if len(q.Guesses) > 0 {
		return ""
	}
	for _, o := range q.Options {
		if same(t.optionLabel(q, o)) {
			return o.ID
		}
	}
	if q.Review {
		for _, line := range q.Lines {
			if same(t.label(t.stepKey(q, line.Step, "label"), nil)) {
				return dialog.Edit + line.Step
			}
		}
	}
	return ""
}

// bare strips the emoji and marks around a label.
func bare(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
