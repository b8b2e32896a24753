package flows_test

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"testing"
	"time"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

func (o *office) MoveRequest(context.Context, umkm.RequestMove) error {
	return o.onDesk(umkm.ErrNotHeld)
}

func (o *office) HandOver(context.Context, int64, string, int64, string, time.Time) error {
	return o.onDesk(umkm.ErrNoColleague)
}

func (o *office) SetProgramme(context.Context, int64, string, *bool, *int, time.Time) error {
	return o.onDesk(umkm.ErrForbidden)
}

func (o *office) onDesk(refused error) error {
	switch {
	case o.failed != nil && o.failed():
		return errDown
	case o.taken != nil && o.taken():
		return refused
	}
	return nil
}

// table keeps what was done for a test.
type table struct {
	err   error
	moves []umkm.RequestMove
	given []string // to whom, and the note
	quota []int
}

func (k *table) MoveRequest(_ context.Context, m umkm.RequestMove) error {
	k.moves = append(k.moves, m)
	return k.err
}

func (k *table) HandOver(_ context.Context, by int64, id string, to int64, note string, _ time.Time) error {
	if by == 7 && id == "case" && to == 8 {
		k.given = append(k.given, note)
	}
	return k.err
}

func (k *table) SetProgramme(_ context.Context, _ int64, _ string, _ *bool, quota *int, _ time.Time) error {
	k.quota = append(k.quota, *quota)
	return k.err
}

var fair = umkm.Programme{ID: "fair", Stages: []umkm.Stage{{ID: "seen"}, {ID: "sent"}, {ID: "held"}}}

// onDesk plays inputs on a flow about a case: a text, or an option in brackets.
func onDesk(t *testing.T, f dialog.Flow, given dialog.Answers, inputs ...string) (dialog.Question, dialog.Result) {
	t.Helper()
	fs := dialog.NewFlows(f)
	d := dialog.New(f, "0199f3a2-7b1c-7def-8123-456789abcdef")
	d.Answers, d.Subject, d.Chat, d.Touched = maps.Clone(given), "case", 7, walkStart
	var result dialog.Result
	for _, said := range inputs {
		q, ok := fs.Question(d)
		if !ok {
			t.Fatalf("nothing is asked before %q", said)
		}
		in := dialog.Input{Text: said, At: walkStart}
		if said[0] == '[' {
			in = dialog.Input{Kind: dialog.InputPress, Dialog: d.ID, Step: q.Step, Option: said[1 : len(said)-1], At: walkStart}
		}
		var err error
		if d, result, err = fs.Apply(t.Context(), d, in); err != nil {
			t.Fatalf("%s: %q: %v", q.Step, said, err)
		}
	}
	q, _ := fs.Question(d)
	return q, result
}

func TestMove(t *testing.T) {
	t.Parallel()
	at := umkm.Request{Programme: "fair", Stage: "seen", Version: 4}
	for name, c := range map[string]struct {
		what, stage string
		inputs      []string
		want        umkm.RequestMove
		outcome     string
	}{
		"to the stage of the button": {
			flows.MoveOn, "sent", []string{dialog.Skip, "[confirm]"}, umkm.RequestMove{State: umkm.RequestOpen, Stage: "sent"}, "moved.open",
		},
		"to the last, chosen, with a note": {
			flows.MoveOn, "", []string{"[held]", "Selamat!", "[confirm]"}, umkm.RequestMove{State: umkm.RequestDone, Stage: "held", Note: "Selamat!"}, "moved.done",
		},
		"a button of a stage that is gone": {
			flows.MoveOn, "gone", []string{"[held]", dialog.Skip, "[confirm]"}, umkm.RequestMove{State: umkm.RequestDone, Stage: "held"}, "moved.done",
		},
		"declined": {
			flows.MoveDecline, "", []string{"Kuota sudah habis.", "[confirm]"}, umkm.RequestMove{State: umkm.RequestDeclined, Stage: "seen", Note: "Kuota sudah habis."}, "moved.declined",
		},
	} {
		t.Run(name, func(t *testing.T) {
			k := &table{}
			for i, said := range c.inputs {
				if said == dialog.Skip {
					c.inputs[i] = "[" + said + "]"
				}
			}
			_, result := onDesk(t, flows.Move(k, []umkm.Programme{fair}), flows.Moving(c.what, at, c.stage), c.inputs...)
			c.want.Dialog, c.want.Account, c.want.Case, c.want.Version, c.want.At = "0199f3a2-7b1c-7def-8123-456789abcdef", 7, "case", 4, walkStart
			if result.Status != dialog.Finished || result.Outcome.Key != c.outcome || !reflect.DeepEqual(k.moves, []umkm.RequestMove{c.want}) {
				t.Errorf("%+v, %+v; want %+v", result, k.moves, c.want)
			}
		})
	}
}

