package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// agrees consents to being written to.
var agrees = []umkm.Consent{{Purpose: "messages", Version: "1", Granted: true}}

// enrol registers a business of the owner with a NIK, changed as given, and
// returns it and its owner.
func (o *office) enrol(account int64, nik int, change func(*umkm.Registration)) (business, owner uuid.UUID) {
	o.t.Helper()
	r := registration(account, fmt.Sprintf("enrol-%d", o.dialog.Add(1)), fmt.Sprintf("360405550190%04d", nik))
	r.Owner.Consents = agrees
	if change != nil {
		change(&r)
	}
	number, err := o.Register(o.t.Context(), r)
	if err != nil {
		o.t.Fatal(err)
	}
	if err := o.pool.QueryRow(o.t.Context(), "SELECT id, owner FROM businesses WHERE number = $1", number).Scan(&business, &owner); err != nil {
		o.t.Fatal(err)
	}
	return business, owner
}

// papers gives a business a document that is approved, until a day or "".
func (o *office) papers(business uuid.UUID, account int64, kind umkm.DocumentKind, until string) {
	o.t.Helper()
	o.exec(`INSERT INTO documents (id, business, kind, state, account, dialog, until, submitted_at, decided_at)
		VALUES ($1, $2, $3, 'approved', $4, $5, nullif($6, '')::date, $7, $7)`,
		must(newID()), business, kind, account, fmt.Sprintf("approved-%d", o.dialog.Add(1)), until, noon)
}

// mention is a row of meantOwners.
type mention struct {
	Owner, Business uuid.UUID
	Chat            int64
	Language        string
	Village         umkm.RegionCode
	Sector          string
	Trained, Sole   bool
}

func (o *office) mentioned(seg umkm.Segment) []mention {
	o.t.Helper()
	sql, args := o.meantOwners(seg, 2)
	rows, _ := o.pool.Query(o.t.Context(), "SELECT * FROM ("+sql+") m WHERE m.owner <> $1 ORDER BY m.business", append([]any{uuid.Nil}, args...)...)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[mention])
	if err != nil {
		o.t.Fatal(err)
	}
	return all
}

// segmentPeople are businesses by the names that TestSegments uses.
func segmentPeople(o *office) map[string]uuid.UUID {
	turnover := func(rupiah int64, per umkm.Period) func(*umkm.Registration) {
		return func(r *umkm.Registration) { r.Business.Turnover = &umkm.Turnover{Rupiah: rupiah, Per: per} }
	}
	at := func(village umkm.RegionCode, sector string) func(*umkm.Registration) {
		return func(r *umkm.Registration) { r.Business.Village, r.Business.Sector = village, sector }
	}
	who := map[string]uuid.UUID{}
	var owner uuid.UUID
	who["small"], _ = o.enrol(1, 1, turnover(5_000_000, umkm.PerMonth)) // 60 million a year, no sector
	who["border"], _ = o.enrol(2, 2, turnover(100_000_000, umkm.PerYear))
	who["above"], _ = o.enrol(3, 3, turnover(100_000_001, umkm.PerYear))
	who["daily"], _ = o.enrol(4, 4, turnover(1_000_000, umkm.PerDay)) // 365 million
	who["weekly"], _ = o.enrol(5, 5, turnover(2_000_000, umkm.PerWeek))
	who["silent"], _ = o.enrol(6, 6, func(r *umkm.Registration) { r.Business.Turnover = nil })
	who["food"], owner = o.enrol(7, 7, at(carita, "food"))
	who["craft"], _ = o.enrol(7, 7, at(kramat, "craft")) // of the same owner
	who["sister"], _ = o.enrol(7, 8, at(kramat, "food")) // by the same account
	o.papers(who["food"], 7, umkm.DocumentNIB, "")
	o.papers(who["food"], 7, umkm.DocumentHalal, "2026-03-01") // the day before noon
	o.papers(who["sister"], 7, umkm.DocumentHalal, "2026-03-02")
	o.apply(7, who["craft"].String(), "kur", noon)
	done := o.apply(7, who["sister"].String(), "halal", noon)
	o.exec("UPDATE requests SET state = 'done' WHERE id = $1", done)
	gone := o.apply(1, who["small"].String(), "halal", noon)
	if err := o.CancelRequest(o.t.Context(), 1, gone, noon); err != nil {
		o.t.Fatal(err)
	}
	o.attended(owner, who["food"], 7)
	who["refused"], _ = o.enrol(20, 20, func(r *umkm.Registration) { r.Owner.Consents = []umkm.Consent{{Purpose: "messages", Version: "1"}} })
	who["unasked"], _ = o.enrol(21, 21, func(r *umkm.Registration) { r.Owner.Consents = nil })
	who["away"], _ = o.enrol(22, 22, nil)
	if err := o.MarkUnreachable(o.t.Context(), 22, noon); err != nil {
		o.t.Fatal(err)
	}
	return who
}

// attended makes an owner one who came to a training.
func (o *office) attended(owner, business uuid.UUID, account int64) {
	o.t.Helper()
	training := o.trainingRow()
	o.exec(`INSERT INTO seats (id, training, owner, business, account, village, sector, cap, untrained, number, state, queue, in_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, '36.04.05.2001', '', '', true, 1, 'seated', 1, $6, $6)`,
		must(newID()), training, owner, business, account, noon)
}

