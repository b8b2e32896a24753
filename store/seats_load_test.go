package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"umkmbot/internal/umkm"
)

// sqlCrowd registers people with accounts from 1 on who agree to messages, each
// with a business in a village by turns.
var sqlCrowd = []string{
	`INSERT INTO accounts (telegram_id, language, reachable_since, created_at, seen_at) SELECT n, 'id', $2, $2, $2 FROM generate_series(1, $1::int) n`,
	`INSERT INTO owners (id, name, nik_sealed, nik_index, phone, created_at)
		SELECT lpad(to_hex(n), 32, '0')::uuid, 'Ibu ' || n, '\x00', sha256(n::text::bytea), '+6281234567890', $2 FROM generate_series(1, $1::int) n`,
	`INSERT INTO account_owners (account, owner, created_at) SELECT n, lpad(to_hex(n), 32, '0')::uuid, $2 FROM generate_series(1, $1::int) n`,
	`INSERT INTO consents (id, owner, account, purpose, version, language, granted, at)
		SELECT ('c' || lpad(to_hex(n), 31, '0'))::uuid, lpad(to_hex(n), 32, '0')::uuid, n, 'messages', '1', 'id', true, $2 FROM generate_series(1, $1::int) n`,
	`INSERT INTO businesses (id, owner, account, dialog, number, name, village, registered_at)
		SELECT ('b' || lpad(to_hex(n), 31, '0'))::uuid, lpad(to_hex(n), 32, '0')::uuid, n, 'crowd-' || n, '360405-' || lpad(n::text, 6, '0'), 'Warung ' || n,
			($3::text[])[1 + n % cardinality($3::text[])], $2 FROM generate_series(1, $1::int) n`,
}

func (o *office) crowd(n int, villages ...umkm.RegionCode) []string {
	o.t.Helper()
	for i, sql := range sqlCrowd {
		args := []any{n, noon}
		if i == len(sqlCrowd)-1 {
			args = append(args, villages)
		}
		o.exec(sql, args...)
	}
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("00000000-0000-0000-0000-%012x", i+1)
	}
	return all
}

// atOnce runs many things at the same moment, by turns on each of two replicas.
func atOnce(a, b *office, n int, do func(o *office, i int) error) {
	a.t.Helper()
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			if err := do([]*office{a, b}[i%2], i); err != nil {
				a.t.Error(err)
			}
		})
	}
	close(start)
	wg.Wait()
}

// inLine are the seats of a state in the order of the queue.
func (o *office) inLine(training string, state umkm.SeatState) []umkm.Seat {
	o.t.Helper()
	return must(o.seats(o.t.Context(), o.pool, `WHERE s.training = $1 AND s.state = $2 ORDER BY s.queue`, training, state))
}

func numbers(seats []umkm.Seat) []int {
	out := make([]int, len(seats))
	for i, s := range seats {
		out[i] = s.Number
	}
	return out
}

// TestFiveHundredTapJoin has 500 owners tap at once on 50 seats, through two
// replicas, some of them twice; then seats are given back, taken away and added,
// all at the same time.
func TestFiveHundredTapJoin(t *testing.T) {
	a := openOffice(t)
	b := a.replica()
	rina := a.officer(9000, banten)
	who := a.crowd(500, ciruas, kramat, carita)
	id := a.announced(rina, quota(50), inRegions())
	atOnce(a, b, 600, func(o *office, i int) error {
		_, err := o.join(id, int64(i%500+1), who[i%500], noon)
		return err
	})
	seated, waiting := a.inLine(id, umkm.SeatSeated), a.inLine(id, umkm.SeatWaiting)
	if len(seated) != 50 || len(waiting) != 450 {
		t.Fatalf("%d have a seat, %d wait", len(seated), len(waiting))
	}
	all := numbers(append(slices.Clone(seated), waiting...))
	for i, n := range all {
		if n != i+1 {
			t.Fatalf("the order is not that of joining: %v", all)
		}
	}
	if a.told(umkm.EventPromoted) != 0 || a.audits("seat.joined") != 500 {
		t.Errorf("%d are told, %d joined", a.told(umkm.EventPromoted), a.audits("seat.joined"))
	}
	for i, s := range waiting {
		if s.Place != i+1 {
			t.Fatalf("place %d of number %d", s.Place, s.Number)
		}
	}
	rand.Shuffle(len(seated), func(i, j int) { seated[i], seated[j] = seated[j], seated[i] })
	atOnce(a, b, 26, func(o *office, i int) error {
		switch {
		case i < 20:
			_, err := o.Leave(t.Context(), seated[i].Account, seated[i].ID, noon)
			return err
		case i < 25:
			return o.RemoveSeat(t.Context(), rina, seated[i].ID, noon)
		}
		return o.revise(rina, id, noon, quota(60))
	})
	// 20 left, 5 were taken away and 10 added: the first 35 in the line moved up.
	after := numbers(a.inLine(id, umkm.SeatSeated))
	if want := numbers(waiting[:35]); len(after) != 60 || !slices.Equal(after[len(after)-35:], want) {
		t.Errorf("%d have a seat, the last %v", len(after), after[max(0, len(after)-35):])
	}
	if n := a.told(umkm.EventPromoted); n != 35 {
		t.Errorf("%d are told that they moved up", n)
	}
	a.holdsPlaces(id)
}

