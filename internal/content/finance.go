package content

import (
	"math"

	"umkmbot/internal/umkm"
)

// Percents are written as people read them; umkm.Rate counts hundredths.
func rate(percent float64) umkm.Rate { return umkm.Rate(math.Round(percent * 100)) }

// plausible: no law has set a rate above this.
const plausible = 50

type schemeEntry struct {
	ID         string     `toml:"id"`
	Name       umkm.Words `toml:"name"`
	Min        int64      `toml:"min"`
	Max        int64      `toml:"max"`
	Rate       float64    `toml:"rate"`
	Trade      []float64  `toml:"trade"`
	Working    int        `toml:"working"`
	Investment int        `toml:"investment"`
}

func readCredit(f *file, s *Set) {
	var in struct {
		Source
		Schemes []schemeEntry `toml:"scheme"`
	}
	if !f.decode(&in) {
		return
	}
	if err := in.check(); err != nil {
		f.wrong(1, "%s", err)
	}
	s.Credit.Source = in.noun()
	last := int64(0)
	for i, e := range in.Schemes {
		f.scheme(e, i, last)
		last = e.Max
		one := umkm.Scheme{
			ID: e.ID, Name: e.Name, Min: e.Min, Max: e.Max, Rate: rate(e.Rate), Working: e.Working, Investment: e.Investment,
		}
		for _, t := range e.Trade {
			one.Trade = append(one.Trade, rate(t))
		}
		s.Credit.Schemes = append(s.Credit.Schemes, one)
	}
	if len(in.Schemes) == 0 {
		f.wrong(1, "there is no scheme")
	}
	s.Sources["credit"] = s.Credit.Source
}

// scheme checks the nth scheme; last is where the one before ends.
func (f *file) scheme(e schemeEntry, n int, last int64) {
	at := func(key string) int { return f.line("scheme", n, key) }
	if !stepForm.MatchString(e.ID) {
		f.wrong(at("id"), "id %q: one to 16 small letters, digits and _", e.ID)
	}
	f.words(e.Name, at("name"), "name", longestTitle)
	if e.Min <= last || e.Max < e.Min {
		f.wrong(at("min"), "min must exceed the max of the scheme before, and max must not be less than min")
	}
	for _, percent := range append([]float64{e.Rate}, e.Trade...) {
		if percent < 0 || percent > plausible {
			f.wrong(at("rate"), "rates are 0 to %d percent", plausible)
		}
	}
	if e.Working < 6 || e.Investment < 6 || e.Working > 240 || e.Investment > 240 {
		f.wrong(at("working"), "working and investment are 6 to 240 months")
	}
}

func readTax(f *file, s *Set) {
	var in struct {
		Source
		Rate    float64 `toml:"rate"`
		Relief  int64   `toml:"relief"`
		Ceiling int64   `toml:"ceiling"`
		PayBy   int     `toml:"pay_by"`
	}
	if !f.decode(&in) {
		return
	}
	if err := in.check(); err != nil {
		f.wrong(1, "%s", err)
	}
	top := func(key string) int { return f.line("", 0, key) }
	if in.Rate <= 0 || in.Rate > plausible {
		f.wrong(top("rate"), "rate is 0 to %d percent", plausible)
	}
	if in.Relief < 0 || in.Ceiling <= in.Relief {
		f.wrong(top("ceiling"), "ceiling must exceed relief")
	}
	if in.PayBy < 1 || in.PayBy > 28 {
		f.wrong(top("pay_by"), "pay_by is a day, 1 to 28")
	}
	s.Tax = umkm.FinalTax{Source: in.noun(), Rate: rate(in.Rate), Relief: in.Relief, Ceiling: in.Ceiling, PayBy: in.PayBy}
	s.Sources["tax"] = s.Tax.Source
}
