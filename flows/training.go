package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// The conversations about trainings. Save of the one that makes one, and of
// feedback, which is about a seat, the training is their subject.
const (
	TrainingFlow       = "training"
	TrainingChangeFlow = "training_change"
	TrainingMoveFlow   = "training_move"
	TrainingCancelFlow = "training_cancel"
	AttendFlow         = "attend"
	MaterialFlow       = "material"
	FeedbackFlow       = "feedback"
)

// TrainingFlows are all of them.
func TrainingFlows(r Trainings, places ask.Places, programmes []umkm.Programme) []dialog.Flow {
	create := Training(r, places, programmes)
	return []dialog.Flow{
		create, ChangeTraining(r, create), MoveTraining(r), CancelTraining(r), Attend(), AddMaterial(r), Feedback(r),
	}
}

// Training makes a training, answered by an officer, whose regions are given
// by NewTrainingAnswers. Its outcome "done" carries the Training's id and Title.
// Times are told in the zone of the dialog's Touched, the office's.
func Training(r Trainings, places ask.Places, programmes []umkm.Programme) dialog.Flow {
	return dialog.Flow{
		Name: TrainingFlow, Rev: 1,
		Steps: slices.Concat([]dialog.Step{{ID: "mine", Given: true}, {ID: "announced", Given: true}},
			whatSteps(places), whenSteps(), segmentSteps(places, programmes), seatSteps(places),
			[]dialog.Step{
				{ID: "bring", Field: ask.Text(3, umkm.MaxTrainingNote), Optional: true},
				{ID: "travel", Field: ask.Text(3, umkm.MaxTrainingNote), Optional: true},
				{ID: "review", Field: ask.Review()},
			}),
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			return createTraining(ctx, r, d)
		},
	}
}

// whatSteps ask what it is about and where it is.
func whatSteps(places ask.Places) []dialog.Step {
	onsite, online := ask.Is("where", "onsite"), ask.Is("where", "online")
	return []dialog.Step{
		{ID: "title", Field: ask.Text(5, umkm.MaxTrainingTitle)},
		{ID: "topic", Field: trainingTopic()},
		{ID: "about", Field: ask.Text(3, 500), Optional: true},
		{ID: "where", Field: trainingWhere()},
		{ID: "venue", Field: ask.Text(5, umkm.MaxTrainingVenue), When: onsite},
		{ID: "pin", Field: ask.Pin(places), When: onsite, Optional: true},
		{ID: "link", Field: ask.Link(), When: online},
	}
}

func trainingTopic() dialog.Field {
	return ask.Choice(umkm.TrainingTopics()...).Columns(2).
		Also("packaging", "kemasan", "packing").
		Also("marketing", "pemasaran", "promosi", "digital", "pemasaran digital").
		Also("finance", "keuangan", "modal", "pembukuan", "kur").
		Also("legality", "legalitas", "izin", "perizinan", "halal", "nib").
		Also("production", "produksi", "mutu").
		Also("export", "ekspor").
		Also("other", "lain", "lainnya")
}

func trainingWhere() dialog.Field {
	return ask.Choice("onsite", "online").Columns(2).
		Also("onsite", "tatap muka", "luring", "offline", "di tempat", "langsung").
		Also("online", "daring", "zoom", "online", "gmeet", "lewat internet")
}

// whenSteps ask for the time.
func whenSteps() []dialog.Step {
	return []dialog.Step{
		{ID: "day", Field: ask.Date().Upcoming()},
		{ID: "last_day", Field: lastDayOf("day"), Optional: true},
		{ID: "start", Field: ask.Clock()},
		{ID: "end", Field: endOf("day", "last_day", "start", ask.Clock())},
	}
}

// seatSteps ask how many seats there are and how they are given.
func seatSteps(places ask.Places) []dialog.Step {
	invited := ask.Is("filling", string(umkm.FillInvite))
	return []dialog.Step{
		{ID: "quota", Field: ask.Count(1, 5000)},
		{ID: "cap_by", Field: ask.Choice(noCaps, string(umkm.CapDistrict), string(umkm.CapSector))},
		{ID: "caps", Field: ask.Caps(places, capBy, chosenRegions, sectorNamed()), When: ask.Not(ask.Is("cap_by", noCaps))},
		{ID: "filling", Field: filling()},
		{ID: "first", Field: ask.Choice("yes", "no"), When: func(a dialog.Answers) bool {
			return a.Value("filling") != string(umkm.FillOpen) && !narrowed("untrained")(a)
		}},
		{ID: "closes", Field: closingOf("day")},
		{ID: "answer", Field: ask.Choice(answerTimes()...).Columns(2), When: invited},
	}
}

