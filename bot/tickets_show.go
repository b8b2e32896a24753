package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// shownSaid is how much of a conversation is shown at once.
const shownSaid = 10

// showTicket shows what was said last, the oldest of it first.
func (t *turn) showTicket(ctx context.Context, one umkm.Ticket) error {
	said, err := t.bot.tickets.Messages(ctx, t.in.chat, one.ID, "", shownSaid)
	if err != nil {
		return fmt.Errorf("messages: %w", err)
	}
	state := "ticket.state.closed"
	if one.Open {
		state = "ticket.state.open"
	}
	lines := []string{t.say("ticket.title", dialog.Args{"Topic": ticketName(one.Topic), "Date": t.date(one.Opened), "State": markup(t.say(state, nil))})}
	for _, m := range slices.Backward(said) {
		lines = append(lines, t.saidLine(m))
	}
	k := (&keys{}).with(button(t.label("ticket.reply", nil), ticketData(ticketTalk, one.ID)))
	if one.Open {
		k.row(button(t.label("ticket.end", nil), ticketData(ticketEnd, one.ID)))
	}
	k.row(t.commandButton("menu.button.menu", "menu"))
	t.put(card{text: strings.Join(lines, "\n"), markup: k.markup()}, true)
	return nil
}

// longestLine is how much of one message is shown in a list, in code points.
const longestLine = 300

// saidLine is one thing said, as who opened the conversation reads it: those of
// the office have no names.
func (v voice) saidLine(m umkm.Message) string {
	key := "ticket.said.you"
	switch {
	case m.Event != umkm.EventNone:
		key = "ticket.said.event." + string(m.Event)
	case m.Staff:
		key = "ticket.said.office"
	}
	text := clip(m.Text, longestLine)
	if m.File != nil {
		text = strings.TrimSpace("📎 " + text)
	}
	return v.say(key, dialog.Args{"Text": text, "Time": v.moment(m.At)})
}

// moment says a day and a time.
func (v voice) moment(at time.Time) string {
	return v.date(at) + " " + at.In(v.bot.zone).Format("15.04")
}

// menuOnly is the way back where there is no other.
func (v voice) menuOnly() *keys { return (&keys{}).with(v.commandButton("menu.button.menu", "menu")) }

// talkAbout names a case to who wants to talk about it; umkm.ErrNotYours,
// umkm.ErrNotHeld and umkm.ErrForbidden say that they cannot.
func (t *turn) talkAbout(ctx context.Context, id string, staff bool) (string, error) {
	if staff {
		sheet, err := t.bot.tickets.DeskSheet(ctx, t.in.chat, id, t.in.at)
		if err != nil {
			return "", err
		}
		return t.sheetName(sheet), nil
	}
	one, ok, err := t.ownTicket(ctx, id)
	switch {
	case err != nil:
		return "", err
	case ok:
		return t.plain(ticketName(one.Topic)), nil
	}
	r, err := t.bot.requests.RequestFor(ctx, t.in.chat, id)
	if errors.Is(err, umkm.ErrNotYours) || err != nil {
		return "", err
	}
	return t.programmeName(r.Programme), nil
}

// sheetName is what the office calls a case: who, and about what.
func (v voice) sheetName(s umkm.DeskSheet) string {
	who := s.Profile.Name
	if who == "" {
		who = s.Person
	}
	switch {
	case s.Ticket != nil:
		return v.plain(ticketName(s.Ticket.Topic)) + " · " + who
	case s.Request != nil:
		return v.programmeName(s.Request.Programme) + " · " + who
	}
	return who
}

// programmeName is a programme's name without its emoji; of one that the content has no more, its id.
func (v voice) programmeName(id string) string {
	if p, ok := v.bot.programme(id); ok {
		return strings.TrimLeftFunc(v.in1(p.Name), decoration)
	}
	return id
}