// TestFiveHundredTapJoinWithCaps: of each of three districts 10 at most.
func TestFiveHundredTapJoinWithCaps(t *testing.T) {
	a := openOffice(t)
	b := a.replica()
	rina := a.officer(9000, banten)
	who := a.crowd(500, ciruas, kramat, carita)
	id := a.announced(rina, quota(50), inRegions(), capped(umkm.CapDistrict, 10))
	atOnce(a, b, 500, func(o *office, i int) error {
		_, err := o.join(id, int64(i+1), who[i], noon)
		return err
	})
	first := func(state umkm.SeatState) map[umkm.RegionCode][]umkm.Seat {
		by := map[umkm.RegionCode][]umkm.Seat{}
		for _, s := range a.inLine(id, state) {
			by[s.Village.District()] = append(by[s.Village.District()], s)
		}
		return by
	}
	seated, waiting := first(umkm.SeatSeated), first(umkm.SeatWaiting)
	for district, in := range seated {
		out := waiting[district]
		if len(in) != 10 || len(in)+len(out) < 166 || in[9].Number > out[0].Number {
			t.Errorf("of %s %d have a seat, up to number %d; the first who waits is %d", district, len(in), in[len(in)-1].Number, out[0].Number)
		}
	}
	in := seated["36.04.05"]
	atOnce(a, b, 12, func(o *office, i int) error {
		switch {
		case i < 5:
			_, err := o.Leave(t.Context(), in[i].Account, in[i].ID, noon)
			return err
		case i < 11:
			s := waiting["36.04.05"][i-5+20]
			_, err := o.Leave(t.Context(), s.Account, s.ID, noon)
			return err
		}
		return o.revise(rina, id, noon, func(p *umkm.TrainingPlan) { p.Caps.Of = map[string]int{"36.01.05": 12} })
	})
	a.holdsPlaces(id)
	moved := first(umkm.SeatSeated)
	if got := numbers(moved["36.04.05"]); !slices.Equal(got[5:], numbers(waiting["36.04.05"][:5])) {
		t.Errorf("moved up in the district of who left: %v", got)
	}
	if got := numbers(moved["36.01.05"]); !slices.Equal(got[10:], numbers(waiting["36.01.05"][:2])) {
		t.Errorf("moved up in the district with a new cap: %v", got)
	}
	if got := numbers(moved["36.04.06"]); !slices.Equal(got, numbers(seated["36.04.06"])) {
		t.Errorf("the third district: %v", got)
	}
}

// TestKilledWhileJoining cuts joining and leaving off at moments of chance, and
// does them again.
func TestKilledWhileJoining(t *testing.T) {
	a := openOffice(t)
	rina := a.officer(9000, banten)
	who := a.crowd(40, ciruas)
	id := a.announced(rina, quota(10), inRegions())
	for i, owner := range who {
		var seat umkm.Seat
		untilDone(t, func(ctx context.Context) (err error) {
			seat, err = a.Join(ctx, umkm.Joining{Training: id, Account: int64(i + 1), Owner: owner, At: noon})
			return err
		})
		if i%4 == 0 {
			untilDone(t, func(ctx context.Context) error { return second(a.Leave(ctx, int64(i+1), seat.ID, noon)) })
		}
	}
	if in, out := len(a.inLine(id, umkm.SeatSeated)), len(a.inLine(id, umkm.SeatWaiting)); in != 10 || out != 20 {
		t.Errorf("%d have a seat, %d wait", in, out)
	}
	if a.audits("seat.joined") != 40 || a.audits("seat.left") != 10 {
		t.Errorf("%d joined, %d left", a.audits("seat.joined"), a.audits("seat.left"))
	}
	if err := a.RemoveSeat(t.Context(), rina, "x", noon); !errors.Is(err, umkm.ErrNoSeat) {
		t.Errorf("removed nothing: %v", err)
	}
}
