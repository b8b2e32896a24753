package store

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/umkm"
)

func TestCheckIn(t *testing.T) {
	d := openDay(t)
	siti, ani := d.guest(1, umkm.SeatSeated), d.guest(2, umkm.SeatSeated)
	c := d.checkIn(siti.seat, umkm.AttendIn, doors)
	if c.Again || c.Count != 1 || c.What != umkm.AttendIn || !c.Seat.In.Equal(doors) || c.Seat.ID != siti.seat || c.Seat.OwnerName != "Siti Aminah" {
		t.Errorf("came: %+v", c)
	}
	if c = d.checkIn(siti.seat, umkm.AttendIn, doors.Add(time.Minute)); !c.Again || c.Count != 1 || !c.Seat.In.Equal(doors) {
		t.Errorf("came again: %+v", c)
	}
	if c = d.checkIn(siti.seat, umkm.AttendOut, dismissed); c.Again || c.Count != 1 || !c.Seat.In.Equal(doors) || !c.Seat.Out.Equal(dismissed) {
		t.Errorf("went: %+v", c)
	}
	if c = d.checkIn(siti.seat, umkm.AttendOut, dismissed.Add(time.Minute)); !c.Again || !c.Seat.Out.Equal(dismissed) {
		t.Errorf("went again: %+v", c)
	}
	if c = d.checkIn(ani.seat, umkm.AttendOut, dismissed); c.Again || c.Count != 2 || !c.Seat.In.Equal(dismissed) || !c.Seat.Out.Equal(dismissed) {
		t.Errorf("went without having been noted: %+v", c)
	}
	if n := d.count("SELECT count(*) FROM seats WHERE in_by = 900 AND out_by = 900"); n != 2 {
		t.Errorf("%d seats name the officer", n)
	}
	if in, looks := d.audits("seat.checked_in"), d.audits("seat.viewed"); in != 3 || looks != 2 {
		t.Errorf("%d check-ins and %d looks in the audit log", in, looks)
	}
}

func TestCheckInKeepsToItsTime(t *testing.T) {
	d := openDay(t)
	siti := d.guest(1, umkm.SeatSeated)
	try := func(at time.Time) error { return second(d.CheckIn(t.Context(), d.rina, siti.seat, umkm.AttendOut, at)) }
	for at, want := range map[time.Time]error{
		wib(10, 6, 59): umkm.ErrWrongTime, wib(10, 12, 30): umkm.ErrWrongTime, wib(9, 10, 0): umkm.ErrWrongTime,
		wib(10, 7, 0): nil, wib(10, 12, 29): nil,
	} {
		if err := try(at); !errors.Is(err, want) {
			t.Errorf("at %v: %v, want %v", at, err, want)
		}
	}
	d.exec("UPDATE trainings SET state = 'cancelled'")
	if err := try(doors); !errors.Is(err, umkm.ErrWrongTime) {
		t.Errorf("cancelled: %v", err)
	}
	if err := second(d.CheckIn(t.Context(), d.rina, siti.seat, "here", doors)); !errors.Is(err, umkm.ErrRefused) {
		t.Errorf("neither coming nor going: %v", err)
	}
}

// TestCheckInNeedsASeat: of one that is not seated the officer sees whose it
// is, and nothing is noted.
func TestCheckInNeedsASeat(t *testing.T) {
	d := openDay(t)
	states := []umkm.SeatState{
		umkm.SeatCandidate, umkm.SeatInvited, umkm.SeatApplied, umkm.SeatWaiting, umkm.SeatDeclined, umkm.SeatLapsed,
		umkm.SeatCancelled, umkm.SeatLost, umkm.SeatRemoved,
	}
	for i, state := range states {
		g := d.guest(int64(i+1), state)
		c, err := d.CheckIn(t.Context(), d.rina, g.seat, umkm.AttendIn, doors)
		if !errors.Is(err, umkm.ErrNoSeat) || c.Seat.ID != g.seat || c.Seat.State != state || !c.Seat.In.IsZero() {
			t.Errorf("%s: %+v, %v", state, c, err)
		}
	}
	if n := d.audits("seat.viewed"); n != len(states) || d.audits("seat.checked_in") != 0 {
		t.Errorf("%d looks in the audit log", n)
	}
	for _, seat := range []string{"", "x", uuid.NewString()} {
		if c, err := d.CheckIn(t.Context(), d.rina, seat, umkm.AttendIn, doors); !errors.Is(err, umkm.ErrNoSeat) || c.Seat.ID != "" {
			t.Errorf("seat %q: %+v, %v", seat, c, err)
		}
	}
}

