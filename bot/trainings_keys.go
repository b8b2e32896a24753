package bot

import (
	"time"

	"github.com/go-telegram/bot/models"

	"umkmbot/internal/umkm"
)

// offerKeys adds what an owner can do about a training; name stands behind
// every label where the account acts for several, "" otherwise.
func (v voice) offerKeys(o umkm.TrainingOffer, name string, at time.Time, k *keys) {
	if o.Seat == nil || mayJoinAgain(o.Seat.State) {
		if o.Taking(at) {
			k.row(v.joinButton(o.Training, o.Owner, name))
		}
		return
	}
	v.seatKeys(*o.Seat, o.Training, name, at, k)
}

// mayJoinAgain: who has nothing now, and was not turned away.
func mayJoinAgain(s umkm.SeatState) bool {
	switch s {
	case umkm.SeatCandidate, umkm.SeatDeclined, umkm.SeatLapsed, umkm.SeatCancelled, umkm.SeatLost:
		return true
	default:
		return false
	}
}

// joinButton says what joining comes to at the moment.
func (v voice) joinButton(tr umkm.Training, owner, name string) models.InlineKeyboardButton {
	label := "trainings.join.button"
	switch {
	case tr.Filling == umkm.FillDraw:
		label = "trainings.join.draw.button"
	case tr.Free() <= 0:
		label = "trainings.join.wait.button"
	}
	return v.whose(label, name, joinData(tr.ID, owner))
}

// seatKeys adds what the owner of a seat can do.
func (v voice) seatKeys(s umkm.Seat, tr umkm.Training, name string, at time.Time, k *keys) {
	on := func(label, verb string) models.InlineKeyboardButton {
		return v.whose(label, name, trainingData(verb, s.ID))
	}
	before := tr.Live(at) && at.Before(tr.Starts)
	switch {
	case !s.In.IsZero():
		v.attendedKeys(s, tr, name, at, k)
	case !tr.Live(at):
	case s.State == umkm.SeatInvited:
		k.row(v.whose("trainings.join.button", name, joinData(tr.ID, s.Owner)), on("trainings.decline.button", seatLeave))
		k.row(on("trainings.later.button", seatLater))
	case s.State == umkm.SeatSeated:
		k.row(on("trainings.code.button", seatCode), on("trainings.calendar.button", seatCalendar))
		if before {
			k.row(on("trainings.leave.button", seatLeave))
		}
	case s.State == umkm.SeatApplied && before:
		k.row(on("trainings.leave.draw.button", seatLeave))
	case s.State == umkm.SeatWaiting && before:
		k.row(on("trainings.leave.wait.button", seatLeave))
	}
}

// attendedKeys adds what is there for who came.
func (v voice) attendedKeys(s umkm.Seat, tr umkm.Training, name string, at time.Time, k *keys) {
	on := func(label, verb string) models.InlineKeyboardButton {
		return v.whose(label, name, trainingData(verb, s.ID))
	}
	if s.Rating == 0 && !at.Before(tr.Ends) {
		k.row(on("trainings.feedback.button", seatFeedback))
	}
	row := keyRow{on("trainings.materials.button", trainingMaterials)}
	if s.Certificate != "" {
		row = append(keyRow{on("trainings.certificate.button", seatCertificate)}, row...)
	}
	k.row(row...)
}

// whose is a button that says for whom it is, where that is not clear.
func (v voice) whose(label, name, data string) models.InlineKeyboardButton {
	text := v.label(label, nil)
	if name != "" {
		text += " · " + shortName(name)
	}
	return button(text, data)
}
