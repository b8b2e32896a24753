package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Tickets are the conversations between people and the office.
type Tickets interface {
	// TicketsOf lists the newest that an account has opened.
	TicketsOf(ctx context.Context, account int64) ([]umkm.Ticket, error)
	// CloseTicket ends one, for its holder or who opened it; ended before it
	// stays so. umkm.ErrNotHeld, umkm.ErrForbidden, umkm.ErrNotYours.
	CloseTicket(ctx context.Context, account int64, id string, staff bool, at time.Time) error
	// Say adds to what is said about a case, once a key. umkm.ErrNotHeld,
	// umkm.ErrForbidden, umkm.ErrNotYours, umkm.ErrClosed, umkm.ErrFileGone.
	Say(ctx context.Context, s umkm.Saying) (message string, err error)
	// Messages lists what was said, the newest first, behind a message.
	Messages(ctx context.Context, viewer int64, id, after string, limit int) ([]umkm.Message, error)
	// MessageFor is what a notice passes on. umkm.ErrNotYours: there is no such message.
	MessageFor(ctx context.Context, message string) (umkm.MessageNotice, error)
	// DeskSheet is all that the holder sees of a case. umkm.ErrNotHeld, umkm.ErrForbidden.
	DeskSheet(ctx context.Context, account int64, id string, at time.Time) (umkm.DeskSheet, error)
}

// dataTicket stands before what a button does about a conversation, and the case.
const dataTicket = "h|"

// What the buttons do.
const (
	ticketTalk   = "t" // talk, as the owner
	ticketAnswer = "s" // talk, as the office
	ticketShow   = "v" // shows what was said
	ticketEnd    = "c" // asks whether to end
	ticketEnds   = "x" // ends
	ticketHelped = "y" // it helped
	ticketLacks  = "n" // it did not: goes on
	ticketNew    = "o" // opens another, of a topic if one follows
)

func ticketData(what, id string) string { return dataTicket + what + "|" + shorten(id) }

// person says how to reach the office, and leads to conversations: those that
// are open or, by what it is about, a new one. Nothing is opened by it, so that
// what is typed next goes where it went before.
func (t *turn) person(ctx context.Context) error {
	open, err := t.openTickets(ctx, "")
	if err != nil {
		return err
	}
	if len(open) > 0 {
		t.offerTickets(open)
		return nil
	}
	k := t.resumeKeys()
	for _, topic := range topics {
		k.row(t.topicButton(topic))
	}
	k.row(t.commandButton("menu.button.menu", "menu"))
	t.send(t.say("person.contact", nil)+"\n"+t.say("ticket.write", nil)+t.closed()+t.resumeLine(), k)
	return nil
}

// complain begins a complaint. Said in own words it is only offered: what is
// typed next may be about something else.
func (t *turn) complain(ctx context.Context) error {
	if t.in.kind != kindText {
		return t.turnTo(ctx, umkm.TicketComplaint)
	}
	k := t.resumeKeys().with(t.topicButton(umkm.TicketComplaint))
	t.reply("topic.complaint", nil, k.below((&keys{}).with(t.personRow()...)))
	return nil
}

// topics are what a conversation may be about.
var topics = []umkm.TicketTopic{umkm.TicketHelp, umkm.TicketComplaint}

func (t *turn) topicButton(topic umkm.TicketTopic) models.InlineKeyboardButton {
	return button(t.label("ticket.about."+string(topic), nil), ticketData(ticketNew, string(topic)))
}

// turnTo goes on with the open conversation of a topic, or opens one.
func (t *turn) turnTo(ctx context.Context, topic umkm.TicketTopic) error {
	open, err := t.openTickets(ctx, topic)
	if err != nil {
		return err
	}
	if len(open) > 0 {
		t.offerTickets(open)
		return nil
	}
	return t.newTicket(ctx, topic)
}