// trainingRow makes a training that nothing is asked of.
func (o *office) trainingRow() uuid.UUID {
	o.t.Helper()
	o.exec("INSERT INTO staff (telegram_id, name, since) VALUES (990, 'Petugas', $1) ON CONFLICT DO NOTHING", noon)
	id := must(newID())
	o.exec(`INSERT INTO trainings (id, dialog, state, title, topic, about, online, venue, link, starts_at, ends_at, quota, caps, regions,
			segment, filling, untrained_first, closes_at, answer_minutes, bring, travel, created_by, created_at, published_at)
		VALUES ($1, $2, 'open', 'Kemasan', 'packaging', '', false, 'Balai', '', $3, $4, 50, '{}', '{36}', '{}', 'open', false, $3, 0, '', '', 990, $3, $3)`,
		id, fmt.Sprintf("training-%d", o.dialog.Add(1)), noon, noon.Add(time.Hour))
	return id
}

func TestSegments(t *testing.T) {
	o := openOffice(t)
	o.SetClasses(umkm.Classes{{ID: "micro", MaxSales: 100_000_000}, {ID: "mid", MaxSales: 300_000_000}})
	who := segmentPeople(o)
	everybody := []string{"small", "border", "above", "daily", "weekly", "silent", "food", "sister"}
	kinds := func(k ...umkm.DocumentKind) []umkm.DocumentKind { return k }
	for name, c := range map[string]struct {
		seg  umkm.Segment
		want []string // the first of each owner's businesses
	}{
		"everybody":                {umkm.Segment{}, everybody},
		"province":                 {umkm.Segment{Regions: []umkm.RegionCode{"36.01", banten}}, everybody},
		"regency":                  {umkm.Segment{Regions: []umkm.RegionCode{"36.01"}}, []string{"food"}},
		"district":                 {umkm.Segment{Regions: []umkm.RegionCode{"36.04.06"}}, []string{"craft", "sister"}},
		"village":                  {umkm.Segment{Regions: []umkm.RegionCode{kramat}}, []string{"craft", "sister"}},
		"of all sizes":             {umkm.Segment{Regions: []umkm.RegionCode{"36.01", "36.04.06", "36.04.05.2002"}}, []string{"food", "sister"}},
		"no such place":            {umkm.Segment{Regions: []umkm.RegionCode{"36.0", "31", "36.04.06.200"}}, nil},
		"one sector":               {umkm.Segment{Sectors: []string{"food"}}, []string{"food", "sister"}},
		"sectors":                  {umkm.Segment{Sectors: []string{"craft", "food"}}, []string{"food", "sister"}},
		"sector and place":         {umkm.Segment{Sectors: []string{"craft"}, Regions: []umkm.RegionCode{"36.04.06"}}, []string{"craft"}},
		"of two businesses":        {umkm.Segment{Sectors: []string{"craft"}, Regions: []umkm.RegionCode{"36.01"}}, nil},
		"smallest class":           {umkm.Segment{Classes: []string{"micro"}}, []string{"small", "border", "food", "sister"}},
		"next class":               {umkm.Segment{Classes: []string{"mid"}}, []string{"above", "weekly"}},
		"large":                    {umkm.Segment{Classes: []string{umkm.ClassLarge}}, []string{"daily"}},
		"unknown":                  {umkm.Segment{Classes: []string{umkm.ClassUnknown}}, []string{"silent"}},
		"large or unknown":         {umkm.Segment{Classes: []string{umkm.ClassUnknown, umkm.ClassLarge}}, []string{"daily", "silent"}},
		"no such class":            {umkm.Segment{Classes: []string{"giant"}}, nil},
		"a document":               {umkm.Segment{Has: kinds(umkm.DocumentNIB)}, []string{"food"}},
		"a document that ends":     {umkm.Segment{Has: kinds(umkm.DocumentHalal)}, []string{"sister"}},
		"two, one of them over":    {umkm.Segment{Has: kinds(umkm.DocumentNIB, umkm.DocumentHalal)}, nil},
		"lacks one":                {umkm.Segment{Lacks: kinds(umkm.DocumentNIB), Sectors: []string{"food", "craft"}}, []string{"craft", "sister"}},
		"lacks both":               {umkm.Segment{Lacks: kinds(umkm.DocumentNIB, umkm.DocumentHalal), Sectors: []string{"food", "craft"}}, []string{"craft"}},
		"asked":                    {umkm.Segment{Asked: []string{"kur"}}, []string{"craft"}},
		"asked for one, and got":   {umkm.Segment{Asked: []string{"halal", "kur"}}, []string{"craft", "sister"}},
		"never trained":            {umkm.Segment{Untrained: true, Sectors: []string{"food", "craft"}}, []string{"sister"}},
		"text that would be SQL":   {umkm.Segment{Sectors: []string{"' OR true --"}, Regions: []umkm.RegionCode{"') OR"}}, nil},
		"everything at once, none": {umkm.Segment{Regions: []umkm.RegionCode{"36.01"}, Sectors: []string{"food"}, Classes: []string{"micro"}, Has: kinds(umkm.DocumentNIB), Lacks: kinds(umkm.DocumentBPOM), Asked: []string{"kur"}, Untrained: true}, nil},
	} {
		var got, want []string
		for _, m := range o.mentioned(c.seg) {
			got = append(got, m.Business.String())
		}
		for _, name := range c.want {
			want = append(want, who[name].String())
		}
		if slices.Sort(want); !slices.Equal(got, want) {
			t.Errorf("%s: meant are %v, want %v", name, named(who, got), c.want)
		}
		if n := must(o.CountMeant(t.Context(), c.seg)); n != len(want) {
			t.Errorf("%s: %d are counted, want %d", name, n, len(want))
		}
	}
}

// named gives businesses their names back.
func named(who map[string]uuid.UUID, ids []string) (names []string) {
	for _, id := range ids {
		for name, business := range who {
			if business.String() == id {
				names = append(names, name)
			}
		}
	}
	return names
}
