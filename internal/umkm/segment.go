package umkm

import (
	"errors"
	"slices"
)

// Segment says which of the registered owners are meant. Every part narrows it
// down; of a part's entries one is enough, unless it says otherwise. The zero
// Segment means everybody.
type Segment struct {
	Regions   []RegionCode   `json:"regions,omitempty"`   // where the business lies; none, or the province: everywhere
	Sectors   []string       `json:"sectors,omitempty"`   // lines of business
	Classes   []string       `json:"classes,omitempty"`   // ids of size classes, ClassUnknown and ClassLarge among them
	Has       []DocumentKind `json:"has,omitempty"`       // approved and valid, all of them
	Lacks     []DocumentKind `json:"lacks,omitempty"`     // none of them approved
	Asked     []string       `json:"asked,omitempty"`     // programmes asked for and not taken back
	Untrained bool           `json:"untrained,omitempty"` // has never attended a training
	Trained   bool           `json:"trained,omitempty"`   // has attended one
	Got       []string       `json:"got,omitempty"`       // programmes whose request is done
	// RegisteredFrom and RegisteredTo are days between which the business was
	// registered, SeenFrom one since which the account has been heard of:
	// 2006-01-02, in the office's zone; "": no border.
	RegisteredFrom string `json:"registered_from,omitempty"`
	RegisteredTo   string `json:"registered_to,omitempty"`
	SeenFrom       string `json:"seen_from,omitempty"`
	Training       string `json:"training,omitempty"` // id: who has a live seat in it, or attended it
	List           string `json:"list,omitempty"`     // id of an imported list of registration numbers
}

// Within reports whether every region that the segment may reach lies in those
// of a role.
func (s Segment) Within(regions []RegionCode) bool {
	if len(s.Regions) == 0 {
		return slices.Contains(regions, Province)
	}
	for _, r := range s.Regions {
		if !slices.ContainsFunc(regions, func(own RegionCode) bool { return own.Contains(r) }) {
			return false
		}
	}
	return true
}

// TurnoverRange is a size class as borders of the turnover, in rupiah a year.
type TurnoverRange struct {
	Above   int64 // not included; -1: from nothing on
	UpTo    int64 // included; 0: no upper border
	Unknown bool  // the turnover was not told; the borders mean nothing
}

// Ranges gives the borders of some classes; ids that there are none of are
// left out.
func (c Classes) Ranges(ids []string) []TurnoverRange {
	var out []TurnoverRange
	above := int64(-1)
	for _, class := range c {
		if slices.Contains(ids, class.ID) {
			out = append(out, TurnoverRange{Above: above, UpTo: class.MaxSales})
		}
		above = class.MaxSales
	}
	if slices.Contains(ids, ClassLarge) {
		out = append(out, TurnoverRange{Above: above})
	}
	if slices.Contains(ids, ClassUnknown) {
		out = append(out, TurnoverRange{Unknown: true})
	}
	return out
}

// ErrSegment: a segment names what there is none of.
var ErrSegment = errors.New("umkm: not a segment")
