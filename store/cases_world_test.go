package store

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/umkm"
)

// office is a store with staff, owners and documents for tests of the queue.
type office struct {
	*Store
	t      testing.TB
	niks   atomic.Int64
	dialog atomic.Int64
}

func openOffice(t testing.TB) *office {
	t.Helper()
	return &office{Store: openStore(t), t: t}
}

func (o *office) exec(sql string, args ...any) {
	o.t.Helper()
	if _, err := o.pool.Exec(o.t.Context(), sql, args...); err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
}

func (o *office) count(sql string, args ...any) int {
	o.t.Helper()
	return count(o.t, o.Store, sql, args...)
}

// reviewer makes an account one for regions.
func (o *office) reviewer(account int64, regions ...umkm.RegionCode) int64 {
	o.t.Helper()
	o.exec("INSERT INTO staff (telegram_id, name, since) VALUES ($1, $2, $3)", account, fmt.Sprintf("Petugas %d", account), noon)
	for _, r := range regions {
		o.exec("INSERT INTO staff_grants (account, role, region, at) VALUES ($1, 'reviewer', $2, $3)", account, r, noon)
	}
	return account
}

// business registers one for an owner of their own.
func (o *office) business(account int64, village umkm.RegionCode) string {
	o.t.Helper()
	n := o.niks.Add(1)
	r := registration(account, fmt.Sprintf("reg-%d", n), fmt.Sprintf("360405550190%04d", n))
	r.Business.Village = village
	number := must(o.Register(o.t.Context(), r))
	var id string
	if err := o.pool.QueryRow(o.t.Context(), "SELECT id::text FROM businesses WHERE number = $1", number).Scan(&id); err != nil {
		o.t.Fatal(err)
	}
	return id
}

// file is one that the account has sent and that has been inspected.
func (o *office) file(account int64, scan umkm.Scan) string {
	o.t.Helper()
	id := uuid.New()
	sealed := must(o.sealFile(id, umkm.StoredFile{Name: "nib.jpg", Found: umkm.Found{Number: "1234567890123"}}))
	o.exec(`INSERT INTO files (id, account, state, scan, mime, size, pages, flaws, sealed, created_at, kept_at)
		VALUES ($1, $2, 'staged', $3, 'image/jpeg', 1000, 1, '{}', $5, $4, $4)`, id, account, scan, noon, sealed)
	return id.String()
}

// submission is a NIB of one page.
func (o *office) submission(account int64, business string, at time.Time) umkm.Submission {
	return umkm.Submission{
		Dialog: fmt.Sprintf("doc-%d", o.dialog.Add(1)), Account: account, Business: business, Kind: umkm.DocumentNIB,
		Number: "1234567890123", Files: []string{o.file(account, umkm.ScanNone)}, At: at,
	}
}

// submit hands in a NIB and returns its id.
func (o *office) submit(account int64, business string, at time.Time) string {
	o.t.Helper()
	r, err := o.Submit(o.t.Context(), o.submission(account, business, at))
	if err != nil {
		o.t.Fatal(err)
	}
	return r.Document
}

func (o *office) take(account int64, at time.Time) umkm.Case {
	o.t.Helper()
	c, found, err := o.TakeCase(o.t.Context(), account, umkm.CaseDocument, at)
	if err != nil || !found {
		o.t.Fatalf("take: %v, found %v", err, found)
	}
	return c
}

// verdict is a decision on a case as it was taken.
func (o *office) verdict(account int64, c umkm.Case, v umkm.Verdict, at time.Time) umkm.Decision {
	d := umkm.Decision{
		Dialog: fmt.Sprintf("dec-%d", o.dialog.Add(1)), Account: account, Case: c.ID, Version: c.Version, Verdict: v, At: at,
	}
	switch v {
	case umkm.VerdictApprove:
		d.Number = "1234 5678 90123"
	case umkm.VerdictReturn, umkm.VerdictReject:
		d.Reasons = []string{"blurred"}
	}
	return d
}

func (o *office) decide(account int64, c umkm.Case, v umkm.Verdict, at time.Time) umkm.Decided {
	o.t.Helper()
	d, err := o.Decide(o.t.Context(), o.verdict(account, c, v, at))
	if err != nil {
		o.t.Fatalf("decide: %v", err)
	}
	return d
}

func (o *office) state(document string) umkm.DocumentState {
	o.t.Helper()
	var s umkm.DocumentState
	if err := o.pool.QueryRow(o.t.Context(), "SELECT state FROM documents WHERE id = $1", document).Scan(&s); err != nil {
		o.t.Fatal(err)
	}
	return s
}

func (o *office) jobs(kind string) int {
	o.t.Helper()
	return o.count("SELECT count(*) FROM river_job WHERE kind = $1", kind)
}

func (o *office) audits(action string) int {
	o.t.Helper()
	return o.count("SELECT count(*) FROM audit_log WHERE action = $1", action)
}

// Villages of two regencies of the tests.
const (
	carita  umkm.RegionCode = "36.01.05.2001"
	ciruas  umkm.RegionCode = "36.04.05.2001"
	kramat  umkm.RegionCode = "36.04.06.2003"
	serang  umkm.RegionCode = "36.04"
	banten                  = umkm.Province
	oneHour                 = time.Hour
)
