package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
)

const (
	// sweepAge is what the sweeper leaves alone, younger than this.
	sweepAge = time.Hour
	// sweepPage is how many files are looked at at once; sweepMost bounds a
	// run, which must be over within a job's minute. The next goes on there.
	sweepPage  = 500
	sweepMost  = 10_000
	sweepLimit = 40 * time.Second
)

// SweepFiles removes what nobody needs: staged files over an hour old that no
// draft names, objects without a row, leftovers of killed writes. Rows whose
// object is missing are logged and counted. To be called every few minutes,
// with the time at which it is due: a run does its part and remembers how far
// it came. One that breaks off has done no harm.
func (s *Store) SweepFiles(ctx context.Context, _ time.Time) (again time.Time, err error) {
	if s.uploads.files == nil {
		return time.Time{}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, sweepLimit)
	defer cancel()
	// In another database's place everything would be an orphan.
	if err := s.CheckFiles(ctx); err != nil {
		return time.Time{}, err
	}
	return time.Time{}, errors.Join(
		s.sweepPages(ctx, "staged", s.sweepStaged),
		s.sweepPages(ctx, areaFiles, s.compareFiles),
		s.sweepPages(ctx, areaQuarantine, s.compareQuarantine),
		s.sweepLeftovers(ctx),
	)
}

func (s *Store) sweepLeftovers(ctx context.Context) error {
	n, err := s.uploads.files.Sweep(ctx, sweepAge)
	s.uploads.counts.swept.Add(int64(n))
	return err
}

const (
	sqlSweptTo  = `SELECT after FROM file_sweeps WHERE name = $1`
	sqlSweepOn  = `INSERT INTO file_sweeps (name, after) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET after = excluded.after`
	sweepsStart = ""
)

// sweepPages calls page with where the last call ended until it says the
// start, has seen enough or fails; the next run goes on from there.
func (s *Store) sweepPages(ctx context.Context, name string, page func(ctx context.Context, after string) (next string, n int, err error)) error {
	rows, _ := s.pool.Query(ctx, sqlSweptTo, name)
	after, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[string])
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("sweep %s: %w", name, err)
	}
	for seen := 0; seen < sweepMost; {
		next, n, err := page(ctx, after)
		if err != nil {
			return fmt.Errorf("sweep %s: %w", name, err)
		}
		if _, err := s.pool.Exec(ctx, sqlSweepOn, name, next); err != nil {
			return fmt.Errorf("sweep %s: %w", name, err)
		}
		if next == sweepsStart {
			return nil
		}
		after, seen = next, seen+n
	}
	return nil
}

const sqlStagedFiles = `
SELECT id, account FROM files WHERE state = 'staged' AND created_at < $1 AND id > $2
ORDER BY id LIMIT $3`

type stagedFile struct {
	ID      uuid.UUID
	Account int64
}

// sweepStaged removes a page of files that no draft names.
func (s *Store) sweepStaged(ctx context.Context, after string) (next string, n int, err error) {
	rows, _ := s.pool.Query(ctx, sqlStagedFiles, s.now().Add(-sweepAge), idOf(after), sweepPage)
	staged, err := pgx.CollectRows(rows, pgx.RowToStructByPos[stagedFile])
	if err != nil {
		return "", 0, err
	}
	for _, f := range staged {
		live, err := s.Chats.Drafted(ctx, f.Account, f.ID.String())
		if err == nil && !live {
			err = s.dropStaged(ctx, f.ID)
		}
		if err != nil {
			return "", 0, err
		}
	}
	if len(staged) < sweepPage {
		return sweepsStart, len(staged), nil
	}
	return staged[len(staged)-1].ID.String(), len(staged), nil
}

const sqlLockStaged = `SELECT id FROM files WHERE id = $1 AND state = 'staged' FOR UPDATE SKIP LOCKED`

// dropStaged removes object and row while nobody can attach the file.
func (s *Store) dropStaged(ctx context.Context, id uuid.UUID) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		locked, err := tx.Exec(ctx, sqlLockStaged, id)
		if err != nil || locked.RowsAffected() == 0 {
			return err
		}
		if err := s.uploads.files.Delete(ctx, objectKey(areaFiles, id)); err != nil {
			return err
		}
		s.uploads.counts.swept.Add(1)
		_, err = tx.Exec(ctx, sqlDropFile, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("drop file: %w", err)
	}
	return nil
}

// Drafted reports whether an open dialog of a chat names a file. It looks at
// the chat without taking it.
func (c *Chats) Drafted(ctx context.Context, chat int64, file string) (bool, error) {
	sealed, err := c.client.HGet(ctx, chatKey(chat), "state").Result()
	if errors.Is(err, redis.Nil) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read chat's state: %w", err)
	}
	plain, err := c.open(chat, 's', sealed)
	if err != nil {
		return false, fmt.Errorf("open chat's state: %w", err)
	}
	// Wherever in the state it stands: an answer, what a step collects, a
	// dialog put aside. Nothing else has the form of a file's id.
	return file != "" && strings.Contains(string(plain), file), nil
}
