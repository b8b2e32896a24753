package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// offersShown is how many trainings are looked at for an account.
const offersShown = 50

// Segments differ from training to training: each is asked of by itself. What
// lies in none of the account's places is left out before.
const sqlTaking = `
SELECT t.*, n.* FROM (
	SELECT ` + trainingColumns + ` FROM trainings t
	WHERE t.state = 'open' AND t.closes_at > $2 AND t.drawn_at IS NULL AND EXISTS (
		SELECT FROM account_owners l JOIN reach r ON r.owner = l.owner, unnest(t.regions) g
		WHERE l.account = $1 AND (r.village = g OR r.village LIKE g || '.%'))
	ORDER BY t.starts_at, t.id LIMIT $3
) t, LATERAL (SELECT ` + seatCounts + ` FROM seats s WHERE s.training = t.id) n
ORDER BY t.starts_at, t.id`

// Offers lists the announced trainings that take registrations and are meant
// for an owner of the account, the soonest first; one row for each owner that
// it is meant for.
func (s *Store) Offers(ctx context.Context, account int64, at time.Time) ([]umkm.TrainingOffer, error) {
	rows, _ := s.pool.Query(ctx, sqlTaking, account, at, offersShown)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[countedRow])
	if err != nil {
		return nil, fmt.Errorf("list offers: %w", err)
	}
	trainings := make([]umkm.Training, len(found))
	for i, t := range found {
		trainings[i] = t.training()
	}
	return s.offers(ctx, account, trainings, false)
}

// OffersOf is Offers of one training, also where it takes nobody any more:
// every owner of the account who is meant or has a seat. umkm.ErrNoTraining: it
// is not announced.
func (s *Store) OffersOf(ctx context.Context, account int64, training string, _ time.Time) ([]umkm.TrainingOffer, error) {
	t, err := s.FindTraining(ctx, training)
	if err != nil {
		return nil, err
	}
	return s.offers(ctx, account, []umkm.Training{t}, true)
}

const (
	sqlOffered = `
SELECT DISTINCT ON (o.name, r.owner) r.owner, r.business, o.name, r.messages AS agrees
FROM account_owners l JOIN reach r ON r.owner = l.owner JOIN owners o ON o.id = r.owner
WHERE l.account = $1 AND %s
ORDER BY o.name, r.owner, r.business`

	whereSeatsIn = `WHERE ` + ofAccount + ` AND s.training = ANY($2) ORDER BY s.id`
)

// meantBy is an owner whom a training is meant for, by which business.
type meantBy struct {
	Owner, Business uuid.UUID
	Name            string
	Agrees          bool
}

// offers finds for which of an account's owners some trainings are, and what
// they have of them; all also lists who has a seat and is not meant.
func (s *Store) offers(ctx context.Context, account int64, trainings []umkm.Training, all bool) ([]umkm.TrainingOffer, error) {
	if len(trainings) == 0 {
		return nil, nil
	}
	meant, err := s.meantOf(ctx, account, trainings)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(trainings))
	for i, t := range trainings {
		ids[i] = t.ID
	}
	seats, err := s.seats(ctx, s.pool, whereSeatsIn, account, ids)
	if err != nil {
		return nil, err
	}
	type key struct{ training, owner string }
	had := map[key]umkm.Seat{}
	for _, seat := range seats {
		had[key{seat.Training, seat.Owner}] = seat
	}
	var out []umkm.TrainingOffer
	for i, t := range trainings {
		for _, m := range meant[i] {
			offer := umkm.TrainingOffer{Training: t, Owner: m.Owner.String(), Business: m.Business.String(), Name: m.Name, Agrees: m.Agrees}
			if seat, ok := had[key{t.ID, offer.Owner}]; ok {
				offer.Seat = &seat
				delete(had, key{t.ID, offer.Owner})
			}
			out = append(out, offer)
		}
	}
	for _, seat := range seats {
		if _, left := had[key{seat.Training, seat.Owner}]; left && all {
			out = append(out, umkm.TrainingOffer{Training: trainings[0], Owner: seat.Owner, Business: seat.Business, Name: seat.OwnerName, Seat: &seat})
		}
	}
	return out, nil
}

// meantOf finds for which of an account's owners each of some trainings is.
func (s *Store) meantOf(ctx context.Context, account int64, trainings []umkm.Training) ([][]meantBy, error) {
	meant := make([][]meantBy, len(trainings))
	batch := &pgx.Batch{}
	for i, t := range trainings {
		where, args := s.segmentSQL(t.Who, 2)
		batch.Queue(fmt.Sprintf(sqlOffered, where), append([]any{account}, args...)...).Query(func(rows pgx.Rows) (err error) {
			meant[i], err = pgx.CollectRows(rows, pgx.RowToStructByName[meantBy])
			return err
		})
	}
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("find who is meant: %w", err)
	}
	return meant, nil
}
