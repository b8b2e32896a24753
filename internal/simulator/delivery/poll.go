package delivery

import (
	"context"
	"encoding/json"
	"time"
)

const (
	maxPoll         = 50  // seconds a call may wait
	maxBatch        = 100 // updates in an answer
	maxAnswerBytes  = 4 << 20
	answerOverhead  = 50 // bytes counted for each update besides its own
	repeatedWithin  = 3 * time.Second
	hurriedWithin   = 500 * time.Millisecond
	conflictPenalty = 3 * time.Second
	futureOffset    = 10 // an offset further ahead than this is taken for a mistake
)

const (
	textWebhookActive = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
	textOtherPoll     = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
	textSetWebhook    = "Conflict: terminated by setWebhook request"
)

// pollState is what getUpdates remembers between calls. Times are real.
type pollState struct {
	offset       int64
	started      time.Time
	nextConflict time.Time // a conflict before this is answered late
	waiting      *waiter
}

// waiter is a call that waits for an update.
type waiter struct {
	woken chan struct{} // closed when an update arrives
	ended chan *Error   // holds the refusal when another call ends this one
}

// wake lets the waiting call look again.
func (p *pollState) wake() {
	if p.waiting != nil {
		close(p.waiting.woken)
		p.waiting = nil
	}
}

// end answers the waiting call with a refusal.
func (p *pollState) end(err *Error) {
	if p.waiting != nil {
		p.waiting.ended <- err
		p.waiting = nil
	}
}

// GetUpdates answers the method of that name. It waits as long as the call's
// timeout says and no update is there.
func (q *Queue) GetUpdates(ctx context.Context, args Args) (Answer, *Error) {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return Answer{}, errRestart()
	}
	if q.webhook.URL != "" {
		err := q.poll.conflict(textWebhookActive)
		q.mu.Unlock()
		if err.late {
			pause(ctx, 3*q.second)
		}
		return Answer{}, err
	}
	offset := args.offset()
	limit := args.integer("limit", maxBatch, 1, maxBatch)
	timeout := args.integer("timeout", 0, 0, maxPoll)
	q.setAllowed(args("allowed_updates"))
	limit, timeout = q.poll.slowDown(offset, limit, timeout)

	from := q.confirm(offset)
	batch := q.read(from, limit)
	if len(batch) > 2 || timeout == 0 {
		q.mu.Unlock()
		return Answer{Result: batch}, nil
	}
	q.poll.interrupt(textOtherPoll)
	w := &waiter{woken: make(chan struct{}), ended: make(chan *Error, 1)}
	q.poll.waiting = w
	q.mu.Unlock()
	return q.await(ctx, w, from, limit, time.Duration(timeout)*q.second)
}

// slowDown holds back a bot that asks for the same again and again.
func (p *pollState) slowDown(offset, limit, timeout int64) (int64, int64) {
	now := time.Now()
	since := now.Sub(p.started)
	if offset == p.offset && !p.started.IsZero() {
		if timeout < 3 && since < repeatedWithin {
			timeout = 3
		}
		if since < hurriedWithin {
			limit = 1
		}
	}
	p.offset, p.started = offset, now
	return limit, timeout
}

// await waits for an update, the timeout, another call or the caller's end.
func (q *Queue) await(ctx context.Context, w *waiter, from, limit int64, timeout time.Duration) (Answer, *Error) {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case <-w.woken:
	case <-timer.C:
	case <-ctx.Done():
	case err := <-w.ended:
		if err.late {
			pause(ctx, 3*q.second)
		}
		return Answer{}, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.poll.waiting == w {
		q.poll.waiting = nil
	}
	if q.closed {
		return Answer{}, errRestart()
	}
	return Answer{Result: q.read(from, limit)}, nil
}

// confirm forgets what the offset confirms and returns where to read from.
func (q *Queue) confirm(offset int64) int64 {
	switch {
	case offset < 0:
		q.sweep(q.now())
		// A negative offset is no receipt: what it skips is lost.
		if first := q.backlog.newest(-offset); first > 0 {
			q.lost += q.forget(first)
		}
		return 0
	case offset > q.nextID+futureOffset:
		return 0
	case offset > 0:
		q.received += q.forget(offset)
	}
	return offset
}

func (q *Queue) forget(id int64) int64 {
	if len(q.backlog.items) == 0 || q.backlog.items[0].ID >= id {
		return 0
	}
	q.cfg.Journal(Record{Forget: id})
	return int64(q.backlog.forget(id))
}

// read returns the oldest updates as a JSON array of at most about 4 MB.
func (q *Queue) read(from, limit int64) json.RawMessage {
	now := q.now()
	room := maxAnswerBytes
	out := []byte{'['}
	for _, it := range q.backlog.items {
		if limit == 0 {
			break
		}
		if it.gone || it.ID < from || it.expired(now) {
			continue
		}
		room -= answerOverhead + len(it.body)
		if room <= 0 {
			break
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(out, it.body...)
		limit--
	}
	return append(out, ']')
}

// conflict makes a 409. One soon after another is answered late.
func (p *pollState) conflict(text string) *Error {
	now := time.Now()
	err := &Error{Code: 409, Description: text, late: now.Before(p.nextConflict)}
	if !err.late {
		p.nextConflict = now.Add(conflictPenalty)
	}
	return err
}

// interrupt ends the waiting call with a 409, if there is one.
func (p *pollState) interrupt(text string) {
	if p.waiting != nil {
		p.end(p.conflict(text))
	}
}

// pause waits in real time, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
