package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-telegram/bot/models"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// dataTraining stands before what a button does about trainings: + verb + "|" +
// what it is about, perhaps + "|" + owner. Alone it leads to the list.
const dataTraining = "tr|"

// What the buttons do, and about what.
const (
	trainingShow      = "o" // a training
	trainingAnew      = "n" // a training, in a message of its own: what leads to it stays
	trainingJoin      = "j" // a training, perhaps for one owner
	trainingPass      = "u" // a training: it is of no interest
	trainingDraw      = "d" // a training: the list of its draw
	trainingMaterials = "m" // a seat
	trainingMaterial  = "g" // a material
	seatLeave         = "l" // a seat: asks first, save for an invitation
	seatLeaves        = "x" // a seat
	seatLater         = "r" // a seat
	seatCode          = "c" // a seat
	seatCalendar      = "k" // a seat
	seatCertificate   = "f" // a seat
	seatFeedback      = "b" // a seat
)

func trainingData(verb, id string) string { return dataTraining + verb + "|" + shorten(id) }

func joinData(training, owner string) string {
	return trainingData(trainingJoin, training) + "|" + shorten(owner)
}

// shownSeats bounds the seats in the list, shownOffers the trainings that one
// may join.
const (
	shownSeats  = 6
	shownOffers = 8
)

// ownSeat is a seat of the account's with its training.
type ownSeat struct {
	umkm.Seat
	training umkm.Training
}

// trainingList shows the owner's seats, then what can be joined.
func (t *turn) trainingList(ctx context.Context) error {
	profiles, err := t.profiles(ctx)
	if err != nil {
		return err
	}
	k := t.resumeKeys()
	var lines []string
	if len(profiles) == 0 {
		lines, err = t.trainingsForAll(ctx, k)
	} else {
		lines, err = t.ownTrainings(ctx, k, len(owners(profiles)) > 1)
	}
	if err != nil {
		return err
	}
	officer, err := t.may(ctx, officers...)
	if err != nil {
		return err
	}
	if officer {
		t.trainingDeskKeys(k)
	}
	k.row(button(t.label("menu.button.person", nil), dataPerson), t.commandButton("menu.button.menu", "menu"))
	t.put(card{text: strings.Join(lines, "\n") + t.resumeLine(), markup: k.markup()}, true)
	return nil
}

// trainingsForAll says to who is not registered what there is to be had.
func (t *turn) trainingsForAll(ctx context.Context, k *keys) ([]string, error) {
	open, err := t.bot.trainings.OpenTrainings(ctx, shownOffers, t.in.at)
	if err != nil {
		return nil, fmt.Errorf("open trainings: %w", err)
	}
	staff, err := t.me(ctx)
	if err != nil {
		return nil, err
	}
	lines := []string{t.say(unregistered(staff), nil)}
	if len(open) > 0 {
		lines = append(lines, "")
	}
	if len(staff.Grants) == 0 {
		t.registerFirst(k)
	}
	for _, tr := range open {
		lines = append(lines, t.offerLine(tr))
		k.row(t.trainingButton(tr))
	}
	return lines, nil
}

// unregistered is the key of what is said of seats to who has no business: the
// staff are told who sees to trainings, and may register in the menu.
func unregistered(staff umkm.Staff) string {
	switch {
	case staff.Has(officers...):
		return "trainings.unregistered.officer"
	case len(staff.Grants) > 0:
		return "trainings.unregistered.staff"
	}
	return "trainings.unregistered"
}

// joinLater leads on from a training who has no business: to register first, or
// officers to what they manage.
func (t *turn) joinLater(ctx context.Context, k *keys) error {
	staff, err := t.me(ctx)
	switch {
	case err != nil:
		return err
	case staff.Has(officers...):
		t.trainingDeskKeys(k)
	case len(staff.Grants) == 0:
		t.registerFirst(k)
	}
	return nil
}

// registerFirst offers to register; who is about it goes on with that.
func (t *turn) registerFirst(k *keys) {
	if t.state.Dialog == nil {
		k.row(t.commandButton("trainings.register.button", "register"))
	}
}

