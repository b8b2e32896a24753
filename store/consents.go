package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const (
	sqlHoldAccount = `SELECT telegram_id FROM accounts WHERE telegram_id = $1 FOR NO KEY UPDATE`

	sqlMessageConsents = `
SELECT l.owner, coalesce((array_agg(c.granted ORDER BY c.at DESC, c.id DESC))[1], false) AS granted, coalesce(bool_or(c.granted), false) AS once
FROM account_owners l LEFT JOIN consents c ON c.owner = l.owner AND c.purpose = 'messages'
WHERE l.account = $1 GROUP BY l.owner ORDER BY l.owner`

	sqlAddMessageConsent = `
INSERT INTO consents (id, owner, account, purpose, version, language, granted, at) VALUES ($1, $2, $3, 'messages', $4, $5, $6, $7)`
)

// messageConsent is what an owner has said about being written to.
type messageConsent struct {
	Owner         uuid.UUID
	Granted, Once bool // now; at any time
}

// Unsubscribe takes back, for every owner whom the account acts for, the
// consent to be written to. Done again it does nothing.
func (s *Store) Unsubscribe(ctx context.Context, account int64, language string, at time.Time) error {
	return s.sayMessages(ctx, account, language, false, at)
}

// Subscribe gives it again for those who had given it before; where none of
// them had, for all. Done again it does nothing.
func (s *Store) Subscribe(ctx context.Context, account int64, language string, at time.Time) error {
	return s.sayMessages(ctx, account, language, true, at)
}

func (s *Store) sayMessages(ctx context.Context, account int64, language string, granted bool, at time.Time) error {
	err := s.atomically(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlHoldAccount, account); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, sqlMessageConsents, account)
		all, err := pgx.CollectRows(rows, pgx.RowToStructByName[messageConsent])
		if err != nil {
			return err
		}
		batch := &pgx.Batch{}
		for _, owner := range toldMessages(all, granted) {
			if err := queueMessages(batch, owner, account, language, granted, at); err != nil {
				return err
			}
		}
		return tx.SendBatch(ctx, batch).Close()
	})
	if err != nil {
		return fmt.Errorf("consent to messages: %w", classify(err))
	}
	return nil
}

// toldMessages are the owners for whom something is said that does not hold yet.
func toldMessages(all []messageConsent, granted bool) (owners []uuid.UUID) {
	anybody := false // has given it at any time
	for _, c := range all {
		anybody = anybody || c.Once
	}
	for _, c := range all {
		if c.Granted != granted && (!granted || c.Once || !anybody) {
			owners = append(owners, c.Owner)
		}
	}
	return owners
}

func queueMessages(batch *pgx.Batch, owner uuid.UUID, account int64, language string, granted bool, at time.Time) error {
	id, err := newID()
	if err != nil {
		return err
	}
	batch.Queue(sqlAddMessageConsent, id, owner, account, umkm.MessagesVersion, language, granted, at)
	action := "consent.withdrawn"
	if granted {
		action = "consent.given"
	}
	return queueAudit(batch, auditEntry{
		Actor: accountActor(account), Action: action, Subject: "owner:" + owner.String(), At: at, Details: map[string]any{"purpose": "messages"},
	})
}
