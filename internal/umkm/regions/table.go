package regions

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"umkmbot/internal/umkm"
)

const province umkm.RegionCode = "36"

//go:embed banten.csv
var bantenCSV string // code,name,lat,lon; parents stand before their children

//go:embed aliases.csv
var aliasesCSV string // code,name: older and BPS spellings, still typed

//go:embed regencies.csv
var regenciesCSV string // code,name,now: with the codes withdrawn since 2015

// Table is Banten, indexed.
type Table struct {
	regions  []entry
	byCode   map[umkm.RegionCode]int
	children map[umkm.RegionCode][]Region
	names    []name // the longest first
}

type entry struct {
	Region
	parent int // index, -1 for a regency
}

// name is one spelling and the regions that bear it.
type name struct {
	key     string // letters only
	mask    uint32 // the letters in it
	bearers []int
}

// Banten returns the table, read on first use.
var Banten = sync.OnceValue(func() *Table { return parse(bantenCSV, aliasesCSV) })

// parse panics on a malformed table: it is part of the program.
func parse(regions, aliases string) *Table {
	t := &Table{byCode: map[umkm.RegionCode]int{}, children: map[umkm.RegionCode][]Region{}}
	for _, f := range rows(regions, 4) {
		t.add(umkm.RegionCode(f[0]), f[1], f[2], f[3])
	}
	for code, list := range t.children {
		if code != province {
			slices.SortFunc(list, func(a, b Region) int { return strings.Compare(a.Name, b.Name) })
		}
	}
	byKey := map[string]int{}
	for i := range t.regions {
		t.call(byKey, t.regions[i].Name, i)
	}
	for _, f := range rows(aliases, 2) {
		t.call(byKey, f[1], t.byCode[umkm.RegionCode(f[0])])
	}
	slices.SortStableFunc(t.names, func(a, b name) int { return len(b.key) - len(a.key) })
	return t
}

func (t *Table) add(code umkm.RegionCode, name, lat, lon string) {
	e := entry{Region: Region{Code: code, Name: name, Level: levelOf(code)}, parent: -1}
	above := province
	if !e.Level.Regency() {
		above = code[:strings.LastIndexByte(string(code), '.')]
		e.parent = t.byCode[above]
		e.Lat, e.Lon = degrees(lat), degrees(lon)
	} else {
		_, e.Name, _ = strings.Cut(name, " ")
	}
	t.byCode[code] = len(t.regions)
	t.regions = append(t.regions, e)
	t.children[above] = append(t.children[above], e.Region)
}

// call makes a region findable under a spelling.
func (t *Table) call(byKey map[string]int, spelling string, region int) {
	key := strings.Join(fold(spelling), "")
	n, ok := byKey[key]
	if !ok {
		n = len(t.names)
		byKey[key] = n
		t.names = append(t.names, name{key: key, mask: letters(key)})
	}
	if !slices.Contains(t.names[n].bearers, region) {
		t.names[n].bearers = append(t.names[n].bearers, region)
	}
}

func levelOf(code umkm.RegionCode) Level {
	switch {
	case len(code) == 5 && code[3] == '7':
		return Kota
	case len(code) == 5:
		return Kabupaten
	case len(code) == 8:
		return Kecamatan
	case code[9] == '1':
		return Kelurahan
	}
	return Desa
}

func degrees(s string) float64 {
	d, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(fmt.Sprintf("regions: %q is no degree", s))
	}
	return d
}

// rows splits a table without quoting and drops its heading.
func rows(table string, columns int) [][]string {
	var out [][]string
	for line := range strings.Lines(table) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), ",")
		if len(f) != columns {
			panic(fmt.Sprintf("regions: %q has not %d columns", line, columns))
		}
		out = append(out, f)
	}
	return out[1:]
}

var regencies = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for _, f := range rows(regenciesCSV, 3) {
		names[f[0]] = f[1]
	}
	return names
})

// KnownRegency names the kabupaten or kota of the first four digits of a NIK,
// anywhere in Indonesia. Codes withdrawn since 2015 are known too; older ones
// may be missing, so an unknown code proves nothing.
func KnownRegency(digits string) (name string, ok bool) {
	name, ok = regencies()[digits]
	return name, ok
}
