package umkm

// Credit are the terms of a credit programme; the figures are content.
type Credit struct {
	Source
	Schemes []Scheme // by rising amounts, none overlapping
}

// Scheme is one size of loan.
type Scheme struct {
	ID         string
	Name       Words
	Min, Max   int64  // rupiah
	Rate       Rate   // effective, a year
	Trade      []Rate // of trade that is not export, by the how-manieth loan; none: Rate
	Working    int    // longest, in months, for working capital
	Investment int    // longest, in months, for investment
}

// SchemeOf is the scheme of an amount.
func (c Credit) SchemeOf(amount int64) (Scheme, bool) {
	for _, s := range c.Schemes {
		if amount >= s.Min && amount <= s.Max {
			return s, true
		}
	}
	return Scheme{}, false
}

// Bounds are the least and the largest amount of all schemes.
func (c Credit) Bounds() (low, high int64) {
	if len(c.Schemes) == 0 {
		return 0, 0
	}
	return c.Schemes[0].Min, c.Schemes[len(c.Schemes)-1].Max
}

// TradeRate is the rate of the nth loan for trade, from 1; later ones than the
// scheme has pay the last.
func (s Scheme) TradeRate(n int) Rate {
	if len(s.Trade) == 0 {
		return s.Rate
	}
	return s.Trade[min(max(n, 1), len(s.Trade))-1]
}
