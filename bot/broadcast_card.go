package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// broadcastCard shows a broadcast as it stands, under a word on what was done,
// "". The message that shows one that goes out is kept up to date, but not at
// once: the word stands until it can be read.
func (t *turn) broadcastCard(ctx context.Context, id, done string) error {
	b, err := t.bot.broadcasts.BroadcastFor(ctx, t.in.chat, id)
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	return t.showBroadcast(ctx, b, done)
}

func (t *turn) showBroadcast(ctx context.Context, b umkm.Broadcast, done string) error {
	c, err := t.broadcastCardOf(ctx, t.in.chat, b, t.in.at)
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	if done != "" {
		c.text = done + "\n\n" + c.text
	}
	t.put(c, true)
	if t.in.kind != kindTap || t.in.message == 0 || !follows(b) {
		return nil
	}
	job := umkm.ShowBroadcast{Chat: t.in.chat, Message: t.in.message, Broadcast: b.ID, Language: t.lang}
	return t.bot.broadcasts.ShowBroadcastSoon(ctx, job, t.bot.showAgain(b, t.in.at))
}

// follows reports whether a broadcast goes on by itself.
func follows(b umkm.Broadcast) bool {
	switch broadcastStage(b) {
	case "waiting", "scheduled", "running", "paused":
		return true
	}
	return false
}

