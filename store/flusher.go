package store

import (
	"context"
	"log/slog"
	"time"
)

// flusher writes what is gathered in memory every so often, until it is closed.
type flusher struct {
	flush func(context.Context) error
	log   *slog.Logger
	waits string // said when it could not be written, and will be later
	lost  string // and when it will not
	stop  context.CancelFunc
	done  chan struct{}
}

// start begins writing.
func (f *flusher) start(every time.Duration) {
	ctx, stop := context.WithCancel(context.Background())
	f.stop, f.done = stop, make(chan struct{})
	go f.run(ctx, every)
}

func (f *flusher) run(ctx context.Context, every time.Duration) {
	defer close(f.done)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if err := f.flush(ctx); err != nil && ctx.Err() == nil {
			f.log.Warn(f.waits, slog.String("cause", err.Error()))
		}
	}
}

// close writes what is left.
func (f *flusher) close() {
	f.stop()
	<-f.done
	if err := f.flush(context.Background()); err != nil {
		f.log.Warn(f.lost, slog.String("cause", err.Error()))
	}
}
