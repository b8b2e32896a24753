package bot

import (
	"context"
	"sync"
)

// lanes let one chat's updates through one at a time in the order of their
// arrival, and many chats at once. The zero value is not ready; use newLanes.
type lanes struct {
	mu   sync.Mutex
	last map[int64]chan struct{} // closed when the chat's last arrival is through
	in   map[int64]int           // how many are in the lane
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
}

// join takes the next place; it never waits, so that the caller fixes the
// order by the order of its calls.
func (l *lanes) join(chat int64) *ticket {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := &ticket{lanes: l, chat: chat, before: l.last[chat], mine: make(chan struct{})}
	l.last[chat] = t.mine
	l.in[chat]++
	return t
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
	if t.lanes.in[t.chat]--; t.lanes.in[t.chat] == 0 {
		delete(t.lanes.in, t.chat)
	}
	if t.lanes.last[t.chat] == t.mine {
		delete(t.lanes.last, t.chat)
	}
	t.lanes.mu.Unlock()
	close(t.mine)
}
