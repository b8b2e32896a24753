package bot

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestWorkersRunEverything(t *testing.T) {
	w := newWorkers()
	var ran atomic.Int64
	for range 1000 {
		w.do(func() { ran.Add(1) })
	}
	w.close()
	if ran.Load() != 1000 {
		t.Errorf("%d of 1000 ran", ran.Load())
	}
}

// TestWorkersNeverWait: each function waits for all the others to have begun.
func TestWorkersNeverWait(t *testing.T) {
	w := newWorkers()
	for range 3 { // again with workers that are there already
		var begun sync.WaitGroup
		begun.Add(50)
		for range 50 {
			w.do(func() {
				begun.Done()
				begun.Wait()
			})
		}
		begun.Wait()
	}
	w.close()
}
