package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// myDesk shows what lies on the person's desk.
func (t *turn) myDesk(ctx context.Context) error { return t.deskPage(ctx, "") }

// deskPage is a page of it.
func (t *turn) deskPage(ctx context.Context, at string) error {
	after, err := readCursor(at)
	if err != nil {
		return t.unknownTap(ctx)
	}
	items, err := t.bot.desk.DeskOf(ctx, t.in.chat, after, shownItems+1)
	if err != nil {
		return t.deskRefused(ctx, err)
	}
	k := &keys{}
	lines := []string{t.say("desk.list", nil)}
	if len(items) == 0 {
		lines = []string{t.say("desk.list.none", nil)}
	}
	more := len(items) > shownItems
	items = items[:min(len(items), shownItems)]
	var open keyRow
	for i, item := range items {
		lines = append(lines, t.deskLine(i+1, item))
		open = append(open, button(t.label("desk.list.button", dialog.Args{"Nth": i + 1, "Business": t.nameOr(item.BusinessName)}), deskData(deskOpen, item.ID)))
	}
	k.grid(2, open)
	if more {
		last := items[len(items)-1]
		k.row(button(t.label("queue.more.button", nil), deskData(deskList)+"|"+cursorData(umkm.QueueCursor{Since: last.Since, ID: last.ID})))
	}
	k.row(t.commandButton("menu.button.queue", "queue"), t.commandButton("menu.button.menu", "menu"))
	t.put(card{text: strings.Join(lines, "\n"), markup: k.markup()}, true)
	return nil
}

// deskLine says one thing on a desk: what, whose, how old, by when, and how far.
func (t *turn) deskLine(nth int, item umkm.DeskItem) string {
	line := t.say("desk.item", dialog.Args{
		"Nth": nth, "Topic": t.caseName(item.Case), "Business": t.nameOr(item.BusinessName), "Age": t.waited(item.Since, t.in.at),
	})
	var more []string
	if item.Kind == umkm.CaseRequest {
		more = append(more, t.html(t.stage(item.Topic, item.Stage)))
	}
	if due := t.dueWords(item.Due); due != "" {
		more = append(more, due)
	}
	if item.Unanswered {
		more = append(more, t.say("desk.unanswered", nil))
	}
	if len(more) == 0 {
		return line
	}
	return line + "\n    " + strings.Join(more, " · ")
}

// dueWords say by when the office means to act, as HTML; "" when it has.
func (t *turn) dueWords(due time.Time) string {
	switch {
	case due.IsZero():
		return ""
	case due.Before(t.in.at):
		return t.say("desk.due.over", dialog.Args{"Date": t.date(due)})
	}
	return t.say("desk.due", dialog.Args{"Date": t.date(due)})
}

func (b *Bot) programme(id string) (umkm.Programme, bool) {
	for _, p := range b.content().Programmes {
		if p.ID == id {
			return p, true
		}
	}
	return umkm.Programme{}, false
}

// waiting shows a page of the requests or tickets that wait, each to be taken:
// kind|region|cursor.
func (t *turn) waiting(ctx context.Context, rest string) error {
	name, where, _ := strings.Cut(rest, "|")
	kind := umkm.CaseKind(name)
	region, after, err := readQueueData(where)
	if err != nil || kind != umkm.CaseRequest && kind != umkm.CaseTicket {
		return t.unknownTap(ctx)
	}
	items, err := t.bot.reviews.QueueListIn(ctx, t.in.chat, kind, region, after, shownItems+1)
	switch {
	case errors.Is(err, umkm.ErrForbidden), errors.Is(err, umkm.ErrRefused):
		return t.refuse(ctx)
	case err != nil:
		return fmt.Errorf("list the queue: %w", err)
	}
	t.put(t.waitingPage(kind, region, items), true)
	return nil
}

func (t *turn) waitingPage(kind umkm.CaseKind, region umkm.RegionCode, items []umkm.QueueItem) card {
	name := t.label("queue.all", nil)
	if region != "" {
		name = regionName(region)
	}
	k := &keys{}
	more := len(items) > shownItems
	items = items[:min(len(items), shownItems)]
	lines := []string{t.say("queue.list", dialog.Args{"Region": name})}
	if len(items) == 0 {
		lines = append(lines, t.say("queue.list.none", nil))
	}
	var take keyRow
	for i, item := range items {
		lines = append(lines, t.waitingLine(i+1, item))
		take = append(take, button(t.label("desk.take.button", dialog.Args{"Nth": i + 1}), deskData(deskTake, item.ID)))
	}
	k.grid(4, take)
	if more {
		last := items[len(items)-1]
		k.row(button(t.label("queue.more.button", nil), waitingData(kind, region, umkm.QueueCursor{Since: last.Since, ID: last.ID})))
	}
	k.row(button(t.label("queue.back.button", nil), dataQueue), t.commandButton("menu.button.desk", "desk"))
	return card{text: strings.Join(lines, "\n"), markup: k.markup()}
}

func (t *turn) waitingLine(nth int, item umkm.QueueItem) string {
	mark := ""
	if item.Since.Before(t.bot.lateSince(item.Kind, item.Topic, t.in.at)) {
		mark = "🔴 "
	}
	return t.say("desk.waiting", dialog.Args{
		"Nth": nth, "Mark": mark, "Topic": t.caseName(item.Case), "Business": t.nameOr(item.BusinessName),
		"Place": t.region(item.Village.District()), "Age": t.waited(item.Since, t.in.at),
	})
}

// waitingData leads to a page of what waits.
func waitingData(kind umkm.CaseKind, region umkm.RegionCode, after umkm.QueueCursor) string {
	return dataDesk + deskQueue + "|" + string(kind) + "|" + string(region) + "|" + cursorData(after)
}
