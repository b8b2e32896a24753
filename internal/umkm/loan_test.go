package umkm

import (
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func TestAnnuity(t *testing.T) {
	for _, c := range []struct {
		amount                  int64
		rate                    Rate
		months                  int
		monthly, interest, last int64
	}{
		{50_000_000, 600, 36, 1_521_097, 4_759_488, 1_521_093},
		{10_000_000, 300, 12, 846_937, 163_244, 846_937},
		{100_000_000, 600, 60, 1_933_280, 15_996_809, 1_933_289},
		{12_000_000, 0, 12, 1_000_000, 0, 1_000_000},
		{100, 600, 1, 101, 1, 101},
	} {
		p, err := Annuity(c.amount, c.rate, c.months)
		if err != nil {
			t.Fatal(err)
		}
		last := p.Instalments[len(p.Instalments)-1]
		if p.Monthly != c.monthly || p.Interest != c.interest || last.Payment != c.last {
			t.Errorf("%d at %d for %d: %d a month, interest %d, last %d", c.amount, c.rate, c.months, p.Monthly, p.Interest, last.Payment)
		}
	}
	if p, _ := Annuity(50_000_000, 600, 36); p.Instalments[0].Interest != 250_000 {
		t.Errorf("first interest %d", p.Instalments[0].Interest)
	}
	for _, c := range []struct {
		amount int64
		rate   Rate
		months int
	}{{0, 600, 12}, {-1, 600, 12}, {MaxTurnover + 1, 600, 12}, {1, -1, 12}, {1, 100_01, 12}, {1, 600, 0}, {1, 600, maxMonths + 1}} {
		if _, err := Annuity(c.amount, c.rate, c.months); !errors.Is(err, ErrLoan) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// TestAnnuityAddsUp: what is paid back is the amount, month by month.
func TestAnnuityAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(1, 500_000_000).Draw(t, "amount")
		p, err := Annuity(amount, Rate(rapid.Int64Range(0, 2400).Draw(t, "rate")), rapid.IntRange(1, maxMonths).Draw(t, "months"))
		if err != nil {
			t.Fatal(err)
		}
		left, interest := amount, int64(0)
		for _, i := range p.Instalments {
			left -= i.Principal
			interest += i.Interest
			if i.Payment != i.Principal+i.Interest || i.Left != left || i.Principal < 0 || i.Interest < 0 || left < 0 {
				t.Fatalf("month %d: %+v", i.Month, i)
			}
		}
		if left != 0 || interest != p.Interest {
			t.Fatalf("left %d, interest %d of %d", left, interest, p.Interest)
		}
	})
}
