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

// slowDeadline bounds one run of slow work.
const slowDeadline = 10 * time.Minute

// slowWorker does work that may take longer than other jobs: a file about a
// million people is written and goes out through a narrow line.
type slowWorker[A river.JobArgs] struct {
	river.WorkerDefaults[A]
	work func(context.Context, A) (again time.Time, err error)
	now  func() time.Time
}

// Work does it.
func (w *slowWorker[A]) Work(ctx context.Context, job *river.Job[A]) error {
	return later(w.now, func() (time.Time, error) { return w.work(ctx, job.Args) })
}

// Timeout is also how long the work counts as being done somewhere.
func (w *slowWorker[A]) Timeout(*river.Job[A]) time.Duration { return slowDeadline }
