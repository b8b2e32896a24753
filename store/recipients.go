package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const sqlRecipients = `
SELECT c.telegram_id AS chat, c.language
FROM businesses b
JOIN account_owners a ON a.owner = b.owner
JOIN accounts c ON c.telegram_id = a.account
WHERE b.id = $1 AND c.reachable
ORDER BY c.telegram_id
LIMIT 20`

// Recipients lists the accounts that act for a business's owner today and can
// be reached. Whoever handed something in and does not act for the owner any
// more is none.
func (s *Store) Recipients(ctx context.Context, business string) ([]umkm.Recipient, error) {
	id, err := uuid.Parse(business)
	if err != nil {
		return nil, fmt.Errorf("list recipients: business: %w", err)
	}
	rows, _ := s.pool.Query(ctx, sqlRecipients, id)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[umkm.Recipient])
	if err != nil {
		return nil, fmt.Errorf("list recipients: %w", err)
	}
	return all, nil
}
