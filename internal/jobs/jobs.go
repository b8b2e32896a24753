// Package jobs works what is due later: reminders and replies held back. The
// queue is River's, in the database of the records, so that a job commits with
// the record that causes it. Jobs carry ids only.
package jobs

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"umkmbot/internal/logid"
	"umkmbot/internal/umkm"
)

// Work is what the jobs have done. A time that is not zero asks for the same
// job again then.
type Work interface {
	RemindDraft(context.Context, umkm.DraftReminder) (again time.Time, err error)
	SendHeld(ctx context.Context, chat int64) (again time.Time, err error)
	DrawCard(context.Context, umkm.DrawCard) (again time.Time, err error)
	DrawPlan(context.Context, umkm.DrawPlan) (again time.Time, err error)
	FetchFile(context.Context, umkm.FetchFile) (again time.Time, err error)
	ShowDocument(context.Context, umkm.ShowDocument) (again time.Time, err error)
	RemoveFleeting(context.Context, umkm.Fleeting) (again time.Time, err error)
	ShowCase(context.Context, umkm.ShowCase) (again time.Time, err error)
	CaseLapsed(context.Context, umkm.CaseLapsed) (again time.Time, err error)
	CaseReplaced(context.Context, umkm.CaseReplaced) (again time.Time, err error)
	NoticeDecision(context.Context, umkm.NoticeDecision) (again time.Time, err error)
	NoticeUndone(context.Context, umkm.NoticeUndone) (again time.Time, err error)
	NoticeRequest(context.Context, umkm.NoticeRequest) (again time.Time, err error)
	NoticeMessage(context.Context, umkm.NoticeMessage) (again time.Time, err error)
	SendDigest(context.Context, umkm.Digest) (again time.Time, err error)
	ShowPaper(context.Context, umkm.ShowPaper) (again time.Time, err error)
	CaseDue(context.Context, umkm.CaseDue) (again time.Time, err error)
	NoticeOverdue(context.Context, umkm.NoticeOverdue) (again time.Time, err error)
	SendMailing(context.Context, umkm.SendMailing) (again time.Time, err error)
	NoticeSeat(context.Context, umkm.NoticeSeat) (again time.Time, err error)
	SendTrainingFile(context.Context, umkm.TrainingFile) (again time.Time, err error)
	ShowBroadcast(context.Context, umkm.ShowBroadcast) (again time.Time, err error)
	SendBroadcastFile(context.Context, umkm.BroadcastFile) (again time.Time, err error)
	NoticeBroadcast(context.Context, umkm.NoticeBroadcast) (again time.Time, err error)
	SendBroadcastMonth(context.Context, umkm.BroadcastMonth) (again time.Time, err error)
	SendPersonal(context.Context, umkm.SendPersonal) (again time.Time, err error)
	NoticeErasure(context.Context, umkm.NoticeErasure) (again time.Time, err error)
	EraseDue(context.Context, umkm.EraseDue) (again time.Time, err error)
}

// Config is what a Queue is made of.
type Config struct {
	Pool    *pgxpool.Pool
	Work    Work
	Now     func() time.Time
	Log     *slog.Logger
	Workers int // jobs at once, at least 1
	// Pooled: a pooler in transaction mode stands before the database, where
	// nobody can listen. The queue then looks for jobs once a second.
	Pooled bool
	// RescueAfter is when a job counts as left behind by a process that died,
	// and is worked again; 0: RescueAfter. One run of a job is given a third of
	// it, so that what is rescued runs nowhere any more.
	RescueAfter time.Duration
	// ScanFile asks the virus scanner about a file; nil: no files are kept.
	ScanFile func(context.Context, umkm.ScanFile) (again time.Time, err error)
	// TrainingDue does what a training has come to, and AccountLost looks at
	// the seats of an account that has gone or come back; nil: nobody does.
	TrainingDue func(context.Context, umkm.TrainingDue) (again time.Time, err error)
	// BroadcastDue begins a broadcast; nil: nobody does.
	BroadcastDue func(context.Context, umkm.BroadcastDue) (again time.Time, err error)
	AccountLost  func(context.Context, umkm.AccountLost) (again time.Time, err error)
	// Periodic is what comes round, each under a name of its own.
	Periodic []Periodic
}

// RescueAfter is what a Config without one has: a run of a job has a minute.
const RescueAfter = 3 * time.Minute

// drawers is how many cards are drawn at once: drawing takes a processor.
const drawers = 2

// scanners is how many files are scanned at once: a scanner that hangs must
// not keep other jobs waiting.
const scanners = 2

// mailers is how many lanes of mailings are worked at once: with two, one
// claims while the other sends, and a small mailing passes a large one.
const mailers = 2

// Queue works jobs until it is stopped.
type Queue struct {
	client   *river.Client[pgx.Tx]
	stopping context.CancelFunc
	working  atomic.Bool
	periodic []Periodic
	now      func() time.Time
	log      *slog.Logger
}

// startAgain is the pause after a start that failed.
const startAgain = time.Second

