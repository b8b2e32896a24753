package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
)

// allowedUpdates are what the bot has a use for.
var allowedUpdates = []string{"message", "edited_message", "callback_query", "my_chat_member"}

const methodUpdates = "getUpdates"

const (
	batch       = 100
	longPoll    = 30 // seconds a waiting call may take
	pollTimeout = 50 * time.Second
	// few updates in hand still keep the machine busy while more are fetched.
	few = 32
	// refetch is how long a batch is given before more is asked for behind an
	// update that is still at work. Telegram answers a repeated offset within
	// half a second with a single update.
	refetch = 600 * time.Millisecond
)

// drainTime is how long updates in hand are given when the bot stops.
const drainTime = 20 * time.Second

// Leader makes one replica the one that polls.
type Leader interface {
	// Lead waits until this replica leads; the context given ends when it no
	// longer does, and release gives the lead away.
	Lead(ctx context.Context) (led context.Context, release func(), err error)
	// Down reports whether Lead waits because nobody can lead.
	Down() bool
}

// Poll asks Telegram for updates until ctx ends, then finishes those in hand.
func (b *Bot) Poll(ctx context.Context, leader Leader) error {
	hasLed := false
	for ctx.Err() == nil {
		led, release, err := b.lead(ctx, leader, hasLed)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			b.log.LogAttrs(ctx, slog.LevelError, "cannot become the polling replica", slog.String("cause", err.Error()))
			_ = sleep(ctx, time.Second)
			continue
		}
		b.log.LogAttrs(ctx, slog.LevelInfo, "this replica polls")
		p := &poller{bot: b, tasks: map[int64]bool{}, moved: make(chan struct{}, 1), workers: newWorkers()}
		p.run(led)
		release()
		hasLed = true
	}
	return nil
}

// lead waits until this replica leads. Meanwhile the one that led last tells
// people of the disturbance if it is one.
func (b *Bot) lead(ctx context.Context, leader Leader, hasLed bool) (context.Context, func(), error) {
	waiting, done := context.WithCancel(ctx)
	defer done()
	if hasLed {
		go b.standIn(waiting, leader)
	}
	return leader.Lead(ctx)
}

// poller takes updates in batches. Telegram's queue is the inbox: the offset
// passes only the contiguous run of updates that are through.
type poller struct {
	bot     *Bot
	mu      sync.Mutex
	offset  int64          // the lowest update not through
	asked   int64          // the offset last asked with: what Telegram knows
	more    bool           // the last answer was full: more is waiting
	tasks   map[int64]bool // update id ≥ offset → through
	highest int64
	last    time.Time     // when an update came last
	inHand  int           // tasks not through
	moved   chan struct{} // signalled when a task is through
	workers *workers
}

func (p *poller) run(ctx context.Context) {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	for ctx.Err() == nil {
		p.forget()
		p.asked = p.next()
		raws, err := p.fetch(ctx, p.asked, p.timeout())
		if err != nil {
			p.trouble(ctx, err)
			continue
		}
		p.take(work, raws)
		p.await(ctx)
	}
	p.drain(stop)
}

// trouble says why no updates come, once a try.
func (p *poller) trouble(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	pause := time.Second
	if wait, ok := held(err); ok {
		pause = wait
	}
	message := "cannot fetch updates"
	if errors.Is(err, tg.ErrorConflict) {
		message = "another program polls with this token, or a webhook is set: stop it or run with --webhook-url"
		pause = 3 * time.Second
	}
	p.bot.log.LogAttrs(ctx, slog.LevelError, message, slog.String("cause", err.Error()))
	_ = sleep(ctx, pause)
}

func (p *poller) fetch(ctx context.Context, offset int64, timeout int) ([]json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, pollTimeout)
	defer cancel()
	var raws []json.RawMessage
	err := p.bot.api.Do(ctx, methodUpdates, map[string]any{
		"offset": offset, "limit": batch, "timeout": timeout, "allowed_updates": allowedUpdates,
	}, &raws)
	return raws, err
}

