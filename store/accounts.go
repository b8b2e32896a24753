package store

import (
	"context"
	"fmt"
	"time"
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

// MarkUnreachable notes that an account blocked the bot or is gone. The chat is
// marked first: a mark too many costs a look at the records when they write
// again, one too few would leave them unreachable.
func (s *Store) MarkUnreachable(ctx context.Context, account int64, at time.Time) error {
	if err := s.Chats.setAway(ctx, account); err != nil {
		return err
	}
	return s.setReachable(ctx, account, false, at)
}

// MarkReachable notes that an account writes again or unblocked the bot.
func (s *Store) MarkReachable(ctx context.Context, account int64, at time.Time) error {
	return s.setReachable(ctx, account, true, at)
}

func (s *Store) setReachable(ctx context.Context, account int64, reachable bool, at time.Time) error {
	if _, err := s.pool.Exec(ctx, sqlSetReachable, account, reachable, at); err != nil {
		return fmt.Errorf("mark account's reachability: %w", classify(err))
	}
	return nil
}
