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

// A mailing is worked off by a lane for every laneWorth of its recipients, by
// mailingLanes at most: one keeps the rate, more outlive a replica.
const (
	mailingLanes = 4
	laneWorth    = 500
)

// mailingTries is how often a lane's job may be cut off by crashes and outages:
// for a mailing that goes on for days it must not run out.
const mailingTries = 30_000

// analyzeFrom is how many planned rows the database looks at at once: without
// that it takes a mailing for a handful and sorts all of it at every claim.
const analyzeFrom = 10_000

const sqlNewMailing = `
INSERT INTO mailings (id, key, kind, subject, what, created_by, urgent, state, planned_at)
VALUES ($1, $2, $3, $4, $5, nullif($6::bigint, 0), $7, 'running', $8)
ON CONFLICT (key) DO NOTHING`

const sqlMailingTotal = `SELECT total FROM mailings WHERE key = $1`

// The caller's parameters come first; the two others are named behind them. A
// person who would be told twice of the same is told once.
const sqlPlanDeliveries = `
INSERT INTO deliveries (mailing, n, chat, subject, language, at)
SELECT $%[2]d::uuid, row_number() OVER (), chat, subject, language, $%[3]d::timestamptz
FROM (SELECT chat, subject, min(language) AS language FROM (%[1]s) everybody GROUP BY chat, subject) each`

const sqlPlanLanes = `INSERT INTO mailing_lanes (mailing, lane) SELECT $1, generate_series(0, $2::int - 1)`

const sqlMailingPlanned = `
UPDATE mailings SET total = $2, state = CASE WHEN $2 = 0 THEN 'done' ELSE state END,
	done_at = CASE WHEN $2 = 0 THEN planned_at END
WHERE id = $1`

// planMailing plans a message to many within the caller's transaction and has
// it sent once that commits. recipients is a SELECT that gives chat bigint,
// subject uuid and language text, with args as its parameters. Of one key one
// mailing is planned: done again it plans nothing and returns the first count.
func (s *Store) planMailing(ctx context.Context, tx pgx.Tx, m umkm.NewMailing, recipients string, args ...any) (count int, err error) {
	id, err := newID()
	if err != nil {
		return 0, err
	}
	fresh, err := addMailing(ctx, tx, id, m)
	if err != nil {
		return 0, err
	}
	if !fresh {
		if err := tx.QueryRow(ctx, sqlMailingTotal, m.Key).Scan(&count); err != nil {
			return 0, fmt.Errorf("plan mailing: find the first: %w", err)
		}
		return count, nil
	}
	sql := fmt.Sprintf(sqlPlanDeliveries, recipients, len(args)+1, len(args)+2)
	tag, err := tx.Exec(ctx, sql, append(args[:len(args):len(args)], id, m.At)...)
	if err != nil {
		return 0, fmt.Errorf("plan mailing: recipients: %w", classify(err))
	}
	count = int(tag.RowsAffected())
	if _, err := tx.Exec(ctx, sqlMailingPlanned, id, count); err != nil {
		return 0, fmt.Errorf("plan mailing: %w", classify(err))
	}
	return count, s.planLanes(ctx, tx, id, count)
}

// addMailing adds the mailing's row; fresh is false when its key is known.
func addMailing(ctx context.Context, tx pgx.Tx, id uuid.UUID, m umkm.NewMailing) (fresh bool, err error) {
	var subject *uuid.UUID
	if m.Subject != "" {
		parsed, err := uuid.Parse(m.Subject)
		if err != nil {
			return false, fmt.Errorf("plan mailing: subject: %w", err)
		}
		subject = &parsed
	}
	tag, err := tx.Exec(ctx, sqlNewMailing, id, m.Key, m.Kind, subject, m.What, m.By, m.Urgent, m.At)
	if err != nil {
		return false, fmt.Errorf("plan mailing: %w", classify(err))
	}
	return tag.RowsAffected() == 1, nil
}

