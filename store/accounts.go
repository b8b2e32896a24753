package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

const sqlSetLanguage = `UPDATE accounts SET language = $2 WHERE telegram_id = $1`

// SetLanguage keeps an account's language. Of an account that has not
// consented yet nothing is stored; its chat remembers.
func (s *Store) SetLanguage(ctx context.Context, account int64, language string) error {
	if _, err := s.pool.Exec(ctx, sqlSetLanguage, account, language); err != nil {
		return fmt.Errorf("set language: %w", classify(err))
	}
	return nil
}

// News that is older than what is known changes nothing: blocks and returns
// arrive on separate ways.
const sqlSetReachable = `
UPDATE accounts SET reachable = $2, reachable_since = $3
WHERE telegram_id = $1 AND reachable <> $2 AND reachable_since <= $3`

// MarkUnreachable notes that an account blocked the bot or is gone, and has
// looked at what is kept for those who could be reached through it. The chat is
// marked first: a mark too many costs a look at the records when they write
// again, one too few would leave them unreachable.
func (s *Store) MarkUnreachable(ctx context.Context, account int64, at time.Time) error {
	if err := s.Chats.setAway(ctx, account); err != nil {
		return err
	}
	return s.atomically(ctx, func(tx pgx.Tx) error {
		if _, err := setReachable(ctx, tx, account, false, at); err != nil {
			return err
		}
		return s.seatsSoon(ctx, tx, account, at)
	})
}

// MarkReachable notes that an account writes again or unblocked the bot, and
// has it told at once what was decided while it was away.
func (s *Store) MarkReachable(ctx context.Context, account int64, at time.Time) error {
	return s.atomically(ctx, func(tx pgx.Tx) error {
		changed, err := setReachable(ctx, tx, account, true, at)
		if err != nil || !changed {
			return err
		}
		if err := s.seatsSoon(ctx, tx, account, at); err != nil {
			return err
		}
		return s.tellWaiting(ctx, tx, account)
	})
}

func setReachable(ctx context.Context, q querier, account int64, reachable bool, at time.Time) (changed bool, err error) {
	tag, err := q.Exec(ctx, sqlSetReachable, account, reachable, at)
	if err != nil {
		return false, fmt.Errorf("mark account's reachability: %w", classify(err))
	}
	return tag.RowsAffected() > 0, nil
}

// Decisions that nobody has been told of, the newest first; what is older
// stands in the wallet.
const sqlUntold = `
SELECT r.id::text FROM account_owners a
JOIN cases c ON c.owner = a.owner
JOIN reviews r ON r."case" = c.id
WHERE a.account = $1 AND r.undone_at IS NULL AND coalesce(r.notice_chat, 0) = 0
ORDER BY r.at DESC LIMIT 20`

// tellWaiting has an account told of decisions again. The jobs that keep
// trying to reach it find them told.
func (s *Store) tellWaiting(ctx context.Context, tx pgx.Tx, account int64) error {
	rows, _ := tx.Query(ctx, sqlUntold, account)
	reviews, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("find decisions untold: %w", err)
	}
	jobs := make([]river.InsertManyParams, 0, len(reviews))
	for _, id := range reviews {
		jobs = append(jobs, river.InsertManyParams{Args: umkm.NoticeDecision{Review: id}})
	}
	if len(jobs) == 0 {
		return nil
	}
	if _, err := s.jobs.InsertManyTx(ctx, tx, jobs); err != nil {
		return fmt.Errorf("schedule notices: %w", err)
	}
	return nil
}
