package flows_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Where only the records, or the clock, show that something is wrong, the step
// is asked again or the conversation ends saying so.
func TestTrainingOutcomes(t *testing.T) {
	t.Parallel()
	moved := []string{"17 desember", "ya", "18 desember", "ya", "[same]", "[same]", "[eve]", "[!skip]", "[confirm]"}
	for err, c := range map[error]struct{ key, redo string }{
		umkm.ErrForbidden: {"forbidden", ""}, umkm.ErrChanged: {"changed", ""}, umkm.ErrNoTraining: {"gone", ""}, umkm.ErrPlan: {"", "start"},
	} {
		r := &trainings{err: err}
		q, result := onDesk(t, flowOf(r, flows.TrainingChangeFlow), begins[flows.TrainingChangeFlow], "[confirm]")
		if result.Outcome.Key != c.key || c.redo != "" && (q.Step != c.redo || result.Problem.Key != "plan") {
			t.Errorf("change, %v: %s %+v", err, q.Step, result)
		}
		q, result = onDesk(t, flowOf(r, flows.TrainingMoveFlow), begins[flows.TrainingMoveFlow].Known(), moved...)
		if result.Outcome.Key != c.key || c.redo != "" && q.Step != "new_"+c.redo {
			t.Errorf("move, %v: %s %+v", err, q.Step, result)
		}
	}
	for at, step := range map[time.Time]string{
		time.Date(2026, 12, 10, 7, 0, 0, 0, wib): "closes", time.Date(2026, 12, 10, 10, 0, 0, 0, wib): "start", time.Date(2026, 12, 11, 7, 0, 0, 0, wib): "day",
	} {
		d := dialog.Dialog{Answers: flows.TrainingAnswers(packaging(), serang, wib), Chat: 7, Touched: at}
		got, err := flowOf(&trainings{}, flows.TrainingFlow).Finish(t.Context(), d)
		if err != nil || got.Step != step || got.Problem.Key != "past" {
			t.Errorf("at %v: %+v, %v", at, got, err)
		}
	}
	draft := packaging()
	draft.State = umkm.TrainingDraft
	late := dialog.Dialog{Answers: flows.TrainingAnswers(draft, serang, wib), Chat: 7, Touched: time.Date(2026, 12, 10, 7, 0, 0, 0, wib)}
	if got, err := flowOf(&trainings{}, flows.TrainingChangeFlow).Finish(t.Context(), late); err != nil || got.Step != "closes" {
		t.Errorf("a draft whose registration is over: %+v, %v", got, err)
	}
	d := dialog.Dialog{Answers: flows.TrainingAnswers(packaging(), serang, wib), Chat: 7, Touched: walkStart}
	if _, err := flowOf(&trainings{err: errDown}, flows.TrainingFlow).Finish(t.Context(), d); !errors.Is(err, errDown) {
		t.Errorf("an outage gives %v", err)
	}
}

func TestTrainingMoves(t *testing.T) {
	t.Parallel()
	week := func(p umkm.TrainingPlan) umkm.TrainingPlan {
		p.Starts, p.Ends = p.Starts.AddDate(0, 0, 7), p.Ends.AddDate(0, 0, 7)
		return p
	}
	announced, drawn, draft := packaging(), packaging(), packaging()
	drawn.Drawn, draft.State = walkStart, umkm.TrainingDraft
	closing := week(packaging().TrainingPlan)
	closing.Closes = time.Date(2026, 12, 16, 23, 59, 0, 0, wib)
	for name, c := range map[string]struct {
		tr      umkm.Training
		inputs  []string
		want    umkm.TrainingPlan
		outcome string
	}{
		"by a week":            {announced, []string{"17 desember", "ya", "18 desember", "ya", "[same]", "[same]", "[eve]", "Gedung dipakai.", "[confirm]"}, closing, "done"},
		"once drawn":           {drawn, []string{"17 desember", "ya", "18 desember", "ya", "[same]", "[same]", "Gedung dipakai.", "[confirm]"}, week(drawn.TrainingPlan), "done"},
		"what nobody knows of": {draft, []string{"17 desember", "ya", "18 desember", "ya", "[same]", "[same]", "[eve]", "Gedung dipakai.", "[confirm]"}, closing, "done.draft"},
	} {
		r := &trainings{}
		_, result := plays(t, flowOf(r, flows.TrainingMoveFlow), flows.TrainingAnswers(c.tr, serang, wib), c.inputs...)
		if result.Outcome.Key != c.outcome || len(r.changed) != 1 {
			t.Fatalf("%s: %+v", name, result)
		}
		got := r.changed[0]
		if got.Reason != "Gedung dipakai." || got.Version != 3 || got.Training != "case" || !samePlan(got.Plan, c.want) {
			t.Errorf("%s: %+v\nwant %+v", name, got, c.want)
		}
	}
}

// samePlan compares plans by what they say, in whatever zone.
func samePlan(a, b umkm.TrainingPlan) bool {
	same := a.Starts.Equal(b.Starts) && a.Ends.Equal(b.Ends) && a.Closes.Equal(b.Closes)
	a.Starts, a.Ends, a.Closes = b.Starts, b.Ends, b.Closes
	return same && reflect.DeepEqual(a, b)
}

func TestTrainingIsCancelled(t *testing.T) {
	t.Parallel()
	announced, draft := packaging(), packaging()
	draft.State = umkm.TrainingDraft
	for want, tr := range map[string]umkm.Training{"done": announced, "done.draft": draft} {
		r := &trainings{}
		_, result := plays(t, flowOf(r, flows.TrainingCancelFlow), flows.TrainingAnswers(tr, serang, wib), "Pengajarnya berhalangan.", "[confirm]")
		if result.Outcome.Key != want || result.Outcome.Args["Title"] != "Kemasan yang menjual" || !slices.Equal(r.off, []string{"Pengajarnya berhalangan."}) {
			t.Errorf("%s: %+v, %v", want, result.Outcome, r.off)
		}
	}
}
