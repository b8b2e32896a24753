package limits_test

import (
	"sync"
	"testing"
	"time"

	"umkmbot/internal/simulator/limits"
)

// clock is a movable clock.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Unix(1_750_000_000, 0)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// passed counts how many of n messages to one chat go through at once.
func passed(l *limits.Limiter, chat int64, group bool, n int) (ok, lastWait int) {
	for range n {
		if wait := l.Take(chat, group, 1); wait == 0 {
			ok++
		} else {
			lastWait = wait
		}
	}
	return ok, lastWait
}

func TestNothingIsRefusedUntilSwitchedOn(t *testing.T) {
	l := limits.New(newClock().now)
	if ok, _ := passed(l, 1, true, 1000); ok != 1000 || l.Refused() != 0 {
		t.Fatalf("passed %d of 1000, refused %d", ok, l.Refused())
	}
	l.Set(limits.Settings{Enforce: true})
	l.Set(limits.Settings{Enforce: false})
	if ok, _ := passed(l, 1, true, 1000); ok != 1000 {
		t.Fatalf("passed %d of 1000 after switching off", ok)
	}
}

func TestRates(t *testing.T) {
	cases := []struct {
		name     string
		settings limits.Settings
		chat     int64
		group    bool
		burst    int           // passes at once
		wait     int           // what the next is told
		after    time.Duration // then
		again    int           // so many pass
	}{
		{"private chat: a short burst, then one a second", limits.Settings{}, 7, false, 5, 1, time.Second, 1},
		{"private chat: three seconds give three", limits.Settings{}, 7, false, 5, 1, 3 * time.Second, 3},
		{"private chat: a rest gives the burst back, no more", limits.Settings{}, 7, false, 5, 1, time.Hour, 5},
		{"private chat: a faster rate", limits.Settings{PerChatSecond: 10, PerSecond: 1000}, 7, false, 50, 1, time.Second, 10},
		{"private chat: a slower rate", limits.Settings{PerChatSecond: 0.1}, 7, false, 1, 10, 10 * time.Second, 1},
		{"group: 20 a minute", limits.Settings{PerChatSecond: 100}, -5, true, 20, 3, time.Minute, 20},
		{"group: one each three seconds", limits.Settings{PerChatSecond: 100}, -5, true, 20, 3, 3 * time.Second, 1},
		{"overall: 30 a second", limits.Settings{PerChatSecond: 100}, 7, false, 30, 1, time.Second, 30},
		{"overall: another figure", limits.Settings{PerChatSecond: 100, PerSecond: 3}, 7, false, 3, 1, time.Second, 3},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			at := newClock()
			l := limits.New(at.now)
			c.settings.Enforce = true
			l.Set(c.settings)
			ok, wait := passed(l, c.chat, c.group, 100)
			if ok != c.burst || wait != c.wait {
				t.Errorf("at once: %d passed, told to wait %d; want %d and %d", ok, wait, c.burst, c.wait)
			}
			at.advance(c.after)
			if ok, _ := passed(l, c.chat, c.group, 100); ok != c.again {
				t.Errorf("after %v: %d passed, want %d", c.after, ok, c.again)
			}
			if want := int64(200 - c.burst - c.again); l.Refused() != want {
				t.Errorf("refused %d, want %d", l.Refused(), want)
			}
		})
	}
}

func TestWaitingAsToldIsEnough(t *testing.T) {
	at := newClock()
	l := limits.New(at.now)
	l.Set(limits.Settings{Enforce: true, PerChatSecond: 0.3})
	for range 50 {
		wait := l.Take(3, true, 1)
		if wait == 0 {
			continue
		}
		at.advance(time.Duration(wait) * time.Second)
		if again := l.Take(3, true, 1); again != 0 {
			t.Fatalf("waited %d s as told and was told %d again", wait, again)
		}
	}
}

func TestChatsDoNotDisturbEachOther(t *testing.T) {
	l := limits.New(newClock().now)
	l.Set(limits.Settings{Enforce: true, PerSecond: 1000})
	passed(l, 1, false, 50)
	if ok, _ := passed(l, 2, false, 5); ok != 5 {
		t.Fatalf("another chat: %d of 5 passed", ok)
	}
}

func TestPaidMessages(t *testing.T) {
	l := limits.New(newClock().now)
	l.Set(limits.Settings{Enforce: true, PerChatSecond: 1000})
	passed(l, 1, false, 50)
	ok := 0
	for range 2000 {
		if l.TakePaid(2, false, 1) == 0 {
			ok++
		}
	}
	if ok != 1000 {
		t.Errorf("%d of 2000 paid messages passed at once, want 1000", ok)
	}
	if l.Take(3, false, 1) == 0 {
		t.Error("paid messages gave the others room")
	}
}

func TestAnAlbumPassesWhole(t *testing.T) {
	at := newClock()
	l := limits.New(at.now)
	l.Set(limits.Settings{Enforce: true})
	if wait := l.Take(1, false, 10); wait != 0 {
		t.Fatalf("album told to wait %d", wait)
	}
	if wait := l.Take(1, false, 1); wait != 6 {
		t.Fatalf("after an album of ten: wait %d, want 6", wait)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	at := newClock()
	l := limits.New(at.now)
	l.Set(limits.Settings{Enforce: true, PerSecond: 1e6})
	for chat := range int64(200_000) {
		l.Take(chat, false, 1)
		at.advance(time.Millisecond)
	}
	if n := l.Tracked(); n > 5000 {
		t.Fatalf("%d chats remembered, of which only about 1000 wrote within the last second", n)
	}
}

func TestManyAtOnce(t *testing.T) {
	l := limits.New(newClock().now)
	l.Set(limits.Settings{Enforce: true})
	var group sync.WaitGroup
	for worker := range int64(8) {
		group.Go(func() { passed(l, worker, false, 100) })
	}
	group.Wait()
	if l.Refused() != 800-30 {
		t.Fatalf("refused %d, want 770", l.Refused())
	}
}
