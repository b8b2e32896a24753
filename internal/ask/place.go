package ask

import (
	"strconv"
	"strings"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

// Places is what a place is looked up in; *regions.Table is one.
type Places interface {
	Regencies() []regions.Region
	Children(umkm.RegionCode) []regions.Region
	Find(umkm.RegionCode) (regions.Region, bool)
	Path(umkm.RegionCode) string
	Search(within umkm.RegionCode, text string, limit int) []regions.Match
	Nearest(lat, lon float64, limit int) []regions.Region
}

type place struct{ places Places }

// Place asks for a desa or kelurahan in one step: by taps from kabupaten to
// kecamatan to desa, by typing it, or by sharing a location. The value is the
// village's code.
func Place(places Places) dialog.Field { return place{places} }

// Options beside the regions themselves.
const (
	nextPage     = "next"
	previousPage = "previous"
	levelUp      = "up"
)

const (
	pageSize  = 8
	maxFound  = 40 // places listed when many bear the name typed
	maxGuess  = 5
	nearby    = 3
	foundMark = "?"
)

// spot is how far a place has been narrowed down. Its saved form is
// "36.04@2" (a region, third page) or "?36.04.05.2001,36.73@0" (places found).
type spot struct {
	within umkm.RegionCode
	found  []umkm.RegionCode
	page   int
}

func (s spot) String() string {
	if s.page == 0 && s.within == "" && len(s.found) == 0 {
		return ""
	}
	head := string(s.within)
	if len(s.found) > 0 {
		codes := make([]string, len(s.found))
		for i, c := range s.found {
			codes[i] = string(c)
		}
		head = foundMark + strings.Join(codes, ",")
	}
	return head + "@" + strconv.Itoa(s.page)
}

// spotOf reads a saved form; what no longer exists starts anew.
func (f place) spotOf(working string) spot {
	head, page, _ := strings.Cut(working, "@")
	var s spot
	s.page, _ = strconv.Atoi(page)
	if list, ok := strings.CutPrefix(head, foundMark); ok {
		for code := range strings.SplitSeq(list, ",") {
			if _, ok := f.places.Find(umkm.RegionCode(code)); ok {
				s.found = append(s.found, umkm.RegionCode(code))
			}
		}
	} else if r, ok := f.places.Find(umkm.RegionCode(head)); ok && !r.Level.Village() {
		s.within = r.Code
	} else if head != "" {
		return spot{}
	}
	if last := (len(f.listed(s)) - 1) / pageSize; s.page < 0 || s.page > last {
		s.page = 0
	}
	return s
}

// listed gives the regions to choose from.
func (f place) listed(s spot) []regions.Region {
	switch {
	case len(s.found) > 0:
		out := make([]regions.Region, 0, len(s.found))
		for _, code := range s.found {
			r, _ := f.places.Find(code)
			out = append(out, r)
		}
		return out
	case s.within == "":
		return f.places.Regencies()
	}
	return f.places.Children(s.within)
}

func (f place) page(s spot) (shown []regions.Region, more bool) {
	all := f.listed(s)
	from := min(s.page*pageSize, len(all))
	to := min(from+pageSize, len(all))
	return all[from:to], to < len(all)
}

// around is an option that leads elsewhere instead of answering.
func around(id, key string) dialog.Option {
	o := option(id, key)
	o.Apart = true
	return o
}

// Unwind goes back a page, else up a level.
func (f place) Unwind(working string) string {
	s := f.spotOf(working)
	if s.page > 0 {
		s.page--
		return s.String()
	}
	return above(s).String()
}

func (f place) Ask(_ dialog.Answers, working string) dialog.Ask {
	s := f.spotOf(working)
	a := dialog.Ask{Accepts: dialog.AcceptText | dialog.AcceptLocation, Columns: 2, Key: "ask.place.regency"}
	shown, more := f.page(s)
	for _, r := range shown {
		a.Options = append(a.Options, dialog.Option{ID: string(r.Code), Text: literal(f.label(s, r))})
	}
	if s.page > 0 {
		a.Options = append(a.Options, around(previousPage, "ask.previous"))
	}
	if more {
		a.Options = append(a.Options, around(nextPage, "ask.next"))
	}
	if s.within != "" || len(s.found) > 0 {
		a.Options = append(a.Options, around(levelUp, "ask.up"))
	}
	switch {
	case len(s.found) > 0:
		a.Key, a.Columns = "ask.place.which", 1
	case len(s.within) > 5:
		a.Key = "ask.place.village"
		district, _ := f.places.Find(s.within)
		a.Args = dialog.Args{"District": district.Name, "Regency": f.title(s.within.Regency())}
	case s.within != "":
		a.Key = "ask.place.district"
		a.Args = dialog.Args{"Regency": f.title(s.within)}
	}
	return a
}

func option(id, key string) dialog.Option {
	return dialog.Option{ID: id, Text: dialog.Text{Key: key}}
}

func (f place) title(code umkm.RegionCode) string {
	r, _ := f.places.Find(code)
	return r.Title()
}

// label is short while drilling down and in full among places found.
func (f place) label(s spot, r regions.Region) string {
	switch {
	case len(s.found) > 0:
		return f.places.Path(r.Code)
	case r.Level.Regency():
		return r.Title()
	}
	return r.Name
}

func (f place) Parse(in dialog.Input, _ dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	s := f.spotOf(working)
	if in.Option != "" || in.Kind == dialog.InputPress {
		return f.pressed(s, in.Option), nil
	}
	if in.Kind == dialog.InputLocation {
		return f.located(s, in.Location)
	}
	if p, why, ok := confirming(in, s.String(), false); ok {
		return p, why
	}
	text, why := typed(in)
	if why != nil {
		return dialog.Parsed{}, why
	}
	shown, _ := f.page(s)
	if n, ok := ordinal(text, len(shown)); ok {
		return f.choose(shown[n]), nil
	}
	return f.search(s, text)
}

func (f place) pressed(s spot, option string) dialog.Parsed {
	shown, more := f.page(s)
	switch {
	case option == nextPage && more:
		s.page++
		return dialog.Parsed{Working: s.String()}
	case option == previousPage && s.page > 0:
		s.page--
		return dialog.Parsed{Working: s.String()}
	case option == levelUp:
		return dialog.Parsed{Working: above(s).String()}
	}
	for _, r := range shown {
		if string(r.Code) == option {
			return f.choose(r)
		}
	}
	return stale
}

func above(s spot) spot {
	if len(s.within) > 5 {
		return spot{within: s.within.Regency()}
	}
	return spot{}
}

// choose settles on a village or goes into a larger region.
func (place) choose(r regions.Region) dialog.Parsed {
	if r.Level.Village() {
		return dialog.Parsed{Value: string(r.Code)}
	}
	return dialog.Parsed{Working: spot{within: r.Code}.String()}
}

func (f place) located(s spot, at dialog.Location) (dialog.Parsed, *dialog.Problem) {
	var codes []string
	for _, r := range f.places.Nearest(at.Latitude, at.Longitude, nearby) {
		codes = append(codes, string(r.Code))
	}
	if len(codes) == 0 {
		return dialog.Parsed{}, problem("place_outside")
	}
	return guess(s.String(), codes...), nil
}

// search looks below what is chosen, then everywhere when nothing there fits
// or something elsewhere fits much better.
func (f place) search(s spot, text string) (dialog.Parsed, *dialog.Problem) {
	within := s.within
	found := f.places.Search(within, text, maxFound)
	if within != "" && (len(found) == 0 || found[0].Score < regions.Sure) {
		all := f.places.Search("", text, maxFound)
		if len(found) == 0 || len(all) > 0 && all[0].Score-found[0].Score > 0.1 {
			found, within = all, ""
		}
	}
	if len(found) == 0 {
		return dialog.Parsed{}, problem("place_unknown", "Text", text)
	}
	best := bestOf(within, found)
	if len(best) == 1 && !best[0].Level.Village() && best[0].Score >= regions.Sure {
		return f.choose(best[0].Region), nil
	}
	var codes []string
	next := spot{}
	villages := true
	for _, m := range best {
		codes = append(codes, string(m.Code))
		next.found = append(next.found, m.Code)
		villages = villages && m.Level.Village()
	}
	if villages && len(codes) <= maxGuess {
		return guess(s.String(), codes...), nil
	}
	return dialog.Parsed{Working: next.String()}, nil
}

// bestOf keeps the matches about as good as the first. Of equals, those of the
// level being asked for come alone: "Pandeglang" is first of all the regency.
func bestOf(within umkm.RegionCode, found []regions.Match) []regions.Match {
	var best, asked []regions.Match
	for _, m := range found {
		if found[0].Score-m.Score >= regions.Ahead && (found[0].Score >= regions.Sure || len(best) >= maxGuess) {
			break
		}
		best = append(best, m)
		if found[0].Score == m.Score && m.Score >= regions.Sure && onLevel(within, m.Region) {
			asked = append(asked, m)
		}
	}
	if len(asked) > 0 {
		return asked
	}
	return best
}

func onLevel(within umkm.RegionCode, r regions.Region) bool {
	switch len(within) {
	case 0:
		return r.Level.Regency()
	case 5:
		return r.Level == regions.Kecamatan
	}
	return r.Level.Village()
}

func (f place) Holds(value string, _ dialog.Answers) bool {
	r, ok := f.places.Find(umkm.RegionCode(value))
	return ok && r.Level.Village()
}

func (f place) Show(value string) dialog.Text {
	return literal(f.places.Path(umkm.RegionCode(value)))
}