// TestTheDayNeedsTheOfficer tries everything as whoever may not: an owner, a
// reviewer, an officer elsewhere, and one of only a part of the regions.
func TestTheDayNeedsTheOfficer(t *testing.T) {
	d := openDay(t)
	d.training = d.announced(d.officer(910, serang, "36.01"), inRegions(serang, "36.01"))
	siti := d.guest(1, umkm.SeatSeated)
	number := d.number(siti.business)
	d.checkInAs(910, siti.seat)
	d.reviewer(901, banten)
	d.officer(902, "36.02")
	d.officer(903, "36.04.05", "36.01")
	for _, by := range []int64{1, 77, 901, 902, 903, d.rina} {
		for what, err := range d.officersActs(by, siti.seat, d.training, number) {
			if !errors.Is(err, umkm.ErrForbidden) {
				t.Errorf("%s as %d: %v", what, by, err)
			}
		}
	}
	if c := d.row(siti.seat); !c.In.Equal(doors) || !c.Out.IsZero() {
		t.Errorf("something was noted: %+v", c)
	}
	for what, err := range d.officersActs(910, uuid.NewString(), uuid.NewString(), number) {
		if !errors.Is(err, umkm.ErrNoTraining) && !errors.Is(err, umkm.ErrNoSeat) {
			t.Errorf("%s of nothing: %v", what, err)
		}
	}
	for what, err := range d.officersActs(910, siti.seat, d.training, number) {
		if err != nil {
			t.Errorf("%s as the officer: %v", what, err)
		}
	}
}

func (d *day) checkInAs(by int64, seat string) {
	d.t.Helper()
	if _, err := d.CheckIn(d.t.Context(), by, seat, umkm.AttendIn, doors); err != nil {
		d.t.Fatal(err)
	}
}

// officersActs does everything that officers do on the day and after it.
func (d *day) officersActs(by int64, seat, training string, number umkm.Number) map[string]error {
	ctx, at := d.t.Context(), doors.Add(time.Minute)
	link := umkm.Material{Title: "Slide", Link: "https://example.id/slide"}
	_, _, seatErr := d.OfficersSeat(ctx, by, seat, at)
	_, _, allErr := d.AllSeats(ctx, by, training)
	return map[string]error{
		"check in":     second(d.CheckIn(ctx, by, seat, umkm.AttendOut, at)),
		"undo":         d.UndoCheckIn(ctx, by, seat, umkm.AttendOut, at),
		"walk in":      second(d.WalkIn(ctx, by, training, number, at)),
		"find":         second(d.FindSeats(ctx, by, training, "siti")),
		"list":         second(d.Seats(ctx, by, training, []umkm.SeatState{umkm.SeatSeated}, 0, 10)),
		"seat":         seatErr,
		"sheet":        allErr,
		"feedback":     second(d.Feedback(ctx, by, training)),
		"mailings":     second(d.MailingsOf(ctx, by, training)),
		"add material": d.AddMaterial(ctx, fmt.Sprintf("m-%d", d.dialog.Add(1)), by, training, link, at),
	}
}

func TestUndoCheckIn(t *testing.T) {
	d := openDay(t)
	undo := func(g guest, what umkm.Attendance, at time.Time) error {
		return d.UndoCheckIn(t.Context(), d.rina, g.seat, what, at)
	}
	late := doors.Add(umkm.CheckInUndo)
	siti, ani, euis := d.guest(1, umkm.SeatSeated), d.guest(2, umkm.SeatSeated), d.guest(3, umkm.SeatSeated)
	for _, g := range []guest{siti, ani} {
		d.checkIn(g.seat, umkm.AttendIn, doors)
	}
	if err := undo(siti, umkm.AttendIn, late.Add(-time.Second)); err != nil || !d.row(siti.seat).In.IsZero() {
		t.Errorf("in time: %v", err)
	}
	if err := undo(siti, umkm.AttendIn, late.Add(time.Hour)); err != nil {
		t.Errorf("done again: %v", err)
	}
	if err := undo(ani, umkm.AttendIn, late); !errors.Is(err, umkm.ErrTooLate) || d.row(ani.seat).In.IsZero() {
		t.Errorf("too late: %v", err)
	}
	d.checkIn(ani.seat, umkm.AttendOut, dismissed)
	if err := undo(ani, umkm.AttendOut, dismissed); err != nil || !d.row(ani.seat).Out.IsZero() || !d.row(ani.seat).In.Equal(doors) {
		t.Errorf("the going alone: %v, %+v", err, d.row(ani.seat))
	}
	d.checkIn(euis.seat, umkm.AttendOut, dismissed)
	if err := undo(euis, umkm.AttendOut, dismissed); err != nil || !d.row(euis.seat).In.IsZero() {
		t.Errorf("both, as they were noted: %v, %+v", err, d.row(euis.seat))
	}
	if n := d.audits("seat.check_in_undone"); n != 3 {
		t.Errorf("%d rows in the audit log", n)
	}
	d.checkIn(euis.seat, umkm.AttendIn, dismissed)
	d.exec("UPDATE trainings SET state = 'done', ended_at = $1", dismissed)
	if err := undo(euis, umkm.AttendIn, dismissed); !errors.Is(err, umkm.ErrTooLate) {
		t.Errorf("of one that is over: %v", err)
	}
}

