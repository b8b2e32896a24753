package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// Join gives the owner a seat, a place in the waiting list or one in the draw,
// or says yes to an invitation. Done again it gives the same.
//
// umkm.ErrNotYours: the account does not act for the owner. umkm.ErrNoTraining:
// it is not announced, or cancelled. umkm.ErrNotTaking: registration is over.
// umkm.ErrNotMeant: it is for others, or their seat was taken away.
func (s *Store) Join(ctx context.Context, j umkm.Joining) (umkm.Seat, error) {
	var id uuid.UUID
	err := s.atomically(ctx, func(tx pgx.Tx) (err error) {
		id, err = s.join(ctx, tx, j)
		return err
	})
	if err != nil {
		return umkm.Seat{}, fmt.Errorf("join: %w", classify(err))
	}
	return s.ownSeat(ctx, s.pool, j.Account, id.String())
}

func (s *Store) join(ctx context.Context, tx pgx.Tx, j umkm.Joining) (uuid.UUID, error) {
	t, owner, had, err := lockForJoin(ctx, tx, j)
	switch {
	case err != nil:
		return uuid.UUID{}, err
	case t.PublishedAt == nil || t.State == umkm.TrainingCancelled:
		return uuid.UUID{}, umkm.ErrNoTraining
	}
	switch had.State {
	case umkm.SeatSeated, umkm.SeatApplied:
		return had.ID, nil
	case umkm.SeatWaiting:
		return had.ID, s.moveUp(ctx, tx, &t, j.At, had.ID)
	case umkm.SeatInvited:
		return had.ID, s.accept(ctx, tx, t, had.ID, j)
	case umkm.SeatRemoved:
		return uuid.UUID{}, umkm.ErrNotMeant
	case umkm.SeatCandidate, umkm.SeatDeclined, umkm.SeatLapsed, umkm.SeatCancelled, umkm.SeatLost:
	}
	if !t.training().Taking(j.At) {
		return uuid.UUID{}, umkm.ErrNotTaking
	}
	part, err := s.partOf(ctx, tx, t.Segment, owner)
	if err != nil {
		return uuid.UUID{}, err
	}
	return s.enrol(ctx, tx, &t, part, j)
}

// hadSeat is what an owner has to do with a training already; the zero value:
// nothing.
type hadSeat struct {
	ID    uuid.UUID
	State umkm.SeatState
}

const (
	sqlActsForOwner = `SELECT EXISTS (SELECT FROM account_owners WHERE account = $1 AND owner = $2)`

	sqlHadSeat = `SELECT id, state FROM seats WHERE training = $1 AND owner = $2`
)

// lockForJoin locks the training and reads, once it is locked, what the owner
// has. The statements travel together: many may wait for the lock.
func lockForJoin(ctx context.Context, tx pgx.Tx, j umkm.Joining) (t trainingRow, owner uuid.UUID, had hadSeat, err error) {
	id, err := uuid.Parse(j.Training)
	if err != nil {
		return t, owner, had, umkm.ErrNoTraining
	}
	if owner, err = uuid.Parse(j.Owner); err != nil {
		return t, owner, had, umkm.ErrNotYours
	}
	batch := &pgx.Batch{}
	batch.Queue(sqlActsForOwner, j.Account, owner).QueryRow(func(row pgx.Row) error {
		var acts bool
		if err := row.Scan(&acts); err != nil || acts {
			return err
		}
		return umkm.ErrNotYours
	})
	batch.Queue(sqlLockTraining, id).Query(func(rows pgx.Rows) (err error) {
		if t, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[trainingRow]); errors.Is(err, pgx.ErrNoRows) {
			err = umkm.ErrNoTraining
		}
		return err
	})
	batch.Queue(sqlHadSeat, id, owner).Query(func(rows pgx.Rows) (err error) {
		if had, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[hadSeat]); errors.Is(err, pgx.ErrNoRows) {
			err = nil
		}
		return err
	})
	if err = tx.SendBatch(ctx, batch).Close(); err != nil {
		err = fmt.Errorf("lock training: %w", err)
	}
	return t, owner, had, err
}

// part is for which of their businesses an owner takes part, as it is then.
type part struct {
	Owner, Business uuid.UUID
	Village         umkm.RegionCode
	Sector          string
	Trained         bool
}

