package dialog

import (
	"context"
	"errors"
	"fmt"
)

// Finished is the status of a dialog whose Finish has recorded it. Only
// Flows.Apply returns it.
const Finished Status = 100

// ErrNoFlow is returned for a dialog whose flow a deploy has removed.
var ErrNoFlow = errors.New("dialog: no such flow")

// Flows are the conversations a program knows, by name.
type Flows map[string]Flow

// NewFlows collects flows; it panics when two share a name or a flow repeats
// a step id, which only a programmer can cause.
func NewFlows(all ...Flow) Flows {
	flows := make(Flows, len(all))
	for _, f := range all {
		if _, ok := flows[f.Name]; ok {
			panic("dialog: two flows named " + f.Name)
		}
		ids := map[string]bool{}
		for _, s := range f.Steps {
			if ids[s.ID] {
				panic("dialog: flow " + f.Name + " has two steps named " + s.ID)
			}
			ids[s.ID] = true
		}
		flows[f.Name] = f
	}
	return flows
}

// Result is what one input came to.
type Result struct {
	Status  Status
	Problem *Problem
	Outcome Outcome // when Finished
}

// Apply brings the dialog up to today's flow, applies the input and, when
// nothing is left to ask, finishes it. On an error nothing has changed.
func (fs Flows) Apply(ctx context.Context, d Dialog, in Input) (Dialog, Result, error) {
	f, ok := fs[d.Flow]
	if !ok {
		return d, Result{}, ErrNoFlow
	}
	next, status, problem := Advance(f, Resume(f, d), in)
	if status != Ready {
		return next, Result{Status: status, Problem: problem}, nil
	}
	complete := next.clone()
	complete.Answers = Visible(f, next)
	outcome, err := f.Finish(ctx, complete)
	if err != nil {
		return d, Result{}, fmt.Errorf("finish %s: %w", f.Name, err)
	}
	if outcome.Step != "" {
		return redo(f, next, outcome.Step), Result{Status: Asking, Problem: &outcome.Problem}, nil
	}
	return next, Result{Status: Finished, Outcome: outcome}, nil
}

// Question draws a dialog's current question; ok is false when its flow is
// gone or asks nothing more.
func (fs Flows) Question(d Dialog) (q Question, ok bool) {
	f, ok := fs[d.Flow]
	if !ok {
		return Question{}, false
	}
	return QuestionOf(f, Resume(f, d))
}

// Shown says the answer a step was given, to people.
func (fs Flows) Shown(d Dialog, step string) (Text, bool) {
	f := fs[d.Flow]
	for i := range f.Steps {
		s := &f.Steps[i]
		if a, ok := d.Answers[step]; ok && s.ID == step {
			if a.Skipped {
				return Text{Key: "value.skipped"}, true
			}
			return f.show(s, a.Value), true
		}
	}
	return Text{}, false
}

// redo reopens a step after Finish refused its answer, and takes back the
// confirmation on the review card.
func redo(f Flow, d Dialog, step string) Dialog {
	d = d.clone()
	d.Draft = Draft{}
	for i := range f.Steps {
		s := &f.Steps[i]
		if s.ID != step && !s.Given && s.Field.Ask(d.Answers, "").Review {
			delete(d.Answers, s.ID)
		}
	}
	delete(d.Answers, step) // not offered again: it was just refused
	return d
}
