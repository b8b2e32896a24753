package loadtest

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Fleet is many owners at once.
type Fleet struct {
	Sim      *Sim
	Owners   int           // registrations in all
	AtOnce   int           // owners chatting side by side
	Patience time.Duration // of an owner for one answer
	Think    func() time.Duration
	Forgives bool // see Owner
	Insists  bool // see Owner
}

// Sum is how a fleet fared.
type Sum struct {
	Registered int
	Turns      int
	Repeated   int
	Apologies  int
	AskedAgain int
	Errors     []error
	Took       time.Duration
	Delays     []time.Duration // of every answer, sorted
	First      int64           // id of the first owner; the others' follow
}

// PerSecond is turns a second.
func (s Sum) PerSecond() float64 { return float64(s.Turns) / s.Took.Seconds() }

// Percentile is the delay that p per cent of the answers did not exceed.
func (s Sum) Percentile(p int) time.Duration {
	if len(s.Delays) == 0 {
		return 0
	}
	return s.Delays[min(len(s.Delays)-1, len(s.Delays)*p/100)]
}

// Run has everybody register.
func (f Fleet) Run(ctx context.Context) (Sum, error) {
	first, err := f.Sim.People(ctx, f.Owners)
	if err != nil {
		return Sum{}, err
	}
	sum := Sum{First: first}
	var mu sync.Mutex
	next := make(chan int64)
	var all sync.WaitGroup
	began := time.Now()
	for range min(f.AtOnce, f.Owners) {
		all.Go(func() {
			for id := range next {
				delays := make([]time.Duration, 0, 16)
				o := &Owner{Sim: f.Sim, ID: id, Patience: f.Patience, Think: f.Think, Forgives: f.Forgives, Insists: f.Insists}
				o.Turn = func(_ int, took time.Duration) { delays = append(delays, took) }
				r, err := o.Register(ctx)
				mu.Lock()
				sum.add(r, err, delays)
				mu.Unlock()
			}
		})
	}
	for i := range f.Owners {
		next <- first + int64(i)
	}
	close(next)
	all.Wait()
	sum.Took = time.Since(began)
	slices.Sort(sum.Delays)
	return sum, nil
}

func (s *Sum) add(r Report, err error, delays []time.Duration) {
	s.Turns += r.Turns
	s.Repeated += r.Repeated
	s.Apologies += r.Apologies
	s.AskedAgain += r.AskedAgain
	s.Delays = append(s.Delays, delays...)
	if err != nil {
		s.Errors = append(s.Errors, err)
		return
	}
	s.Registered++
}
