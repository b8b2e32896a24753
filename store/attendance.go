package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// CheckIn notes that the owner of a seat has come or gone, as an officer sees
// it; the first time that is noted holds. Who goes and was never noted to have
// come is noted for both: they stand before the officer.
//
// umkm.ErrNoSeat: no such seat, or one that is not seated; of that one the
// CheckIn says whose it is, so that they can be let in (WalkIn).
// umkm.ErrWrongTime. umkm.ErrForbidden.
func (s *Store) CheckIn(ctx context.Context, by int64, seat string, what umkm.Attendance, at time.Time) (umkm.CheckIn, error) {
	if !plainAttendance(what) {
		return umkm.CheckIn{}, fmt.Errorf("check in: %w", umkm.ErrRefused)
	}
	var noted umkm.CheckIn
	err := s.atomically(ctx, func(tx pgx.Tx) error {
		id, t, err := trainingOfSeat(ctx, tx, sqlShareTraining, by, seat)
		if err != nil {
			return err
		}
		if !t.training().OnTheDay(at) {
			return umkm.ErrWrongTime
		}
		noted, err = s.noteAttendance(ctx, tx, t, attendance{seat: id, what: what, officer: by, actor: by, at: at})
		return err
	})
	if err == nil && noted.Seat.State != umkm.SeatSeated {
		err = umkm.ErrNoSeat
	}
	if err != nil {
		return noted, fmt.Errorf("check in: %w", classify(err))
	}
	return noted, nil
}

func plainAttendance(what umkm.Attendance) bool {
	return what == umkm.AttendIn || what == umkm.AttendOut
}

const (
	sqlTrainingOfSeat = `SELECT training FROM seats WHERE id = $1`

	// Joins and promotions wait for it, and it for them; check-ins do not wait
	// for one another.
	sqlShareTraining = sqlTraining + ` FOR SHARE`
)

// trainingOfSeat reads a seat's training for an officer of all its regions.
// umkm.ErrNoSeat, umkm.ErrForbidden.
func trainingOfSeat(ctx context.Context, tx pgx.Tx, sql string, by int64, seat string) (uuid.UUID, trainingRow, error) {
	id, err := uuid.Parse(seat)
	if err != nil {
		return id, trainingRow{}, umkm.ErrNoSeat
	}
	training, found, err := findID(ctx, tx, sqlTrainingOfSeat, id)
	if err != nil {
		return id, trainingRow{}, fmt.Errorf("find seat: %w", err)
	}
	if !found {
		return id, trainingRow{}, umkm.ErrNoSeat
	}
	t, err := trainingFor(ctx, tx, sql, by, training.String())
	return id, t, err
}

// attendance is what is to be noted of a seat.
type attendance struct {
	seat    uuid.UUID
	what    umkm.Attendance
	officer int64 // who saw it; 0: the room's code
	actor   int64
	at      time.Time
}

const (
	sqlNoteIn = `UPDATE seats SET in_at = $2, in_by = nullif($3::bigint, 0) WHERE id = $1 AND state = 'seated' AND in_at IS NULL`

	sqlNoteOut = `
UPDATE seats SET out_at = $2, out_by = nullif($3::bigint, 0),
	in_at = coalesce(in_at, $2), in_by = CASE WHEN in_at IS NULL THEN nullif($3::bigint, 0) ELSE in_by END
WHERE id = $1 AND state = 'seated' AND out_at IS NULL`

	sqlCountCome = `SELECT count(*) FROM seats WHERE training = $1 AND in_at IS NOT NULL`
)

