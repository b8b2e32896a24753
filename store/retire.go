package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// retirePage is how many accounts are looked at at once.
const retirePage = 1000

const (
	sqlNextAccounts = `SELECT telegram_id FROM accounts WHERE telegram_id > $1 ORDER BY telegram_id LIMIT $2`

	// Of an owner the account that was heard of last is told. Whoever works for
	// the office, has something waiting there, or stands to be erased, stays.
	sqlRetiring = `
SELECT DISTINCT ON (l.owner) a.telegram_id AS account, l.owner
FROM accounts a JOIN account_owners l ON l.account = a.telegram_id
WHERE a.telegram_id = ANY($1) AND a.seen_at < $2 AND a.created_at < $2
	AND NOT EXISTS (SELECT FROM staff s WHERE s.telegram_id = a.telegram_id)
	AND NOT EXISTS (SELECT FROM erasures e WHERE e.owner = l.owner AND e.state = 'waiting')
	AND NOT EXISTS (SELECT FROM account_owners m JOIN accounts o ON o.telegram_id = m.account
		WHERE m.owner = l.owner AND (o.seen_at >= $2 OR (o.seen_at, o.telegram_id) > (a.seen_at, a.telegram_id)))
	AND NOT EXISTS (SELECT FROM businesses b WHERE b.owner = l.owner AND b.registered_at >= $2)
	AND NOT EXISTS (SELECT FROM cases c WHERE c.owner = l.owner AND (c.state IN ('waiting', 'desk', 'held_back') OR c.since >= $2
		OR EXISTS (SELECT FROM reviews r WHERE r."case" = c.id AND r.at >= $2) OR EXISTS (SELECT FROM messages m WHERE m."case" = c.id AND m.at >= $2)
		OR EXISTS (SELECT FROM request_steps h WHERE h.request = c.id AND h.at >= $2)))
	AND NOT EXISTS (SELECT FROM seats s WHERE s.owner = l.owner AND s.in_at >= $2)
UNION ALL
SELECT a.telegram_id, NULL FROM accounts a
WHERE a.telegram_id = ANY($1) AND a.seen_at < $2 AND a.created_at < $2
	AND NOT EXISTS (SELECT FROM staff s WHERE s.telegram_id = a.telegram_id)
	AND NOT EXISTS (SELECT FROM account_owners l WHERE l.account = a.telegram_id)
	AND NOT EXISTS (SELECT FROM erasures e WHERE e.account = a.telegram_id AND e.owner IS NULL AND e.state IN ('waiting', 'working'))
	AND NOT EXISTS (SELECT FROM cases c WHERE c.account = a.telegram_id AND (c.state <> 'closed' OR c.since >= $2
		OR EXISTS (SELECT FROM messages m WHERE m."case" = c.id AND m.at >= $2)))`
)

// retireSweep names how far the accounts have been gone through.
const retireSweep = "retire"

// retireAll plans the erasure of owners of whom nothing was heard for long after
// the office last did something for them, and of accounts that are nobody's.
func (s *Store) retireAll(ctx context.Context, at time.Time) error {
	if s.retention.Owners == 0 {
		return nil
	}
	before := at.AddDate(0, 0, -s.retention.Owners)
	after, err := s.sweptTo(ctx, retireSweep)
	if err != nil {
		return err
	}
	for {
		rows, _ := s.pool.Query(ctx, sqlNextAccounts, after, retirePage)
		page, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return fmt.Errorf("list accounts: %w", err)
		}
		if err := s.retirePage(ctx, page, before, at); err != nil {
			return err
		}
		next := sweepsStart
		if len(page) == retirePage {
			after = page[len(page)-1]
			next = fmt.Sprint(after)
		}
		if _, err := s.pool.Exec(ctx, sqlSweepOn, retireSweep, next); err != nil {
			return fmt.Errorf("note how far it came: %w", err)
		}
		if next == sweepsStart {
			return nil
		}
	}
}

// sweptTo is the account behind which a sweep goes on; 0: from the start.
func (s *Store) sweptTo(ctx context.Context, name string) (after int64, err error) {
	rows, _ := s.pool.Query(ctx, `SELECT coalesce(nullif(after, ''), '0')::bigint FROM file_sweeps WHERE name = $1`, name)
	after, err = pgx.CollectExactlyOneRow(rows, pgx.RowTo[int64])
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("find how far it came: %w", err)
	}
	return after, nil
}

func (s *Store) retirePage(ctx context.Context, accounts []int64, before, at time.Time) error {
	type row struct {
		Account int64
		Owner   *uuid.UUID
	}
	rows, _ := s.pool.Query(ctx, sqlRetiring, accounts, before)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return fmt.Errorf("find who was not heard of: %w", err)
	}
	for _, r := range found {
		err := s.atomically(ctx, func(tx pgx.Tx) error { return s.retire(ctx, tx, person{r.Account, r.Owner}, at) })
		if err != nil {
			return fmt.Errorf("plan their erasure: %w", err)
		}
	}
	return nil
}

// retire plans one erasure and has the person told of it.
func (s *Store) retire(ctx context.Context, tx pgx.Tx, who person, at time.Time) error {
	if _, err := tx.Exec(ctx, sqlHoldAccount, who.account); err != nil {
		return err
	}
	_, stands, err := erasureBy(ctx, tx, whereErasureOf, who.owner, who.account)
	if err != nil || stands {
		return err
	}
	id, err := s.addErasure(ctx, tx, who, umkm.ErasureRetired, nil, at, at.Add(umkm.RetireNotice))
	if err != nil {
		return err
	}
	_, err = s.jobs.InsertTx(ctx, tx, umkm.NoticeErasure{Chat: who.account, Erasure: id.String()}, nil)
	return err
}
