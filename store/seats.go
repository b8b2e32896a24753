package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// seatsShown is how many seats an account is shown, and seatsKept how long
// those of trainings that are over.
const (
	seatsShown = 50
	seatsKept  = 90 * 24 * time.Hour
)

// What an owner has not heard of is no seat of theirs.
const (
	ofAccount = `s.state <> 'candidate' AND s.owner IN (SELECT owner FROM account_owners WHERE account = $1)`

	whereSeatsAhead = `JOIN trainings t ON t.id = s.training
WHERE ` + ofAccount + ` AND s.state IN ('invited', 'applied', 'seated', 'waiting') AND t.state = 'open' AND t.ends_at > $2
ORDER BY t.starts_at, s.id LIMIT $3`

	whereSeatsOver = `JOIN trainings t ON t.id = s.training
WHERE ` + ofAccount + ` AND s.state = 'seated' AND t.state IN ('open', 'done') AND t.ends_at <= $2 AND t.ends_at > $3
ORDER BY t.starts_at DESC, s.id LIMIT $4`

	whereSeat = `WHERE ` + ofAccount + ` AND s.id = $2`
)

// SeatsOf lists the live seats of the account's owners in trainings that are
// not over, the soonest first, then those that they had a seat in during the
// last 90 days, the latest first.
func (s *Store) SeatsOf(ctx context.Context, account int64, at time.Time) ([]umkm.Seat, error) {
	ahead, err := s.seats(ctx, s.pool, whereSeatsAhead, account, at, seatsShown)
	if err != nil {
		return nil, fmt.Errorf("list seats: %w", err)
	}
	over, err := s.seats(ctx, s.pool, whereSeatsOver, account, at, at.Add(-seatsKept), seatsShown)
	if err != nil {
		return nil, fmt.Errorf("list seats: %w", err)
	}
	return append(ahead, over...), nil
}

// SeatFor returns a seat and its training as its owner sees them.
// umkm.ErrNoSeat.
func (s *Store) SeatFor(ctx context.Context, account int64, seat string) (umkm.Seat, umkm.Training, error) {
	found, err := s.ownSeat(ctx, s.pool, account, seat)
	if err != nil {
		return umkm.Seat{}, umkm.Training{}, fmt.Errorf("find seat: %w", err)
	}
	t, err := s.FindTraining(ctx, found.Training)
	return found, t, err
}

// ownSeat returns a seat of one of the account's owners: umkm.ErrNoSeat.
func (s *Store) ownSeat(ctx context.Context, q querier, account int64, seat string) (umkm.Seat, error) {
	id, err := uuid.Parse(seat)
	if err != nil {
		return umkm.Seat{}, umkm.ErrNoSeat
	}
	return one(s.seats(ctx, q, whereSeat, account, id))
}

// one is the only seat of a list: umkm.ErrNoSeat where there is none.
func one(seats []umkm.Seat, err error) (umkm.Seat, error) {
	if err != nil {
		return umkm.Seat{}, err
	}
	if len(seats) == 0 {
		return umkm.Seat{}, umkm.ErrNoSeat
	}
	return seats[0], nil
}

const sqlLockTrainingOfSeat = `
SELECT ` + trainingColumns + ` FROM trainings t WHERE t.id = (SELECT training FROM seats WHERE id = $1) FOR UPDATE`

// lockTrainingOf is lockTraining of a seat, whose training never changes:
// umkm.ErrNoSeat.
func lockTrainingOf(ctx context.Context, tx pgx.Tx, seat string) (trainingRow, error) {
	t, err := findTraining(ctx, tx, sqlLockTrainingOfSeat, seat)
	if errors.Is(err, umkm.ErrNoTraining) {
		err = umkm.ErrNoSeat
	}
	return t, err
}
