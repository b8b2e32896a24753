package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// sqlFillDesk makes $1 requests of the businesses of fillQueue for twelve
// programmes, and as many messages about them; of a hundred, 20 wait, 10 lie on
// the desks of a hundred officers, and the rest are closed. Nothing is sealed.
var sqlFillDesk = []string{
	`SET session_replication_role = replica`, // without looking at each foreign key
	`INSERT INTO programmes (id, asked) SELECT 'programme_' || n, $1::int / 12 FROM generate_series(0, 11) n`,
	`INSERT INTO staff (telegram_id, name, since) SELECT 8000000 + n, 'Petugas ' || n, $1 FROM generate_series(1, 100) n`,
	`INSERT INTO staff_grants (account, role, region, at) SELECT 8000000 + n, 'officer', '36', $1 FROM generate_series(1, 100) n`,
	`CREATE TEMP TABLE asked AS SELECT n, pg_temp.key(4, n) AS id, b.id AS business, b.owner, b.account, b.village,
			'programme_' || (hashint8(n + 7) & 2147483647) % 12 AS programme, (hashint8(n) & 2147483647) % 100 AS lot,
			$2::timestamptz - (1 - n::float8 / $1) * interval '60 days' AS at
		FROM generate_series(1, $1::bigint) n JOIN businesses b ON b.id = pg_temp.key(2, 1 + n % ($1::int / 5))`,
	`INSERT INTO cases (id, kind, role, topic, business, owner, account, village, returned, since, state, holder, held_until)
		SELECT id, 'request', 'officer', programme, business, owner, account, village, false, at,
			CASE WHEN lot < 20 THEN 'waiting' WHEN lot < 30 THEN 'desk' ELSE 'closed' END,
			CASE WHEN lot BETWEEN 20 AND 29 THEN 8000001 + n % 100 END, CASE WHEN lot BETWEEN 20 AND 29 THEN $1::timestamptz + interval '7 days' END
		FROM asked`,
	`INSERT INTO requests (id, programme, business, account, dialog, sealed, state, asked_at, moved_at)
		SELECT id, programme, business, account, 'q' || n, '', CASE WHEN lot < 30 THEN 'open' ELSE 'done' END, at, at FROM asked
		ON CONFLICT DO NOTHING`,
	`INSERT INTO request_steps (id, request, state, stage, at) SELECT pg_temp.key(5, n), id, 'done', 'checked', at FROM asked WHERE lot >= 30`,
	`INSERT INTO messages (id, "case", account, key, event, at)
		SELECT pg_temp.key(6, n), pg_temp.key(4, CASE WHEN n % 100 = 0 THEN 5 ELSE n END), 1, 'm' || n, '', at FROM asked`,
	`INSERT INTO case_counts (kind, role, size, region, topic, day, waiting)
		SELECT kind, role, size, region, topic, case_day(since), count(*)
		FROM cases CROSS JOIN LATERAL (VALUES (5, regency), (8, district)) r(size, region)
		WHERE state = 'waiting' AND kind = 'request' GROUP BY 1, 2, 3, 4, 5, 6`,
	`SET session_replication_role = origin`,
}

// fillDesk fills the tables of the desk as years of use would; fillQueue with
// as many documents comes first.
func (o *office) fillDesk(rows int) {
	o.t.Helper()
	conn := must(o.pool.Acquire(o.t.Context()))
	defer conn.Release()
	must(conn.Exec(o.t.Context(), `CREATE OR REPLACE FUNCTION pg_temp.key(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
		$$ SELECT ('0000000' || kind || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$`))
	for _, sql := range append(slices.Clone(sqlFillDesk), "VACUUM ANALYZE") {
		var args []any
		switch {
		case strings.Contains(sql, "$2"):
			args = []any{rows, noon}
		case strings.Contains(sql, "$1::int"):
			args = []any{rows}
		case strings.Contains(sql, "$1"):
			args = []any{noon}
		}
		if _, err := conn.Exec(o.t.Context(), sql, args...); err != nil {
			o.t.Fatalf("%s: %v", sql, err)
		}
	}
}

// sealSome seals the requests that the benchmark opens.
func (o *office) sealSome(business uuid.UUID) {
	o.t.Helper()
	rows, _ := o.pool.Query(o.t.Context(), "SELECT id FROM requests WHERE business = $1", business)
	for _, id := range must(pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])) {
		sealed := must(o.sealJSON(sealRequest, id, requestTold{Answers: []umkm.RequestAnswer{{Step: "products", Value: "Keripik"}}}))
		o.exec("UPDATE requests SET sealed = $2 WHERE id = $1", id, sealed)
	}
}

