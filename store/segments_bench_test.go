package store

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

var (
	segmentRows  = flag.Int("segment-rows", 1_000_000, "businesses in the benchmark of segments")
	segmentPlans = flag.Bool("segment-plans", false, "print the plans of the segments' statements")
)

// What counting may take: among what the index holds, and with documents or
// programmes, which only the table has.
const (
	countTarget      = 300 * time.Millisecond
	countTableTarget = 2 * time.Second
)

// sqlFillReach makes $1 businesses as they are after years: of a hundred, 5 are
// an owner's second one, 3 owners share another's account, 8 accounts are away,
// 81 owners agreed to messages, a fifth did not tell the turnover, and a
// twentieth has attended a training; for each business there is a document, and
// for every fourth a request. Trigger and foreign keys are off, and reach is
// filled by the records at the end, as its migration does.
var sqlFillReach = []string{
	`SET session_replication_role = replica`,
	`CREATE TEMP TABLE villages AS SELECT code, nth FROM unnest($1::text[]) WITH ORDINALITY v(code, nth)`,
	`CREATE FUNCTION pg_temp.key(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
		$$ SELECT ('0000000' || kind || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$`,
	`CREATE FUNCTION pg_temp.lot(n bigint, salt int) RETURNS int LANGUAGE sql IMMUTABLE AS
		$$ SELECT (hashint8(n * 31 + salt) & 2147483647) % 100 $$`,
	`CREATE TEMP TABLE people AS SELECT n, CASE WHEN n % 33 = 0 AND n % 20 <> 1 THEN n - 1 ELSE n END AS account
		FROM generate_series(1, $1::bigint) n WHERE n % 20 <> 0`,
	`INSERT INTO accounts (telegram_id, language, reachable, reachable_since, created_at, seen_at)
		SELECT n, 'id', pg_temp.lot(n, 1) >= 4, $1, $1, $1::timestamptz - n * interval '1 second' FROM people`,
	`INSERT INTO owners (id, name, nik_sealed, nik_index, phone, created_at)
		SELECT pg_temp.key(1, n), 'Pemilik ' || n, '', sha256(n::text::bytea), '+6281234567890', $1 FROM people`,
	`INSERT INTO account_owners SELECT account, pg_temp.key(1, n), $1 FROM people`,
	`INSERT INTO businesses (id, owner, account, dialog, number, name, village, registered_at, sector, turnover_rupiah, turnover_period)
		SELECT pg_temp.key(2, n), pg_temp.key(1, n - (n % 20 = 0)::int), n - (n % 20 = 0)::int, 'b' || n, '360405-' || lpad(n::text, 7, '0'),
			'Usaha ' || n, v.code, $2, (array['food','food','food','craft','fashion','services','trade','trade','farm'])[1 + pg_temp.lot(n, 3) % 10],
			CASE WHEN pg_temp.lot(n, 4) < 80 THEN (1000000 * exp(pg_temp.lot(n, 5) / 12.0))::bigint END, CASE WHEN pg_temp.lot(n, 4) < 80 THEN 'month' END
		FROM generate_series(1, $1::bigint) n JOIN villages v ON v.nth = 1 + (n * 7919) % (SELECT count(*) FROM villages)`,
	`INSERT INTO consents (id, owner, account, purpose, version, language, granted, at)
		SELECT pg_temp.key(3, n), pg_temp.key(1, n), account, 'messages', '1', 'id', pg_temp.lot(n, 6) < 94, $1 FROM people WHERE pg_temp.lot(n, 7) < 96`,
	`INSERT INTO documents (id, business, kind, state, account, dialog, submitted_at, decided_at, until)
		SELECT pg_temp.key(4, n * 10 + k), pg_temp.key(2, n), (array['nib','halal','pirt','npwp'])[k], 'approved', n, 'd' || (n * 10 + k), $2, $2,
			CASE k WHEN 3 THEN $2::timestamptz::date + pg_temp.lot(n, 20) - 20 END
		FROM generate_series(1, $1::bigint) n, generate_series(1, 4) k WHERE pg_temp.lot(n, 10 + k) < (array[45,20,10,30])[k]`,
	`INSERT INTO programmes (id) SELECT 'programme_' || n FROM generate_series(0, 11) n`,
	`INSERT INTO requests (id, programme, business, account, dialog, sealed, state, asked_at, moved_at)
		SELECT pg_temp.key(5, n), 'programme_' || (pg_temp.lot(n, 30) % 12), pg_temp.key(2, n), n, 'q' || n, '',
			(array['open','done','declined'])[1 + pg_temp.lot(n, 31) % 3], $2, $2
		FROM generate_series(1, $1::bigint) n WHERE pg_temp.lot(n, 32) < 25`,
	`INSERT INTO seats (id, training, owner, business, account, village, sector, cap, untrained, number, state, queue, in_at, changed_at)
		SELECT pg_temp.key(6, n), pg_temp.key(7, n % 1000), pg_temp.key(1, n), pg_temp.key(2, n), n, '36.01.01.2001', '', '', true, n, 'seated', 1, $1, $1
		FROM people WHERE pg_temp.lot(n, 40) < 5`,
	`ANALYZE`,
	`INSERT INTO reach (business, owner, chat, language, village, sector, turnover, messages, documents, ends, programmes,
			trained, sole, registered_at, seen_at)
		SELECT business, owner, chat, language, village, sector, turnover, messages, documents, ends, programmes,
			trained, sole, registered_at, seen_at FROM reach_records`,
	`SET session_replication_role = origin`,
	`VACUUM ANALYZE`,
}

