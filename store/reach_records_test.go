package store

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// The rows of the records that reach is made of.
type (
	townBusiness struct {
		ID, Owner  uuid.UUID
		Village    string
		Sector     *string
		Rupiah     *int64
		Period     *umkm.Period
		Registered time.Time
	}
	townAccount struct {
		Owner     uuid.UUID
		Account   int64
		Language  string
		Reachable bool
		Seen      time.Time
	}
	townDocument struct {
		Business    uuid.UUID
		Kind, Label string
		Until       *time.Time
	}
	townThing struct {
		Of   uuid.UUID
		What string
	}
)

func rowsOf[T any](o *office, sql string) []T {
	o.t.Helper()
	rows, _ := o.pool.Query(o.t.Context(), sql)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[T])
	if err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
	return all
}

// reachByRecords is what the rows of reach ought to be, one line each, by the
// records as they are.
func reachByRecords(o *office) []string {
	o.t.Helper()
	businesses := rowsOf[townBusiness](o, "SELECT id, owner, village, sector, turnover_rupiah, turnover_period, registered_at FROM businesses")
	accounts := rowsOf[townAccount](o, "SELECT l.owner, a.telegram_id, a.language, a.reachable, a.seen_at FROM account_owners l JOIN accounts a ON a.telegram_id = l.account")
	consents := rowsOf[townThing](o, "SELECT owner, granted::text FROM consents WHERE purpose = 'messages' ORDER BY at, id")
	documents := rowsOf[townDocument](o, "SELECT business, kind, lower(label), until FROM documents WHERE state = 'approved' ORDER BY submitted_at, id")
	requests := rowsOf[townThing](o, "SELECT business, programme FROM requests WHERE state IN ('open', 'done')")
	attended := rowsOf[townThing](o, "SELECT owner, 'yes' FROM seats WHERE in_at IS NOT NULL")
	var lines []string
	for _, b := range businesses {
		of := func(all []townThing, id uuid.UUID) (what []string) {
			for _, thing := range all {
				if thing.Of == id {
					what = append(what, thing.What)
				}
			}
			return what
		}
		agreed := of(consents, b.Owner)
		programmes := of(requests, b.ID)
		slices.Sort(programmes)
		turnover := "-"
		if b.Rupiah != nil {
			turnover = fmt.Sprint(umkm.Turnover{Rupiah: *b.Rupiah, Per: *b.Period}.Yearly())
		}
		lines = append(lines, fmt.Sprint(b.ID, " ", b.Owner, " ", toldThrough(accounts, b.Owner), " ", b.Village, " ", or(b.Sector), " ", turnover,
			" messages=", len(agreed) > 0 && agreed[len(agreed)-1] == "true", " documents=", approvedKinds(documents, b.ID),
			" programmes=", slices.Compact(programmes), " trained=", len(of(attended, b.Owner)) > 0,
			" sole=", alone(businesses, accounts, b), " ", b.Registered.UTC().Format(time.RFC3339)))
	}
	slices.Sort(lines)
	return lines
}

// toldThrough is the account of an owner that can be reached and was seen last.
func toldThrough(accounts []townAccount, owner uuid.UUID) string {
	var able []townAccount
	for _, a := range accounts {
		if a.Owner == owner && a.Reachable {
			able = append(able, a)
		}
	}
	if len(able) == 0 {
		return "nobody"
	}
	a := slices.MinFunc(able, func(a, b townAccount) int {
		return cmp.Or(b.Seen.Compare(a.Seen), cmp.Compare(a.Account, b.Account))
	})
	return fmt.Sprint(a.Account, a.Language, a.Seen.UTC().Format(time.RFC3339))
}

// approvedKinds are kinds with the last day of the newest approval of each label.
func approvedKinds(documents []townDocument, business uuid.UUID) string {
	newest := map[string]map[string]string{}
	for _, d := range documents {
		if d.Business != business {
			continue
		}
		if newest[d.Kind] == nil {
			newest[d.Kind] = map[string]string{}
		}
		newest[d.Kind][d.Label] = "infinity"
		if d.Until != nil {
			newest[d.Kind][d.Label] = d.Until.Format(time.DateOnly)
		}
	}
	var out []string
	for kind, labels := range newest {
		last := ""
		for _, until := range labels {
			last = max(last, until)
		}
		out = append(out, kind+"="+last)
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}

// alone reports whether a business is its owner's only one and no account of
// the owner acts for another.
func alone(businesses []townBusiness, accounts []townAccount, b townBusiness) bool {
	others := slices.ContainsFunc(businesses, func(o townBusiness) bool { return o.Owner == b.Owner && o.ID != b.ID })
	for _, mine := range accounts {
		others = others || mine.Owner == b.Owner && slices.ContainsFunc(accounts, func(a townAccount) bool {
			return a.Account == mine.Account && a.Owner != b.Owner
		})
	}
	return !others
}

const sqlReachLines = `
SELECT format('%s %s %s %s %s %s messages=%s documents=%s programmes=[%s] trained=%s sole=%s %s', business, owner,
	coalesce(chat || language || to_char(seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'nobody'),
	village, sector, coalesce(turnover::text, '-'), messages::text,
	(SELECT coalesce(string_agg(kind || '=' || until, ','), '') FROM unnest(documents, ends) d(kind, until)), array_to_string(programmes, ' '),
	trained::text, sole::text, to_char(registered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) FROM reach`

// differs says where the rows of reach are not what the records make of them.
func (o *office) differs() string {
	o.t.Helper()
	rows, _ := o.pool.Query(o.t.Context(), sqlReachLines)
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		o.t.Fatal(err)
	}
	slices.Sort(got)
	want := reachByRecords(o)
	if slices.Equal(got, want) {
		return ""
	}
	var out strings.Builder
	for i := range max(len(got), len(want)) {
		var a, b string
		if i < len(got) {
			a = got[i]
		}
		if i < len(want) {
			b = want[i]
		}
		if a != b {
			fmt.Fprintf(&out, "\n  has  %s\n  want %s", a, b)
		}
	}
	return out.String()
}
