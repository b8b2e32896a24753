package store

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"umkmbot/internal/umkm"
)

// model is what one document's case ought to be, whatever happens to it.
type model struct {
	o        *office
	business string
	at       time.Time

	document string // the newest version
	state    umkm.DocumentState
	holder   int64
	until    time.Time
	passed   map[int64]time.Time // of the newest version
	seen     map[int64]umkm.Case // as each reviewer last took it
	review   string
	reviewer int64
	decided  time.Time
	reviews  int
}

var modelReviewers = []int64{900, 901}

func (m *model) held(account int64) bool { return m.holder == account && m.at.Before(m.until) }

func (m *model) waits() bool { return m.state == umkm.DocumentWaiting }

func anyone(r *rapid.T) int64 { return rapid.SampledFrom(modelReviewers).Draw(r, "who") }

// is fails unless the error is the one that the model expects.
func is(r *rapid.T, what string, got, want error) {
	r.Helper()
	if (want == nil) != (got == nil) || !errors.Is(got, want) {
		r.Fatalf("%s: %v, want %v", what, got, want)
	}
}

func (m *model) submit(r *rapid.T) {
	m.document = m.o.submit(1, m.business, m.at)
	m.state, m.holder, m.passed = umkm.DocumentWaiting, 0, map[int64]time.Time{}
}

func (m *model) take(r *rapid.T) {
	who := anyone(r)
	c, found, err := m.o.TakeCase(m.o.t.Context(), who, umkm.CaseDocument, m.at)
	is(r, "take", err, nil)
	over, passed := m.passed[who], false
	if !over.IsZero() {
		passed = m.at.Before(over.Add(umkm.PassTime))
	}
	want := m.waits() && (m.holder == who || m.holder == 0 && !passed)
	if found != want || found && c.ID != m.document {
		r.Fatalf("%d took %v, want %v", who, found, want)
	}
	if found {
		m.holder, m.until, m.seen[who] = who, m.at.Add(umkm.CaseLease), c
	}
}

func (m *model) prolong(r *rapid.T) {
	who := anyone(r)
	_, err := m.o.ProlongCase(m.o.t.Context(), who, m.document, m.at)
	if !m.held(who) {
		is(r, "prolong", err, umkm.ErrNotHeld)
		return
	}
	is(r, "prolong", err, nil)
	m.until = m.at.Add(umkm.CaseLease)
}

func (m *model) release(r *rapid.T) {
	who, pass := anyone(r), rapid.Bool().Draw(r, "pass")
	err := m.o.ReleaseCase(m.o.t.Context(), who, m.document, pass, m.at)
	if m.holder != who {
		is(r, "release", err, umkm.ErrNotHeld)
		return
	}
	is(r, "release", err, nil)
	m.holder = 0
	if pass {
		m.passed[who] = m.at
	}
}

func (m *model) lapse(r *rapid.T) {
	holder, again, err := m.o.LapseCase(m.o.t.Context(), m.document, m.at)
	is(r, "lapse", err, nil)
	over := m.holder != 0 && !m.at.Before(m.until)
	if over != (holder != 0) || over && holder != m.holder || (m.holder != 0 && !over) != again.Equal(m.until) && m.holder != 0 {
		r.Fatalf("lapse: %d, %v; held by %d until %v", holder, again, m.holder, m.until)
	}
	if over {
		m.holder = 0
	}
}

// decide decides on what the person last saw, which may be long ago.
func (m *model) decide(r *rapid.T) {
	who := anyone(r)
	c, ok := m.seen[who]
	if !ok {
		return
	}
	verdict := rapid.SampledFrom([]umkm.Verdict{umkm.VerdictApprove, umkm.VerdictReturn, umkm.VerdictReject}).Draw(r, "verdict")
	stale := c.ID != m.document || !m.held(who) || m.version() != c.Version
	done, err := m.o.Decide(m.o.t.Context(), m.o.verdict(who, c, verdict, m.at))
	if stale {
		if !errors.Is(err, umkm.ErrNotHeld) && !errors.Is(err, umkm.ErrChanged) {
			r.Fatalf("decide on what has changed: %v", err)
		}
		return
	}
	is(r, "decide", err, nil)
	m.state, m.holder, m.review, m.reviewer, m.decided = verdictStates[verdict], 0, done.Review, who, m.at
	m.reviews++
}

func (m *model) version() int {
	return m.o.count("SELECT version FROM cases WHERE id = $1", m.document)
}

func (m *model) undo(r *rapid.T) {
	if m.review == "" {
		return
	}
	err := m.o.UndoDecision(m.o.t.Context(), m.reviewer, m.review, m.at)
	late := m.at.After(m.decided.Add(umkm.UndoTime)) || m.o.count(
		`SELECT count(*) FROM documents d JOIN reviews r ON r."case" = d.previous WHERE r.id = $1`, m.review) > 0
	if late {
		is(r, "undo", err, umkm.ErrTooLate)
		return
	}
	is(r, "undo", err, nil)
	m.state, m.holder, m.until, m.review = umkm.DocumentWaiting, m.reviewer, m.at.Add(umkm.CaseLease), ""
	m.reviews--
}

func (m *model) wait(r *rapid.T) {
	m.at = m.at.Add(rapid.SampledFrom([]time.Duration{time.Second, 30 * time.Second, 10 * time.Minute, 9 * time.Hour}).Draw(r, "wait"))
}

// check compares the records with the model.
func (m *model) check(r *rapid.T) {
	if got := m.o.state(m.document); got != m.state {
		r.Fatalf("state %s, want %s", got, m.state)
	}
	if got := m.o.count("SELECT coalesce(max(holder), 0) FROM cases"); int64(got) != m.holder {
		r.Fatalf("held by %d, want %d", got, m.holder)
	}
	if got := m.o.count("SELECT count(*) FROM reviews WHERE undone_at IS NULL"); got != m.reviews {
		r.Fatalf("%d decisions hold, want %d", got, m.reviews)
	}
	if got := m.o.count("SELECT coalesce(sum(waiting), 0) FROM case_counts WHERE size = 8"); (got == 1) != m.waits() || got > 1 {
		r.Fatalf("%d are counted as waiting; state %s", got, m.state)
	}
}

// TestCaseFollowsItsModel plays what can happen to a document's case in any
// order, with two reviewers and a clock that moves.
func TestCaseFollowsItsModel(t *testing.T) {
	o := openOffice(t)
	for _, account := range modelReviewers {
		o.reviewer(account, serang)
	}
	business := o.business(1, ciruas)
	rapid.Check(t, func(r *rapid.T) {
		o.exec("TRUNCATE cases, documents, case_counts CASCADE")
		m := &model{o: o, business: business, at: noon, seen: map[int64]umkm.Case{}}
		m.submit(r)
		r.Repeat(map[string]func(*rapid.T){
			"submit": m.submit, "take": m.take, "prolong": m.prolong, "release": m.release, "lapse": m.lapse,
			"decide": m.decide, "undo": m.undo, "wait": m.wait, "": m.check,
		})
	})
}
