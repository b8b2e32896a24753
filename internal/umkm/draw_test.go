package umkm

import (
	"encoding/hex"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawSeed is 00 01 02 … 1f.
var drawSeed = func() (seed []byte) {
	for i := range 32 {
		seed = append(seed, byte(i))
	}
	return seed
}()

// TestLotIsWhatTheCommandLineSays compares with what openssl and sha256sum gave.
func TestLotIsWhatTheCommandLineSays(t *testing.T) {
	for number, want := range map[int]string{
		7:   "43c875c1027e0bb60b3c5e055d7245befa0322f45d7a0f86cfb578e79a5ce269",
		120: "caaaf7c66637524caa6a0f8036b418a9e686ff860ae3a8103969ab793a44047b",
	} {
		if got := hex.EncodeToString(lot(drawSeed, number)); got != want {
			t.Errorf("lot of %d: %s, want %s", number, got, want)
		}
	}
	if got, want := SeedHash(drawSeed), "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"; got != want {
		t.Errorf("hash %s, want %s", got, want)
	}
}

func TestDraw(t *testing.T) {
	var entries []DrawEntry
	for n := range 6 {
		key := "36.04.05"
		if n >= 4 {
			key = "36.04.06"
		}
		entries = append(entries, DrawEntry{Number: n + 1, Key: key, Untrained: n%2 == 0})
	}
	district := Caps{By: CapDistrict, Each: 1}
	for _, c := range []struct {
		name            string
		rules           DrawRules
		seated, waiting []int
	}{
		{"no seats", DrawRules{}, nil, []int{3, 4, 1, 2, 6, 5}},
		{"below zero", DrawRules{Quota: -3}, nil, []int{3, 4, 1, 2, 6, 5}},
		{"some", DrawRules{Quota: 2}, []int{3, 4}, []int{1, 2, 6, 5}},
		{"all", DrawRules{Quota: 10}, []int{3, 4, 1, 2, 6, 5}, nil},
		{"one a district", DrawRules{Quota: 4, Caps: district}, []int{3, 6}, []int{4, 1, 2, 5}},
		{"none of a district", DrawRules{Quota: 6, Caps: Caps{By: CapDistrict, Of: map[string]int{"36.04.05": 0}}}, []int{6, 5}, []int{3, 4, 1, 2}},
		{"untrained first", DrawRules{Quota: 4, UntrainedFirst: true}, []int{3, 1, 5, 4}, []int{2, 6}},
	} {
		seated, waiting := Draw(drawSeed, entries, c.rules)
		if !slices.Equal(seated, c.seated) || !slices.Equal(waiting, c.waiting) {
			t.Errorf("%s: seated %v, waiting %v; want %v, %v", c.name, seated, waiting, c.seated, c.waiting)
		}
	}
}

// drawn is any draw.
type drawn struct {
	seed    []byte
	entries []DrawEntry
	rules   DrawRules
}

func anyDraw(t *rapid.T) drawn {
	keys := []string{"", "36.04.05", "36.04.06", "36.73.01"}
	d := drawn{seed: rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "seed")}
	for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(1, 500), 0, 60, rapid.ID[int]).Draw(t, "numbers") {
		d.entries = append(d.entries, DrawEntry{
			Number: n, Key: rapid.SampledFrom(keys).Draw(t, "key"), Untrained: rapid.Bool().Draw(t, "untrained"),
		})
	}
	d.rules = DrawRules{Quota: rapid.IntRange(0, 70).Draw(t, "quota"), UntrainedFirst: rapid.Bool().Draw(t, "first")}
	if rapid.Bool().Draw(t, "capped") {
		d.rules.Caps = Caps{
			By: CapDistrict, Each: rapid.IntRange(0, 8).Draw(t, "each"),
			Of: rapid.MapOf(rapid.SampledFrom(keys), rapid.IntRange(0, 12)).Draw(t, "of"),
		}
	}
	return d
}

func (d drawn) of(number int) DrawEntry {
	return d.entries[slices.IndexFunc(d.entries, func(e DrawEntry) bool { return e.Number == number })]
}

// full reports whether as many of a key have a seat as may.
func (d drawn) full(key string, seated []int) bool {
	most, bounded := d.rules.Caps.Max(key)
	return bounded && d.count(key, seated) >= most
}

func (d drawn) count(key string, seated []int) (n int) {
	for _, s := range seated {
		if d.of(s).Key == key {
			n++
		}
	}
	return n
}

func TestDrawKeepsQuotaAndCaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDraw(t)
		seated, waiting := Draw(d.seed, d.entries, d.rules)
		if len(seated) > d.rules.Quota {
			t.Fatalf("%d seats of %d", len(seated), d.rules.Quota)
		}
		for _, n := range seated {
			key := d.of(n).Key
			if most, bounded := d.rules.Caps.Max(key); bounded && d.count(key, seated) > most {
				t.Fatalf("%d of %q have a seat, at most %d may", d.count(key, seated), key, most)
			}
		}
		for _, n := range waiting {
			if len(seated) < d.rules.Quota && !d.full(d.of(n).Key, seated) {
				t.Fatalf("%d waits beside an empty seat they could have", n)
			}
		}
	})
}

func TestDrawLosesAndDoublesNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDraw(t)
		seated, waiting := Draw(d.seed, d.entries, d.rules)
		got := slices.Concat(seated, waiting)
		slices.Sort(got)
		var want []int
		for _, e := range d.entries {
			want = append(want, e.Number)
		}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("drawn %v of %v", got, want)
		}
	})
}

func TestDrawIsTheSameInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDraw(t)
		before := slices.Clone(d.entries)
		seated, waiting := Draw(d.seed, d.entries, d.rules)
		if !reflect.DeepEqual(d.entries, before) {
			t.Fatal("the entries were changed")
		}
		mixed := rapid.Permutation(d.entries).Draw(t, "order")
		again, later := Draw(d.seed, mixed, d.rules)
		if !slices.Equal(seated, again) || !slices.Equal(waiting, later) {
			t.Fatalf("%v, %v; in another order %v, %v", seated, waiting, again, later)
		}
	})
}

// TestDrawTakesTheUntrainedFirst: nobody who has attended one before is ahead
// of somebody who has not, of the seated and of the waiting; nor has one a seat
// that a waiting one, who has not, could have had.
func TestDrawTakesTheUntrainedFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDraw(t)
		d.rules.UntrainedFirst = true
		seated, waiting := Draw(d.seed, d.entries, d.rules)
		for _, list := range [][]int{seated, waiting} {
			trained := false
			for _, n := range list {
				if trained && d.of(n).Untrained {
					t.Fatalf("%d comes behind one who has attended before: %v", n, list)
				}
				trained = trained || !d.of(n).Untrained
			}
		}
		for _, s := range seated {
			for _, w := range waiting {
				taker, loser := d.of(s), d.of(w)
				if !taker.Untrained && loser.Untrained && (taker.Key == loser.Key || !d.full(loser.Key, seated)) {
					t.Fatalf("%d has a seat, %d waits", s, w)
				}
			}
		}
	})
}

// TestDrawIsIndependentOfOthers: of two entries the same is ahead, whoever
// else takes part.
func TestDrawIsIndependentOfOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDraw(t)
		if len(d.entries) == 0 {
			return
		}
		_, all := Draw(d.seed, d.entries, DrawRules{})
		leaves := rapid.SampledFrom(d.entries).Draw(t, "leaves")
		_, fewer := Draw(d.seed, slices.DeleteFunc(slices.Clone(d.entries), func(e DrawEntry) bool { return e == leaves }), DrawRules{})
		if want := slices.DeleteFunc(all, func(n int) bool { return n == leaves.Number }); !slices.Equal(fewer, want) {
			t.Fatalf("%v without %d: %v", all, leaves.Number, fewer)
		}
	})
}

// TestDrawFavoursNobody: over many seeds each of ten gets about as many of
// three seats as the others. The bound is five standard deviations.
func TestDrawFavoursNobody(t *testing.T) {
	const draws, people, seats = 4000, 10, 3
	var entries []DrawEntry
	for n := range people {
		entries = append(entries, DrawEntry{Number: n + 1})
	}
	got := map[int]int{}
	for i := range draws {
		seated, _ := Draw(fmt.Appendf(nil, "seed %d", i), entries, DrawRules{Quota: seats})
		for _, n := range seated {
			got[n]++
		}
	}
	p := float64(seats) / people
	mean, most := draws*p, 5*math.Sqrt(draws*p*(1-p))
	for n := range people {
		if off := math.Abs(float64(got[n+1]) - mean); off > most {
			t.Errorf("number %d has a seat in %d of %d draws, want %.0f ± %.0f", n+1, got[n+1], draws, mean, most)
		}
	}
}
