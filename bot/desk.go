package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Desk is what lies on the desks of the staff: requests for programmes and
// tickets. Every method looks at role, region and family anew.
type Desk interface {
	// TakeDesk gives the next waiting case of a kind, of one topic or of any
	// (""). umkm.ErrForbidden.
	TakeDesk(ctx context.Context, account int64, kind umkm.CaseKind, topic string, at time.Time) (c umkm.Case, found bool, err error)
	// TakeThis gives a case that was picked from the list. umkm.ErrChanged:
	// somebody else has it. umkm.ErrClosed, umkm.ErrForbidden,
	// umkm.ErrOwnDocument; umkm.ErrNotHeld: there is none.
	TakeThis(ctx context.Context, account int64, id string, at time.Time) (umkm.Case, error)
	// DeskOf lists what lies on a person's desk, what has lain there longest first.
	DeskOf(ctx context.Context, account int64, after umkm.QueueCursor, limit int) ([]umkm.DeskItem, error)
	// DeskSheet is all that the holder sees; it is audited. umkm.ErrNotHeld,
	// umkm.ErrForbidden.
	DeskSheet(ctx context.Context, account int64, id string, at time.Time) (umkm.DeskSheet, error)
	// Colleagues lists who could take a case over. umkm.ErrNotHeld, umkm.ErrForbidden.
	Colleagues(ctx context.Context, account int64, id string) ([]umkm.Staff, error)
	// ReleaseDesk puts a case back into the queue. umkm.ErrNotHeld.
	ReleaseDesk(ctx context.Context, account int64, id string, at time.Time) error
	// CloseTicket closes a ticket on the desk. umkm.ErrNotHeld, umkm.ErrClosed.
	CloseTicket(ctx context.Context, account int64, id string, staff bool, at time.Time) error
	// SetProgramme closes or reopens a programme, or sets its quota. umkm.ErrForbidden.
	SetProgramme(ctx context.Context, by int64, programme string, closed *bool, quota *int, at time.Time) error
	// PaperSoon sees that ShowPaper runs; it may be called again for the same update.
	PaperSoon(ctx context.Context, job umkm.ShowPaper) error
	DeskNotices
}

// Data of the desk's buttons: dataDesk, a verb, and what it is about.
const (
	dataDesk = "m|"

	deskList   = "l" // + cursor: what lies on my desk
	deskNext   = "n" // + kind|topic: takes the next
	deskQueue  = "q" // + kind|region|cursor: what waits
	deskTake   = "g" // + case: takes this one
	deskOpen   = "o" // + case: its card
	deskOn     = "a" // + case|stage: moves a request on
	deskNo     = "x" // + case: declines a request
	deskTalk   = "t" // + case
	deskGive   = "h" // + case: to whom? + |account: to this one
	deskBack   = "r" // + case: back into the queue
	deskClose  = "c" // + case: asks first
	deskClosed = "y" // + case: closes
	deskPaper  = "f" // + case|document, or message with a file
	deskThread = "s" // + case: all that was said
)

// Flows about what lies on a desk; the case is their subject.
const (
	moveFlow     = "move"
	handOverFlow = "handover"
	quotaFlow    = "quota"
)

// deskData leads to something about what lies on desks. Ids go in 22 letters.
func deskData(verb string, about ...string) string {
	for i, a := range about {
		about[i] = shorten(a)
	}
	return dataDesk + strings.Join(append([]string{verb}, about...), "|")
}

// tapDesk does what a button of the desk says; data that no button has is
// somebody's forgery or of another release.
func (t *turn) tapDesk(ctx context.Context, rest string) error {
	verb, about, _ := strings.Cut(rest, "|")
	first, second, _ := strings.Cut(about, "|")
	id := lengthen(first)
	if verb == deskPaper {
		return t.viewPaper(ctx, id, lengthen(second))
	}
	t.answerTap("")
	switch verb {
	case deskList:
		return t.deskPage(ctx, about)
	case deskNext:
		return t.takeNext(ctx, first, second)
	case deskQueue:
		return t.waiting(ctx, about)
	case deskTake:
		return t.takeThis(ctx, id)
	case deskOpen:
		return t.openDesk(ctx, id)
	case deskOn:
		return t.beginMove(ctx, id, flows.MoveOn, second)
	case deskNo:
		return t.beginMove(ctx, id, flows.MoveDecline, "")
	case deskThread:
		return t.wholeThread(ctx, id)
	case deskTalk:
		return t.talk(ctx, id, true)
	case deskGive:
		return t.give(ctx, id, second)
	case deskBack:
		return t.giveBack(ctx, id)
	case deskClose:
		return t.askClose(ctx, id)
	case deskClosed:
		return t.closeTicket(ctx, id)
	}
	return t.unknownTap(ctx)
}

// papersOf is the subject of the pages that are shown of a case on a desk.
func papersOf(id string) string { return "desk:" + id }

// deskRefusals are what is said when a case cannot be acted upon.
var deskRefusals = []struct {
	err error
	key string
}{
	{umkm.ErrNotHeld, "desk.lost"},
	{umkm.ErrClosed, "desk.closed"},
	{umkm.ErrOwnDocument, "desk.own"},
	{umkm.ErrChanged, "desk.changed"},
}

// deskRefused answers for a case that is not the person's to act upon. Who has
// no role there gets the answer of a button that nobody has made; any other
// error comes back.
func (t *turn) deskRefused(ctx context.Context, err error) error {
	if errors.Is(err, umkm.ErrForbidden) {
		return t.unknownTap(ctx)
	}
	for _, r := range deskRefusals {
		if errors.Is(err, r.err) {
			t.reply(r.key, nil, t.deskKeys())
			return nil
		}
	}
	return fmt.Errorf("desk: %w", err)
}

