package bot

import (
	"context"
	"fmt"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// draftDay is how long an unfinished dialog rests before its first reminder.
const draftDay = 24 * time.Hour

// A draft rests a day before its first reminder and a week before its last;
// after 30 days without a word it is erased.
var draftRest = map[int]time.Duration{
	1: draftDay,
	2: 7 * 24 * time.Hour,
	3: 30 * 24 * time.Hour,
}

const eraseDraft = 3

// Quiet hours: nothing that nobody asked for is sent from 20.00 to 07.00.
const (
	quietFrom  = 20
	quietUntil = 7
)

// RemindDraft does what is due for an unfinished dialog: it reminds twice and
// then erases. again is when the same job should run once more, zero if never.
// It may run twice for the same reminder after a crash.
func (b *Bot) RemindDraft(ctx context.Context, r umkm.DraftReminder) (again time.Time, err error) {
	again, wants, err := b.rest(ctx, r, false)
	if err != nil || !wants {
		return again, err
	}
	// The wait for the metered lane must not hold the chat.
	if err := b.budget.Take(ctx, 1); err != nil {
		return time.Time{}, fmt.Errorf("metered lane: %w", err)
	}
	again, _, err = b.rest(ctx, r, true)
	return again, err
}

// rest does what is due for a draft, holding its chat. wants says that a
// message is due, which is sent only when it is paid for.
func (b *Bot) rest(ctx context.Context, r umkm.DraftReminder, paid bool) (again time.Time, wants bool, err error) {
	e, leave, err := b.hold(ctx, r.Chat)
	if err != nil {
		return time.Time{}, false, err
	}
	defer leave()
	d, open, ok := e.State.Find(r.Dialog)
	if !ok {
		return time.Time{}, false, nil
	}
	now := b.now()
	if !open && r.Nth != eraseDraft { // the one in front of it has reminders of its own
		return b.awake(now.Add(draftDay)), false, nil
	}
	if at := b.awake(d.Touched.Add(draftRest[r.Nth])); now.Before(at) {
		return at, false, nil
	}
	if r.Nth == eraseDraft {
		return time.Time{}, false, b.erase(ctx, e, d)
	}
	late := !now.Before(d.Touched.Add(draftRest[r.Nth+1])) // the next is due, too
	switch at := b.awake(now); {
	case !late && at.After(now):
		return at, false, nil
	case !late && !paid:
		return time.Time{}, true, nil
	case !late:
		if err := b.remind(ctx, e, r.Nth); err != nil {
			return time.Time{}, false, err
		}
	}
	return time.Time{}, false, b.scheduleNext(ctx, r, &d, !late)
}

func (b *Bot) scheduleNext(ctx context.Context, r umkm.DraftReminder, d *dialog.Dialog, reminded bool) error {
	r.Nth++
	at := d.Touched.Add(draftRest[r.Nth])
	if reminded {
		at = b.nextRest(d, r.Nth)
	}
	if err := b.drafts.Schedule(ctx, r, at); err != nil {
		return fmt.Errorf("schedule next reminder: %w", err)
	}
	return nil
}

// grace is what follows a reminder at the earliest, however late that came.
var grace = map[int]time.Duration{2: draftDay, eraseDraft: 3 * draftDay}

// nextRest is when the nth reminder is due, seen from the one before.
func (b *Bot) nextRest(d *dialog.Dialog, nth int) time.Time {
	due, earliest := d.Touched.Add(draftRest[nth]), b.now().Add(grace[nth])
	if due.Before(earliest) {
		return earliest
	}
	return due
}

func (b *Bot) remind(ctx context.Context, e dialog.Entry, nth int) error {
	v := voice{bot: b, lang: b.languageOf(e.State)}
	q, ok := b.flows.Question(*e.State.Dialog)
	if !ok {
		return nil
	}
	k := &keys{}
	k.row(button(v.label("dialog.resume.button", nil), dataResume), button(v.label("dialog.discard.button", nil), dataDiscard))
	text := v.say(fmt.Sprintf("dialog.reminder.%d", nth), dialog.Args{
		"Flow": dialog.Text{Key: q.Flow + ".name"}, "Left": q.Total - q.Number + 1,
		"Until": v.date(b.nextRest(e.State.Dialog, eraseDraft)),
	})
	return b.Notify(ctx, e.Chat, []Call{v.message(e.Chat, text, k.markup())})
}

func (b *Bot) erase(ctx context.Context, e dialog.Entry, d dialog.Dialog) error {
	forgotten := b.flows.Forgotten(d, b.now().In(b.zone))
	e.State.Left = d.ID
	e.State.Drop(d.ID)
	if e.State.Dialog != nil && e.State.Dialog.ID == d.ID {
		e.State.Dialog = nil
	}
	e.Replies = nil // what was said repeats the answers
	if err := b.host.Chats.Save(ctx, e); err != nil {
		return fmt.Errorf("erase draft: %w", err)
	}
	b.pass(forgotten)
	return nil
}

// awake moves a moment in the quiet hours to the next morning.
func (b *Bot) awake(at time.Time) time.Time {
	at = at.In(b.zone)
	morning := time.Date(at.Year(), at.Month(), at.Day(), quietUntil, 0, 0, 0, b.zone)
	switch h := at.Hour(); {
	case h < quietUntil:
		return morning
	case h >= quietFrom:
		return morning.AddDate(0, 0, 1)
	}
	return at
}

// Notify sends what nobody asked for, on the metered lane, whose budget the
// caller has taken. A 429 stops the metered lanes of all replicas and is an
// error: the job comes back.
func (b *Bot) Notify(ctx context.Context, chat int64, calls []Call) error {
	for _, c := range calls {
		err := b.api.Do(ctx, c.Method, c.Params, nil)
		if wait, many := held(err); many {
			if perr := b.budget.Pause(ctx, wait); perr != nil {
				return fmt.Errorf("pause metered lane: %w", perr)
			}
			return err
		}
		if gone(err) {
			return b.unreachable(ctx, chat)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
