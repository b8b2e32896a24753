package ask

import (
	"slices"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Within lets only regions be chosen that lie in some, none of them within
// another; one tap chooses them all.
func (f Areas) Within(own func(earlier dialog.Answers) []umkm.RegionCode) Areas {
	f.own = own
	return f
}

// bounds are what the regions must lie in, sorted; nil: anywhere.
func (f Areas) bounds(earlier dialog.Answers) []umkm.RegionCode {
	if f.own == nil {
		return nil
	}
	own := f.own(earlier)
	if slices.Contains(own, umkm.Province) {
		return nil
	}
	return append([]umkm.RegionCode{}, slices.Sorted(slices.Values(own))...)
}

// may reports whether a region can be chosen, sees whether anything in it can.
func (s survey) may(code umkm.RegionCode) bool {
	return s.own == nil || slices.ContainsFunc(s.own, func(o umkm.RegionCode) bool { return o.Contains(code) })
}

func (s survey) sees(code umkm.RegionCode) bool {
	return s.may(code) || slices.ContainsFunc(s.own, func(o umkm.RegionCode) bool { return code.Contains(o) })
}

// all is everything that can be chosen.
func (s survey) all() []umkm.RegionCode {
	if s.own == nil {
		return []umkm.RegionCode{umkm.Province}
	}
	return s.own
}

// mine are words for all of one's own regions.
var mine = map[string]bool{"semua daerah saya": true, "daerah saya": true, "wilayah saya": true, "semua wilayah saya": true, "al mine": true, "mine": true}

// provincial are words for the whole province.
var provincial = func() map[string]bool {
	set := map[string]bool{}
	for _, s := range []string{
		"semua", "semuanya", "seluruhnya", "semua daerah", "seluruh daerah", "banten", "provinsi", "provinsi banten", "propinsi banten",
		"se-banten", "se banten", "sebanten", "seluruh banten", "semua banten", "seluruh provinsi", "all", "all of banten", "the whole province",
	} {
		set[squeeze(s)] = true
	}
	return set
}()

// allMine is the option for every region that can be chosen.
const allMine = "mine"

// free is the field without its bounds, which depend on other answers.
func (f Areas) free() Areas { return Areas{places: f.places} }
