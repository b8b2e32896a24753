package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const sealFeedback = "training feedback" // never renamed

// seatRow is a row of seatColumns.
type seatRow struct {
	ID, Training, Owner, Business uuid.UUID
	OwnerName, BusinessName       string
	BusinessNumber                umkm.Number
	Village                       umkm.RegionCode
	Sector                        string
	Account                       int64
	Language                      string
	Number                        int
	Untrained                     bool
	State                         umkm.SeatState
	Place                         int
	Until, InAt, OutAt            *time.Time
	WalkIn                        bool
	Certificate                   umkm.CertificateNumber
	Rating                        int
	CommentSealed                 []byte
	At                            time.Time
}

// Seats s, their owners o, businesses b and accounts a. A place in the waiting
// list is counted for each; to list many who wait, count in one go.
const (
	seatFields = `s.id, s.training, s.owner, s.business, o.name AS owner_name, b.name AS business_name, b.number AS business_number, s.village, s.sector,
	s.account, a.language, s.number, s.untrained, s.state, s.answer_until AS until, s.in_at, s.out_at, s.walk_in,
	coalesce(s.certificate, '') AS certificate, coalesce(s.rating, 0) AS rating, s.comment_sealed, s.changed_at AS at`

	seatPlace = `CASE s.state WHEN 'waiting' THEN (
		SELECT count(*) FROM seats w WHERE w.training = s.training AND w.state = 'waiting' AND (w.queue, w.id) <= (s.queue, s.id)
	) ELSE coalesce(s.drawn, 0) END AS place`

	seatColumns = seatFields + `, ` + seatPlace

	seatTables = `seats s JOIN owners o ON o.id = s.owner JOIN businesses b ON b.id = s.business JOIN accounts a ON a.telegram_id = s.account`

	sqlSeats = `SELECT ` + seatColumns + ` FROM ` + seatTables + ` `
)

// seats reads seats; where begins behind sqlSeats.
func (s *Store) seats(ctx context.Context, q querier, where string, args ...any) ([]umkm.Seat, error) {
	rows, _ := q.Query(ctx, sqlSeats+where, args...)
	return s.scanSeats(rows)
}

// scanSeats collects rows of seatColumns.
func (s *Store) scanSeats(rows pgx.Rows) ([]umkm.Seat, error) {
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[seatRow])
	if err != nil {
		return nil, fmt.Errorf("read seats: %w", err)
	}
	out := make([]umkm.Seat, len(found))
	for i, r := range found {
		if out[i], err = s.openSeat(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Store) openSeat(r seatRow) (umkm.Seat, error) {
	comment, err := s.openTold(sealFeedback, r.ID, r.CommentSealed)
	if err != nil {
		return umkm.Seat{}, err
	}
	return umkm.Seat{
		ID: r.ID.String(), Training: r.Training.String(), Owner: r.Owner.String(), OwnerName: r.OwnerName,
		Business: r.Business.String(), BusinessName: r.BusinessName, BusinessNumber: r.BusinessNumber, Village: r.Village, Sector: r.Sector,
		Account: r.Account, Language: r.Language, Number: r.Number, Untrained: r.Untrained, State: r.State, Place: r.Place,
		Until: or(r.Until), In: or(r.InAt), Out: or(r.OutAt), WalkIn: r.WalkIn, Certificate: r.Certificate,
		Rating: r.Rating, Comment: comment, At: r.At,
	}, nil
}

// officerFor sees that an account is an officer in all of a training's
// regions, and stays one until the transaction ends: umkm.ErrForbidden.
func officerFor(ctx context.Context, tx pgx.Tx, account int64, regions []umkm.RegionCode) error {
	who, err := staffHeld(ctx, tx, account)
	if err != nil {
		return err
	}
	if !(umkm.Segment{Regions: regions}).Within(who.Regions(umkm.RoleOfficer)) {
		return umkm.ErrForbidden
	}
	return nil
}
