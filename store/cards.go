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

const sqlCard = `
SELECT b.number, o.name AS owner, b.name AS business, b.village
FROM businesses b
JOIN owners o ON o.id = b.owner
JOIN account_owners a ON a.owner = b.owner AND a.account = $1
WHERE b.id = $2`

// Card returns what a business's card shows, or umkm.ErrNotYours when the
// account does not act for the owner.
func (s *Store) Card(ctx context.Context, account int64, business string) (umkm.Card, error) {
	id, err := uuid.Parse(business)
	if err != nil {
		return umkm.Card{}, umkm.ErrNotYours
	}
	rows, _ := s.pool.Query(ctx, sqlCard, account, id)
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[umkm.Card])
	if errors.Is(err, pgx.ErrNoRows) {
		return umkm.Card{}, umkm.ErrNotYours
	}
	if err != nil {
		return umkm.Card{}, fmt.Errorf("find card: %w", err)
	}
	return c, nil
}

const sqlRegistered = `SELECT EXISTS (SELECT FROM businesses WHERE number = $1)`

// Registered tells whether a business has the number, and nothing else of it.
func (s *Store) Registered(ctx context.Context, number umkm.Number) (found bool, err error) {
	if err := s.pool.QueryRow(ctx, sqlRegistered, number).Scan(&found); err != nil {
		return false, fmt.Errorf("find number: %w", err)
	}
	return found, nil
}

const (
	// cardPause is how soon after a card the same one is not drawn again.
	cardPause = 3 * time.Second
	// cardTries, with the queue's growing pauses, last a little over an hour.
	cardTries = 8
)

const sqlCardAsked = `
SELECT EXISTS (
	SELECT FROM river_job
	WHERE kind = $1 AND args @> jsonb_build_object('chat', $2::bigint, 'business', $3::text)
		AND (state IN ('available', 'pending', 'retryable', 'running', 'scheduled') OR created_at > $4))`

// AskCard has a card drawn soon. The same update asks once, however often
// this is called; while a card is being drawn, or has just been, a trembling
// finger asks in vain. To be called by whoever holds the chat.
func (s *Store) AskCard(ctx context.Context, c umkm.DrawCard) error {
	var asked bool
	row := s.pool.QueryRow(ctx, sqlCardAsked, c.Kind(), c.Chat, c.Business, s.now().Add(-cardPause))
	if err := row.Scan(&asked); err != nil {
		return fmt.Errorf("find asked card: %w", err)
	}
	if asked {
		return nil
	}
	options := river.InsertOpts{Queue: umkm.CardQueue, MaxAttempts: cardTries, UniqueOpts: river.UniqueOpts{ByArgs: true}}
	if _, err := s.jobs.Insert(ctx, c, &options); err != nil {
		return fmt.Errorf("ask for card: %w", classify(err))
	}
	return nil
}

// AskPlan has a plan of a loan drawn soon. The same dialog asks once.
func (s *Store) AskPlan(ctx context.Context, p umkm.DrawPlan) error {
	options := river.InsertOpts{Queue: umkm.CardQueue, MaxAttempts: cardTries, UniqueOpts: river.UniqueOpts{ByArgs: true}}
	if _, err := s.jobs.Insert(ctx, p, &options); err != nil {
		return fmt.Errorf("ask for plan: %w", classify(err))
	}
	return nil
}
