package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

// ShowSoon has the pages of a case shown. The same update asks once.
func (s *Store) ShowSoon(ctx context.Context, job umkm.ShowCase) error {
	options := river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}}
	if _, err := s.jobs.Insert(ctx, job, &options); err != nil {
		return fmt.Errorf("have a case shown: %w", classify(err))
	}
	return nil
}

const sqlNoticeChats = `
SELECT a.telegram_id, a.language
FROM reviews r
JOIN cases c ON c.id = r."case"
JOIN documents d ON d.id = r."case"
JOIN account_owners o ON o.owner = c.owner
JOIN accounts a ON a.telegram_id = o.account
WHERE r.id = $1
ORDER BY a.telegram_id <> d.account, NOT a.reachable, a.telegram_id
LIMIT 10`

// NoticeChats lists who may be told of a decision: the account that handed the
// document in, then others that act for its owner, those that can be reached
// first. Each comes with its language.
func (s *Store) NoticeChats(ctx context.Context, review string) ([]umkm.NoticeChat, error) {
	id, err := uuid.Parse(review)
	if err != nil {
		return nil, fmt.Errorf("find whom to tell: %w", umkm.ErrNotYours)
	}
	rows, _ := s.pool.Query(ctx, sqlNoticeChats, id)
	chats, err := pgx.CollectRows(rows, pgx.RowToStructByPos[umkm.NoticeChat])
	if err != nil {
		return nil, fmt.Errorf("find whom to tell: %w", err)
	}
	return chats, nil
}

// DigestSoon has a reviewer told what waits, once a day.
func (s *Store) DigestSoon(ctx context.Context, job umkm.Digest) error {
	options := river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}}
	if _, err := s.jobs.Insert(ctx, job, &options); err != nil {
		return fmt.Errorf("schedule digest: %w", classify(err))
	}
	return nil
}

const sqlClaimDigest = `
INSERT INTO digests (account, day) SELECT telegram_id, $2 FROM staff WHERE telegram_id = $1
ON CONFLICT (account) DO UPDATE SET day = excluded.day WHERE digests.day < excluded.day
RETURNING true`

// ClaimDigest notes that a reviewer is being told what waits on a day; false:
// they have been, or may have been.
func (s *Store) ClaimDigest(ctx context.Context, account int64, day time.Time) (first bool, err error) {
	err = s.pool.QueryRow(ctx, sqlClaimDigest, account, day.Format(time.DateOnly)).Scan(&first)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("claim digest: %w", classify(err))
	}
	return first, nil
}

const sqlDropDigest = `DELETE FROM digests WHERE account = $1 AND day = $2`

// DropDigest takes back what ClaimDigest noted: the reviewer was not told.
func (s *Store) DropDigest(ctx context.Context, account int64, day time.Time) error {
	if _, err := s.pool.Exec(ctx, sqlDropDigest, account, day.Format(time.DateOnly)); err != nil {
		return fmt.Errorf("drop digest: %w", classify(err))
	}
	return nil
}
