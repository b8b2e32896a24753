package main

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/umkm"
)

const ending = "berlaku sampai"

const sqlApproved = `
INSERT INTO documents (id, business, kind, state, account, dialog, until, submitted_at, decided_at)
SELECT $1::uuid, b.id, $2, 'approved', $3, $1::uuid::text, $4, $5, $5 FROM businesses b
JOIN account_owners a ON a.owner = b.owner WHERE a.account = $3`

// holds gives a person's business an approved document that ends in some days.
func (p person) holds(kind umkm.DocumentKind, days int) {
	p.o.t.Helper()
	until := p.o.now().AddDate(0, 0, days).Format(time.DateOnly)
	p.o.exec(sqlApproved, uuid.NewString(), kind, p.id, until, p.o.now())
}

// A document's end is announced 90, 30 and 7 days before, once each, at nine in
// the morning; two replicas say it once. A NIB has no end.
func TestExpiryIsAnnounced(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 2, webhook: true})
	p, other := o.person(), o.person()
	p.register(answers{"Siti Aminah", nikOf(1), "Keripik Siti"})
	other.register(answers{"Budi Santoso", nikOf(2), "Bengkel"})
	p.holds(umkm.DocumentPIRT, 91)
	other.holds(umkm.DocumentNIB, 91)
	for _, step := range []struct{ days, want int }{{1, 1}, {59, 1}, {1, 2}, {22, 2}, {1, 3}, {11, 3}} {
		o.pass(time.Duration(step.days) * day)
		if got := p.times(ending); got != step.want {
			t.Fatalf("%d reminders on %s, want %d", got, o.now().Format(time.DateOnly), step.want)
		}
	}
	if other.times(ending) > 0 {
		t.Error("a NIB is said to end")
	}
}

// A bot that was away for days says what is due, once, and not at night.
func TestExpiryAfterDaysAway(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1})
	p := o.person()
	p.register(answers{"Siti Aminah", nikOf(3), "Keripik Siti"})
	p.holds(umkm.DocumentSLHS, 33)
	o.settled()
	o.stopAll()
	o.sim.Advance(5*day + 13*time.Hour) // 22.00
	o.start(nil)
	o.start(nil)
	o.quiet()
	if p.times(ending) != 0 {
		t.Error("said at night")
	}
	o.pass(9*time.Hour + 5*time.Minute)
	p.seesTimes(ending, 1)
	o.pass(2 * time.Hour)
	if got := p.times(ending); got != 1 {
		t.Errorf("said %d times", got)
	}
}
