package store

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

// PaperSoon has the pages of a paper shown. The same update asks once.
func (s *Store) PaperSoon(ctx context.Context, job umkm.ShowPaper) error { return s.soon(ctx, job) }

// OverdueSoon has one of the staff told of a case that waits for too long, once.
func (s *Store) OverdueSoon(ctx context.Context, job umkm.NoticeOverdue) error {
	return s.soon(ctx, job)
}

// soon adds a job unless there is the same already.
func (s *Store) soon(ctx context.Context, job river.JobArgs) error {
	if _, err := s.jobs.Insert(ctx, job, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}}); err != nil {
		return fmt.Errorf("add a job of %s: %w", job.Kind(), classify(err))
	}
	return nil
}
