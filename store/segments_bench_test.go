package store

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/loadtest"
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

// fillReach fills the tables as years of use would.
func (o *office) fillReach(rows int) {
	o.t.Helper()
	conn := must(o.pool.Acquire(o.t.Context()))
	defer conn.Release()
	if err := loadtest.Fill(o.t.Context(), conn.Conn(), rows, noon); err != nil {
		o.t.Fatal(err)
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
