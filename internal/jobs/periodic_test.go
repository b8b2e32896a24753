package jobs

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/internal/umkm"
	"umkmbot/store"
)

var wib = time.FixedZone("WIB", 7*60*60)

// at is a moment of December 2026, which begins on a Tuesday.
func at(day, hour, minute int) time.Time { return time.Date(2026, 12, day, hour, minute, 0, 0, wib) }

func TestDueTimes(t *testing.T) {
	weekday := func(at time.Time) bool { return at.Weekday() != time.Saturday && at.Weekday() != time.Sunday }
	daily := Daily("d", 9, 0, wib, nil)
	work := Daily("w", 8, 0, wib, nil).On(weekday)
	tens := Every("e", 10*time.Minute, nil)
	never := Daily("n", 8, 0, wib, nil).On(func(time.Time) bool { return false })
	for name, c := range map[string]struct {
		p           Periodic
		after, want time.Time
	}{
		"this morning":            {daily, at(1, 7, 0), at(1, 9, 0)},
		"at the minute":           {daily, at(1, 9, 0), at(2, 9, 0)},
		"in the evening":          {daily, at(1, 20, 0), at(2, 9, 0)},
		"in another zone":         {daily, time.Date(2026, 12, 1, 23, 0, 0, 0, time.UTC), at(2, 9, 0)},
		"over the year's end":     {daily, at(31, 10, 0), at(32, 9, 0)},
		"over the weekend":        {work, at(4, 8, 0), at(7, 8, 0)},
		"within the week":         {work, at(7, 8, 0), at(8, 8, 0)},
		"ten minutes":             {tens, at(1, 8, 3), at(1, 8, 10)},
		"ten minutes, to the dot": {tens, at(1, 8, 10), at(1, 8, 20)},
	} {
		if got := c.p.Next(c.after); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if got := never.Next(at(1, 0, 0)); got.Before(at(1, 0, 0)) {
		t.Errorf("on no day at all: %s", got)
	}
}

// clock is moved by hand and goes on by itself, too.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) set(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = time.Until(to)
}

// office is a queue with one piece of periodic work, that notes its due times.
type office struct {
	t     *testing.T
	pool  *pgxpool.Pool
	clock *clock
	runs  chan time.Time
	work  func(due time.Time) (time.Time, error) // after the run was noted
	stop  func()
}

func newOffice(t *testing.T, now time.Time) *office {
	t.Helper()
	t.Parallel()
	pool, err := pgxpool.New(t.Context(), embeddedtest.Database(t, store.Migrate))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	o := &office{t: t, pool: pool, clock: &clock{}, runs: make(chan time.Time, 100), stop: func() {}}
	o.work = func(time.Time) (time.Time, error) { return time.Time{}, nil }
	o.clock.set(now)
	t.Cleanup(func() { o.stop() })
	return o
}

// open works the queue with n replicas until stop.
func (o *office) open(n int, p func(Round) Periodic) {
	o.t.Helper()
	ctx, cancel := context.WithCancel(o.t.Context())
	var wait sync.WaitGroup
	for range n {
		q, err := New(Config{
			Pool: o.pool, Work: &counting{}, Now: o.clock.now, Log: slog.New(slog.DiscardHandler), Workers: 2,
			Periodic: []Periodic{p(func(_ context.Context, due time.Time) (time.Time, error) {
				o.runs <- due
				return o.work(due)
			})},
		})
		if err != nil {
			o.t.Fatal(err)
		}
		wait.Go(func() {
			if err := q.Run(ctx, 5*time.Second); err != nil {
				o.t.Error(err)
			}
		})
	}
	o.stop = func() { cancel(); wait.Wait(); o.stop = func() {} }
}

func nineDaily(run Round) Periodic { return Daily("nine", 9, 0, wib, run) }

// patience is long: River looks after the dead every half a minute.
const patience = time.Minute

// ran waits for a run and says for when it was due.
func (o *office) ran(want time.Time) {
	o.t.Helper()
	select {
	case due := <-o.runs:
		if !due.Equal(want) {
			o.t.Errorf("ran what was due %s, want %s", due.In(wib), want)
		}
	case <-time.After(patience):
		o.t.Fatalf("what is due %s did not run", want)
	}
}

// settled waits until the only round there is is scheduled for a time, and
// none has run meanwhile.
func (o *office) settled(next time.Time) {
	o.t.Helper()
	o.scheduled(next)
	select {
	case due := <-o.runs:
		o.t.Errorf("ran once more, for %s", due.In(wib))
	default:
	}
}

// scheduled waits until the rounds there are are due at some times.
func (o *office) scheduled(want ...time.Time) {
	o.t.Helper()
	const open = `SELECT (args->>'due')::timestamptz FROM river_job
		WHERE kind = 'periodic' AND state IN ('available', 'retryable', 'running', 'scheduled') ORDER BY 1`
	var due []time.Time
	for end := time.Now().Add(patience); time.Now().Before(end); {
		rows, _ := o.pool.Query(o.t.Context(), open)
		var err error
		if due, err = pgx.CollectRows(rows, pgx.RowTo[time.Time]); err != nil {
			o.t.Fatal(err)
		}
		if slices.EqualFunc(due, want, time.Time.Equal) {
			return
		}
	}
	o.t.Fatalf("scheduled for %s, want %s", due, want)
}

