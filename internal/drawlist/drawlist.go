// Package drawlist is the published list of a draw: a text that anybody may
// have, with all that it takes to recompute who got a seat, and nothing that
// says who they are.
//
// It is CSV with a head of comments:
//
//	# umkmbot draw 1
//	# training: 0199b1f0-…
//	# title: Kemasan yang menjual
//	# held: 2026-11-20T03:00:00Z
//	# quota: 50
//	# cap-by: district          district or sector; none: left out
//	# cap-each: 5               of those that no cap line names; none: left out
//	# cap: 36.04.05=3           any number of lines
//	# untrained-first: yes
//	# seed-hash: 9f86d0…        announced before
//	# seed: 000102…             told afterwards
//	## Words for people; programs pass them over.
//	number,key,untrained,result,place
//	1,36.04.05,yes,seated,12
//	2,36.04.06,no,waiting,61
//
// Key is the district's code or the sector that caps count by. Place counts
// from 1 through those who have a seat and on through those who wait, in the
// order of the draw. umkm.Draw says how the result follows.
package drawlist

import (
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"umkmbot/internal/umkm"
)

// List is a draw as it is published.
type List struct {
	Training string
	Title    string
	Held     time.Time // to the second
	Rules    umkm.DrawRules
	SeedHash string // hexadecimal, as announced
	Seed     []byte
	Notes    []string // lines for people; not read back
	Rows     []Row
}

// Row is somebody's part and what came of it.
type Row struct {
	umkm.DrawEntry
	Seated bool
	Place  int
}

// Of makes the list of a draw that was held. Each seat has the state and the
// place that the draw gave, whatever has become of it since; those that took no
// part have no place and are left out.
func Of(t umkm.Training, seats []umkm.Seat) (List, error) {
	seed, err := hex.DecodeString(t.Seed)
	if err != nil || len(seed) == 0 {
		return List{}, fmt.Errorf("list of the draw of %s: no seed", t.ID)
	}
	l := List{
		Training: t.ID, Title: t.Title, Held: t.Drawn.UTC().Truncate(time.Second),
		Rules: t.DrawnBy, SeedHash: t.SeedHash, Seed: seed,
	}
	for _, s := range seats {
		if s.Place < 1 || s.Number < 1 {
			continue
		}
		l.Rows = append(l.Rows, Row{
			DrawEntry: umkm.DrawEntry{Number: s.Number, Key: t.DrawnBy.Caps.Key(s.Village, s.Sector), Untrained: s.Untrained},
			Seated:    s.State == umkm.SeatSeated,
			Place:     s.Place,
		})
	}
	slices.SortFunc(l.Rows, func(a, b Row) int { return a.Number - b.Number })
	return l, nil
}

func (l List) entries() []umkm.DrawEntry {
	all := make([]umkm.DrawEntry, len(l.Rows))
	for i, r := range l.Rows {
		all[i] = r.DrawEntry
	}
	return all
}

// Difference is a row that is not as the draw gives it.
type Difference struct {
	Said, Right Row
}

// Check recomputes the draw by a seed and rules, which need not be the list's,
// and returns the rows that differ, by number. None: every result is right.
func (l List) Check(seed []byte, rules umkm.DrawRules) []Difference {
	seated, waiting := umkm.Draw(seed, l.entries(), rules)
	right := make(map[int]Row, len(l.Rows))
	for i, n := range slices.Concat(seated, waiting) {
		right[n] = Row{Seated: i < len(seated), Place: i + 1}
	}
	var all []Difference
	for _, said := range l.Rows {
		r := right[said.Number]
		r.DrawEntry = said.DrawEntry
		if r != said {
			all = append(all, Difference{said, r})
		}
	}
	slices.SortFunc(all, func(a, b Difference) int { return a.Said.Number - b.Said.Number })
	return all
}

// Missing lists the numbers up to the highest that are not in the list: of who
// gave up before the draw or, if nobody did, of who was left out.
func (l List) Missing() []int {
	there, highest := map[int]bool{}, 0
	for _, r := range l.Rows {
		there[r.Number] = true
		highest = max(highest, r.Number)
	}
	var all []int
	for n := 1; n < highest; n++ {
		if !there[n] {
			all = append(all, n)
		}
	}
	return all
}
