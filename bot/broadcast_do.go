package bot

import (
	"context"
	"strconv"
	"strings"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// askSend says how many people a broadcast will go to, how long that takes and
// what the nights do, and asks once more. A second officer is asked the same.
func (t *turn) askSend(ctx context.Context, id string) error {
	b, err := t.bot.broadcasts.BroadcastFor(ctx, t.in.chat, id)
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	switch {
	case b.State != umkm.BroadcastDraft && b.State != umkm.BroadcastWaiting:
		return t.showBroadcast(ctx, b, "")
	case b.File != "" && b.FileID == "":
		k := &keys{}
		k.row(t.about("preview", bcPreview, id), t.about("card", bcCard, id))
		t.put(card{text: t.say("broadcast_desk.preview.first", nil), markup: k.markup()}, true)
		return nil
	}
	reached, err := t.bot.broadcasts.CountReached(ctx, t.in.chat, b.Who, b.Urgent, t.in.at)
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	k := &keys{}
	if reached.People == 0 {
		k.row(t.about("change", bcChange, id), t.about("card", bcCard, id))
		t.put(card{text: t.say("broadcast_desk.nobody", nil), markup: k.markup()}, true)
		return nil
	}
	yes := t.label("broadcast_desk.send.yes.button", dialog.Args{"People": count(reached.People)})
	k.row(button(yes, broadcastData(bcSent, b.ID, strconv.Itoa(b.Version))))
	k.row(t.about("no", bcCard, id))
	t.askAbout(b, strings.Join(t.sendLines(b, reached), "\n"), k)
	return nil
}

// askAbout asks something about a broadcast, in a message of its own where the
// one that shows the broadcast is kept up to date: the question would not stay.
func (t *turn) askAbout(b umkm.Broadcast, text string, k *keys) {
	t.put(card{text: text, markup: k.markup()}, !follows(b))
}

// sendLines say what a yes will come to.
func (t *turn) sendLines(b umkm.Broadcast, reached umkm.Reached) []string {
	lines := []string{t.say("broadcast_desk.send.ask", dialog.Args{"Title": broadcastTitle(b), "People": count(reached.People)})}
	if reached.Bounded > 0 {
		lines = append(lines, t.reachedLine(reached))
	}
	from := later(t.in.at.Add(umkm.BroadcastUndo), b.At)
	if b.At.After(t.in.at) {
		lines = append(lines, t.say("broadcast_desk.at", dialog.Args{"When": t.dayTime(b.At)}))
	}
	lines = append(lines, t.sendingLines(from, reached.People, b.Urgent)...)
	if above := t.bot.secondOfficerAbove; b.State == umkm.BroadcastDraft && above > 0 && reached.People > above {
		lines = append(lines, t.say("broadcast_desk.send.second", dialog.Args{"Above": count(above)}))
	}
	return lines
}

// confirmBroadcast has a broadcast go out as the officer has seen it.
func (t *turn) confirmBroadcast(ctx context.Context, id, version string) error {
	seen, err := strconv.Atoi(version)
	if err != nil {
		return t.unknownTap(ctx)
	}
	b, err := t.bot.broadcasts.BroadcastFor(ctx, t.in.chat, id)
	if err == nil && b.File != "" && b.FileID == "" {
		return t.askSend(ctx, id)
	}
	if err == nil {
		b, err = t.bot.broadcasts.Confirm(ctx, t.in.chat, id, seen, t.in.at)
	}
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	done := ""
	if b.State == umkm.BroadcastWaiting {
		done = t.say("broadcast_desk.second.asked", nil)
	}
	return t.showBroadcast(ctx, b, done)
}

// undoBroadcast makes a draft of what has not begun.
func (t *turn) undoBroadcast(ctx context.Context, id string) error {
	if err := t.bot.broadcasts.Unconfirm(ctx, t.in.chat, id, t.in.at); err != nil {
		return t.broadcastRefused(ctx, err)
	}
	return t.broadcastCard(ctx, id, t.say("broadcast_desk.undone", nil))
}

// returnBroadcast gives what waits for a second officer back to who wrote it;
// the records have them told.
func (t *turn) returnBroadcast(ctx context.Context, id string) error {
	b, err := t.bot.broadcasts.BroadcastFor(ctx, t.in.chat, id)
	if err == nil && b.State != umkm.BroadcastWaiting {
		return t.showBroadcast(ctx, b, "")
	}
	if err == nil {
		err = t.bot.broadcasts.Unconfirm(ctx, t.in.chat, id, t.in.at)
	}
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	return t.broadcastCard(ctx, id, t.say("broadcast_desk.returned", dialog.Args{"Name": b.Author}))
}

func (t *turn) pauseBroadcast(ctx context.Context, id string) error {
	if err := t.bot.broadcasts.PauseBroadcast(ctx, t.in.chat, id, t.in.at); err != nil {
		return t.broadcastRefused(ctx, err)
	}
	return t.broadcastCard(ctx, id, "")
}

func (t *turn) resumeBroadcast(ctx context.Context, id string) error {
	if err := t.bot.broadcasts.ResumeBroadcast(ctx, t.in.chat, id, t.in.at); err != nil {
		return t.broadcastRefused(ctx, err)
	}
	return t.broadcastCard(ctx, id, "")
}

// askCancelBroadcast asks before one is ended: what has been sent stays.
func (t *turn) askCancelBroadcast(ctx context.Context, id string) error {
	b, err := t.bot.broadcasts.BroadcastFor(ctx, t.in.chat, id)
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	key, sent, left := "broadcast_desk.cancel.ask", 0, 0
	for _, m := range b.Mailings {
		sent, left = sent+m.Counts.Sent, left+m.Counts.Planned
	}
	if b.State == umkm.BroadcastBegun {
		key = "broadcast_desk.cancel.ask.begun"
	}
	k := &keys{}
	k.row(t.about("cancel.yes", bcCancelled, id), t.about("no", bcCard, id))
	t.askAbout(b, t.say(key, dialog.Args{"Title": broadcastTitle(b), "Sent": count(sent), "Left": count(left)}), k)
	return nil
}

func (t *turn) cancelBroadcast(ctx context.Context, id string) error {
	if err := t.bot.broadcasts.CancelBroadcast(ctx, t.in.chat, id, t.in.at); err != nil {
		return t.broadcastRefused(ctx, err)
	}
	return t.broadcastCard(ctx, id, t.say("broadcast_desk.cancelled", nil))
}

// askResend asks before something is sent once more; where it may be for the
// second time, it says so.
func (t *turn) askResend(ctx context.Context, id, state string) error {
	b, err := t.bot.broadcasts.BroadcastFor(ctx, t.in.chat, id)
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	for _, a := range resendable(b) {
		if string(a.state) != state {
			continue
		}
		args := dialog.Args{"Title": broadcastTitle(b), "Count": count(a.people)}
		k := &keys{}
		k.row(button(t.label("broadcast_desk.again.yes.button", args), broadcastData(bcAgainYes, id, state)), t.about("no", bcCard, id))
		t.askAbout(b, t.say("broadcast_desk.again.ask."+state, args), k)
		return nil
	}
	return t.showBroadcast(ctx, b, "")
}

func (t *turn) resend(ctx context.Context, id, state string) error {
	what := umkm.DeliveryState(state)
	if what != umkm.DeliveryFailed && what != umkm.DeliveryUncertain {
		return t.unknownTap(ctx)
	}
	n, err := t.bot.broadcasts.Resend(ctx, t.in.chat, id, what, t.in.at)
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	key := "broadcast_desk.again.done"
	if n == 0 {
		key = "broadcast_desk.again.none"
	}
	return t.broadcastCard(ctx, id, t.say(key, dialog.Args{"Count": count(n)}))
}
