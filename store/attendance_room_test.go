package store

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/umkm"
)

func TestCheckInByRoom(t *testing.T) {
	d := openDay(t)
	siti := d.guest(1, umkm.SeatSeated)
	sister := d.guest(2, umkm.SeatSeated)
	waiting := d.guest(3, umkm.SeatWaiting)
	for _, business := range []string{sister.business, waiting.business} {
		d.exec("INSERT INTO account_owners (account, owner, created_at) SELECT 1, owner, $2 FROM businesses WHERE id = $1", business, noon)
	}
	in, out := d.RoomToken(d.training, umkm.AttendIn), d.RoomToken(d.training, umkm.AttendOut)
	noted, shown, err := d.CheckInByRoom(t.Context(), 1, in, doors)
	if err != nil || len(noted) != 2 || shown.ID != d.training || noted[1].Count != 2 || noted[0].Again || noted[0].What != umkm.AttendIn {
		t.Errorf("noted %+v, %v", noted, err)
	}
	if noted, _, err = d.CheckInByRoom(t.Context(), 2, in, doors.Add(time.Minute)); err != nil || len(noted) != 1 || !noted[0].Again {
		t.Errorf("the sister herself: %+v, %v", noted, err)
	}
	if noted, _, err = d.CheckInByRoom(t.Context(), 1, out, dismissed); err != nil || len(noted) != 2 || !noted[0].Seat.Out.Equal(dismissed) {
		t.Errorf("going: %+v, %v", noted, err)
	}
	for _, g := range []guest{siti, sister} {
		if s := d.row(g.seat); !s.In.Equal(doors) || !s.Out.Equal(dismissed) {
			t.Errorf("recorded %+v", s)
		}
	}
	if n := d.count("SELECT count(*) FROM seats WHERE in_by IS NULL AND in_at IS NOT NULL"); n != 2 || !d.row(waiting.seat).In.IsZero() {
		t.Errorf("%d are noted by the room's code", n)
	}
	if n := d.count("SELECT count(*) FROM audit_log WHERE action = 'seat.checked_in' AND actor = 'account:1'"); n != 4 {
		t.Errorf("%d rows in the audit log", n)
	}
}

func TestRoomTokensAreRefused(t *testing.T) {
	d := openDay(t)
	d.guest(1, umkm.SeatSeated)
	d.guest(3, umkm.SeatWaiting)
	other := d.announced(d.rina)
	token := d.RoomToken(d.training, umkm.AttendIn)
	if !regexp.MustCompile(`^[A-Za-z0-9_-]{1,60}$`).MatchString(token) {
		t.Fatalf("token %q", token)
	}
	flipped := []byte(token)
	flipped[len(flipped)-1] ^= 1
	outWithIn := token[:roomIDLength] + "o" + token[roomIDLength+1:]
	moved := d.RoomToken(other, umkm.AttendIn)[:roomIDLength] + token[roomIDLength:]
	draft := d.draft(d.rina)
	for name, try := range map[string]struct {
		account int64
		token   string
		at      time.Time
		want    error
		shown   string
	}{
		"nobody with a seat": {3, token, doors, umkm.ErrNoSeat, d.training},
		"a stranger":         {77, token, doors, umkm.ErrNoSeat, d.training},
		"another training's": {1, d.RoomToken(other, umkm.AttendIn), doors, umkm.ErrNoSeat, other},
		"the day before":     {1, token, doors.AddDate(0, 0, -1), umkm.ErrWrongTime, d.training},
		"the evening":        {1, token, wib(10, 15, 0), umkm.ErrWrongTime, d.training},
		"a draft's":          {1, d.RoomToken(draft, umkm.AttendIn), doors, umkm.ErrWrongTime, draft},
		"forged":             {1, string(flipped), doors, umkm.ErrNoTraining, ""},
		"forged out":         {1, outWithIn, doors, umkm.ErrNoTraining, ""},
		"moved":              {1, moved, doors, umkm.ErrNoTraining, ""},
		"of no training":     {1, d.RoomToken(uuid.NewString(), umkm.AttendIn), doors, umkm.ErrNoTraining, ""},
		"empty":              {1, "", doors, umkm.ErrNoTraining, ""},
		"long":               {1, strings.Repeat("A", 39), doors, umkm.ErrNoTraining, ""},
		"no letters":         {1, strings.Repeat("|", 39), doors, umkm.ErrNoTraining, ""},
	} {
		noted, shown, err := d.CheckInByRoom(t.Context(), try.account, try.token, try.at)
		if !errors.Is(err, try.want) || len(noted) != 0 || shown.ID != try.shown {
			t.Errorf("%s: %+v of %q, %v; want %v", name, noted, shown.ID, err, try.want)
		}
	}
	if n := d.count("SELECT count(*) FROM seats WHERE in_at IS NOT NULL"); n != 0 {
		t.Errorf("%d are noted", n)
	}
	if d.RoomToken("x", umkm.AttendIn) != "" || d.RoomToken(d.training, "here") != "" {
		t.Error("a code of nothing")
	}
}

// TestRoomTokensOutliveKeys: a code hangs at the door while a new key is put in
// front.
func TestRoomTokensOutliveKeys(t *testing.T) {
	before := testKeys(t)
	after := &Keys{current: testKeys(t).current, byID: before.byID, order: before.order}
	after.index.Store(before.index.Load())
	id := uuid.NewString()
	token := (&Store{keys: before}).RoomToken(id, umkm.AttendOut)
	if training, what, ok := (&Store{keys: after}).readRoomToken(token); !ok || training != id || what != umkm.AttendOut {
		t.Errorf("read %q, %q, %v", training, what, ok)
	}
	if _, _, ok := (&Store{keys: testKeys(t)}).readRoomToken(token); ok {
		t.Error("another's keys read it")
	}
}
