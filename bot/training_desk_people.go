package bot

import (
	"context"
	"strconv"
	"strings"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// shownPeople is a page of participants.
const shownPeople = 10

// seatGroups are the participants that are listed together, by what stands in
// the buttons.
var seatGroups = []struct {
	id     string
	states []umkm.SeatState
}{
	{"s", []umkm.SeatState{umkm.SeatSeated}},
	{"i", []umkm.SeatState{umkm.SeatInvited}},
	{"a", []umkm.SeatState{umkm.SeatApplied}},
	{"w", []umkm.SeatState{umkm.SeatWaiting}},
	{"x", []umkm.SeatState{umkm.SeatDeclined, umkm.SeatLapsed, umkm.SeatCancelled, umkm.SeatLost, umkm.SeatRemoved}},
}

// people lists a group of a training's participants: group|number. It names
// them, so it can be neither forwarded nor saved.
func (t *turn) people(ctx context.Context, id, rest string) error {
	group, number, _ := strings.Cut(rest, "|")
	after, err := strconv.Atoi(number)
	if number != "" && err != nil {
		return t.unknownTap(ctx)
	}
	shown := seatGroups[0]
	for _, g := range seatGroups {
		if g.id == group {
			shown = g
		}
	}
	tr, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, id)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	seats, err := t.bot.trainings.Seats(ctx, t.in.chat, id, shown.states, after, shownPeople+1)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	k := &keys{}
	lines := []string{t.say("training_desk.people."+shown.id, dialog.Args{"Title": tr.Title})}
	if len(seats) == 0 {
		lines = append(lines, t.say("training_desk.people.none", nil))
	}
	more := len(seats) > shownPeople
	seats = seats[:min(len(seats), shownPeople)]
	var each keyRow
	for _, s := range seats {
		lines = append(lines, t.personLine(s))
		each = append(each, button(t.label("training_desk.person.button", dialog.Args{"Number": s.Number, "Name": s.OwnerName}), trainingDeskData(mtSeat, s.ID)))
	}
	k.grid(2, each)
	if more {
		k.row(button(t.label("queue.more.button", nil), trainingDeskData(mtPeople, id, shown.id, strconv.Itoa(seats[len(seats)-1].Number))))
	}
	t.groupKeys(k, tr, shown.id)
	k.row(t.on("sheet", mtFile, id, umkm.FileSheet))
	k.row(t.on("card", mtCard, id), t.commandButton("menu.button.menu", "menu"))
	t.protected(strings.Join(lines, "\n"), k.markup())
	return nil
}

// groupKeys lead to the other groups.
func (t *turn) groupKeys(k *keys, tr umkm.Training, shown string) {
	counts := map[string]int{"s": tr.Seats.Seated, "i": tr.Seats.Invited, "a": tr.Seats.Applied, "w": tr.Seats.Waiting}
	var row keyRow
	for _, g := range seatGroups {
		count, counted := counts[g.id]
		if g.id == shown || counted && count == 0 {
			continue
		}
		label := t.label("training_desk.group."+g.id+".button", dialog.Args{"Count": count})
		row = append(row, button(label, trainingDeskData(mtPeople, tr.ID, g.id)))
	}
	k.grid(2, row)
}

// personLine says a participant in a line: number, name, business, where.
func (t *turn) personLine(s umkm.Seat) string {
	line := t.say("training_desk.person", dialog.Args{
		"Number": s.Number, "Name": s.OwnerName, "Business": s.BusinessName, "District": regionName(s.Village.District()),
	})
	if mark := t.seatMark(s); mark != "" {
		line += " · " + mark
	}
	return line
}

// seatMark says what is to be known of a seat besides its group.
func (t *turn) seatMark(s umkm.Seat) string {
	switch {
	case !s.Out.IsZero():
		return t.say("training_desk.mark.out", dialog.Args{"In": t.clock(s.In), "Out": t.clock(s.Out)})
	case !s.In.IsZero():
		return t.say("training_desk.mark.in", dialog.Args{"In": t.clock(s.In)})
	case s.State == umkm.SeatInvited:
		return t.say("training_desk.mark.until", dialog.Args{"Until": t.dayTime(s.Until)})
	case s.State == umkm.SeatWaiting && s.Place > 0:
		return t.say("training_desk.mark.place", dialog.Args{"Place": s.Place})
	case s.State.Live():
		return ""
	}
	return t.say("training_desk.mark."+string(s.State), nil)
}

// seatCard shows one participant and what can be done about them.
func (t *turn) seatCard(ctx context.Context, id string) error {
	s, tr, err := t.bot.trainings.OfficersSeat(ctx, t.in.chat, id, t.in.at)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	lines := []string{t.say("training_desk.seat", dialog.Args{
		"Title": tr.Title, "Name": s.OwnerName, "Business": s.BusinessName, "Code": string(s.BusinessNumber), "Number": s.Number,
		"District": regionName(s.Village.District()), "State": dialog.Text{Key: "training_desk.seat." + string(s.State)},
	})}
	if mark := t.seatMark(s); mark != "" && s.State.Live() {
		lines = append(lines, mark)
	}
	k := &keys{}
	t.attendKeys(k, s, tr)
	if s.State.Live() && tr.Live(t.in.at) && s.In.IsZero() {
		k.row(t.on("remove", mtRemove, s.ID))
	}
	k.row(t.on("people", mtPeople, tr.ID), t.on("card", mtCard, tr.ID))
	t.protected(strings.Join(lines, "\n"), k.markup())
	return nil
}

// attendKeys note on the day that somebody has come or gone, or let them in.
func (t *turn) attendKeys(k *keys, s umkm.Seat, tr umkm.Training) {
	switch {
	case !tr.OnTheDay(t.in.at):
	case s.State != umkm.SeatSeated:
		k.row(t.on("walk_in", mtWalkIn, tr.ID, string(s.BusinessNumber)))
	case s.In.IsZero():
		k.row(t.on("in", mtNote, s.ID, string(umkm.AttendIn)))
	case s.Out.IsZero():
		k.row(t.on("out", mtNote, s.ID, string(umkm.AttendOut)))
	}
}

// askRemoveSeat asks before a seat is taken away.
func (t *turn) askRemoveSeat(ctx context.Context, id string) error {
	s, tr, err := t.bot.trainings.OfficersSeat(ctx, t.in.chat, id, t.in.at)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	k := &keys{}
	k.row(t.on("remove.yes", mtRemoved, s.ID), t.on("no", mtSeat, s.ID))
	t.protected(t.say("training_desk.remove.ask", dialog.Args{"Name": s.OwnerName, "Title": tr.Title}), k.markup())
	return nil
}

func (t *turn) removeSeat(ctx context.Context, id string) error {
	s, tr, err := t.bot.trainings.OfficersSeat(ctx, t.in.chat, id, t.in.at)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	if err := t.bot.trainings.RemoveSeat(ctx, t.in.chat, id, t.in.at); err != nil {
		return t.trainingRefused(ctx, err)
	}
	k := &keys{}
	k.row(t.on("people", mtPeople, tr.ID), t.on("card", mtCard, tr.ID))
	t.protected(t.say("training_desk.removed", dialog.Args{"Name": s.OwnerName}), k.markup())
	return nil
}
