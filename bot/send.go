package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"

	"umkmbot/internal/dialog"
)

// Call is one method call of a reply, kept with the chat until it has been made.
type Call struct {
	Method string          `json:"m"`
	Params json.RawMessage `json:"p"`
	// Lenient: a refusal is nobody's loss, as with a callback query that
	// expired or a message that is gone already.
	Lenient bool `json:"l,omitempty"`
	// Anew: where the edited message is gone, its text is sent as a new one.
	Anew bool `json:"a,omitempty"`
	// Note is under what the message sent is remembered for later turns.
	Note string `json:"n,omitempty"`
}

// longestWait is how long a turn waits for a 429 before its replies become a
// durable job, so that one chat never stalls the rest.
const longestWait = 5 * time.Second

// crowd is how many updates waiting for the same chat are a flood: a batch of
// Telegram's holds a hundred.
const crowd = 10

// outbox sends one chat's calls in order. done survives retries within the
// process, so that only what is not known to have arrived is said again.
type outbox struct {
	packed []byte // as they are kept with the chat
	calls  []Call
	done   int
}

// pack writes calls as json.Marshal would. The parameters are JSON already
// and as long as all the rest, so they are not looked through again.
func pack(calls []Call) []byte {
	if len(calls) == 0 {
		return nil
	}
	size := 2
	for _, c := range calls {
		size += len(c.Method) + len(c.Params) + 40
	}
	out := append(make([]byte, 0, size), '[')
	for i, c := range calls {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendQuote(append(out, `{"m":`...), c.Method)
		out = append(append(out, `,"p":`...), c.Params...)
		if c.Lenient {
			out = append(out, `,"l":true`...)
		}
		if c.Anew {
			out = append(out, `,"a":true`...)
		}
		if c.Note != "" {
			out = append(append(out, `,"n":`...), raw(c.Note)...)
		}
		out = append(out, '}')
	}
	return append(out, ']')
}

func unpack(replies []byte) (*outbox, error) {
	o := &outbox{packed: replies}
	if len(replies) == 0 {
		return o, nil
	}
	if err := json.Unmarshal(replies, &o.calls); err != nil {
		return nil, fmt.Errorf("unpack replies: %w", err)
	}
	return o, nil
}

// deliver sends what is left of the outbox. It returns nil once everything
// has arrived, is parked, or can never arrive because the person has gone.
func (b *Bot) deliver(ctx context.Context, chat int64, o *outbox) error {
	for o.done < len(o.calls) {
		c := o.calls[o.done]
		err := b.noted(ctx, chat, c)
		if wait, many := held(err); many {
			return b.park(ctx, chat, o, wait)
		}
		switch {
		case err == nil:
		case gone(err):
			return b.unreachable(ctx, chat)
		case c.Anew && refused(err) && !unchanged(err):
			o.calls[o.done] = anew(c)
			continue
		case c.Lenient && refused(err):
		default:
			return err
		}
		o.done++
	}
	return nil
}

// call makes one call to a chat, waiting out short 429s and faults of the
// network. Behind a crowd no 429 is waited out: a flood at the head of
// Telegram's queue would hold everybody's updates back meanwhile.
func (b *Bot) call(ctx context.Context, chat int64, c Call) error {
	return b.callFor(ctx, chat, c, nil)
}

// callFor is call with what comes of it.
func (b *Bot) callFor(ctx context.Context, chat int64, c Call, result any) error {
	pause := 100 * time.Millisecond
	for try := 1; ; try++ {
		err := b.api.Do(ctx, c.Method, c.Params, result)
		wait, many := held(err)
		switch {
		case err == nil || refused(err) || many && (wait > longestWait || b.lanes.behind(chat) >= crowd):
			return err
		case !many:
			wait = pause
			pause = min(2*pause, 3*time.Second)
		}
		b.metrics.retries.Inc()
		if try == loudTry {
			b.log.LogAttrs(ctx, slog.LevelWarn, "Telegram does not take a call; it is tried on",
				slog.String("method", c.Method), slog.String("cause", err.Error()))
		}
		if sleep(ctx, wait) != nil {
			return err
		}
	}
}

// loudTry is how often a call has failed in a row when it is worth a line.
const loudTry = 3

// noted makes a call and remembers the message it sent, if that is wanted.
// What cannot be remembered is not edited later but said anew.
func (b *Bot) noted(ctx context.Context, chat int64, c Call) error {
	if c.Note == "" {
		return b.call(ctx, chat, c)
	}
	var out sent
	if err := b.callFor(ctx, chat, c, &out); err != nil {
		return err
	}
	if err := b.host.Chats.Note(ctx, chat, dialog.Note{Tag: c.Note, Message: out.ID}); err != nil {
		b.log.LogAttrs(ctx, slog.LevelWarn, "could not note a message", slog.String("cause", err.Error()))
	}
	return nil
}

// startTime is how long a starting bot tries to reach Telegram.
const startTime = 15 * time.Second

// insist makes a call of the start, past 429s (replicas that start together
// set the webhook together) and short faults.
func (b *Bot) insist(ctx context.Context, method string, params, result any) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		err := b.api.Do(ctx, method, params, result)
		if err == nil || refused(err) {
			return err
		}
		wait, many := held(err)
		if !many {
			wait = time.Second
		}
		if sleep(ctx, wait) != nil {
			return err
		}
	}
}

func (b *Bot) unreachable(ctx context.Context, chat int64) error {
	if chat <= 0 { // a group that the bot was put out of
		return nil
	}
	if err := b.accounts.MarkUnreachable(ctx, chat, b.now()); err != nil {
		return fmt.Errorf("mark unreachable: %w", err)
	}
	return nil
}

// gone reports whether the person blocked the bot, deleted the account or
// never started it.
func gone(err error) bool {
	if errors.Is(err, tg.ErrorForbidden) {
		return true
	}
	var api *APIError
	return errors.As(err, &api) && strings.Contains(api.Description, "chat not found")
}

// unchanged: the message says already what it was to say.
func unchanged(err error) bool {
	var api *APIError
	return errors.As(err, &api) && strings.Contains(api.Description, "message is not modified")
}

// anew turns an edit into a new message.
func anew(c Call) Call {
	fields := map[string]json.RawMessage{}
	if json.Unmarshal(c.Params, &fields) == nil {
		delete(fields, "message_id")
		if params, err := json.Marshal(fields); err == nil {
			return Call{Method: methodSend, Params: params, Note: c.Note}
		}
	}
	return c
}

// sleep waits on the wall clock, as waits for the network must.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
