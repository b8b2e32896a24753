package store

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// seenEvery is how much of who wrote a kill may cost.
	seenEvery = 15 * time.Second
	// seenPatience bounds one write; who is left waits for the next.
	seenPatience = 10 * time.Second
	// seenAtOnce bounds one transaction, seenMost the accounts in memory: past
	// that some are written anew, or not at all while the database is down.
	seenAtOnce = 200
	seenMost   = 200_000
)

// Seen notes on which day accounts were heard of last. It writes once a day for
// each, aside from the turn.
type Seen struct {
	pool *pgxpool.Pool
	*flusher

	writing sync.Mutex // one flush at a time

	mu    sync.Mutex
	day   string          // that known is about
	known map[int64]bool  // heard of on that day, and written or waiting
	wait  map[int64]int64 // Unix seconds at which they wrote
}

// openSeen starts writing every so often, until close.
func openSeen(pool *pgxpool.Pool, log *slog.Logger, every time.Duration) *Seen {
	s := &Seen{pool: pool, known: map[int64]bool{}, wait: map[int64]int64{}}
	s.flusher = &flusher{flush: s.Flush, log: log, waits: "who was heard of waits for the database", lost: "who was heard of is lost"}
	s.start(every)
	return s
}

// Seen notes who is heard of.
func (s *Store) Seen() *Seen { return s.seen }

// Note notes that an account has written; it neither fails nor waits.
func (s *Seen) Note(account int64, at time.Time) {
	day := at.In(officeZone).Format(time.DateOnly)
	s.mu.Lock()
	defer s.mu.Unlock()
	if day > s.day || len(s.known) >= seenMost {
		s.day = day
		clear(s.known)
	}
	if s.known[account] || len(s.wait) >= seenMost {
		return
	}
	s.known[account] = true
	s.wait[account] = at.Unix()
}

// Flush writes who is waiting; on an error they wait on.
func (s *Seen) Flush(ctx context.Context) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	ctx, cancel := context.WithTimeout(ctx, seenPatience)
	defer cancel()
	accounts := s.waiting()
	for part := range slices.Chunk(accounts, seenAtOnce) {
		if err := s.write(ctx, part); err != nil {
			return fmt.Errorf("write who was heard of: %w", classify(err))
		}
	}
	return nil
}

func (s *Seen) waiting() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]int64, 0, len(s.wait))
	for account := range s.wait {
		all = append(all, account)
	}
	slices.Sort(all)
	return all
}

const (
	// In order, so that two replicas never wait for each other in a circle.
	sqlSeen = `
WITH heard AS (
	SELECT a.telegram_id, s.at FROM unnest($1::bigint[], $2::timestamptz[]) s(account, at)
	JOIN accounts a ON a.telegram_id = s.account AND case_day(a.seen_at) < case_day(s.at)
	ORDER BY a.telegram_id FOR NO KEY UPDATE OF a)
UPDATE accounts a SET seen_at = heard.at FROM heard WHERE a.telegram_id = heard.telegram_id
RETURNING a.telegram_id`

	// All at once and not account by account, as the triggers would.
	sqlSeenOwners = `SELECT array_agg(DISTINCT l.owner) FROM account_owners l WHERE l.account = ANY($1)`
	sqlSeenReach  = `SELECT reach_refresh($1)`
)

func (s *Seen) write(ctx context.Context, accounts []int64) error {
	at := make([]time.Time, len(accounts))
	s.mu.Lock()
	for i, account := range accounts {
		at[i] = time.Unix(s.wait[account], 0)
	}
	s.mu.Unlock()
	err := repeatedly(func() error {
		return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return writeSeen(ctx, tx, accounts, at) })
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, account := range accounts {
		if s.wait[account] == at[i].Unix() {
			delete(s.wait, account)
		}
	}
	return nil
}

func writeSeen(ctx context.Context, tx pgx.Tx, accounts []int64, at []time.Time) error {
	rows, _ := tx.Query(ctx, sqlSeen, accounts, at)
	later, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil || len(later) == 0 {
		return err
	}
	rows, _ = tx.Query(ctx, sqlSeenOwners, later)
	owners, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[[]uuid.UUID])
	if err != nil || len(owners) == 0 {
		return err
	}
	_, err = tx.Exec(ctx, sqlSeenReach, owners)
	return err
}
