package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// longAgain is when long work is tried again that failed or was left behind by
// a process that died, however often that has happened.
const longAgain = 5 * time.Second

// handOver bounds putting another job in a job's place.
const handOver = 5 * time.Second

// longWorker does work that takes many runs. When the queue stops, the work's
// context ends at once and the job comes back for another replica.
type longWorker[A river.JobArgs] struct {
	river.WorkerDefaults[A]
	pool *pgxpool.Pool
	work func(context.Context, A) (again time.Time, err error)
	ends context.Context
	now  func() time.Time
	log  *slog.Logger
}

// Work does one run. What is to go on at once goes on in a new job, which the
// queues are told of: one that is put back would lie for a second or two.
func (w *longWorker[A]) Work(ctx context.Context, job *river.Job[A]) error {
	run, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(w.ends, cancel)()
	return later(w.now, func() (time.Time, error) {
		again, err := w.work(run, job.Args)
		if err != nil || again.IsZero() || again.After(w.now()) {
			return again, err
		}
		if err := w.replace(ctx, job); err != nil { // it is put back instead, and goes on a little later
			w.log.LogAttrs(ctx, slog.LevelWarn, "cannot put a job in another's place", slog.String("cause", err.Error()))
			return again, nil
		}
		return time.Time{}, nil
	})
}

// replace completes a job and adds another of the same work, both or neither.
func (w *longWorker[A]) replace(ctx context.Context, job *river.Job[A]) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), handOver)
	defer cancel()
	return pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) error {
		opts := &river.InsertOpts{Queue: job.Queue, MaxAttempts: job.MaxAttempts, Priority: job.Priority}
		if _, err := river.ClientFromContext[pgx.Tx](ctx).InsertTx(ctx, tx, job.Args, opts); err != nil {
			return err
		}
		_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	})
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
