package dialog_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"umkmbot/internal/dialog"
)

// word takes any one-word text; options, when given, are the only answers.
// "maybe" is a guess to confirm, "part" goes on without settling.
type word struct {
	options []string
	review  bool
}

func (w word) Ask(dialog.Answers, string) dialog.Ask {
	a := dialog.Ask{Accepts: dialog.AcceptText, Review: w.review}
	for _, o := range w.options {
		a.Options = append(a.Options, dialog.Option{ID: o})
	}
	return a
}

func (w word) Parse(in dialog.Input, _ dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	text := in.Text
	if in.Option != "" {
		text = in.Option
	}
	switch {
	case in.Kind == dialog.InputOther || strings.ContainsAny(text, " \n") || text == "":
		return dialog.Parsed{}, &dialog.Problem{Key: "word"}
	case text == "maybe":
		return dialog.Parsed{Guesses: []string{"this", "that"}}, nil
	case text == "part":
		return dialog.Parsed{Working: working + "+"}, nil
	}
	return dialog.Parsed{Value: text}, nil
}

func (w word) Holds(value string, _ dialog.Answers) bool {
	for _, o := range w.options {
		if o == value {
			return true
		}
	}
	return len(w.options) == 0 && value != ""
}

func (w word) Show(value string) dialog.Text {
	if len(w.options) > 0 {
		return dialog.Text{Key: "." + value}
	}
	return dialog.Text{Literal: value}
}

func is(step, value string) func(dialog.Answers) bool {
	return func(a dialog.Answers) bool { return a.Value(step) == value }
}

func sample() dialog.Flow {
	return dialog.Flow{
		Name: "sample", Rev: 1,
		Steps: []dialog.Step{
			{ID: "name", Field: word{}},
			{ID: "pet", Field: word{options: []string{"cat", "none"}}},
			{ID: "pet_name", Field: word{}, When: is("pet", "cat")},
			{ID: "note", Field: word{}, Optional: true},
			{ID: "review", Field: word{options: []string{"confirm"}, review: true}},
		},
		Finish: func(context.Context, dialog.Dialog) (dialog.Outcome, error) { return dialog.Done("done", nil), nil },
	}
}

func text(s string) dialog.Input { return dialog.Input{Kind: dialog.InputText, Text: s} }

func option(o string) dialog.Input { return dialog.Input{Kind: dialog.InputText, Option: o} }

// play advances through inputs, which must all be taken without a problem.
func play(t *testing.T, f dialog.Flow, d dialog.Dialog, ins ...dialog.Input) (dialog.Dialog, dialog.Status) {
	t.Helper()
	status := dialog.Asking
	for _, in := range ins {
		var problem *dialog.Problem
		if d, status, problem = dialog.Advance(f, d, in); problem != nil {
			t.Fatalf("input %+v: problem %s", in, problem.Key)
		}
	}
	return d, status
}

// at asserts the current step, "" for none, and returns its question.
func at(t *testing.T, f dialog.Flow, d dialog.Dialog, step string) dialog.Question {
	t.Helper()
	q, ok := dialog.QuestionOf(f, d)
	if ok != (step != "") || q.Step != step {
		t.Fatalf("current step %q, want %q", q.Step, step)
	}
	return q
}

func TestStraightThrough(t *testing.T) {
	f := sample()
	d := dialog.New(f, "1")
	q := at(t, f, d, "name")
	if q.Number != 1 || q.Total != 4 || q.Back || q.Skip {
		t.Errorf("first question %+v", q)
	}
	d, _ = play(t, f, d, text("Siti"), text("cat"))
	if q := at(t, f, d, "pet_name"); q.Number != 3 || q.Total != 5 {
		t.Errorf("a branch that opened must count: %d of %d", q.Number, q.Total)
	}
	d, _ = play(t, f, d, text("Belang"), option(dialog.Skip))
	q = at(t, f, d, "review")
	if len(q.Lines) != 4 || q.Lines[3].Text.Key != "value.skipped" {
		t.Errorf("review lines %+v", q.Lines)
	}
	d, status := play(t, f, d, option("confirm"))
	if status != dialog.Ready {
		t.Errorf("status %d after the last answer", status)
	}
	at(t, f, d, "")
}

