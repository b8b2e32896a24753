package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// SetClasses gives the store the borders of the size classes; they may be
// changed at any time. Until then there are none, and every turnover that is
// known is a large one.
func (s *Store) SetClasses(c umkm.Classes) { s.classes.Store(&c) }

func (s *Store) ranges(classes []string) []umkm.TurnoverRange {
	var all umkm.Classes
	if set := s.classes.Load(); set != nil {
		all = *set
	}
	return all.Ranges(classes)
}

// condition gathers what must hold of a row r of reach. Values never get into
// its text, which is made of constants alone.
type condition struct {
	first int // number of the first argument
	parts []string
	args  []any
}

// arg is the place of a value among the arguments.
func (c *condition) arg(value any) string {
	c.args = append(c.args, value)
	return "$" + strconv.Itoa(c.first+len(c.args)-1)
}

func (c *condition) add(part string) { c.parts = append(c.parts, part) }

// addf adds a part with a value in place of its %s.
func (c *condition) addf(part string, value any) { c.add(fmt.Sprintf(part, c.arg(value))) }

// oneOf adds that one of some parts must hold, which of none never does.
func (c *condition) oneOf(parts []string) {
	if len(parts) == 0 {
		parts = []string{"false"}
	}
	c.add("(" + strings.Join(parts, " OR ") + ")")
}

// segmentSQL says in SQL which businesses a segment means: a condition on the
// rows r of reach, and its arguments, numbered from first on. Consent and
// whether anybody can be reached are not part of it.
func (s *Store) segmentSQL(seg umkm.Segment, first int) (where string, args []any) {
	c := &condition{first: first, parts: []string{"true"}}
	s.narrow(c, seg)
	return strings.Join(c.parts, " AND "), c.args
}

// narrow adds a segment's parts.
func (s *Store) narrow(c *condition, seg umkm.Segment) {
	c.within(seg.Regions)
	if len(seg.Sectors) > 0 {
		c.add("r.sector = ANY(" + c.arg(seg.Sectors) + ")")
	}
	if len(seg.Classes) > 0 {
		c.between(s.ranges(seg.Classes))
	}
	if len(seg.Has) > 0 {
		c.valid(c.arg(seg.Has), c.arg(s.now()))
	}
	if len(seg.Lacks) > 0 {
		c.add("NOT r.documents && " + c.arg(seg.Lacks))
	}
	if len(seg.Asked) > 0 {
		c.add("r.programmes && " + c.arg(seg.Asked))
	}
	if seg.Untrained {
		c.add("NOT r.trained")
	}
	if seg.Trained {
		c.add("r.trained")
	}
	c.history(seg)
}

// within adds that a business lies in one of some regions, if any are named. A
// code that is none names no place. The regencies around them all are said as
// well: they are what the index begins with.
func (c *condition) within(codes []umkm.RegionCode) {
	if len(codes) == 0 || slices.Contains(codes, umkm.Province) {
		return
	}
	var around []umkm.RegionCode
	named := map[int][]umkm.RegionCode{} // by length
	for _, code := range codes {
		named[len(code)] = append(named[len(code)], code)
		around = append(around, code.Regency())
	}
	c.add("r.regency = ANY(" + c.arg(around) + ")")
	var parts []string
	for _, level := range []struct {
		length int
		column string
	}{{5, "r.regency"}, {8, "r.district"}, {13, "r.village"}} {
		if codes := named[level.length]; len(codes) > 0 {
			parts = append(parts, level.column+" = ANY("+c.arg(codes)+")")
		}
	}
	c.oneOf(parts)
}

// held adds that a business lies where somebody has a role: nowhere without one.
func (c *condition) held(own []umkm.RegionCode) {
	if len(own) == 0 {
		c.add("false")
	}
	c.within(own)
}

// between adds that the turnover lies in one of some ranges.
func (c *condition) between(ranges []umkm.TurnoverRange) {
	var parts []string
	for _, r := range ranges {
		switch {
		case r.Unknown:
			parts = append(parts, "r.turnover IS NULL")
		case r.UpTo == 0:
			parts = append(parts, "r.turnover > "+c.arg(r.Above))
		default:
			parts = append(parts, "r.turnover > "+c.arg(r.Above)+" AND r.turnover <= "+c.arg(r.UpTo))
		}
	}
	c.oneOf(parts)
}

// valid adds that all of some kinds are approved and have not ended before the
// day of now, in Banten.
func (c *condition) valid(kinds, now string) {
	c.add("r.documents @> " + kinds)
	c.add("NOT EXISTS (SELECT FROM unnest(r.documents, r.ends) d(kind, until) WHERE d.kind = ANY(" + kinds +
		") AND d.until < case_day(" + now + "))")
}

// sqlReachable is a condition on reach: its owner agreed to messages and has
// an account to send them to.
const sqlReachable = `r.messages AND r.chat IS NOT NULL`

// Almost every owner has one business and an account of their own. Only the
// others need telling apart.
const (
	sqlCountMeant = `
SELECT count(*) FILTER (WHERE r.sole) + count(DISTINCT r.owner) FILTER (WHERE NOT r.sole) FROM reach r WHERE ` + sqlReachable + ` AND %s`

	meantColumns = `r.owner, r.business, r.chat, r.language, r.village, r.sector, r.trained`

	sqlMeantOwners = `
SELECT ` + meantColumns + ` FROM reach r WHERE ` + sqlReachable + ` AND r.sole AND %[1]s
UNION ALL (
	SELECT DISTINCT ON (r.owner) ` + meantColumns + ` FROM reach r WHERE ` + sqlReachable + ` AND NOT r.sole AND %[1]s
	ORDER BY r.owner, r.business)`
)

// The index that counting reads is a quarter of the table and mostly in memory;
// by what Postgres assumes of disks it would rather read the table.
const sqlFastPages = `SET LOCAL random_page_cost = 1.1`

// inIndex reports whether the index has all that a segment asks for.
func inIndex(seg umkm.Segment) bool { return len(seg.Has)+len(seg.Lacks)+len(seg.Asked) == 0 }

// CountMeant says how many owners a segment means who agreed to be written to
// and can be reached.
func (s *Store) CountMeant(ctx context.Context, seg umkm.Segment) (n int, err error) {
	where, args := s.segmentSQL(seg, 1)
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if inIndex(seg) {
			if _, err := tx.Exec(ctx, sqlFastPages); err != nil {
				return err
			}
		}
		return tx.QueryRow(ctx, fmt.Sprintf(sqlCountMeant, where), args...).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("count who is meant: %w", err)
	}
	return n, nil
}

// meantOwners selects the owners of CountMeant, one row each: owner, the first
// business of theirs that is meant, the chat and language they are told in, and
// that business's village and sector, and whether they are trained. A chat that
// acts for several comes several times. Its arguments are numbered from first on.
func (s *Store) meantOwners(seg umkm.Segment, first int) (sql string, args []any) {
	where, args := s.segmentSQL(seg, first)
	return fmt.Sprintf(sqlMeantOwners, where), args
}
