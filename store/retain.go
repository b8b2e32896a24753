package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Retention is how long records are kept, in days; 0: for good. docs/privacy.md
// says of each what goes when, and why that long.
type Retention struct {
	Scans       int // files of rejected documents, since the decision
	Owners      int // owners of whom nothing was heard, since they were last looked after
	Tickets     int // tickets, with all that was said, since they were closed
	Seats       int // who took part in a training, with certificates, since it ended
	Feedback    int // what they thought of it, since it ended
	Ledgers     int // who was sent what, since all was sent
	Changes     int // what records were before they were changed
	Audit       int // the audit log and the proof of erasures: a year at least
	DeadLetters int // updates that could not be handled
}

// AuditKept is the fewest days for which the audit log is kept.
const AuditKept = 365

const (
	// retainPage bounds a transaction, retainLimit a run, which must be over
	// within a job's minute.
	retainPage  = 500
	retainLimit = 40 * time.Second
)

// rule is what goes of one kind of record: before a time, a page at most.
// gone is how many went; fewer than a page means that there are no more.
type rule struct {
	name string
	days int
	page func(ctx context.Context, tx pgx.Tx, before time.Time) (gone int, err error)
}

func (s *Store) rules() []rule {
	r := s.retention
	return []rule{
		{"scans", r.Scans, retainScanPage},
		{"tickets", r.Tickets, retainTicketPage},
		{"feedback", r.Feedback, statements(sqlOldFeedback)},
		{"seats", r.Seats, retainSeatPage},
		{"ledgers", r.Ledgers, statements(sqlOldDeliveries)},
		{"changes", r.Changes, statements(sqlOldChanges)},
		{"audit", r.Audit, retainAuditPage},
		{"dead letters", r.DeadLetters, statements(sqlOldLetters)},
	}
}

// Retain removes what has been kept for long enough, and plans the erasure of
// owners of whom nothing has been heard for long. To be called once a day, with
// the time at which it is due; again is not zero while there is more. It works
// by pages, each a transaction: a run that breaks off has done no harm.
func (s *Store) Retain(ctx context.Context, _ time.Time) (again time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, retainLimit)
	defer cancel()
	at := s.now()
	for _, r := range s.rules() {
		if r.days == 0 {
			continue
		}
		if err := s.retainAll(ctx, r, at.AddDate(0, 0, -r.days)); err != nil {
			return s.retainAgain(ctx, fmt.Errorf("retain %s: %w", r.name, classify(err)))
		}
	}
	if err := s.retireAll(ctx, at); err != nil {
		return s.retainAgain(ctx, fmt.Errorf("retain owners: %w", classify(err)))
	}
	return time.Time{}, nil
}

// retainAgain has a run whose time was over go on, and fails with what is wrong.
func (s *Store) retainAgain(ctx context.Context, err error) (time.Time, error) {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return s.now().Add(time.Second), nil
	}
	return time.Time{}, err
}

func (s *Store) retainAll(ctx context.Context, r rule, before time.Time) error {
	for {
		gone := 0
		err := s.atomically(ctx, func(tx pgx.Tx) (err error) {
			gone, err = r.page(ctx, tx, before)
			return err
		})
		if err != nil || gone < retainPage {
			return err
		}
	}
}

// statements are a page by one statement, which counts what it changes; its
// parameters are the time and the page's size.
func statements(sql string) func(context.Context, pgx.Tx, time.Time) (int, error) {
	return func(ctx context.Context, tx pgx.Tx, before time.Time) (int, error) {
		tag, err := tx.Exec(ctx, sql, before, retainPage)
		return int(tag.RowsAffected()), err
	}
}

const (
	// Rows come in the order of their making: those that may go stand first.
	sqlOldChanges = `
DELETE FROM changes WHERE id IN (SELECT o.id FROM (SELECT id, at FROM changes ORDER BY id LIMIT $2) o WHERE o.at < $1)`

	sqlOldLetters = `
DELETE FROM dead_letters WHERE id IN (SELECT o.id FROM (SELECT id, at FROM dead_letters ORDER BY id LIMIT $2) o WHERE o.at < $1)`

	sqlOldDeliveries = `
DELETE FROM deliveries WHERE (mailing, n) IN (
	SELECT d.mailing, d.n FROM mailings m CROSS JOIN LATERAL (SELECT mailing, n FROM deliveries WHERE mailing = m.id ORDER BY n LIMIT $2) d
	WHERE m.done_at < $1 ORDER BY m.id LIMIT $2)`

	sqlOldFeedback = `
UPDATE seats SET rating = NULL, comment_sealed = NULL, rated_at = NULL WHERE id IN (
	SELECT s.id FROM trainings t JOIN seats s ON s.training = t.id
	WHERE t.ended_at < $1 AND (s.rating IS NOT NULL OR s.comment_sealed IS NOT NULL) LIMIT $2)`
)

