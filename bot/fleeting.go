package bot

import (
	"context"
	"fmt"
	"time"

	tg "github.com/go-telegram/bot"

	"umkmbot/internal/umkm"
)

// Fleeting are messages that go from the chat by themselves: the pages of
// documents. What is of one subject goes together.
type Fleeting interface {
	// KeepFleeting remembers messages right after each was sent; earlier ones
	// of the subject then stay as long. Without messages it does only that.
	KeepFleeting(ctx context.Context, chat int64, messages []int, subject string, until time.Time) error
	// TakeFleeting lists what the chat has of a subject, to be deleted before
	// its time; asked again it lists the same.
	TakeFleeting(ctx context.Context, chat int64, subject string) ([]int, error)
	// DueFleeting lists those whose time has come and when the next is due.
	DueFleeting(ctx context.Context, chat int64, subject string, at time.Time) (due []int, next time.Time, err error)
	// DropFleeting forgets messages that are gone.
	DropFleeting(ctx context.Context, chat int64, messages []int) error
}

const (
	// mostDeleted is how many messages Telegram deletes in one call.
	mostDeleted = 100
	// deletable is how long Telegram lets a bot delete a message.
	deletable = 48 * time.Hour
	// awayPause is how often deleting is tried in the chat of somebody who has
	// blocked the bot.
	awayPause = time.Hour
)

// removeAll deletes messages; those that are gone or too old are passed over.
func removeAll(chat int64, messages []int) []Call {
	var calls []Call
	for len(messages) > 0 {
		n := min(len(messages), mostDeleted)
		calls = append(calls, Call{Method: methodDeleteAll, Lenient: true, Params: raw(tg.DeleteMessagesParams{ChatID: chat, MessageIDs: messages[:n]})})
		messages = messages[n:]
	}
	return calls
}

// RemoveFleeting deletes what is due of a subject. again is when to look once
// more: when the rest is due, or after a 429.
func (b *Bot) RemoveFleeting(ctx context.Context, job umkm.Fleeting) (again time.Time, err error) {
	due, next, err := b.fleeting.DueFleeting(ctx, job.Chat, job.Subject, b.now())
	if err != nil {
		return time.Time{}, err
	}
	for _, c := range removeAll(job.Chat, due) {
		err := b.call(ctx, job.Chat, c)
		wait, many := held(err)
		switch {
		case many:
			return b.now().Add(wait), nil
		case gone(err) && b.now().Before(time.Unix(job.Until, 0).Add(deletable)):
			return b.now().Add(awayPause), nil
		case err != nil && !refused(err):
			return time.Time{}, fmt.Errorf("delete messages: %w", err)
		}
	}
	if err := b.fleeting.DropFleeting(ctx, job.Chat, due); err != nil {
		return time.Time{}, err
	}
	return next, nil
}
