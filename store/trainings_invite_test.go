package store

import (
	"errors"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// clock sets the program's time.
func (o *office) clock(at time.Time) { o.now = func() time.Time { return at } }

// answersDue works the jobs that look after invitations, as they are due.
func (o *office) answersDue(training string, at time.Time) {
	o.t.Helper()
	o.clock(at)
	job := umkm.TrainingDue{Training: training, What: umkm.DueAnswers, At: at.Unix()}
	if again, err := o.TrainingDue(o.t.Context(), job); err != nil || !again.IsZero() {
		o.t.Fatalf("answers: %v, %v", again, err)
	}
}

// TestInvitationsGoOn: no, no answer, yes; then nobody is left, and an owner who
// comes by himself gets the place.
func TestInvitationsGoOn(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	who := o.owners(5, ciruas)
	id := o.draft(rina, byInvitation(false))
	if n := must(o.Publish(t.Context(), rina, id, 1, noon)); n != 2 {
		t.Errorf("told %d, want 2", n)
	}
	if got := must(o.FindTraining(t.Context(), id)).Seats; got != (umkm.SeatCounts{Invited: 2, Candidates: 3}) || o.told(umkm.EventInvited) != 2 {
		t.Fatalf("%+v, %d are told", got, o.told(umkm.EventInvited))
	}
	invited := o.inLine(id, umkm.SeatInvited)
	next := o.inLine(id, umkm.SeatCandidate)
	if got := must(o.SeatsOf(t.Context(), next[0].Account, noon)); len(got) != 0 {
		t.Errorf("a candidate has heard of it: %+v", got)
	}
	if !invited[0].Until.Equal(noon.Add(24*time.Hour)) || invited[0].Number != 1 || invited[1].Number != 2 {
		t.Errorf("invited %+v", invited[0])
	}
	if s := o.left(invited[0].Account, invited[0].ID, noon.Add(time.Hour)); s.State != umkm.SeatDeclined {
		t.Errorf("said no: %s", s.State)
	}
	if s := o.seatState(next[0].ID); s != umkm.SeatInvited {
		t.Errorf("the next is %s", s)
	}
	o.answersDue(id, noon.Add(24*time.Hour))
	if a, b := o.seatState(invited[1].ID), o.seatState(next[1].ID); a != umkm.SeatLapsed || b != umkm.SeatInvited || o.told(umkm.EventLapsed) != 1 {
		t.Errorf("no answer: %s, then %s", a, b)
	}
	yes := func(s umkm.Seat, at time.Time) error {
		got, err := o.join(id, s.Account, s.Owner, at)
		if err == nil && got.State != umkm.SeatSeated {
			t.Errorf("said yes: %s", got.State)
		}
		return err
	}
	if err := errors.Join(yes(next[0], noon.Add(25*time.Hour)), yes(next[0], noon.Add(25*time.Hour))); err != nil { // late, but the place is still kept
		t.Error(err)
	}
	o.answersDue(id, noon.Add(25*time.Hour))
	if s := o.seatState(next[0].ID); s != umkm.SeatSeated {
		t.Errorf("who had said yes is %s", s)
	}
	o.left(next[1].Account, next[1].ID, noon.Add(30*time.Hour))
	o.left(next[2].Account, next[2].ID, noon.Add(30*time.Hour))
	if got := must(o.FindTraining(t.Context(), id)).Seats; got != (umkm.SeatCounts{Seated: 1}) {
		t.Errorf("nobody is left: %+v", got)
	}
	late := o.owner(50, kramat)
	o.joined(id, 50, late, umkm.SeatSeated)
	for i, owner := range who {
		if owner == invited[0].Owner {
			o.joined(id, int64(i+1), owner, umkm.SeatWaiting)
		}
	}
	if o.audits("seat.invited") != 5 || o.audits("seat.declined") != 3 || o.audits("seat.lapsed") != 1 || o.audits("seat.accepted") != 1 {
		t.Error("audit rows")
	}
}

// TestInvitationsAreForThoseMeant: who never attended first, nobody who does not
// want messages or cannot be reached; caps are kept, and more can be invited.
func TestInvitationsAreForThoseMeant(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	who := o.owners(12, ciruas, kramat, carita)
	o.exec("UPDATE accounts SET reachable = false WHERE telegram_id = 4")
	o.exec("INSERT INTO consents (id, owner, account, purpose, version, language, granted, at) VALUES (gen_random_uuid(), $1, 7, 'messages', '1', 'id', false, $2)", who[6], noon.Add(1))
	o.exec("UPDATE reach SET trained = true WHERE owner = $1 OR owner = $2", who[0], who[1])
	id := o.announced(rina, quota(4), byInvitation(true), capped(umkm.CapDistrict, 3))
	if got := must(o.FindTraining(t.Context(), id)).Seats; got != (umkm.SeatCounts{Invited: 4, Candidates: 2}) {
		t.Fatalf("%+v", got) // 1, 2, 5, 8, 10, 11: of Ciruas 1 and 10
	}
	for _, s := range o.inLine(id, umkm.SeatInvited) {
		if s.Account == 1 || s.Account == 2 || !s.Untrained {
			t.Errorf("account %d was invited, and has attended before", s.Account)
		}
	}
	o.holdsPlaces(id)
	if n := must(o.InviteMore(t.Context(), rina, id, noon)); n != 0 {
		t.Errorf("%d more", n)
	}
	o.owner(60, kramat)
	o.owner(61, ciruas)
	if n := must(o.InviteMore(t.Context(), rina, id, noon)); n != 2 {
		t.Errorf("%d more, want 2", n)
	}
	first := o.inLine(id, umkm.SeatInvited)[0]
	o.exec("UPDATE accounts SET reachable = false WHERE telegram_id IN (1, 2)")
	o.left(first.Account, first.ID, noon)
	if n := o.count("SELECT count(*) FROM seats WHERE training = $1 AND state = 'invited' AND account IN (60, 61)", id); n != 1 {
		t.Errorf("%d of the new ones are invited, want 1", n)
	}
	for by, want := range map[int64]error{7: umkm.ErrForbidden, o.officer(901, "36.01"): umkm.ErrForbidden} {
		if _, err := o.InviteMore(t.Context(), by, id, noon); !errors.Is(err, want) {
			t.Errorf("%d invites: %v", by, err)
		}
	}
	if _, err := o.InviteMore(t.Context(), rina, o.announced(rina), noon); !errors.Is(err, umkm.ErrNotTaking) {
		t.Errorf("invites where all may come: %v", err)
	}
	if _, err := o.InviteMore(t.Context(), rina, o.draft(rina, byInvitation(true)), noon); !errors.Is(err, umkm.ErrNoTraining) {
		t.Errorf("invites to a draft: %v", err)
	}
	if _, err := o.InviteMore(t.Context(), rina, id, wib(10, 9, 0)); !errors.Is(err, umkm.ErrNotTaking) {
		t.Errorf("invites to what has begun: %v", err)
	}
}

// TestCandidateComesByThemselves and waits, like others who do; waiting goes
// before being invited.
func TestCandidateComesByThemselves(t *testing.T) {
	o := openOffice(t)
	o.owners(4, ciruas)
	id := o.announced(o.officer(900, serang), quota(1), byInvitation(false))
	invited, next := o.inLine(id, umkm.SeatInvited), o.inLine(id, umkm.SeatCandidate)
	self := o.joined(id, next[2].Account, next[2].Owner, umkm.SeatWaiting)
	if self.ID != next[2].ID || self.Number != 2 {
		t.Errorf("a candidate who came is %+v", self)
	}
	o.left(invited[0].Account, invited[0].ID, noon)
	if a, b := o.seatState(self.ID), o.seatState(next[0].ID); a != umkm.SeatSeated || b != umkm.SeatCandidate {
		t.Errorf("who came by themselves %s, the next candidate %s", a, b)
	}
}

func TestInvitationsEndInTime(t *testing.T) {
	closes, starts := wib(8, 18, 0), wib(10, 9, 0)
	for name, c := range map[string]struct{ at, want time.Time }{
		"in good time":            {noon, noon.Add(24 * time.Hour)},
		"part of a second":        {noon.Add(1), noon.Add(24*time.Hour + time.Second)},
		"before the end":          {wib(8, 10, 0), closes},
		"after the end":           {wib(8, 18, 0), wib(9, 18, 0)},
		"on the day before":       {wib(9, 20, 0), starts},
		"a second before the end": {closes.Add(-time.Second), closes},
	} {
		row := trainingRow{ClosesAt: closes, StartsAt: starts, AnswerMinutes: 24 * 60}
		if got := row.answerUntil(c.at); !got.Equal(c.want) {
			t.Errorf("%s: until %v, want %v", name, got, c.want)
		}
	}
}

func TestRemindLater(t *testing.T) {
	until := noon.Add(24 * time.Hour)
	for left, want := range map[time.Duration]time.Duration{
		24 * time.Hour: 3 * time.Hour, 4 * time.Hour: 3 * time.Hour, 3 * time.Hour: 2 * time.Hour,
		time.Hour: 30 * time.Minute, 10 * time.Minute: 5 * time.Minute,
	} {
		at := until.Add(-left)
		if got := remindWhen(at, until); !got.Equal(at.Add(want)) {
			t.Errorf("%v before the end: in %v, want %v", left, got.Sub(at), want)
		}
	}
	o := openOffice(t)
	o.owners(2, ciruas)
	id := o.announced(o.officer(900, serang), quota(1), byInvitation(false))
	seat := o.inLine(id, umkm.SeatInvited)[0]
	for i := range 2 {
		when, err := o.RemindLater(t.Context(), seat.Account, seat.ID, noon.Add(time.Duration(i)*time.Minute))
		if err != nil || !when.Equal(noon.Add(3*time.Hour)) {
			t.Errorf("remind at %v, %v", when, err)
		}
	}
	if n := o.count("SELECT count(*) FROM river_job WHERE kind = 'notice_seat' AND args->>'event' = 'reminded' AND scheduled_at = $1", noon.Add(3*time.Hour)); n != 1 {
		t.Errorf("%d reminders", n)
	}
	other := seat.Account%2 + 1
	candidate := o.inLine(id, umkm.SeatCandidate)[0]
	for name, try := range map[string]struct {
		account int64
		seat    string
		at      time.Time
	}{
		"another's": {other, seat.ID, noon}, "not invited": {candidate.Account, candidate.ID, noon}, "lapsed": {seat.Account, seat.ID, seat.Until}, "nothing": {1, "x", noon},
	} {
		if _, err := o.RemindLater(t.Context(), try.account, try.seat, try.at); !errors.Is(err, umkm.ErrNoSeat) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := o.Leave(t.Context(), candidate.Account, candidate.ID, noon); !errors.Is(err, umkm.ErrNoSeat) {
		t.Errorf("a candidate says no to nothing: %v", err)
	}
}
