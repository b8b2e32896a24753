package store

import (
	"encoding/hex"
	"errors"
	"slices"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

func byLotteryOf(n int, change ...func(*umkm.TrainingPlan)) func(*umkm.TrainingPlan) {
	return func(p *umkm.TrainingPlan) {
		p.Filling, p.Quota, p.UntrainedFirst = umkm.FillDraw, n, true
		for _, c := range change {
			c(p)
		}
	}
}

// closing works the job that is due at the end of registration.
func (o *office) closing(training string, at time.Time) error {
	o.clock(at)
	return o.closingNow(training)
}

func (o *office) closingNow(training string) error {
	at := o.now()
	t := must(o.TrainingFor(o.t.Context(), 900, training))
	job := umkm.TrainingDue{Training: training, What: umkm.DueClose, Schedule: o.scheduleOf(training), At: t.Closes.Unix()}
	again, err := o.TrainingDue(o.t.Context(), job)
	if err == nil && at.Before(t.Closes) != !again.IsZero() {
		o.t.Errorf("closing at %v comes again at %v", at, again)
	}
	return err
}

func (o *office) scheduleOf(training string) int {
	return o.count("SELECT schedule FROM trainings WHERE id = $1", training)
}

// recomputed is what anybody makes of a draw's list.
func (o *office) recomputed(t umkm.Training) (seated, waiting []int) {
	o.t.Helper()
	seed := must(hex.DecodeString(t.Seed))
	if umkm.SeedHash(seed) != t.SeedHash {
		o.t.Error("the seed is not the one announced")
	}
	var entries []umkm.DrawEntry
	for _, s := range must(o.seats(o.t.Context(), o.pool, `WHERE s.training = $1 AND s.drawn IS NOT NULL ORDER BY random()`, t.ID)) {
		entries = append(entries, umkm.DrawEntry{Number: s.Number, Key: t.DrawnBy.Caps.Key(s.Village, s.Sector), Untrained: s.Untrained})
	}
	return umkm.Draw(seed, entries, t.DrawnBy)
}

func TestDrawIsHeldOnce(t *testing.T) {
	a := openOffice(t)
	b := a.replica()
	rina := a.officer(900, banten)
	who := a.crowd(60, ciruas, kramat, carita)
	a.exec("UPDATE reach SET trained = true WHERE chat % 4 = 0")
	id := a.announced(rina, inRegions(), byLotteryOf(12, capped(umkm.CapDistrict, 5)))
	before := must(a.FindTraining(t.Context(), id))
	if len(before.SeedHash) != 64 || before.Seed != "" || !before.Drawn.IsZero() {
		t.Fatalf("before the draw: %+v", before)
	}
	if n := a.count("SELECT count(*) FROM trainings WHERE seed IS NOT NULL OR seed_sealed IS NULL"); n != 0 {
		t.Error("the seed is readable")
	}
	for i, owner := range who {
		a.joined(id, int64(i+1), owner, umkm.SeatApplied)
	}
	out := a.inLine(id, umkm.SeatApplied)[7]
	if s := a.left(out.Account, out.ID, noon); s.State != umkm.SeatCancelled {
		t.Errorf("took back: %s", s.State)
	}
	if err := a.closing(id, wib(8, 17, 59)); err != nil || len(a.inLine(id, umkm.SeatApplied)) != 59 {
		t.Fatalf("drawn too early: %v", err)
	}
	a.clock(wib(8, 18, 0))
	b.clock(wib(8, 18, 0))
	atOnce(a, b, 4, func(o *office, _ int) error { return o.closingNow(id) })
	after := must(b.FindTraining(t.Context(), id))
	if after.SeedHash != before.SeedHash || !after.Drawn.Equal(wib(8, 18, 0)) || after.DrawnBy.Quota != 12 {
		t.Errorf("after the draw: %+v", after)
	}
	seated, waiting := a.recomputed(after)
	if got := numbers(a.inLine(id, umkm.SeatSeated)); !slices.Equal(got, seated) || len(got) != 12 {
		t.Errorf("seated %v, recomputed %v", got, seated)
	}
	if got := numbers(a.inLine(id, umkm.SeatWaiting)); !slices.Equal(got, waiting) {
		t.Errorf("waiting %v, recomputed %v", got, waiting)
	}
	for _, s := range a.inLine(id, umkm.SeatSeated) {
		if !s.Untrained {
			t.Errorf("number %d has attended before, and goes before others", s.Number)
		}
	}
	a.holdsPlaces(id)
	if a.audits("training.drawn") != 1 || a.mailed(id, umkm.MailDrawn) != 59 || a.told(umkm.EventPromoted) != 0 {
		t.Errorf("%d draws, %d are told, %d one by one", a.audits("training.drawn"), a.mailed(id, umkm.MailDrawn), a.told(umkm.EventPromoted))
	}
	if _, err := a.join(id, out.Account, out.Owner, wib(8, 17, 0)); !errors.Is(err, umkm.ErrNotTaking) {
		t.Errorf("joined what was drawn: %v", err)
	}
	a.goesOn(id, waiting, after)
}

// goesOn: who leaves makes place for the next by lot whose district has one,
// and the list stays what it was.
func (o *office) goesOn(id string, waiting []int, was umkm.Training) {
	o.t.Helper()
	for _, s := range o.inLine(id, umkm.SeatSeated)[:6] {
		o.left(s.Account, s.ID, wib(9, 8, 0))
	}
	o.holdsPlaces(id)
	if n := len(o.inLine(id, umkm.SeatSeated)); n != 12 || o.told(umkm.EventPromoted) != 6 {
		o.t.Errorf("%d have a seat, %d are told", n, o.told(umkm.EventPromoted))
	}
	if err := o.revise(900, id, wib(9, 9, 0), quota(20), capped(umkm.CapSector, 0)); err != nil {
		o.t.Fatal(err)
	}
	if got := numbers(o.inLine(id, umkm.SeatSeated)); len(got) != 20 || !slices.Contains(got, waiting[0]) {
		o.t.Errorf("with more seats %v", got)
	}
	now := must(o.FindTraining(o.t.Context(), id))
	first, _ := o.recomputed(was)
	again, _ := o.recomputed(now)
	if !slices.Equal(first, again) {
		o.t.Errorf("the draw comes out as %v, and was %v", again, first)
	}
}

// mailed is how many a mailing about a training is for.
func (o *office) mailed(training string, what umkm.TrainingMailing) (n int) {
	o.t.Helper()
	for _, m := range must(o.MailingsAbout(o.t.Context(), umkm.MailingTraining, training)) {
		if m.What == string(what) {
			n += m.Counts.All()
		}
	}
	return n
}

// TestDrawMayChangeUntilItIsHeld: the old closing does nothing any more.
func TestDrawMayChangeUntilItIsHeld(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	id := o.announced(rina, byLotteryOf(1))
	for i, owner := range o.owners(4, ciruas) {
		o.joined(id, int64(i+1), owner, umkm.SeatApplied)
	}
	later := func(p *umkm.TrainingPlan) { p.Closes, p.Quota = wib(9, 12, 0), 3 }
	if err := o.revise(rina, id, noon, later); err != nil {
		t.Fatal(err)
	}
	o.clock(wib(8, 18, 0))
	old := umkm.TrainingDue{Training: id, What: umkm.DueClose, Schedule: 1, At: wib(8, 18, 0).Unix()}
	if again, err := o.TrainingDue(t.Context(), old); err != nil || !again.IsZero() || len(o.inLine(id, umkm.SeatApplied)) != 4 {
		t.Fatalf("the old closing: %v, %v", again, err)
	}
	if err := o.revise(rina, id, noon, func(p *umkm.TrainingPlan) { p.Filling = umkm.FillOpen }); !errors.Is(err, umkm.ErrPlan) {
		t.Errorf("a draw becomes a queue: %v", err)
	}
	// Who cannot be reached takes part, and is passed over.
	o.exec("UPDATE accounts SET reachable = false WHERE telegram_id = 2")
	if err := o.closing(id, wib(9, 12, 0)); err != nil {
		t.Fatal(err)
	}
	seated, waiting := o.inLine(id, umkm.SeatSeated), o.inLine(id, umkm.SeatWaiting)
	if len(seated) != 3 || len(waiting) != 1 || waiting[0].Account != 2 || waiting[0].Place != 1 {
		t.Errorf("seated %v, waiting %v", numbers(seated), numbers(waiting))
	}
	if n := o.mailed(id, umkm.MailDrawn); n != 4 {
		t.Errorf("%d are told", n)
	}
}

// TestNobodyApplied: a draw of nobody is held, too.
func TestNobodyApplied(t *testing.T) {
	o := openOffice(t)
	id := o.announced(o.officer(900, serang), byLotteryOf(1))
	if err := errors.Join(o.closing(id, wib(8, 18, 0)), o.closing(id, wib(8, 18, 0).Add(time.Hour))); err != nil {
		t.Fatal(err)
	}
	if got := must(o.FindTraining(t.Context(), id)); got.Seed == "" || got.Seats != (umkm.SeatCounts{}) {
		t.Errorf("%+v", got)
	}
}
