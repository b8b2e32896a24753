package store

import (
	"errors"
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
	Trained         bool
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

// TestPartOfOneOwner asks for one owner, whether they can be reached or not.
func TestPartOfOneOwner(t *testing.T) {
	o := openOffice(t)
	food, owner := o.enrol(1, 1, func(r *umkm.Registration) { r.Business.Village, r.Business.Sector = carita, "food" })
	craft, _ := o.enrol(1, 1, func(r *umkm.Registration) { r.Business.Village, r.Business.Sector = kramat, "craft" })
	_, other := o.enrol(1, 2, func(r *umkm.Registration) { r.Business.Sector, r.Owner.Consents = "fish", nil })
	if err := o.MarkUnreachable(t.Context(), 1, noon); err != nil {
		t.Fatal(err)
	}
	in := func(sectors ...string) umkm.Segment { return umkm.Segment{Sectors: sectors} }
	for name, c := range map[string]struct {
		seg   umkm.Segment
		owner uuid.UUID
		want  uuid.UUID
	}{
		"everybody":            {umkm.Segment{}, owner, food},
		"the second":           {in("craft"), owner, craft},
		"of several the first": {in("craft", "food"), owner, food},
		"of two businesses":    {umkm.Segment{Sectors: []string{"craft"}, Regions: []umkm.RegionCode{carita}}, owner, uuid.Nil},
		"another's":            {in("fish"), owner, uuid.Nil},
		"who did not agree":    {in("fish"), other, o.firstOf(other)},
		"nobody":               {umkm.Segment{}, uuid.New(), uuid.Nil},
	} {
		got, err := o.partOf(t.Context(), o.pool, c.seg, c.owner)
		if got.Business != c.want || errors.Is(err, umkm.ErrNotMeant) != (c.want == uuid.Nil) {
			t.Errorf("%s: %v, %v; want %v", name, got, err, c.want)
		}
	}
	if n := must(o.CountMeant(t.Context(), umkm.Segment{})); n != 0 {
		t.Errorf("%d can be reached, want none", n)
	}
}

func (o *office) firstOf(owner uuid.UUID) uuid.UUID {
	o.t.Helper()
	id, found, err := findID(o.t.Context(), o.pool, "SELECT id FROM businesses WHERE owner = $1 ORDER BY id LIMIT 1", owner)
	if err != nil || !found {
		o.t.Fatal(found, err)
	}
	return id
}

// TestMeantThroughTheAccountSeenLast follows which account an owner is told
// through.
func TestMeantThroughTheAccountSeenLast(t *testing.T) {
	o := openOffice(t)
	_, owner := o.enrol(1, 1, nil)
	_, sister := o.enrol(2, 2, func(r *umkm.Registration) { r.At, r.Language = noon.Add(time.Hour), "en" })
	o.exec("INSERT INTO account_owners VALUES (2, $1, $2)", owner, noon)
	through := func(what string, want ...mention) {
		t.Helper()
		var got []mention
		for _, m := range o.mentioned(umkm.Segment{}) {
			got = append(got, mention{Owner: m.Owner, Chat: m.Chat, Language: m.Language})
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	through("seen last", mention{Owner: owner, Chat: 2, Language: "en"}, mention{Owner: sister, Chat: 2, Language: "en"})
	if err := o.MarkUnreachable(t.Context(), 2, noon.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	through("that blocks", mention{Owner: owner, Chat: 1, Language: "id"})
	if err := o.SetLanguage(t.Context(), 1, "en"); err != nil {
		t.Fatal(err)
	}
	through("in English", mention{Owner: owner, Chat: 1, Language: "en"})
	o.exec("DELETE FROM account_owners WHERE account = 2 AND owner = $1", owner)
	through("alone", mention{Owner: owner, Chat: 1, Language: "en"})
}

// TestClassesMayChange: content is read anew while the bot runs.
func TestClassesMayChange(t *testing.T) {
	o := openOffice(t)
	o.enrol(1, 1, nil) // 60 million a year
	of := func(class string) int { return must(o.CountMeant(t.Context(), umkm.Segment{Classes: []string{class}})) }
	if of("micro") != 0 || of(umkm.ClassLarge) != 1 {
		t.Error("without classes there are no borders")
	}
	o.SetClasses(umkm.Classes{{ID: "micro", MaxSales: 60_000_000}})
	if of("micro") != 1 || of(umkm.ClassLarge) != 0 {
		t.Error("the border is included")
	}
	o.SetClasses(umkm.Classes{{ID: "micro", MaxSales: 59_999_999}})
	if of("micro") != 0 || of(umkm.ClassLarge) != 1 {
		t.Error("the border moved")
	}
}
