package store

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"umkmbot/internal/umkm"
)

// deskModel is what one business's request and its case ought to be, whatever
// happens to them.
type deskModel struct {
	o        *office
	business string
	at       time.Time

	request string // the newest
	state   umkm.RequestState
	stage   string
	holder  int64
	until   time.Time
	reach   map[int64]bool      // whose role reaches it
	seen    map[int64]umkm.Case // as each officer last saw it
	places  int
	steps   int
	moves   []umkm.RequestMove // that succeeded
}

func (m *deskModel) open() bool { return m.state == umkm.RequestOpen }

func (m *deskModel) held(account int64) bool { return m.holder == account && m.at.Before(m.until) }

// mine is the error that somebody gets who does something at their desk, and
// notes what that leads to.
func (m *deskModel) mine(account int64) error {
	switch {
	case !m.open():
		return umkm.ErrClosed
	case !m.held(account):
		return umkm.ErrNotHeld
	case !m.reach[account]:
		m.holder = 0
		return umkm.ErrForbidden
	}
	return nil
}

func (m *deskModel) apply(r *rapid.T) {
	a := m.o.application(1, m.business, "halal", m.at)
	a.Quota = 3
	receipt, err := m.o.Apply(m.o.t.Context(), a)
	switch {
	case m.open():
		is(r, "apply", err, umkm.ErrAsked)
		return
	case m.places >= 3:
		is(r, "apply", err, umkm.ErrProgrammeFull)
		return
	}
	is(r, "apply", err, nil)
	m.request, m.state, m.stage, m.holder, m.steps = receipt.Document, umkm.RequestOpen, "", 0, 0
	m.places++
}

func (m *deskModel) taken(who int64, c umkm.Case) {
	m.holder, m.until, m.seen[who] = who, m.at.Add(umkm.DeskLease), c
}

func (m *deskModel) take(r *rapid.T) {
	who := anyone(r)
	c, found, err := m.o.TakeDesk(m.o.t.Context(), who, umkm.CaseRequest, rapid.SampledFrom([]string{"", "halal"}).Draw(r, "topic"), m.at)
	is(r, "take", err, nil)
	want := m.open() && m.holder == 0 && m.reach[who]
	if found != want || found && c.ID != m.request {
		r.Fatalf("%d took %v, want %v", who, found, want)
	}
	if found {
		m.taken(who, c)
	}
}

func (m *deskModel) pick(r *rapid.T) {
	who := anyone(r)
	c, err := m.o.TakeThis(m.o.t.Context(), who, m.request, m.at)
	switch {
	case m.request == "":
		is(r, "pick", err, umkm.ErrNotHeld)
	case !m.open():
		is(r, "pick", err, umkm.ErrClosed)
	case m.holder != 0 && m.holder != who:
		is(r, "pick", err, umkm.ErrChanged)
	case !m.reach[who]:
		is(r, "pick", err, umkm.ErrForbidden)
	default:
		is(r, "pick", err, nil)
		if !m.held(who) {
			m.taken(who, c)
		}
	}
}

func (m *deskModel) release(r *rapid.T) {
	who := anyone(r)
	err := m.o.ReleaseDesk(m.o.t.Context(), who, m.request, m.at)
	if m.request == "" || m.holder != who {
		is(r, "release", err, umkm.ErrNotHeld)
		return
	}
	is(r, "release", err, nil)
	m.holder = 0
}

func (m *deskModel) handOver(r *rapid.T) {
	who := anyone(r)
	to := modelReviewers[0] + modelReviewers[1] - who
	if m.request == "" {
		return
	}
	want := m.mine(who)
	err := m.o.HandOver(m.o.t.Context(), who, m.request, to, "", m.at)
	if want == nil && !m.reach[to] {
		want = umkm.ErrNoColleague
	}
	is(r, "hand over", err, want)
	if want == nil {
		m.holder, m.until = to, m.at.Add(umkm.DeskLease)
	}
}

// move moves the request as the person last saw it, which may be long ago.
func (m *deskModel) move(r *rapid.T) {
	who := anyone(r)
	c, ok := m.seen[who]
	if !ok || c.ID != m.request {
		return
	}
	state := rapid.SampledFrom([]umkm.RequestState{umkm.RequestOpen, umkm.RequestDone, umkm.RequestDeclined}).Draw(r, "state")
	version := m.o.version(m.request)
	if rapid.Bool().Draw(r, "looks again") {
		c.Version = version
		m.seen[who] = c
	}
	want := m.mine(who)
	if want == nil && c.Version != version {
		want = umkm.ErrChanged
	}
	move := m.o.move(who, c, state, m.at)
	is(r, "move", m.o.MoveRequest(m.o.t.Context(), move), want)
	if want != nil {
		return
	}
	m.moves, m.steps, m.state, m.stage = append(m.moves, move), m.steps+1, state, "checked"
	m.until = m.at.Add(umkm.DeskLease)
	if !m.open() {
		m.holder = 0
	}
	if state == umkm.RequestDeclined {
		m.places--
	}
}

// moveAgain repeats what has been done, however long ago.
func (m *deskModel) moveAgain(r *rapid.T) {
	if len(m.moves) == 0 {
		return
	}
	move := rapid.SampledFrom(m.moves).Draw(r, "move")
	if m.open() && m.held(move.Account) && move.Case == m.request && !m.reach[move.Account] {
		m.holder = 0 // it goes back into the queue on the occasion
	}
	is(r, "move again", m.o.MoveRequest(m.o.t.Context(), move), nil)
}

