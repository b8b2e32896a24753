package store

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// clock is the program's clock in the form the job queue takes. NowOrNil never
// says nil, so that the queue's SQL does not fall back on now().
type clock struct{ now func() time.Time }

func (c clock) Now() time.Time       { return c.now() }
func (c clock) NowOrNil() *time.Time { t := c.now(); return &t }

// openJobs makes a client that only inserts.
func openJobs(pool *pgxpool.Pool, now func() time.Time) (*river.Client[pgx.Tx], error) {
	jobs, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Logger: slog.New(slog.DiscardHandler),
		Test:   river.TestConfig{Time: clock{now}},
	})
	if err != nil {
		return nil, fmt.Errorf("job queue: %w", err)
	}
	return jobs, nil
}
