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