const sqlPart = `
SELECT r.owner, r.business, r.village, r.sector, r.trained FROM reach r WHERE r.owner = $1 AND %s ORDER BY r.business LIMIT 1`

// partOf finds the owner's first business that a segment means:
// umkm.ErrNotMeant. Who comes by themselves need not have agreed to be written to.
func (s *Store) partOf(ctx context.Context, q querier, seg umkm.Segment, owner uuid.UUID) (part, error) {
	where, args := s.segmentSQL(seg, 2)
	rows, _ := q.Query(ctx, fmt.Sprintf(sqlPart, where), append([]any{owner}, args...)...)
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[part])
	if errors.Is(err, pgx.ErrNoRows) {
		return p, umkm.ErrNotMeant
	}
	if err != nil {
		return p, fmt.Errorf("find who is meant: %w", err)
	}
	return p, nil
}

const (
	sqlJoined = `UPDATE trainings SET joined = $2 WHERE id = $1`

	// Who comes back is the last in the line again.
	sqlEnrol = `
INSERT INTO seats (id, training, owner, business, account, village, sector, cap, untrained, number, state, queue, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::integer, $11, $10::integer, $12)
ON CONFLICT (training, owner) DO UPDATE SET business = excluded.business, account = excluded.account, village = excluded.village,
	sector = excluded.sector, cap = excluded.cap, untrained = excluded.untrained, number = excluded.number, state = excluded.state,
	queue = excluded.queue, changed_at = excluded.changed_at, remind_at = NULL
RETURNING id`
)

// enrol puts an owner at the end of the waiting list, or into the draw, and
// gives the places that are free to those in front, who may be they.
func (s *Store) enrol(ctx context.Context, tx pgx.Tx, t *trainingRow, p part, j umkm.Joining) (uuid.UUID, error) {
	id, err := newID()
	if err != nil {
		return id, err
	}
	state := umkm.SeatWaiting
	if t.Filling == umkm.FillDraw {
		state = umkm.SeatApplied
	}
	t.Joined++
	batch := &pgx.Batch{}
	batch.Queue(sqlJoined, t.ID, t.Joined)
	batch.Queue(sqlEnrol, id, t.ID, p.Owner, p.Business, j.Account, p.Village, p.Sector, t.Caps.Key(p.Village, p.Sector), !p.Trained,
		t.Joined, state, j.At).QueryRow(func(row pgx.Row) error { return row.Scan(&id) })
	err = queueAudit(batch, auditEntry{
		Actor: accountActor(j.Account), Action: "seat.joined", Subject: trainingSubject(t.ID), At: j.At,
		Details: map[string]any{"owner": p.Owner.String(), "number": t.Joined},
	})
	if err != nil {
		return id, err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return id, fmt.Errorf("add seat: %w", err)
	}
	if state == umkm.SeatApplied {
		return id, nil
	}
	return id, s.moveUp(ctx, tx, t, j.At, id)
}

const sqlAccept = `
UPDATE seats SET state = 'seated', answer_until = NULL, remind_at = NULL, account = $2, changed_at = $3 WHERE id = $1`

// accept gives one invited the place that was kept for them, even where the
// time for an answer has just run out and nobody has taken it away yet.
func (s *Store) accept(ctx context.Context, tx pgx.Tx, t trainingRow, seat uuid.UUID, j umkm.Joining) error {
	if t.State != umkm.TrainingOpen || t.began(j.At) {
		return umkm.ErrNotTaking
	}
	batch := &pgx.Batch{}
	batch.Queue(sqlAccept, seat, j.Account, j.At)
	err := queueAudit(batch, seatAudit("seat.accepted", accountActor(j.Account), seat, j.At))
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("accept invitation: %w", err)
	}
	return nil
}

func seatAudit(action, actor string, seat uuid.UUID, at time.Time) auditEntry {
	return auditEntry{Actor: actor, Action: action, Subject: seatSubject(seat), At: at}
}

// moveUp gives free places to those next in line and has them told, except who
// is being answered already.
func (s *Store) moveUp(ctx context.Context, tx pgx.Tx, t *trainingRow, at time.Time, answered ...uuid.UUID) error {
	promoted, err := s.fill(ctx, tx, t, at)
	if err != nil {
		return err
	}
	promoted = slices.DeleteFunc(promoted, func(id uuid.UUID) bool { return slices.Contains(answered, id) })
	return s.tellSeats(ctx, tx, promoted, umkm.EventPromoted, at)
}