const (
	sqlOldScans = `
SELECT d.id FROM documents d
WHERE d.state = 'rejected' AND d.decided_at < $1 AND EXISTS (SELECT FROM document_files p WHERE p.document = d.id)
ORDER BY d.decided_at, d.id LIMIT $2 FOR UPDATE OF d`

	sqlDropScans = `
WITH gone AS (DELETE FROM document_files WHERE document = ANY($1) RETURNING file)
UPDATE files SET state = 'staged', created_at = 'epoch' FROM gone WHERE files.id = gone.file AND files.state = 'attached'`
)

// retainScanPage takes the files of rejected documents away; what was decided
// stays.
func retainScanPage(ctx context.Context, tx pgx.Tx, before time.Time) (int, error) {
	rows, _ := tx.Query(ctx, sqlOldScans, before, retainPage)
	documents, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil || len(documents) == 0 {
		return 0, err
	}
	_, err = tx.Exec(ctx, sqlDropScans, documents)
	return len(documents), err
}

const (
	sqlOldTickets = `SELECT id FROM tickets WHERE closed_at < $1 ORDER BY closed_at, id LIMIT $2`

	// Whoever opens one again has its case.
	sqlLockTickets = `
SELECT c.id FROM cases c JOIN tickets t ON t.id = c.id
WHERE c.id = ANY($1) AND t.closed_at < $2 ORDER BY c.id FOR UPDATE OF c, t`
)

// What goes of a ticket, in this order.
var sqlDropTickets = []string{
	`WITH gone AS (DELETE FROM messages WHERE "case" = ANY($1) RETURNING file)
	UPDATE files SET state = 'staged', created_at = 'epoch' FROM gone WHERE files.id = gone.file AND files.state = 'attached'`,
	`DELETE FROM tickets WHERE id = ANY($1)`,
	`DELETE FROM reviews WHERE "case" = ANY($1)`,
	`DELETE FROM case_passes WHERE "case" = ANY($1)`,
	`DELETE FROM cases WHERE id = ANY($1)`,
}

func retainTicketPage(ctx context.Context, tx pgx.Tx, before time.Time) (int, error) {
	rows, _ := tx.Query(ctx, sqlOldTickets, before, retainPage)
	found, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil || len(found) == 0 {
		return 0, err
	}
	rows, _ = tx.Query(ctx, sqlLockTickets, found, before)
	tickets, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return 0, err
	}
	for _, sql := range sqlDropTickets {
		if _, err := tx.Exec(ctx, sql, tickets); err != nil {
			return 0, err
		}
	}
	return len(found), nil
}

const (
	sqlOldSeats = `
WITH old AS (
	SELECT s.id FROM trainings t CROSS JOIN LATERAL (SELECT id FROM seats WHERE training = t.id LIMIT $2) s
	WHERE t.ended_at < $1 ORDER BY t.id LIMIT $2),
gone AS (DELETE FROM seats WHERE id IN (SELECT id FROM old) RETURNING owner)
SELECT owner FROM gone`

	sqlOldEntries = `DELETE FROM erased_seats WHERE training IN (SELECT id FROM trainings WHERE ended_at < $1)`
)

// retainSeatPage: whether owners have attended any training is looked at anew.
func retainSeatPage(ctx context.Context, tx pgx.Tx, before time.Time) (int, error) {
	rows, _ := tx.Query(ctx, sqlOldSeats, before, retainPage)
	owners, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, sqlOldEntries, before); err != nil || len(owners) == 0 {
		return 0, err
	}
	_, err = tx.Exec(ctx, sqlSeenReach, owners)
	return len(owners), err
}

const (
	sqlOldAudit    = `SELECT audit_log_retain($1, $2)`
	sqlOldErasures = `DELETE FROM erasures WHERE state IN ('kept', 'done') AND ended_at < $1`
)

func retainAuditPage(ctx context.Context, tx pgx.Tx, before time.Time) (gone int, err error) {
	if _, err := tx.Exec(ctx, sqlOldErasures, before); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, sqlOldAudit, before, retainPage).Scan(&gone)
	return gone, err
}
