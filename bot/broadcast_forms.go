package bot

import (
	"context"
	"errors"
	"fmt"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Of the trainings that a broadcast may be about so many are offered: those to
// come and those that are over.
const (
	offeredTrainings = 8
	offeredOver      = 4
)

// broadcastGiven is what the conversations about a broadcast are told.
func (t *turn) broadcastGiven(ctx context.Context) (g flows.BroadcastGiven, err error) {
	staff, err := t.me(ctx)
	if err != nil {
		return g, err
	}
	g = flows.BroadcastGiven{Mine: staff.Regions(umkm.RoleOfficer), Zone: t.bot.zone}
	for _, page := range []struct {
		over bool
		most int
	}{{false, offeredTrainings}, {true, offeredOver}} {
		list, err := t.bot.trainings.TrainingsOf(ctx, t.in.chat, page.over, umkm.TrainingCursor{}, page.most, t.in.at)
		if err != nil {
			return g, fmt.Errorf("trainings of a broadcast: %w", err)
		}
		for _, tr := range list {
			if tr.State == umkm.TrainingOpen || tr.State == umkm.TrainingDone {
				g.Trainings = append(g.Trainings, tr)
			}
		}
	}
	saved, err := t.bot.broadcasts.Segments(ctx, t.in.chat)
	if err != nil {
		return g, fmt.Errorf("segments of a broadcast: %w", err)
	}
	g.Segments = saved[:min(len(saved), shownSaved)]
	return g, nil
}

// writeBroadcast opens the form that makes a broadcast, with a template's texts
// and who is meant, where they are given.
func (t *turn) writeBroadcast(ctx context.Context, texts map[string]string, who *umkm.Segment) error {
	g, err := t.broadcastGiven(ctx)
	if err != nil {
		return err
	}
	a := flows.NewBroadcastAnswers(g, texts)
	if who != nil {
		flows.BroadcastTo(a, *who)
	}
	return t.open(ctx, flows.BroadcastFlow, a, "", 1)
}

func (t *turn) newBroadcast(ctx context.Context, _ string) error {
	return t.writeBroadcast(ctx, nil, nil)
}

// newBroadcastTo writes to a saved segment.
func (t *turn) newBroadcastTo(ctx context.Context, id string) error {
	s, err := t.savedSegment(ctx, id)
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	return t.writeBroadcast(ctx, nil, &s.Segment)
}

// newBroadcastWith writes what a template says.
func (t *turn) newBroadcastWith(ctx context.Context, id string) error {
	m, err := t.template(ctx, id)
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	return t.writeBroadcast(ctx, m.Texts, nil)
}

// broadcastToParticipants writes to those who have a seat in a training, or
// attended it.
func (t *turn) broadcastToParticipants(ctx context.Context, training string) error {
	tr, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, training)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	staff, err := t.me(ctx)
	if err != nil {
		return err
	}
	return t.writeBroadcast(ctx, nil, &umkm.Segment{Regions: staff.Regions(umkm.RoleOfficer), Training: tr.ID})
}

// changeBroadcast opens the form that changes a draft.
func (t *turn) changeBroadcast(ctx context.Context, id string) error {
	return t.formAbout(ctx, id, flows.BroadcastChangeFlow, func(b umkm.Broadcast) bool { return b.State == umkm.BroadcastDraft })
}

// mendBroadcast opens the form that mends the text of one that is being sent.
func (t *turn) mendBroadcast(ctx context.Context, id string) error {
	return t.formAbout(ctx, id, flows.BroadcastFixFlow, func(b umkm.Broadcast) bool { return b.State == umkm.BroadcastBegun && follows(b) })
}

// formAbout opens a form with a broadcast as it stands now, if it may be
// changed so: an older form about it is forgotten.
func (t *turn) formAbout(ctx context.Context, id, flow string, may func(umkm.Broadcast) bool) error {
	b, err := t.bot.broadcasts.BroadcastFor(ctx, t.in.chat, id)
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	if !may(b) {
		return t.showBroadcast(ctx, b, "")
	}
	g, err := t.broadcastGiven(ctx)
	if err != nil {
		return err
	}
	t.dropAbout(id, flows.BroadcastChangeFlow, flows.BroadcastFixFlow)
	return t.open(ctx, flow, flows.BroadcastAnswers(b, g), id, eraseDraft)
}

