package store

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/loadtest"
	"umkmbot/internal/umkm"
)

var (
	queueRows  = flag.Int("queue-rows", 1_000_000, "documents in the benchmark of the queue")
	queuePlans = flag.Bool("queue-plans", false, "print the plans of the queue's statements")
)

// queueTarget is what a statement of the queue may take in the database.
const queueTarget = 50 * time.Millisecond

// sqlFillQueue makes $1 documents of a fifth as many businesses; of a hundred,
// $3 wait. $2 are all villages. Keys are in order, as UUIDv7 are.
var sqlFillQueue = []string{
	`SET session_replication_role = replica`, // without looking at each foreign key
	`CREATE TEMP TABLE villages AS SELECT code, nth FROM unnest($1::text[]) WITH ORDINALITY v(code, nth)`,
	`CREATE FUNCTION pg_temp.key(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
		$$ SELECT ('0000000' || kind || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$`,
	`INSERT INTO accounts (telegram_id, language, reachable_since, created_at, seen_at)
		SELECT n, 'id', $2, $2, $2 FROM generate_series(1, $1::int / 5) n`,
	`INSERT INTO owners (id, name, nik_sealed, nik_index, phone, created_at)
		SELECT pg_temp.key(1, n), 'Pemilik ' || n, '', sha256(n::text::bytea), '+6281234567890', $2 FROM generate_series(1, $1::int / 5) n`,
	`INSERT INTO account_owners SELECT n, pg_temp.key(1, n), $2 FROM generate_series(1, $1::int / 5) n`,
	`INSERT INTO businesses (id, owner, account, dialog, number, name, village, registered_at)
		SELECT pg_temp.key(2, n), pg_temp.key(1, n), n, 'b' || n, '360405-' || lpad(n::text, 7, '0'), 'Usaha ' || n, v.code, $2
		FROM generate_series(1, $1::int / 5) n
		JOIN villages v ON v.nth = 1 + (n * 7919) % (SELECT count(*) FROM villages)`,
	`INSERT INTO documents (id, business, kind, state, account, dialog, submitted_at, decided_at)
		SELECT pg_temp.key(3, n), pg_temp.key(2, 1 + n % ($1::int / 5)), (array['nib','npwp','ktp','pirt','halal','bpom','slhs','trademark','sku'])[1 + n % 9],
			CASE WHEN (hashint8(n) & 2147483647) % 100 < $3::int THEN 'waiting' ELSE 'approved' END, 1 + n % ($1::int / 5), 'd' || n,
			$2::timestamptz - (1 - n::float8 / $1) * interval '60 days',
			CASE WHEN (hashint8(n) & 2147483647) % 100 >= $3::int THEN $2::timestamptz END
		FROM generate_series(1, $1::bigint) n`,
	`INSERT INTO cases (id, kind, topic, business, owner, account, village, returned, since, state)
		SELECT d.id, 'document', d.kind, d.business, b.owner, d.account, b.village, d.account % 20 = 0, d.submitted_at,
			CASE d.state WHEN 'waiting' THEN 'waiting' ELSE 'closed' END
		FROM documents d JOIN businesses b ON b.id = d.business`,
	`INSERT INTO case_counts
		(kind, role, size, region, topic, day, waiting)
		SELECT kind, role, size, region, topic, case_day(since), count(*)
		FROM cases CROSS JOIN LATERAL (VALUES (5, regency), (8, district)) r(size, region) WHERE state = 'waiting' GROUP BY 1, 2, 3, 4, 5, 6`,
	`SET session_replication_role = origin`,
}