// openTickets lists the person's that are open, of one topic or ("") of any.
func (t *turn) openTickets(ctx context.Context, topic umkm.TicketTopic) ([]umkm.Ticket, error) {
	tickets, err := t.bot.tickets.TicketsOf(ctx, t.in.chat)
	if err != nil {
		return nil, fmt.Errorf("tickets: %w", err)
	}
	var open []umkm.Ticket
	for _, one := range tickets {
		if one.Open && (topic == "" || one.Topic == topic) {
			open = append(open, one)
		}
	}
	return open, nil
}

// shownTickets bounds the buttons for conversations that are open.
const shownTickets = 4

// offerTickets leads to conversations that are open: one a topic is enough.
func (t *turn) offerTickets(open []umkm.Ticket) {
	k := t.resumeKeys()
	has := map[umkm.TicketTopic]bool{}
	for _, one := range open[:min(len(open), shownTickets)] {
		has[one.Topic] = true
		k.row(button(t.label("ticket.go_on", dialog.Args{"Topic": ticketName(one.Topic), "Date": t.date(one.Opened)}), ticketData(ticketTalk, one.ID)))
		k.row(button(t.label("ticket.show", nil), ticketData(ticketShow, one.ID)), button(t.label("ticket.end", nil), ticketData(ticketEnd, one.ID)))
	}
	for _, topic := range topics {
		if !has[topic] {
			k.row(button(t.label("ticket.new."+string(topic), nil), ticketData(ticketNew, string(topic))))
		}
	}
	k.row(t.commandButton("menu.button.menu", "menu"))
	t.send(t.say("ticket.open", nil)+t.closed()+t.resumeLine(), k)
}

func ticketName(topic umkm.TicketTopic) dialog.Text {
	return dialog.Text{Key: "ticket.about." + string(topic)}
}

// newTicket opens the form. What the person was doing goes along, and waits.
func (t *turn) newTicket(ctx context.Context, topic umkm.TicketTopic) error {
	about := t.wasDoing()
	t.comesBack()
	if room := t.state; !room.SetAside() && !t.asks(flows.TicketFlow) {
		t.notes = nil
		t.send(t.say("person.contact", nil)+t.closed()+t.resumeLine(), t.resumeKeys())
		return nil
	}
	profiles, err := t.profiles(ctx)
	if err != nil {
		return err
	}
	business, village := "", umkm.RegionCode("")
	if len(profiles) > 0 {
		business = t.actingFor(profiles).BusinessID
		_, b, err := t.bot.accounts.Recorded(ctx, t.in.chat, business)
		if err != nil {
			return fmt.Errorf("recorded: %w", err)
		}
		village = b.Village
	}
	return t.open(ctx, flows.TicketFlow, flows.TicketAnswers(topic, business, village, about), "", eraseDraft)
}

// asks: the flow is the open one.
func (t *turn) asks(flow string) bool { return t.state.Dialog != nil && t.state.Dialog.Flow == flow }

// ticketSent are the words and buttons behind a ticket that was opened.
func (t *turn) ticketSent(o dialog.Outcome, k *keys) (string, *keys) {
	text := t.say(flows.TicketFlow+"."+o.Key, o.Args)
	id, ok := o.Args["Case"].(string)
	if !ok {
		return text, k
	}
	k = (&keys{}).with(button(t.label("ticket.add", nil), ticketData(ticketTalk, id)), t.commandButton("menu.button.menu", "menu"))
	return text + t.closed(), k
}

// tapTicket answers a button about a conversation.
func (t *turn) tapTicket(ctx context.Context, rest string) error {
	what, id, ok := strings.Cut(rest, "|")
	id = lengthen(id)
	if !ok {
		return t.unknownTap(ctx)
	}
	switch what {
	case ticketTalk:
		return t.talk(ctx, id, false)
	case ticketAnswer:
		return t.answerAsOffice(ctx, id)
	case ticketNew:
		if topic := umkm.TicketTopic(id); slices.Contains(topics, topic) {
			return t.turnTo(ctx, topic)
		}
		return t.unknownTap(ctx)
	case ticketShow, ticketEnd, ticketEnds, ticketHelped, ticketLacks:
		return t.tapOwn(ctx, what, id)
	}
	return t.unknownTap(ctx)
}

