package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/internal/umkm"
	"umkmbot/store"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

// shop is a migrated database with jobs in it and a queue to work them.
type shop struct {
	t    *testing.T
	pool *pgxpool.Pool
}

func newShop(t *testing.T) *shop {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), embeddedtest.Database(t, store.Migrate))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return &shop{t, pool}
}

func (s *shop) insert(args river.JobArgs, opts *river.InsertOpts) {
	s.t.Helper()
	inserts, err := river.NewClient(riverpgxv5.New(s.pool), &river.Config{})
	if err == nil {
		_, err = inserts.Insert(s.t.Context(), args, opts)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// works has a queue do work until stop, which waits for its end.
func (s *shop) works(work Work, rescue time.Duration) (stop func()) {
	s.t.Helper()
	q, err := New(Config{Pool: s.pool, Work: work, Now: time.Now, Log: slog.New(slog.DiscardHandler), Workers: 1, RescueAfter: rescue})
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(s.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- q.Run(ctx, time.Minute) }()
	return func() {
		s.t.Helper()
		cancel()
		if err := <-ended; err != nil {
			s.t.Error(err)
		}
	}
}

func TestLaterSnoozes(t *testing.T) {
	now := time.Date(2026, 12, 1, 2, 0, 0, 0, time.UTC)
	wrong := errors.New("wrong")
	for name, c := range map[string]struct {
		again  time.Time
		err    error
		snooze time.Duration
	}{
		"done":        {},
		"failed":      {err: wrong},
		"failed late": {again: now.Add(time.Hour), err: wrong},
		"tomorrow":    {again: now.Add(24 * time.Hour), snooze: 24 * time.Hour},
		"at once":     {again: now.Add(time.Millisecond), snooze: time.Second},
		"in the past": {again: now.Add(-time.Hour), snooze: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			err := later(func() time.Time { return now }, func() (time.Time, error) { return c.again, c.err })
			var snoozed *rivertype.JobSnoozeError
			switch {
			case c.err != nil && !errors.Is(err, c.err):
				t.Errorf("got %v, want the work's error", err)
			case c.snooze > 0 && (!errors.As(err, &snoozed) || snoozed.Duration != c.snooze):
				t.Errorf("got %v, want a snooze of %s", err, c.snooze)
			case c.err == nil && c.snooze == 0 && err != nil:
				t.Errorf("got %v", err)
			}
		})
	}
}

// counting is work that asks for the same job again once.
type counting struct {
	Work            // of the other kinds there is none
	reminders, held atomic.Int32
	done            chan struct{}
}

func (w *counting) RemindDraft(_ context.Context, r umkm.DraftReminder) (time.Time, error) {
	if w.reminders.Add(1) == 1 {
		return time.Now(), nil
	}
	if r.Chat == 7 && r.Nth == 2 && r.Dialog == "d" {
		close(w.done)
	}
	return time.Time{}, nil
}

func (w *counting) SendHeld(_ context.Context, chat int64) (time.Time, error) {
	w.held.Add(int32(chat))
	return time.Time{}, nil
}

func TestQueueWorksItsKinds(t *testing.T) {
	s := newShop(t)
	s.insert(umkm.SendHeld{Chat: 5, Reply: "r"}, nil)
	s.insert(umkm.DraftReminder{Chat: 7, Dialog: "d", Nth: 2}, nil)
	work := &counting{done: make(chan struct{})}
	stop := s.works(work, 0)
	select {
	case <-work.done:
	case <-time.After(20 * time.Second):
		t.Error("the job put back was not worked again")
	}
	stop()
	if n, held := work.reminders.Load(), work.held.Load(); n != 2 || held != 5 {
		t.Errorf("%d runs of the reminder, held replies of chat %d; want 2 and 5", n, held)
	}
}
