package store

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// indexRoom is the purpose of the key that signs rooms' codes: never renamed.
const indexRoom = "training room"

// A room's token: the training, what its code notes, and a signature, 22, 1
// and 16 letters of the URL's base 64.
const (
	roomIDLength   = 22
	roomSignature  = 12 // bytes: 96 bits
	roomTokenLetts = roomIDLength + 1 + roomSignature*4/3
)

var roomLetters = map[umkm.Attendance]string{umkm.AttendIn: "i", umkm.AttendOut: "o"}

// RoomToken is what a room's code says: 39 letters, digits, - and _. One that
// hangs at a door goes on working for as long as the key is there that blind
// indexes were made with then. "" for an id that is none.
func (s *Store) RoomToken(training string, what umkm.Attendance) string {
	id, err := uuid.Parse(training)
	if err != nil || roomLetters[what] == "" {
		return ""
	}
	signed := roomSigned(id, what)
	return signed + signature(s.keys.BlindIndex(indexRoom, signed))
}

// roomSigned is what of a token is signed.
func roomSigned(id uuid.UUID, what umkm.Attendance) string {
	return base64.RawURLEncoding.EncodeToString(id[:]) + roomLetters[what]
}

func signature(index []byte) string {
	return base64.RawURLEncoding.EncodeToString(index[:roomSignature])
}

// readRoomToken takes nothing but what RoomToken made, under any key.
func (s *Store) readRoomToken(token string) (training string, what umkm.Attendance, ok bool) {
	if len(token) != roomTokenLetts {
		return "", "", false
	}
	raw, err := base64.RawURLEncoding.DecodeString(token[:roomIDLength])
	if err != nil {
		return "", "", false
	}
	id, err := uuid.FromBytes(raw)
	if err != nil {
		return "", "", false
	}
	for what := range roomLetters {
		signed := roomSigned(id, what)
		for _, index := range s.keys.BlindIndexes(indexRoom, signed) {
			if hmac.Equal([]byte(signed+signature(index)), []byte(token)) {
				return id.String(), what, true
			}
		}
	}
	return "", "", false
}

const sqlOwnSeated = `
SELECT s.id FROM seats s JOIN account_owners o ON o.owner = s.owner AND o.account = $2
WHERE s.training = $1 AND s.state = 'seated'
ORDER BY s.id`

// CheckInByRoom notes, by the code that hangs in the room, that all of the
// account's owners who are seated have come, or have gone; who goes and was not
// noted to have come is noted for both. The training is returned with every
// error but umkm.ErrNoTraining: no such code. umkm.ErrWrongTime;
// umkm.ErrNoSeat: none of them is seated.
func (s *Store) CheckInByRoom(ctx context.Context, account int64, token string, at time.Time) ([]umkm.CheckIn, umkm.Training, error) {
	training, what, ok := s.readRoomToken(token)
	if !ok {
		return nil, umkm.Training{}, fmt.Errorf("check in by room: %w", umkm.ErrNoTraining)
	}
	var noted []umkm.CheckIn
	var shown umkm.Training
	err := s.atomically(ctx, func(tx pgx.Tx) error {
		t, err := findTraining(ctx, tx, sqlShareTraining, training)
		if err != nil {
			return err
		}
		if shown = t.training(); !shown.OnTheDay(at) {
			return umkm.ErrWrongTime
		}
		noted, err = s.noteOwn(ctx, tx, t, account, what, at)
		return err
	})
	if err != nil {
		return nil, shown, fmt.Errorf("check in by room: %w", classify(err))
	}
	return noted, shown, nil
}

func (s *Store) noteOwn(ctx context.Context, tx pgx.Tx, t trainingRow, account int64, what umkm.Attendance, at time.Time) ([]umkm.CheckIn, error) {
	rows, _ := tx.Query(ctx, sqlOwnSeated, t.ID, account)
	seats, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return nil, fmt.Errorf("find seats: %w", err)
	}
	if len(seats) == 0 {
		return nil, umkm.ErrNoSeat
	}
	noted := make([]umkm.CheckIn, len(seats))
	for i, seat := range seats {
		if noted[i], err = s.noteAttendance(ctx, tx, t, attendance{seat: seat, what: what, actor: account, at: at}); err != nil {
			return nil, err
		}
	}
	return noted, nil
}
