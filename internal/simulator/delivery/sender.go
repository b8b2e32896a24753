package delivery

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

const (
	webhookTimeout = 60 * time.Second
	goneFor        = 23 * time.Hour // of 410 replies, then the webhook is removed
	maxRetryAfter  = 3600           // seconds
	longestPause   = 60             // seconds; the random ceiling lies between it and its double
	deadAfter      = 10 * time.Second
	deadPause      = 2 * time.Second // between connections to a webhook that seems dead
)

// sender pushes a queue's updates to its webhook. Everything but the requests
// themselves happens under the queue's lock.
type sender struct {
	q      *Queue
	hook   Webhook
	target string // the URL in full
	client *http.Client
	ctx    context.Context // ends with the webhook
	cancel context.CancelFunc
	work   sync.WaitGroup
	ended  chan struct{} // closed when the last request has ended after a stop

	lanes    map[Line]*lane
	ready    []*lane // may send, oldest first
	inFlight int
	success  time.Time   // of the last delivery, or the start; real
	failing  bool        // the last delivery failed
	hold     *time.Timer // set while no new connection is made
	loaded   int         // updates in lanes
	loadedTo int64       // the highest id in lanes so far
}

// lane is a line's updates that are loaded for sending.
type lane struct {
	line  Line
	items []*item
	retry *time.Timer // set while its first update waits to be sent again
}

// startSender begins deliveries to q.webhook.
func (q *Queue) startSender() {
	ctx, cancel := context.WithCancel(context.Background())
	q.sender = &sender{
		q: q, hook: q.webhook, target: withScheme(q.webhook.URL),
		client: webhookClient(q.webhook, q.realTime(webhookTimeout)),
		ctx:    ctx, cancel: cancel, ended: make(chan struct{}), lanes: map[Line]*lane{}, success: time.Now(),
	}
	q.sender.pump()
}

// stopSender ends deliveries. Replies still under way are lost, as are
// connections to a webhook that was removed; their updates stay queued.
func (q *Queue) stopSender() *sender {
	s := q.sender
	if s == nil {
		return nil
	}
	q.sender = nil
	s.cancel()
	for _, l := range s.lanes {
		l.stopRetry()
	}
	if s.hold != nil {
		s.hold.Stop()
	}
	go func() {
		s.work.Wait()
		s.client.CloseIdleConnections()
		close(s.ended)
	}()
	return s
}

// pump loads updates and sends what may be sent.
func (s *sender) pump() {
	s.load()
	for s.inFlight < s.capacity() && len(s.ready) > 0 {
		l := s.ready[0]
		s.ready = s.ready[1:]
		if it := l.items[0]; it.gone || it.expired(s.q.now()) {
			s.expire(l, it)
			s.load()
			continue
		}
		s.inFlight++
		s.work.Add(1)
		go s.deliver(l, l.items[0])
	}
}

// capacity is how many requests may be under way: one while the webhook seems
// dead, and none for a while after it could not even be reached. As with
// Telegram, an outage therefore costs most updates no attempt, and deliveries
// go on soon after it.
func (s *sender) capacity() int {
	switch {
	case !s.seemsDead():
		return s.hook.MaxConnections
	case s.hold != nil:
		return 0
	}
	return 1
}

func (s *sender) seemsDead() bool {
	return s.failing && time.Since(s.success) > s.q.realTime(deadAfter)
}

// note remembers how a delivery went.
func (s *sender) note(out outcome) {
	s.failing = !out.ok()
	if out.ok() {
		s.success = time.Now()
	}
	if out.status != 0 || !s.seemsDead() || s.hold != nil {
		return
	}
	s.hold = time.AfterFunc(s.q.realTime(deadPause), func() {
		s.q.mu.Lock()
		defer s.q.mu.Unlock()
		s.hold = nil
		if s.q.sender == s {
			s.pump()
		}
	})
}

// expire passes over an update whose time ran out while it waited.
func (s *sender) expire(l *lane, it *item) {
	if !it.gone {
		s.q.lost++
	}
	s.finish(l, it)
}

// load takes updates into lanes: as Telegram, no more at a time than twice the
// connections, so that a bot that fails for many holds up the rest.
func (s *sender) load() {
	most := 2 * s.hook.MaxConnections
	items := s.q.backlog.items
	for i := s.q.backlog.after(s.loadedTo); i < len(items) && s.loaded < most; i++ {
		it := items[i]
		s.loadedTo = it.ID
		if it.gone {
			continue
		}
		s.enter(it)
	}
}

