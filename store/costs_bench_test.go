package store

import (
	"fmt"
	"testing"

	"umkmbot/internal/umkm"
)

// sqlRecordBytes are the tables of the records with their indexes, and the job
// queue's apart, which forgets what is done.
const sqlRecordBytes = `SELECT sum(pg_total_relation_size(c.oid)) FILTER (WHERE c.relname NOT LIKE 'river%')::bigint
FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`

// costed is how many owners the costs of one are measured with: with fewer, pages
// begun count for too much.
const costed = 500

// BenchmarkUnitCosts says what an owner takes in Postgres, indexes and what
// updates leave behind included: docs/scale.md.
func BenchmarkUnitCosts(b *testing.B) {
	for b.Loop() {
		o := openOffice(b)
		siti, rina := o.reviewer(900_000, banten), o.officer(900_001, banten)
		size := o.grown()
		size() // what an empty database takes
		who := o.owners(costed, ciruas, kramat, carita)
		b.ReportMetric(size(), "B/owner")
		for account := range int64(costed) {
			o.threeApproved(siti, account+1)
		}
		b.ReportMetric(size(), "B/3-documents")
		training := o.announced(rina, quota(costed), inRegions(banten))
		size() // its mailing
		for i, owner := range who {
			o.joined(training, int64(i+1), owner, umkm.SeatSeated)
		}
		b.ReportMetric(size(), "B/seat")
		for n := range 10 {
			plan(b, o.Store, newMailing(fmt.Sprint("costs-", n)), everybody, costed)
			run := begin(b, o.Store, newest(b, o.Store), 0)
			for range costed / 20 {
				mark(b, o.Store, run, ended(claim(b, o.Store, run, 20), umkm.DeliverySent))
			}
		}
		b.ReportMetric(size(), "B/10-deliveries")
		b.ReportMetric(float64(o.count("SELECT count(*) FROM river_job"))/costed, "jobs/owner")
		b.ReportMetric(float64(o.count("SELECT count(*) FROM audit_log"))/costed, "audits/owner")
	}
	b.ReportMetric(0, "ns/op")
}

// grown returns how many bytes an owner the records have grown by since the last
// call.
func (o *office) grown() func() float64 {
	last := 0
	return func() float64 {
		o.exec("VACUUM ANALYZE")
		now := o.count(sqlRecordBytes)
		grown := now - last
		last = now
		return float64(grown) / costed
	}
}

// threeApproved hands in an owner's first three documents, which are approved.
func (o *office) threeApproved(reviewer, account int64) {
	o.t.Helper()
	var business string
	const sql = "SELECT b.id::text FROM businesses b JOIN account_owners a USING (owner) WHERE a.account = $1"
	if err := o.pool.QueryRow(o.t.Context(), sql, account).Scan(&business); err != nil {
		o.t.Fatal(err)
	}
	for _, kind := range []umkm.DocumentKind{umkm.DocumentNIB, umkm.DocumentPIRT, umkm.DocumentHalal} {
		sub := o.submission(account, business, noon)
		sub.Kind = kind
		must(o.Submit(o.t.Context(), sub))
		o.decide(reviewer, o.take(reviewer, noon), umkm.VerdictApprove, noon)
	}
}
