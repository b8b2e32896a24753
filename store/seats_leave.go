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

// Leave gives a seat back, says no to an invitation, or takes an application or
// a place in the waiting list back; the next in line moves up. Done again it
// stays done. umkm.ErrNoSeat: none of the account's owners'. umkm.ErrNotTaking:
// the training has begun, or is off.
func (s *Store) Leave(ctx context.Context, account int64, seat string, at time.Time) (umkm.Seat, error) {
	err := s.atomically(ctx, func(tx pgx.Tx) error {
		t, err := lockTrainingOf(ctx, tx, seat)
		if err != nil {
			return err
		}
		had, err := s.ownSeat(ctx, tx, account, seat)
		switch {
		case err != nil || !had.State.Live():
			return err
		case t.State != umkm.TrainingOpen || t.began(at):
			return umkm.ErrNotTaking
		}
		left := endOf{umkm.SeatCancelled, "seat.left", accountActor(account), at}
		if had.State == umkm.SeatInvited {
			left.state, left.action = umkm.SeatDeclined, "seat.declined"
		}
		if err := endSeats(ctx, tx, []uuid.UUID{uuid.MustParse(had.ID)}, left); err != nil {
			return err
		}
		return s.moveUp(ctx, tx, &t, at)
	})
	if err != nil {
		return umkm.Seat{}, fmt.Errorf("leave: %w", classify(err))
	}
	return s.ownSeat(ctx, s.pool, account, seat)
}

// endOf says how seats come to an end.
type endOf struct {
	state  umkm.SeatState
	action string // in the audit log
	actor  string
	at     time.Time
}

// Who has no seat was not there.
const sqlEndSeats = `
UPDATE seats SET state = $2, answer_until = NULL, remind_at = NULL, changed_at = $3,
	in_at = NULL, in_by = NULL, out_at = NULL, out_by = NULL, walk_in = false
WHERE id = ANY($1)`

// endSeats takes seats of a locked training from those who have them.
func endSeats(ctx context.Context, tx pgx.Tx, ids []uuid.UUID, how endOf) error {
	batch := &pgx.Batch{}
	batch.Queue(sqlEndSeats, ids, how.state, how.at)
	if err := queueSeatAudits(batch, how.action, how.actor, ids, how.at); err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("end seats: %w", err)
	}
	return nil
}

const whereSeatID = `WHERE s.id = $1`

// RemoveSeat takes a seat away; the owner is told, and the next in line moves
// up. Of a candidate nobody is told. Done again it stays done. umkm.ErrNoSeat,
// umkm.ErrForbidden; umkm.ErrNoTraining: it is over.
func (s *Store) RemoveSeat(ctx context.Context, by int64, seat string, at time.Time) error {
	err := s.atomically(ctx, func(tx pgx.Tx) error {
		t, had, err := s.lockSeatFor(ctx, tx, by, seat)
		if err != nil {
			return err
		}
		heard := had.State.Live()
		switch {
		case !heard && had.State != umkm.SeatCandidate:
			return nil
		case t.State != umkm.TrainingOpen || !at.Before(t.EndsAt):
			return umkm.ErrNoTraining
		}
		ids := []uuid.UUID{uuid.MustParse(had.ID)}
		if err := endSeats(ctx, tx, ids, endOf{umkm.SeatRemoved, "seat.removed", accountActor(by), at}); err != nil {
			return err
		}
		if heard {
			if err := s.tellSeats(ctx, tx, ids, umkm.EventRemoved, at); err != nil {
				return err
			}
		}
		return s.moveUp(ctx, tx, &t, at)
	})
	if err != nil {
		return fmt.Errorf("remove seat: %w", classify(err))
	}
	return nil
}

// lockSeatFor locks the training of a seat for an officer of all its regions.
func (s *Store) lockSeatFor(ctx context.Context, tx pgx.Tx, by int64, seat string) (trainingRow, umkm.Seat, error) {
	who, err := staffHeld(ctx, tx, by)
	if err != nil {
		return trainingRow{}, umkm.Seat{}, err
	}
	t, err := lockTrainingOf(ctx, tx, seat)
	if err != nil {
		return t, umkm.Seat{}, err
	}
	if !t.Segment.Within(who.Regions(umkm.RoleOfficer)) {
		return t, umkm.Seat{}, umkm.ErrForbidden
	}
	had, err := one(s.seats(ctx, tx, whereSeatID, uuid.MustParse(seat)))
	return t, had, err
}

// An invitation is called to mind once, some hours later, but while there is
// time left to answer.
const (
	remindIn   = 3 * time.Hour
	remindLeft = time.Hour
)

const (
	sqlRemindAt  = `SELECT remind_at FROM seats WHERE id = $1`
	sqlSetRemind = `UPDATE seats SET remind_at = $2 WHERE id = $1`
)

// RemindLater has the owner reminded of an invitation once more, at a time
// before it lapses, which it returns; asked again, it stays at that.
// umkm.ErrNoSeat: there is none that waits for an answer.
func (s *Store) RemindLater(ctx context.Context, account int64, seat string, at time.Time) (when time.Time, err error) {
	err = s.atomically(ctx, func(tx pgx.Tx) error {
		t, err := lockTrainingOf(ctx, tx, seat)
		if err != nil {
			return err
		}
		had, err := s.ownSeat(ctx, tx, account, seat)
		if err != nil {
			return err
		}
		if had.State != umkm.SeatInvited || t.State != umkm.TrainingOpen || !at.Before(had.Until) {
			return umkm.ErrNoSeat
		}
		id := uuid.MustParse(had.ID)
		rows, _ := tx.Query(ctx, sqlRemindAt, id)
		asked, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[*time.Time])
		if err != nil {
			return fmt.Errorf("find reminder: %w", err)
		}
		if asked != nil && asked.After(at) {
			when = *asked
			return nil
		}
		when = remindWhen(at, had.Until)
		return s.remind(ctx, tx, id, when)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("remind later: %w", classify(err))
	}
	return when, nil
}

// remindWhen is half-way where there is little time left.
func remindWhen(at, until time.Time) time.Time {
	when := at.Add(remindIn)
	if last := until.Add(-remindLeft); when.After(last) {
		when = last
	}
	if !when.After(at) {
		when = at.Add(until.Sub(at) / 2)
	}
	return when.Truncate(time.Second)
}

func (s *Store) remind(ctx context.Context, tx pgx.Tx, seat uuid.UUID, when time.Time) error {
	if _, err := tx.Exec(ctx, sqlSetRemind, seat, when); err != nil {
		return fmt.Errorf("note reminder: %w", err)
	}
	job := umkm.NoticeSeat{Seat: seat.String(), Event: umkm.EventReminded, At: when.Unix()}
	if _, err := s.jobs.InsertTx(ctx, tx, job, &river.InsertOpts{ScheduledAt: when}); err != nil {
		return fmt.Errorf("schedule reminder: %w", err)
	}
	return nil
}
