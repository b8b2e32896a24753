package dialog

import (
	"slices"
	"strings"
)

// Status says where an input left the dialog.
type Status uint8

// The statuses of Advance.
const (
	Asking    Status = iota // the current question stands, changed or not
	Ready                   // every visible step is settled: call Finish
	Cancelled               // the person left
	Helping                 // help was asked for; nothing changed
	Reading                 // the long text was asked for; nothing changed
	Stale                   // a button of another question; nothing changed
)

// New starts a flow. The id must be new; it makes Finish idempotent.
func New(f Flow, id string) Dialog {
	return Dialog{ID: id, Flow: f.Name, Rev: f.Rev, Answers: Answers{}}
}

// Resume brings a saved dialog up to today's flow.
func Resume(f Flow, d Dialog) Dialog {
	if d.Rev < f.Rev && f.Upgrade != nil {
		d = d.clone()
		d.Answers = f.Upgrade(d.Rev, d.Answers)
	}
	d.Rev = f.Rev
	return d
}

// place is where a dialog stands.
type place struct {
	index   int     // of the current step; len(Steps) when all are settled
	earlier Answers // of the visible steps before it
	number  int     // of visible steps before it that were asked
	back    int     // index of the last of them, or -1
}

func locate(f Flow, d Dialog) place {
	p := place{earlier: make(Answers, min(len(f.Steps), len(d.Answers))), back: -1}
	for p.index = range f.Steps {
		s := &f.Steps[p.index]
		if s.When != nil && !s.When(p.earlier) {
			continue
		}
		if s.Given {
			if a, ok := d.Answers[s.ID]; ok {
				p.earlier[s.ID] = a
			}
			continue
		}
		a, ok := d.Answers[s.ID]
		if !ok || a.Reopened || !s.settles(a, p.earlier) {
			return p
		}
		p.earlier[s.ID] = a
		if a.Known {
			continue
		}
		p.number++
		p.back = p.index
	}
	p.index = len(f.Steps)
	return p
}

func (f *Flow) given(step string) bool {
	return slices.ContainsFunc(f.Steps, func(s Step) bool { return s.Given && s.ID == step })
}

func (s *Step) settles(a Answer, earlier Answers) bool {
	if a.Skipped {
		return s.Optional
	}
	return s.Field.Holds(a.Value, earlier)
}

// Visible returns the answers of the visible, settled steps: what Finish may
// use. Answers of hidden branches are left out.
func Visible(f Flow, d Dialog) Answers { return locate(f, d).earlier }

// Advance applies one input. The dialog given is left as it was.
func Advance(f Flow, d Dialog, in Input) (Dialog, Status, *Problem) {
	p := locate(f, d)
	if p.index == len(f.Steps) {
		return d, Ready, nil
	}
	s := &f.Steps[p.index]
	if in.Kind == InputPress && (in.Dialog != d.ID || in.Step != s.ID) {
		return d, Stale, nil
	}
	t := turn{f: f, d: d.clone(), p: p, s: s, draft: d.draftOf(s)}
	var status Status
	var problem *Problem
	if strings.HasPrefix(in.Option, "!") {
		status, problem = t.navigate(in.Option)
	} else {
		status, problem = t.answer(in)
	}
	t.d.Draft = t.draft
	if status == Asking && problem == nil && locate(f, t.d).index == len(f.Steps) {
		status = Ready
	}
	return t.d, status, problem
}

// turn is one Advance at work.
type turn struct {
	f     Flow
	d     Dialog
	p     place
	s     *Step
	draft Draft
}

func (t *turn) navigate(option string) (Status, *Problem) {
	switch option {
	case Help:
		return Helping, nil
	case More:
		return Reading, nil
	case Cancel:
		return t.cancel(), nil
	case Stay:
		t.draft.Leaving = false
		return Asking, nil
	case Retype:
		t.draft.Guesses = nil
		return Asking, nil
	case Back:
		return t.back()
	case Skip:
		return t.skip()
	case Keep:
		return t.keep()
	}
	if step, ok := strings.CutPrefix(option, Edit); ok {
		return t.edit(step)
	}
	return Stale, nil
}