// fillReach fills the tables as years of use would.
func (o *office) fillReach(rows int) {
	o.t.Helper()
	conn := must(o.pool.Acquire(o.t.Context()))
	defer conn.Release()
	for _, sql := range sqlFillReach {
		var args []any
		switch {
		case strings.Contains(sql, "unnest($1"):
			args = []any{allVillages()}
		case strings.Contains(sql, "$2"):
			args = []any{rows, noon}
		case strings.Contains(sql, "$1::bigint"):
			args = []any{rows}
		case strings.Contains(sql, "$1"):
			args = []any{noon}
		}
		if _, err := conn.Exec(o.t.Context(), sql, args...); err != nil {
			o.t.Fatalf("%s: %v", sql, err)
		}
	}
}

// benchSegments are segments as officers choose them.
var benchSegments = []struct {
	name   string
	seg    umkm.Segment
	target time.Duration
}{
	{"everybody", umkm.Segment{}, countTarget},
	{"regency", umkm.Segment{Regions: []umkm.RegionCode{"36.04"}}, countTarget},
	{"districts", umkm.Segment{Regions: []umkm.RegionCode{"36.04.05", "36.04.06", "36.01.05"}}, countTarget},
	{"village", umkm.Segment{Regions: []umkm.RegionCode{carita}}, countTarget},
	{"sectors", umkm.Segment{Sectors: []string{"food", "craft"}}, countTarget},
	{"class", umkm.Segment{Classes: []string{"micro", umkm.ClassUnknown}}, countTarget},
	{"untrained", umkm.Segment{Untrained: true}, countTarget},
	{"all of these", umkm.Segment{Regions: []umkm.RegionCode{"36.04", "36.01.05"}, Sectors: []string{"food"}, Classes: []string{"micro"}, Untrained: true}, countTarget},
	{"has", umkm.Segment{Has: []umkm.DocumentKind{umkm.DocumentNIB, umkm.DocumentPIRT}}, countTableTarget},
	{"lacks", umkm.Segment{Lacks: []umkm.DocumentKind{umkm.DocumentHalal}}, countTableTarget},
	{"asked", umkm.Segment{Asked: []string{"programme_1", "programme_2"}}, countTableTarget},
	{"lacks in a regency", umkm.Segment{Regions: []umkm.RegionCode{"36.04"}, Lacks: []umkm.DocumentKind{umkm.DocumentHalal}}, countTableTarget},
}

