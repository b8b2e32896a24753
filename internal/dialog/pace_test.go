package dialog_test

import (
	"testing"

	"umkmbot/internal/dialog"
)

// burst counts what is heard of n messages at the moments given, and how
// often the person is told.
func burst(p *dialog.Pace, moments ...int64) (heard, told int) {
	for _, at := range moments {
		next, over, first := p.Next(at)
		*p = next
		if !over {
			heard++
		}
		if first {
			told++
		}
	}
	return heard, told
}

func repeat(n int, at int64) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = at
	}
	return out
}

func TestPace(t *testing.T) {
	cases := map[string]struct {
		moments     []int64
		heard, told int
	}{
		"five at once":                {repeat(5, 1000), 5, 0},
		"thirty at once":              {repeat(30, 1000), 30, 0},
		"one too many":                {repeat(31, 1000), 30, 1},
		"two thousand":                {repeat(2000, 1000), 30, 1},
		"a long conversation":         {[]int64{0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22}, 12, 0},
		"on after a pause":            {append(repeat(40, 1000), 1003), 31, 1},
		"no pause, however long":      {append(repeat(40, 1000), 1002, 1004, 1006, 1008, 1010, 1012), 30, 1},
		"twice":                       {append(repeat(40, 1000), repeat(40, 1010)...), 60, 2},
		"the clock put back":          {append(repeat(40, 1000), repeat(5, 400)...), 35, 1},
		"three a second for a minute": {threeASecond(60), 30 * 6, 0},
	}
	for name, c := range cases {
		var p dialog.Pace
		if heard, told := burst(&p, c.moments...); heard != c.heard || told != c.told {
			t.Errorf("%s: %d heard, told %d times; want %d and %d", name, heard, told, c.heard, c.told)
		}
	}
}

func threeASecond(seconds int64) (out []int64) {
	for s := range seconds {
		out = append(out, s, s, s)
	}
	return out
}
