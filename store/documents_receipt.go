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

const (
	// paceReviews is how many decisions of late the usual time is taken from.
	paceReviews = 200
	// paceDays is how old they may be.
	paceDays = 90
	// paceLeast is how few say nothing.
	paceLeast = 5
)

// CountWorkdays gives the store the office's calendar; it may be changed at any
// time. Until then nobody is told how long a decision takes.
func (s *Store) CountWorkdays(between func(from, to time.Time) int) { s.workdays.Store(&between) }

const sqlReceipt = `
SELECT c.id, c.kind, c.role, c.topic, c.regency, c.returned, c.since, c.state FROM cases c WHERE c.id = $1`

// What goes before: those sent back, then what is older.
const (
	sqlAheadReturned = `
SELECT count(*) FROM cases WHERE kind = $5 AND role = $6 AND regency = $1 AND state = 'waiting' AND returned
	AND (NOT $2::boolean OR (since, id) < ($3, $4))`
	sqlAheadNew = `
SELECT count(*) FROM cases WHERE kind = $5 AND role = $6 AND regency = $1 AND state = 'waiting' AND NOT returned
	AND NOT $2::boolean AND (since, id) < ($3, $4)`
)

// receipt says where a case is in the queue of its regency.
func (s *Store) receipt(ctx context.Context, id uuid.UUID, at time.Time) (umkm.Receipt, error) {
	type entry struct {
		ID             uuid.UUID
		Kind           umkm.CaseKind
		Role           umkm.Role
		Topic, Regency string
		Returned       bool
		Since          time.Time
		State          string
	}
	rows, _ := s.pool.Query(ctx, sqlReceipt, id)
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[entry])
	if err != nil {
		return umkm.Receipt{}, fmt.Errorf("find place in the queue: %w", err)
	}
	r := umkm.Receipt{Document: id.String(), Scanning: c.State == caseHeldBack}
	for _, sql := range []string{sqlAheadReturned, sqlAheadNew} {
		var n int
		if err := s.pool.QueryRow(ctx, sql, c.Regency, c.Returned, c.Since, c.ID, c.Kind, c.Role).Scan(&n); err != nil {
			return umkm.Receipt{}, fmt.Errorf("count those ahead: %w", err)
		}
		r.Ahead += n
	}
	r.Days, err = s.pace(ctx, c.Kind, c.Topic, at)
	return r, err
}

const sqlPace = `
SELECT since, at FROM reviews
WHERE kind = $1 AND topic = $2 AND at > $3 AND undone_at IS NULL AND reviewer IS NOT NULL
ORDER BY at DESC LIMIT $4`

// pace is the median of the working days that decisions of a topic took of
// late; -1 when too few were made.
func (s *Store) pace(ctx context.Context, kind umkm.CaseKind, topic string, at time.Time) (float64, error) {
	between := s.workdays.Load()
	if between == nil {
		return -1, nil
	}
	type wait struct{ Since, At time.Time }
	rows, _ := s.pool.Query(ctx, sqlPace, kind, topic, at.AddDate(0, 0, -paceDays), paceReviews)
	waits, err := pgx.CollectRows(rows, pgx.RowToStructByName[wait])
	if err != nil {
		return -1, fmt.Errorf("find decisions of late: %w", err)
	}
	if len(waits) < paceLeast {
		return -1, nil
	}
	days := make([]int, len(waits))
	for i, w := range waits {
		days[i] = (*between)(w.Since, w.At)
	}
	slices.Sort(days)
	n := len(days)
	return float64(days[(n-1)/2]+days[n/2]) / 2, nil
}
