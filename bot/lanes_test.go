package bot

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

func TestLanesKeepEachChatsOrder(t *testing.T) {
	l := newLanes()
	const chats, each = 20, 50
	var mu sync.Mutex
	got := map[int64][]int{}
	busy := map[int64]bool{}
	var all sync.WaitGroup
	for n := range each {
		for chat := range int64(chats) {
			ticket := l.join(chat)
			all.Go(func() {
				defer ticket.leave()
				if err := ticket.wait(context.Background()); err != nil {
					t.Error(err)
				}
				mu.Lock()
				if busy[chat] {
					t.Errorf("chat %d: two at once", chat)
				}
				busy[chat] = true
				mu.Unlock()
				for range rand.IntN(3) {
					// Give others a chance to overtake.
					mu.Lock()
					mu.Unlock() //nolint:staticcheck // a scheduling point
				}
				mu.Lock()
				busy[chat] = false
				got[chat] = append(got[chat], n)
				mu.Unlock()
			})
		}
	}
	all.Wait()
	for chat, order := range got {
		for i, n := range order {
			if i != n {
				t.Fatalf("chat %d: order %v", chat, order)
			}
		}
	}
	if len(l.last)+len(l.in) != 0 {
		t.Errorf("%d lanes left behind, %d counted", len(l.last), len(l.in))
	}
}

// Whoever gives up waiting must not let the next overtake those ahead.
func TestLanesAfterGivingUp(t *testing.T) {
	l := newLanes()
	first, second, third := l.join(1), l.join(1), l.join(1)
	if n := l.behind(1); n != 2 {
		t.Errorf("%d behind the first, want 2", n)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := second.wait(ctx); err == nil {
		t.Fatal("a cancelled wait must say so")
	}
	second.leave()
	soon, stop := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer stop()
	if err := third.wait(soon); err == nil {
		t.Fatal("the third went before the first had left")
	}
	first.leave()
	later, stop2 := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop2()
	if err := third.wait(later); err != nil {
		t.Fatal(err)
	}
	third.leave()
}

func TestLanesRunManyChatsAtOnce(t *testing.T) {
	l := newLanes()
	blocked, free := l.join(1), l.join(2)
	defer blocked.leave()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := free.wait(ctx); err != nil {
		t.Fatal("one chat held up another")
	}
	free.leave()
}

func TestLanesTellWhoWaits(t *testing.T) {
	l, now := newLanes(), time.Now()
	if s := l.state(now); s != (laneState{}) {
		t.Errorf("empty lanes: %+v", s)
	}
	first := l.joinSince(1, now.Add(-time.Minute))
	second := l.joinSince(1, now.Add(-time.Hour)) // sent long before it came in
	third := l.joinSince(2, now.Add(-time.Second))
	if s := l.state(now); s != (laneState{chats: 2, waiting: 1, longest: 2, oldest: time.Hour}) {
		t.Errorf("three in two lanes: %+v", s)
	}
	first.leave()
	second.leave()
	if s := l.state(now); s != (laneState{chats: 1, longest: 1, oldest: time.Second}) {
		t.Errorf("one is left: %+v", s)
	}
	third.leave()
	if s := l.state(now); s != (laneState{}) || l.all != nil {
		t.Errorf("all have left: %+v", s)
	}
}
