package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/locales"
)

// bar is how many blocks a bar of progress has.
const bar = 10

// progress draws how much of a whole is done: ▓▓▓░░░░░░░.
func progress(done, all int) string {
	n := bar
	if all > 0 {
		n = bar * done / all
	}
	return strings.Repeat("▓", n) + strings.Repeat("░", bar-n)
}

// through is how many people's part has come to its end.
func through(c umkm.DeliveryCounts) int { return c.All() - c.Planned - c.Sending }

// progressPart says how far one is that has begun: each time it was sent, the
// first first.
func (v voice) progressPart(b umkm.Broadcast, at time.Time) string {
	var parts []string
	for _, m := range slices.Backward(b.Mailings) {
		lines := []string{v.mailingTitle(m)}
		switch m.State {
		case umkm.MailingRunning:
			lines = append(lines, v.barLine(m), v.paceLine(m, at))
		case umkm.MailingPaused:
			lines = append(lines, v.barLine(m), v.say("broadcast_desk.paused", nil))
		case umkm.MailingCancelled, umkm.MailingDone:
		}
		parts = append(parts, strings.Join(append(lines, v.countsLine(m)), "\n"))
	}
	return strings.Join(parts, "\n\n")
}

// mailingTitle says which time it was sent, and to how many people.
func (v voice) mailingTitle(m umkm.Mailing) string {
	key := "broadcast_desk.mailing"
	if m.What != "" {
		key += "." + m.What
	}
	return v.say(key, dialog.Args{"People": count(m.Counts.All()), "When": v.dayTime(m.At)})
}

func (v voice) barLine(m umkm.Mailing) string {
	done, all := through(m.Counts), m.Counts.All()
	return v.say("broadcast_desk.bar", dialog.Args{
		"Bar": progress(done, all), "Percent": 100 * done / max(all, 1), "Done": count(done), "All": count(all),
	})
}

// paceLine says how fast it goes and how long it will, or why nothing does.
func (v voice) paceLine(m umkm.Mailing, at time.Time) string {
	if morning := v.bot.awake(at); morning.After(at) && !m.Urgent {
		return v.say("broadcast_desk.night.rests", dialog.Args{"When": v.dayTime(morning)})
	}
	rate := v.bot.pace(m, at)
	if rate < 0.05 {
		return v.say("broadcast_desk.pace.none", nil)
	}
	left := time.Duration(float64(m.Counts.Planned+m.Counts.Sending) / rate * float64(time.Second))
	shown := strings.Replace(fmt.Sprintf("%.1f", rate), ".", v.label("broadcast_desk.decimal.label", nil), 1)
	if rate >= 10 {
		shown = count(int(math.Round(rate)))
	}
	return v.say("broadcast_desk.pace", dialog.Args{"Rate": shown, "Left": v.duration(left)})
}

// countsLine counts a mailing's people by what became of their part.
func (v voice) countsLine(m umkm.Mailing) string {
	var parts []string
	c, left := m.Counts, "waiting"
	if m.State == umkm.MailingCancelled { // who was still to be told is passed over when a lane comes to it
		left, c.Planned, c.Skipped = "left", c.Planned+c.Skipped, 0
	}
	for _, p := range []struct {
		key string
		n   int
	}{
		{"sent", c.Sent}, {"blocked", c.Blocked}, {"failed", c.Failed}, {"uncertain", c.Uncertain}, {"skipped", c.Skipped}, {left, c.Planned + c.Sending},
	} {
		if p.n > 0 || p.key == "sent" {
			parts = append(parts, v.say("broadcast_desk.count."+p.key, dialog.Args{"Count": count(p.n)}))
		}
	}
	return strings.Join(parts, " · ")
}

// paced is how far a mailing was when it was looked at.
type paced struct {
	at   time.Time
	done int
	rate float64 // a second, from the look before to this one
}

const (
	// paceLooks is how far two looks are apart at least that say how fast a
	// mailing goes, paceOld how far at most.
	paceLooks = time.Second
	paceOld   = 3 * time.Minute
)

// pace is how many letters of a mailing a second go out: since this replica
// last looked or, where that is long ago, since the beginning.
func (b *Bot) pace(m umkm.Mailing, at time.Time) float64 {
	now := paced{at: at, done: through(m.Counts)}
	from := paced{at: m.At}
	if seen, ok := b.paces.Load(m.ID); ok {
		last := seen.(paced)
		switch age := at.Sub(last.at); {
		case age < paceLooks:
			return last.rate
		case age <= paceOld:
			from = last
		}
	}
	if took := at.Sub(from.at).Seconds(); took > 0 {
		now.rate = float64(max(0, now.done-from.done)) / took
	}
	if now.at.Sub(m.At) >= paceLooks {
		b.paces.Store(m.ID, now)
	}
	return now.rate
}

// showStanding is how often a message is looked at whose broadcast stands.
const showStanding = time.Minute

// showAfter is how often one is brought up to date that goes out: often at
// first, less often the longer it takes.
func showAfter(since time.Duration) time.Duration {
	switch {
	case since < time.Minute:
		return 3 * time.Second
	case since < 10*time.Minute:
		return 10 * time.Second
	case since < time.Hour:
		return 30 * time.Second
	}
	return showStanding
}

// ShowBroadcast brings the message up to date that shows a broadcast to one of
// its officers, as long as it goes on by itself; again is when to do so once
// more. Who may not see it any more has the message stay as it is.
func (b *Bot) ShowBroadcast(ctx context.Context, job umkm.ShowBroadcast) (again time.Time, err error) {
	bc, err := b.broadcasts.BroadcastFor(ctx, job.Chat, job.Broadcast)
	if errors.Is(err, umkm.ErrForbidden) || errors.Is(err, umkm.ErrNoBroadcast) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("show broadcast: %w", err)
	}
	if bc.State == umkm.BroadcastDraft { // taken back: the draft is another message's
		return time.Time{}, nil
	}
	now := b.now()
	if bc.State == umkm.BroadcastScheduled && !now.Before(bc.Begins) { // it begins this moment
		return now.Add(time.Second), nil
	}
	v := voice{bot: b, lang: cmp.Or(job.Language, locales.Default)}
	c, err := v.broadcastCardOf(ctx, job.Chat, bc, now)
	if err != nil {
		return time.Time{}, fmt.Errorf("show broadcast: %w", err)
	}
	edit := v.edit(job.Chat, job.Message, c.text, c.markup, false)
	err = b.api.Do(ctx, edit.Method, edit.Params, nil)
	wait, many := held(err)
	switch {
	case many:
		return now.Add(wait), nil
	case gone(err), refused(err) && !unchanged(err): // the message is gone, or too old
		return time.Time{}, nil
	case err != nil && !unchanged(err):
		return time.Time{}, err
	case !follows(bc):
		return time.Time{}, nil
	}
	return b.showAgain(bc, now), nil
}

// showAgain is when a broadcast's message that was just shown is to be brought
// up to date.
func (b *Bot) showAgain(bc umkm.Broadcast, now time.Time) time.Time {
	if bc.State == umkm.BroadcastScheduled {
		return bc.Begins
	}
	night := b.awake(now).After(now) && !bc.Urgent
	if broadcastStage(bc) != "running" || night || len(bc.Mailings) == 0 { // it stands until somebody does something
		return now.Add(showStanding)
	}
	return now.Add(showAfter(now.Sub(bc.Mailings[0].At)))
}