func (s *sender) enter(it *item) {
	l := s.lanes[it.Line]
	if l == nil {
		l = &lane{line: it.Line}
		s.lanes[it.Line] = l
	}
	l.items = append(l.items, it)
	s.loaded++
	if len(l.items) == 1 {
		s.ready = append(s.ready, l)
	}
}

// deliver sends a lane's first update. It runs outside the queue's lock.
func (s *sender) deliver(l *lane, it *item) {
	defer s.work.Done()
	out := s.attempt(it)
	s.q.mu.Lock()
	defer s.q.mu.Unlock()
	if s.q.sender != s {
		return
	}
	s.inFlight--
	s.note(out)
	s.settle(l, it, out)
	if s.q.sender == s {
		s.pump()
	}
}

// settle notes what came of a delivery.
func (s *sender) settle(l *lane, it *item, out outcome) {
	if out.ok() {
		s.q.received++
		s.noteGone(false)
		s.finish(l, it)
		return
	}
	s.noteError(out.problem)
	if s.noteGone(out.status == http.StatusGone) {
		s.q.removeWebhook()
		return
	}
	pause := it.nextPause(out.retryAfter)
	if it.gone || s.q.now()+int64(pause/time.Second) > it.Expires {
		s.expire(l, it)
		return
	}
	it.fails++
	s.retryAfter(l, pause)
}

// finish takes an update off the queue and lets its line go on.
func (s *sender) finish(l *lane, it *item) {
	if !it.gone {
		s.q.cfg.Journal(Record{Gone: it.ID})
		s.q.backlog.remove(it)
	}
	s.advance(l)
}

// advance drops a lane's first update, and all behind it that are gone.
func (s *sender) advance(l *lane) {
	for first := true; len(l.items) > 0 && (first || l.items[0].gone); first = false {
		l.items[0] = nil
		l.items = l.items[1:]
		s.loaded--
	}
	if len(l.items) == 0 {
		delete(s.lanes, l.line)
		return
	}
	s.ready = append(s.ready, l)
}

// retryAfter makes a lane wait. The pause takes real time.
func (s *sender) retryAfter(l *lane, pause time.Duration) {
	if pause == 0 {
		s.ready = append(s.ready, l)
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(s.q.realTime(pause), func() {
		s.q.mu.Lock()
		defer s.q.mu.Unlock()
		if s.q.sender == s && l.retry == timer {
			l.retry = nil
			s.ready = append(s.ready, l)
			s.pump()
		}
	})
	l.retry = timer
}

// skipGone lets the lines go on whose waiting update is gone.
func (s *sender) skipGone() {
	for _, l := range s.lanes {
		if l.retry != nil && l.items[0].gone {
			l.stopRetry()
			s.advance(l)
		}
	}
	s.pump()
}

func (l *lane) stopRetry() {
	if l.retry != nil {
		l.retry.Stop()
		l.retry = nil
	}
}

// nextPause is the wait before an update is sent again: what the reply asked
// for, or none after the first failure, then 2, 4, 8 … seconds.
func (it *item) nextPause(retryAfter int) time.Duration {
	if retryAfter > 0 {
		return time.Duration(min(retryAfter, maxRetryAfter)) * time.Second
	}
	if it.fails == 0 {
		return 0
	}
	ceiling := time.Duration(longestPause+rand.IntN(longestPause+1)) * time.Second
	it.pause = min(ceiling, 2*it.pause)
	return it.pause
}

// noteError keeps the failure for getWebhookInfo.
func (s *sender) noteError(problem string) {
	w := s.q.webhook
	w.LastError, w.LastErrorDate = problem, s.q.now()
	s.q.keepWebhook(w)
}

// noteGone follows an unbroken row of 410 replies and tells when it has
// lasted too long.
func (s *sender) noteGone(gone bool) bool {
	w := s.q.webhook
	switch {
	case gone && w.GoneSince == 0:
		w.GoneSince = s.q.now()
	case gone:
		return s.q.now() > w.GoneSince+int64(goneFor/time.Second)
	case w.GoneSince == 0:
		return false
	default:
		w.GoneSince = 0
	}
	s.q.keepWebhook(w)
	return false
}
