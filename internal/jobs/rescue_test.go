package jobs

import (
	"context"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// hasty says how long a run of it may take.
type hasty struct {
	Work // of the other kinds there is none
	has  chan time.Duration
}

func (w *hasty) SendHeld(ctx context.Context, _ int64) (time.Time, error) {
	end, _ := ctx.Deadline()
	w.has <- time.Until(end)
	return time.Time{}, nil
}

// TestRescue: what a process had in hand that died is done again, and a run is
// over long before it counts as left behind.
func TestRescue(t *testing.T) {
	t.Parallel()
	const after = 3 * time.Second
	s := newShop(t)
	s.insert(umkm.SendHeld{Chat: 5}, nil)
	if _, err := s.pool.Exec(t.Context(), "UPDATE river_job SET state = 'running', attempt = 1, attempted_at = $1", time.Now().Add(-after)); err != nil {
		t.Fatal(err)
	}
	work := &hasty{has: make(chan time.Duration, 1)}
	stop := s.works(work, after)
	select {
	case has := <-work.has:
		if has <= 0 || has > after/3 {
			t.Errorf("a run has %s, want a third of %s", has, after)
		}
	case <-time.After(20 * time.Second):
		t.Error("the job of a dead process was not done again")
	}
	stop()
}
