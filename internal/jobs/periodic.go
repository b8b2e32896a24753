package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// Periodic is work that comes round by the program's clock, once over all
// replicas:
//
//	jobs.Daily("remind_expiring", 9, 0, zone, bot.RemindExpiring)
//	jobs.Daily("digest", 8, 0, zone, bot.Digest).On(workdays.IsWorkday)
//	jobs.Every("sweep_files", 10*time.Minute, sweep)
//
// There is one job for each due time. It runs, and in one transaction is
// completed and the next one scheduled, so that a crash never breaks the round.
// Work that is late, because nothing ran or the clock has jumped, is done once,
// however many due times have passed, and goes on with the next one to come. Work
// that fails is tried again until its next due time; a crash while it runs lets
// it run again for the same due time.
//
// River's own periodic jobs are not used: they wait by the machine's clock, and
// forget a due time at which the program was away.
type Periodic struct {
	// Name stands in the queue and is never reused.
	Name string
	// Next is the first due time after a moment.
	Next func(after time.Time) time.Time
	// Run does the work. due is when it was to be done; a time that is not zero
	// asks for the same work again then, as long as there is more of it.
	Run Round
}

// Round is one run of periodic work.
type Round func(ctx context.Context, due time.Time) (again time.Time, err error)

// Daily comes round at a time of the day in a zone.
func Daily(name string, hour, minute int, zone *time.Location, run Round) Periodic {
	return Periodic{Name: name, Run: run, Next: func(after time.Time) time.Time {
		day := after.In(zone)
		for n := 0; ; n++ {
			if due := time.Date(day.Year(), day.Month(), day.Day()+n, hour, minute, 0, 0, zone); due.After(after) {
				return due
			}
		}
	}}
}

// Every comes round in steps of a duration of at least a second: every ten
// minutes is at :00, :10 and so on.
func Every(name string, d time.Duration, run Round) Periodic {
	return Periodic{Name: name, Run: run, Next: func(after time.Time) time.Time { return after.Truncate(d).Add(d) }}
}

// noDay is how many due times in a row may be passed over: a year of days.
const noDay = 366

// On keeps to some days, such as working days.
func (p Periodic) On(day func(at time.Time) bool) Periodic {
	every := p.Next
	p.Next = func(after time.Time) time.Time {
		due := every(after)
		for range noDay {
			if day(due) {
				break
			}
			due = every(due)
		}
		return due
	}
	return p
}

// round is the job of one due time.
type round struct {
	Name string    `json:"name"`
	Due  time.Time `json:"due"`
}

// Kind names the job in the queue.
func (round) Kind() string { return "periodic" }

const (
	// roundTries is never reached: a round is given up when the next is due.
	roundTries = 1000
	// retryAtMost is the longest pause before failed work is tried again.
	retryAtMost = 5 * time.Minute
	// strangeFor is how long a round that this release does not know waits for
	// a replica that does; after that nobody does any more.
	strangeFor = 48 * time.Hour
)

// InsertOpts schedules a round for its due time, once.
func (r round) InsertOpts() river.InsertOpts {
	return river.InsertOpts{ScheduledAt: r.Due, MaxAttempts: roundTries, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

func (p Periodic) roundAfter(at time.Time) round {
	return round{Name: p.Name, Due: p.Next(at).UTC()}
}

// rounds works the periodic jobs.
type rounds struct {
	river.WorkerDefaults[round]
	pool *pgxpool.Pool
	all  map[string]Periodic
	now  func() time.Time
	log  *slog.Logger
}

// NextRetry is soon, and then every few minutes.
func (w *rounds) NextRetry(job *river.Job[round]) time.Time {
	pause := time.Duration(job.Attempt*job.Attempt) * time.Second
	return w.now().Add(min(pause, retryAtMost))
}

// Work does one round and schedules the next.
func (w *rounds) Work(ctx context.Context, job *river.Job[round]) error {
	p, known := w.all[job.Args.Name]
	if !known {
		if w.now().Sub(job.Args.Due) < strangeFor {
			return river.JobSnooze(time.Minute)
		}
		return nil
	}
	if job.Args.Due.Equal(p.Next(job.Args.Due.Add(-time.Nanosecond))) { // still on the timetable
		again, err := p.Run(ctx, job.Args.Due)
		switch {
		case err != nil && w.now().Before(p.Next(job.Args.Due)):
			return err
		case err != nil:
			w.log.LogAttrs(ctx, slog.LevelError, "periodic work given up until its next time",
				slog.String("name", p.Name), slog.String("cause", err.Error()))
		case !again.IsZero():
			return river.JobSnooze(max(time.Second, again.Sub(w.now())))
		}
	}
	return w.goOn(ctx, p, job)
}

// goOn completes a round and schedules the next, both or neither.
func (w *rounds) goOn(ctx context.Context, p Periodic, job *river.Job[round]) error {
	from := w.now()
	if from.Before(job.Args.Due) {
		from = job.Args.Due
	}
	err := pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) error {
		next := p.roundAfter(from)
		if _, err := river.ClientFromContext[pgx.Tx](ctx).InsertTx(ctx, tx, next, nil); err != nil {
			return err
		}
		_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	})
	if err != nil {
		return fmt.Errorf("next round of %s: %w", p.Name, err)
	}
	return nil
}

// begin has every periodic job come round; those that do already stay.
func (q *Queue) begin(ctx context.Context) error {
	for _, p := range q.periodic {
		if _, err := q.client.Insert(ctx, p.roundAfter(q.now()), nil); err != nil {
			return fmt.Errorf("first round of %s: %w", p.Name, err)
		}
	}
	return nil
}
