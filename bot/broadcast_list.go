package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// shownBroadcasts is a page of the list, shownSaved how many segments or
// templates are named.
const (
	shownBroadcasts = 6
	shownSaved      = 12
)

// broadcastList is the command.
func (t *turn) broadcastList(ctx context.Context) error { return t.broadcastPage(ctx, "") }

// broadcastPage shows the broadcasts behind one, newest first, each to be opened.
func (t *turn) broadcastPage(ctx context.Context, after string) error {
	list, err := t.bot.broadcasts.BroadcastsOf(ctx, t.in.chat, after, shownBroadcasts+1)
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	more := len(list) > shownBroadcasts
	list = list[:min(len(list), shownBroadcasts)]
	lines := []string{t.say("broadcast_desk.list", nil)}
	if len(list) == 0 {
		lines = append(lines, t.say("broadcast_desk.list.none", nil))
	}
	k := t.resumeKeys()
	var open keyRow
	for i, b := range list {
		lines = append(lines, t.broadcastLine(i+1, b))
		name := t.label("broadcast_desk.one.button", dialog.Args{"Nth": i + 1, "Title": broadcastTitle(b)})
		open = append(open, button(name, broadcastData(bcCard, b.ID)))
	}
	k.grid(2, open)
	if more {
		k.row(button(t.label("queue.more.button", nil), broadcastData(bcList, list[len(list)-1].ID)))
	}
	k.row(t.about("new", bcNew))
	k.row(t.about("segments", bcSegments), t.about("templates", bcTemplates))
	k.row(t.commandButton("menu.button.menu", "menu"))
	t.put(card{text: strings.Join(lines, "\n") + t.resumeLine(), markup: k.markup()}, true)
	return nil
}

// broadcastLine says a broadcast in the list: what, how far, when, to how many.
func (t *turn) broadcastLine(nth int, b umkm.Broadcast) string {
	at, people := b.Created, b.Count
	if !b.Begins.IsZero() {
		at = b.Begins
	}
	sent := 0
	for _, m := range b.Mailings {
		sent += m.Counts.Sent
	}
	key := "broadcast_desk.line"
	switch {
	case b.State == umkm.BroadcastBegun:
		key = "broadcast_desk.line.begun"
	case people > 0:
		key = "broadcast_desk.line.counted"
	}
	return t.say(key, dialog.Args{
		"Nth": nth, "Title": broadcastTitle(b), "State": markup(t.broadcastState(b)), "Date": t.date(at),
		"Sent": count(sent), "People": count(people),
	})
}

// broadcastState says how far a broadcast is, as HTML.
func (v voice) broadcastState(b umkm.Broadcast) string {
	return v.say("broadcast_desk.state."+broadcastStage(b), nil)
}

// savedSegments lists the segments that are kept, under a word on what was
// done, "".
func (t *turn) savedSegments(ctx context.Context, done string) error {
	all, err := t.bot.broadcasts.Segments(ctx, t.in.chat)
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	lines := []string{t.say("broadcast_desk.segments", nil)}
	k := &keys{}
	for i, s := range all[:min(len(all), shownSaved)] {
		lines = append(lines, t.say("broadcast_desk.segment", dialog.Args{"Nth": i + 1, "Name": s.Name, "Who": t.meant(s.Segment)}))
		t.savedKeys(k, i+1, "segment", bcTo, bcDropWho, s.ID)
	}
	t.showSaved(lines, done, k, "broadcast_desk.segments.none")
	return nil
}

// savedKeys use and remove what is kept.
func (t *turn) savedKeys(k *keys, nth int, what, use, drop, id string) {
	args := dialog.Args{"Nth": nth}
	k.row(button(t.label("broadcast_desk."+what+".use.button", args), broadcastData(use, id)),
		button(t.label("broadcast_desk.drop.button", args), broadcastData(drop, id)))
}

