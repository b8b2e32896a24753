package store

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

// Schedule has a reminder run at a time. The same reminder is scheduled once,
// however often this is called.
func (s *Store) Schedule(ctx context.Context, r umkm.DraftReminder, at time.Time) error {
	options := river.InsertOpts{ScheduledAt: at, UniqueOpts: river.UniqueOpts{ByArgs: true}}
	if _, err := s.jobs.Insert(ctx, r, &options); err != nil {
		return fmt.Errorf("schedule draft reminder: %w", classify(err))
	}
	return nil
}
