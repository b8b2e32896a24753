package delivery

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Queue holds one bot's updates. Its methods may be called at the same time.
type Queue struct {
	cfg    Config
	second time.Duration // the real length of a second's pause; tests shorten it

	mu       sync.Mutex
	nextID   int64
	seen     bool // nextID comes from a kept state
	backlog  backlog
	allowed  []string // nil: the default kinds
	webhook  Webhook
	sender   *sender // nil without a webhook
	poll     pollState
	nextSet  time.Time // setWebhook is refused before
	closed   bool
	received int64 // confirmed
	lost     int64
}

// New makes an empty queue. Update ids start at a random number.
func New(cfg Config) *Queue {
	if cfg.Call == nil {
		cfg.Call = func(string, json.RawMessage) {}
	}
	if cfg.Fault == nil {
		cfg.Fault = func(int64) Fault { return Fault{} }
	}
	if cfg.Journal == nil {
		cfg.Journal = func(Record) {}
	}
	first := 2*maxPending + 1 + rand.Int64N(1_000_000_000-2*maxPending)
	return &Queue{cfg: cfg, second: time.Second, nextID: first}
}

// Add queues an update. kept is false when the bot did not ask for its kind,
// when it is already older than its lifetime, or when the queue is full.
func (q *Queue) Add(u Update) (id int64, kept bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || !q.wants(u.Kind) {
		return 0, false
	}
	now := q.now()
	p := Pending{
		ID: q.nextID, Kind: u.Kind, Line: u.Line, Chat: u.Chat,
		Expires: u.Date.Add(life(u.Kind)).Unix(), Payload: u.Payload,
	}
	if p.Expires <= now || len(u.Payload) > maxUpdateBytes || !q.hasRoom(now) {
		q.lost++
		return 0, false
	}
	it := newItem(p)
	q.nextID++
	q.cfg.Journal(Record{Add: &it.Pending})
	q.backlog.push(it)
	q.notify()
	return it.ID, true
}

// notify tells whoever delivers that something arrived.
func (q *Queue) notify() {
	if q.sender != nil {
		q.sender.pump()
		return
	}
	q.poll.wake()
}

func (q *Queue) wants(kind string) bool {
	if q.allowed == nil {
		return byDefault(kind)
	}
	return slices.Contains(q.allowed, kind)
}

func (q *Queue) hasRoom(now int64) bool {
	if q.backlog.live < maxPending {
		return true
	}
	q.sweep(now)
	return q.backlog.live < maxPending
}

func (q *Queue) sweep(now int64) { q.lost += int64(q.backlog.sweep(now)) }

// now is the simulator's clock in Unix seconds.
func (q *Queue) now() int64 { return q.cfg.Now().Unix() }

// realTime is how long a pause lasts: itself, unless a test shortens seconds.
func (q *Queue) realTime(pause time.Duration) time.Duration {
	return time.Duration(float64(pause) * q.second.Seconds())
}

// setAllowed applies an allowed_updates argument and tells whether it changed
// anything.
func (q *Queue) setAllowed(arg string) bool {
	list, ok := allowedKinds(arg)
	if !ok || slices.Equal(list, q.allowed) {
		return false
	}
	q.allowed = list
	q.cfg.Journal(Record{Allowed: &Allowed{Kinds: list}})
	return true
}

// drop forgets all pending updates.
func (q *Queue) drop() {
	q.cfg.Journal(Record{Forget: q.nextID})
	q.lost += int64(q.backlog.forget(q.nextID))
}

// Stats counts the updates so far.
func (q *Queue) Stats() Stats {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sweep(q.now())
	return Stats{Pending: q.backlog.live, Delivered: q.received, Lost: q.lost, Polling: q.poll.waiting != nil}
}

// ClockMoved lets the queue see that the simulator's clock was advanced:
// expired updates make way for those behind them.
func (q *Queue) ClockMoved() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sweep(q.now())
	if q.sender != nil {
		q.sender.skipGone()
	}
}

// Close ends waiting calls and deliveries. Calls after it are refused.
func (q *Queue) Close() {
	q.mu.Lock()
	q.closed = true
	q.poll.end(errRestart())
	s := q.stopSender()
	q.mu.Unlock()
	if s != nil {
		<-s.ended
	}
}

func errRestart() *Error {
	return &Error{Code: 500, Description: "Internal Server Error: restart"}
}