func (m *deskModel) say(r *rapid.T) {
	who := anyone(r)
	if m.request == "" {
		return
	}
	want := m.mine(who)
	_, err := m.o.Say(m.o.t.Context(), m.o.saying(who, m.request, true, "Halo", m.at))
	is(r, "say", err, want)
	if want == nil {
		m.until = m.at.Add(umkm.DeskLease)
	}
}

func (m *deskModel) ask(r *rapid.T) {
	if m.request == "" {
		return
	}
	_, err := m.o.Say(m.o.t.Context(), m.o.saying(1, m.request, false, "Halo", m.at))
	if m.open() {
		is(r, "ask", err, nil)
		return
	}
	is(r, "ask", err, umkm.ErrClosed)
}

func (m *deskModel) cancel(r *rapid.T) {
	err := m.o.CancelRequest(m.o.t.Context(), 1, m.request, m.at)
	switch {
	case m.request == "":
		is(r, "cancel", err, umkm.ErrNotYours)
	case m.open():
		is(r, "cancel", err, nil)
		m.state, m.holder, m.places, m.steps = umkm.RequestCancelled, 0, m.places-1, m.steps+1
	case m.state == umkm.RequestCancelled:
		is(r, "cancel", err, nil)
	default:
		is(r, "cancel", err, umkm.ErrClosed)
	}
}

func (m *deskModel) lapse(r *rapid.T) {
	if m.request == "" {
		return
	}
	holder, again, err := m.o.LapseCase(m.o.t.Context(), m.request, m.at)
	is(r, "lapse", err, nil)
	over := m.holder != 0 && !m.at.Before(m.until)
	runs := m.holder != 0 && !over && m.reach[m.holder]
	if over != (holder != 0) || runs != !again.IsZero() || runs && !again.Equal(m.until) {
		r.Fatalf("lapse: %d, %v; held by %d until %v", holder, again, m.holder, m.until)
	}
	if !runs {
		m.holder = 0
	}
}

// regrant gives an officer another region, or theirs again.
func (m *deskModel) regrant(r *rapid.T) {
	who := anyone(r)
	region := serang
	if m.reach[who] = !m.reach[who]; !m.reach[who] {
		region = "36.01"
	}
	is(r, "change staff", m.o.ChangeStaff(m.o.t.Context(), 899, who, []umkm.Grant{{Role: umkm.RoleOfficer, Region: region}}, m.at), nil)
}

func (m *deskModel) wait(r *rapid.T) {
	m.at = m.at.Add(rapid.SampledFrom([]time.Duration{time.Minute, 30 * time.Hour, umkm.DeskLease}).Draw(r, "wait"))
}

// check compares the records with the model.
func (m *deskModel) check(r *rapid.T) {
	if s := must(m.o.ProgrammeStates(m.o.t.Context()))["halal"]; s.Asked != m.places {
		r.Fatalf("%d have a place, want %d", s.Asked, m.places)
	}
	if m.request == "" {
		return
	}
	q := must(m.o.RequestFor(m.o.t.Context(), 1, m.request))
	if q.State != m.state || q.Stage != m.stage || len(q.Steps) != m.steps || q.Taken != (m.holder != 0) {
		r.Fatalf("request %s %q with %d steps, taken %v; want %s %q, %d, by %d", q.State, q.Stage, len(q.Steps), q.Taken, m.state, m.stage, m.steps, m.holder)
	}
	if got := m.o.count("SELECT coalesce(max(holder), 0) FROM cases"); int64(got) != m.holder {
		r.Fatalf("held by %d, want %d", got, m.holder)
	}
	waits := m.open() && m.holder == 0
	if got := m.o.count("SELECT coalesce(sum(waiting), 0) FROM case_counts WHERE size = 5"); (got == 1) != waits || got > 1 {
		r.Fatalf("%d are counted as waiting, want %v", got, waits)
	}
	if got := m.o.count("SELECT count(*) FROM river_job WHERE kind = 'notice_request'"); got != len(m.moves) {
		r.Fatalf("%d notices, want %d", got, len(m.moves))
	}
}

// TestRequestFollowsItsModel plays what can happen to a request and its case in
// any order, with two officers whose regions change and a clock that moves.
func TestRequestFollowsItsModel(t *testing.T) {
	o := openOffice(t)
	o.reviewer(899)
	o.exec("INSERT INTO staff_grants (account, role, region, at) VALUES (899, 'admin', '36', $1)", noon)
	for _, account := range modelReviewers {
		o.officer(account, serang)
	}
	business := o.business(1, ciruas)
	rapid.Check(t, func(r *rapid.T) {
		o.exec("TRUNCATE cases, programmes, case_counts, river_job CASCADE")
		o.exec("UPDATE staff_grants SET region = '36.04' WHERE role = 'officer'")
		m := &deskModel{o: o, business: business, at: noon, seen: map[int64]umkm.Case{}, reach: map[int64]bool{900: true, 901: true}}
		m.apply(r)
		r.Repeat(map[string]func(*rapid.T){
			"apply": m.apply, "take": m.take, "pick": m.pick, "release": m.release, "hand over": m.handOver, "move": m.move,
			"move again": m.moveAgain, "say": m.say, "ask": m.ask, "cancel": m.cancel, "lapse": m.lapse, "regrant": m.regrant,
			"wait": m.wait, "": m.check,
		})
	})
}
