package bot

import (
	"context"
	"fmt"
	"time"

	"umkmbot/internal/dialog"
)

// Held keeps replies that a 429 holds back.
type Held interface {
	// Hold keeps one call of a chat, marks the chat so that later replies
	// queue behind it, and sees that SendHeld runs at the time.
	Hold(ctx context.Context, chat int64, call []byte, until time.Time) error
	// Oldest returns the chat's oldest kept call; id is "" when there is none.
	Oldest(ctx context.Context, chat int64) (id string, call []byte, err error)
	// Done forgets a kept call.
	Done(ctx context.Context, id string) error
	// Clear takes the mark off the chat.
	Clear(ctx context.Context, chat int64) error
}

// park keeps what is left of an outbox for later, call by call, so that none
// is said twice.
func (b *Bot) park(ctx context.Context, chat int64, o *outbox, wait time.Duration) error {
	until := b.now().Add(wait)
	for ; o.done < len(o.calls); o.done++ {
		call := pack(o.calls[o.done : o.done+1])
		if err := b.held.Hold(ctx, chat, call, until); err != nil {
			return fmt.Errorf("hold reply: %w", err)
		}
		b.metrics.parked.Inc()
	}
	return nil
}

// SendHeld sends a chat's kept replies in their order, holding the chat
// meanwhile. again is when to go on after another 429, zero when all went out.
func (b *Bot) SendHeld(ctx context.Context, chat int64) (again time.Time, err error) {
	_, leave, err := b.hold(ctx, chat)
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	for {
		id, call, err := b.held.Oldest(ctx, chat)
		if err != nil {
			return time.Time{}, fmt.Errorf("oldest held reply: %w", err)
		}
		if id == "" {
			return time.Time{}, b.held.Clear(ctx, chat)
		}
		wait, err := b.sendOne(ctx, chat, call)
		if err != nil {
			return time.Time{}, err
		}
		if wait > 0 {
			return b.now().Add(wait), nil
		}
		if err := b.held.Done(ctx, id); err != nil {
			return time.Time{}, fmt.Errorf("held reply done: %w", err)
		}
	}
}

// hold takes a chat for a job, behind the updates that are in its lane.
func (b *Bot) hold(ctx context.Context, chat int64) (e dialog.Entry, leave func(), err error) {
	ticket := b.lanes.join(chat)
	if err := ticket.wait(ctx); err != nil {
		ticket.leave()
		return e, nil, fmt.Errorf("wait for the chat's turn: %w", err)
	}
	if e, err = b.host.Chats.Enter(ctx, chat); err != nil {
		ticket.leave()
		return e, nil, fmt.Errorf("enter chat: %w", err)
	}
	return e, func() {
		b.host.Chats.Release(e, !e.Unsent)
		ticket.leave()
	}, nil
}

// sendOne makes a kept call; wait says that a 429 asks for patience. A call
// that Telegram refuses is given up: it cannot succeed later.
func (b *Bot) sendOne(ctx context.Context, chat int64, kept []byte) (wait time.Duration, err error) {
	o, err := unpack(kept)
	if err != nil {
		return 0, err
	}
	for _, c := range o.calls {
		err := b.call(ctx, chat, c)
		if wait, many := held(err); many {
			return wait, nil
		}
		if gone(err) {
			return 0, b.unreachable(ctx, chat)
		}
		if err != nil && !refused(err) {
			return 0, err
		}
	}
	return 0, nil
}
