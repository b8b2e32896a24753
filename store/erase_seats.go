package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const (
	sqlTrainingsOf = `SELECT DISTINCT training::text AS training FROM seats WHERE owner = $1 ORDER BY training`

	sqlSeatOf = `SELECT id, state FROM seats WHERE training = $1 AND owner = $2`

	sqlKeepEntry = `
INSERT INTO erased_seats (id, training, number, cap, untrained, drawn, drawn_seat)
SELECT $2, training, number, cap, untrained, drawn, drawn_seat FROM seats WHERE id = $1 AND drawn IS NOT NULL AND number > 0`

	sqlKeepCertificate = `
INSERT INTO erased_seats (id, training, certificate)
SELECT $2, training, certificate FROM seats WHERE id = $1 AND certificate IS NOT NULL`

	sqlEraseSeat = `DELETE FROM seats WHERE id = $1`
)

// eraseSeats takes an owner's seats away, training by training: who waits moves
// up, and of what others rely on there stays what names nobody, in rows that
// nothing ties to one another.
func (s *Store) eraseSeats(ctx context.Context, tx pgx.Tx, w erased) error {
	if w.owner == nil {
		return nil
	}
	rows, _ := tx.Query(ctx, sqlTrainingsOf, w.owner)
	trainings, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("find trainings: %w", err)
	}
	for _, training := range trainings {
		if err := s.eraseSeat(ctx, tx, w, training); err != nil {
			return fmt.Errorf("erase a seat: %w", err)
		}
	}
	return nil
}

func (s *Store) eraseSeat(ctx context.Context, tx pgx.Tx, w erased, training string) error {
	t, err := lockTraining(ctx, tx, training)
	if err != nil {
		return err
	}
	var seat uuid.UUID
	var state umkm.SeatState
	if err := tx.QueryRow(ctx, sqlSeatOf, t.ID, w.owner).Scan(&seat, &state); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	for _, sql := range []string{sqlKeepEntry, sqlKeepCertificate} {
		id, err := newID()
		if err != nil {
			return err
		}
		batch.Queue(sql, seat, id)
	}
	batch.Queue(sqlEraseSeat, seat)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return err
	}
	if !state.Live() || t.State != umkm.TrainingOpen || t.began(w.at) {
		return nil
	}
	return s.moveUp(ctx, tx, &t, w.at)
}
