package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// What stands before the rest of a link's payload: the owner's code on the day
// (a seat), the room's (its token), a training, a certificate (its number).
const (
	seatPayload        = "h_"
	roomPayload        = "r_"
	trainingPayload    = "t_"
	certificatePayload = "c_"
)

// SeatPayload is what the link of a seat's code begins the bot with, and so on.
func SeatPayload(seat string) string         { return seatPayload + shorten(seat) }
func RoomPayload(token string) string        { return roomPayload + token }
func TrainingPayload(training string) string { return trainingPayload + shorten(training) }
func CertificatePayload(n umkm.CertificateNumber) string {
	return certificatePayload + string(n)
}

// openTrainingLink follows a link about trainings; false: it is another.
func (t *turn) openTrainingLink(ctx context.Context, payload string) (bool, error) {
	for prefix, open := range map[string]func(*turn, context.Context, string) error{
		seatPayload: (*turn).openSeat, roomPayload: (*turn).openRoom,
		trainingPayload: (*turn).openTraining, certificatePayload: (*turn).showCertificate,
	} {
		if rest, ok := strings.CutPrefix(payload, prefix); ok {
			return true, open(t, ctx, rest)
		}
	}
	return false, nil
}

func (t *turn) openTraining(ctx context.Context, short string) error {
	return t.trainingPage(ctx, lengthen(short), "")
}

// openSeat answers whoever scanned an owner's code. It is for the officer at
// the door; others learn nothing of whose it is.
func (t *turn) openSeat(ctx context.Context, short string) error {
	if done, err := t.checkInByCode(ctx, lengthen(short)); done || err != nil {
		return err
	}
	k, err := t.menuKeys(ctx)
	if err != nil {
		return err
	}
	t.send(t.say("trainings.code.others", nil)+t.resumeLine(), k)
	return nil
}

// openRoom notes that the account's owners have come or gone, by the code that
// hangs in the room.
func (t *turn) openRoom(ctx context.Context, token string) error {
	noted, tr, err := t.bot.trainings.CheckInByRoom(ctx, t.in.chat, token, t.in.at)
	args := dialog.Args{"Title": tr.Title, "From": t.dayTime(tr.Starts.Add(-umkm.CheckInBefore)), "To": t.dayTime(tr.Ends.Add(umkm.CheckInAfter))}
	k := &keys{}
	if tr.ID != "" {
		k.row(t.trainingButton(tr))
	}
	k.row(button(t.label("menu.button.person", nil), dataPerson), t.commandButton("menu.button.menu", "menu"))
	var text string
	switch {
	case errors.Is(err, umkm.ErrNoTraining):
		text = t.say("trainings.room.unknown", nil)
	case errors.Is(err, umkm.ErrWrongTime):
		text = t.say("trainings.room.time", args)
	case errors.Is(err, umkm.ErrNoSeat):
		text = t.say("trainings.room.no_seat", args)
	case err != nil:
		return fmt.Errorf("check in by the room's code: %w", err)
	default:
		text = t.noted(noted, tr)
	}
	t.send(text+t.resumeLine(), k)
	return nil
}

// noted says what was noted of each.
func (t *turn) noted(all []umkm.CheckIn, tr umkm.Training) string {
	lines := []string{t.say("trainings.title", dialog.Args{"Title": tr.Title})}
	for _, c := range all {
		key, at := "trainings.noted.in", c.Seat.In
		if c.What == umkm.AttendOut {
			key, at = "trainings.noted.out", c.Seat.Out
		}
		if c.Again {
			key += ".again"
		}
		lines = append(lines, t.say(key, dialog.Args{"Name": c.Seat.OwnerName, "Time": t.clock(at)}))
	}
	return strings.Join(lines, "\n")
}

// checkCertificate looks a certificate up by the number behind the command.
func (t *turn) checkCertificate(ctx context.Context) error {
	return t.showCertificate(ctx, t.in.payload)
}

// showCertificate says whether a number is a certificate's, and what that says:
// of its holder no more than an acquaintance needs to know them again.
func (t *turn) showCertificate(ctx context.Context, typed string) error {
	k := t.resumeKeys()
	k.row(button(t.label("menu.button.person", nil), dataPerson), t.commandButton("menu.button.menu", "menu"))
	if strings.TrimSpace(typed) == "" {
		t.send(t.say("certificate.ask", nil)+t.resumeLine(), k)
		return nil
	}
	n, err := umkm.ParseCertificateNumber(typed)
	if err != nil {
		t.send(t.say("certificate.malformed", nil)+t.resumeLine(), k)
		return nil
	}
	c, err := t.bot.trainings.CertificateOf(ctx, n)
	switch {
	case errors.Is(err, umkm.ErrNoSeat):
		t.send(t.say("certificate.unknown", dialog.Args{"Number": string(n)})+t.resumeLine(), k)
		return nil
	case err != nil:
		return fmt.Errorf("certificate: %w", err)
	}
	place := c.Place
	if place == "" {
		place = t.label("certificate.online", nil)
	}
	holder := t.say("certificate.holder", dialog.Args{"Name": shortName(c.Name)})
	if c.Name == "" {
		holder = t.say("certificate.erased", nil)
	}
	t.send(strings.Join([]string{
		t.say("certificate.genuine", dialog.Args{"Number": string(c.Number)}),
		t.say("certificate.training", dialog.Args{"Title": c.Training, "When": t.span(c.Starts, c.Ends), "Place": place}),
		holder,
	}, "\n")+t.resumeLine(), k)
	return nil
}

// shortName is a first name with the initials of the others: Siti A.
func shortName(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		if i > 0 {
			words[i] = string([]rune(w)[:1]) + "."
		}
	}
	return strings.Join(words, " ")
}
