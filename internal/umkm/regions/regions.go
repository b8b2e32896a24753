// Package regions knows the kabupaten, kota, kecamatan, desa and kelurahan of
// Banten: names, codes and approximate points, searched as people type them.
// The tables are embedded; NOTICE names their sources.
package regions

import (
	"math"
	"slices"
	"strings"

	"umkmbot/internal/umkm"
)

// Level tells the kinds of region apart.
type Level uint8

// The levels, by the form of a code.
const (
	Kabupaten Level = iota + 1 // 36.01
	Kota                       // 36.71
	Kecamatan                  // 36.01.01
	Desa                       // 36.01.01.2001
	Kelurahan                  // 36.01.01.1001
)

// Regency reports whether the level is that of a kabupaten or kota.
func (l Level) Regency() bool { return l == Kabupaten || l == Kota }

// Village reports whether the level is the lowest, desa or kelurahan.
func (l Level) Village() bool { return l == Desa || l == Kelurahan }

// Region is one place with a Kemendagri code.
type Region struct {
	Code  umkm.RegionCode
	Level Level
	Name  string // without its kind: "Pandeglang", "Sumur", "Kertajaya"
	// Lat and Lon are degrees (WGS 84), approximate; 0 for a kabupaten or kota.
	Lat, Lon float64
}

var kinds = map[Level]string{
	Kabupaten: "Kabupaten ", Kota: "Kota ", Kecamatan: "Kec. ", Desa: "Desa ", Kelurahan: "Kelurahan ",
}

// Title is the name with its kind: "Kota Serang", "Kec. Sumur", "Desa Kertajaya".
func (r Region) Title() string { return kinds[r.Level] + r.Name }

// Regencies lists Banten's kabupaten and kota by code.
func (t *Table) Regencies() []Region { return slices.Clone(t.children[province]) }

// Children lists the regions one level below a code, in alphabetical order;
// none for a village or an unknown code. "" and "36" give the regencies.
func (t *Table) Children(code umkm.RegionCode) []Region {
	if code == "" {
		code = province
	}
	return slices.Clone(t.children[code])
}

// Find returns the region with a code.
func (t *Table) Find(code umkm.RegionCode) (Region, bool) {
	i, ok := t.byCode[code]
	if !ok {
		return Region{}, false
	}
	return t.regions[i].Region, true
}

// Path names a place in full: "Desa Kertajaya, Kec. Sumur, Kabupaten
// Pandeglang". An unknown code is its own name.
func (t *Table) Path(code umkm.RegionCode) string {
	i, ok := t.byCode[code]
	if !ok {
		return string(code)
	}
	var b strings.Builder
	for {
		r := &t.regions[i]
		b.WriteString(r.Title())
		if r.parent < 0 {
			return b.String()
		}
		b.WriteString(", ")
		i = r.parent
	}
}

// Reach is how far from the nearest village point a position still counts as
// Banten, in kilometres: the largest inhabited desa of Lebak measure about that.
const Reach = 7

// Nearest lists up to limit villages around a position, nearest first; none
// when the position is outside Banten. Places near the border of a
// neighbouring province may still get some.
func (t *Table) Nearest(lat, lon float64, limit int) []Region {
	type near struct {
		index int
		km    float64
	}
	var all []near
	for i := range t.regions {
		r := &t.regions[i]
		if !r.Level.Village() {
			continue
		}
		if km := distance(lat, lon, r.Lat, r.Lon); km <= Reach {
			all = append(all, near{i, km})
		}
	}
	slices.SortFunc(all, func(a, b near) int {
		switch {
		case a.km < b.km:
			return -1
		case a.km > b.km:
			return 1
		}
		return a.index - b.index
	})
	out := make([]Region, 0, min(limit, len(all)))
	for _, n := range all[:min(max(limit, 0), len(all))] {
		out = append(out, t.regions[n.index].Region)
	}
	return out
}

// distance is in kilometres, good for the tens of kilometres asked about.
func distance(lat1, lon1, lat2, lon2 float64) float64 {
	const kmPerDegree = 111.195
	dy := lat2 - lat1
	dx := (lon2 - lon1) * math.Cos((lat1+lat2)/2*math.Pi/180)
	return kmPerDegree * math.Hypot(dx, dy)
}
