package dialog

import (
	"maps"
	"strings"
)

// Question is what a dialog asks now; adapters turn it into buttons and words.
type Question struct {
	Dialog, Flow, Step string
	Words              string // the flow whose messages are used where Flow has none
	Number, Total      int    // "Langkah 3 dari 8"
	Ask
	Guesses    []Option // offered instead of the options
	Keep       *Text    // the earlier answer, offered again
	Back, Skip bool
	Leaving    bool // asks whether to cancel
	Lines      []Line
}

// Line is one answer on the review card.
type Line struct {
	Step string
	Text Text
}

// QuestionOf draws the current question; ok is false when none is left.
func QuestionOf(f Flow, d Dialog) (q Question, ok bool) {
	p := locate(f, d)
	if p.index == len(f.Steps) {
		return Question{}, false
	}
	s := &f.Steps[p.index]
	draft := d.draftOf(s)
	q = Question{
		Dialog: d.ID, Flow: f.Name, Step: s.ID, Words: f.words(),
		Number: p.number + 1, Total: total(f, d, p),
		Ask:  s.Field.Ask(p.earlier, draft.Working),
		Back: f.leadsBack(s, d, p, draft), Skip: s.Optional, Leaving: draft.Leaving,
	}
	for i := range q.Options {
		q.Options[i].Text = f.whole(s, q.Options[i].Text)
	}
	say := f.show
	if len(draft.Guesses) == 1 {
		say = f.echo
	}
	for _, v := range draft.Guesses {
		q.Guesses = append(q.Guesses, Option{ID: guessed + v, Text: say(s, v)})
	}
	if a := d.Answers[s.ID]; a.Reopened && !a.Skipped && s.Field.Holds(a.Value, p.earlier) {
		t := f.show(s, a.Value)
		q.Keep = &t
	}
	if q.Review {
		q.Lines = lines(f, p.earlier)
	}
	return q, true
}

// leadsBack: there is something to go back to, within the step or before it.
// A flow that opens at its review card is left by other ways.
func (f *Flow) leadsBack(s *Step, d Dialog, p place, draft Draft) bool {
	switch {
	case draft.Editing:
		return true
	case f.Words != "":
		return len(draft.Guesses) > 0
	}
	return p.back >= 0 || draft.Working != "" && draft.Working != s.reopened(d)
}

func (f *Flow) words() string {
	if f.Words != "" {
		return f.Words
	}
	return f.Name
}

// total counts the steps as far as today's answers show them, without those
// that were known.
func total(f Flow, d Dialog, p place) int {
	n := p.number
	seen, own := p.earlier, false // copied when something is added to it
	for i := p.index; i < len(f.Steps); i++ {
		s := &f.Steps[i]
		if s.When != nil && !s.When(seen) {
			continue
		}
		if s.Given {
			continue
		}
		a, ok := d.Answers[s.ID]
		settled := ok && s.settles(a, seen)
		if settled && !own {
			seen, own = maps.Clone(seen), true
		}
		if settled {
			seen[s.ID] = a
		}
		if i == p.index || !settled || !a.Known {
			n++
		}
	}
	return n
}

// show says a value with its keys made whole.
func (f *Flow) show(s *Step, value string) Text { return f.whole(s, s.Field.Show(value)) }

// echo says a value for checking.
func (f *Flow) echo(s *Step, value string) Text {
	if e, ok := s.Field.(Echoer); ok {
		return f.whole(s, e.Echo(value))
	}
	return f.show(s, value)
}

// whole makes the keys of a field's text whole, those within its arguments too.
func (f *Flow) whole(s *Step, t Text) Text {
	if strings.HasPrefix(t.Key, ".") {
		t.Key = f.words() + "." + s.ID + t.Key
	}
	var args Args
	for name, value := range t.Args {
		if inner, ok := value.(Text); ok {
			if args == nil {
				args = maps.Clone(t.Args)
			}
			args[name] = f.whole(s, inner)
		}
	}
	if args != nil {
		t.Args = args
	}
	return t
}

func lines(f Flow, answers Answers) []Line {
	var out []Line
	for i := range f.Steps {
		s := &f.Steps[i]
		a, ok := answers[s.ID]
		if !ok || s.Given {
			continue
		}
		t := Text{Key: "value.skipped"}
		if !a.Skipped {
			t = f.echo(s, a.Value)
		}
		out = append(out, Line{Step: s.ID, Text: t})
	}
	return out
}

func (d Dialog) draftOf(s *Step) Draft {
	if d.Draft.Step != s.ID {
		return Draft{Step: s.ID, Working: s.reopened(d)}
	}
	return d.Draft
}

// reopened is what a step that is asked again starts from.
func (s *Step) reopened(d Dialog) string {
	a := d.Answers[s.ID]
	if r, ok := s.Field.(Reopener); ok && a.Reopened && !a.Skipped {
		return r.Reopen(a.Value)
	}
	return ""
}
