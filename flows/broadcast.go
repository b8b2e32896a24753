package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// The conversations about broadcasts. Of those that change one it is the
// subject.
const (
	BroadcastFlow       = "broadcast"
	BroadcastChangeFlow = "broadcast_change"
	BroadcastFixFlow    = "broadcast_fix"
	SaveSegmentFlow     = "save_segment"
	SaveTemplateFlow    = "save_template"
)

// BroadcastFlows are all of them.
func BroadcastFlows(r Broadcasts, places ask.Places, programmes []umkm.Programme) []dialog.Flow {
	create := Broadcast(r, places, programmes)
	return []dialog.Flow{create, ChangeBroadcast(r, create), FixBroadcast(r), SaveSegment(r), SaveTemplate(r)}
}

// Bounds of what is written, in characters as Telegram counts them. What
// placeholders stand for may be longer than they are.
const (
	longestBroadcast = 3000
	longestCaption   = 900 // beneath a photo or a file
)

// Broadcast writes a broadcast, answered by an officer and opened with
// NewBroadcastAnswers. Its outcomes "done" and, of an uploaded list,
// "done.list" carry the Broadcast's id. Times are told in the zone of the
// dialog's Touched, the office's.
func Broadcast(r Broadcasts, places ask.Places, programmes []umkm.Programme) dialog.Flow {
	return dialog.Flow{
		Name: BroadcastFlow, Rev: 1,
		Steps: slices.Concat(
			[]dialog.Step{{ID: "mine", Given: true}, {ID: "trainings", Given: true}, {ID: "segments", Given: true}, {ID: "who", Given: true}},
			messageSteps(), buttonSteps(programmes), audienceSteps(places, programmes),
			[]dialog.Step{
				{ID: "urgent", Field: ask.Choice("no", "yes").Also("yes", "darurat", "mendesak", "penting").Also("no", "biasa")},
				{ID: "when", Field: ask.Choice("now", "at").Also("now", "sekarang", "langsung").Also("at", "nanti", "jadwal", "dijadwalkan")},
				{ID: "day", Field: ask.Date().Upcoming(), When: ask.Is("when", "at")},
				{ID: "clock", Field: ask.Clock(), When: ask.Is("when", "at")},
				{ID: "review", Field: ask.Review()},
			}),
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			plan, list, again, err := draft(ctx, r, d)
			if err != nil || again != nil {
				return redoOr(again), err
			}
			id, err := r.CreateBroadcast(ctx, umkm.NewBroadcast{Dialog: d.ID, By: d.Chat, Plan: plan, At: d.Touched})
			if err != nil {
				return broadcastRefusal(err)
			}
			return drafted(id, list), nil
		},
	}
}

// messageSteps ask what is said.
func messageSteps() []dialog.Step {
	return []dialog.Step{
		{ID: "text", Field: ask.Letter(5, longestBroadcast)},
		{ID: "text_en", Field: ask.Letter(5, longestBroadcast), Optional: true},
		{ID: "file", Field: attachment{ask.File(ask.Image, ask.PDF).Single()}, Optional: true},
	}
}

// draft reads the answers, and takes an uploaded list in. again is an outcome
// that asks a step once more.
func draft(ctx context.Context, r Broadcasts, d dialog.Dialog) (plan umkm.BroadcastPlan, list *umkm.ImportedList, again *dialog.Outcome, err error) {
	if plan, err = broadcastFrom(d.Answers, d.Touched.Location()); err != nil {
		return plan, nil, nil, fmt.Errorf("read answers: %w", err)
	}
	if !plan.At.IsZero() && !plan.At.After(d.Touched) {
		step := "clock"
		if plan.At.Format(time.DateOnly) < d.Touched.Format(time.DateOnly) {
			step = "day"
		}
		out := dialog.Redo(step, "past", nil)
		return plan, nil, &out, nil
	}
	if d.Answers.Value("audience") != audienceList {
		return plan, nil, nil, nil
	}
	list, again, err = imported(ctx, r, d)
	if list != nil {
		plan.Who.List = list.ID
	}
	return plan, list, again, err
}

// imported takes the uploaded list in. The file is its key: a list that was of
// no use gives way to another.
func imported(ctx context.Context, r Broadcasts, d dialog.Dialog) (*umkm.ImportedList, *dialog.Outcome, error) {
	redo := func(problem string, args dialog.Args) (*umkm.ImportedList, *dialog.Outcome, error) {
		out := dialog.Redo("list_file", problem, args)
		return nil, &out, nil
	}
	file := lastFile(d.Answers.Value("list_file"))
	list, err := r.ImportList(ctx, file, d.Chat, file, d.Touched)
	switch {
	case errors.Is(err, umkm.ErrFileGone), errors.Is(err, umkm.ErrFileHeld):
		return redo("file_gone", nil)
	case errors.Is(err, umkm.ErrList):
		return redo("file_table", nil)
	case errors.Is(err, umkm.ErrListLong):
		return redo("file_table_long", dialog.Args{"Max": ask.MaxTableNumbers})
	case errors.Is(err, umkm.ErrForbidden):
		out := dialog.Done("forbidden", nil)
		return nil, &out, nil
	case err != nil:
		return nil, nil, fmt.Errorf("import list: %w", err)
	case list.Taken == 0:
		return redo("nobody", dialog.Args{"Unknown": list.Unknown, "Elsewhere": list.Elsewhere})
	}
	return &list, nil, nil
}

