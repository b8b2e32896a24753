package flows

import "testing"

func TestSameName(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"SITI AMINAH", "Siti Aminah", true},
		{"Siti Aminah Binti Ahmad", "Siti Aminah", true},
		{"HJ. SITI AMINAH, S.Pd", "siti aminah", true},
		{"PT KERIPIK BU SITI", "Keripik Bu Siti", true},
		{"Budi Santoso", "Siti Aminah", false},
		{"Siti Rohmah", "Siti Aminah", false},
		{"Mas'ud", "Masud", true},
		{"", "Siti", false},
		{"PT", "Siti", false},
	} {
		if got := sameName(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}
