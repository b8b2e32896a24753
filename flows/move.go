package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Desk is what the staff do with what lies on their desks.
type Desk interface {
	// MoveRequest is idempotent by the dialog's id. umkm.ErrNotHeld,
	// umkm.ErrChanged, umkm.ErrForbidden, umkm.ErrOwnDocument and
	// umkm.ErrClosed say why nothing was done.
	MoveRequest(context.Context, umkm.RequestMove) error
	// HandOver gives a case to a colleague: umkm.ErrNotHeld, umkm.ErrForbidden,
	// umkm.ErrNoColleague. Done again it stays done.
	HandOver(ctx context.Context, by int64, id string, to int64, note string, at time.Time) error
	// SetProgramme closes or reopens a programme, or sets its quota; what is
	// nil stays as it is. umkm.ErrForbidden.
	SetProgramme(ctx context.Context, by int64, programme string, closed *bool, quota *int, at time.Time) error
}

// What a move is to do, given when it begins.
const (
	MoveOn      = "on"
	MoveDecline = "decline"
)

// Moving is what is given when a move begins: what to do, the request as it
// lay on the desk, and the stage where that is chosen already.
func Moving(what string, r umkm.Request, stage string) dialog.Answers {
	a := dialog.Answers{
		"what": {Value: what}, "version": {Value: strconv.Itoa(r.Version)}, "programme": {Value: r.Programme}, "from": {Value: r.Stage},
	}
	if stage != "" {
		a["stage"] = dialog.Answer{Value: r.Programme + stageMark + stage}
	}
	return a
}

// Move brings a request, the dialog's subject, to a stage of its programme or
// declines it. What is given is in Moving.
func Move(desk Desk, programmes []umkm.Programme) dialog.Flow {
	f := stages{programmes}
	return dialog.Flow{
		Name: "move", Rev: 1,
		Steps: []dialog.Step{
			{ID: "what", Given: true},
			{ID: "version", Given: true},
			{ID: "programme", Given: true},
			{ID: "from", Given: true},
			{ID: "stage", Field: f, When: ask.Is("what", MoveOn)},
			{ID: "note", Field: note, Optional: true, When: ask.Is("what", MoveOn)},
			{ID: "reason", Field: note, When: ask.Is("what", MoveDecline)},
			{ID: "review", Field: ask.Review()},
		},
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) { return move(ctx, desk, f, d) },
	}
}

// deskRefusals are what is said when a case on the desk could not be changed.
var deskRefusals = append(slices.Clone(refusals), struct {
	err error
	key string
}{umkm.ErrClosed, "closed"})

func deskRefusal(err error) (key string, ok bool) {
	for _, r := range deskRefusals {
		if errors.Is(err, r.err) {
			return r.key, true
		}
	}
	return "", false
}

func move(ctx context.Context, desk Desk, f stages, d dialog.Dialog) (dialog.Outcome, error) {
	version, err := strconv.Atoi(d.Answers.Value("version"))
	if err != nil {
		return dialog.Outcome{}, fmt.Errorf("read answers: version: %w", err)
	}
	m := umkm.RequestMove{
		Dialog: d.ID, Account: d.Chat, Case: d.Subject, Version: version, At: d.Touched,
		State: umkm.RequestDeclined, Stage: d.Answers.Value("from"), Note: d.Answers.Value("reason"),
	}
	if d.Answers.Value("what") == MoveOn {
		m.State, m.Stage, m.Note = umkm.RequestOpen, stageOf(d.Answers.Value("stage")), d.Answers.Value("note")
		if f.last(d.Answers, m.Stage) {
			m.State = umkm.RequestDone
		}
	}
	err = desk.MoveRequest(ctx, m)
	if key, refused := deskRefusal(err); refused {
		return dialog.Done(key, nil), nil
	}
	if err != nil {
		return dialog.Outcome{}, fmt.Errorf("move request: %w", err)
	}
	return dialog.Done("moved."+string(m.State), dialog.Args{"Stage": StageName(d.Answers.Value("programme"), m.Stage)}), nil
}

// StageName is a stage of a programme as its file names it.
func StageName(programme, stage string) dialog.Text {
	if stage == "" {
		return dialog.Text{Key: "move.stage.received"}
	}
	return dialog.Text{Key: ProgrammeFlow(programme) + ".stage." + stage}
}

// stages is a field: the stages of the request's programme, in its file's
// order, without the one it is at. The value is the programme's id, a mark
// and the stage's.
type stages struct{ programmes []umkm.Programme }

const stageMark = "/"

// stageOf is the stage of a value.
func stageOf(value string) string {
	_, stage, _ := strings.Cut(value, stageMark)
	return stage
}

func (f stages) of(earlier dialog.Answers) []umkm.Stage {
	i := slices.IndexFunc(f.programmes, func(p umkm.Programme) bool { return p.ID == earlier.Value("programme") })
	if i < 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(f.programmes[i].Stages), func(s umkm.Stage) bool { return s.ID == earlier.Value("from") })
}

// last: the stage is the end of the request's programme.
func (f stages) last(earlier dialog.Answers, stage string) bool {
	all := f.of(earlier)
	return len(all) > 0 && all[len(all)-1].ID == stage
}

func (f stages) choice(earlier dialog.Answers) ask.OneOf {
	var ids []string
	for _, s := range f.of(earlier) {
		ids = append(ids, s.ID)
	}
	return ask.Choice(ids...)
}

func (f stages) Ask(earlier dialog.Answers, working string) dialog.Ask {
	a := f.choice(earlier).Ask(earlier, working)
	for i, o := range a.Options {
		a.Options[i].Text = StageName(earlier.Value("programme"), o.ID)
	}
	return a
}

func (f stages) Parse(in dialog.Input, earlier dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	choice := f.choice(earlier)
	p, why := choice.Parse(in, earlier, working)
	if why == nil && choice.Holds(p.Value, earlier) {
		p.Value = earlier.Value("programme") + stageMark + p.Value
	}
	return p, why
}

// Holds asks again where a newer file has no such stage.
func (f stages) Holds(value string, earlier dialog.Answers) bool {
	programme, stage, _ := strings.Cut(value, stageMark)
	return programme == earlier.Value("programme") && f.choice(earlier).Holds(stage, earlier)
}

func (stages) Show(value string) dialog.Text {
	programme, stage, _ := strings.Cut(value, stageMark)
	return StageName(programme, stage)
}
