package dialog

import (
	"context"
	"testing"
)

// TestGiven: what was known when the dialog was opened is read by later
// steps, and neither asked nor shown nor edited.
func TestGiven(t *testing.T) {
	f := Flow{
		Name: "f",
		Steps: []Step{
			{ID: "about", Given: true},
			{ID: "a", Field: word{}, When: func(e Answers) bool { return e.Value("about") == "x" }},
			{ID: "b", Field: word{}},
		},
		Finish: func(_ context.Context, d Dialog) (Outcome, error) {
			return Done(d.Answers.Value("about"), nil), nil
		},
	}
	flows := NewFlows(f)
	d := New(f, "1")
	if q, _ := flows.Question(d); q.Step != "b" || q.Total != 1 {
		t.Errorf("nothing is given: asks %q of %d", q.Step, q.Total)
	}
	d.Answers["about"] = Answer{Value: "x"}
	q, _ := flows.Question(d)
	if q.Step != "a" || q.Number != 1 || q.Total != 2 || q.Back {
		t.Errorf("first question: %+v", q)
	}
	d, _, _ = Advance(f, d, Input{Text: "yes"})
	if next, status, _ := Advance(f, d, Input{Option: Edit + "about"}); status != Stale || next.Answers["about"].Reopened {
		t.Errorf("what is given was edited: %v", status)
	}
	if got := lines(f, Visible(f, d)); len(got) != 1 || got[0].Step != "a" {
		t.Errorf("lines %+v", got)
	}
	_, result, err := flows.Apply(t.Context(), d, Input{Text: "yes"})
	if err != nil || result.Outcome.Key != "x" {
		t.Errorf("outcome %+v, %v", result, err)
	}
}

// word is a field that takes any text.
type word struct{}

func (word) Ask(Answers, string) Ask { return Ask{Accepts: AcceptText} }
func (word) Parse(in Input, _ Answers, _ string) (Parsed, *Problem) {
	return Parsed{Value: in.Text}, nil
}
func (word) Holds(string, Answers) bool { return true }
func (word) Show(v string) Text         { return Text{Literal: v} }

// TestKnown: what came with the dialog is no step of the way, but can be
// changed on the review card.
func TestKnown(t *testing.T) {
	f := Flow{Name: "f", Steps: []Step{
		{ID: "a", Field: word{}}, {ID: "b", Field: word{}}, {ID: "c", Field: word{}}, {ID: "d", Field: word{}}, {ID: "review", Field: card{}},
	}}
	d := New(f, "1")
	d.Answers = Answers{"a": {Value: "x"}, "c": {Value: "y"}}.Known()
	at := func(step string, number, total int, back bool) {
		t.Helper()
		q, _ := QuestionOf(f, d)
		if q.Step != step || q.Number != number || q.Total != total || q.Back != back {
			t.Errorf("%s, %d of %d, back %v; want %s, %d of %d, back %v", q.Step, q.Number, q.Total, q.Back, step, number, total, back)
		}
	}
	do := func(in Input) *Problem {
		var why *Problem
		d, _, why = Advance(f, d, in)
		return why
	}
	at("b", 1, 3, false)
	if why := do(Input{Option: Back}); why == nil || d.Answers["a"].Reopened {
		t.Error("Back led into what was known")
	}
	do(Input{Text: "1"})
	at("d", 2, 3, true)
	do(Input{Option: Back})
	at("b", 1, 3, false)
	do(Input{Text: "1"})
	do(Input{Text: "2"})
	at("review", 3, 3, true)
	do(Input{Option: Edit + "a"})
	at("a", 1, 4, true)
	do(Input{Option: Back})
	at("review", 3, 3, true)
	do(Input{Option: Edit + "a"})
	do(Input{Text: "z"})
	if at("review", 3, 3, true); d.Answers.Value("a") != "z" {
		t.Errorf("the change is lost: %+v", d.Answers)
	}
}

// card is a field that reviews.
type card struct{ word }

func (card) Ask(Answers, string) Ask { return Ask{Review: true} }