func TestNavigation(t *testing.T) {
	f := sample()
	answered := []dialog.Input{text("Siti"), text("cat"), text("Belang"), text("hi")}
	tests := map[string]struct {
		ins  []dialog.Input
		step string
	}{
		"back reopens the one before":       {[]dialog.Input{option(dialog.Back)}, "note"},
		"back twice":                        {[]dialog.Input{option(dialog.Back), option(dialog.Back)}, "pet_name"},
		"back, keep":                        {[]dialog.Input{option(dialog.Back), option(dialog.Keep)}, "review"},
		"back twice, answer":                {[]dialog.Input{option(dialog.Back), option(dialog.Back), text("Oren")}, "note"},
		"edit falls forward to the review":  {[]dialog.Input{option(dialog.Edit + "name"), text("Sari")}, "review"},
		"back from an edit is the card":     {[]dialog.Input{option(dialog.Edit + "name"), option(dialog.Back)}, "review"},
		"edit, keep":                        {[]dialog.Input{option(dialog.Edit + "pet"), option(dialog.Keep)}, "review"},
		"edit closes a branch":              {[]dialog.Input{option(dialog.Edit + "pet"), text("none")}, "review"},
		"back skips a hidden step":          {[]dialog.Input{option(dialog.Edit + "pet"), text("none"), option(dialog.Back), option(dialog.Back)}, "pet"},
		"cancel asks first, stay":           {[]dialog.Input{option(dialog.Cancel), option(dialog.Stay)}, "review"},
		"help changes nothing":              {[]dialog.Input{option(dialog.Help)}, "review"},
		"the long text changes nothing":     {[]dialog.Input{option(dialog.More)}, "review"},
		"back out of a working value":       {[]dialog.Input{option(dialog.Edit + "name"), text("part"), option(dialog.Back)}, "name"},
		"a guess is confirmed":              {[]dialog.Input{option(dialog.Edit + "name"), text("maybe"), option("=that")}, "review"},
		"a guess is rejected":               {[]dialog.Input{option(dialog.Edit + "name"), text("maybe"), option(dialog.Retype)}, "name"},
		"another answer in place of guess":  {[]dialog.Input{option(dialog.Edit + "name"), text("maybe"), text("Sari")}, "review"},
		"an unknown option changes nothing": {[]dialog.Input{option("!fly")}, "review"},
		"a forged edit changes nothing":     {[]dialog.Input{option(dialog.Edit + "salary")}, "review"},
		"a forged guess changes nothing":    {[]dialog.Input{option("=evil")}, "review"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d, _ := play(t, f, dialog.New(f, "1"), answered...)
			at(t, f, d, "review")
			d, _ = play(t, f, d, tt.ins...)
			at(t, f, d, tt.step)
		})
	}
}

func TestRefusals(t *testing.T) {
	f := sample()
	d := dialog.New(f, "1")
	tests := map[string]struct {
		in   dialog.Input
		want string
	}{
		"back at the start":      {option(dialog.Back), "no_back"},
		"skip what is needed":    {option(dialog.Skip), "no_skip"},
		"an input of other kind": {dialog.Input{Kind: dialog.InputOther}, "word"},
		"two words":              {text("dua kata"), "word"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, status, problem := dialog.Advance(f, d, tt.in)
			if problem == nil || problem.Key != tt.want || status != dialog.Asking {
				t.Fatalf("problem %+v, status %d", problem, status)
			}
			at(t, f, got, "name")
		})
	}
}

