package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// Figures say what waits in the records, of nobody in particular.
type Figures struct {
	Jobs    []JobFigure
	Cases   []CaseFigure
	Letters map[umkm.DeliveryState]int64 // of mailings under way
	// PausedLetters are still to be sent by mailings that somebody paused; they
	// are none of those planned, which somebody should be sending.
	PausedLetters int64
	// Waiting: updates put aside, and replies that Telegram held back.
	DeadLetters, HeldReplies Waiting
}

// Waiting is how many there are and since when the oldest waits; nil: none does.
type Waiting struct {
	Count  int64
	Oldest *time.Time
}

// JobFigure counts the jobs of a kind in a state; Oldest is since when the
// oldest of them is due.
type JobFigure struct {
	Kind, State string
	Waiting
}

// CaseFigure counts the cases of a kind that wait for anybody or lie on a desk.
type CaseFigure struct {
	Kind, State string
	Waiting
}

// What is over is left out: the queue keeps it for a day.
const sqlJobFigures = `
SELECT kind, state::text, count(*),
	min(scheduled_at) FILTER (WHERE state IN ('available', 'retryable', 'scheduled') AND scheduled_at <= $1)
FROM river_job WHERE state IN ('available', 'pending', 'running', 'retryable', 'scheduled', 'discarded')
GROUP BY 1, 2`

// The counters say how much waits, and the queue's own order finds the oldest.
const sqlCaseFigures = `
SELECT q.kind, 'waiting', q.n, (
	SELECT min(since) FROM (VALUES (true), (false)) AS r (returned), LATERAL (
		SELECT since FROM unnest(q.roles) AS role, LATERAL (
			SELECT since FROM cases c
			WHERE c.state = 'waiting' AND c.kind = q.kind AND c.role = role AND c.returned = r.returned
			ORDER BY since LIMIT 1) AS one) AS oldest)
FROM (SELECT kind, sum(waiting)::bigint AS n, array_agg(DISTINCT role) AS roles FROM case_counts WHERE size = 5 GROUP BY kind) AS q
UNION ALL
SELECT kind, 'desk', count(*), min(since) FROM cases WHERE state = 'desk' GROUP BY kind`

const sqlLetterFigures = `
SELECT coalesce(sum(m.total - l.claimed) FILTER (WHERE m.state = 'paused'), 0)::bigint,
	coalesce(sum(m.total - l.claimed) FILTER (WHERE m.state <> 'paused'), 0)::bigint, coalesce(sum(l.sending), 0)::bigint, coalesce(sum(l.sent), 0)::bigint,
	coalesce(sum(l.blocked), 0)::bigint, coalesce(sum(l.failed), 0)::bigint, coalesce(sum(l.uncertain), 0)::bigint, coalesce(sum(l.skipped), 0)::bigint
FROM mailings m CROSS JOIN LATERAL (
	SELECT coalesce(sum(sending + sent + blocked + failed + uncertain + skipped), 0) AS claimed, sum(sending) AS sending, sum(sent) AS sent,
		sum(blocked) AS blocked, sum(failed) AS failed, sum(uncertain) AS uncertain, sum(skipped) AS skipped
	FROM mailing_lanes WHERE mailing = m.id) l
WHERE m.done_at IS NULL`

const (
	sqlDeadFigures = `SELECT count(*), min(at) FROM dead_letters`
	sqlHeldFigures = `SELECT count(*), min(created_at) FROM held_replies`
)

// Figures counts, in one round, what waits. at is now.
func (s *Store) Figures(ctx context.Context, at time.Time) (Figures, error) {
	f := Figures{Letters: map[umkm.DeliveryState]int64{}}
	batch := &pgx.Batch{}
	batch.Queue(sqlJobFigures, at).Query(func(rows pgx.Rows) (err error) {
		f.Jobs, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (j JobFigure, err error) {
			return j, row.Scan(&j.Kind, &j.State, &j.Count, &j.Oldest)
		})
		return err
	})
	batch.Queue(sqlCaseFigures).Query(func(rows pgx.Rows) (err error) {
		f.Cases, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c CaseFigure, err error) {
			return c, row.Scan(&c.Kind, &c.State, &c.Count, &c.Oldest)
		})
		return err
	})
	batch.Queue(sqlLetterFigures).QueryRow(f.scanLetters)
	batch.Queue(sqlDeadFigures).QueryRow(f.DeadLetters.scan)
	batch.Queue(sqlHeldFigures).QueryRow(f.HeldReplies.scan)
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return Figures{}, fmt.Errorf("count what waits: %w", err)
	}
	return f, nil
}

func (w *Waiting) scan(row pgx.Row) error { return row.Scan(&w.Count, &w.Oldest) }

func (f *Figures) scanLetters(row pgx.Row) error {
	states := umkm.DeliveryStates() // in the order of sqlLetterFigures
	counts, into := make([]int64, len(states)), []any{&f.PausedLetters}
	for i := range counts {
		into = append(into, &counts[i])
	}
	if err := row.Scan(into...); err != nil {
		return err
	}
	for i, state := range states {
		f.Letters[state] = counts[i]
	}
	return nil
}

// LettersLeft counts what of mailings has not come to its end.
func (f Figures) LettersLeft() int64 {
	return f.Letters[umkm.DeliveryPlanned] + f.Letters[umkm.DeliverySending] + f.PausedLetters
}
