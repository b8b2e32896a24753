package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/logid"
	"umkmbot/internal/umkm"
)

const (
	// turnDeadline bounds one attempt at an update.
	turnDeadline = 25 * time.Second
	// poisonous is how many failures of its own an update is given.
	poisonous = 5
	// patience is how long a person waits in silence before being told of a
	// disturbance.
	patience = 2 * time.Second
)

// task is an update in its chat's lane.
type task struct {
	bot    *Bot
	in     incoming
	broken error // why it could not be read
	ticket *ticket
	began  time.Time
	passed []dialog.Passage // what the turn brought about, counted once it is saved
	// sending are the turn's replies across attempts.
	sending []*outbox
}

// take gives an update its place in line; calls in the order of arrival fix
// the order of handling.
func (b *Bot) take(u Update) *task {
	in, err := b.readSafely(u)
	t := &task{bot: b, in: in, broken: err, began: time.Now()}
	t.ticket = b.lanes.joinSince(in.chat, t.waitingSince())
	return t
}

// waitingSince is when the update was sent, if Telegram says so and clocks
// agree, or else when it came in.
func (t *task) waitingSince() time.Time {
	if sent := time.Unix(t.in.date, 0); t.in.date > 0 && sent.Before(t.began) {
		return sent
	}
	return t.began
}

func (b *Bot) readSafely(u Update) (in incoming, err error) {
	in.update = u
	defer caught(&err)
	in, err = read(u)
	in.at = b.now().In(b.zone)
	return in, err
}

// Handle carries one update through to its replies. Once it returns nil the
// update may be acknowledged.
func (b *Bot) Handle(ctx context.Context, u Update) error { return b.take(u).handle(ctx) }

// handle tries until the update is through, is dead, or ctx ends.
func (t *task) handle(ctx context.Context) error {
	ctx = logid.WithUpdate(ctx, t.in.update.ID)
	defer t.ticket.leave()
	if err := t.ticket.wait(ctx); err != nil {
		return fmt.Errorf("wait for the chat's turn: %w", err)
	}
	if t.broken != nil {
		return t.bury(ctx, t.broken)
	}
	return t.insist(ctx)
}

func (t *task) insist(ctx context.Context) error {
	pause := 100 * time.Millisecond
	for {
		err := t.attempt(ctx)
		if err == nil {
			t.bot.metrics.answered(t.in, t.began)
			t.bot.troubled.Delete(t.in.chat)
			return nil
		}
		dead, ferr := t.fault(ctx, err)
		if dead {
			return t.bury(ctx, err)
		}
		t.bot.log.LogAttrs(ctx, slog.LevelError, "update failed",
			slog.String("cause", err.Error()), slog.Bool("own_fault", ownFault(err)))
		if ferr != nil || !ownFault(err) {
			t.apologise(ctx)
		}
		if sleep(ctx, pause) != nil {
			return err
		}
		pause = min(2*pause, 2*time.Second)
	}
}

func (t *task) attempt(ctx context.Context) (err error) {
	defer caught(&err)
	if _, bounded := ctx.Deadline(); !bounded { // a webhook's is
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, turnDeadline)
		defer cancel()
	}
	switch t.in.kind {
	case kindIgnored:
		return nil
	case kindBlocked, kindUnblocked:
		return t.bot.membership(ctx, t.in)
	case kindGroup:
		return t.bot.deliverOnce(ctx, t, t.bot.pointToPrivate(t.in))
	default:
		return t.bot.host.Run(ctx, dialog.Turn{
			Chat: t.in.chat, Update: t.in.update.ID, Doubtful: t.in.update.Doubtful,
			Advance: func(ctx context.Context, s dialog.State) (dialog.State, []byte, error) {
				next, calls, err := t.bot.advance(ctx, t.in, s)
				t.passed = t.bot.flows.Track(s, next, t.in.at)
				return next, t.pack(calls), err
			},
			Saved:    t.saved,
			Returned: func(ctx context.Context) error { return t.bot.accounts.MarkReachable(ctx, t.in.chat, t.in.at) },
			Send:     t.send,
		})
	}
}

// saved counts what the turn brought about, and who took it.
func (t *task) saved() {
	t.bot.pass(t.passed)
	t.bot.heard(t.in)
}

// pack packs replies and remembers what is in the packet: send has no need to
// read it again.
func (t *task) pack(calls []Call) []byte {
	replies := pack(calls)
	if t.outbox(replies) == nil {
		t.sending = append(t.sending, &outbox{packed: replies, calls: calls})
	}
	return replies
}

// outbox finds the outbox of replies that were packed or sent before.
func (t *task) outbox(replies []byte) *outbox {
	for _, o := range t.sending {
		if bytes.Equal(o.packed, replies) {
			return o
		}
	}
	return nil
}

// send delivers replies, going on where the last attempt stopped. Behind
// replies that are parked it parks too, to keep the order.
func (t *task) send(ctx context.Context, e dialog.Entry, replies []byte) error {
	o := t.outbox(replies)
	if o == nil {
		var err error
		if o, err = unpack(replies); err != nil {
			return err
		}
		t.sending = append(t.sending, o)
	}
	if e.Held && o.done < len(o.calls) {
		return t.bot.park(ctx, e.Chat, o, 0)
	}
	err := t.bot.deliver(ctx, e.Chat, o)
	if last := len(e.Handled) - 1; ownFault(err) && last >= 0 && e.Handled[last] != t.in.update.ID {
		return t.giveUp(ctx, e.Chat, e.Handled[last], err)
	}
	return err
}