// noteAttendance notes it once, if the seat is seated, and says whose it is.
func (s *Store) noteAttendance(ctx context.Context, tx pgx.Tx, t trainingRow, a attendance) (umkm.CheckIn, error) {
	sql := sqlNoteIn
	if a.what == umkm.AttendOut {
		sql = sqlNoteOut
	}
	done, err := tx.Exec(ctx, sql, a.seat, a.at, a.officer)
	if err != nil {
		return umkm.CheckIn{}, fmt.Errorf("note attendance: %w", err)
	}
	seats, err := s.seats(ctx, tx, "WHERE s.id = $1", a.seat)
	if err != nil {
		return umkm.CheckIn{}, err
	}
	noted := umkm.CheckIn{Seat: seats[0], What: a.what, Again: done.RowsAffected() == 0}
	if err := tx.QueryRow(ctx, sqlCountCome, t.ID).Scan(&noted.Count); err != nil {
		return umkm.CheckIn{}, fmt.Errorf("count who has come: %w", err)
	}
	return noted, addAudit(ctx, tx, auditEntry{
		Actor: accountActor(a.actor), Action: seatAction(noted), Subject: seatSubject(a.seat), At: a.at,
		Details: map[string]any{"training": t.ID, "what": a.what, "room": a.officer == 0},
	})
}

// seatAction: whoever looks twice, or at one who has no seat, has only seen
// whose it is.
func seatAction(c umkm.CheckIn) string {
	if c.Again {
		return "seat.viewed"
	}
	return "seat.checked_in"
}

func seatSubject(id uuid.UUID) string { return "seat:" + id.String() }

const (
	// Who has not come has not gone. A walk-in had no seat but for that.
	sqlUndoIn = `
UPDATE seats SET in_at = NULL, in_by = NULL, out_at = NULL, out_by = NULL,
	state = CASE WHEN walk_in THEN 'removed' ELSE state END, changed_at = CASE WHEN walk_in THEN $2 ELSE changed_at END, walk_in = false
WHERE id = $1`

	// Who was noted for both at once was never noted to have come.
	sqlUndoOut = `
UPDATE seats SET in_at = nullif(in_at, out_at), in_by = CASE WHEN in_at = out_at THEN NULL ELSE in_by END, out_at = NULL, out_by = NULL
WHERE id = $1`
)

// UndoCheckIn takes back what was noted within umkm.CheckInUndo; a walk-in's
// place is free again, and goes to the next in line while seats are moved. Done
// again it stays done. umkm.ErrTooLate, also once the training is over.
// umkm.ErrNoSeat, umkm.ErrForbidden.
func (s *Store) UndoCheckIn(ctx context.Context, by int64, seat string, what umkm.Attendance, at time.Time) error {
	if !plainAttendance(what) {
		return fmt.Errorf("undo check-in: %w", umkm.ErrRefused)
	}
	err := s.atomically(ctx, func(tx pgx.Tx) error {
		t, had, err := s.lockSeatFor(ctx, tx, by, seat)
		if err != nil {
			return err
		}
		noted := had.In
		if what == umkm.AttendOut {
			noted = had.Out
		}
		switch {
		case noted.IsZero():
			return nil
		case t.State != umkm.TrainingOpen || !at.Before(noted.Add(umkm.CheckInUndo)):
			return umkm.ErrTooLate
		}
		if err := undoAttendance(ctx, tx, t, attendance{seat: uuid.MustParse(had.ID), what: what, actor: by, at: at}); err != nil {
			return err
		}
		if what == umkm.AttendOut || !had.WalkIn {
			return nil
		}
		return s.moveUp(ctx, tx, &t, at)
	})
	if err != nil {
		return fmt.Errorf("undo check-in: %w", classify(err))
	}
	return nil
}

func undoAttendance(ctx context.Context, tx pgx.Tx, t trainingRow, a attendance) error {
	sql, args := sqlUndoIn, []any{a.seat, a.at}
	if a.what == umkm.AttendOut {
		sql, args = sqlUndoOut, args[:1]
	}
	if _, err := tx.Exec(ctx, sql, args...); err != nil {
		return fmt.Errorf("take attendance back: %w", err)
	}
	return addAudit(ctx, tx, auditEntry{
		Actor: accountActor(a.actor), Action: "seat.check_in_undone", Subject: seatSubject(a.seat), At: a.at,
		Details: map[string]any{"training": t.ID, "what": a.what},
	})
}
