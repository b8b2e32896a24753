package regions

import (
	"testing"
)

func TestLikeness(t *testing.T) {
	for _, pair := range []struct {
		typed, word string
		least, most float64
	}{
		{"Aminah", "aminah", 1, 1},
		{"aminh", "aminah", 0.8, 0.99},
		{"nurjana", "Nurjanah", 0.8, 0.99},
		{"komala", "komalasari", 0.7, 0.95},
		{"rené", "rene", 1, 1},
		{"siti", "sita", 0.8, 0.99}, // by ear
		{"siti", "tuti", 0, 0},
		{"si", "siti", 0, 0}, // too short for a beginning
		{"", "siti", 0, 0},
		{"siti", "", 0, 0},
		{"123", "123", 0, 0}, // no letters
	} {
		if got := Likeness(pair.typed, pair.word); got < pair.least || got > pair.most {
			t.Errorf("%q and %q: %v, want %v to %v", pair.typed, pair.word, got, pair.least, pair.most)
		}
	}
}