// fillQueue fills the tables as years of use would.
func (o *office) fillQueue(rows, share int) {
	o.t.Helper()
	conn, err := o.pool.Acquire(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	defer conn.Release()
	villages := loadtest.AllVillages()
	for _, sql := range sqlFillQueue {
		var args []any
		switch n := strings.Count(sql, "$"); {
		case strings.Contains(sql, "unnest($1"):
			args = []any{villages}
		case strings.Contains(sql, "$3"):
			args = []any{rows, noon, share}
		case strings.Contains(sql, "$2"):
			args = []any{rows, noon}
		case n > 0 && strings.Contains(sql, "$1"):
			args = []any{rows}
		}
		if _, err := conn.Exec(o.t.Context(), sql, args...); err != nil {
			o.t.Fatalf("%s: %v", sql, err)
		}
	}
	if _, err := conn.Exec(o.t.Context(), "VACUUM ANALYZE"); err != nil {
		o.t.Fatal(err)
	}
}

// queueReviewers are people with regions of each size.
var queueReviewers = []struct {
	name    string
	account int64
	regions []umkm.RegionCode
}{
	{"province", 9_000_001, []umkm.RegionCode{"36"}},
	{"regency", 9_000_002, []umkm.RegionCode{"36.04"}},
	{"districts", 9_000_003, []umkm.RegionCode{"36.04.05", "36.04.06", "36.01.05"}},
}

// BenchmarkQueue takes cases and counts them among a million documents; it
// fails where the median of a whole call is over the target.
func BenchmarkQueue(b *testing.B) {
	for _, share := range []int{5, 30} {
		b.Run(fmt.Sprintf("waiting=%d%%", share), func(b *testing.B) {
			o := openOffice(b)
			o.fillQueue(*queueRows, share)
			for _, r := range queueReviewers {
				o.reviewer(r.account, r.regions...)
			}
			for _, r := range queueReviewers {
				b.Run("take/"+r.name, func(b *testing.B) { benchTake(b, o, r.account) })
				b.Run("counts/"+r.name, func(b *testing.B) {
					timed(b, func() { must(o.QueueCounts(b.Context(), r.account, umkm.CaseDocument, noon.AddDate(0, 0, -5), noon)) })
				})
				b.Run("list/"+r.name, func(b *testing.B) {
					timed(b, func() { must(o.QueueList(b.Context(), r.account, umkm.CaseDocument, umkm.QueueCursor{}, 10)) })
				})
			}
			b.Run("receipt", func(b *testing.B) { benchReceipt(b, o) })
			if *queuePlans {
				o.t = b
				o.printPlans()
			}
		})
	}
}

// timed reports the median and the 99th percentile of what do takes.
func timed(b *testing.B, do func()) { timedWith(b, do, func() {}) }

// timedWith calls after outside of the time measured.
func timedWith(b *testing.B, do, after func()) { timedFor(b, queueTarget, do, after) }

// timedFor fails where the median is over the target.
func timedFor(b *testing.B, target time.Duration, do, after func()) {
	var took []time.Duration
	do() // plans are made, pages read
	after()
	for b.Loop() {
		begin := time.Now()
		do()
		took = append(took, time.Since(begin))
		after()
	}
	slices.Sort(took)
	median := took[len(took)/2]
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(median.Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	if median > target {
		b.Errorf("median %v, want at most %v", median, target)
	}
}

func benchTake(b *testing.B, o *office, account int64) {
	var c umkm.Case
	timedWith(b, func() {
		var found bool
		var err error
		if c, found, err = o.TakeCase(b.Context(), account, umkm.CaseDocument, noon); err != nil || !found {
			b.Fatal(found, err)
		}
	}, func() {
		if err := o.ReleaseCase(b.Context(), account, c.ID, false, noon); err != nil {
			b.Fatal(err)
		}
	})
}

// benchReceipt says where the newest document is in the queue.
func benchReceipt(b *testing.B, o *office) {
	var last uuid.UUID
	if err := o.pool.QueryRow(b.Context(), "SELECT id FROM cases WHERE state = 'waiting' ORDER BY id DESC LIMIT 1").Scan(&last); err != nil {
		b.Fatal(err)
	}
	timed(b, func() { must(o.receipt(b.Context(), last, noon)) })
}

// printPlans shows how Postgres goes about it.
func (o *office) printPlans() {
	none := []any{umkm.CaseDocument, []uuid.UUID{}, []int64{1}, []uuid.UUID{}, 16, umkm.RoleReviewer}
	plans := []struct {
		name, sql string
		args      []any
	}{
		{"take, province", sqlFront.everywhere, none},
		{"take, regency", sqlFront.regencies, append(slices.Clone(none), []string{"36.04"})},
		{"take, districts", sqlFront.districts, append(slices.Clone(none), []string{"36.04.05", "36.04.06", "36.01.05"})},
		{"counts, province", sqlCountProvince, []any{umkm.CaseDocument, noon, noon.AddDate(0, 0, -5), umkm.RoleReviewer}},
		{"counts, regency", sqlCountRegencies, []any{umkm.CaseDocument, noon, noon.AddDate(0, 0, -5), umkm.RoleReviewer, []string{"36.04"}}},
		{"counts, districts", sqlCountDistricts, []any{umkm.CaseDocument, noon, noon.AddDate(0, 0, -5), umkm.RoleReviewer, []string{"36.04.05", "36.01.05"}}},
		{"list, province", sqlListPage, listArgs(umkm.CaseDocument, []reach{{role: umkm.RoleReviewer, province: true}}, time.Time{}, uuid.UUID{}, 10, noon)},
	}
	for _, p := range plans {
		rows, _ := o.pool.Query(o.t.Context(), "EXPLAIN (ANALYZE, BUFFERS) "+p.sql, p.args...)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			o.t.Fatal(err)
		}
		fmt.Printf("\n%s\n%s\n", p.name, strings.Join(lines, "\n"))
	}
}
