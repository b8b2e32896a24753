package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-telegram/bot/models"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// join takes a seat, a place in the queue or in the draw for an owner; "": for
// whom it is meant, if that is one alone.
func (t *turn) join(ctx context.Context, id, owner string) error {
	if owner == "" {
		_, offers, err := t.offersOf(ctx, id)
		if errors.Is(err, umkm.ErrNoTraining) {
			return t.trainingGone()
		}
		if err != nil {
			return fmt.Errorf("offers: %w", err)
		}
		if len(offers) != 1 {
			return t.trainingPage(ctx, id, "")
		}
		owner = offers[0].Owner
	}
	s, err := t.bot.trainings.Join(ctx, umkm.Joining{Training: id, Account: t.in.chat, Owner: owner, At: t.in.at})
	switch {
	case errors.Is(err, umkm.ErrNotYours), errors.Is(err, umkm.ErrNoSeat):
		return t.unknownTap(ctx)
	case errors.Is(err, umkm.ErrNoTraining):
		return t.trainingGone()
	case errors.Is(err, umkm.ErrNotTaking), errors.Is(err, umkm.ErrNotMeant): // the page says why
		return t.trainingPage(ctx, id, t.say("trainings.join.late", nil))
	case err != nil:
		return fmt.Errorf("join: %w", err)
	}
	return t.showSeat(ctx, s.ID)
}

// showSeat says what joining came to.
func (t *turn) showSeat(ctx context.Context, id string) error {
	s, tr, err := t.bot.trainings.SeatFor(ctx, t.in.chat, id)
	if errors.Is(err, umkm.ErrNoSeat) {
		return t.unknownTap(ctx)
	}
	if err != nil {
		return fmt.Errorf("seat: %w", err)
	}
	profiles, err := t.profiles(ctx)
	if err != nil {
		return err
	}
	key := "trainings.joined." + string(s.State)
	if !t.bot.words.Has(key) { // they have lost it meanwhile
		return t.trainingPage(ctx, tr.ID, "")
	}
	k := &keys{}
	text := t.seatWords(key, s, tr, len(owners(profiles)) > 1)
	t.seatKeys(s, tr, "", t.in.at, k)
	t.commonKeys(k, tr)
	t.put(card{text: text + t.resumeLine(), markup: k.markup()}, true)
	return nil
}

// seatWords says something of a seat, of several owners for whom, and what the
// training is.
func (v voice) seatWords(key string, s umkm.Seat, tr umkm.Training, several bool) string {
	lines := []string{v.say(key, dialog.Args{
		"Title": tr.Title, "Number": s.Number, "Place": s.Place, "Until": v.dayTime(s.Until), "Closes": v.dayTime(tr.Closes),
		"Hash": tr.SeedHash, "Seed": tr.Seed, "Reason": tr.Reason, "Quota": tr.Quota,
	})}
	if several {
		lines = append(lines, v.say("trainings.owner", dialog.Args{"Name": s.OwnerName}))
	}
	lines = append(lines, "")
	return strings.Join(append(lines, v.trainingFacts(tr, s.State == umkm.SeatSeated)...), "\n")
}

// leaveSeat gives a seat back, or says no to an invitation; a seat that is sure
// is asked about first.
func (t *turn) leaveSeat(ctx context.Context, id string, sure bool) error {
	s, tr, err := t.bot.trainings.SeatFor(ctx, t.in.chat, id)
	switch {
	case errors.Is(err, umkm.ErrNoSeat):
		return t.unknownTap(ctx)
	case err != nil:
		return fmt.Errorf("seat: %w", err)
	case s.State.Live() && s.State != umkm.SeatInvited && !sure && t.in.at.Before(tr.Starts):
		k := &keys{}
		k.row(button(t.label("trainings.leave.no.button", nil), trainingData(trainingShow, tr.ID)))
		k.row(button(t.label("trainings.leave.yes.button", nil), trainingData(seatLeaves, id)))
		t.put(card{text: t.say("trainings.leave.ask."+string(s.State), dialog.Args{
			"Title": tr.Title, "When": t.span(tr.Starts, tr.Ends), "Name": s.OwnerName,
		}), markup: k.markup()}, true)
		return nil
	}
	left, err := t.bot.trainings.Leave(ctx, t.in.chat, id, t.in.at)
	switch {
	case errors.Is(err, umkm.ErrNoSeat):
		return t.unknownTap(ctx)
	case errors.Is(err, umkm.ErrNotTaking):
		return t.trainingPage(ctx, tr.ID, t.say("trainings.leave.late", nil))
	case err != nil:
		return fmt.Errorf("leave: %w", err)
	}
	key := "trainings.left.cancelled"
	if left.State == umkm.SeatDeclined {
		key = "trainings.left.declined"
	}
	return t.trainingPage(ctx, tr.ID, t.say(key, nil))
}

