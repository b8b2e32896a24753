package store

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/umkm"
)

// TestWalkIn lets in whoever stands at the door, whatever they had to do with
// the training before; what binds is the quota alone.
func TestWalkIn(t *testing.T) {
	d := openDay(t, quota(11), capped(umkm.CapDistrict, 1), func(p *umkm.TrainingPlan) { p.Who.Sectors = []string{"craft"} })
	walk := func(business string) umkm.CheckIn {
		return must(d.WalkIn(t.Context(), d.rina, d.training, d.number(business), doors))
	}
	seated := d.guest(1, umkm.SeatSeated)
	if c := walk(seated.business); c.Seat.ID != seated.seat || c.Seat.WalkIn || c.Again || c.Count != 1 {
		t.Errorf("who has a seat: %+v", c)
	}
	if c := walk(seated.business); !c.Again || !c.Seat.In.Equal(doors) {
		t.Errorf("and again: %+v", c)
	}
	for i, state := range []umkm.SeatState{
		umkm.SeatCandidate, umkm.SeatInvited, umkm.SeatWaiting, umkm.SeatDeclined, umkm.SeatLapsed, umkm.SeatCancelled, umkm.SeatLost, umkm.SeatRemoved,
	} {
		g := d.guest(int64(i+2), state)
		c := walk(g.business)
		if c.Seat.ID != g.seat || c.Seat.State != umkm.SeatSeated || c.Seat.WalkIn != (state != umkm.SeatInvited) ||
			!c.Seat.In.Equal(doors) || !c.Seat.Until.IsZero() || c.Seat.Number == 0 || c.Seat.Account != g.account || c.Count != i+2 {
			t.Errorf("%s: %+v", state, c)
		}
	}
	far := d.business(50, carita)
	d.exec("UPDATE accounts SET reachable = false WHERE telegram_id = 50")
	d.exec(`WITH a AS (INSERT INTO accounts (telegram_id, language, reachable_since, created_at, seen_at) VALUES (51, 'en', $2, $2, $2) RETURNING telegram_id)
		INSERT INTO account_owners (account, owner, created_at) SELECT a.telegram_id, b.owner, $2 FROM a, businesses b WHERE b.id = $1`, far, noon)
	c := walk(far)
	if c.Seat.Account != 51 || c.Seat.Language != "en" || !c.Seat.WalkIn || c.Seat.Village != carita || !c.Seat.Untrained || c.Seat.State != umkm.SeatSeated {
		t.Errorf("somebody new: %+v", c)
	}
	if n := d.count("SELECT count(DISTINCT number) FROM seats WHERE number BETWEEN 1 AND (SELECT joined FROM trainings)"); n != 10 {
		t.Errorf("%d numbers", n)
	}
	if n := d.audits("seat.walked_in"); n != 9 {
		t.Errorf("%d rows in the audit log", n)
	}
}

func TestWalkInRefused(t *testing.T) {
	d := openDay(t, quota(2))
	walk := func(business string, at time.Time) error {
		return second(d.WalkIn(t.Context(), d.rina, d.training, d.number(business), at))
	}
	d.guest(1, umkm.SeatSeated)
	invited := d.guest(2, umkm.SeatInvited)
	waiting := d.guest(3, umkm.SeatWaiting)
	for name, try := range map[string]struct{ got, want error }{
		"full":              {walk(waiting.business, doors), umkm.ErrFull},
		"too early":         {walk(waiting.business, noon), umkm.ErrWrongTime},
		"no such number":    {second(d.WalkIn(t.Context(), d.rina, d.training, "360405-999999", doors)), umkm.ErrNotYours},
		"no such training":  {second(d.WalkIn(t.Context(), d.rina, uuid.NewString(), "360405-000001", doors)), umkm.ErrNoTraining},
		"their kept place":  {walk(invited.business, doors), nil},
		"still full":        {walk(waiting.business, doors), umkm.ErrFull},
		"not even a number": {second(d.WalkIn(t.Context(), d.rina, d.training, "x", doors)), umkm.ErrNotYours},
	} {
		if !errors.Is(try.got, try.want) {
			t.Errorf("%s: %v, want %v", name, try.got, try.want)
		}
	}
	if s := d.row(waiting.seat); s.State != umkm.SeatWaiting || !s.In.IsZero() {
		t.Errorf("who was not let in: %+v", s)
	}
	d.exec("UPDATE trainings SET filling = 'draw', quota = 5")
	if err := walk(waiting.business, doors); !errors.Is(err, umkm.ErrFull) {
		t.Errorf("before the draw: %v", err)
	}
}

