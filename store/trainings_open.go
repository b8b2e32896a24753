package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const sqlOpenTrainings = `
SELECT t.*, n.* FROM (
	SELECT ` + trainingColumns + ` FROM trainings t
	WHERE t.state = 'open' AND t.closes_at > $1 AND t.drawn_at IS NULL
	ORDER BY t.starts_at, t.id LIMIT $2
) t, LATERAL (SELECT ` + seatCounts + ` FROM seats s WHERE s.training = t.id) n
ORDER BY t.starts_at, t.id`

// OpenTrainings lists at most limit trainings that take registrations, whoever
// they are meant for, the soonest first.
func (s *Store) OpenTrainings(ctx context.Context, limit int, at time.Time) ([]umkm.Training, error) {
	rows, _ := s.pool.Query(ctx, sqlOpenTrainings, at, limit)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[countedRow])
	if err != nil {
		return nil, fmt.Errorf("list open trainings: %w", err)
	}
	out := make([]umkm.Training, len(found))
	for i, t := range found {
		out[i] = t.training()
	}
	return out, nil
}
