package ask

import (
	"slices"
	"strings"

	"umkmbot/internal/dialog"
)

// OneOf is a field with a fixed list of answers; the value is an option's id.
type OneOf struct {
	options []dialog.Option
	also    map[string]string // words, squeezed, to ids
	columns int
	review  bool
	label   func(id string) dialog.Text // of an option; nil: the step's own words
	args    func(earlier dialog.Answers) dialog.Args
	apart   []dialog.Option
	offered func(id string, earlier dialog.Answers) bool // nil: all of them are
}

// Choice asks for one of some options, tapped, typed by label or id, or by
// number. Options whose ids begin with yes, agree, confirm, no, decline or
// not_yet are understood from the words people use for them.
func Choice(ids ...string) OneOf {
	f := OneOf{}
	for _, id := range ids {
		f.options = append(f.options, dialog.Option{ID: id})
	}
	return f
}

// Review shows every answer so far and asks for "confirm".
func Review() dialog.Field {
	f := Choice("confirm")
	f.review = true
	return f
}

// Columns puts options side by side.
func (f OneOf) Columns(n int) OneOf {
	f.columns = n
	return f
}

// Named takes the options' words from under a prefix of their own, as
// "value.document.".
func (f OneOf) Named(prefix string) OneOf {
	f.label = func(id string) dialog.Text { return dialog.Text{Key: prefix + id} }
	return f
}

// Labelled says how each option is called.
func (f OneOf) Labelled(label func(id string) dialog.Text) OneOf {
	f.label = label
	return f
}

// Where offers only the options that go with what was answered before.
func (f OneOf) Where(offered func(id string, earlier dialog.Answers) bool) OneOf {
	f.offered = offered
	return f
}

// given is the field with the options that are offered now.
func (f OneOf) given(earlier dialog.Answers) OneOf {
	if f.offered != nil {
		f.options = slices.DeleteFunc(slices.Clone(f.options), func(o dialog.Option) bool { return !f.offered(o.ID, earlier) })
		f.offered = nil
	}
	return f
}

// With fills the placeholders of the question, and of options whose words are
// under "<flow>.<step>.<id>.option", with what is known by now.
func (f OneOf) With(args func(earlier dialog.Answers) dialog.Args) OneOf {
	f.args = args
	return f
}

// Instead offers a way that is no answer: back to an earlier step.
func (f OneOf) Instead(step string) OneOf {
	f.apart = append(slices.Clone(f.apart), instead(step))
	return f
}

// instead leads back to an earlier step.
func instead(step string) dialog.Option {
	return dialog.Option{ID: dialog.Edit + step, Text: dialog.Text{Key: ".instead"}, Apart: true}
}

// Also lets an option be typed in other words.
func (f OneOf) Also(id string, words ...string) OneOf {
	also := make(map[string]string, len(f.also)+len(words))
	for w, to := range f.also {
		also[w] = to
	}
	for _, w := range words {
		also[squeeze(clean(w))] = id
	}
	f.also = also
	return f
}

// Ask lists the options.
func (f OneOf) Ask(earlier dialog.Answers, _ string) dialog.Ask {
	f = f.given(earlier)
	a := dialog.Ask{Accepts: dialog.AcceptText, Columns: f.columns, Review: f.review}
	if f.args != nil {
		a.Args = f.args(earlier)
	}
	for _, o := range f.options {
		switch {
		case f.label != nil:
			o.Text = f.label(o.ID)
		case f.args != nil:
			o.Text = dialog.Text{Key: "." + o.ID + ".option", Args: a.Args}
		}
		a.Options = append(a.Options, o)
	}
	a.Options = append(a.Options, f.apart...)
	return a
}

// Parse takes a tap, a label, a number or a word for an option.
func (f OneOf) Parse(in dialog.Input, earlier dialog.Answers, _ string) (dialog.Parsed, *dialog.Problem) {
	f = f.given(earlier)
	if in.Option != "" || in.Kind == dialog.InputPress {
		if !f.has(in.Option) {
			return stale, nil
		}
		return dialog.Parsed{Value: in.Option}, nil
	}
	text, why := typed(in)
	if why != nil {
		return dialog.Parsed{}, why
	}
	if id, ok := f.named(text); ok {
		return dialog.Parsed{Value: id}, nil
	}
	switch meant := assent(text); {
	case meant == saysNothing:
		return dialog.Parsed{}, problem("choose")
	case f.review || meant != saysYes && len(f.options) == 1:
		return dialog.Parsed{}, problem("needs_yes")
	}
	return dialog.Parsed{}, problem("choose")
}

func (f OneOf) named(text string) (id string, ok bool) {
	if n, ok := ordinal(text, len(f.options)); ok {
		return f.options[n].ID, true
	}
	if id, ok := f.also[squeeze(text)]; ok && f.has(id) {
		return id, true
	}
	for _, o := range f.options {
		if strings.EqualFold(text, o.ID) || strings.EqualFold(text, strings.ReplaceAll(o.ID, "_", " ")) {
			return o.ID, true
		}
	}
	return f.meaning(assent(text))
}

// meaning finds the option that stands for yes, no or not yet.
func (f OneOf) meaning(s said) (id string, ok bool) {
	for _, stem := range stems[s] {
		for _, o := range f.options {
			if o.ID == stem || strings.HasPrefix(o.ID, stem+"_") {
				return o.ID, true
			}
		}
	}
	return "", false
}

var stems = [...][]string{
	saysYes:    {"yes", "agree", "confirm"},
	saysNo:     {"no", "decline", "disagree"},
	saysNotYet: {"not_yet"},
}

func (f OneOf) has(id string) bool {
	return slices.ContainsFunc(f.options, func(o dialog.Option) bool { return o.ID == id })
}

// Holds reports whether the option is still offered.
func (f OneOf) Holds(value string, earlier dialog.Answers) bool { return f.given(earlier).has(value) }

// Show gives the option's label.
func (f OneOf) Show(value string) dialog.Text {
	if f.label != nil {
		return f.label(value)
	}
	return dialog.Text{Key: "." + value}
}

// Is is a When: the step was answered with this value.
func Is(step, value string) func(dialog.Answers) bool { return In(step, value) }

// In is a When: the step was answered with one of these values.
func In(step string, values ...string) func(dialog.Answers) bool {
	return func(a dialog.Answers) bool { return slices.Contains(values, a.Value(step)) }
}

// Not is a When that holds where another does not.
func Not(when func(dialog.Answers) bool) func(dialog.Answers) bool {
	return func(a dialog.Answers) bool { return !when(a) }
}
