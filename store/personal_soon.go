package store

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

// personalTries, with the queue's growing pauses, last a little over an hour.
const personalTries = 8

// SendPersonalSoon has a copy of what is held of somebody made and sent. The
// same job is done once, however often this is called.
func (s *Store) SendPersonalSoon(ctx context.Context, job umkm.SendPersonal) error {
	options := river.InsertOpts{Queue: umkm.CardQueue, MaxAttempts: personalTries, UniqueOpts: river.UniqueOpts{ByArgs: true}}
	if _, err := s.jobs.Insert(ctx, job, &options); err != nil {
		return fmt.Errorf("ask for a personal copy: %w", classify(err))
	}
	return nil
}

// NoticeErasureAt has a person told of an erasure at a time, once for each.
func (s *Store) NoticeErasureAt(ctx context.Context, job umkm.NoticeErasure, at time.Time) error {
	options := river.InsertOpts{ScheduledAt: at, UniqueOpts: river.UniqueOpts{ByArgs: true}}
	if _, err := s.jobs.Insert(ctx, job, &options); err != nil {
		return fmt.Errorf("have an erasure told: %w", classify(err))
	}
	return nil
}
