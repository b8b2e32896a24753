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

// WalkIn lets an owner in who stands at the door without a seat, by the number
// of one of their businesses, and notes that they have come. Who is there goes
// before who waits elsewhere, and whom a training is meant for, or how many of
// a district, is the officer's to see: only the quota binds. Who was invited
// and did not answer takes the place kept for them; who has a seat is only
// noted.
//
// umkm.ErrFull: every place is taken, or still to be drawn. umkm.ErrNotYours:
// no such number. umkm.ErrWrongTime, umkm.ErrNoTraining, umkm.ErrForbidden.
func (s *Store) WalkIn(ctx context.Context, by int64, training string, number umkm.Number, at time.Time) (umkm.CheckIn, error) {
	var noted umkm.CheckIn
	err := s.atomically(ctx, func(tx pgx.Tx) error {
		t, err := lockTrainingFor(ctx, tx, by, training)
		if err != nil {
			return err
		}
		if !t.training().OnTheDay(at) {
			return umkm.ErrWrongTime
		}
		w, err := walkerBy(ctx, tx, t.ID, number)
		if err != nil {
			return err
		}
		if w.State != umkm.SeatSeated {
			if err := seatWalker(ctx, tx, t, &w, by, at); err != nil {
				return err
			}
		}
		noted, err = s.noteAttendance(ctx, tx, t, attendance{seat: *w.Seat, what: umkm.AttendIn, officer: by, actor: by, at: at})
		return err
	})
	if err != nil {
		return umkm.CheckIn{}, fmt.Errorf("let in: %w", classify(err))
	}
	return noted, nil
}

// walker is somebody at the door.
type walker struct {
	Business, Owner uuid.UUID
	Village         umkm.RegionCode
	Sector          string
	Account         int64 // that acts for them, one that can be reached first
	Untrained       bool
	Seat            *uuid.UUID // what they have to do with the training already; nil: nothing
	State           umkm.SeatState
	Number          int
}

const sqlWalker = `
SELECT b.id AS business, b.owner, b.village, coalesce(b.sector, '') AS sector, a.telegram_id AS account,
	NOT EXISTS (SELECT FROM seats e WHERE e.owner = b.owner AND e.in_at IS NOT NULL) AS untrained,
	s.id AS seat, coalesce(s.state, '') AS state, coalesce(s.number, 0) AS number
FROM businesses b
CROSS JOIN LATERAL (
	SELECT a.telegram_id FROM account_owners o JOIN accounts a ON a.telegram_id = o.account
	WHERE o.owner = b.owner ORDER BY NOT a.reachable, a.seen_at DESC, a.telegram_id LIMIT 1) a
LEFT JOIN seats s ON s.training = $1 AND s.owner = b.owner
WHERE b.number = $2`

func walkerBy(ctx context.Context, tx pgx.Tx, training uuid.UUID, number umkm.Number) (walker, error) {
	rows, _ := tx.Query(ctx, sqlWalker, training, number)
	w, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[walker])
	if errors.Is(err, pgx.ErrNoRows) {
		return walker{}, umkm.ErrNotYours
	}
	if err != nil {
		return walker{}, fmt.Errorf("find who came: %w", err)
	}
	return w, nil
}

const sqlSeatWalker = `
INSERT INTO seats (id, training, owner, business, account, village, sector, cap, untrained, number, state, queue, walk_in, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::integer, 'seated', $10::integer, true, $11)
ON CONFLICT (training, owner) DO UPDATE SET state = 'seated', number = excluded.number, walk_in = seats.state <> 'invited',
	answer_until = NULL, remind_at = NULL, changed_at = excluded.changed_at`

// seatWalker gives a place to who has none.
func seatWalker(ctx context.Context, tx pgx.Tx, t trainingRow, w *walker, by int64, at time.Time) error {
	if err := placeForWalker(ctx, tx, t, *w); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	if w.Number == 0 {
		w.Number = t.Joined + 1
		batch.Queue(sqlJoined, t.ID, w.Number)
	}
	if w.Seat == nil {
		id, err := newID()
		if err != nil {
			return err
		}
		w.Seat = &id
	}
	batch.Queue(sqlSeatWalker, w.Seat, t.ID, w.Owner, w.Business, w.Account, w.Village, w.Sector,
		t.Caps.Key(w.Village, w.Sector), w.Untrained, w.Number, at)
	err := queueAudit(batch, auditEntry{
		Actor: accountActor(by), Action: "seat.walked_in", Subject: seatSubject(*w.Seat), At: at,
		Details: map[string]any{"training": t.ID, "was": w.State},
	})
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("seat who came: %w", err)
	}
	return nil
}

// placeForWalker: umkm.ErrFull. Until a draw is held every place is the draw's.
func placeForWalker(ctx context.Context, tx pgx.Tx, t trainingRow, w walker) error {
	if w.State == umkm.SeatInvited {
		return nil
	}
	if t.Filling == umkm.FillDraw && t.DrawnAt == nil {
		return umkm.ErrFull
	}
	p, err := placesOf(ctx, tx, t)
	if err == nil && p.free <= 0 {
		err = umkm.ErrFull
	}
	return err
}
