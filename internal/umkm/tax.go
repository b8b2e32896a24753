package umkm

// FinalTax are the terms of a tax on sales; the figures are content.
type FinalTax struct {
	Source
	Rate    Rate
	Relief  int64 // rupiah a year that stay untaxed for an individual
	Ceiling int64 // rupiah a year above which the tax is another
	PayBy   int   // day of the next month
}

// TaxDue is what a year's sales owe.
type TaxDue struct {
	Applies bool  // false: the sales are above the ceiling
	Taxed   int64 // rupiah of the sales
	Due     int64 // rupiah
}

// Of a year's sales; relief is an individual's only.
func (f FinalTax) Of(sales int64, individual bool) TaxDue {
	if sales > f.Ceiling {
		return TaxDue{}
	}
	taxed := sales
	if individual {
		taxed = max(0, sales-f.Relief)
	}
	return TaxDue{Applies: true, Taxed: taxed, Due: taxed * int64(f.Rate) / 100_00}
}