// What an officer writes to an owner holds nothing by which anybody is found,
// and a request is not declined without a word.
func TestMoveAsksForWords(t *testing.T) {
	t.Parallel()
	f := flows.Move(&table{}, []umkm.Programme{fair})
	given := flows.Moving(flows.MoveDecline, umkm.Request{Programme: "fair"}, "")
	for _, said := range []string{"hubungi 0812 3456 7890", "NIK 3604055203850001 salah", "[!skip]", "x"} {
		if q, result := onDesk(t, f, given, said); q.Step != "reason" || result.Problem == nil && result.Status != dialog.Stale {
			t.Errorf("%q is taken: %s %+v", said, q.Step, result)
		}
	}
	q, _ := onDesk(t, f, flows.Moving(flows.MoveOn, umkm.Request{Programme: "fair", Stage: "seen"}, ""))
	if len(q.Options) != 2 || q.Options[0].ID != "sent" || q.Options[0].Text.Key != "apply_fair.stage.sent" {
		t.Errorf("offered: %+v", q.Options)
	}
}

func TestMoveRefused(t *testing.T) {
	t.Parallel()
	for err, key := range map[error]string{
		umkm.ErrNotHeld: "lost", umkm.ErrChanged: "changed", umkm.ErrForbidden: "forbidden", umkm.ErrOwnDocument: "own", umkm.ErrClosed: "closed",
	} {
		given := flows.Moving(flows.MoveDecline, umkm.Request{Programme: "fair"}, "")
		_, result := onDesk(t, flows.Move(&table{err: err}, nil), given, "Kuota sudah habis.", "[confirm]")
		if result.Status != dialog.Finished || result.Outcome.Key != key {
			t.Errorf("%v: %+v", err, result)
		}
		_, result = onDesk(t, flows.HandOver(&table{err: err}), begins["handover"], "[!skip]", "[confirm]")
		if result.Status != dialog.Finished || result.Outcome.Key != key {
			t.Errorf("%v: hand over: %+v", err, result)
		}
	}
}

func TestHandOver(t *testing.T) {
	t.Parallel()
	k := &table{}
	_, result := onDesk(t, flows.HandOver(k), begins["handover"], "Tinggal menunggu foto.", "[confirm]")
	if result.Outcome.Key != "done" || result.Outcome.Args["Name"] != "Dewi" || !reflect.DeepEqual(k.given, []string{"Tinggal menunggu foto."}) {
		t.Errorf("%+v %v", result, k.given)
	}
	_, result = onDesk(t, flows.HandOver(&table{err: umkm.ErrNoColleague}), begins["handover"], "[!skip]", "[confirm]")
	if result.Outcome.Key != "colleague" {
		t.Errorf("%+v", result)
	}
}

