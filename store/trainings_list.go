package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// seatCounts counts the seats of a training t.
const seatCounts = `
	count(*) FILTER (WHERE s.state = 'seated') AS seated, count(*) FILTER (WHERE s.state = 'invited') AS invited,
	count(*) FILTER (WHERE s.state = 'waiting') AS waiting, count(*) FILTER (WHERE s.state = 'applied') AS applied,
	count(*) FILTER (WHERE s.state = 'candidate') AS candidates, count(s.in_at) AS attended`

const sqlCountSeats = `SELECT ` + seatCounts + ` FROM seats s WHERE s.training = $1`

// counted is a training with its seats counted.
func counted(ctx context.Context, q querier, t trainingRow) (umkm.Training, error) {
	out := t.training()
	rows, _ := q.Query(ctx, sqlCountSeats, t.ID)
	seats, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[umkm.SeatCounts])
	if err != nil {
		return umkm.Training{}, fmt.Errorf("count seats: %w", err)
	}
	out.Seats = seats
	return out, nil
}

// FindTraining returns an announced training, for anybody; also one that is
// over or has been cancelled. umkm.ErrNoTraining.
func (s *Store) FindTraining(ctx context.Context, training string) (umkm.Training, error) {
	t, err := findTraining(ctx, s.pool, sqlTraining, training)
	if err == nil && t.PublishedAt == nil {
		err = umkm.ErrNoTraining
	}
	if err != nil {
		return umkm.Training{}, fmt.Errorf("find training: %w", err)
	}
	return counted(ctx, s.pool, t)
}

// TrainingFor returns one as officers see it. umkm.ErrNoTraining,
// umkm.ErrForbidden.
func (s *Store) TrainingFor(ctx context.Context, by int64, training string) (umkm.Training, error) {
	t, err := findTraining(ctx, s.pool, sqlTraining, training)
	if err != nil {
		return umkm.Training{}, err
	}
	who, err := staffOf(ctx, s.pool, by)
	if err != nil {
		return umkm.Training{}, err
	}
	if !t.Segment.Within(who.Regions(umkm.RoleOfficer)) {
		return umkm.Training{}, umkm.ErrForbidden
	}
	return counted(ctx, s.pool, t)
}

// Every region of the training must lie within one of the officer's.
const (
	sqlTrainingsWithin = ` NOT EXISTS (
	SELECT FROM unnest(t.regions) r WHERE NOT EXISTS (
		SELECT FROM unnest($1::text[]) own WHERE r = own OR r LIKE own || '.%'))`

	sqlTrainingsAhead = `
SELECT t.*, n.* FROM (
	SELECT ` + trainingColumns + ` FROM trainings t
	WHERE t.state IN ('draft', 'open') AND ($2::timestamptz IS NULL OR (t.starts_at, t.id) > ($2, $3)) AND` + sqlTrainingsWithin + `
	ORDER BY t.starts_at, t.id LIMIT $4
) t, LATERAL (SELECT ` + seatCounts + ` FROM seats s WHERE s.training = t.id) n
ORDER BY t.starts_at, t.id`

	sqlTrainingsOver = `
SELECT t.*, n.* FROM (
	SELECT ` + trainingColumns + ` FROM trainings t
	WHERE t.state IN ('done', 'cancelled') AND ($2::timestamptz IS NULL OR (t.starts_at, t.id) < ($2, $3)) AND` + sqlTrainingsWithin + `
	ORDER BY t.starts_at DESC, t.id DESC LIMIT $4
) t, LATERAL (SELECT ` + seatCounts + ` FROM seats s WHERE s.training = t.id) n
ORDER BY t.starts_at DESC, t.id DESC`
)

// countedRow is a trainingRow with its seats counted.
type countedRow struct {
	trainingRow
	umkm.SeatCounts
}

func (r countedRow) training() umkm.Training {
	t := r.trainingRow.training()
	t.Seats = r.SeatCounts
	return t
}

// TrainingsOf lists the trainings that an officer may see to, at most limit
// behind a cursor: drafts and those announced, the soonest first, or those done
// or cancelled, the latest first. Who is no officer has none.
func (s *Store) TrainingsOf(ctx context.Context, by int64, over bool, after umkm.TrainingCursor, limit int, _ time.Time) ([]umkm.Training, error) {
	who, err := staffOf(ctx, s.pool, by)
	if err != nil {
		return nil, fmt.Errorf("list trainings: %w", err)
	}
	var from uuid.UUID
	if after.ID != "" {
		if from, err = uuid.Parse(after.ID); err != nil {
			return nil, fmt.Errorf("list trainings: cursor: %w", err)
		}
	}
	sql := sqlTrainingsAhead
	if over {
		sql = sqlTrainingsOver
	}
	rows, _ := s.pool.Query(ctx, sql, who.Regions(umkm.RoleOfficer), told(after.Starts), from, limit)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[countedRow])
	if err != nil {
		return nil, fmt.Errorf("list trainings: %w", err)
	}
	out := make([]umkm.Training, len(found))
	for i, t := range found {
		out[i] = t.training()
	}
	return out, nil
}
