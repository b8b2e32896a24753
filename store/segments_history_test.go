package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"umkmbot/internal/umkm"
)

// past is what a segment may ask of a business's past, as the test knows it.
type past struct {
	business, owner  uuid.UUID
	registered, seen time.Time
	got              []string // programmes
	seats            map[string]umkm.SeatState
	came             map[string]bool // to a training
	listed           []string
}

// meant says in Go what segmentSQL says in SQL.
func (p past) meant(s umkm.Segment) bool {
	day := func(at time.Time) string { return at.In(officeZone).Format(time.DateOnly) }
	live := slices.Contains([]umkm.SeatState{umkm.SeatInvited, umkm.SeatApplied, umkm.SeatSeated, umkm.SeatWaiting}, p.seats[s.Training])
	return (!s.Trained || len(p.came) > 0) && (!s.Untrained || len(p.came) == 0) &&
		(len(s.Got) == 0 || slices.ContainsFunc(p.got, func(g string) bool { return slices.Contains(s.Got, g) })) &&
		(s.RegisteredFrom == "" || day(p.registered) >= s.RegisteredFrom) &&
		(s.RegisteredTo == "" || day(p.registered) <= s.RegisteredTo) &&
		(s.SeenFrom == "" || day(p.seen) >= s.SeenFrom) &&
		(s.Training == "" || live || p.came[s.Training]) &&
		(s.List == "" || slices.Contains(p.listed, s.List))
}

// pasts are owners of one business each, every one with another past.
func pasts(o *office, trainings, lists []string) (all []past) {
	programmes := []string{"kur", "halal", "brand"}
	for i, programme := range programmes {
		o.exec("INSERT INTO programmes (id) VALUES ($1) ON CONFLICT DO NOTHING", programme)
		o.exec("INSERT INTO segment_lists (id, dialog, created_by, at, taken, unknown, elsewhere, doubled) VALUES ($1, $2, 990, $3, 0, 0, 0, 0)",
			lists[i%len(lists)], fmt.Sprintf("list-%d", i), noon)
		if i == len(lists)-1 {
			break
		}
	}
	states := []umkm.SeatState{"", umkm.SeatSeated, umkm.SeatWaiting, umkm.SeatCancelled, umkm.SeatCandidate, umkm.SeatApplied, umkm.SeatLost}
	for i := range 60 {
		account := int64(i + 1)
		p := past{seats: map[string]umkm.SeatState{}, came: map[string]bool{}}
		p.registered = noon.Add(time.Duration(i%9-4) * 11 * time.Hour)
		p.seen = p.registered.Add(time.Duration(i%5) * 17 * time.Hour)
		p.business, p.owner = o.enrol(account, 100+i, func(r *umkm.Registration) { r.At = p.registered })
		o.exec("UPDATE accounts SET seen_at = $2 WHERE telegram_id = $1", account, p.seen)
		for n, programme := range programmes {
			state := []string{"", "open", "done", "declined", "done"}[(i+3*n)%5]
			if state == "" {
				continue
			}
			o.exec("UPDATE requests SET state = $2 WHERE id = $1", o.apply(account, p.business.String(), programme, p.registered), state)
			if state == "done" {
				p.got = append(p.got, programme)
			}
		}
		for n, training := range trainings {
			state := states[(i+2*n)%len(states)]
			if state == "" {
				continue
			}
			var in *time.Time
			if (i+n)%4 == 0 {
				in, p.came[training] = &noon, true
			}
			p.seats[training] = state
			o.exec(`INSERT INTO seats (id, training, owner, business, account, village, sector, cap, untrained, number, state, queue, in_at, changed_at)
				VALUES ($1, $2, $3, $4, $5, '36.04.05.2001', '', '', true, $9, $6, 1, $7, $8)`,
				must(newID()), training, p.owner, p.business, account, state, in, noon, i+1)
		}
		for n, list := range lists {
			if (i+n)%3 == 0 {
				o.exec("INSERT INTO segment_list_numbers VALUES ($1, $2)", list, p.business)
				p.listed = append(p.listed, list)
			}
		}
		all = append(all, p)
	}
	return all
}

func TestSegmentsOfThePast(t *testing.T) {
	o := openOffice(t)
	trainings := []string{o.trainingRow().String(), o.trainingRow().String()}
	lists := []string{uuid.NewString(), uuid.NewString()}
	all := pasts(o, trainings, lists)
	var days []string
	for d := -4; d < 6; d++ {
		days = append(days, noon.AddDate(0, 0, d).Format(time.DateOnly))
	}
	maybe := func(t *rapid.T, name string, of ...string) string {
		return rapid.SampledFrom(append(make([]string, len(of)), of...)).Draw(t, name) // as often none
	}
	sizes := map[bool]int{}
	rapid.Check(t, func(rt *rapid.T) {
		s := umkm.Segment{
			Trained: rapid.IntRange(0, 3).Draw(rt, "trained") == 0, Untrained: rapid.IntRange(0, 5).Draw(rt, "untrained") == 0,
			Got:            rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"kur", "halal", "brand", "none"}), 0, 2, rapid.ID).Draw(rt, "got"),
			RegisteredFrom: maybe(rt, "from", days...), RegisteredTo: maybe(rt, "to", days...), SeenFrom: maybe(rt, "seen", days...),
			Training: maybe(rt, "training", trainings...), List: maybe(rt, "list", lists...),
		}
		var got, want []string
		for _, m := range o.mentioned(s) {
			got = append(got, m.Business.String())
		}
		for _, p := range all {
			if p.meant(s) {
				want = append(want, p.business.String())
			}
		}
		slices.Sort(want)
		if sizes[len(want) > 0]++; !slices.Equal(got, want) {
			rt.Fatalf("%+v means %d, want %d", s, len(got), len(want))
		}
	})
	if sizes[true] < 20 {
		t.Errorf("only %d segments meant anybody", sizes[true])
	}
}

// What no button of ours says means nobody.
func TestForgedSegmentsMeanNobody(t *testing.T) {
	o := openOffice(t)
	o.enrol(1, 1, nil)
	for name, s := range map[string]umkm.Segment{
		"no id of a training": {Training: "x"},
		"no id of a list":     {List: "' OR true"},
		"no training":         {Training: uuid.NewString()},
		"no list":             {List: uuid.NewString()},
		"no day":              {RegisteredFrom: "2026-02-30"},
		"a day and more":      {RegisteredTo: "2026-03-02 00:00"},
		"never seen":          {SeenFrom: "soon"},
		"got nothing":         {Got: []string{""}},
	} {
		if n := must(o.CountMeant(t.Context(), s)); n != 0 {
			t.Errorf("%s: %d", name, n)
		}
	}
}