func TestCancel(t *testing.T) {
	f := sample()
	if _, status := play(t, f, dialog.New(f, "1"), option(dialog.Cancel)); status != dialog.Cancelled {
		t.Error("with nothing given yet, cancel leaves at once")
	}
	d, status := play(t, f, dialog.New(f, "1"), text("Siti"), option(dialog.Cancel))
	if status != dialog.Asking || !at(t, f, d, "pet").Leaving {
		t.Error("with answers given, cancel asks first")
	}
	if _, status = play(t, f, d, option(dialog.Cancel)); status != dialog.Cancelled {
		t.Error("the second cancel leaves")
	}
	if d, _ = play(t, f, d, text("cat")); at(t, f, d, "pet_name").Leaving {
		t.Error("an answer means staying")
	}
}

func TestButtonsOfOtherQuestions(t *testing.T) {
	f := sample()
	d, _ := play(t, f, dialog.New(f, "1"), text("Siti"))
	for name, in := range map[string]dialog.Input{
		"other step":   {Kind: dialog.InputPress, Dialog: "1", Step: "review", Option: "confirm"},
		"other dialog": {Kind: dialog.InputPress, Dialog: "2", Step: "pet", Option: "cat"},
	} {
		if got, status := play(t, f, d, in); status != dialog.Stale || at(t, f, got, "pet").Step != "pet" {
			t.Errorf("%s: status %d", name, status)
		}
	}
	if d, _ = play(t, f, d, dialog.Input{Kind: dialog.InputPress, Dialog: "1", Step: "pet", Option: "cat"}); d.Answers.Value("pet") != "cat" {
		t.Error("the right button answers")
	}
}

func TestAdvanceLeavesItsArgumentAlone(t *testing.T) {
	f := sample()
	d, _ := play(t, f, dialog.New(f, "1"), text("Siti"))
	before, _ := json.Marshal(d)
	play(t, f, d, text("cat"), text("Belang"), option(dialog.Back))
	if after, _ := json.Marshal(d); string(after) != string(before) {
		t.Errorf("the old dialog changed:\n%s\n%s", before, after)
	}
}

// A deploy changes the flow under a dialog that is half filled.
func TestDeploys(t *testing.T) {
	saved, _ := play(t, sample(), dialog.New(sample(), "1"), text("Siti"), text("cat"), text("Belang"))
	tests := map[string]struct {
		change func(*dialog.Flow)
		step   string
	}{
		"nothing":            {func(*dialog.Flow) {}, "note"},
		"a step is removed":  {func(f *dialog.Flow) { f.Steps = append(f.Steps[:2], f.Steps[3:]...) }, "note"},
		"a step is added":    {func(f *dialog.Flow) { f.Steps = append([]dialog.Step{{ID: "new", Field: word{}}}, f.Steps...) }, "new"},
		"steps swap places":  {func(f *dialog.Flow) { f.Steps[0], f.Steps[1] = f.Steps[1], f.Steps[0] }, "note"},
		"a choice is gone":   {func(f *dialog.Flow) { f.Steps[1].Field = word{options: []string{"dog", "none"}} }, "pet"},
		"no longer optional": {func(f *dialog.Flow) { f.Steps[3].Optional = false }, "note"},
		"meaning changed": {func(f *dialog.Flow) {
			f.Rev = 2
			f.Upgrade = func(_ int, old dialog.Answers) dialog.Answers { delete(old, "name"); return old }
		}, "name"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			raw, err := json.Marshal(saved)
			if err != nil {
				t.Fatal(err)
			}
			var d dialog.Dialog
			if err := json.Unmarshal(raw, &d); err != nil {
				t.Fatal(err)
			}
			f := sample()
			tt.change(&f)
			at(t, f, dialog.Resume(f, d), tt.step)
		})
	}
}

