package jobs

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/internal/umkm"
	"umkmbot/store"
)

// lasting is work that fails at first and then goes on until it is stopped.
type lasting struct {
	Work  // of the other kinds there is none
	runs  int
	going chan struct{}
}

func (w *lasting) SendMailing(ctx context.Context, _ umkm.SendMailing) (time.Time, error) {
	if w.runs++; w.runs < 3 {
		return time.Time{}, errors.New("away")
	}
	close(w.going)
	<-ctx.Done()
	return time.Now(), nil
}

// TestLongWorkIsStoppedAtOnce also sees that the pause after a failure does
// not grow.
func TestLongWorkIsStoppedAtOnce(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), embeddedtest.Database(t, store.Migrate))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	inserts, err := river.NewClient(riverpgxv5.New(pool), &river.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inserts.Insert(t.Context(), umkm.SendMailing{Mailing: "m"}, &river.InsertOpts{Queue: umkm.MailingQueue}); err != nil {
		t.Fatal(err)
	}
	work := &lasting{going: make(chan struct{})}
	q, err := New(Config{Pool: pool, Work: work, Now: time.Now, Log: slog.New(slog.DiscardHandler), Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- q.Run(ctx, time.Minute) }()
	select {
	case <-work.going:
	case <-time.After(8 * longAgain):
		t.Error("work that failed was not done again")
	}
	began := time.Now()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("the queue took %s to stop", took)
	}
	var left int
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM river_job WHERE state IN ('available', 'scheduled')").Scan(&left); err != nil || left != 1 {
		t.Errorf("%d jobs wait for another replica: %v", left, err)
	}
}

// onward is work that goes on for some runs.
type onward struct {
	Work // of the other kinds there is none
	runs chan time.Time
}

func (w *onward) SendMailing(context.Context, umkm.SendMailing) (time.Time, error) {
	select {
	case w.runs <- time.Now():
		return time.Now(), nil
	default:
		return time.Time{}, nil
	}
}

// TestLongWorkGoesOnAtOnce: each run follows the one before without the pause
// of a job that is put back, and is a job of its own, of which none is left.
func TestLongWorkGoesOnAtOnce(t *testing.T) {
	t.Parallel()
	const runs = 12
	pool, err := pgxpool.New(t.Context(), embeddedtest.Database(t, store.Migrate))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	inserts, err := river.NewClient(riverpgxv5.New(pool), &river.Config{})
	if err == nil {
		_, err = inserts.Insert(t.Context(), umkm.SendMailing{Mailing: "m"}, &river.InsertOpts{Queue: umkm.MailingQueue, MaxAttempts: 77})
	}
	if err != nil {
		t.Fatal(err)
	}
	work := &onward{runs: make(chan time.Time, runs)}
	q, err := New(Config{Pool: pool, Work: work, Now: time.Now, Log: slog.New(slog.DiscardHandler), Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- q.Run(ctx, time.Minute) }()
	var states string
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(45 * time.Second); states != "completed" && time.Now().Before(end); <-look.C {
		if err := pool.QueryRow(t.Context(), "SELECT string_agg(DISTINCT state::text, ' ') FROM river_job").Scan(&states); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	var jobs, attempts int
	if err := pool.QueryRow(t.Context(), "SELECT count(*), min(max_attempts) FROM river_job").Scan(&jobs, &attempts); err != nil {
		t.Fatal(err)
	}
	if len(work.runs) != runs || jobs != runs+1 || attempts != 77 || states != "completed" {
		t.Errorf("%d runs, %d jobs of at least %d attempts, %s", len(work.runs), jobs, attempts, states)
	}
	first := <-work.runs
	var last time.Time
	for range runs - 1 {
		last = <-work.runs
	}
	if took := last.Sub(first); took > runs*time.Second/2 { // put back, each would lie for a second
		t.Errorf("%d runs took %s", runs, took)
	}
}