// giveUp lets an earlier update's replies go that Telegram refuses, once they
// have had their tries: they must not poison the updates behind.
func (t *task) giveUp(ctx context.Context, chat, earlier int64, cause error) error {
	n, err := t.bot.host.Chats.Fault(ctx, chat, earlier)
	switch {
	case err != nil:
		return err
	case n < poisonous:
		return errors.New("an earlier update's replies: " + cause.Error()) // not this update's fault
	case n == poisonous && chat > 0: // else the update itself has said so
		t.bot.tell(ctx, chat, "trouble.dead")
	}
	t.bot.log.LogAttrs(ctx, slog.LevelError, "gave up an update's replies",
		slog.Int64("earlier", earlier), slog.String("cause", cause.Error()))
	return nil
}

// deliverOnce sends calls that need no chat state.
func (b *Bot) deliverOnce(ctx context.Context, t *task, calls []Call) error {
	return t.send(ctx, dialog.Entry{Chat: t.in.chat}, t.pack(calls))
}

// panicked is a recovered panic.
type panicked struct {
	value any
	stack []byte
}

// Error names the value's type only: the value may hold what a person wrote.
func (p panicked) Error() string { return fmt.Sprintf("panic (%T)\n%s", p.value, p.stack) }

func caught(err *error) {
	if v := recover(); v != nil {
		*err = panicked{value: v, stack: debug.Stack()}
	}
}

// ownFault: trying again cannot help, whatever is up or down.
func ownFault(err error) bool {
	var p panicked
	return errors.As(err, &p) || errors.Is(err, umkm.ErrRefused) || errors.Is(err, umkm.ErrDamaged) || malformed(err)
}

// fault counts a failure that is the update's own; dead says that it was the last.
func (t *task) fault(ctx context.Context, err error) (dead bool, _ error) {
	if !ownFault(err) {
		return false, nil
	}
	n, err := t.bot.host.Chats.Fault(ctx, t.in.chat, t.in.update.ID)
	return n >= poisonous, err
}

// bury puts a poison update aside so that the stream moves on, and says so.
// While the records are away it waits for them.
func (t *task) bury(ctx context.Context, cause error) error {
	for {
		err := t.bot.dead.Bury(ctx, t.in.update.ID, t.in.update.Raw, Reason(cause), t.bot.now())
		if err == nil {
			break
		}
		t.bot.log.LogAttrs(ctx, slog.LevelError, "cannot bury an update",
			slog.String("cause", err.Error()))
		if sleep(ctx, time.Second) != nil {
			return fmt.Errorf("bury update: %w", err)
		}
	}
	t.bot.metrics.dead.Inc()
	t.bot.log.LogAttrs(ctx, slog.LevelError, "update put to the dead letters",
		slog.String("cause", cause.Error()))
	if errors.Is(cause, dialog.ErrDamaged) { // else each update to come would go the same way
		if err := t.bot.host.Chats.Delete(ctx, t.in.chat); err != nil {
			t.bot.log.LogAttrs(ctx, slog.LevelError, "cannot forget a damaged chat", slog.String("cause", err.Error()))
		}
	}
	if t.in.chat > 0 {
		t.bot.tell(ctx, t.in.chat, "trouble.dead")
	}
	return nil
}

// Reason is a cause in one short line for the list of dead letters.
func Reason(cause error) string {
	var p panicked
	if errors.As(cause, &p) {
		return fmt.Sprintf("panic (%T)", p.value)
	}
	if s := []rune(cause.Error()); len(s) > 300 {
		return string(s[:300])
	}
	return cause.Error()
}

// apologise tells the person once that there is a disturbance, if it lasts:
// not again before something of theirs was handled.
func (t *task) apologise(ctx context.Context) {
	if t.in.chat > 0 && time.Since(t.began) >= patience {
		t.bot.apologise(ctx, t.in.chat)
	}
}

func (b *Bot) apologise(ctx context.Context, chat int64) {
	if _, told := b.troubled.LoadOrStore(chat, true); !told {
		b.tell(ctx, chat, "trouble")
	}
}

// tell says something outside any turn, if Telegram can be reached at all,
// even when the time for the turn is over.
func (b *Bot) tell(ctx context.Context, chat int64, key string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	v := voice{bot: b, lang: b.words.Languages()[0]}
	if err := b.api.Do(ctx, methodSend, v.message(chat, v.say(key, nil), nil).Params, nil); err != nil {
		b.log.LogAttrs(ctx, slog.LevelWarn, "could not tell of a disturbance", slog.String("cause", err.Error()))
	}
}

// Retry carries a dead letter through in one attempt; it buries nothing and
// apologises to nobody.
func (b *Bot) Retry(ctx context.Context, u Update) error {
	t := b.take(u)
	defer t.ticket.leave()
	if t.broken != nil {
		return t.broken
	}
	if err := t.ticket.wait(ctx); err != nil {
		return fmt.Errorf("wait for the chat's turn: %w", err)
	}
	return t.attempt(logid.WithUpdate(ctx, u.ID))
}
