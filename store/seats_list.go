package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const sqlSeatsByNumber = `
WHERE s.training = $1 AND s.state = ANY($2) AND s.number > 0 AND s.number > $3
ORDER BY s.number LIMIT $4`

// Seats lists a training's seats in some states, by number, at most limit
// behind a number; candidates have none. What owners wrote of it is not among
// it. Each look is written in the audit log. umkm.ErrNoTraining,
// umkm.ErrForbidden.
func (s *Store) Seats(ctx context.Context, by int64, training string, states []umkm.SeatState, after, limit int) (seats []umkm.Seat, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		t, err := trainingFor(ctx, tx, sqlTraining, by, training)
		if err != nil {
			return err
		}
		if seats, err = s.seats(ctx, tx, sqlSeatsByNumber, t.ID, states, after, limit); err != nil {
			return err
		}
		return addAudit(ctx, tx, auditEntry{
			Actor: accountActor(by), Action: "training.listed", Subject: trainingSubject(t.ID), At: s.now(),
			Details: map[string]any{"states": states, "after": after, "seats": len(seats)},
		})
	})
	if err != nil {
		return nil, fmt.Errorf("list seats: %w", classify(err))
	}
	return hideComments(seats), nil
}

// hideComments keeps officers from reading who wrote what.
func hideComments(seats []umkm.Seat) []umkm.Seat {
	for i := range seats {
		seats[i].Comment = ""
	}
	return seats
}

// OfficersSeat is a seat and its training as officers see them; that they did
// is written in the audit log. umkm.ErrNoSeat, umkm.ErrForbidden.
func (s *Store) OfficersSeat(ctx context.Context, by int64, seat string, at time.Time) (umkm.Seat, umkm.Training, error) {
	var found umkm.Seat
	var training umkm.Training
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		id, t, err := trainingOfSeat(ctx, tx, sqlTraining, by, seat)
		if err != nil {
			return err
		}
		if found, err = one(s.seats(ctx, tx, "WHERE s.id = $1", id)); err != nil {
			return err
		}
		if training, err = counted(ctx, tx, t); err != nil {
			return err
		}
		return addAudit(ctx, tx, auditEntry{
			Actor: accountActor(by), Action: "seat.viewed", Subject: seatSubject(id), At: at,
			Details: map[string]any{"training": t.ID},
		})
	})
	if err != nil {
		return umkm.Seat{}, umkm.Training{}, fmt.Errorf("show seat: %w", classify(err))
	}
	found.Comment = ""
	return found, training, nil
}

// Whoever waits is among them, so that places are counted in one go.
const sqlAllSeats = `
SELECT ` + seatFields + `,
	CASE s.state WHEN 'waiting' THEN row_number() OVER (PARTITION BY s.state ORDER BY s.queue, s.id) ELSE coalesce(s.drawn, 0) END AS place
FROM ` + seatTables + `
WHERE s.training = $1 AND s.state <> 'candidate'
ORDER BY s.number, s.id`

// AllSeats lists every seat but candidates, by number, for the officers' sheet:
// neither NIKs nor phone numbers, nor what owners wrote. That it was made is
// written in the audit log. umkm.ErrNoTraining, umkm.ErrForbidden.
func (s *Store) AllSeats(ctx context.Context, by int64, training string) (umkm.Training, []umkm.Seat, error) {
	var shown umkm.Training
	var seats []umkm.Seat
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		t, err := trainingFor(ctx, tx, sqlTraining, by, training)
		if err != nil {
			return err
		}
		if shown, err = counted(ctx, tx, t); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, sqlAllSeats, t.ID)
		if seats, err = s.scanSeats(rows); err != nil {
			return err
		}
		return addAudit(ctx, tx, auditEntry{
			Actor: accountActor(by), Action: "training.exported", Subject: trainingSubject(t.ID), At: s.now(),
			Details: map[string]any{"seats": len(seats)},
		})
	})
	if err != nil {
		return umkm.Training{}, nil, fmt.Errorf("list all seats: %w", classify(err))
	}
	return shown, hideComments(seats), nil
}

// Of who was erased since, what caps count by is all that is left.
const sqlDrawList = `
SELECT number, left(village, 8) AS district, sector, untrained, drawn, drawn_seat
FROM seats WHERE training = $1 AND drawn IS NOT NULL AND number > 0
UNION ALL
SELECT number, cap, cap, untrained, drawn, drawn_seat FROM erased_seats WHERE training = $1 AND number IS NOT NULL
ORDER BY number`

// DrawList lists, for anybody, everybody who took part in a draw, by number,
// with what the draw gave them, whatever has become of it since. Of a seat
// there is what the draw went by and nothing that says whose it is: of its
// place the district, where caps count by it, else its sector or neither.
// umkm.ErrNoTraining: there was no draw.
func (s *Store) DrawList(ctx context.Context, training string) (umkm.Training, []umkm.Seat, error) {
	t, err := findTraining(ctx, s.pool, sqlTraining, training)
	if err == nil && t.DrawnAt == nil {
		err = umkm.ErrNoTraining
	}
	if err != nil {
		return umkm.Training{}, nil, fmt.Errorf("list draw: %w", err)
	}
	rows, _ := s.pool.Query(ctx, sqlDrawList, t.ID)
	drawn, err := pgx.CollectRows(rows, pgx.RowToStructByName[drawnRow])
	if err != nil {
		return umkm.Training{}, nil, fmt.Errorf("list draw: %w", err)
	}
	shown := t.training()
	shown.By, shown.Link = 0, ""
	seats := make([]umkm.Seat, len(drawn))
	for i, d := range drawn {
		seats[i] = d.seat(t.ID, shown.DrawnBy.Caps.By)
	}
	return shown, seats, nil
}

// drawnRow is what a draw went by and gave.
type drawnRow struct {
	Number    int
	District  umkm.RegionCode
	Sector    string
	Untrained bool
	Drawn     int
	DrawnSeat bool
}

func (d drawnRow) seat(training uuid.UUID, by umkm.CapBy) umkm.Seat {
	seat := umkm.Seat{Training: training.String(), Number: d.Number, Untrained: d.Untrained, Place: d.Drawn, State: umkm.SeatWaiting}
	if d.DrawnSeat {
		seat.State = umkm.SeatSeated
	}
	switch by {
	case umkm.CapDistrict:
		seat.Village = d.District
	case umkm.CapSector:
		seat.Sector = d.Sector
	case umkm.CapNone:
	}
	return seat
}

// MailingsOf lists what was sent to many about a training, newest first.
// umkm.ErrNoTraining, umkm.ErrForbidden.
func (s *Store) MailingsOf(ctx context.Context, by int64, training string) ([]umkm.Mailing, error) {
	t, err := s.TrainingFor(ctx, by, training)
	if err != nil {
		return nil, fmt.Errorf("list mailings: %w", err)
	}
	return s.MailingsAbout(ctx, umkm.MailingTraining, t.ID)
}
