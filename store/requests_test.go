package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// application asks for a programme as an owner would.
func (o *office) application(account int64, business, programme string, at time.Time) umkm.Application {
	return umkm.Application{
		Dialog: fmt.Sprintf("app-%d", o.dialog.Add(1)), Account: account, Business: business, Programme: programme,
		Handler: umkm.RoleOfficer, Due: at.Add(72 * time.Hour), At: at,
		Answers:  []umkm.RequestAnswer{{Step: "products", Value: "Keripik Ibu Rahasia"}, {Step: "amount", Value: "25000000"}},
		Consents: []umkm.Consent{{Purpose: "share_bank", Version: "1", Granted: true}, {Purpose: "share_lppph", Version: "2"}},
	}
}

// apply asks for a programme and returns the request's id.
func (o *office) apply(account int64, business, programme string, at time.Time) string {
	o.t.Helper()
	r, err := o.Apply(o.t.Context(), o.application(account, business, programme, at))
	if err != nil {
		o.t.Fatal(err)
	}
	return r.Document
}

// officer makes an account one for regions.
func (o *office) officer(account int64, regions ...umkm.RegionCode) int64 {
	o.t.Helper()
	o.reviewer(account)
	for _, r := range regions {
		o.exec("INSERT INTO staff_grants (account, role, region, at) VALUES ($1, 'officer', $2, $3)", account, r, noon)
	}
	return account
}