// cancel leaves at once when nothing was given yet, else asks first.
func (t *turn) cancel() Status {
	if t.draft.Leaving || !t.d.Dirty {
		return Cancelled
	}
	t.draft.Leaving = true
	return Asking
}

// back undoes the last of what the step collected so far, or reopens the step
// before.
func (t *turn) back() (Status, *Problem) {
	switch {
	case t.draft.Leaving:
		t.draft.Leaving = false
		return Asking, nil
	case len(t.draft.Guesses) > 0:
		t.draft.Guesses = nil
		return Asking, nil
	case t.draft.Working != "" && t.draft.Working != t.s.reopened(t.d):
		working := ""
		if u, ok := t.s.Field.(Unwinder); ok {
			working = u.Unwind(t.draft.Working)
		}
		t.draft.Working = working
		return Asking, nil
	}
	if t.draft.Editing {
		return t.keep()
	}
	if t.p.back < 0 {
		return Asking, &Problem{Key: "no_back"}
	}
	t.reopen(t.f.Steps[t.p.back].ID)
	return Asking, nil
}

func (t *turn) reopen(step string) {
	a := t.d.Answers[step]
	a.Reopened = true
	t.d.Answers[step] = a
	t.draft = Draft{}
}

func (t *turn) skip() (Status, *Problem) {
	if !t.s.Optional {
		return Asking, &Problem{Key: "no_skip"}
	}
	t.settle(Answer{Skipped: true})
	return Asking, nil
}

func (t *turn) keep() (Status, *Problem) {
	a := t.d.Answers[t.s.ID]
	if !a.Reopened {
		return Stale, nil
	}
	a.Reopened = false
	if !t.s.settles(a, t.p.earlier) {
		return Stale, nil
	}
	t.settle(a)
	return Asking, nil
}

// edit reopens one answer from the review card, which is asked again after.
func (t *turn) edit(step string) (Status, *Problem) {
	if _, ok := t.p.earlier[step]; !ok || t.f.given(step) {
		return Stale, nil
	}
	t.reopen(step)
	t.draft = Draft{Step: step, Editing: true}
	for i := range t.f.Steps {
		if t.f.Steps[i].ID == step {
			t.draft.Working = t.f.Steps[i].reopened(t.d)
		}
	}
	return Asking, nil
}

func (t *turn) settle(a Answer) {
	old, answered := t.d.Answers[t.s.ID]
	a.Known = old.Known && t.draft.Editing // changed on the review card it is still no step of the way
	t.d.Dirty = t.d.Dirty || !answered || old.Value != a.Value || old.Skipped != a.Skipped
	t.d.Answers[t.s.ID] = a
	t.draft = Draft{}
}

func (t *turn) answer(in Input) (Status, *Problem) {
	if v, ok := strings.CutPrefix(in.Option, guessed); ok {
		return t.confirm(v)
	}
	in.Guesses = t.draft.Guesses
	t.draft.Leaving = false
	parsed, problem := t.s.Field.Parse(in, t.p.earlier, t.draft.Working)
	switch {
	case problem != nil:
		return Asking, problem
	case parsed.Value != "" && !t.s.Field.Holds(parsed.Value, t.p.earlier):
		return Stale, nil
	case parsed.Value != "":
		t.settle(Answer{Value: parsed.Value})
	default:
		t.draft.Working, t.draft.Guesses = parsed.Working, parsed.Guesses
	}
	return Asking, nil
}

// confirm settles a guess that was offered; any other value is a forgery or
// an old button.
func (t *turn) confirm(value string) (Status, *Problem) {
	for _, g := range t.draft.Guesses {
		if g == value && t.s.Field.Holds(value, t.p.earlier) {
			t.settle(Answer{Value: value})
			return Asking, nil
		}
	}
	return Stale, nil
}
