package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// tapTraining answers a button about trainings.
func (t *turn) tapTraining(ctx context.Context, rest string) error {
	verb, what, _ := strings.Cut(rest, "|")
	id, owner, _ := strings.Cut(what, "|")
	id, owner = lengthen(id), lengthen(owner)
	if file, ok := trainingFiles[verb]; ok {
		return t.askTrainingFile(ctx, file, id)
	}
	if verb == seatLater {
		return t.remindLater(ctx, id)
	}
	t.answerTap("")
	switch verb {
	case "":
		return t.trainingList(ctx)
	case trainingShow:
		return t.trainingPage(ctx, id, "")
	case trainingAnew:
		t.in.message = 0
		return t.trainingPage(ctx, id, "")
	case trainingJoin:
		return t.join(ctx, id, owner)
	case trainingPass:
		return t.passOver(ctx, id)
	case trainingMaterials:
		return t.materials(ctx, id)
	case seatLeave, seatLeaves:
		return t.leaveSeat(ctx, id, verb == seatLeaves)
	case seatFeedback:
		return t.feedback(ctx, id)
	}
	return t.unknownTap(ctx)
}

// offersOf is a training as the account sees it, with an offer for each owner
// it is meant for; offers is empty where it is meant for none of them.
func (t *turn) offersOf(ctx context.Context, id string) (umkm.Training, []umkm.TrainingOffer, error) {
	offers, err := t.bot.trainings.OffersOf(ctx, t.in.chat, id, t.in.at)
	if err != nil {
		return umkm.Training{}, nil, err
	}
	if len(offers) > 0 {
		return offers[0].Training, offers, nil
	}
	tr, err := t.bot.trainings.FindTraining(ctx, id)
	return tr, nil, err
}

// trainingPage shows a training: what it is, what the account's owners have of
// it, what they can do. above is said first.
func (t *turn) trainingPage(ctx context.Context, id, above string) error {
	tr, offers, err := t.offersOf(ctx, id)
	if errors.Is(err, umkm.ErrNoTraining) {
		return t.trainingGone()
	}
	if err != nil {
		return fmt.Errorf("training: %w", err)
	}
	profiles, err := t.profiles(ctx)
	if err != nil {
		return err
	}
	several := len(owners(profiles)) > 1
	k := t.resumeKeys()
	var parts []string
	if above != "" {
		parts = append(parts, above)
	}
	parts = append(parts, strings.Join(t.trainingFacts(tr, anySeated(offers)), "\n"))
	if !allPlaced(offers) || !tr.Live(t.in.at) {
		parts = append(parts, t.trainingStanding(tr, t.in.at))
	}
	for _, o := range offers {
		parts = append(parts, t.offerPart(o, several, k))
	}
	switch {
	case len(profiles) == 0 && tr.Live(t.in.at):
		parts = append(parts, t.say("trainings.register", nil))
		if err := t.joinLater(ctx, k); err != nil {
			return err
		}
	case len(offers) == 0 && tr.Live(t.in.at):
		parts = append(parts, t.say("trainings.not_meant", dialog.Args{"Who": t.meant(tr.Who)}))
	}
	t.commonKeys(k, tr)
	t.put(card{text: strings.Join(parts, "\n\n") + t.resumeLine(), markup: k.markup()}, true)
	return nil
}

func anySeated(offers []umkm.TrainingOffer) bool {
	for _, o := range offers {
		if o.Seat != nil && o.Seat.State == umkm.SeatSeated {
			return true
		}
	}
	return false
}

// allPlaced: every owner who is meant has a seat, so that nothing is to be said
// of how they are given.
func allPlaced(offers []umkm.TrainingOffer) bool {
	for _, o := range offers {
		if o.Seat == nil || o.Seat.State != umkm.SeatSeated {
			return false
		}
	}
	return len(offers) > 0
}

// commonKeys are the buttons of a training that are the same for everybody.
func (t *turn) commonKeys(k *keys, tr umkm.Training) {
	var row []models.InlineKeyboardButton
	if b, ok := t.mapButton(tr); ok && tr.Live(t.in.at) {
		row = append(row, b)
	}
	if !tr.Drawn.IsZero() {
		row = append(row, button(t.label("trainings.draw.button", nil), trainingData(trainingDraw, tr.ID)))
	}
	k.row(row...)
	k.row(button(t.label("trainings.list.button", nil), dataTraining), t.commandButton("menu.button.menu", "menu"))
}

// trainingStanding says whether and how one can register.
func (v voice) trainingStanding(tr umkm.Training, at time.Time) string {
	args := dialog.Args{
		"Free": max(tr.Free(), 0), "Quota": tr.Quota, "Waiting": tr.Seats.Waiting, "Applied": tr.Seats.Applied,
		"Closes": v.dayTime(tr.Closes), "Hash": tr.SeedHash, "Seed": tr.Seed, "Reason": tr.Reason, "Drawn": v.dayTime(tr.Drawn), "Each": tr.Caps.Each,
	}
	switch {
	case tr.State == umkm.TrainingCancelled && tr.Reason != "":
		return v.say("trainings.off.reason", args)
	case tr.State == umkm.TrainingCancelled:
		return v.say("trainings.off", args)
	case !tr.Live(at):
		return v.say("trainings.over", args)
	}
	var lines []string
	add := func(key string) { lines = append(lines, v.say(key, args)) }
	switch {
	case !tr.Drawn.IsZero():
		add("trainings.how.drawn")
	case tr.Filling == umkm.FillDraw:
		add("trainings.how.draw")
		if tr.SeedHash != "" {
			add("trainings.how.hash")
		}
	case tr.Filling == umkm.FillInvite:
		add("trainings.how.invite")
	case tr.Free() > 0:
		add("trainings.how.open")
	default:
		add("trainings.how.full")
	}
	if tr.UntrainedFirst && tr.Filling != umkm.FillOpen {
		add("trainings.how.untrained")
	}
	if tr.Caps.By != umkm.CapNone && tr.Caps.Each > 0 {
		add("trainings.how.cap." + string(tr.Caps.By))
	}
	switch {
	case tr.Taking(at):
		add("trainings.closes")
	case tr.Drawn.IsZero():
		add("trainings.closed")
	}
	return strings.Join(lines, "\n")
}

// offerPart says what one owner has of a training, "" where there is nothing to
// say, and adds what they can do.
func (t *turn) offerPart(o umkm.TrainingOffer, several bool, k *keys) string {
	text, name, key := "", "", "trainings.yours"
	if several {
		key = "trainings.yours.of"
	}
	switch {
	case o.Seat != nil && o.Seat.State != umkm.SeatCandidate:
		text = t.say(key, dialog.Args{"State": markup(t.seatState(*o.Seat, o.Training))})
	case several && o.Taking(t.in.at):
		text = t.say("trainings.yours.none", nil)
	}
	if several {
		name = o.Name
		text = strings.TrimSpace(t.say("trainings.owner", dialog.Args{"Name": o.Name}) + "\n" + text)
	}
	t.offerKeys(o, name, t.in.at, k)
	return text
}
