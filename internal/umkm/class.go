package umkm

// Class is a size class of businesses by their annual sales.
type Class struct {
	ID       string `toml:"id"`
	MaxSales int64  `toml:"max_sales"` // rupiah a year, inclusive
}

// Classes are the size classes, smallest first. The borders are law and
// therefore content, not code.
type Classes []Class

// The classes that no border belongs to.
const (
	ClassUnknown = "unknown" // turnover not told
	ClassLarge   = "large"   // above every border
)

// Of is the id of the class that a turnover falls into.
func (c Classes) Of(t *Turnover) string {
	if t == nil {
		return ClassUnknown
	}
	for _, class := range c {
		if t.Yearly() <= class.MaxSales {
			return class.ID
		}
	}
	return ClassLarge
}
