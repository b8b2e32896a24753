package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"umkmbot/internal/umkm"
)

// alive are the states of jobs that will still run, or do.
var alive = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// Of a broadcast one message of a chat is kept up to date, the newest. Its own
// job may rest for a while: something has happened now.
const sqlShowAnew = `
DELETE FROM river_job
WHERE kind = 'show_broadcast' AND state IN ('available', 'retryable', 'scheduled') AND args->>'chat' = $1::bigint::text AND args->>'broadcast' = $2`

// ShowBroadcastSoon has a message kept up to date from a time on, in place of
// others of the same chat; while that is being done, asking again does nothing.
func (s *Store) ShowBroadcastSoon(ctx context.Context, job umkm.ShowBroadcast, from time.Time) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlShowAnew, job.Chat, job.Broadcast); err != nil {
			return err
		}
		options := river.InsertOpts{ScheduledAt: from, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: alive}}
		_, err := s.jobs.InsertTx(ctx, tx, job, &options)
		return err
	})
	if err != nil {
		return fmt.Errorf("have a broadcast shown: %w", classify(err))
	}
	return nil
}

// BroadcastFileSoon has a file about a broadcast made and sent. The same update
// asks once for one file.
func (s *Store) BroadcastFileSoon(ctx context.Context, job umkm.BroadcastFile) error {
	return s.soon(ctx, job)
}

// NoticeBroadcastSoon has one of the staff told of a broadcast, once.
func (s *Store) NoticeBroadcastSoon(ctx context.Context, job umkm.NoticeBroadcast) error {
	return s.soon(ctx, job)
}

// BroadcastMonthSoon has one of the admins told what was sent in a month, once.
func (s *Store) BroadcastMonthSoon(ctx context.Context, job umkm.BroadcastMonth) error {
	return s.soon(ctx, job)
}

// HaltBroadcast pauses one that is being sent, by no officer's hand, and has
// its author told. Of one that is not being sent it does nothing.
// umkm.ErrNoBroadcast.
func (s *Store) HaltBroadcast(ctx context.Context, id string, at time.Time) error {
	err := s.atomically(ctx, func(tx pgx.Tx) error {
		b, err := findBroadcast(ctx, tx, sqlLockBroadcast, id)
		if err != nil || b.State != umkm.BroadcastBegun {
			return err
		}
		turned, _, err := s.turnMailings(ctx, tx, b, umkm.MailingPaused)
		if err != nil || turned == 0 {
			return err
		}
		if err := s.noticeBroadcast(ctx, tx, b, umkm.NoticeHalted); err != nil {
			return err
		}
		return addAudit(ctx, tx, auditEntry{Actor: clockActor, Action: "broadcast.paused", Subject: broadcastSubject(b.ID), At: at})
	})
	if err != nil {
		return fmt.Errorf("halt broadcast: %w", classify(err))
	}
	return nil
}

// noticeBroadcast has the staff told of a broadcast of some version.
func (s *Store) noticeBroadcast(ctx context.Context, tx pgx.Tx, b broadcastRow, what umkm.BroadcastNotice) error {
	job := umkm.NoticeBroadcast{Broadcast: b.ID.String(), Version: b.Version, What: what}
	if _, err := s.jobs.InsertTx(ctx, tx, job, nil); err != nil {
		return fmt.Errorf("have the staff told: %w", err)
	}
	return nil
}