// deskKeys lead on from where there is nothing more to do.
func (t *turn) deskKeys() *keys {
	k := &keys{}
	k.row(t.commandButton("menu.button.desk", "desk"), t.commandButton("menu.button.queue", "queue"))
	return k.with(t.commandButton("menu.button.menu", "menu"))
}

// takeNext takes the next of a kind and opens its card.
func (t *turn) takeNext(ctx context.Context, kind, topic string) error {
	c, found, err := t.bot.desk.TakeDesk(ctx, t.in.chat, umkm.CaseKind(kind), topic, t.in.at)
	switch {
	case errors.Is(err, umkm.ErrRefused):
		return t.unknownTap(ctx)
	case err != nil:
		return t.deskRefused(ctx, err)
	case !found:
		t.reply("desk.none", nil, t.deskKeys())
		return nil
	}
	return t.openDesk(ctx, c.ID)
}

// takeThis takes one from the list of what waits.
func (t *turn) takeThis(ctx context.Context, id string) error {
	c, err := t.bot.desk.TakeThis(ctx, t.in.chat, id, t.in.at)
	switch {
	case errors.Is(err, umkm.ErrChanged):
		t.reply("desk.taken", nil, t.deskKeys())
		return nil
	case err != nil:
		return t.deskRefused(ctx, err)
	}
	return t.openDesk(ctx, c.ID)
}

// giveBack puts a case back into the queue.
func (t *turn) giveBack(ctx context.Context, id string) error {
	if err := t.bot.desk.ReleaseDesk(ctx, t.in.chat, id, t.in.at); err != nil {
		return t.deskRefused(ctx, err)
	}
	return t.leaves(ctx, id, "desk.released")
}

// leaves says that a case has gone from the desk, and takes its pages and its
// half-filled forms with it.
func (t *turn) leaves(ctx context.Context, id, key string) error {
	t.dropAbout(id, moveFlow, handOverFlow)
	t.endTalk(id)
	if err := t.removePapers(ctx, id); err != nil {
		return err
	}
	t.put(card{text: t.say(key, nil), markup: t.deskKeys().markup()}, true)
	return nil
}

// removePapers takes the pages that were shown of a case off the screen.
func (t *turn) removePapers(ctx context.Context, id string) error {
	messages, err := t.bot.fleeting.TakeFleeting(ctx, t.in.chat, papersOf(id))
	if err != nil {
		return err
	}
	t.calls = append(t.calls, removeAll(t.in.chat, messages)...)
	return nil
}

// dropAbout forgets dialogs of some flows about one record.
func (t *turn) dropAbout(subject string, some ...string) {
	for _, flow := range some {
		for _, d := range t.state.Aside {
			if d.Flow == flow && d.Subject == subject {
				t.state.Drop(d.ID)
			}
		}
		if d := t.state.Dialog; d != nil && d.Flow == flow && d.Subject == subject {
			t.closeKeyboard("")
			t.dropReview(*d)
		}
	}
}

// askClose asks before a ticket is closed.
func (t *turn) askClose(_ context.Context, id string) error {
	k := &keys{}
	k.row(button(t.label("desk.close.yes.button", nil), deskData(deskClosed, id)), button(t.label("desk.close.no.button", nil), deskData(deskOpen, id)))
	t.reply("desk.close.ask", dialog.Args{"Days": int(umkm.ReopenTime / (24 * time.Hour))}, k)
	return nil
}

func (t *turn) closeTicket(ctx context.Context, id string) error {
	if err := t.bot.desk.CloseTicket(ctx, t.in.chat, id, true, t.in.at); err != nil {
		return t.deskRefused(ctx, err)
	}
	return t.leaves(ctx, id, "desk.ticket.closed")
}

// beginMove opens the form that moves or declines a request, as it lies on the
// desk now: an older form about it is forgotten.
func (t *turn) beginMove(ctx context.Context, id, what, stage string) error {
	sheet, err := t.bot.desk.DeskSheet(ctx, t.in.chat, id, t.in.at)
	if err != nil {
		return t.deskRefused(ctx, err)
	}
	if sheet.Request == nil {
		return t.unknownTap(ctx)
	}
	t.dropAbout(id, moveFlow)
	return t.open(ctx, moveFlow, flows.Moving(what, *sheet.Request, stage), id, eraseDraft)
}

// cancelKeys lead back to what a form was about that has been left.
func cancelKeys(v voice, d dialog.Dialog) *keys {
	k := &keys{}
	switch d.Flow {
	case moveFlow, handOverFlow:
		k.row(button(v.label("desk.card.button", nil), deskData(deskOpen, d.Subject)))
	case quotaFlow:
		k.row(button(v.label("manage.back.button", nil), dataManage+d.Subject))
	default:
		v.trainingLeftKeys(k, d)
		v.broadcastLeftKeys(k, d)
	}
	return k
}

// deskDone are the buttons under what came of a form about a case.
func (t *turn) deskDone(ctx context.Context, d dialog.Dialog, o dialog.Outcome) (*keys, error) {
	if d.Flow == moveFlow && o.Key == "moved."+string(umkm.RequestOpen) {
		return t.deskCardKeys(d.Subject), nil
	}
	return t.deskKeys(), t.removePapers(ctx, d.Subject)
}

// deskCardKeys lead back to a case's card, and to the desk.
func (t *turn) deskCardKeys(id string) *keys {
	return (&keys{}).with(button(t.label("desk.card.button", nil), deskData(deskOpen, id))).below(t.deskKeys())
}
