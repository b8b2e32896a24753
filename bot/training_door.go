package bot

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// door shows how many have come to a training, and the ways to note it; what
// is noted of who is looked for, in or out.
func (t *turn) door(ctx context.Context, id, what string) error {
	tr, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, id)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	if !tr.OnTheDay(t.in.at) {
		return t.wrongTime(tr)
	}
	mode, other := attendanceOf(what), umkm.AttendOut
	if mode == umkm.AttendOut {
		other = umkm.AttendIn
	}
	k := &keys{}
	k.row(t.on("find", mtFind, id, string(mode)))
	k.row(t.on("mode."+string(other), mtDoor, id, string(other)))
	k.row(t.on("room.in", mtFile, id, umkm.FileRoomIn), t.on("room.out", mtFile, id, umkm.FileRoomOut))
	k.row(t.on("people", mtPeople, id), t.on("card", mtCard, id))
	t.put(card{text: t.say("training_desk.door", dialog.Args{
		"Title": tr.Title, "Attended": tr.Seats.Attended, "Seated": tr.Seats.Seated, "Free": max(tr.Free(), 0), "Waiting": tr.Seats.Waiting,
	}) + "\n" + t.say("training_desk.door."+string(mode), nil), markup: k.markup()}, true)
	return nil
}

// attendanceOf reads what a button is to note; coming, unless it says going.
func attendanceOf(what string) umkm.Attendance {
	if umkm.Attendance(what) == umkm.AttendOut {
		return umkm.AttendOut
	}
	return umkm.AttendIn
}

// wrongTime says when attendance can be noted.
func (t *turn) wrongTime(tr umkm.Training) error {
	k := &keys{}
	k.row(t.on("card", mtCard, tr.ID), t.commandButton("menu.button.menu", "menu"))
	t.reply("training_desk.door.time", dialog.Args{
		"Title": tr.Title, "From": t.dayTime(tr.Starts.Add(-umkm.CheckInBefore)), "To": t.dayTime(tr.Ends.Add(umkm.CheckInAfter)),
	}, k)
	return nil
}

// checkInByCode notes that the owner has come whose code was opened by an
// officer of the training. handled is false for everybody else, who learns no
// more than that it is a code.
func (t *turn) checkInByCode(ctx context.Context, seat string) (handled bool, _ error) {
	officer, err := t.may(ctx, umkm.RoleOfficer)
	if err != nil || !officer {
		return false, err
	}
	c, err := t.bot.trainings.CheckIn(ctx, t.in.chat, seat, umkm.AttendIn, t.in.at)
	if errors.Is(err, umkm.ErrForbidden) || errors.Is(err, umkm.ErrNoSeat) && c.Seat.ID == "" {
		return false, nil
	}
	return true, t.checkedIn(ctx, seat, c, err)
}

// noteSeat notes that the owner of a seat has come or gone.
func (t *turn) noteSeat(ctx context.Context, seat, what string) error {
	c, err := t.bot.trainings.CheckIn(ctx, t.in.chat, seat, attendanceOf(what), t.in.at)
	return t.checkedIn(ctx, seat, c, err)
}

// checkedIn says what came of noting it: whose seat it is, and how many have
// come. It names somebody, so it can be neither forwarded nor saved.
func (t *turn) checkedIn(ctx context.Context, seat string, c umkm.CheckIn, err error) error {
	switch {
	case errors.Is(err, umkm.ErrNoSeat) && c.Seat.ID != "":
		return t.notSeated(ctx, c.Seat)
	case errors.Is(err, umkm.ErrWrongTime):
		_, tr, err := t.bot.trainings.OfficersSeat(ctx, t.in.chat, seat, t.in.at)
		if err != nil {
			return t.trainingRefused(ctx, err)
		}
		return t.wrongTime(tr)
	case err != nil:
		return t.trainingRefused(ctx, err)
	}
	tr, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, c.Seat.Training)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	t.protected(t.attendanceWords(c, tr), t.attendanceKeys(c).markup())
	return nil
}

func (t *turn) attendanceWords(c umkm.CheckIn, tr umkm.Training) string {
	key, at := "training_desk.noted."+string(c.What), c.Seat.In
	if c.What == umkm.AttendOut {
		at = c.Seat.Out
	}
	switch {
	case c.Again:
		key += ".again"
	case c.Seat.WalkIn && c.What == umkm.AttendIn:
		key = "training_desk.noted.walk_in"
	}
	return t.say(key, dialog.Args{
		"Name": c.Seat.OwnerName, "District": regionName(c.Seat.Village.District()), "Time": t.clock(at), "Count": c.Count, "Seated": tr.Seats.Seated,
	})
}

func (t *turn) attendanceKeys(c umkm.CheckIn) *keys {
	k := &keys{}
	row := keyRow{t.on("undo", mtUndo, c.Seat.ID, string(c.What))}
	if c.Seat.Out.IsZero() {
		row = append(row, t.on("out", mtNote, c.Seat.ID, string(umkm.AttendOut)))
	}
	k.row(row...)
	k.row(t.on("door", mtDoor, c.Seat.Training, string(c.What)))
	return k
}

// notSeated says that somebody at the door has no seat, and offers to let them
// in if a place is free.
func (t *turn) notSeated(ctx context.Context, s umkm.Seat) error {
	tr, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, s.Training)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	k := &keys{}
	k.row(t.on("walk_in", mtWalkIn, tr.ID, string(s.BusinessNumber)))
	k.row(t.on("door", mtDoor, tr.ID))
	t.protected(t.say("training_desk.not_seated", dialog.Args{
		"Name": s.OwnerName, "District": regionName(s.Village.District()), "Title": tr.Title, "Free": max(tr.Free(), 0),
		"State": dialog.Text{Key: "training_desk.seat." + string(s.State)},
	}), k.markup())
	return nil
}

