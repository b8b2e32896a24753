package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"umkmbot/internal/umkm"
)

const sqlKeepFleeting = `
INSERT INTO fleeting (chat, message, subject, until)
SELECT $1, message, $3, $4 FROM unnest($2::bigint[]) AS m (message)
ON CONFLICT (chat, message) DO UPDATE SET subject = excluded.subject, until = excluded.until`

const sqlProlongFleeting = `UPDATE fleeting SET until = $3 WHERE chat = $1 AND subject = $2 AND until <> $3`

// KeepFleeting remembers messages that are to go from a chat at a time, with
// the job that sees to it; to be called right after each was sent. Those of
// the same subject that are there already stay as long; without messages it
// does only that.
func (s *Store) KeepFleeting(ctx context.Context, chat int64, messages []int, subject string, until time.Time) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlProlongFleeting, chat, subject, until); err != nil || len(messages) == 0 {
			return err
		}
		if _, err := tx.Exec(ctx, sqlKeepFleeting, chat, messages, subject, until); err != nil {
			return err
		}
		// A job that is over says nothing about messages that came after it.
		options := river.InsertOpts{ScheduledAt: until, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
			rivertype.JobStateRunning, rivertype.JobStateScheduled,
		}}}
		_, err := s.jobs.InsertTx(ctx, tx, umkm.Fleeting{Chat: chat, Subject: subject, Until: until.Unix()}, &options)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep fleeting messages: %w", classify(err))
	}
	return nil
}

const sqlTakeFleeting = `SELECT message FROM fleeting WHERE chat = $1 AND subject = $2 ORDER BY message`

// TakeFleeting lists what a chat has of a subject, to be deleted before its
// time. It stays recorded until then, so that a turn that is taken again finds
// it again; deleting a message twice harms nobody.
func (s *Store) TakeFleeting(ctx context.Context, chat int64, subject string) ([]int, error) {
	rows, _ := s.pool.Query(ctx, sqlTakeFleeting, chat, subject)
	messages, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		return nil, fmt.Errorf("take fleeting messages: %w", err)
	}
	return messages, nil
}

const sqlDueFleeting = `
SELECT message, until FROM fleeting WHERE chat = $1 AND subject = $2 ORDER BY until, message`

// DueFleeting lists the messages of a subject whose time has come, and when
// the next is due: zero when there are no more.
func (s *Store) DueFleeting(ctx context.Context, chat int64, subject string, at time.Time) (due []int, next time.Time, err error) {
	rows, _ := s.pool.Query(ctx, sqlDueFleeting, chat, subject)
	var message int
	var until time.Time
	_, err = pgx.ForEachRow(rows, []any{&message, &until}, func() error {
		if until.After(at) {
			next = until
			return errEnough
		}
		due = append(due, message)
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, time.Time{}, fmt.Errorf("due fleeting messages: %w", err)
	}
	return due, next, nil
}

// errEnough ends the reading of rows.
var errEnough = errors.New("store: enough rows")

const sqlDropFleeting = `DELETE FROM fleeting WHERE chat = $1 AND message = ANY($2::bigint[])`

// DropFleeting forgets messages that are gone.
func (s *Store) DropFleeting(ctx context.Context, chat int64, messages []int) error {
	if _, err := s.pool.Exec(ctx, sqlDropFleeting, chat, messages); err != nil {
		return fmt.Errorf("drop fleeting messages: %w", classify(err))
	}
	return nil
}
