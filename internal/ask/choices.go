package ask

import (
	"slices"
	"strings"

	"umkmbot/internal/dialog"
)

// Several is a field with a fixed list of which any number may be chosen; the
// value is their ids in the list's order, "a,c".
type Several struct {
	list OneOf
	most int // 0: any number
}

// doneOption ends a step that collects.
const doneOption = "done"

// Choices asks for one or more of some options: ticked by taps, or typed as
// "1,3" or by name. The option "done" settles what is ticked.
func Choices(ids ...string) Several { return Several{list: Choice(ids...)} }

// SeveralOf asks for one or more of a choice's options.
func SeveralOf(f OneOf) Several { return Several{list: f} }

// Also lets an option be typed in other words.
func (f Several) Also(id string, words ...string) Several {
	f.list = f.list.Also(id, words...)
	return f
}

// Columns puts options side by side.
func (f Several) Columns(n int) Several {
	f.list = f.list.Columns(n)
	return f
}

// Named takes the options' words from under a prefix of their own.
func (f Several) Named(prefix string) Several {
	f.list = f.list.Named(prefix)
	return f
}

// Labelled says how each option is called.
func (f Several) Labelled(label func(id string) dialog.Text) Several {
	f.list = f.list.Labelled(label)
	return f
}

// Most lets at most that many be chosen.
func (f Several) Most(most int) Several {
	f.most = most
	return f
}

// Where offers only the options that go with what was answered before.
func (f Several) Where(offered func(id string, earlier dialog.Answers) bool) Several {
	f.list = f.list.Where(offered)
	return f
}

// Ask lists the options, those ticked marked, and "done" when any is.
func (f Several) Ask(earlier dialog.Answers, working string) dialog.Ask {
	f.list = f.list.given(earlier)
	a := dialog.Ask{Accepts: dialog.AcceptText, Columns: f.list.columns}
	ticked := f.ticked(working)
	for _, o := range f.list.options {
		if f.list.label != nil {
			o.Text = f.list.label(o.ID)
		}
		if slices.Contains(ticked, o.ID) {
			o.Text = dialog.Text{Key: "ask.ticked", Args: dialog.Args{"Option": f.list.Show(o.ID)}}
		}
		a.Options = append(a.Options, o)
	}
	if len(ticked) > 0 {
		a.Options = append(a.Options, option(doneOption, "ask.done"))
	}
	return a
}

// ticked reads a list of ids, in the options' order, unknown ones left out.
func (f Several) ticked(list string) []string {
	given := strings.Split(list, ",")
	var out []string
	for _, o := range f.list.options {
		if slices.Contains(given, o.ID) {
			out = append(out, o.ID)
		}
	}
	return out
}

// Parse ticks, unticks or finishes.
func (f Several) Parse(in dialog.Input, earlier dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	f.list = f.list.given(earlier)
	ticked := f.ticked(working)
	if in.Option != "" || in.Kind == dialog.InputPress {
		switch {
		case in.Option == doneOption && len(ticked) > 0:
			return f.settled(ticked)
		case !f.list.has(in.Option):
			return stale, nil
		}
		return f.toggled(ticked, in.Option), nil
	}
	text, why := typed(in)
	if why != nil {
		return dialog.Parsed{}, why
	}
	if finished(text) {
		if len(ticked) == 0 {
			return dialog.Parsed{}, problem("choose_some")
		}
		return f.settled(ticked)
	}
	named, ok := f.named(text)
	if !ok {
		return dialog.Parsed{}, problem("choose_some")
	}
	return f.working(append(ticked, named...)), nil
}

// settled ends the step, if they are not too many.
func (f Several) settled(ticked []string) (dialog.Parsed, *dialog.Problem) {
	if f.most > 0 && len(ticked) > f.most {
		return dialog.Parsed{}, problem("choose_fewer", "Max", f.most, "Count", len(ticked))
	}
	return dialog.Parsed{Value: strings.Join(ticked, ",")}, nil
}

func (f Several) toggled(ticked []string, id string) dialog.Parsed {
	if i := slices.Index(ticked, id); i >= 0 {
		return f.working(slices.Delete(ticked, i, i+1))
	}
	return f.working(append(ticked, id))
}

func (f Several) working(ids []string) dialog.Parsed {
	return dialog.Parsed{Working: strings.Join(f.ticked(strings.Join(ids, ",")), ",")}
}

// named reads a typed list; every part must be an option.
func (f Several) named(text string) (ids []string, ok bool) {
	if everything[squeeze(text)] {
		return f.ticked(strings.Join(f.ids(), ",")), true
	}
	if id, ok := f.list.named(text); ok {
		return []string{id}, true
	}
	text = strings.NewReplacer(" dan ", ",", " & ", ",", " sama ", ",", " serta ", ",", " and ", ",", "+", ",", ";", ",", "/", ",").Replace(strings.ToLower(text))
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ',' })
	if len(parts) == 1 {
		parts = strings.Fields(text)
	}
	for _, part := range parts {
		id, ok := f.list.named(strings.TrimSpace(part))
		if !ok {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, len(ids) > 0
}

func (f Several) ids() []string {
	ids := make([]string, 0, len(f.list.options))
	for _, o := range f.list.options {
		ids = append(ids, o.ID)
	}
	return ids
}

var everything = map[string]bool{"semua": true, "semuanya": true, "all": true, "al": true, "kabeh": true, "sadayana": true}

// finished recognises that somebody has nothing to add.
func finished(text string) bool {
	if done[squeeze(text)] {
		return true
	}
	says := assent(text)
	return says == saysYes || says == saysNo
}

var done = func() map[string]bool {
	set := map[string]bool{}
	for _, s := range []string{
		"selesai", "sls", "slesai", "sudah selesai", "udah selesai", "sudah semua", "udah semua", "itu saja", "itu aja", "cukup", "beres",
		"done", "finish", "finished", "rampung", "tos", "enggeus", "tidak ada lagi", "ga ada lagi", "gak ada lagi", "sudah lengkap", "lengkap", "cuma itu",
	} {
		set[squeeze(s)] = true
	}
	return set
}()

// Reopen starts from what was ticked.
func (f Several) Reopen(value string) string { return strings.Join(f.ticked(value), ",") }

// Holds reports whether every chosen option is still offered, and they are not
// too many.
func (f Several) Holds(value string, earlier dialog.Answers) bool {
	f.list = f.list.given(earlier)
	ticked := f.ticked(value)
	return value != "" && strings.Join(ticked, ",") == value && (f.most == 0 || len(ticked) <= f.most)
}

// Show lists the labels.
func (f Several) Show(value string) dialog.Text {
	first, rest, more := strings.Cut(value, ",")
	label := f.list.Show(first)
	if !more {
		return label
	}
	return dialog.Text{Key: "value.list", Args: dialog.Args{"First": label, "Rest": f.Show(rest)}}
}
