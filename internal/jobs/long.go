package jobs

import (
	"context"
	"time"

	"github.com/riverqueue/river"
)

// longAgain is when long work is tried again that failed or was left behind by
// a process that died, however often that has happened.
const longAgain = 5 * time.Second

// longWorker does work that takes many runs. When the queue stops, the work's
// context ends at once and the job comes back for another replica.
type longWorker[A river.JobArgs] struct {
	river.WorkerDefaults[A]
	work func(context.Context, A) (again time.Time, err error)
	ends context.Context
	now  func() time.Time
}

// Work does one run.
func (w *longWorker[A]) Work(ctx context.Context, job *river.Job[A]) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(w.ends, cancel)()
	return later(w.now, func() (time.Time, error) { return w.work(ctx, job.Args) })
}

// NextRetry does not grow: a mailing of hours may see many restarts.
func (w *longWorker[A]) NextRetry(*river.Job[A]) time.Time { return w.now().Add(longAgain) }