func TestDailyWorkOnceADay(t *testing.T) {
	o := newOffice(t, at(1, 8, 0))
	o.open(2, nineDaily)
	o.settled(at(1, 9, 0))
	o.clock.set(at(1, 9, 1))
	o.ran(at(1, 9, 0))
	o.settled(at(2, 9, 0))
	o.clock.set(at(2, 9, 0).Add(time.Second))
	o.ran(at(2, 9, 0))
	o.settled(at(3, 9, 0))
}

// TestJumpOfDays: what was missed is done once, and the round goes on with the
// next day to come; whether the program ran meanwhile or not.
func TestJumpOfDays(t *testing.T) {
	o := newOffice(t, at(1, 8, 0))
	o.open(1, nineDaily)
	o.settled(at(1, 9, 0))
	o.clock.set(at(4, 10, 0))
	o.ran(at(1, 9, 0))
	o.settled(at(5, 9, 0))
	o.stop()
	o.clock.set(at(8, 12, 0))
	o.open(2, nineDaily)
	o.ran(at(5, 9, 0))
	o.settled(at(9, 9, 0))
}

// TestAnotherTimetable: a release that moves the time leaves nothing behind.
func TestAnotherTimetable(t *testing.T) {
	o := newOffice(t, at(1, 8, 0))
	o.open(1, nineDaily)
	o.settled(at(1, 9, 0))
	o.stop()
	o.open(1, func(run Round) Periodic { return Daily("nine", 8, 30, wib, run) })
	o.scheduled(at(1, 8, 30), at(1, 9, 0))
	o.clock.set(at(1, 9, 1))
	o.ran(at(1, 8, 30))
	o.settled(at(2, 8, 30))
}

// TestFailingWork is tried again, and given up when its next time has come.
func TestFailingWork(t *testing.T) {
	o := newOffice(t, at(1, 8, 0))
	failures := 1
	o.work = func(time.Time) (time.Time, error) {
		if failures > 0 {
			failures--
			return time.Time{}, errors.New("no connection")
		}
		return time.Time{}, nil
	}
	o.open(1, nineDaily)
	o.settled(at(1, 9, 0))
	o.clock.set(at(1, 9, 1))
	o.ran(at(1, 9, 0))
	o.ran(at(1, 9, 0))
	o.settled(at(2, 9, 0))
	failures = 1
	o.clock.set(at(3, 9, 1))
	o.ran(at(2, 9, 0))
	o.settled(at(4, 9, 0))
}

// TestWorkInParts asks for more of the same round.
func TestWorkInParts(t *testing.T) {
	o := newOffice(t, at(1, 8, 0))
	parts := 2
	o.work = func(time.Time) (time.Time, error) {
		if parts--; parts > 0 {
			return o.clock.now(), nil
		}
		return time.Time{}, nil
	}
	o.open(1, nineDaily)
	o.settled(at(1, 9, 0))
	o.clock.set(at(1, 9, 1))
	o.ran(at(1, 9, 0))
	o.ran(at(1, 9, 0))
	o.settled(at(2, 9, 0))
}

// TestCrashWithinARound: a process that dies before its round is completed has
// it run again, and the round goes on.
func TestCrashWithinARound(t *testing.T) {
	o := newOffice(t, at(1, 8, 0))
	o.open(1, nineDaily)
	o.settled(at(1, 9, 0))
	o.stop()
	const died = `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = $1, attempted_by = '{gone}' WHERE kind = 'periodic'`
	long := time.Now().Add(-time.Hour) // River looks for the dead by the machine's clock
	if _, err := o.pool.Exec(t.Context(), died, long); err != nil {
		t.Fatal(err)
	}
	o.clock.set(at(1, 9, 30))
	o.open(1, nineDaily)
	o.ran(at(1, 9, 0))
	o.settled(at(2, 9, 0))
}

// TestStrangeRound: what another release knows waits for it, and is dropped
// when nobody knows it any more.
func TestStrangeRound(t *testing.T) {
	o := newOffice(t, at(1, 8, 0))
	inserts, err := river.NewClient(riverpgxv5.New(o.pool), &river.Config{Test: river.TestConfig{Time: umkm.Clock(o.clock.now)}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inserts.Insert(t.Context(), round{Name: "of another release", Due: at(1, 7, 0).UTC()}, nil); err != nil {
		t.Fatal(err)
	}
	o.open(1, nineDaily)
	o.scheduled(at(1, 7, 0), at(1, 9, 0))
	o.clock.set(at(4, 10, 0))
	o.ran(at(1, 9, 0))
	o.settled(at(5, 9, 0))
}

func TestTwoOfOneName(t *testing.T) {
	p := nineDaily(nil)
	_, err := New(Config{Work: &counting{}, Now: time.Now, Log: slog.New(slog.DiscardHandler), Periodic: slices.Repeat([]Periodic{p}, 2)})
	if err == nil {
		t.Error("two rounds under one name")
	}
}