func TestQuota(t *testing.T) {
	t.Parallel()
	k := &table{}
	for _, said := range []string{"150", "0"} {
		if _, result := onDesk(t, flows.Quota(k), nil, said, "[confirm]"); result.Outcome.Key != "done" {
			t.Errorf("%s: %+v", said, result)
		}
	}
	if !reflect.DeepEqual(k.quota, []int{150, 0}) {
		t.Errorf("set: %v", k.quota)
	}
	for _, said := range []string{"-1", "banyak", "2000000"} {
		if q, result := onDesk(t, flows.Quota(k), nil, said); q.Step != "quota" || result.Problem == nil {
			t.Errorf("%q is taken: %+v", said, result)
		}
	}
	if _, result := onDesk(t, flows.Quota(&table{err: umkm.ErrForbidden}), nil, "5", "[confirm]"); result.Outcome.Key != "forbidden" {
		t.Errorf("%+v", result)
	}
	if _, _, err := dialog.NewFlows(flows.Quota(&table{err: errDown})).Apply(t.Context(), ready(), dialog.Input{Text: "ya"}); !errors.Is(err, errDown) {
		t.Errorf("an outage: %v", err)
	}
}

// ready is a quota but for its confirmation.
func ready() dialog.Dialog {
	return dialog.Dialog{ID: "1", Flow: "quota", Rev: 1, Answers: dialog.Answers{"quota": {Value: "5"}}}
}

func TestAnswerLines(t *testing.T) {
	t.Parallel()
	p := umkm.Programme{
		ID: "fair", Checks: []umkm.Check{{ID: "own", Want: "yes"}},
		Questions: []umkm.ProgrammeQuestion{
			{ID: "products", Field: "list", Max: 5}, {ID: "days", Field: "choices", Options: []umkm.Stage{{ID: "mon"}, {ID: "tue"}}},
		},
	}
	lines := flows.AnswerLines(p, []umkm.RequestAnswer{{Step: "own", Value: "unsure"}, {Step: "days", Value: "mon,tue"}, {Step: "gone", Value: "x"}})
	if lines[0].Label.Key != "apply_fair.own.label" || lines[0].Value.Key != "apply_fair.own.unsure" {
		t.Errorf("a check: %+v", lines[0])
	}
	if keys := keysIn(lines[1].Value); !reflect.DeepEqual(keys, map[string]bool{"apply_fair.days.mon": true, "apply_fair.days.tue": true}) {
		t.Errorf("choices: %v of %+v", keys, lines[1].Value)
	}
	if lines[2].Label.Literal != "gone" || lines[2].Value.Literal != "x" {
		t.Errorf("a question that is asked no more: %+v", lines[2])
	}
}

// keysIn gathers the keys of a programme's flow within a text.
func keysIn(t dialog.Text) map[string]bool {
	out := map[string]bool{}
	if _, ok := flows.ProgrammeOf(t.Key); ok {
		out[t.Key] = true
	}
	for _, v := range t.Args {
		if inner, ok := v.(dialog.Text); ok {
			maps.Copy(out, keysIn(inner))
		}
	}
	return out
}

func TestPaperStates(t *testing.T) {
	t.Parallel()
	p := umkm.Programme{Papers: []umkm.Paper{
		{Kinds: []umkm.DocumentKind{umkm.DocumentNIB, umkm.DocumentSKU}},
		{Kinds: []umkm.DocumentKind{umkm.DocumentKTP}},
		{Kinds: []umkm.DocumentKind{umkm.DocumentNPWP}, When: umkm.Condition{Step: "amount", Min: 50}},
	}}
	wallet := []umkm.Document{{ID: "1", Kind: umkm.DocumentSKU}, {ID: "2", Kind: umkm.DocumentNPWP}}
	states := flows.PaperStates(p, nil, []umkm.RequestAnswer{{Step: "amount", Value: "49"}}, wallet)
	if len(states) != 2 || len(states[0].Documents) != 1 || states[0].Documents[0].ID != "1" || len(states[1].Documents) != 0 {
		t.Errorf("below: %+v", states)
	}
	if states = flows.PaperStates(p, nil, []umkm.RequestAnswer{{Step: "amount", Value: "50"}}, wallet); len(states) != 3 || states[2].Documents[0].ID != "2" {
		t.Errorf("from the border on: %+v", states)
	}
}
