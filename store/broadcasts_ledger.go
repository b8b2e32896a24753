package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const sqlLedger = `
SELECT d.n + $4::int AS n, m.what AS again, coalesce(b.number, '') AS number, coalesce(b.district, '') AS district, d.state,
	coalesce(d.message, 0)::bigint AS message, d.at
FROM (SELECT * FROM deliveries WHERE mailing = $1 AND n > $2 ORDER BY n LIMIT $3) d
JOIN mailings m ON m.id = d.mailing
LEFT JOIN businesses b ON b.id = d.subject
ORDER BY d.n`

// Ledger reads what became of a broadcast, person by person, at most limit rows
// behind a number; 0: from the first. The rows of those who were sent it once
// more come behind the others, their numbers going on. The beginning of it is
// noted as somebody's view of personal data. umkm.ErrNoBroadcast,
// umkm.ErrForbidden.
func (s *Store) Ledger(ctx context.Context, by int64, id string, after, limit int) ([]umkm.LedgerRow, error) {
	b, err := s.broadcastFor(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if after == 0 {
		if err := s.noteListed(ctx, by, b, s.now()); err != nil {
			return nil, err
		}
	}
	all, err := mailingsOf(ctx, s.pool, b.ID)
	if err != nil {
		return nil, err
	}
	mailings := all[b.ID.String()]
	slices.Reverse(mailings)
	var out []umkm.LedgerRow
	before := 0 // rows of the mailings before
	for _, m := range mailings {
		if from := max(after-before, 0); from < m.Counts.All() && len(out) < limit {
			rows, _ := s.pool.Query(ctx, sqlLedger, uuid.MustParse(m.ID), from, limit-len(out), before)
			more, err := pgx.CollectRows(rows, pgx.RowToStructByName[umkm.LedgerRow])
			if err != nil {
				return nil, fmt.Errorf("read ledger: %w", err)
			}
			out = append(out, more...)
		}
		before += m.Counts.All()
	}
	return out, nil
}

func (s *Store) noteListed(ctx context.Context, by int64, b broadcastRow, at time.Time) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		return addAudit(ctx, tx, auditEntry{
			Actor: accountActor(by), Action: "broadcast.listed", Subject: broadcastSubject(b.ID), At: at,
		})
	})
	if err != nil {
		return fmt.Errorf("read ledger: %w", err)
	}
	return nil
}
