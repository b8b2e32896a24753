package store

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"umkmbot/internal/umkm"
)

// openJobs makes a client that only inserts.
func openJobs(pool *pgxpool.Pool, now func() time.Time) (*river.Client[pgx.Tx], error) {
	jobs, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Logger: slog.New(slog.DiscardHandler),
		Test:   river.TestConfig{Time: umkm.Clock(now)},
	})
	if err != nil {
		return nil, fmt.Errorf("job queue: %w", err)
	}
	return jobs, nil
}