// broadcastCardOf is the card of a broadcast for one of its officers.
func (v voice) broadcastCardOf(ctx context.Context, by int64, b umkm.Broadcast, at time.Time) (card, error) {
	parts := []string{strings.Join(v.broadcastHead(b), "\n")}
	switch b.State {
	case umkm.BroadcastDraft:
		who, err := v.draftPart(ctx, by, b, at)
		if err != nil {
			return card{}, err
		}
		parts = append(parts, who)
	case umkm.BroadcastWaiting:
		lines := append([]string{v.say("broadcast_desk.waiting", dialog.Args{"People": count(b.Count)})}, v.sendingLines(later(at, b.At), b.Count, b.Urgent)...)
		parts = append(parts, strings.Join(lines, "\n"))
	case umkm.BroadcastScheduled:
		parts = append(parts, v.scheduledPart(b, at))
	case umkm.BroadcastBegun:
		parts = append(parts, v.progressPart(b, at))
	case umkm.BroadcastCancelled:
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return card{text: strings.Join(parts, "\n\n"), markup: v.broadcastKeys(by, b).markup()}, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// broadcastHead says what a broadcast is: how far, what it says, with what, to
// whom.
func (v voice) broadcastHead(b umkm.Broadcast) []string {
	lines := []string{
		v.say("broadcast_desk.head", dialog.Args{"State": markup(v.broadcastState(b)), "Author": b.Author, "Date": v.date(b.Created)}),
		v.say("broadcast_desk.text", dialog.Args{"Text": announced(b, shownAnnouncement)}),
	}
	with := []string{}
	switch {
	case b.Picture:
		with = append(with, v.label("broadcast_desk.with.picture", nil))
	case b.File != "":
		with = append(with, v.label("broadcast_desk.with.file", nil))
	}
	if n := len(b.Buttons); n > 0 {
		with = append(with, v.label("broadcast_desk.with.buttons", dialog.Args{"Count": n}))
	}
	if len(b.Texts) == 1 {
		with = append(with, v.label("broadcast_desk.with.one_language", nil))
	}
	if len(with) > 0 {
		lines = append(lines, v.say("broadcast_desk.with", dialog.Args{"What": strings.Join(with, ", ")}))
	}
	lines = append(lines, v.say("broadcast_desk.meant", dialog.Args{"Who": v.meant(b.Who)}))
	if b.Confirmer != "" {
		lines = append(lines, v.say("broadcast_desk.confirmer", dialog.Args{"Name": b.Confirmer}))
	}
	return lines
}

// draftPart says to how many a draft would go, how long that takes, and names
// some of them.
func (v voice) draftPart(ctx context.Context, by int64, b umkm.Broadcast, at time.Time) (string, error) {
	reached, err := v.bot.broadcasts.CountReached(ctx, by, b.Who, b.Urgent, at)
	if err != nil {
		return "", err
	}
	lines := []string{v.reachedLine(reached)}
	if b.At.After(at) {
		lines = append(lines, v.say("broadcast_desk.at", dialog.Args{"When": v.dayTime(b.At)}))
	}
	if reached.People == 0 {
		return strings.Join(lines, "\n"), nil
	}
	lines = append(lines, v.sendingLines(later(at, b.At), reached.People, b.Urgent)...)
	samples, err := v.bot.broadcasts.SampleReached(ctx, by, b.Who, b.Urgent, at)
	if err != nil {
		return "", err
	}
	if len(samples) > 0 {
		lines = append(lines, "", v.say("broadcast_desk.samples", nil))
	}
	for _, s := range samples {
		lines = append(lines, v.sampleLine(s))
	}
	return strings.Join(lines, "\n"), nil
}

// scheduledPart says when one begins that can still be undone.
func (v voice) scheduledPart(b umkm.Broadcast, at time.Time) string {
	key, left := "broadcast_desk.scheduled", b.Begins.Sub(at)
	switch {
	case left <= 0:
		key = "broadcast_desk.scheduled.now"
	case left <= umkm.BroadcastUndo:
		key = "broadcast_desk.scheduled.soon"
	}
	lines := []string{v.say(key, dialog.Args{
		"People": count(b.Count), "When": v.dayTime(b.Begins), "Seconds": max(0, int((left+time.Second-1)/time.Second)),
	})}
	return strings.Join(append(lines, v.sendingLines(b.Begins, b.Count, b.Urgent)...), "\n")
}

// broadcastKeys are what can be done about a broadcast as it stands.
func (v voice) broadcastKeys(by int64, b umkm.Broadcast) *keys {
	k := &keys{}
	on := func(label, verb string) keyRow { return keyRow{v.about(label, verb, b.ID)} }
	switch broadcastStage(b) {
	case "draft":
		k.row(v.about("preview", bcPreview, b.ID), v.about("change", bcChange, b.ID))
		k.row(v.about("keep_segment", bcKeepWho, b.ID), v.about("keep_template", bcKeepText, b.ID))
		k.row(on("send", bcSend)...)
		k.row(on("drop_draft", bcCancel)...)
	case "waiting":
		k.row(on("preview", bcPreview)...)
		if by == b.By {
			k.row(on("withdraw", bcUndo)...)
			break
		}
		k.row(on("approve", bcSend)...)
		k.row(on("return", bcReturn)...)
	case "scheduled":
		k.row(on("undo", bcUndo)...)
		k.row(v.about("preview", bcPreview, b.ID), v.about("cancel", bcCancel, b.ID))
	case "running":
		k.row(v.about("pause", bcPause, b.ID), v.about("mend", bcMend, b.ID))
		k.row(v.about("cancel", bcCancel, b.ID), v.about("refresh", bcCard, b.ID))
	case "paused":
		k.row(v.about("resume", bcResume, b.ID), v.about("mend", bcMend, b.ID))
		k.row(v.about("cancel", bcCancel, b.ID), v.about("preview", bcPreview, b.ID))
	case "done", "stopped":
		v.overKeys(k, b)
	}
	k.row(v.about("list", bcList), v.commandButton("menu.button.menu", "menu"))
	return k
}

// overKeys are what is there once everybody's part has come to its end.
func (v voice) overKeys(k *keys, b umkm.Broadcast) {
	k.row(v.about("report", bcFile, b.ID, umkm.BroadcastReport), v.about("ledger", bcFile, b.ID, umkm.BroadcastLedger))
	for _, again := range resendable(b) {
		label := v.label("broadcast_desk.again."+string(again.state)+".button", dialog.Args{"Count": count(again.people)})
		k.row(button(label, broadcastData(bcAgain, b.ID, string(again.state))))
	}
	k.row(v.about("keep_segment", bcKeepWho, b.ID), v.about("keep_template", bcKeepText, b.ID))
}

// again is how many people's part came to a state from which it can be sent
// once more.
type again struct {
	state  umkm.DeliveryState
	people int
}

// resendable says what can be sent once more, less what has been. Of a mailing
// that was stopped nothing is.
func resendable(b umkm.Broadcast) []again {
	var out []again
	for _, state := range []umkm.DeliveryState{umkm.DeliveryFailed, umkm.DeliveryUncertain} {
		left := 0
		for _, m := range b.Mailings {
			if m.What == string(state) {
				left -= m.Counts.All()
			}
			switch {
			case m.State != umkm.MailingDone:
			case state == umkm.DeliveryFailed:
				left += m.Counts.Failed
			default:
				left += m.Counts.Uncertain
			}
		}
		if left > 0 {
			out = append(out, again{state, left})
		}
	}
	return out
}