// ownTrainings says seats and offers, and adds their buttons; several: the
// account acts for more than one owner.
func (t *turn) ownTrainings(ctx context.Context, k *keys, several bool) ([]string, error) {
	seats, err := t.ownSeats(ctx)
	if err != nil {
		return nil, err
	}
	offers, err := t.bot.trainings.Offers(ctx, t.in.chat, t.in.at)
	if err != nil {
		return nil, fmt.Errorf("offers: %w", err)
	}
	var lines []string
	listed := map[string]bool{}
	for _, s := range seats {
		lines = append(lines, t.seatLine(s, several))
		if !listed[s.Training] {
			k.row(t.trainingButton(s.training))
		}
		listed[s.Training] = true
	}
	if len(lines) > 0 {
		lines = slices.Insert(lines, 0, t.say("trainings.mine", nil))
	}
	var open []string
	for _, o := range offers {
		if !listed[o.ID] && len(open) < shownOffers {
			listed[o.ID] = true
			open = append(open, t.offerLine(o.Training))
			k.row(t.trainingButton(o.Training))
		}
	}
	switch {
	case len(lines)+len(open) == 0:
		return []string{t.say("trainings.none", nil)}, nil
	case len(open) > 0 && len(lines) > 0:
		lines = append(lines, "")
	}
	if len(open) > 0 {
		lines = append(lines, t.say("trainings.open", nil))
	}
	return append(lines, open...), nil
}

// ownSeats are the account's seats that are of interest still.
func (t *turn) ownSeats(ctx context.Context) ([]ownSeat, error) {
	seats, err := t.bot.trainings.SeatsOf(ctx, t.in.chat, t.in.at)
	if err != nil {
		return nil, fmt.Errorf("seats: %w", err)
	}
	var out []ownSeat
	for _, s := range seats {
		if len(out) == shownSeats || !s.State.Live() && s.In.IsZero() {
			continue
		}
		_, training, err := t.bot.trainings.SeatFor(ctx, t.in.chat, s.ID)
		if errors.Is(err, umkm.ErrNoSeat) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("seat: %w", err)
		}
		out = append(out, ownSeat{s, training})
	}
	return out, nil
}

// trainingsAhead is what the status says of seats in trainings to come: one
// paragraph, or none.
func (t *turn) trainingsAhead(ctx context.Context, several bool) ([]string, error) {
	seats, err := t.ownSeats(ctx)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, s := range seats {
		if s.State.Live() && s.training.Live(t.in.at) {
			lines = append(lines, t.seatLine(s, several))
		}
	}
	if len(lines) == 0 {
		return nil, nil
	}
	return []string{t.say("trainings.mine", nil) + "\n" + strings.Join(lines, "\n")}, nil
}

// seatLine says a seat in one line; of several owners, whose it is.
func (t *turn) seatLine(s ownSeat, several bool) string {
	line := t.say("trainings.line.seat", dialog.Args{
		"Title": s.training.Title, "Day": t.day(s.training.Starts), "State": markup(t.seatState(s.Seat, s.training)),
	})
	if several {
		line += " " + t.say("trainings.line.whose", dialog.Args{"Name": s.OwnerName})
	}
	return line
}

// seatState says in a few words what an owner has.
func (t *turn) seatState(s umkm.Seat, tr umkm.Training) string {
	key := "trainings.state." + string(s.State)
	switch {
	case tr.State == umkm.TrainingCancelled:
		key = "trainings.state.off"
	case !s.In.IsZero():
		key = "trainings.state.attended"
	case s.State == umkm.SeatSeated && !tr.Live(t.in.at):
		key = "trainings.state.missed"
	case s.State == umkm.SeatWaiting && s.Place == 0:
		key = "trainings.state.waits"
	}
	return t.say(key, dialog.Args{"Number": s.Number, "Place": s.Place, "Until": t.dayTime(s.Until)})
}

func (t *turn) offerLine(tr umkm.Training) string {
	return t.say("trainings.line.open", dialog.Args{"Title": tr.Title, "Day": t.day(tr.Starts), "Places": markup(t.places(tr))})
}

// places says in a few words what there is to be had.
func (t *turn) places(tr umkm.Training) string {
	key := "trainings.places.left"
	switch {
	case tr.Filling == umkm.FillDraw:
		key = "trainings.places.draw"
	case tr.Filling == umkm.FillInvite:
		key = "trainings.places.invite"
	case tr.Free() <= 0:
		key = "trainings.places.full"
	}
	return t.say(key, dialog.Args{"Free": max(tr.Free(), 0), "Quota": tr.Quota, "Closes": t.date(tr.Closes)})
}

func (v voice) trainingButton(tr umkm.Training) models.InlineKeyboardButton {
	return button(v.label("trainings.one.button", dialog.Args{"Title": tr.Title}), trainingData(trainingShow, tr.ID))
}
