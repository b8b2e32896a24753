package store

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// TestBudgetNeverExceedsItsRate takes for a while from two replicas, albums
// among single messages, and reads the grants by Redis's clock.
func TestBudgetNeverExceedsItsRate(t *testing.T) {
	client, _ := replicas(t)
	const rate = 200
	type grant struct {
		at int64
		n  int
	}
	var mu sync.Mutex
	var grants []grant
	ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
	defer cancel()
	var wg sync.WaitGroup
	for worker := range 4 {
		b := newBudget(client, rate)
		n := 1 + 9*(worker/3) // three take one, one takes ten
		wg.Go(func() {
			for {
				at, err := b.take(ctx, n)
				if err != nil {
					return
				}
				mu.Lock()
				grants = append(grants, grant{at, n})
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.SortFunc(grants, func(a, b grant) int { return int(a.at - b.at) })
	most := 0
	for i, first := range grants {
		sum := 0
		for _, g := range grants[i:] {
			if g.at < first.at+1_000_000 {
				sum += g.n
			}
		}
		most = max(most, sum)
	}
	if most > rate {
		t.Errorf("%d in one second, want at most %d", most, rate)
	}
	if most < rate/2 {
		t.Errorf("only %d in the fullest second of %d", most, rate)
	}
}

func TestBudgetUsesItsWholeRate(t *testing.T) {
	client, _ := replicas(t)
	b := newBudget(client, 100)
	first := must(b.take(t.Context(), 1))
	var last int64
	for range 50 {
		last = must(b.take(t.Context(), 1))
	}
	if took := time.Duration(last-first) * time.Microsecond; took < 500*time.Millisecond || took > 800*time.Millisecond {
		t.Errorf("50 messages at 100 a second took %v", took)
	}
}

func TestPauseStopsEveryReplica(t *testing.T) {
	client, _ := replicas(t)
	a, b := newBudget(client, 1000), newBudget(client, 1000)
	if err := a.Pause(t.Context(), 400*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if err := a.Pause(t.Context(), time.Millisecond); err != nil { // does not shorten the first
		t.Fatal(err)
	}
	before := time.Now()
	if err := b.Take(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if waited := time.Since(before); waited < 300*time.Millisecond {
		t.Errorf("waited %v", waited)
	}
}

func TestTakeGivesUp(t *testing.T) {
	client, _ := replicas(t)
	b := newBudget(client, 5)
	if err := b.Take(t.Context(), 6); err == nil {
		t.Error("took more than a second's worth at once")
	}
	if err := b.Take(t.Context(), 0); err != nil {
		t.Errorf("nothing: %v", err)
	}
	if err := b.Pause(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	waiting := make(chan error)
	for range 2 { // one at Redis, one behind it
		go func() { waiting <- b.Take(ctx, 1) }()
	}
	for range 2 {
		if err := <-waiting; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want the deadline", err)
		}
	}
}

func testLease(client redis.UniversalClient) *Lease {
	return &Lease{client: client, name: "poll", log: quiet, times: leaseTimes{
		life: 600 * time.Millisecond, renew: 100 * time.Millisecond, margin: 200 * time.Millisecond, retry: 10 * time.Millisecond,
	}}
}

func TestOneLeads(t *testing.T) {
	client, _ := replicas(t)
	led, release, err := testLease(client).Lead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second) // longer than the lease: it is renewed
	defer cancel()
	if _, _, err := testLease(client).Lead(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a second leads: %v", err)
	}
	if led.Err() != nil {
		t.Fatalf("the first lost it: %v", context.Cause(led))
	}
	release()
	release()
	if led.Err() == nil {
		t.Error("released, but still leading")
	}
	_, again, err := testLease(client).Lead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	again()
}

func TestLeadEndsWhenLost(t *testing.T) {
	client, _ := replicas(t)
	led, release, err := testLease(client).Lead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Set(t.Context(), "lease:{poll}", "another", 0).Err(); err != nil {
		t.Fatal(err)
	}
	<-led.Done()
	if !errors.Is(context.Cause(led), ErrLeaseLost) {
		t.Errorf("cause %v, want ErrLeaseLost", context.Cause(led))
	}
	release()
	if v := client.Get(t.Context(), "lease:{poll}").Val(); v != "another" {
		t.Error("the release took another's lease")
	}
}

// TestMailingsKeepTheRate takes for two mailings on each of two replicas.
func TestMailingsKeepTheRate(t *testing.T) {
	client, _ := replicas(t)
	const rate = 800
	const long = 2 * time.Second
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	var mu sync.Mutex
	var times []time.Time
	var wg sync.WaitGroup
	for range 2 {
		b := newBudget(client, rate)
		for range 32 {
			wg.Go(func() {
				for b.TakeBehind(ctx) == nil {
					mu.Lock()
					times = append(times, time.Now())
					mu.Unlock()
				}
			})
		}
	}
	wg.Wait()
	slices.SortFunc(times, time.Time.Compare)
	most := 0
	for i, first := range times {
		end, _ := slices.BinarySearchFunc(times, first.Add(time.Second), time.Time.Compare)
		most = max(most, end-i)
	}
	t.Logf("%d in %s, %d in the fullest second", len(times), long, most)
	if late := int(rate * behindLate / time.Second); most > rate+late {
		t.Errorf("%d in one second, want at most %d and %d late ones", most, rate, late)
	}
	if len(times) < rate { // half of it: the machine may be busy
		t.Errorf("only %d in two seconds of %d", len(times), rate)
	}
}

// TestNoticesGoBeforeMailings asks for a notice's room while many messages of
// mailings wait.
func TestNoticesGoBeforeMailings(t *testing.T) {
	client, _ := replicas(t)
	b := newBudget(client, 20)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	var taken atomic.Int32
	for range 20 {
		wg.Go(func() {
			for b.TakeBehind(ctx) == nil {
				taken.Add(1)
			}
		})
	}
	for n := range int32(10) {
		before := taken.Load()
		if err := newBudget(client, 20).Take(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if passed := taken.Load() - before; passed > 4 {
			t.Errorf("notice %d: %d messages of mailings went before it", n, passed)
		}
	}
	during := taken.Load()
	eventually(t, "messages of mailings go once the notices have", func() bool { return taken.Load() > during })
	cancel()
	wg.Wait()
}