// remindLater has an invitation said once more, and says when in a toast: the
// invitation stays as it is.
func (t *turn) remindLater(ctx context.Context, id string) error {
	when, err := t.bot.trainings.RemindLater(ctx, t.in.chat, id, t.in.at)
	if errors.Is(err, umkm.ErrNoSeat) {
		t.answerTap(t.label("trainings.later.none", nil))
		return nil
	}
	if err != nil {
		return fmt.Errorf("remind later: %w", err)
	}
	t.answerTap(t.label("trainings.later.done", dialog.Args{"When": t.dayTime(when)}))
	return nil
}

// passOver takes an announcement's buttons away from who is not interested.
func (t *turn) passOver(ctx context.Context, id string) error {
	tr, err := t.bot.trainings.FindTraining(ctx, id)
	if errors.Is(err, umkm.ErrNoTraining) {
		return t.trainingGone()
	}
	if err != nil {
		return fmt.Errorf("training: %w", err)
	}
	k := &keys{}
	k.row(t.trainingButton(tr))
	t.put(card{text: t.say("trainings.passed", dialog.Args{"Title": tr.Title}), markup: k.markup()}, true)
	return nil
}

func (t *turn) trainingGone() error {
	k := (&keys{}).with(button(t.label("trainings.list.button", nil), dataTraining), t.commandButton("menu.button.menu", "menu"))
	t.put(card{text: t.say("trainings.gone", nil), markup: k.markup()}, true)
	return nil
}

// materials lists what there is for who attended.
func (t *turn) materials(ctx context.Context, seat string) error {
	s, tr, err := t.bot.trainings.SeatFor(ctx, t.in.chat, seat)
	if errors.Is(err, umkm.ErrNoSeat) || err == nil && s.In.IsZero() {
		return t.unknownTap(ctx)
	}
	if err != nil {
		return fmt.Errorf("seat: %w", err)
	}
	all, err := t.bot.trainings.Materials(ctx, tr.ID)
	if err != nil {
		return fmt.Errorf("materials: %w", err)
	}
	k := &keys{}
	key := "trainings.materials"
	if len(all) == 0 {
		key = "trainings.materials.none"
	}
	for _, m := range all {
		k.row(t.materialButton(m))
	}
	k.row(t.trainingButton(tr), t.commandButton("menu.button.menu", "menu"))
	t.put(card{text: t.say(key, dialog.Args{"Title": tr.Title}), markup: k.markup()}, true)
	return nil
}

// feedback opens the two questions about a training.
func (t *turn) feedback(ctx context.Context, seat string) error {
	s, _, err := t.bot.trainings.SeatFor(ctx, t.in.chat, seat)
	if errors.Is(err, umkm.ErrNoSeat) || err == nil && s.In.IsZero() {
		return t.unknownTap(ctx)
	}
	if err != nil {
		return fmt.Errorf("seat: %w", err)
	}
	return t.open(ctx, flows.FeedbackFlow, dialog.Answers{}, s.ID, eraseDraft)
}

// materialButton opens a page, or has a file sent.
func (t *turn) materialButton(m umkm.Material) models.InlineKeyboardButton {
	label := t.label("trainings.material.button", dialog.Args{"Title": m.Title})
	if m.Link != "" {
		return models.InlineKeyboardButton{Text: clip(label, maxButton), URL: m.Link}
	}
	return button(label, trainingData(trainingMaterial, m.ID))
}