// letIn seats somebody who came without a seat, by a business's number.
func (t *turn) letIn(ctx context.Context, training, typed string) error {
	n, err := umkm.ParseNumber(typed)
	if err != nil {
		return t.unknownTap(ctx)
	}
	c, err := t.bot.trainings.WalkIn(ctx, t.in.chat, training, n, t.in.at)
	if errors.Is(err, umkm.ErrFull) || errors.Is(err, umkm.ErrNotYours) || errors.Is(err, umkm.ErrWrongTime) {
		key := "training_desk.full"
		switch {
		case errors.Is(err, umkm.ErrNotYours):
			key = "training_desk.no_number"
		case errors.Is(err, umkm.ErrWrongTime):
			key = "training_desk.time"
		}
		t.reply(key, dialog.Args{"Number": string(n)}, (&keys{}).with(t.on("door", mtDoor, training)))
		return nil
	}
	return t.checkedIn(ctx, c.Seat.ID, c, err)
}

// undoSeat takes back what was noted.
func (t *turn) undoSeat(ctx context.Context, seat, what string) error {
	if err := t.bot.trainings.UndoCheckIn(ctx, t.in.chat, seat, attendanceOf(what), t.in.at); err != nil {
		return t.trainingRefused(ctx, err)
	}
	s, tr, err := t.bot.trainings.OfficersSeat(ctx, t.in.chat, seat, t.in.at)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	k := &keys{}
	t.attendKeys(k, s, tr)
	k.row(t.on("door", mtDoor, tr.ID))
	t.protected(t.say("training_desk.undone", dialog.Args{"Name": s.OwnerName, "Count": tr.Seats.Attended, "Seated": tr.Seats.Seated}), k.markup())
	return nil
}

// findAtDoor opens the form in which somebody is looked for, until the officer
// ends it.
func (t *turn) findAtDoor(ctx context.Context, id, what string) error {
	tr, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, id)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	if !tr.OnTheDay(t.in.at) {
		return t.wrongTime(tr)
	}
	return t.lookAtDoor(ctx, id, attendanceOf(what))
}

// lookAtDoor opens the form anew: one that is open notes what it was opened for.
func (t *turn) lookAtDoor(ctx context.Context, training string, what umkm.Attendance) error {
	tr, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, training)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	t.dropAbout(training, flows.AttendFlow)
	return t.open(ctx, flows.AttendFlow, flows.AttendAnswers(tr.Title, what), training, eraseDraft)
}

// looked says who was looked for at the door, notes them where it is one, and
// asks for the next.
func (t *turn) looked(ctx context.Context, d dialog.Dialog, o dialog.Outcome) error {
	what := attendanceOf(d.Answers.Value("what"))
	words, _ := o.Args["Words"].(string)
	code, photographed := o.Args["Code"].(string)
	payload := payloadOf(code)
	number, card := cardNumber(payload)
	seat, pass := strings.CutPrefix(payload, seatPayload)
	var err error
	switch {
	case pass:
		err = t.noteCode(ctx, lengthen(seat), what)
	case card:
		err = t.noteWords(ctx, d.Subject, string(number), what)
	case photographed:
		t.reply("training_desk.found.foreign", nil, nil)
	default:
		err = t.noteWords(ctx, d.Subject, words, what)
	}
	if err != nil {
		return err
	}
	return t.lookAtDoor(ctx, d.Subject, what)
}

// payloadOf is what the link in a code begins the bot with, "" for another
// link.
func payloadOf(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return u.Query().Get("start")
}

// noteCode notes the owner of a seat whose code was photographed.
func (t *turn) noteCode(ctx context.Context, seat string, what umkm.Attendance) error {
	c, err := t.bot.trainings.CheckIn(ctx, t.in.chat, seat, what, t.in.at)
	if errors.Is(err, umkm.ErrForbidden) || errors.Is(err, umkm.ErrNoSeat) && c.Seat.ID == "" {
		t.reply("training_desk.found.foreign", nil, nil)
		return nil
	}
	return t.checkedIn(ctx, seat, c, err)
}

// noteWords notes the one participant whom words mean, or asks which; a
// business that has no seat can be let in.
func (t *turn) noteWords(ctx context.Context, training, words string, what umkm.Attendance) error {
	seats, err := t.bot.trainings.FindSeats(ctx, t.in.chat, training, words)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	if len(seats) == 1 {
		return t.noteSeat(ctx, seats[0].ID, string(what))
	}
	k := &keys{}
	key, args := "training_desk.found.none", dialog.Args{"Words": clip(words, maxToast)}
	if n, err := umkm.ParseNumber(words); err == nil && len(seats) == 0 {
		key, args = "training_desk.found.number", dialog.Args{"Number": string(n)}
		k.row(t.on("walk_in", mtWalkIn, training, string(n)))
	}
	if len(seats) > 1 {
		key = "training_desk.found.several"
	}
	for _, s := range seats {
		label := t.label("training_desk.found.button", dialog.Args{"Number": s.Number, "Name": s.OwnerName, "Business": s.BusinessName})
		k.row(button(label, trainingDeskData(mtNote, s.ID, string(what))))
	}
	t.protected(t.say(key, args), k.markup())
	return nil
}
