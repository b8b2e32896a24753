package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptrace"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"umkmbot/internal/umkm"
)

const (
	// mostFaults of the way to Telegram in a row have the lane rest for
	// faultPause: each may cost somebody's certainty.
	mostFaults = 5
	faultPause = 5 * time.Second
	// brokenPause follows what a person has to mend, as a token that is not
	// valid any more.
	brokenPause = time.Minute
)

// deliver brings one letter to its end, if its turn comes in time. A letter that
// was not begun is planned again.
func (l *laneRun) deliver(d umkm.Delivery, write letterWriter, until time.Time) umkm.Delivery {
	ctx, cancel := context.WithDeadline(l.begin, until)
	defer cancel()
	begin := sync.OnceFunc(func() {
		l.waiting.Add(-1)
		select {
		case l.begun <- struct{}{}:
		default:
		}
	})
	defer begin()
	c, due, err := l.write(ctx, write, d)
	d.State = umkm.DeliveryPlanned
	switch {
	case errors.Is(err, umkm.ErrRefused):
		l.warn("a letter of a mailing cannot be written", err)
		d.State = umkm.DeliveryFailed
		return d
	case err == nil && !due:
		d.State = umkm.DeliverySkipped
		return d
	case err == nil && !l.paid.CompareAndSwap(true, false):
		err = l.bot.budget.TakeBehind(ctx)
	}
	switch {
	case err == nil: // what was granted is used, even if the run has ended since: a grant cannot be given back
	case ctx.Err() != nil && l.begin.Err() == nil:
		l.stalled.Store(true)
		return d
	case ctx.Err() != nil:
		return d
	default:
		l.rest(l.bot.now().Add(faultPause), err)
		return d
	}
	begin()
	l.send(&d, c)
	return d
}

// write writes a letter. One whose writing panics is refused, for its own sake
// alone.
func (l *laneRun) write(ctx context.Context, write letterWriter, d umkm.Delivery) (c Call, due bool, err error) {
	select {
	case l.writers <- struct{}{}:
	case <-ctx.Done():
		return c, false, ctx.Err()
	}
	defer func() {
		<-l.writers
		if r := recover(); r != nil {
			l.bot.log.LogAttrs(ctx, slog.LevelError, "panic while a letter was written",
				slog.String("mailing", l.mailing.ID), slog.String("stack", string(debug.Stack())))
			err = fmt.Errorf("%w: panic", umkm.ErrRefused)
		}
	}()
	return write(ctx, d)
}

// send makes the call and says what became of the letter. Whether anything of
// it went out is known unless a connection was had and no answer came, or a 5xx,
// which some proxy may have given after the fact: that is uncertain.
func (l *laneRun) send(d *umkm.Delivery, c Call) {
	var connected atomic.Bool
	ctx, cancel := context.WithTimeout(l.whole, l.letterTime)
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
	message, err := l.bot.notify(ctx, c)
	if wait, many := held(err); many {
		l.heldBack(ctx, wait)
		return
	}
	switch {
	case err == nil:
		d.State, d.Message = umkm.DeliverySent, int64(message)
	case gone(err):
		d.State = umkm.DeliveryBlocked
		if err := l.bot.unreachable(l.whole, d.Chat); err != nil {
			l.warn("could not note who is gone", err)
		}
	case fileUnknown(err) && l.mailing.Kind == umkm.MailingBroadcast:
		l.haltBroadcast(err)
		return
	case malformed(err):
		d.State = umkm.DeliveryFailed
		l.refused(err)
	case refused(err): // the token, the address: it is nobody's letter
		l.rest(l.bot.now().Add(brokenPause), fmt.Errorf("send a mailing: %w", err))
		return
	default:
		if connected.Load() {
			d.State = umkm.DeliveryUncertain
		}
		l.fault(err)
		return
	}
	l.faults.Store(0)
}

// heldBack pauses the metered lanes of every replica, as a 429 asks.
func (l *laneRun) heldBack(ctx context.Context, wait time.Duration) {
	err := l.bot.budget.Pause(ctx, wait)
	if err != nil {
		err = fmt.Errorf("pause metered lane: %w", err)
	}
	l.rest(l.bot.now().Add(wait), err)
}

// fault has the lane rest when there have been several in a row.
func (l *laneRun) fault(err error) {
	if l.faults.Add(1) == mostFaults {
		l.warn("Telegram cannot be reached: a mailing rests", err)
		l.rest(l.bot.now().Add(faultPause), nil)
	}
}

func (l *laneRun) warn(what string, err error) {
	l.bot.log.LogAttrs(l.whole, slog.LevelWarn, what, slog.String("mailing", l.mailing.ID), slog.String("cause", err.Error()))
}

// refused says once a mailing why Telegram refused a letter, without what it
// quotes of it.
func (l *laneRun) refused(err error) {
	if _, said := l.bot.refusals.LoadOrStore(l.mailing.ID, true); said {
		return
	}
	var api *APIError
	if errors.As(err, &api) {
		parts := strings.SplitN(api.Description, ":", 3)
		err = fmt.Errorf("%s: %d %s", api.Method, api.Code, strings.Join(parts[:min(2, len(parts))], ":"))
	}
	l.warn("Telegram refused a letter of a mailing", err)
}
