package bot

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/locales"
)

// Expiries are the documents that end soon.
type Expiries interface {
	// Expiring lists reminders that are due on a day, in the order of their
	// documents' ids; after is the last one of the page before.
	Expiring(ctx context.Context, at time.Time, after string, limit int) ([]umkm.Expiry, error)
	// MarkReminded notes that a reminder went out: it is due no more.
	MarkReminded(ctx context.Context, document string, stage int) error
	// Recipients lists the accounts that act for a business's owner and can be
	// reached.
	Recipients(ctx context.Context, business string) ([]umkm.Recipient, error)
}

const (
	// expiryPage is how many reminders are read at once.
	expiryPage = 100
	// expiryRun bounds a run, well within a job's minute; the next goes on.
	expiryRun = 40 * time.Second
)

// RemindExpiring reminds owners of documents that end soon, each account that
// acts for the owner. It is part of the service of keeping the document, so
// that it needs no consent to news. It runs once a day; each reminder goes out
// at least once, and twice only to somebody whose send was under way in a
// crash. again is when the rest of it is to be done, zero if there is none.
func (b *Bot) RemindExpiring(ctx context.Context, _ time.Time) (again time.Time, err error) {
	now := b.now()
	if at := b.awake(now); at.After(now) {
		return at, nil
	}
	ctx, cancel := context.WithTimeout(ctx, expiryRun)
	defer cancel()
	for after := ""; ; {
		page, err := b.expiries.Expiring(ctx, now.In(b.zone), after, expiryPage)
		if err == nil && len(page) > 0 {
			after = page[len(page)-1].Document
			err = b.remindPage(ctx, page)
		}
		switch {
		case ctx.Err() != nil: // what has been sent is marked
			return b.now(), nil
		case err != nil:
			return time.Time{}, fmt.Errorf("remind of documents that end: %w", err)
		case len(page) < expiryPage:
			return time.Time{}, nil
		}
	}
}

func (b *Bot) remindPage(ctx context.Context, page []umkm.Expiry) error {
	for _, e := range page {
		to, err := b.expiries.Recipients(ctx, e.Business)
		if err != nil {
			return err
		}
		for _, r := range to {
			if err := b.remindExpiry(ctx, r, e); err != nil {
				return err
			}
		}
		// Also where nobody can be reached: asking again all day helps nobody.
		if err := b.expiries.MarkReminded(ctx, e.Document, e.Stage); err != nil {
			return err
		}
	}
	return nil
}

// remindExpiry tells one account. Where Telegram asks to wait, it waits here,
// so that others of the family are not told twice. What Telegram refuses for
// good is passed over: the others must get theirs.
func (b *Bot) remindExpiry(ctx context.Context, r umkm.Recipient, e umkm.Expiry) error {
	v := voice{bot: b, lang: r.Language}
	for {
		if err := b.budget.Take(ctx, 1); err != nil {
			return fmt.Errorf("metered lane: %w", err)
		}
		err := b.Notify(ctx, r.Chat, []Call{v.expiryNotice(r.Chat, e)})
		if _, wait := held(err); wait {
			continue
		}
		if malformed(err) {
			b.log.LogAttrs(ctx, slog.LevelError, "reminder of a document refused", slog.String("document", e.Document), slog.String("cause", err.Error()))
			return nil
		}
		return err
	}
}

// expiryNotice says what ends when, and takes the new one.
func (v voice) expiryNotice(chat int64, e umkm.Expiry) Call {
	name := v.bot.content().Documents.Of(e.Kind).Name.In(v.lang, locales.Default)
	if e.Kind == umkm.DocumentOther && e.Label != "" {
		name = e.Label
	}
	until, _ := time.ParseInLocation(time.DateOnly, e.Until, v.bot.zone)
	key := "expiry.soon"
	if e.Days <= 0 {
		key = "expiry.today"
	}
	text := v.say(key, dialog.Args{
		"Kind": name, "Business": e.BusinessName, "Until": v.date(until), "Days": e.Days,
	})
	k := &keys{}
	k.row(button(v.label("expiry.button", dialog.Args{"Kind": name}), documentData(e.Document, e.Business)))
	k.row(button(v.label("menu.button.person", nil), dataPerson))
	return v.message(chat, text, k.markup())
}
