package umkm_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"umkmbot/internal/umkm"
)

func TestRegionCuts(t *testing.T) {
	for _, c := range []struct{ code, district, regency umkm.RegionCode }{
		{"36.04.05.2001", "36.04.05", "36.04"},
		{"36.04.05", "36.04.05", "36.04"},
		{"36.04", "36.04", "36.04"},
		{"36", "36", "36"},
		{"", "", ""},
	} {
		if d, r := c.code.District(), c.code.Regency(); d != c.district || r != c.regency {
			t.Errorf("%q lies in %q and %q, want %q and %q", c.code, d, r, c.district, c.regency)
		}
	}
}

func TestParseTurnover(t *testing.T) {
	for text, want := range map[string]umkm.Turnover{
		"5000000/month":         {Rupiah: 5_000_000, Per: umkm.PerMonth},
		"0/day":                 {Rupiah: 0, Per: umkm.PerDay},
		"1/week":                {Rupiah: 1, Per: umkm.PerWeek},
		"100000000000000/year":  {Rupiah: umkm.MaxTurnover, Per: umkm.PerYear},
		"100000000000001/year":  {},
		"-1/day":                {},
		"5000000":               {},
		"5000000/":              {},
		"5000000/hour":          {},
		"/month":                {},
		"5.000.000/month":       {},
		"9223372036854775808/d": {},
		"":                      {},
	} {
		got, err := umkm.ParseTurnover(text)
		if bad := want.Per == ""; bad != errors.Is(err, umkm.ErrTurnover) || got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestYearly(t *testing.T) {
	for turnover, want := range map[umkm.Turnover]int64{
		{Rupiah: 500_000, Per: umkm.PerDay}:            182_500_000,
		{Rupiah: 1_000_000, Per: umkm.PerWeek}:         52_000_000,
		{Rupiah: 5_000_000, Per: umkm.PerMonth}:        60_000_000,
		{Rupiah: 7, Per: umkm.PerYear}:                 7,
		{Rupiah: umkm.MaxTurnover, Per: umkm.PerDay}:   365 * umkm.MaxTurnover, // fits
		{Rupiah: 500_000, Per: umkm.Period("forever")}: 0,
	} {
		if got := turnover.Yearly(); got != want {
			t.Errorf("%s: %d, want %d", turnover, got, want)
		}
	}
}

func FuzzParseTurnover(f *testing.F) {
	f.Add("5000000/month")
	f.Add("0/day")
	f.Add("+5/day")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := umkm.ParseTurnover(s)
		if err != nil {
			return
		}
		if got.Rupiah < 0 || got.Rupiah > umkm.MaxTurnover || got.Yearly() < got.Rupiah {
			t.Errorf("%q is %+v, %d a year", s, got, got.Yearly())
		}
		if again, err := umkm.ParseTurnover(got.String()); err != nil || again != got {
			t.Errorf("%q comes back as %+v, %v", s, again, err)
		}
	})
}

func TestSince(t *testing.T) {
	for text, want := range map[string]umkm.Since{
		"2019": {Year: 2019}, "2019-03": {Year: 2019, Month: 3}, "2019-12": {Year: 2019, Month: 12},
		"": {}, "19": {}, "20190": {}, "2019-": {}, "2019-0": {}, "2019-13": {}, "2019-03-01": {}, "-019": {}, "abcd": {}, "0000": {}, "+019": {}, "2019-+3": {}, "2019-mar": {},
	} {
		got, err := umkm.ParseSince(text)
		if bad := want.Year == 0; bad != errors.Is(err, umkm.ErrSince) || got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
		if err == nil && got.String() != text {
			t.Errorf("%q is said as %q", text, got.String())
		}
	}
	if got := (umkm.Since{}).String(); got != "" {
		t.Errorf("nothing known is said as %q", got)
	}
}

func FuzzParseSince(f *testing.F) {
	f.Add("2019-03")
	f.Add("2019-3")
	f.Add("+019")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := umkm.ParseSince(s)
		if err != nil {
			return
		}
		if got.Month < 0 || got.Month > 12 || got.Year < 0 || got.Year > 9999 {
			t.Errorf("%q is %+v", s, got)
		}
		if again, err := umkm.ParseSince(got.String()); err != nil || again != got {
			t.Errorf("%q is %+v and comes back as %+v, %v", s, got, again, err)
		}
	})
}

func TestRupiah(t *testing.T) {
	for amount, want := range map[int64]string{
		0: "Rp0", 1: "Rp1", 999: "Rp999", 1000: "Rp1.000", 12_345: "Rp12.345", 1_500_000: "Rp1.500.000",
		-1: "-Rp1", -1000: "-Rp1.000", math.MaxInt64: "Rp9.223.372.036.854.775.807", math.MinInt64: "-Rp9.223.372.036.854.775.808",
	} {
		if got := umkm.Rupiah(amount); got != want {
			t.Errorf("%d: %s, want %s", amount, got, want)
		}
	}
}

// Whatever the amount, its digits are all there, in threes.
func TestRupiahKeepsEveryDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64().Draw(t, "amount")
		said := umkm.Rupiah(amount)
		parts := strings.Split(strings.TrimPrefix(strings.TrimPrefix(said, "-"), "Rp"), ".")
		for i, p := range parts {
			if len(p) > 3 || i > 0 && len(p) != 3 {
				t.Fatalf("%d is said as %s", amount, said)
			}
		}
		if amount < 0 != strings.HasPrefix(said, "-") {
			t.Fatalf("%d is said as %s", amount, said)
		}
	})
}