// BenchmarkSegments counts and plans among a million businesses, and registers
// one more with and without the triggers; it fails where counting is over the
// target.
func BenchmarkSegments(b *testing.B) {
	o := openOffice(b)
	o.SetClasses(umkm.Classes{{ID: "micro", MaxSales: 2_000_000_000}, {ID: "small", MaxSales: 15_000_000_000}})
	o.fillReach(*segmentRows)
	for _, s := range benchSegments {
		b.Run("count/"+s.name, func(b *testing.B) {
			n := 0
			timedFor(b, s.target, func() { n = must(o.CountMeant(b.Context(), s.seg)) }, func() {})
			b.ReportMetric(float64(n), "owners")
		})
	}
	for _, s := range benchSegments[:2] {
		b.Run("plan/"+s.name, func(b *testing.B) { benchPlan(b, o, s.seg) })
	}
	b.Run("one owner", func(b *testing.B) {
		owner := uuid.MustParse("00000001-0000-7000-8000-000000000007")
		timed(b, func() { must(o.partOf(b.Context(), o.pool, benchSegments[0].seg, owner)) })
	})
	o.t = b
	for range 3 { // turn by turn: the machine has other things to do
		o.setTriggers("DISABLE")
		b.Run("register/triggers=off", func(b *testing.B) { benchRegister(b, o) })
		o.setTriggers("ENABLE")
		b.Run("register/triggers=on", func(b *testing.B) { benchRegister(b, o) })
	}
	if *segmentPlans {
		o.printSegmentPlans()
	}
}

// setTriggers switches what keeps reach on or off.
func (o *office) setTriggers(how string) {
	o.t.Helper()
	for _, trigger := range []string{
		"businesses %s TRIGGER reach_business", "consents %s TRIGGER reach_consent", "account_owners %s TRIGGER reach_link",
		"accounts %s TRIGGER reach_account", "account_owners %s TRIGGER account_owners_lock",
	} {
		o.exec("ALTER TABLE " + fmt.Sprintf(trigger, how))
	}
}

// benchPlan writes down everybody who is meant, as a mailing is planned.
func benchPlan(b *testing.B, o *office, seg umkm.Segment) {
	sql, args := o.meantOwners(seg, 1)
	o.exec("CREATE UNLOGGED TABLE planned (owner uuid, business uuid, chat bigint, language text, village text, sector text, trained boolean, sole boolean)")
	timedFor(b, 5*time.Second, func() { must(o.pool.Exec(b.Context(), "INSERT INTO planned "+sql, args...)) },
		func() { must(o.pool.Exec(b.Context(), "TRUNCATE planned")) })
	o.exec("DROP TABLE planned")
}

// benchRegister registers one after another, each by an account of its own.
func benchRegister(b *testing.B, o *office) {
	timed(b, func() {
		n := o.niks.Add(1)
		r := registration(5_000_000+n, fmt.Sprintf("bench-%d", n), fmt.Sprintf("3604055501%06d", n))
		r.Owner.Consents = append(r.Owner.Consents, agrees...)
		must(o.Register(b.Context(), r))
	})
}

// printSegmentPlans shows how Postgres goes about it.
func (o *office) printSegmentPlans() {
	tx := must(o.pool.Begin(o.t.Context()))
	defer func() { _ = tx.Rollback(o.t.Context()) }()
	for _, s := range benchSegments {
		must(tx.Exec(o.t.Context(), "RESET random_page_cost"))
		if inIndex(s.seg) {
			must(tx.Exec(o.t.Context(), sqlFastPages))
		}
		where, args := o.segmentSQL(s.seg, 1)
		rows, _ := tx.Query(o.t.Context(), "EXPLAIN (ANALYZE, BUFFERS) "+fmt.Sprintf(sqlCountMeant, where), args...)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			o.t.Fatal(err)
		}
		fmt.Printf("\n%s\n%s\n", s.name, strings.Join(lines, "\n"))
	}
}
