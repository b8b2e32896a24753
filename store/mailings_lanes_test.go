package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// ended are a claim's deliveries, come to a state.
func ended(claimed []umkm.Delivery, state umkm.DeliveryState) []umkm.Delivery {
	out := make([]umkm.Delivery, len(claimed))
	for i, d := range claimed {
		d.State = state
		if state == umkm.DeliverySent {
			d.Message = d.Chat + 1000
		}
		out[i] = d
	}
	return out
}

// begin starts a run of a lane that has been woken so often.
func begin(t testing.TB, s *Store, m umkm.Mailing, lane int, wake ...int) umkm.LaneRun {
	t.Helper()
	job := umkm.SendMailing{Mailing: m.ID, Lane: lane}
	if len(wake) > 0 {
		job.Wake = wake[0]
	}
	run, _, err := s.BeginLane(t.Context(), job, noon)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// claim claims of a mailing that runs.
func claim(t testing.TB, s *Store, run umkm.LaneRun, n int) []umkm.Delivery {
	t.Helper()
	claimed, state, err := s.Claim(t.Context(), run, n, noon)
	if err != nil || state != umkm.MailingRunning {
		t.Fatalf("claim: %v, the mailing is %q", err, state)
	}
	return claimed
}

func mark(t testing.TB, s *Store, run umkm.LaneRun, done []umkm.Delivery) {
	t.Helper()
	if err := s.Mark(t.Context(), run, done, noon); err != nil {
		t.Fatal(err)
	}
}

func end(t testing.TB, s *Store, run umkm.LaneRun, seen umkm.MailingState) {
	t.Helper()
	if more, err := s.EndLane(t.Context(), run, seen, noon); err != nil || more {
		t.Fatalf("end lane: %v, more: %v", err, more)
	}
}

// checkLedger compares what the lanes count with the ledger's rows.
func checkLedger(t testing.TB, s *Store, m umkm.Mailing) umkm.DeliveryCounts {
	t.Helper()
	var rows umkm.DeliveryCounts
	found, _ := s.pool.Query(t.Context(), "SELECT state, count(*) FROM deliveries WHERE mailing = $1 GROUP BY state", m.ID)
	var state string
	var n int
	if _, err := pgx.ForEachRow(found, []any{&state, &n}, func() error { rows.Add(umkm.DeliveryState(state), n); return nil }); err != nil {
		t.Fatal(err)
	}
	if left := int(must(s.Figures(t.Context(), s.now())).LettersLeft()); left != rows.Planned+rows.Sending {
		t.Errorf("%d are left, the ledger has %+v", left, rows)
	}
	if counted := must(s.Mailing(t.Context(), m.ID)).Counts; counted != rows {
		t.Errorf("counted %+v, the ledger has %+v", counted, rows)
	}
	return rows
}

func mailing(t testing.TB, people int) (*Store, umkm.Mailing) {
	t.Helper()
	s := openStore(t)
	plan(t, s, newMailing("a"), everybody, people)
	return s, newest(t, s)
}

// TestLanesShareAMailing works one off by four lanes at once, with what is
// given back on the way: everybody comes to an end once.
func TestLanesShareAMailing(t *testing.T) {
	t.Parallel()
	const people = 2000
	s, m := mailing(t, people)
	var mu sync.Mutex
	times := map[int64]int{}
	var wg sync.WaitGroup
	for lane := range mailingLanes {
		run := begin(t, s, m, lane)
		wg.Go(func() {
			for more := true; more; {
				claimed, seen, err := s.Claim(t.Context(), run, 1+rand.IntN(60), noon)
				if err == nil && len(claimed) == 0 {
					more, err = s.EndLane(t.Context(), run, seen, noon)
				}
				if err != nil {
					t.Error(err)
					return
				}
				back := len(claimed) / 4
				mu.Lock()
				for _, d := range claimed[back:] {
					times[d.Chat]++
				}
				mu.Unlock()
				mark(t, s, run, append(ended(claimed[:back], umkm.DeliveryPlanned), ended(claimed[back:], umkm.DeliverySent)...))
			}
		})
	}
	wg.Wait()
	if len(times) != people {
		t.Errorf("%d people, want %d", len(times), people)
	}
	for chat, n := range times {
		if n != 1 {
			t.Errorf("chat %d came %d times", chat, n)
		}
	}
	if got := checkLedger(t, s, m); got != (umkm.DeliveryCounts{Sent: people}) {
		t.Errorf("%+v", got)
	}
	if m := newest(t, s); m.State != umkm.MailingDone || !m.Done.Equal(noon) {
		t.Errorf("a mailing worked off is %+v", m)
	}
	if n := count(t, s, "SELECT count(*) FROM deliveries WHERE message = chat + 1000"); n != people {
		t.Errorf("%d messages noted", n)
	}
}

func TestALaterRunFencesAnEarlierOne(t *testing.T) {
	t.Parallel()
	s, m := mailing(t, 100)
	dead := begin(t, s, m, 0)
	claimed := claim(t, s, dead, 10)
	mark(t, s, dead, ended(claimed[:4], umkm.DeliverySent))
	heir := begin(t, s, m, 0)
	if got := checkLedger(t, s, m); got != (umkm.DeliveryCounts{Planned: 90, Sent: 4, Uncertain: 6}) {
		t.Errorf("after the crash %+v", got)
	}
	if _, _, err := s.Claim(t.Context(), dead, 1, noon); !errors.Is(err, umkm.ErrLaneTaken) {
		t.Errorf("the earlier run claims: %v", err)
	}
	if err := s.Mark(t.Context(), dead, ended(claimed[4:], umkm.DeliverySent), noon); !errors.Is(err, umkm.ErrLaneTaken) {
		t.Errorf("the earlier run marks: %v", err)
	}
	if _, err := s.EndLane(t.Context(), dead, umkm.MailingRunning, noon); !errors.Is(err, umkm.ErrLaneTaken) {
		t.Errorf("the earlier run ends: %v", err)
	}
	mark(t, s, heir, ended(claimed[4:], umkm.DeliverySent)) // changes nothing: they are uncertain
	mark(t, s, heir, ended(claim(t, s, heir, 200), umkm.DeliverySent))
	if again := claim(t, s, heir, 1); len(again) != 0 {
		t.Errorf("claimed again: %+v", again)
	}
	end(t, s, heir, umkm.MailingRunning)
	if got := checkLedger(t, s, m); got != (umkm.DeliveryCounts{Sent: 94, Uncertain: 6}) {
		t.Errorf("in the end %+v", got)
	}
}

func TestOnlyWhatIsBeingSentIsMarked(t *testing.T) {
	t.Parallel()
	s, m := mailing(t, 1000)
	one, other := begin(t, s, m, 0), begin(t, s, m, 1)
	claimed := claim(t, s, one, 5)
	before := checkLedger(t, s, m)
	mark(t, s, other, ended(claimed, umkm.DeliverySent))
	if got := checkLedger(t, s, m); got != before {
		t.Errorf("a lane marked what another is sending: %+v", got)
	}
	for range 2 { // its answer was lost
		mark(t, s, one, append(ended(claimed[:2], umkm.DeliverySent), ended(claimed[2:4], umkm.DeliveryPlanned)...))
	}
	if got := checkLedger(t, s, m); got != (umkm.DeliveryCounts{Planned: 997, Sent: 2, Sending: 1}) {
		t.Errorf("marked twice: %+v", got)
	}
	for range 2 {
		if err := s.Release(t.Context(), one, noon); err != nil {
			t.Error(err)
		}
	}
	if got := checkLedger(t, s, m); got != (umkm.DeliveryCounts{Planned: 998, Sent: 2}) {
		t.Errorf("released: %+v", got)
	}
	again := claim(t, s, one, 3)
	for i, d := range again {
		if d.N != claimed[2+i].N {
			t.Errorf("claimed %d, want %d, which was given back", d.N, claimed[2+i].N)
		}
	}
	mark(t, s, other, ended(again, umkm.DeliverySent))
	if _, _, err := s.BeginLane(t.Context(), umkm.SendMailing{Mailing: m.ID, Lane: 7}, noon); !errors.Is(err, umkm.ErrNoMailing) {
		t.Errorf("a lane that there is not: %v", err)
	}
}

func TestPauseResumeCancel(t *testing.T) {
	t.Parallel()
	s, m := mailing(t, 1000)
	set := func(state umkm.MailingState) {
		t.Helper()
		if err := s.SetMailingState(t.Context(), m.ID, state); err != nil {
			t.Fatal(err)
		}
	}
	jobs := func() int { return count(t, s, "SELECT count(*) FROM river_job WHERE kind = 'send_mailing'") }
	first := begin(t, s, m, 0)
	mark(t, s, first, ended(claim(t, s, first, 10), umkm.DeliverySent))
	set(umkm.MailingPaused)
	set(umkm.MailingPaused)
	claimed, state, err := s.Claim(t.Context(), first, 10, noon)
	if err != nil || len(claimed) != 0 || state != umkm.MailingPaused {
		t.Errorf("claimed %d of a paused mailing that is %q: %v", len(claimed), state, err)
	}
	// Resumed before the lane has come to rest: it goes on, and has one job.
	set(umkm.MailingRunning)
	if more, err := s.EndLane(t.Context(), first, umkm.MailingPaused, noon); err != nil || !more {
		t.Errorf("a lane did not notice that its mailing goes on: %v", err)
	}
	if n := jobs(); n != 2 {
		t.Errorf("%d jobs, want the 2 of the beginning", n)
	}
	set(umkm.MailingPaused)
	end(t, s, first, umkm.MailingPaused)
	if m := newest(t, s); m.State != umkm.MailingPaused || !m.Done.IsZero() {
		t.Errorf("at rest it is %+v", m)
	}
	set(umkm.MailingRunning)
	if n := jobs(); n != 3 {
		t.Errorf("%d jobs, want one more for the lane at rest", n)
	}
	if _, _, err := s.BeginLane(t.Context(), umkm.SendMailing{Mailing: m.ID}, noon); !errors.Is(err, umkm.ErrNoMailing) {
		t.Errorf("the job from before the pause works on: %v", err)
	}
	second := begin(t, s, m, 0, 1)
	set(umkm.MailingPaused)
	end(t, s, second, umkm.MailingPaused)
	if _, _, err := s.BeginLane(t.Context(), umkm.SendMailing{Mailing: m.ID, Wake: 1}, noon); !errors.Is(err, umkm.ErrNoMailing) {
		t.Errorf("the job of a lane at rest works on: %v", err)
	}
	set(umkm.MailingCancelled)
	end(t, s, begin(t, s, m, 0, 2), umkm.MailingCancelled)
	if got := checkLedger(t, s, m); got != (umkm.DeliveryCounts{Sent: 10, Skipped: 990}) {
		t.Errorf("cancelled: %+v", got)
	}
	if m := newest(t, s); m.State != umkm.MailingCancelled || !m.Done.Equal(noon) {
		t.Errorf("in the end it is %+v", m)
	}
	for _, state := range []umkm.MailingState{umkm.MailingRunning, umkm.MailingPaused} {
		if err := s.SetMailingState(t.Context(), m.ID, state); !errors.Is(err, umkm.ErrMailingOver) {
			t.Errorf("a cancelled mailing is made %s: %v", state, err)
		}
	}
	if err := s.SetMailingState(t.Context(), aTraining, umkm.MailingPaused); !errors.Is(err, umkm.ErrNoMailing) {
		t.Errorf("no mailing: %v", err)
	}
}

// TestKilledAnywhereTheLedgerAgrees cuts runs of lanes off at moments of
// chance, also by ending their connections: counts and rows agree, and nobody
// is handed out twice.
func TestKilledAnywhereTheLedgerAgrees(t *testing.T) {
	t.Parallel()
	const people, rounds = 600, 40
	o := openOffice(t)
	s := o.Store
	plan(t, s, newMailing("a"), everybody, people)
	m := newest(t, s)
	calm := o.cutsConnections()
	var lanes sync.WaitGroup
	var mu sync.Mutex
	times := map[int64]int{}
	told := func(d umkm.Delivery) {
		mu.Lock()
		defer mu.Unlock()
		times[d.Chat]++
	}
	for lane := range 2 {
		lanes.Go(func() {
			for range rounds {
				if s.workSome(t.Context(), m.ID, lane, told) {
					return
				}
			}
		})
	}
	lanes.Wait()
	calm()
	for lane := range 2 {
		for !s.workSome(t.Context(), m.ID, lane, told) {
		}
		end(t, s, begin(t, s, m, lane), umkm.MailingRunning)
	}
	got := checkLedger(t, s, m)
	if got.Sending != 0 || got.All() != people {
		t.Errorf("in the end %+v", got)
	}
	for chat, n := range times {
		if n > 1 {
			t.Errorf("chat %d was sent to %d times", chat, n)
		}
	}
	if n := len(times); n < got.Sent || n > got.Sent+got.Uncertain {
		t.Errorf("%d were sent to, the ledger says %+v", n, got)
	}
	t.Logf("%+v", got)
}

// workSome works a lane until something fails or nothing is left, as done says.
func (s *Store) workSome(ctx context.Context, mailing string, lane int, send func(umkm.Delivery)) (done bool) {
	run, _, err := s.BeginLane(ctx, umkm.SendMailing{Mailing: mailing, Lane: lane}, noon)
	for err == nil {
		var claimed []umkm.Delivery
		claimed, _, err = s.Claim(ctx, run, 10, noon)
		if err == nil && len(claimed) == 0 {
			return true
		}
		for _, d := range claimed {
			send(d)
		}
		if err == nil && rand.IntN(5) == 0 {
			err = fmt.Errorf("killed")
		}
		if err == nil {
			err = s.Mark(ctx, run, ended(claimed, umkm.DeliverySent), noon)
		}
	}
	return false
}
