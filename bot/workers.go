package bot

import "sync"

// workers run functions side by side in goroutines that stay: a new one's
// stack would have to grow to a turn's depth every time, a twentieth of the
// turn's work.
type workers struct {
	idle chan func()
	all  sync.WaitGroup
}

func newWorkers() *workers { return &workers{idle: make(chan func())} }

// do runs f at once; it never waits.
func (w *workers) do(f func()) {
	select {
	case w.idle <- f:
	default:
		w.all.Go(func() {
			for ; f != nil; f = <-w.idle {
				f()
			}
		})
	}
}

// close waits until everything has run; do must not be called any more.
func (w *workers) close() {
	close(w.idle)
	w.all.Wait()
}
