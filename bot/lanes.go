package bot

import (
	"context"
	"sync"
	"time"
)

// lanes let one chat's updates through one at a time in the order of their
// arrival, and many chats at once. The zero value is not ready; use newLanes.
type lanes struct {
	mu   sync.Mutex
	last map[int64]chan struct{} // closed when the chat's last arrival is through
	in   map[int64]int           // how many are in the lane
	all  *ticket                 // of every lane, the one that joined last; each leads to the one before
}

func newLanes() *lanes { return &lanes{last: map[int64]chan struct{}{}, in: map[int64]int{}} }

// behind is how many wait in a chat's lane behind the one at work.
func (l *lanes) behind(chat int64) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.in[chat] - 1
}

// ticket is a place in a chat's lane.
type ticket struct {
	lanes  *lanes
	chat   int64
	before chan struct{} // nil: nobody
	mine   chan struct{}
	since  time.Time // when somebody began to wait
	// neighbours among all tickets, for a look at how long they have waited
	earlier, later *ticket
}

// join takes the next place; it never waits, so that the caller fixes the
// order by the order of its calls.
func (l *lanes) join(chat int64) *ticket { return l.joinSince(chat, time.Now()) }

// joinSince is join for somebody who waits since an earlier time.
func (l *lanes) joinSince(chat int64, since time.Time) *ticket {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := &ticket{lanes: l, chat: chat, before: l.last[chat], mine: make(chan struct{}), since: since, earlier: l.all}
	if l.all != nil {
		l.all.later = t
	}
	l.all = t
	l.last[chat] = t.mine
	l.in[chat]++
	return t
}

// forget takes a ticket out from among all.
func (l *lanes) forget(t *ticket) {
	if t.earlier != nil {
		t.earlier.later = t.later
	}
	if t.later != nil {
		t.later.earlier = t.earlier
	} else {
		l.all = t.earlier
	}
	t.earlier, t.later = nil, nil
}

// laneState says how much is in hand, and how long the oldest has waited.
type laneState struct {
	chats, waiting, longest int
	oldest                  time.Duration
}

func (l *lanes) state(now time.Time) laneState {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := laneState{chats: len(l.in)}
	for _, n := range l.in {
		s.waiting += n - 1
		s.longest = max(s.longest, n)
	}
	for t := l.all; t != nil; t = t.earlier {
		s.oldest = max(s.oldest, now.Sub(t.since))
	}
	return s
}

// wait returns when all before are through, or with ctx's error; leave must
// be called either way.
func (t *ticket) wait(ctx context.Context) error {
	if t.before == nil {
		return ctx.Err()
	}
	select {
	case <-t.before:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// leave lets the next through, not before those ahead have left.
func (t *ticket) leave() {
	if t.before != nil {
		select {
		case <-t.before:
		default: // gave up waiting: the next must still wait for those ahead
			go t.leaveAfter()
			return
		}
	}
	t.done()
}

func (t *ticket) leaveAfter() {
	<-t.before
	t.done()
}

func (t *ticket) done() {
	t.lanes.mu.Lock()
	t.lanes.forget(t)
	if t.lanes.in[t.chat]--; t.lanes.in[t.chat] == 0 {
		delete(t.lanes.in, t.chat)
	}
	if t.lanes.last[t.chat] == t.mine {
		delete(t.lanes.last, t.chat)
	}
	t.lanes.mu.Unlock()
	close(t.mine)
}