// noCaps is the answer of who wants none.
const noCaps = "none"

func capBy(a dialog.Answers) umkm.CapBy {
	if by := a.Value("cap_by"); by != noCaps {
		return umkm.CapBy(by)
	}
	return umkm.CapNone
}

// filling is how seats are given. Once the training is announced people have
// acted on it, and it stays.
func filling() dialog.Field {
	return bounded{
		Field: ask.Choice(string(umkm.FillOpen), string(umkm.FillInvite), string(umkm.FillDraw)).
			Also(string(umkm.FillOpen), "siapa cepat", "terbuka", "pendaftaran", "daftar", "bebas").
			Also(string(umkm.FillInvite), "undangan", "diundang", "undang").
			Also(string(umkm.FillDraw), "undian", "diundi", "undi", "acak", "lotre"),
		within: func(value string, a dialog.Answers) bool {
			return a.Value("announced") == "" || a.Value("announced") == value
		},
		problem: "announced",
	}
}

// createTraining records a draft.
func createTraining(ctx context.Context, r Trainings, d dialog.Dialog) (dialog.Outcome, error) {
	plan, err := planFrom(d.Answers, d.Touched.Location())
	if err != nil {
		return dialog.Outcome{}, fmt.Errorf("read answers: %w", err)
	}
	if step := overdue(plan, d.Touched); step != "" {
		return dialog.Redo(step, "past", nil), nil
	}
	id, err := r.CreateTraining(ctx, umkm.NewTraining{Dialog: d.ID, By: d.Chat, Plan: plan, At: d.Touched})
	if err == nil {
		return dialog.Done("done", dialog.Args{"Title": plan.Title, "Training": id}), nil
	}
	return trainingRefusal(err, "start")
}

// overdue is the step whose time is over, "" where none is.
func overdue(p umkm.TrainingPlan, at time.Time) string {
	switch {
	case p.Starts.After(at) && p.Closes.After(at):
		return ""
	case p.Starts.After(at):
		return "closes"
	case p.Starts.Format(time.DateOnly) < at.Format(time.DateOnly):
		return "day"
	}
	return "start"
}

// trainingRefusal says why the records did not take what was answered; time is
// the step to be asked again where the times do not go together.
func trainingRefusal(err error, time string) (dialog.Outcome, error) {
	switch {
	case errors.Is(err, umkm.ErrForbidden):
		return dialog.Done("forbidden", nil), nil
	case errors.Is(err, umkm.ErrChanged):
		return dialog.Done("changed", nil), nil
	case errors.Is(err, umkm.ErrNoTraining):
		return dialog.Done("gone", nil), nil
	case errors.Is(err, umkm.ErrPlan):
		return dialog.Redo(time, "plan", nil), nil
	}
	return dialog.Outcome{}, fmt.Errorf("record training: %w", err)
}

// ChangeTraining shows a training on its review card, filled by
// TrainingAnswers, and changes any of it through the fields that asked for it.
func ChangeTraining(r Trainings, create dialog.Flow) dialog.Flow {
	return dialog.Flow{
		Name: TrainingChangeFlow, Rev: 1, Words: create.Name,
		Steps: append([]dialog.Step{{ID: "version", Given: true}}, create.Steps...),
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			plan, err := planFrom(d.Answers, d.Touched.Location())
			if err != nil {
				return dialog.Outcome{}, fmt.Errorf("read answers: %w", err)
			}
			if step := overdue(plan, d.Touched); step != "" && d.Answers.Value("announced") == "" {
				return dialog.Redo(step, "past", nil), nil
			}
			return changeTraining(ctx, r, d, plan, "", "start")
		},
	}
}

// changeTraining replaces the plan of the dialog's training.
func changeTraining(ctx context.Context, r Trainings, d dialog.Dialog, plan umkm.TrainingPlan, reason, time string) (dialog.Outcome, error) {
	version, err := strconv.Atoi(d.Answers.Value("version"))
	if err != nil {
		return dialog.Outcome{}, fmt.Errorf("read answers: version: %w", err)
	}
	err = r.ChangeTraining(ctx, umkm.TrainingChange{
		Dialog: d.ID, By: d.Chat, Training: d.Subject, Version: version, Plan: plan, Reason: reason, At: d.Touched,
	})
	if err != nil {
		return trainingRefusal(err, time)
	}
	return dialog.Done("done", dialog.Args{"Title": plan.Title}), nil
}
