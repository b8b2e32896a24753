package jobs

import (
	"context"
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
	pool, err := pgxpool.New(t.Context(), embeddedtest.Database(t, store.Migrate))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	inserts, err := river.NewClient(riverpgxv5.New(pool), &river.Config{})
	if err == nil {
		_, err = inserts.Insert(t.Context(), umkm.SendHeld{Chat: 5}, nil)
	}
	if err == nil {
		_, err = pool.Exec(t.Context(), "UPDATE river_job SET state = 'running', attempt = 1, attempted_at = $1", time.Now().Add(-after))
	}
	if err != nil {
		t.Fatal(err)
	}
	work := &hasty{has: make(chan time.Duration, 1)}
	q, err := New(Config{Pool: pool, Work: work, Now: time.Now, Log: slog.New(slog.DiscardHandler), RescueAfter: after})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- q.Run(ctx, time.Second) }()
	select {
	case has := <-work.has:
		if has <= 0 || has > after/3 {
			t.Errorf("a run has %s, want a third of %s", has, after)
		}
	case <-time.After(20 * time.Second):
		t.Error("the job of a dead process was not done again")
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