func (t *turn) showSaved(lines []string, done string, k *keys, none string) {
	if len(lines) == 1 {
		lines = []string{t.say(none, nil)}
	}
	if done != "" {
		lines = slices.Insert(lines, 0, done, "")
	}
	t.put(card{text: strings.Join(lines, "\n"), markup: k.below(t.broadcastEndKeys()).markup()}, true)
}

// templates lists the texts that are kept, under a word on what was done, "".
func (t *turn) templates(ctx context.Context, done string) error {
	all, err := t.bot.broadcasts.Templates(ctx, t.in.chat)
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	lines := []string{t.say("broadcast_desk.templates", nil)}
	k := &keys{}
	for i, m := range all[:min(len(all), shownSaved)] {
		text := broadcastTitle(umkm.Broadcast{BroadcastPlan: umkm.BroadcastPlan{Texts: m.Texts}})
		lines = append(lines, t.say("broadcast_desk.template", dialog.Args{"Nth": i + 1, "Name": m.Name, "Text": text}))
		t.savedKeys(k, i+1, "template", bcWith, bcDropText, m.ID)
	}
	t.showSaved(lines, done, k, "broadcast_desk.templates.none")
	return nil
}

// savedSegment finds one that the officer may use: umkm.ErrNoBroadcast.
func (t *turn) savedSegment(ctx context.Context, id string) (umkm.SavedSegment, error) {
	all, err := t.bot.broadcasts.Segments(ctx, t.in.chat)
	if err != nil {
		return umkm.SavedSegment{}, err
	}
	return found(all, func(s umkm.SavedSegment) bool { return s.ID == id })
}

// template finds one that the officer may use: umkm.ErrNoBroadcast.
func (t *turn) template(ctx context.Context, id string) (umkm.BroadcastTemplate, error) {
	all, err := t.bot.broadcasts.Templates(ctx, t.in.chat)
	if err != nil {
		return umkm.BroadcastTemplate{}, err
	}
	return found(all, func(m umkm.BroadcastTemplate) bool { return m.ID == id })
}

func found[T any](all []T, is func(T) bool) (one T, err error) {
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], nil
	}
	return one, umkm.ErrNoBroadcast
}

// askDropSegment asks before a segment is forgotten.
func (t *turn) askDropSegment(ctx context.Context, id string) error {
	s, err := t.savedSegment(ctx, id)
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	t.askDrop(s.Name, broadcastData(bcDroppedW, id), bcSegments)
	return nil
}

// askDropTemplate asks before a text is forgotten.
func (t *turn) askDropTemplate(ctx context.Context, id string) error {
	m, err := t.template(ctx, id)
	if err != nil {
		return t.broadcastRefused(ctx, err)
	}
	t.askDrop(m.Name, broadcastData(bcDroppedT, id), bcTemplates)
	return nil
}

func (t *turn) askDrop(name, yes, back string) {
	k := &keys{}
	k.row(button(t.label("broadcast_desk.drop.yes.button", nil), yes), t.about("no", back))
	t.put(card{text: t.say("broadcast_desk.drop.ask", dialog.Args{"Name": name}), markup: k.markup()}, true)
}

func (t *turn) dropSegment(ctx context.Context, id string) error {
	if err := t.bot.broadcasts.RemoveSegment(ctx, t.in.chat, id, t.in.at); err != nil {
		return t.broadcastRefused(ctx, fmt.Errorf("remove a segment: %w", err))
	}
	return t.savedSegments(ctx, t.say("broadcast_desk.dropped", nil))
}

func (t *turn) dropTemplate(ctx context.Context, id string) error {
	if err := t.bot.broadcasts.RemoveTemplate(ctx, t.in.chat, id, t.in.at); err != nil {
		return t.broadcastRefused(ctx, fmt.Errorf("remove a template: %w", err))
	}
	return t.templates(ctx, t.say("broadcast_desk.dropped", nil))
}
