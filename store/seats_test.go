package store

import (
	"errors"
	"slices"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

func TestJoinFirstComeFirstServed(t *testing.T) {
	o := openOffice(t)
	id := o.announced(o.officer(900, serang))
	who := o.owners(5, ciruas)
	a, b := o.joined(id, 1, who[0], umkm.SeatSeated), o.joined(id, 2, who[1], umkm.SeatSeated)
	c, d, e := o.joined(id, 3, who[2], umkm.SeatWaiting), o.joined(id, 4, who[3], umkm.SeatWaiting), o.joined(id, 5, who[4], umkm.SeatWaiting)
	if a.Number != 1 || b.Number != 2 || c.Number != 3 || a.Place != 0 || c.Place != 1 || e.Place != 3 {
		t.Errorf("numbers %d, %d, %d, places %d, %d, %d", a.Number, b.Number, c.Number, a.Place, c.Place, e.Place)
	}
	if again := o.joined(id, 3, who[2], umkm.SeatWaiting); again.ID != c.ID || again.Number != c.Number {
		t.Errorf("joined again: %+v", again)
	}
	if s := o.left(1, a.ID, noon); s.State != umkm.SeatCancelled {
		t.Errorf("left: %s", s.State)
	}
	o.left(1, a.ID, noon)
	if s := o.seatState(c.ID); s != umkm.SeatSeated || o.told(umkm.EventPromoted) != 1 {
		t.Errorf("the first who waits is %s, %d are told", s, o.told(umkm.EventPromoted))
	}
	if s := o.left(4, d.ID, noon); s.State != umkm.SeatCancelled || o.told(umkm.EventPromoted) != 1 {
		t.Errorf("left the waiting list: %s, %d are told", s.State, o.told(umkm.EventPromoted))
	}
	back := o.joined(id, 1, who[0], umkm.SeatWaiting)
	if back.ID != a.ID || back.Number != 6 || back.Place != 2 {
		t.Errorf("who comes back is %+v", back)
	}
	got := must(o.FindTraining(t.Context(), id))
	if got.Seats != (umkm.SeatCounts{Seated: 2, Waiting: 2}) || got.Free() != 0 {
		t.Errorf("counts %+v", got.Seats)
	}
	if o.audits("seat.joined") != 6 || o.audits("seat.left") != 2 || o.audits("seat.seated") != 3 {
		t.Errorf("audit rows %d, %d, %d", o.audits("seat.joined"), o.audits("seat.left"), o.audits("seat.seated"))
	}
}

func TestJoinIsRefused(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, banten)
	id, draft := o.announced(rina), o.draft(rina)
	off := o.announced(rina)
	if err := o.CancelTraining(t.Context(), rina, off, "", noon); err != nil {
		t.Fatal(err)
	}
	me, far := o.owner(1, ciruas), o.owner(2, carita)
	for name, c := range map[string]struct {
		training string
		account  int64
		owner    string
		at       time.Time
		want     error
	}{
		"nothing":                {"x", 1, me, noon, umkm.ErrNoTraining},
		"no training":            {me, 1, me, noon, umkm.ErrNoTraining},
		"a draft":                {draft, 1, me, noon, umkm.ErrNoTraining},
		"cancelled":              {off, 1, me, noon, umkm.ErrNoTraining},
		"another's owner":        {id, 1, far, noon, umkm.ErrNotYours},
		"no owner":               {id, 1, "x", noon, umkm.ErrNotYours},
		"elsewhere":              {id, 2, far, noon, umkm.ErrNotMeant},
		"registration has ended": {id, 1, me, wib(8, 18, 0), umkm.ErrNotTaking},
	} {
		if _, err := o.join(c.training, c.account, c.owner, c.at); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	seat := o.joined(id, 1, me, umkm.SeatSeated)
	if again, err := o.join(id, 1, me, wib(9, 9, 0)); err != nil || again.ID != seat.ID {
		t.Errorf("joined already: %v", err)
	}
	for name, c := range map[string]struct {
		account int64
		seat    string
		at      time.Time
		want    error
	}{
		"another's": {2, seat.ID, noon, umkm.ErrNoSeat}, "nothing": {1, "x", noon, umkm.ErrNoSeat},
		"no seat": {1, me, noon, umkm.ErrNoSeat}, "begun": {1, seat.ID, wib(10, 9, 0), umkm.ErrNotTaking},
	} {
		if _, err := o.Leave(t.Context(), c.account, c.seat, c.at); !errors.Is(err, c.want) {
			t.Errorf("left %s: %v, want %v", name, err, c.want)
		}
	}
	if _, _, err := o.SeatFor(t.Context(), 2, seat.ID); !errors.Is(err, umkm.ErrNoSeat) {
		t.Errorf("another's seat is seen: %v", err)
	}
}

// TestPlacesGoOn: what is taken away, raised or lowered.
func TestPlacesGoOn(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	id := o.announced(rina)
	var seats []umkm.Seat
	for i, owner := range o.owners(6, ciruas) {
		seats = append(seats, must(o.join(id, int64(i+1), owner, noon)))
	}
	states := func(want ...umkm.SeatState) {
		t.Helper()
		for i, s := range seats {
			if got := o.seatState(s.ID); got != want[i] {
				t.Errorf("seat %d is %s, want %s", i+1, got, want[i])
			}
		}
	}
	const in, wait, out = umkm.SeatSeated, umkm.SeatWaiting, umkm.SeatRemoved
	for range 2 {
		if err := o.RemoveSeat(t.Context(), rina, seats[0].ID, noon); err != nil {
			t.Fatal(err)
		}
	}
	states(out, in, in, wait, wait, wait)
	if o.told(umkm.EventRemoved) != 1 || o.told(umkm.EventPromoted) != 1 {
		t.Errorf("%d are told of a removal, %d of a seat", o.told(umkm.EventRemoved), o.told(umkm.EventPromoted))
	}
	if _, err := o.join(id, 1, seats[0].Owner, noon); !errors.Is(err, umkm.ErrNotMeant) {
		t.Errorf("removed, and joins again: %v", err)
	}
	if err := o.revise(rina, id, noon, quota(3)); err != nil {
		t.Fatal(err)
	}
	states(out, in, in, in, wait, wait)
	if err := o.revise(rina, id, noon, quota(1)); err != nil {
		t.Fatal(err)
	}
	states(out, in, in, in, wait, wait)
	o.left(2, seats[1].ID, noon)
	o.left(3, seats[2].ID, noon)
	states(out, umkm.SeatCancelled, umkm.SeatCancelled, in, wait, wait)
	o.left(4, seats[3].ID, wib(9, 20, 0)) // registration is over; promotions are not
	states(out, umkm.SeatCancelled, umkm.SeatCancelled, umkm.SeatCancelled, in, wait)
	if err := o.RemoveSeat(t.Context(), rina, seats[4].ID, wib(10, 10, 0)); err != nil {
		t.Fatal(err)
	}
	states(out, umkm.SeatCancelled, umkm.SeatCancelled, umkm.SeatCancelled, out, wait) // it has begun
	for by, want := range map[int64]error{rina: umkm.ErrNoTraining, 7: umkm.ErrForbidden, o.officer(901, "36.01"): umkm.ErrForbidden} {
		if err := o.RemoveSeat(t.Context(), by, seats[5].ID, wib(10, 12, 0)); !errors.Is(err, want) {
			t.Errorf("%d removes a seat of what is over: %v, want %v", by, err, want)
		}
	}
}

// TestCapsLetOthersPass: who is of a district that has its share waits, others
// behind get the places; the caps may be changed.
func TestCapsLetOthersPass(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	id := o.announced(rina, quota(4), capped(umkm.CapDistrict, 1), func(p *umkm.TrainingPlan) { p.Caps.Of = map[string]int{"36.04.06": 2} })
	who := o.owners(6, ciruas, ciruas, kramat)
	seats := []umkm.Seat{
		o.joined(id, 1, who[0], umkm.SeatSeated), o.joined(id, 2, who[1], umkm.SeatWaiting), o.joined(id, 3, who[2], umkm.SeatSeated),
		o.joined(id, 4, who[3], umkm.SeatWaiting), o.joined(id, 5, who[4], umkm.SeatWaiting), o.joined(id, 6, who[5], umkm.SeatSeated),
	}
	o.left(3, seats[2].ID, noon)
	if n := o.told(umkm.EventPromoted); n != 0 {
		t.Errorf("%d moved up over the cap", n)
	}
	o.left(1, seats[0].ID, noon)
	if s := o.seatState(seats[1].ID); s != umkm.SeatSeated {
		t.Errorf("the first of the district is %s", s)
	}
	o.holdsPlaces(id)
	if err := o.revise(rina, id, noon, capped(umkm.CapDistrict, 2)); err != nil {
		t.Fatal(err)
	}
	if a, b := o.seatState(seats[3].ID), o.seatState(seats[4].ID); a != umkm.SeatSeated || b != umkm.SeatWaiting {
		t.Errorf("with two of a district: %s, %s", a, b)
	}
	if err := o.revise(rina, id, noon, capped(umkm.CapSector, 9)); err != nil {
		t.Fatal(err)
	}
	if s := o.seatState(seats[4].ID); s != umkm.SeatSeated {
		t.Errorf("with caps by sector: %s", s)
	}
}

// TestWhoCannotBeReachedIsPassedOver, gets a place when they are back, and
// loses one that nobody can tell them of.
func TestWhoCannotBeReachedIsPassedOver(t *testing.T) {
	o := openOffice(t)
	id := o.announced(o.officer(900, serang))
	who := o.owners(4, ciruas)
	seats := []umkm.Seat{
		o.joined(id, 1, who[0], umkm.SeatSeated), o.joined(id, 2, who[1], umkm.SeatSeated),
		o.joined(id, 3, who[2], umkm.SeatWaiting), o.joined(id, 4, who[3], umkm.SeatWaiting),
	}
	away := func(account int64, at time.Time) {
		t.Helper()
		if err := errors.Join(o.MarkUnreachable(t.Context(), account, at), o.AccountLost(t.Context(), account, at)); err != nil {
			t.Fatal(err)
		}
	}
	away(3, noon.Add(time.Minute))
	away(1, noon.Add(2*time.Minute))
	if a, c, d := o.seatState(seats[0].ID), o.seatState(seats[2].ID), o.seatState(seats[3].ID); a != umkm.SeatLost || c != umkm.SeatWaiting || d != umkm.SeatSeated {
		t.Errorf("lost %s, passed over %s, next %s", a, c, d)
	}
	away(2, noon.Add(3*time.Minute))
	if n := o.count("SELECT count(*) FROM seats WHERE state = 'lost'"); n != 2 || o.audits("seat.lost") != 2 {
		t.Errorf("%d are lost", n)
	}
	if n := o.jobs("account_lost"); n != 3 {
		t.Errorf("%d jobs, want 3", n)
	}
	if err := errors.Join(o.MarkReachable(t.Context(), 3, noon.Add(time.Hour)), o.AccountLost(t.Context(), 3, noon.Add(time.Hour))); err != nil {
		t.Fatal(err)
	}
	if s := o.seatState(seats[2].ID); s != umkm.SeatSeated || o.jobs("account_lost") != 4 {
		t.Errorf("who is back is %s", s)
	}
	if err := o.MarkReachable(t.Context(), 1, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	o.joined(id, 1, who[0], umkm.SeatWaiting)
}

// TestFamilySharesAnAccount: an owner with another account is not lost.
func TestFamilySharesAnAccount(t *testing.T) {
	o := openOffice(t)
	id := o.announced(o.officer(900, serang), quota(5))
	mother, son := o.owner(1, ciruas), o.owner(1, kramat)
	o.owner(2, ciruas)
	o.exec("INSERT INTO account_owners (account, owner, created_at) VALUES (2, $1, $2)", mother, noon)
	a, b := o.joined(id, 1, mother, umkm.SeatSeated), o.joined(id, 1, son, umkm.SeatSeated)
	if err := errors.Join(o.MarkUnreachable(t.Context(), 1, noon.Add(1)), o.AccountLost(t.Context(), 1, noon.Add(1))); err != nil {
		t.Fatal(err)
	}
	if x, y := o.seatState(a.ID), o.seatState(b.ID); x != umkm.SeatSeated || y != umkm.SeatLost {
		t.Errorf("mother %s, son %s", x, y)
	}
	n := must(o.SeatNotice(t.Context(), a.ID))
	if len(n.Chats) != 2 || n.Chats[0].Chat != 2 || n.Chats[1].Chat != 1 || n.Training.ID != id || n.Seat.OwnerName == "" {
		t.Errorf("notice %+v", n)
	}
	if _, err := o.SeatNotice(t.Context(), "x"); !errors.Is(err, umkm.ErrNoSeat) {
		t.Errorf("notice of nothing: %v", err)
	}
	if got := must(o.SeatsOf(t.Context(), 2, noon)); len(got) != 1 || got[0].ID != a.ID {
		t.Errorf("seats of the other account: %+v", got)
	}
	if s, x, err := o.SeatFor(t.Context(), 2, a.ID); err != nil || s.ID != a.ID || x.ID != id {
		t.Errorf("as the other account sees it: %v", err)
	}
}

func TestOffers(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, banten)
	later := func(days int) func(*umkm.TrainingPlan) {
		return func(p *umkm.TrainingPlan) {
			p.Starts, p.Ends = p.Starts.AddDate(0, 0, days), p.Ends.AddDate(0, 0, days)
		}
	}
	second, first := o.announced(rina, later(2)), o.announced(rina, later(1), inRegions("36.04.05", "36.01"))
	o.draft(rina)
	o.announced(rina, func(p *umkm.TrainingPlan) { p.Who.Sectors = []string{"craft"} })
	o.announced(rina, inRegions("36.71"))
	over := o.announced(rina, func(p *umkm.TrainingPlan) { p.Closes = wib(3, 0, 0) })
	mother, son := o.owner(1, ciruas), o.owner(1, kramat)
	seat := o.joined(second, 1, son, umkm.SeatSeated)
	type row struct{ training, owner, seat string }
	rows := func(offers []umkm.TrainingOffer) (got []row) {
		for _, x := range offers {
			r := row{training: x.ID, owner: x.Owner}
			if x.Seat != nil {
				r.seat = x.Seat.ID
			}
			if x.Name == "" || x.Business == "" {
				t.Errorf("offer %+v", x)
			}
			got = append(got, r)
		}
		return got
	}
	want := []row{{first, mother, ""}, {second, mother, ""}, {second, son, seat.ID}}
	if got := rows(must(o.Offers(t.Context(), 1, wib(4, 0, 0)))); !slices.Equal(got, want) {
		t.Errorf("offers %v\nwant %v", got, want)
	}
	if got := rows(must(o.OffersOf(t.Context(), 1, over, wib(4, 0, 0)))); !slices.Equal(got, []row{{over, mother, ""}, {over, son, ""}}) {
		t.Errorf("offers of what takes nobody: %v", got)
	}
	if err := o.revise(rina, second, noon, inRegions("36.04.05")); err != nil {
		t.Fatal(err)
	}
	if got := rows(must(o.OffersOf(t.Context(), 1, second, noon))); !slices.Equal(got, want[1:]) {
		t.Errorf("with a seat, and not meant any more: %v", got)
	}
	if got := must(o.Offers(t.Context(), 2, noon)); got != nil {
		t.Errorf("offers to nobody: %v", got)
	}
	if _, err := o.OffersOf(t.Context(), 1, mother, noon); !errors.Is(err, umkm.ErrNoTraining) {
		t.Errorf("offers of nothing: %v", err)
	}
}

// TestOffersTellWhoAgrees: who withdraws the consent to news is still meant,
// and not to be written to.
func TestOffersTellWhoAgrees(t *testing.T) {
	o := openOffice(t)
	id := o.announced(o.officer(900, serang))
	owner := o.owner(1, ciruas)
	agrees := func() bool { return must(o.OffersOf(t.Context(), 1, id, noon))[0].Agrees }
	if !agrees() {
		t.Error("who agreed does not agree")
	}
	o.exec(`INSERT INTO consents (id, owner, account, purpose, version, language, granted, at)
VALUES (gen_random_uuid(), $1, 1, 'messages', 'v1', 'id', false, $2)`, owner, noon.Add(oneHour))
	if agrees() {
		t.Error("who withdrew agrees")
	}
}
