package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Sighting is one thing that somebody of the staff did, and one of those whose
// records it was about.
type Sighting struct {
	At      time.Time
	Account int64
	Name    string // of the staff; "": the account is not of the staff
	Action  string
	Subject string
	// Whose is a business's registration number, or "account 123" of who is not
	// registered; "" where it was about nobody, or about somebody who has been
	// erased since.
	Whose string
}

// Of a list that was looked at, all who stand on it are concerned: whoever had
// one page of it could have had the next.
const sqlSightings = `
SELECT l.at, w.account, w.name, l.action, l.subject, coalesce(n.whose, '') AS whose
FROM (
	SELECT telegram_id AS account, name FROM staff WHERE $3::bigint IN (0, telegram_id)
	UNION ALL SELECT $3, '' WHERE $3 <> 0 AND NOT EXISTS (SELECT FROM staff WHERE telegram_id = $3)) w
JOIN audit_log l ON l.actor = 'account:' || w.account AND l.at >= $1 AND l.at < $2
CROSS JOIN LATERAL (
	SELECT split_part(l.subject, ':', 1) AS kind, CASE WHEN l.subject ~ ':[0-9a-f-]{36}$' THEN right(l.subject, 36)::uuid END AS id) k
LEFT JOIN LATERAL (
	SELECT b.number AS whose FROM businesses b WHERE k.kind = 'business' AND b.id = k.id
	UNION ALL SELECT b.number FROM businesses b WHERE k.kind = 'owner' AND b.owner = k.id
	UNION ALL SELECT coalesce(b.number, 'account ' || c.account) FROM cases c LEFT JOIN businesses b ON b.id = c.business
		WHERE k.kind IN ('document', 'request', 'ticket') AND c.id = k.id
	UNION ALL SELECT b.number FROM seats s JOIN businesses b ON b.id = s.business WHERE k.kind = 'seat' AND s.id = k.id
	UNION ALL SELECT b.number FROM seats s JOIN businesses b ON b.id = s.business
		WHERE k.kind = 'training' AND l.action = ANY($4) AND s.training = k.id
	UNION ALL SELECT b.number FROM mailings m JOIN deliveries d ON d.mailing = m.id JOIN businesses b ON b.id = d.subject
		WHERE k.kind = 'broadcast' AND l.action = ANY($4) AND m.kind = 'broadcast' AND m.subject = k.id
) n ON true
ORDER BY l.at, l.id, n.whose`

// WhoSaw reads, in the order of time, what the staff did from a time on and
// before another, once for each whose records it was about; actor 0 is all of
// the staff. That it was read is written in the audit log.
func (s *Store) WhoSaw(ctx context.Context, from, to time.Time, actor int64, each func(Sighting) error) error {
	if !from.Before(to) {
		return errors.New("who saw what: the time ends before it begins")
	}
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, sqlSightings, from, to, actor, listLooks)
		defer rows.Close()
		for rows.Next() {
			one, err := pgx.RowToStructByName[Sighting](rows)
			if err == nil {
				err = each(one)
			}
			if err != nil {
				return err
			}
		}
		if err := rows.Err(); err != nil {
			return err
		}
		return addAudit(ctx, tx, auditEntry{
			Actor: staffActor(0), Action: "audit.read", Subject: "audit_log", At: s.now(),
			Details: map[string]any{"from": from, "to": to, "actor": actor},
		})
	})
	if err != nil {
		return fmt.Errorf("who saw what: %w", classify(err))
	}
	return nil
}
