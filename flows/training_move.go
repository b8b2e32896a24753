package flows

import (
	"context"
	"encoding/json"
	"fmt"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// movedPrefix begins the names of the steps that ask for the new time: the old
// one is among the answers too.
const movedPrefix = "new_"

// MoveTraining gives a training another time, filled by TrainingAnswers, and
// tells why to those who have a seat.
func MoveTraining(r Trainings) dialog.Flow {
	given := func(step string) dialog.Step { return dialog.Step{ID: step, Given: true} }
	return dialog.Flow{
		Name: TrainingMoveFlow, Rev: 1,
		Steps: []dialog.Step{
			given("title"), given("version"), given("plan"), given("announced"), given("drawn"),
			given("day"), given("last_day"), given("start"), given("end"),
			{ID: "new_day", Field: titled{ask.Date().Upcoming()}},
			{ID: "new_last_day", Field: lastDayOf("new_day"), When: func(a dialog.Answers) bool { return a.Value("last_day") != "" }},
			{ID: "new_start", Field: sameAs("start", ask.Clock())},
			{ID: "new_end", Field: sameAs("end", endOf("new_day", "new_last_day", "new_start", ask.Clock()))},
			{ID: "new_closes", Field: closingOf("new_day"), When: ask.Not(ask.Is("drawn", "yes"))},
			{ID: "reason", Field: note, Optional: true},
			{ID: "review", Field: ask.Review()},
		},
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			return moveTraining(ctx, r, d)
		},
	}
}

// sameAs offers the hour of an earlier answer.
func sameAs(step string, clock dialog.Field) dialog.Field {
	return offering{Field: clock, offers: func(a dialog.Answers) []offer { return []offer{{"same", a.Value(step)}} }}
}

func moveTraining(ctx context.Context, r Trainings, d dialog.Dialog) (dialog.Outcome, error) {
	var plan umkm.TrainingPlan
	if err := json.Unmarshal([]byte(d.Answers.Value("plan")), &plan); err != nil {
		return dialog.Outcome{}, fmt.Errorf("read answers: plan: %w", err)
	}
	zone, times := d.Touched.Location(), timesIn(d.Answers, movedPrefix)
	var err error
	if plan.Starts, plan.Ends, err = times.span(zone); err != nil {
		return dialog.Outcome{}, fmt.Errorf("read answers: %w", err)
	}
	if times.closes != "" {
		if plan.Closes, err = times.closing(plan.Starts, zone); err != nil {
			return dialog.Outcome{}, fmt.Errorf("read answers: %w", err)
		}
	}
	if plan.Closes.After(plan.Starts) { // it was drawn early, and comes earlier still
		plan.Closes = plan.Starts
	}
	step := overdue(plan, d.Touched)
	if step != "" && (step != "closes" || times.closes != "") {
		return dialog.Redo(movedPrefix+step, "past", nil), nil
	}
	out, err := changeTraining(ctx, r, d, plan, d.Answers.Value("reason"), movedPrefix+"start")
	if err == nil && out.Key == "done" && d.Answers.Value("announced") == "" {
		out.Key = "done.draft"
	}
	return out, err
}

// CancelTraining calls a training off, filled by TrainingAnswers, and tells why
// to everybody who has to do with it.
func CancelTraining(r Trainings) dialog.Flow {
	return dialog.Flow{
		Name: TrainingCancelFlow, Rev: 1,
		Steps: []dialog.Step{
			{ID: "title", Given: true},
			{ID: "announced", Given: true},
			{ID: "reason", Field: titled{note}},
			{ID: "review", Field: ask.Review()},
		},
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			if err := r.CancelTraining(ctx, d.Chat, d.Subject, d.Answers.Value("reason"), d.Touched); err != nil {
				return trainingRefusal(err, "reason")
			}
			if d.Answers.Value("announced") == "" {
				return dialog.Done("done.draft", titleArgs(d.Answers)), nil
			}
			return dialog.Done("done", titleArgs(d.Answers)), nil
		},
	}
}

// titled is a field whose question names the training.
type titled struct{ dialog.Field }

func titleArgs(a dialog.Answers) dialog.Args { return dialog.Args{"Title": a.Value("title")} }

// Ask names the training.
func (f titled) Ask(earlier dialog.Answers, working string) dialog.Ask {
	a := f.Field.Ask(earlier, working)
	a.Args = titleArgs(earlier)
	return a
}
