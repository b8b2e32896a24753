package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// reviewing answers an update around the case that the person may have in
// hand. It is the one place where a lease is prolonged, and where a case whose
// dialog has ended, however it did, goes from the person's hands and screen.
func (t *turn) reviewing(ctx context.Context) error {
	before := t.state
	if err := t.holding(ctx); err != nil {
		return err
	}
	return t.letGo(ctx, before)
}

// holding answers the update; whoever holds nothing goes straight on.
func (t *turn) holding(ctx context.Context) error {
	d := t.state.Dialog
	if d == nil || d.Flow != reviewFlow {
		return t.route(ctx)
	}
	why, err := t.prolong(ctx, *d)
	switch {
	case err != nil:
		return err
	case why == "":
		return t.route(ctx)
	case t.in.kind == kindCommand: // something else they want
		t.endReview(*d, why)
		return t.route(ctx)
	case why == "review.lost":
		return t.lost(ctx, *d)
	}
	t.answerTap("")
	t.endReview(*d, why)
	t.takeUp()
	return nil
}

// prolong keeps the case for another while; why is the key of what ends the
// review instead.
func (t *turn) prolong(ctx context.Context, d dialog.Dialog) (why string, err error) {
	until, err := t.bot.reviews.ProlongCase(ctx, t.in.chat, d.Subject, t.in.at)
	switch {
	case errors.Is(err, umkm.ErrNotHeld):
		return "review.lost", nil
	case errors.Is(err, umkm.ErrForbidden):
		return forbidden, nil
	case err != nil:
		return "", err
	}
	return "", t.bot.fleeting.KeepFleeting(ctx, t.in.chat, nil, pagesOf(d.Subject), until.Add(netTime))
}

// forbidden is said to whose role or region is gone.
const forbidden = "review.forbidden"

// netTime is how long after a lease's end its pages are deleted by the job that
// does only that, if nothing else has done it.
const netTime = time.Minute

// lost answers a turn about a case that is in the person's hands no more. A
// turn that is taken again after a crash may have decided it: the flow knows
// its own decision again. Nothing else comes of it.
func (t *turn) lost(ctx context.Context, d dialog.Dialog) error {
	state := t.state
	if err := t.route(ctx); err != nil {
		return err
	}
	if _, _, open := t.state.Find(d.ID); !open {
		return nil
	}
	t.state, t.calls, t.notes = state, nil, nil
	t.answerTap("")
	t.endReview(d, "review.lost")
	t.takeUp()
	return nil
}

func (t *turn) endReview(d dialog.Dialog, key string) {
	t.closeKeyboard("")
	t.dropReview(d)
	k := t.nextCase()
	if key == forbidden {
		k = t.menuOnly()
	}
	t.reply(key, nil, k)
}

// letGo puts back and takes off the screen what the person was reviewing
// before the turn and is reviewing no more.
func (t *turn) letGo(ctx context.Context, before dialog.State) error {
	for _, d := range reviewsIn(before) {
		if _, _, still := t.state.Find(d.ID); still {
			continue
		}
		messages, err := t.bot.fleeting.TakeFleeting(ctx, t.in.chat, pagesOf(d.Subject))
		if err != nil {
			return err
		}
		first := removeAll(t.in.chat, messages)
		if t.beganElse(before) {
			first = append(first, t.message(t.in.chat, t.say("review.cancelled", nil), nil))
		}
		t.calls = append(first, t.calls...)
		if t.holdsAnew(d.Subject) {
			continue
		}
		if err := t.putBack(ctx, d.Subject); err != nil {
			return err
		}
	}
	return nil
}

// beganElse: a form was opened that was not there before the turn, in place of
// the review.
func (t *turn) beganElse(before dialog.State) bool {
	d := t.state.Dialog
	if d == nil || d.Flow == reviewFlow {
		return false
	}
	_, _, was := before.Find(d.ID)
	return !was
}

// holdsAnew: the same case was taken again within the turn.
func (t *turn) holdsAnew(id string) bool {
	for _, d := range reviewsIn(t.state) {
		if d.Subject == id {
			return true
		}
	}
	return false
}

// CaseLapsed frees a case whose lease is over and says so to who held it.
func (b *Bot) CaseLapsed(ctx context.Context, job umkm.CaseLapsed) (again time.Time, err error) {
	holder, again, err := b.reviews.LapseCase(ctx, job.Case, b.now())
	if err != nil || holder == 0 {
		return again, err
	}
	return time.Time{}, b.lose(ctx, holder, job.Case, "review.lapsed", dialog.Args{"Minutes": int(umkm.CaseLease / time.Minute)})
}

// CaseReplaced takes a case in whose place a newer version stands off the
// screen of who had it in hand, and says so.
func (b *Bot) CaseReplaced(ctx context.Context, job umkm.CaseReplaced) (again time.Time, err error) {
	return time.Time{}, b.lose(ctx, job.Chat, job.Case, "review.replaced", nil)
}

// lose ends the review of a case that is in a person's hands no more, if it
// still stands in their chat.
func (b *Bot) lose(ctx context.Context, chat int64, id, key string, args dialog.Args) error {
	e, leave, err := b.hold(ctx, chat)
	if err != nil {
		return err
	}
	defer leave()
	c, holds, err := b.reviews.HeldCase(ctx, chat)
	if err != nil || holds && c.ID == id { // taken again meanwhile
		return err
	}
	for _, d := range reviewsIn(e.State) {
		if d.Subject == id {
			v := voice{bot: b, lang: b.languageOf(e.State)}
			return b.dropReview(ctx, e, d, v.say(key, args))
		}
	}
	return nil
}

// dropReview ends a review outside any turn: the chat is saved, the pages go
// first, then the person is told.
func (b *Bot) dropReview(ctx context.Context, e dialog.Entry, d dialog.Dialog, text string) error {
	t := turn{voice: voice{bot: b, lang: b.languageOf(e.State)}, state: e.State}
	t.dropReview(d)
	e.State = t.state
	if err := b.host.Chats.Save(ctx, e); err != nil {
		return fmt.Errorf("end a review: %w", err)
	}
	messages, err := b.fleeting.TakeFleeting(ctx, e.Chat, pagesOf(d.Subject))
	if err != nil {
		return err
	}
	for _, c := range append(removeAll(e.Chat, messages), t.message(e.Chat, text, t.nextCase().markup())) {
		if err := b.call(ctx, e.Chat, c); err != nil && !refused(err) {
			return err
		}
	}
	return nil
}
