package jobs

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
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
	s := newShop(t)
	s.insert(umkm.SendMailing{Mailing: "m"}, &river.InsertOpts{Queue: umkm.MailingQueue})
	work := &lasting{going: make(chan struct{})}
	stop := s.works(work, 0)
	select {
	case <-work.going:
	case <-time.After(8 * longAgain):
		t.Error("work that failed was not done again")
	}
	began := time.Now()
	stop()
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("the queue took %s to stop", took)
	}
	var left int
	if err := s.pool.QueryRow(t.Context(), "SELECT count(*) FROM river_job WHERE state IN ('available', 'scheduled')").Scan(&left); err != nil || left != 1 {
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
	s := newShop(t)
	s.insert(umkm.SendMailing{Mailing: "m"}, &river.InsertOpts{Queue: umkm.MailingQueue, MaxAttempts: 77})
	work := &onward{runs: make(chan time.Time, runs)}
	stop := s.works(work, 0)
	var states string
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(45 * time.Second); states != "completed" && time.Now().Before(end); <-look.C {
		if err := s.pool.QueryRow(t.Context(), "SELECT string_agg(DISTINCT state::text, ' ') FROM river_job").Scan(&states); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	var jobs, attempts int
	if err := s.pool.QueryRow(t.Context(), "SELECT count(*), min(max_attempts) FROM river_job").Scan(&jobs, &attempts); err != nil {
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