// planLanes adds the lanes of a mailing to count people, each with its job.
func (s *Store) planLanes(ctx context.Context, tx pgx.Tx, id uuid.UUID, count int) error {
	lanes := min((count+laneWorth-1)/laneWorth, mailingLanes)
	if lanes == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, sqlPlanLanes, id, lanes); err != nil {
		return fmt.Errorf("plan mailing: lanes: %w", classify(err))
	}
	if count >= analyzeFrom {
		if _, err := tx.Exec(ctx, "ANALYZE deliveries"); err != nil {
			return fmt.Errorf("plan mailing: analyze: %w", err)
		}
	}
	all := make([]umkm.SendMailing, lanes)
	for i := range all {
		all[i] = umkm.SendMailing{Mailing: id.String(), Lane: i}
	}
	return s.mailingJobs(ctx, tx, all)
}

// mailingJobs has lanes worked off.
func (s *Store) mailingJobs(ctx context.Context, tx pgx.Tx, lanes []umkm.SendMailing) error {
	if len(lanes) == 0 {
		return nil
	}
	jobs := make([]river.InsertManyParams, 0, len(lanes))
	for _, lane := range lanes {
		jobs = append(jobs, river.InsertManyParams{
			Args: lane, InsertOpts: &river.InsertOpts{Queue: umkm.MailingQueue, MaxAttempts: mailingTries},
		})
	}
	if _, err := s.jobs.InsertManyTx(ctx, tx, jobs); err != nil {
		return fmt.Errorf("schedule mailing: %w", err)
	}
	return nil
}

const sqlMailing = `
SELECT m.id::text, m.kind, coalesce(m.subject::text, ''), m.what, coalesce(m.created_by, 0), m.urgent, m.state, m.planned_at, m.done_at, m.total,
	coalesce(sum(l.sending), 0)::int, coalesce(sum(l.sent), 0)::int, coalesce(sum(l.blocked), 0)::int,
	coalesce(sum(l.failed), 0)::int, coalesce(sum(l.uncertain), 0)::int, coalesce(sum(l.skipped), 0)::int
FROM mailings m LEFT JOIN mailing_lanes l ON l.mailing = m.id
WHERE %s
GROUP BY m.id ORDER BY m.id DESC`

var (
	sqlMailingByID   = fmt.Sprintf(sqlMailing, `m.id = $1`)
	sqlMailingsAbout = fmt.Sprintf(sqlMailing, `m.kind = $1 AND m.subject = $2`)
)

// Mailing returns a mailing and how far it is: umkm.ErrNoMailing. The counts
// are those that the lanes keep; asking costs the same for any size.
func (s *Store) Mailing(ctx context.Context, id string) (umkm.Mailing, error) {
	parsed, err := uuid.Parse(id)
	if err != nil {
		return umkm.Mailing{}, umkm.ErrNoMailing
	}
	rows, _ := s.pool.Query(ctx, sqlMailingByID, parsed)
	m, err := pgx.CollectExactlyOneRow(rows, scanMailing)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return umkm.Mailing{}, umkm.ErrNoMailing
	case err != nil:
		return umkm.Mailing{}, fmt.Errorf("find mailing: %w", err)
	}
	return m, nil
}

// MailingsAbout lists what was sent to many about a record, newest first.
func (s *Store) MailingsAbout(ctx context.Context, kind umkm.MailingKind, subject string) ([]umkm.Mailing, error) {
	parsed, err := uuid.Parse(subject)
	if err != nil {
		return nil, nil
	}
	rows, _ := s.pool.Query(ctx, sqlMailingsAbout, kind, parsed)
	all, err := pgx.CollectRows(rows, scanMailing)
	if err != nil {
		return nil, fmt.Errorf("list mailings: %w", err)
	}
	return all, nil
}

func scanMailing(row pgx.CollectableRow) (m umkm.Mailing, err error) {
	var done *time.Time
	var total int
	c := &m.Counts
	err = row.Scan(&m.ID, &m.Kind, &m.Subject, &m.What, &m.By, &m.Urgent, &m.State, &m.At, &done, &total,
		&c.Sending, &c.Sent, &c.Blocked, &c.Failed, &c.Uncertain, &c.Skipped)
	c.Planned = total - c.All()
	if done != nil {
		m.Done = *done
	}
	return m, err
}