// quietWeek is when Telegram may start a new run of update ids, lower ones
// perhaps: it does so after a week without updates.
const quietWeek = 6 * 24 * time.Hour

// forget starts anew from whatever Telegram has after a long silence; all that
// came before is confirmed by then.
func (p *poller) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.tasks) == 0 && p.asked == p.offset && p.bot.now().Sub(p.last) > quietWeek {
		p.offset, p.highest = 0, 0
	}
}

func (p *poller) next() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.offset
}

// timeout waits long only when nothing is in hand: Telegram answers at once
// while unconfirmed updates stand.
func (p *poller) timeout() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.tasks) > 0 {
		return 0
	}
	return longPoll
}

// take starts the updates that are new, in the order of their ids.
func (p *poller) take(ctx context.Context, raws []json.RawMessage) {
	p.more = len(raws) == batch
	for _, raw := range raws {
		id, ok := idOf(raw)
		if !ok || !p.admit(id) {
			continue
		}
		t := p.bot.take(Update{ID: id, Raw: raw})
		p.workers.do(func() { p.through(id, t.handle(ctx)) })
	}
}

// admit notes an update as in hand; false for one already known.
func (p *poller) admit(id int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if id < p.offset {
		return false
	}
	if _, known := p.tasks[id]; known {
		return false
	}
	if len(p.tasks) == 0 {
		p.offset = id
	}
	p.tasks[id] = false
	p.last = p.bot.now()
	p.inHand++
	p.highest = max(p.highest, id)
	return true
}

// through moves the offset over the contiguous run of finished updates. One
// that failed stays and is fetched again by whoever polls next.
func (p *poller) through(id int64, err error) {
	p.mu.Lock()
	if err == nil {
		p.tasks[id] = true
		p.inHand--
	}
	p.advance()
	p.mu.Unlock()
	select {
	case p.moved <- struct{}{}:
	default:
	}
}

// advance passes gaps too: ids that Telegram filtered out never come.
func (p *poller) advance() {
	for p.offset <= p.highest {
		through, known := p.tasks[p.offset]
		if known && !through {
			return
		}
		delete(p.tasks, p.offset)
		p.offset++
	}
}

// await returns when more is wanted, or after a while so that other chats'
// updates are fetched past a slow one.
func (p *poller) await(ctx context.Context) {
	timer := time.NewTimer(refetch)
	defer timer.Stop()
	for !p.wanting() {
		select {
		case <-p.moved:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// wanting is whether to ask for more: nothing is in hand, or little is while
// Telegram holds more and would not take the call for a repetition of the last.
func (p *poller) wanting() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.inHand == 0 || p.more && p.inHand <= few && p.offset > p.asked
}

// drain finishes what is in hand and confirms it, so that the next to poll
// is not given it again.
func (p *poller) drain(stop context.CancelFunc) {
	timer := time.AfterFunc(drainTime, stop)
	p.workers.close()
	timer.Stop()
	if p.next() == p.asked { // asking again would only be answered late
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := p.bot.api.Do(ctx, methodUpdates, map[string]any{"offset": p.next(), "limit": 1, "timeout": 0}, nil); err != nil {
		p.bot.log.Warn("could not confirm the last updates", slog.String("cause", err.Error()))
	}
}

// UseWebhook has Telegram deliver to the address, or, with "", lets Poll ask.
func (b *Bot) UseWebhook(ctx context.Context, address, secret string, connections int) error {
	if address == "" {
		if err := b.insist(ctx, "deleteWebhook", nil, nil); err != nil {
			return fmt.Errorf("delete webhook: %w", err)
		}
		return nil
	}
	err := b.insist(ctx, "setWebhook", tg.SetWebhookParams{
		URL: address, SecretToken: secret, MaxConnections: connections, AllowedUpdates: allowedUpdates,
	}, nil)
	if err != nil {
		return fmt.Errorf("set webhook: %w", err)
	}
	return nil
}