func TestHiddenAnswersDoNotReachFinish(t *testing.T) {
	f := sample()
	var got dialog.Answers
	f.Finish = func(_ context.Context, d dialog.Dialog) (dialog.Outcome, error) {
		got = d.Answers
		return dialog.Done("done", nil), nil
	}
	d, _ := play(t, f, dialog.New(f, "1"), text("Siti"), text("cat"), text("Belang"), text("hi"),
		option(dialog.Edit+"pet"), text("none"))
	if d.Answers.Value("pet_name") != "Belang" {
		t.Fatal("a hidden answer is kept while the dialog lasts")
	}
	_, result, err := dialog.NewFlows(f).Apply(context.Background(), d, option("confirm"))
	if err != nil || result.Status != dialog.Finished {
		t.Fatalf("%+v %v", result, err)
	}
	if _, there := got["pet_name"]; there || got.Value("name") != "Siti" {
		t.Errorf("finished with %v", got)
	}
}

func TestFinish(t *testing.T) {
	answered := []dialog.Input{text("Siti"), text("none"), text("hi")}
	t.Run("an error changes nothing", func(t *testing.T) {
		f := sample()
		down := errors.New("down")
		f.Finish = func(context.Context, dialog.Dialog) (dialog.Outcome, error) { return dialog.Outcome{}, down }
		d, _ := play(t, f, dialog.New(f, "1"), answered...)
		got, _, err := dialog.NewFlows(f).Apply(context.Background(), d, option("confirm"))
		if !errors.Is(err, down) {
			t.Fatalf("error %v", err)
		}
		at(t, f, got, "review")
	})
	t.Run("redo asks a step again, then the review", func(t *testing.T) {
		f := sample()
		f.Finish = func(context.Context, dialog.Dialog) (dialog.Outcome, error) {
			return dialog.Redo("name", "taken", nil), nil
		}
		d, _ := play(t, f, dialog.New(f, "1"), answered...)
		got, result, err := dialog.NewFlows(f).Apply(context.Background(), d, option("confirm"))
		if err != nil || result.Problem == nil || result.Problem.Key != "taken" {
			t.Fatalf("%+v %v", result, err)
		}
		at(t, f, got, "name")
		got, _ = play(t, f, got, text("Sari"))
		at(t, f, got, "review")
	})
	t.Run("a flow that is gone", func(t *testing.T) {
		_, _, err := dialog.NewFlows().Apply(context.Background(), dialog.New(sample(), "1"), text("hi"))
		if !errors.Is(err, dialog.ErrNoFlow) {
			t.Fatalf("error %v", err)
		}
	})
}

func TestNewFlowsRefusesTwins(t *testing.T) {
	twice := sample()
	twice.Steps = append(twice.Steps, dialog.Step{ID: "name", Field: word{}})
	for name, flows := range map[string][]dialog.Flow{"flows": {sample(), sample()}, "steps": {twice}} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			dialog.NewFlows(flows...)
		})
	}
}

func TestShown(t *testing.T) {
	fs := dialog.NewFlows(sample())
	d, _ := play(t, sample(), dialog.New(sample(), "1"), text("Siti"), text("none"), option(dialog.Skip))
	if got, ok := fs.Shown(d, "name"); !ok || got.Literal != "Siti" {
		t.Errorf("name shown as %+v", got)
	}
	if got, ok := fs.Shown(d, "pet"); !ok || got.Key != "sample.pet.none" {
		t.Errorf("a choice shown as %+v", got)
	}
	if got, ok := fs.Shown(d, "note"); !ok || got.Key != "value.skipped" {
		t.Errorf("skipped shown as %+v", got)
	}
	if _, ok := fs.Shown(d, "review"); ok {
		t.Error("an answer not given is not shown")
	}
}

func BenchmarkAdvance(b *testing.B) {
	f := sample()
	d := dialog.New(f, "1")
	for _, in := range []dialog.Input{text("Siti"), text("cat"), text("Belang")} {
		d, _, _ = dialog.Advance(f, d, in)
	}
	b.ReportAllocs()
	for b.Loop() {
		dialog.Advance(f, d, text("hi"))
	}
}