// TestCheckInWaitsForTheEnd: a training that is being finished is over for who
// is noted at that moment: nobody has come who gets no certificate.
func TestCheckInWaitsForTheEnd(t *testing.T) {
	d := openDay(t)
	siti := d.guest(1, umkm.SeatSeated)
	tx := must(d.pool.Begin(t.Context()))
	defer func() { _ = tx.Rollback(t.Context()) }()
	if _, err := tx.Exec(t.Context(), "UPDATE trainings SET state = 'done', ended_at = $1", doors); err != nil {
		t.Fatal(err)
	}
	noted := make(chan error, 1)
	go func() { noted <- second(d.CheckIn(t.Context(), d.rina, siti.seat, umkm.AttendIn, doors)) }()
	eventually(t, "the check-in waits", func() bool {
		return d.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 1 || len(noted) == 1
	})
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-noted; !errors.Is(err, umkm.ErrWrongTime) || !d.row(siti.seat).In.IsZero() {
		t.Errorf("after the end: %v", err)
	}
}

// TestWhoLeavesWasNotThere: a seat that is given back, or taken away, after
// somebody had come takes their attendance with it.
func TestWhoLeavesWasNotThere(t *testing.T) {
	d := openDay(t)
	siti, ani := d.guest(1, umkm.SeatSeated), d.guest(2, umkm.SeatSeated)
	for _, g := range []guest{siti, ani} {
		d.checkIn(g.seat, umkm.AttendIn, doors)
	}
	d.left(1, siti.seat, doors)
	if err := d.RemoveSeat(t.Context(), d.rina, ani.seat, doors); err != nil {
		t.Fatal(err)
	}
	for _, g := range []guest{siti, ani} {
		if s := d.row(g.seat); !s.In.IsZero() || s.State.Live() {
			t.Errorf("account %d: %+v", g.account, s)
		}
	}
	if n := d.count("SELECT count(*) FROM reach WHERE trained"); n != 0 {
		t.Errorf("%d count as trained", n)
	}
}

// TestTwoHundredComeAtOnce: three officers note two hundred people, and every
// tenth of them twice.
func TestTwoHundredComeAtOnce(t *testing.T) {
	const people = 200
	d := openDay(t, quota(people))
	seats := make(chan string, people+people/10)
	for i := range people {
		g := d.guest(int64(i+1), umkm.SeatSeated)
		seats <- g.seat
		if i%10 == 0 {
			seats <- g.seat
		}
	}
	close(seats)
	var again atomic.Int64
	started := time.Now()
	together(3, func(i int) {
		officer := int64(950 + i)
		d.officer(officer, serang)
		for seat := range seats {
			c, err := d.CheckIn(t.Context(), officer, seat, umkm.AttendIn, doors)
			if err != nil {
				t.Error(err)
			}
			if c.Again {
				again.Add(1)
			}
		}
	})
	t.Logf("%d people in %v", people, time.Since(started))
	if again.Load() != people/10 {
		t.Errorf("%d came again", again.Load())
	}
	walker := d.business(1000, ciruas)
	if _, err := d.WalkIn(t.Context(), d.rina, d.training, d.number(walker), doors); !errors.Is(err, umkm.ErrFull) {
		t.Errorf("one more: %v", err)
	}
	if n := d.count("SELECT count(*) FROM seats WHERE in_at = $1", doors); n != people || d.audits("seat.checked_in") != people {
		t.Errorf("%d are noted", n)
	}
}