// answerAsOffice is for those with a role; whether it reaches the case is asked
// where the case is read.
func (t *turn) answerAsOffice(ctx context.Context, id string) error {
	ok, err := t.may(ctx, umkm.RoleReviewer, umkm.RoleOfficer)
	switch {
	case err != nil:
		return err
	case !ok:
		return t.refuse(ctx)
	}
	return t.talk(ctx, id, true)
}

// tapOwn answers a button about a conversation that the person opened.
func (t *turn) tapOwn(ctx context.Context, what, id string) error {
	one, ok, err := t.ownTicket(ctx, id)
	switch {
	case err != nil:
		return err
	case !ok:
		return t.unknownTap(ctx)
	}
	switch what {
	case ticketShow:
		return t.showTicket(ctx, one)
	case ticketEnd:
		k := &keys{}
		k.row(button(t.label("ticket.end.yes", nil), ticketData(ticketEnds, id)), button(t.label("ticket.end.no", nil), ticketData(ticketTalk, id)))
		t.put(card{text: t.say("ticket.end.ask", nil), markup: k.markup()}, true)
		return nil
	case ticketLacks:
		return t.stillLacks(ctx, one)
	case ticketHelped:
		t.put(card{text: t.say("ticket.helped", nil), markup: t.menuOnly().markup()}, true)
		t.endTalk(id)
		return nil
	}
	return t.endTicket(ctx, one)
}

func (t *turn) ownTicket(ctx context.Context, id string) (umkm.Ticket, bool, error) {
	tickets, err := t.bot.tickets.TicketsOf(ctx, t.in.chat)
	if err != nil {
		return umkm.Ticket{}, false, fmt.Errorf("tickets: %w", err)
	}
	for _, one := range tickets {
		if one.ID == id {
			return one, true, nil
		}
	}
	return umkm.Ticket{}, false, nil
}

// endTicket ends a conversation, and the talk about it.
func (t *turn) endTicket(ctx context.Context, one umkm.Ticket) error {
	err := t.bot.tickets.CloseTicket(ctx, t.in.chat, one.ID, false, t.in.at)
	switch {
	case errors.Is(err, umkm.ErrNotYours), errors.Is(err, umkm.ErrNotHeld):
		return t.unknownTap(ctx)
	case err != nil && !errors.Is(err, umkm.ErrClosed):
		return fmt.Errorf("close ticket: %w", err)
	}
	t.put(card{text: t.say("ticket.ended", nil), markup: t.menuOnly().markup()}, true)
	t.endTalk(one.ID)
	return nil
}

// endTalk ends the talk about a case that is over; what waited behind it goes on.
func (t *turn) endTalk(id string) {
	if talksAbout(t.state, id) {
		t.state.Ended, t.state.Left = "", t.leave()
		t.takeUp()
	}
	for _, d := range t.state.Aside {
		if d.Flow == flows.TalkFlow && d.Subject == id {
			t.state.Drop(d.ID)
		}
	}
}

// stillLacks says to the office that it has not helped, which opens the
// conversation again, and lets the person go on.
func (t *turn) stillLacks(ctx context.Context, one umkm.Ticket) error {
	office := voice{bot: t.bot, lang: t.bot.words.Languages()[0]}
	_, err := t.bot.tickets.Say(ctx, umkm.Saying{
		Key: fmt.Sprintf("n%d:%d", t.in.chat, t.in.message), Account: t.in.chat, Case: one.ID,
		Text: office.label("ticket.lacks.said", nil), Due: t.bot.due(t.in.at), At: t.in.at,
	})
	if key := silent(err, false); key != "" {
		t.reply(key, nil, t.wayBack(false))
		return nil
	}
	if err != nil {
		return fmt.Errorf("open ticket again: %w", err)
	}
	t.put(card{text: t.say("ticket.lacks", nil)}, true)
	return t.talk(ctx, one.ID, false)
}
