package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const sealMissed = "missed question"

// The text of a row that is there already stays as it was sealed.
const sqlAddMissed = `
INSERT INTO missed_questions (id, day, text_index, text_sealed, count) VALUES ($1, $2::date, $3, $4, 1)
ON CONFLICT (day, text_index) DO UPDATE SET count = missed_questions.count + 1`

// AddMissed counts a question without an answer. An update that is handled
// twice counts twice.
func (s *Store) AddMissed(ctx context.Context, text string, at time.Time) error {
	id, err := newID()
	if err != nil {
		return err
	}
	index, sealed := s.keys.BlindIndex(sealMissed, text), s.keys.Seal(sealMissed, nil, []byte(text))
	if _, err := s.pool.Exec(ctx, sqlAddMissed, id, at.Format(time.DateOnly), index, sealed); err != nil {
		return fmt.Errorf("add missed question: %w", classify(err))
	}
	return nil
}

const sqlListMissed = `
SELECT id, day, text_sealed, count FROM missed_questions
WHERE day >= $1::date AND ($2 = '' OR (day, id) < (SELECT day, id FROM missed_questions WHERE id = nullif($2, '')::uuid))
ORDER BY day DESC, id DESC LIMIT $3`

type missedRow struct {
	ID     uuid.UUID
	Day    time.Time
	Sealed []byte
	Count  int64
}

// ListMissed returns questions without an answer, the newest first, of the days
// from since on and behind a row; after is "" for the first page.
func (s *Store) ListMissed(ctx context.Context, since time.Time, after string, limit int) ([]umkm.MissedQuestion, error) {
	if after != "" {
		if _, err := uuid.Parse(after); err != nil {
			return nil, nil // no button of ours says this
		}
	}
	rows, _ := s.pool.Query(ctx, sqlListMissed, since.Format(time.DateOnly), after, limit)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[missedRow])
	if err != nil {
		return nil, fmt.Errorf("list missed questions: %w", classify(err))
	}
	var out []umkm.MissedQuestion
	for _, r := range found {
		text, err := s.keys.Open(sealMissed, nil, r.Sealed)
		if err != nil {
			return nil, fmt.Errorf("open missed question: %w", err)
		}
		out = append(out, umkm.MissedQuestion{ID: r.ID.String(), Day: r.Day, Text: string(text), Count: r.Count})
	}
	return out, nil
}

const sqlForgetMissed = `DELETE FROM missed_questions WHERE day < $1::date`

// ForgetMissed erases those of earlier days.
func (s *Store) ForgetMissed(ctx context.Context, before time.Time) error {
	if _, err := s.pool.Exec(ctx, sqlForgetMissed, before.Format(time.DateOnly)); err != nil {
		return fmt.Errorf("forget missed questions: %w", classify(err))
	}
	return nil
}

const sqlQuestionCounts = `
SELECT step, coalesce(sum(count) FILTER (WHERE event = 'reached'), 0)::bigint,
	coalesce(sum(count) FILTER (WHERE event = 'answered'), 0)::bigint,
	coalesce(sum(count) FILTER (WHERE event = 'cancelled'), 0)::bigint
FROM funnel WHERE flow = $1 AND day BETWEEN $2::date AND $3::date
GROUP BY step ORDER BY 2 DESC, step LIMIT $4`

// QuestionCounts returns what came of the answers shown most, from one day to
// another, both included.
func (s *Store) QuestionCounts(ctx context.Context, from, to time.Time, limit int) ([]umkm.QuestionCount, error) {
	rows, _ := s.pool.Query(ctx, sqlQuestionCounts, umkm.QuestionsFlow, from.Format(time.DateOnly), to.Format(time.DateOnly), limit)
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[umkm.QuestionCount])
	if err != nil {
		return nil, fmt.Errorf("question counts: %w", classify(err))
	}
	return out, nil
}
