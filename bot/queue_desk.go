package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// targetOf is within how many working days a case is to be acted upon.
func (b *Bot) targetOf(kind umkm.CaseKind, topic string) int {
	switch kind {
	case umkm.CaseTicket:
		return b.content().Desk.AnswerDays
	case umkm.CaseRequest:
		if p, ok := b.programme(topic); ok && p.Target > 0 {
			return p.Target
		}
	case umkm.CaseDocument:
	}
	return b.content().OverdueDays
}

// lateSince is the moment before which a case that waits is over age.
func (b *Bot) lateSince(kind umkm.CaseKind, topic string, at time.Time) time.Time {
	return b.lateAfter(b.targetOf(kind, topic), at)
}

// deskCounts counts what waits of a kind, each topic by its own target.
// umkm.ErrForbidden: the kind is not theirs.
func (b *Bot) deskCounts(ctx context.Context, account int64, kind umkm.CaseKind, at time.Time) ([]umkm.QueueCount, error) {
	targets := []int{b.targetOf(kind, "")}
	if kind == umkm.CaseRequest {
		for _, p := range b.content().Programmes {
			targets = append(targets, b.targetOf(kind, p.ID))
		}
	}
	slices.Sort(targets)
	var out []umkm.QueueCount
	for _, days := range slices.Compact(targets) {
		counts, err := b.reviews.QueueCounts(ctx, account, kind, b.lateAfter(days, at), at)
		if err != nil {
			return nil, err
		}
		for _, c := range counts {
			if b.targetOf(kind, c.Topic) == days {
				out = append(out, c)
			}
		}
	}
	return out, nil
}

// byTopic adds the counts of all regions up: what is over age first, then the
// oldest.
func byTopic(counts []umkm.QueueCount) []umkm.QueueCount {
	at := map[string]int{}
	var out []umkm.QueueCount
	for _, c := range counts {
		i, ok := at[c.Topic]
		if !ok {
			i = len(out)
			at[c.Topic] = i
			out = append(out, umkm.QueueCount{Topic: c.Topic})
		}
		topic := out[i].Topic
		out[i] = added(out[i], c)
		out[i].Topic = topic
	}
	slices.SortStableFunc(out, func(a, b umkm.QueueCount) int {
		return cmp.Or(cmp.Compare(min(b.Overdue, 1), min(a.Overdue, 1)), a.Oldest.Compare(b.Oldest), strings.Compare(a.Topic, b.Topic))
	})
	return out
}

// requestSection says which requests wait, by programme; "" for none.
func (t *turn) requestSection(ctx context.Context, k *keys) (string, error) {
	return t.deskSection(ctx, umkm.CaseRequest, k)
}

// ticketSection says which tickets wait; "" for none.
func (t *turn) ticketSection(ctx context.Context, k *keys) (string, error) {
	return t.deskSection(ctx, umkm.CaseTicket, k)
}

func (t *turn) deskSection(ctx context.Context, kind umkm.CaseKind, k *keys) (string, error) {
	counts, err := t.bot.deskCounts(ctx, t.in.chat, kind, t.in.at)
	if err != nil || len(counts) == 0 {
		return "", err
	}
	name := string(kind)
	lines := []string{t.say("queue."+name, dialog.Args{"Waiting": summed(counts).Waiting})}
	for _, c := range byTopic(counts) {
		key := "queue.topic"
		if c.Overdue > 0 {
			key = "queue.topic.overdue"
		}
		topic := t.caseName(umkm.Case{Kind: kind, Topic: c.Topic})
		lines = append(lines, t.say(key, dialog.Args{"Topic": topic, "Count": c.Waiting, "Overdue": c.Overdue, "Age": t.waited(c.Oldest, t.in.at)}))
		k.row(button(t.label("queue.next.button", dialog.Args{"Topic": topic, "Count": c.Waiting}), deskData(deskNext, name, c.Topic)))
	}
	k.row(button(t.label("queue."+name+".list.button", nil), waitingData(kind, "", umkm.QueueCursor{})))
	if regions := byRegion(counts); len(regions) > 1 {
		var places keyRow
		for _, r := range regions[:min(len(regions), shownRegions)] {
			lines = append(lines, t.say("queue.region", dialog.Args{"Region": t.region(r.Region), "Count": r.Waiting, "Age": t.waited(r.Oldest, t.in.at)}))
			label := t.label("queue."+name+".region.button", dialog.Args{"Region": regionName(r.Region), "Count": r.Waiting})
			places = append(places, button(label, waitingData(kind, r.Region, umkm.QueueCursor{})))
		}
		k.grid(2, places)
	}
	return strings.Join(lines, "\n"), nil
}
