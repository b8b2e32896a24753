package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

const sqlSeatChats = `
SELECT a.telegram_id, a.language FROM account_owners l JOIN accounts a ON a.telegram_id = l.account
WHERE l.owner = $1
ORDER BY NOT a.reachable, a.telegram_id <> $2, a.telegram_id
LIMIT 10`

// SeatNotice is what an owner is told of a seat: those of their accounts that
// can be reached come first, of these the one that joined. umkm.ErrNoSeat.
func (s *Store) SeatNotice(ctx context.Context, seat string) (n umkm.SeatNotice, err error) {
	id, err := uuid.Parse(seat)
	if err != nil {
		return n, fmt.Errorf("find seat's notice: %w", umkm.ErrNoSeat)
	}
	if n.Seat, err = one(s.seats(ctx, s.pool, whereSeatID, id)); err == nil {
		n.Training, err = s.FindTraining(ctx, n.Seat.Training)
	}
	if err != nil {
		return umkm.SeatNotice{}, fmt.Errorf("find seat's notice: %w", err)
	}
	rows, _ := s.pool.Query(ctx, sqlSeatChats, n.Seat.Owner, n.Seat.Account)
	if n.Chats, err = pgx.CollectRows(rows, pgx.RowToStructByPos[umkm.NoticeChat]); err != nil {
		return umkm.SeatNotice{}, fmt.Errorf("find whom to tell: %w", err)
	}
	return n, nil
}

const (
	sqlTrainingsOfLost = `
SELECT DISTINCT s.training FROM account_owners l JOIN seats s ON s.owner = l.owner JOIN trainings t ON t.id = s.training
WHERE l.account = $1 AND s.state IN ('invited', 'seated', 'waiting') AND t.state = 'open' AND t.starts_at > $2
ORDER BY s.training`

	sqlLost = `
SELECT s.id FROM account_owners l JOIN seats s ON s.owner = l.owner
WHERE l.account = $1 AND s.training = $2 AND s.state IN ('invited', 'seated')
	AND NOT EXISTS (SELECT FROM account_owners o JOIN accounts a ON a.telegram_id = o.account WHERE o.owner = s.owner AND a.reachable)`
)

// AccountLost gives back what is kept for owners whom no account reaches any
// more; where they can be reached, what they wait for is looked at anew.
func (s *Store) AccountLost(ctx context.Context, account int64, at time.Time) error {
	rows, _ := s.pool.Query(ctx, sqlTrainingsOfLost, account, at)
	trainings, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return fmt.Errorf("find seats of an account: %w", err)
	}
	for _, training := range trainings {
		err := s.atomically(ctx, func(tx pgx.Tx) error { return s.lose(ctx, tx, account, training, at) })
		if err != nil {
			return fmt.Errorf("give lost seats back: %w", classify(err))
		}
	}
	return nil
}

func (s *Store) lose(ctx context.Context, tx pgx.Tx, account int64, training uuid.UUID, at time.Time) error {
	t, err := lockTraining(ctx, tx, training.String())
	if err != nil || t.State != umkm.TrainingOpen || t.began(at) {
		return err
	}
	rows, _ := tx.Query(ctx, sqlLost, account, training)
	lost, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return fmt.Errorf("find lost seats: %w", err)
	}
	if err := endSeats(ctx, tx, lost, endOf{umkm.SeatLost, "seat.lost", clockActor, at}); err != nil {
		return err
	}
	return s.moveUp(ctx, tx, &t, at)
}

// seatsSoon has the seats of an account looked at that has gone or come back,
// where it has any that this concerns.
func (s *Store) seatsSoon(ctx context.Context, tx pgx.Tx, account int64, at time.Time) error {
	_, found, err := findID(ctx, tx, sqlTrainingsOfLost+` LIMIT 1`, account, at)
	if err != nil || !found {
		return err
	}
	job := umkm.AccountLost{Account: account, At: at.Unix()}
	if _, err := s.jobs.InsertTx(ctx, tx, job, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}}); err != nil {
		return fmt.Errorf("schedule the look at seats: %w", err)
	}
	return nil
}