func TestApply(t *testing.T) {
	o := openOffice(t)
	b := o.business(1, ciruas)
	o.apply(2, o.business(2, ciruas), "halal", noon.Add(-time.Hour))
	a := o.application(1, b, "halal", noon)
	r := must(o.Apply(t.Context(), a))
	if again := must(o.Apply(t.Context(), a)); again.Document != r.Document || r.Ahead != 1 || r.Days >= 0 {
		t.Errorf("the dialog asked twice: %+v, %+v", r, again)
	}
	for name, c := range map[string]struct {
		change func(*umkm.Application)
		want   error
	}{
		"not theirs":        {func(a *umkm.Application) { a.Account = 2 }, umkm.ErrNotYours},
		"no business":       {func(a *umkm.Application) { a.Business = "x" }, umkm.ErrNotYours},
		"asked for already": {func(*umkm.Application) {}, umkm.ErrAsked},
		"no such role":      {func(a *umkm.Application) { a.Programme, a.Handler = "kur", "owner" }, umkm.ErrRefused},
		"no such programme": {func(a *umkm.Application) { a.Programme = "Kur Mikro" }, umkm.ErrRefused},
		"consent's purpose": {func(a *umkm.Application) {
			a.Programme, a.Consents = "kur", []umkm.Consent{{Purpose: "Bagikan!", Version: "1"}}
		}, umkm.ErrRefused},
	} {
		a := o.application(1, b, "halal", noon)
		c.change(&a)
		if _, err := o.Apply(t.Context(), a); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	o.apply(1, b, "kur", noon)
	if got := must(o.Asked(t.Context(), b)); !slices.Equal(got, []string{"halal", "kur"}) {
		t.Errorf("asked for %v", got)
	}
	if got := must(o.Asked(t.Context(), "x")); got != nil {
		t.Errorf("no business asked for %v", got)
	}
	states := must(o.ProgrammeStates(t.Context()))
	if len(states) != 2 || states["halal"].Asked != 2 || states["kur"].Asked != 1 || states["kur"].Quota != nil {
		t.Errorf("states %+v", states)
	}
	for what, want := range map[string]int{
		"SELECT count(*) FROM requests": 3,
		"SELECT count(*) FROM cases WHERE kind = 'request' AND role = 'officer' AND state = 'waiting' AND due_at IS NOT NULL": 3,
		"SELECT count(*) FROM consents WHERE purpose = 'share_bank' AND version = '1' AND granted AND language = 'id'":        3,
		"SELECT count(*) FROM consents WHERE purpose = 'share_lppph' AND NOT granted":                                         3,
		"SELECT count(*) FROM audit_log WHERE action = 'request.submitted' AND details::text NOT LIKE '%Rahasia%'":            3,
		"SELECT count(*) FROM river_job WHERE kind = 'case_due' AND scheduled_at > '2026-03-05'":                              3,
		"SELECT count(*) FROM requests WHERE position('Rahasia'::bytea in sealed) > 0":                                        0,
	} {
		if n := o.count(what); n != want {
			t.Errorf("%s: %d, want %d", what, n, want)
		}
	}
	o.checkCounters()
}

func TestSetProgramme(t *testing.T) {
	o := openOffice(t)
	everywhere, serangs := o.officer(900, banten), o.officer(901, serang)
	yes, no, one, none, file := true, false, 1, 0, -1
	b := []string{o.business(1, ciruas), o.business(2, ciruas), o.business(3, ciruas)}
	try := func(i int, quota int, want error) {
		t.Helper()
		a := o.application(int64(i+1), b[i], "halal", noon)
		a.Quota = quota
		if _, err := o.Apply(t.Context(), a); !errors.Is(err, want) {
			t.Errorf("business %d: %v, want %v", i, err, want)
		}
	}
	set := func(by int64, closed *bool, quota *int, want error) {
		t.Helper()
		if err := o.SetProgramme(t.Context(), by, "halal", closed, quota, noon); !errors.Is(err, want) {
			t.Errorf("set by %d: %v, want %v", by, err, want)
		}
	}
	set(serangs, &yes, nil, umkm.ErrForbidden)
	set(7, &yes, nil, umkm.ErrForbidden)
	set(o.reviewer(902, banten), &yes, nil, umkm.ErrForbidden)
	set(everywhere, &yes, nil, nil)
	try(0, 0, umkm.ErrProgrammeClosed)
	set(everywhere, &no, &one, nil)
	try(0, 5, nil)
	try(1, 5, umkm.ErrProgrammeFull)
	set(everywhere, nil, &none, nil)
	try(1, 1, nil)
	set(everywhere, nil, &file, nil)
	try(2, 2, umkm.ErrProgrammeFull)
	try(2, 3, nil)
	if s := must(o.ProgrammeStates(t.Context()))["halal"]; s.Closed || s.Quota != nil || s.Asked != 3 {
		t.Errorf("in the end %+v", s)
	}
	if n := o.audits("programme.set"); n != 4 {
		t.Errorf("%d audit rows, want 4", n)
	}
}

// lockProgramme keeps anybody from getting a place until the returned function
// is called, once as many as can are waiting for one.
func (o *office) lockProgramme(id string, waiting int) (release func()) {
	o.t.Helper()
	o.exec("INSERT INTO programmes (id) VALUES ($1)", id)
	tx := must(o.pool.Begin(o.t.Context()))
	must(tx.Exec(o.t.Context(), "SELECT FROM programmes WHERE id = $1 FOR UPDATE", id))
	o.t.Cleanup(func() { _ = tx.Rollback(context.Background()) }) // whatever has failed
	return func() {
		eventually(o.t, "others wait for a place", func() bool {
			must(tx.Exec(o.t.Context(), "SELECT pg_stat_clear_snapshot()"))
			var n int
			err := tx.QueryRow(o.t.Context(), `SELECT count(*) FROM pg_stat_activity
				WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&n)
			return err == nil && n >= waiting
		})
		must(0, tx.Rollback(o.t.Context()))
	}
}

// TestLastPlaceIsGivenOnce has two hundred owners ask for three places at once.
func TestLastPlaceIsGivenOnce(t *testing.T) {
	o := openOffice(t)
	other := o.replica()
	o.fillQueue(1000, 0)
	const owners, places = 200, 3
	release := o.lockProgramme("kemasan", places+3)
	var got, full atomic.Int64
	var wg sync.WaitGroup
	for n := range owners {
		a := o.application(int64(n+1), fmt.Sprintf("00000002-0000-7000-8000-%012x", n+1), "kemasan", noon)
		a.Quota = places
		store := []*office{o, other}[n%2]
		wg.Go(func() {
			switch _, err := store.Apply(t.Context(), a); {
			case err == nil:
				got.Add(1)
			case errors.Is(err, umkm.ErrProgrammeFull):
				full.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	release()
	wg.Wait()
	if got.Load() != places || full.Load() != owners-places || o.count("SELECT count(*) FROM requests") != places {
		t.Errorf("%d have a place, %d none", got.Load(), full.Load())
	}
	if s := must(o.ProgrammeStates(t.Context()))["kemasan"]; s.Asked != places {
		t.Errorf("%d are counted", s.Asked)
	}
}