// workers are the kinds of jobs, each with who does it.
func (c Config) workers() *river.Workers {
	workers := river.NewWorkers()
	add(workers, c.Now, c.Work.RemindDraft)
	add(workers, c.Now, func(ctx context.Context, job umkm.SendHeld) (time.Time, error) { return c.Work.SendHeld(ctx, job.Chat) })
	add(workers, c.Now, c.Work.DrawCard)
	add(workers, c.Now, c.Work.DrawPlan)
	add(workers, c.Now, c.Work.FetchFile)
	add(workers, c.Now, c.Work.ShowDocument)
	add(workers, c.Now, c.Work.RemoveFleeting)
	add(workers, c.Now, c.Work.ShowCase)
	add(workers, c.Now, c.Work.CaseLapsed)
	add(workers, c.Now, c.Work.CaseReplaced)
	add(workers, c.Now, c.Work.NoticeDecision)
	add(workers, c.Now, c.Work.NoticeUndone)
	add(workers, c.Now, c.Work.NoticeRequest)
	add(workers, c.Now, c.Work.NoticeMessage)
	add(workers, c.Now, c.Work.SendDigest)
	add(workers, c.Now, c.Work.ShowPaper)
	add(workers, c.Now, c.Work.CaseDue)
	add(workers, c.Now, c.Work.NoticeOverdue)
	add(workers, c.Now, c.Work.NoticeSeat)
	add(workers, c.Now, c.Work.SendTrainingFile)
	add(workers, c.Now, c.Work.ShowBroadcast)
	river.AddWorker(workers, &slowWorker[umkm.BroadcastFile]{work: c.Work.SendBroadcastFile, now: c.Now})
	add(workers, c.Now, c.Work.NoticeBroadcast)
	add(workers, c.Now, c.Work.SendBroadcastMonth)
	add(workers, c.Now, c.Work.SendPersonal)
	add(workers, c.Now, c.Work.NoticeErasure)
	add(workers, c.Now, c.Work.EraseDue)
	addIf(workers, c.Now, c.ScanFile)
	addIf(workers, c.Now, c.TrainingDue)
	addIf(workers, c.Now, c.BroadcastDue)
	addIf(workers, c.Now, c.AccountLost)
	return workers
}

// New makes a queue that is not working yet.
func New(c Config) (*Queue, error) {
	workers := c.workers()
	ends, stopping := context.WithCancel(context.Background())
	river.AddWorker(workers, &longWorker[umkm.SendMailing]{pool: c.Pool, work: c.Work.SendMailing, ends: ends, now: c.Now, log: c.Log})
	periodic := &rounds{pool: c.Pool, all: map[string]Periodic{}, now: c.Now, log: c.Log}
	for _, p := range c.Periodic {
		if _, taken := periodic.all[p.Name]; taken {
			stopping()
			return nil, fmt.Errorf("job queue: two periodic works are called %q", p.Name)
		}
		periodic.all[p.Name] = p
	}
	river.AddWorker(workers, periodic)
	rescue := cmp.Or(c.RescueAfter, RescueAfter)
	client, err := river.NewClient(riverpgxv5.New(c.Pool), &river.Config{
		Queues: map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: max(1, c.Workers)},
			umkm.CardQueue:     {MaxWorkers: drawers},
			umkm.FileQueue:     {MaxWorkers: scanners},
			umkm.MailingQueue:  {MaxWorkers: mailers},
		},
		Workers:              workers,
		PollOnly:             c.Pooled,
		Logger:               c.Log,
		Middleware:           []rivertype.Middleware{river.WorkerMiddlewareFunc(named)},
		JobTimeout:           rescue / 3,
		RescueStuckJobsAfter: rescue,
		RetryPolicy:          retries{c.Now},
		Test:                 river.TestConfig{Time: umkm.Clock(c.Now)},
	})
	if err != nil {
		stopping()
		return nil, fmt.Errorf("job queue: %w", err)
	}
	return &Queue{client: client, stopping: stopping, periodic: c.Periodic, now: c.Now, log: c.Log}, nil
}

// named has the log lines of a job's work name it and what caused it.
func named(ctx context.Context, job *rivertype.JobRow, work func(context.Context) error) error {
	return work(logid.WithJob(ctx, job.ID, job.Metadata))
}

// add has the jobs of one kind done by work.
func add[A river.JobArgs](workers *river.Workers, now func() time.Time, work func(context.Context, A) (time.Time, error)) {
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[A]) error {
		return later(now, func() (time.Time, error) { return work(ctx, job.Args) })
	}))
}

// addIf is add of what may be left undone.
func addIf[A river.JobArgs](workers *river.Workers, now func() time.Time, work func(context.Context, A) (time.Time, error)) {
	if work != nil {
		add(workers, now, work)
	}
}

// later runs work and puts the job back when it is not its time yet.
func later(now func() time.Time, work func() (time.Time, error)) error {
	again, err := work()
	if err != nil {
		return err
	}
	if again.IsZero() {
		return nil
	}
	return river.JobSnooze(max(time.Second, again.Sub(now())))
}

// Working reports whether the queue has started and not ended.
func (q *Queue) Working() bool { return q.working.Load() }

// Run works jobs until ctx ends and finishes those in hand. Where the database
// is away at the start it is waited for.
func (q *Queue) Run(ctx context.Context, drain time.Duration) error {
	for {
		err := q.begin(ctx)
		if err == nil {
			err = q.client.Start(context.WithoutCancel(ctx))
		}
		if err == nil {
			break
		}
		q.log.LogAttrs(ctx, slog.LevelError, "cannot start the job queue", slog.String("cause", err.Error()))
		select {
		case <-time.After(startAgain):
		case <-ctx.Done():
			return nil
		}
	}
	q.working.Store(true)
	defer q.working.Store(false)
	<-ctx.Done()
	q.stopping()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if err := q.client.Stop(stop); err != nil {
		return q.client.StopAndCancel(context.WithoutCancel(ctx))
	}
	return nil
}