func lastFile(value string) string {
	id := ""
	for _, file := range ask.FileIDs(value) {
		id = file
	}
	return id
}

func redoOr(again *dialog.Outcome) dialog.Outcome {
	if again == nil {
		return dialog.Outcome{}
	}
	return *again
}

// drafted is the outcome of a draft.
func drafted(id string, list *umkm.ImportedList) dialog.Outcome {
	if list == nil {
		return dialog.Done("done", dialog.Args{"Broadcast": id})
	}
	return dialog.Done("done.list", dialog.Args{
		"Broadcast": id, "Taken": list.Taken, "Unknown": list.Unknown, "Elsewhere": list.Elsewhere, "Doubled": list.Doubled,
	})
}

// broadcastRefusal says why the records did not take what was answered.
func broadcastRefusal(err error) (dialog.Outcome, error) {
	switch {
	case errors.Is(err, umkm.ErrForbidden):
		return dialog.Done("forbidden", nil), nil
	case errors.Is(err, umkm.ErrChanged):
		return dialog.Done("changed", nil), nil
	case errors.Is(err, umkm.ErrBegun):
		return dialog.Done("begun", nil), nil
	case errors.Is(err, umkm.ErrNoBroadcast):
		return dialog.Done("gone", nil), nil
	case errors.Is(err, umkm.ErrFileGone), errors.Is(err, umkm.ErrFileHeld):
		return dialog.Redo("file", "file_gone", nil), nil
	case errors.Is(err, umkm.ErrNoTraining):
		return dialog.Redo("review", "no_training", nil), nil
	case errors.Is(err, umkm.ErrPlan), errors.Is(err, umkm.ErrSegment):
		return dialog.Redo("review", "plan", nil), nil
	}
	return dialog.Outcome{}, fmt.Errorf("record broadcast: %w", err)
}

// ChangeBroadcast shows a draft on its review card, filled by BroadcastAnswers,
// and changes any of it through the fields that asked for it.
func ChangeBroadcast(r Broadcasts, create dialog.Flow) dialog.Flow {
	return dialog.Flow{
		Name: BroadcastChangeFlow, Rev: 1, Words: create.Name,
		Steps: append([]dialog.Step{{ID: "version", Given: true}}, create.Steps...),
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			plan, list, again, err := draft(ctx, r, d)
			if err != nil || again != nil {
				return redoOr(again), err
			}
			if err := changeBroadcast(ctx, r, d, plan); err != nil {
				return broadcastRefusal(err)
			}
			return drafted(d.Subject, list), nil
		},
	}
}

func changeBroadcast(ctx context.Context, r Broadcasts, d dialog.Dialog, plan umkm.BroadcastPlan) error {
	version, err := strconv.Atoi(d.Answers.Value("version"))
	if err != nil {
		return fmt.Errorf("read answers: version: %w", err)
	}
	return r.ChangeBroadcast(ctx, umkm.BroadcastChange{
		Dialog: d.ID, By: d.Chat, Broadcast: d.Subject, Version: version, Plan: plan, At: d.Touched,
	})
}

// FixBroadcast mends the texts of a broadcast that has begun, for those whom it
// has not reached; filled by BroadcastAnswers.
func FixBroadcast(r Broadcasts) dialog.Flow {
	text := ask.Letter(5, longestBroadcast).AtMost(func(a dialog.Answers) int {
		if lastFile(a.Value("file")) != "" {
			return longestCaption
		}
		return longestBroadcast
	})
	return dialog.Flow{
		Name: BroadcastFixFlow, Rev: 1, Words: BroadcastFlow,
		Steps: []dialog.Step{
			{ID: "version", Given: true},
			{ID: "plan", Given: true},
			{ID: "file", Given: true},
			{ID: "text", Field: text},
			{ID: "text_en", Field: text, Optional: true},
			{ID: "review", Field: ask.Review()},
		},
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			var plan umkm.BroadcastPlan
			if err := json.Unmarshal([]byte(d.Answers.Value("plan")), &plan); err != nil {
				return dialog.Outcome{}, fmt.Errorf("read answers: plan: %w", err)
			}
			plan.Texts = textsFrom(d.Answers)
			if err := changeBroadcast(ctx, r, d, plan); err != nil {
				return broadcastRefusal(err)
			}
			return dialog.Done("done", dialog.Args{"Broadcast": d.Subject}), nil
		},
	}
}