// keepSegment keeps those whom a broadcast means under a name.
func (t *turn) keepSegment(ctx context.Context, id string) error {
	return t.keep(ctx, id, flows.SaveSegmentFlow, func(b umkm.Broadcast) dialog.Answers { return flows.SaveSegmentAnswers(b.Who) })
}

// keepTemplate keeps its texts.
func (t *turn) keepTemplate(ctx context.Context, id string) error {
	return t.keep(ctx, id, flows.SaveTemplateFlow, func(b umkm.Broadcast) dialog.Answers { return flows.SaveTemplateAnswers(b.Texts) })
}

func (t *turn) keep(ctx context.Context, id, flow string, given func(umkm.Broadcast) dialog.Answers) error {
	b, err := t.bot.broadcasts.BroadcastFor(ctx, t.in.chat, id)
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	t.dropAbout(id, flow)
	return t.open(ctx, flow, given(b), id, eraseDraft)
}

// broadcastForms are the conversations whose end shows the broadcast again.
var broadcastForms = map[string]bool{
	flows.BroadcastFlow: true, flows.BroadcastChangeFlow: true, flows.BroadcastFixFlow: true, flows.SaveSegmentFlow: true, flows.SaveTemplateFlow: true,
}

// broadcastSaved says what came of a form about a broadcast and shows the
// broadcast as it is now, ready to be sent where it is new.
func (t *turn) broadcastSaved(ctx context.Context, d dialog.Dialog, o dialog.Outcome) error {
	id := d.Subject
	if made, ok := o.Args["Broadcast"].(string); ok {
		id = made
	}
	said := t.outcome(d.Flow, o)
	var c card
	b, err := t.bot.broadcasts.BroadcastFor(ctx, t.in.chat, id)
	if err == nil {
		c, err = t.broadcastCardOf(ctx, t.in.chat, b, t.in.at)
	}
	if errors.Is(err, umkm.ErrForbidden) || errors.Is(err, umkm.ErrNoBroadcast) {
		t.send(said, t.broadcastEndKeys())
		return nil
	}
	if err != nil {
		return fmt.Errorf("broadcasts: %w", err)
	}
	t.calls = append(t.calls, t.message(t.in.chat, said+"\n\n"+c.text, c.markup))
	return nil
}

// outcome says what came of a form: in its own words, or in those of the form
// that it shares them with.
func (v voice) outcome(flow string, o dialog.Outcome) string {
	key := flow + "." + o.Key
	if !v.bot.words.Has(key) {
		key = flows.BroadcastFlow + "." + o.Key
	}
	return v.say(key, o.Args)
}

// broadcastLeftKeys lead back to what a form about a broadcast was about.
func (v voice) broadcastLeftKeys(k *keys, d dialog.Dialog) {
	switch {
	case !broadcastForms[d.Flow]:
	case d.Subject != "":
		k.row(v.about("card", bcCard, d.Subject))
	default:
		k.row(v.about("list", bcList))
	}
}

// broadcastWhoSteps are the steps at which it says how many are reached.
var broadcastWhoSteps = append([]string{"audience", "of_training", "saved", "urgent"}, meantSteps...)

// reaches says how many the broadcast that is being written would go to.
func (t *turn) reaches(ctx context.Context, q dialog.Question) string {
	return t.countBelow(ctx, q, broadcastWhoSteps, func(ctx context.Context, a dialog.Answers) (string, bool, error) {
		who, ok := flows.BroadcastSegmentOf(a)
		if !ok {
			return "", false, nil
		}
		reached, err := t.bot.broadcasts.CountReached(ctx, t.in.chat, who, a.Value("urgent") == "yes", t.in.at)
		return t.reachedLine(reached), true, err
	})
}
