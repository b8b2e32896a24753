package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// The newest version is the one that none follows.
const sqlWallet = `
WHERE d.business = $1 AND NOT EXISTS (SELECT FROM documents n WHERE n.previous = d.id)
ORDER BY d.kind, d.label, d.id
LIMIT 200`

// Wallet lists the newest version of each document of a business, "other" ones
// by their label. umkm.ErrNotYours: the account does not act for its owner.
func (s *Store) Wallet(ctx context.Context, account int64, business string) ([]umkm.Document, error) {
	id, err := uuid.Parse(business)
	if err != nil {
		return nil, umkm.ErrNotYours
	}
	if err := s.actsFor(ctx, account, id); err != nil {
		return nil, fmt.Errorf("open wallet: %w", err)
	}
	all, err := s.documents(ctx, s.pool, sqlWallet, id)
	if err != nil {
		return nil, fmt.Errorf("open wallet: %w", err)
	}
	return all, nil
}

// DocumentFor returns a document to somebody who acts for its owner, else
// umkm.ErrNotYours.
func (s *Store) DocumentFor(ctx context.Context, account int64, id string) (umkm.Document, error) {
	key, err := uuid.Parse(id)
	if err != nil {
		return umkm.Document{}, umkm.ErrNotYours
	}
	d, err := s.document(ctx, s.pool, key)
	if err == nil {
		err = s.actsFor(ctx, account, uuid.MustParse(d.Business))
	}
	if err != nil {
		return umkm.Document{}, fmt.Errorf("show document: %w", err)
	}
	return d, nil
}

// A stage is due in the week in which its day falls, so that a day on which
// the bot was away loses none, and so that nobody is reminded at once of the
// end of what has just been approved. No stage follows one nearer to the end.
const sqlExpiring = `
SELECT d.id::text AS document, b.id::text AS business, b.name AS business_name, d.kind, d.label,
	to_char(d.until, 'YYYY-MM-DD') AS until, d.until - $1::date AS days, stage.days AS stage,
	d.account AS chat, a.language
FROM (VALUES (90, 84), (30, 24), (7, 0)) stage(days, least)
JOIN documents d ON d.until BETWEEN $1::date + stage.least AND $1::date + stage.days
JOIN businesses b ON b.id = d.business
JOIN accounts a ON a.telegram_id = d.account
WHERE d.state = 'approved' AND d.kind = ANY($2) AND (d.reminded IS NULL OR d.reminded > stage.days)
	AND NOT EXISTS (SELECT FROM documents n WHERE n.previous = d.id AND n.state <> 'rejected')
	AND d.id > $3
ORDER BY d.id
LIMIT $4`

// Expiring lists documents of which a reminder is due on the day of at, in its
// own zone: 90, 30 or 7 days before their end. after is the last one of the
// page before, or "".
func (s *Store) Expiring(ctx context.Context, at time.Time, after string, limit int) ([]umkm.Expiry, error) {
	var kinds []umkm.DocumentKind
	for _, kind := range umkm.DocumentKinds() {
		if rule, _ := umkm.RuleOf(kind); rule.Expires {
			kinds = append(kinds, kind)
		}
	}
	var from uuid.UUID
	if after != "" {
		var err error
		if from, err = uuid.Parse(after); err != nil {
			return nil, fmt.Errorf("list expiring documents: cursor: %w", err)
		}
	}
	rows, _ := s.pool.Query(ctx, sqlExpiring, at.Format(time.DateOnly), kinds, from, limit)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[umkm.Expiry])
	if err != nil {
		return nil, fmt.Errorf("list expiring documents: %w", err)
	}
	return all, nil
}

const sqlMarkReminded = `
UPDATE documents SET reminded = $2 WHERE id = $1 AND (reminded IS NULL OR reminded > $2)`

// MarkReminded notes that a reminder went out.
func (s *Store) MarkReminded(ctx context.Context, document string, stage int) error {
	if _, err := s.pool.Exec(ctx, sqlMarkReminded, document, stage); err != nil {
		return fmt.Errorf("mark reminded: %w", classify(err))
	}
	return nil
}