// BenchmarkDesk works among a million requests and a million messages; it
// fails where the median of a whole call is over the target.
func BenchmarkDesk(b *testing.B) {
	o := openOffice(b)
	o.fillQueue(*queueRows, 5)
	o.fillDesk(*queueRows)
	const thread = "00000004-0000-7000-8000-000000000005" // with a hundredth of all messages
	var business uuid.UUID
	var owner int64
	if err := o.pool.QueryRow(b.Context(), "SELECT business, account FROM cases WHERE id = $1", thread).Scan(&business, &owner); err != nil {
		b.Fatal(err)
	}
	o.sealSome(business)
	for _, r := range queueReviewers {
		o.officer(r.account, r.regions...)
		for _, topic := range []string{"", "programme_3"} {
			b.Run(fmt.Sprintf("take/%s/topic=%s", r.name, topic), func(b *testing.B) { benchTakeDesk(b, o, r.account, topic) })
			b.Run(fmt.Sprintf("list/%s/topic=%s", r.name, topic), func(b *testing.B) {
				timed(b, func() {
					must(o.QueueListOf(b.Context(), r.account, umkm.CaseRequest, topic, "", umkm.QueueCursor{}, 10))
				})
			})
		}
		b.Run("counts/"+r.name, func(b *testing.B) {
			timed(b, func() { must(o.QueueCounts(b.Context(), r.account, umkm.CaseRequest, noon.AddDate(0, 0, -5), noon)) })
		})
	}
	b.Run("desk", func(b *testing.B) {
		timed(b, func() { must(o.DeskOf(b.Context(), 8_000_001, umkm.QueueCursor{}, 10)) })
	})
	b.Run("requests", func(b *testing.B) {
		timed(b, func() { must(o.RequestsOf(b.Context(), owner, business.String())) })
	})
	b.Run("thread", func(b *testing.B) {
		timed(b, func() { must(o.Messages(b.Context(), owner, thread, "", 20)) })
	})
	b.Run("programmes", func(b *testing.B) { timed(b, func() { must(o.ProgrammeStates(b.Context())) }) })
	if *queuePlans {
		o.t = b
		o.printDeskPlans(thread, business)
	}
}

func benchTakeDesk(b *testing.B, o *office, account int64, topic string) {
	var c umkm.Case
	timedWith(b, func() { c = o.takeDesk(account, umkm.CaseRequest, topic, noon) }, func() {
		if err := o.ReleaseDesk(b.Context(), account, c.ID, noon); err != nil {
			b.Fatal(err)
		}
	})
}

// printDeskPlans shows how Postgres goes about it.
func (o *office) printDeskPlans(thread string, business uuid.UUID) {
	front := []any{umkm.CaseRequest, []uuid.UUID{}, []int64{1}, []uuid.UUID{}, 16, umkm.RoleOfficer}
	topic := append(slices.Clone(front), "programme_3")
	list := listArgs(umkm.CaseRequest, []reach{{role: umkm.RoleReviewer, province: true}, {role: umkm.RoleOfficer, province: true}},
		time.Time{}, uuid.UUID{}, 10, noon)
	count := []any{umkm.CaseRequest, noon, noon.AddDate(0, 0, -5), umkm.RoleOfficer}
	for _, p := range []struct {
		name, sql string
		args      []any
	}{
		{"take, province", sqlFront.everywhere, front},
		{"take, one programme, province", sqlTopicFront.everywhere, topic},
		{"take, one programme, regency", sqlTopicFront.regencies, append(topic, []string{"36.04"})},
		{"list, one programme", sqlListTopicPage, append(list, "programme_3")},
		{"counts, province", sqlCountProvince, count},
		{"counts, regency", sqlCountRegencies, append(slices.Clone(count), []string{"36.04"})},
		{"counts, districts", sqlCountDistricts, append(slices.Clone(count), []string{"36.04.05", "36.04.06", "36.01.05"})},
		{"desk", sqlDesk, []any{8_000_001, noon, time.Time{}, uuid.UUID{}, 10}},
		{"requests", sqlRequests + sqlRequestsOf, []any{business, 50}},
		{"thread", fmt.Sprintf(sqlMessages, sqlThread), []any{thread, false, nil, 20}},
	} {
		rows, _ := o.pool.Query(o.t.Context(), "EXPLAIN (ANALYZE, BUFFERS) "+p.sql, p.args...)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			o.t.Fatal(err)
		}
		fmt.Printf("\n%s\n%s\n", p.name, strings.Join(lines, "\n"))
	}
}
