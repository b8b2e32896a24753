package store

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"umkmbot/internal/logid"
	"umkmbot/internal/umkm"
)

// openJobs makes a client that only inserts.
func openJobs(pool *pgxpool.Pool, now func() time.Time) (*river.Client[pgx.Tx], error) {
	jobs, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Logger:     slog.New(slog.DiscardHandler),
		Middleware: []rivertype.Middleware{river.JobInsertMiddlewareFunc(nameOrigin)},
		Test:       river.TestConfig{Time: umkm.Clock(now)},
	})
	if err != nil {
		return nil, fmt.Errorf("job queue: %w", err)
	}
	return jobs, nil
}

// nameOrigin has every job remember the update that causes it.
func nameOrigin(ctx context.Context, jobs []*rivertype.JobInsertParams, insert func(context.Context) ([]*rivertype.JobInsertResult, error)) ([]*rivertype.JobInsertResult, error) {
	for _, j := range jobs {
		j.Metadata = logid.Metadata(ctx, j.Metadata)
	}
	return insert(ctx)
}
