package umkm

import "testing"

func TestFinalTax(t *testing.T) {
	f := FinalTax{Rate: 50, Relief: 500_000_000, Ceiling: 4_800_000_000}
	for _, c := range []struct {
		sales      int64
		individual bool
		want       TaxDue
	}{
		{620_000_000, true, TaxDue{true, 120_000_000, 600_000}},
		{620_000_000, false, TaxDue{true, 620_000_000, 3_100_000}},
		{500_000_000, true, TaxDue{Applies: true}},
		{500_000_200, true, TaxDue{true, 200, 1}},
		{0, false, TaxDue{Applies: true}},
		{4_800_000_000, true, TaxDue{true, 4_300_000_000, 21_500_000}},
		{4_800_000_001, true, TaxDue{}},
	} {
		if got := f.Of(c.sales, c.individual); got != c.want {
			t.Errorf("%d, individual %v: %+v, want %+v", c.sales, c.individual, got, c.want)
		}
	}
}