// TestWalkInIsTakenBack: the place goes to who waits before the beginning, then
// to who stands there.
func TestWalkInIsTakenBack(t *testing.T) {
	for at, want := range map[time.Time]umkm.SeatState{doors: umkm.SeatSeated, wib(10, 9, 5): umkm.SeatWaiting} {
		d := openDay(t, quota(1))
		siti, ani := d.business(1, ciruas), d.business(2, ciruas)
		walk := func(business string) (umkm.CheckIn, error) {
			return d.WalkIn(t.Context(), d.rina, d.training, d.number(business), at)
		}
		c := must(walk(siti))
		waiting := d.guest(3, umkm.SeatWaiting)
		if _, err := walk(ani); !errors.Is(err, umkm.ErrFull) {
			t.Errorf("two on one place: %v", err)
		}
		for range 2 {
			if err := d.UndoCheckIn(t.Context(), d.rina, c.Seat.ID, umkm.AttendIn, at); err != nil {
				t.Fatal(err)
			}
		}
		if s := d.row(c.Seat.ID); s.State != umkm.SeatRemoved || s.WalkIn || !s.In.IsZero() {
			t.Errorf("taken back: %+v", s)
		}
		if s := d.row(waiting.seat); s.State != want || d.told(umkm.EventPromoted) == 1 != (want == umkm.SeatSeated) {
			t.Errorf("at %v who waits is %s", at, s.State)
		}
		if c, err := walk(ani); errors.Is(err, umkm.ErrFull) != (want == umkm.SeatSeated) || err == nil && c.Count != 1 {
			t.Errorf("then %+v, %v", c, err)
		}
	}
}

// TestSixtyWalkInsOnTwentyPlaces come at once to officers of two replicas,
// each shown to both.
func TestSixtyWalkInsOnTwentyPlaces(t *testing.T) {
	const people, places, taken = 60, 25, 5
	d := openDay(t, quota(places))
	for i := range taken {
		d.guest(int64(500+i), umkm.SeatSeated)
	}
	numbers := make([]umkm.Number, people)
	for i := range numbers {
		numbers[i] = d.number(d.business(int64(i+1), ciruas))
	}
	replicas := []*office{d.office, d.replica()}
	var in, again, full atomic.Int64
	together(8, func(i int) {
		for n := i / 2; n < people; n += 4 {
			switch c, err := replicas[i%2].WalkIn(t.Context(), d.rina, d.training, numbers[n], doors); {
			case errors.Is(err, umkm.ErrFull):
				full.Add(1)
			case err != nil:
				t.Error(err)
			case c.Again:
				again.Add(1)
			default:
				in.Add(1)
			}
		}
	})
	if in.Load() != places-taken || again.Load() != places-taken || full.Load() != 2*(people-places+taken) {
		t.Errorf("%d came in, %d again, %d found it full", in.Load(), again.Load(), full.Load())
	}
	for what, want := range map[string]int{
		"SELECT count(*) FROM seats WHERE state = 'seated'":                        places,
		"SELECT count(*) FROM seats WHERE walk_in AND in_at IS NOT NULL":           places - taken,
		"SELECT count(DISTINCT number) FROM seats":                                 places,
		"SELECT count(DISTINCT owner) FROM seats":                                  places,
		"SELECT joined FROM trainings":                                             places,
		"SELECT count(*) FROM audit_log WHERE action = 'seat.walked_in'":           places - taken,
		"SELECT count(*) FROM seats WHERE state <> 'seated' AND in_at IS NOT NULL": 0,
	} {
		if n := d.count(what); n != want {
			t.Errorf("%s: %d, want %d", what, n, want)
		}
	}
}
