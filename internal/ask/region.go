package ask

import (
	"slices"
	"strings"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

// Areas is a field for regions.
type Areas struct {
	places place
	own    func(earlier dialog.Answers) []umkm.RegionCode // nil: all of Banten
}

// Regions asks for one or more regions: the province, kabupaten, kota or
// kecamatan, by taps or typed, at first with the step's own words. None lies
// within another. The value is their codes, sorted: "36.04.05,36.73".
func Regions(places Places) Areas { return Areas{places: place{places}} }

// survey is what has been ticked and where the person looks now. Its saved
// form is "36.04.05,36.73;36.04@1": what is ticked, a regency, its second page;
// or ";?36.04,36.73@0": places that a typed name may mean.
type survey struct {
	ticked []umkm.RegionCode
	spot   spot
	own    []umkm.RegionCode // in which regions must lie; nil: anywhere
}

func (s survey) String() string {
	if len(s.ticked) == 0 && s.spot.String() == "" {
		return ""
	}
	return join(s.ticked) + ";" + s.spot.String()
}

func join(codes []umkm.RegionCode) string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = string(c)
	}
	return strings.Join(out, ",")
}

// surveyOf reads a saved form; what no longer exists or cannot be chosen any
// more is left out.
func (f Areas) surveyOf(working string, earlier dialog.Answers) survey {
	list, at, _ := strings.Cut(working, ";")
	s := survey{spot: f.places.spotOf(at)}
	s.own = f.bounds(earlier)
	if len(s.spot.within) > 5 || s.spot.within != "" && !s.sees(s.spot.within) || slices.ContainsFunc(s.spot.found, func(c umkm.RegionCode) bool { return !f.area(c) || !s.may(c) }) {
		s.spot = spot{}
	}
	for code := range strings.SplitSeq(list, ",") {
		if f.area(umkm.RegionCode(code)) && s.may(umkm.RegionCode(code)) {
			s.ticked = with(s.ticked, umkm.RegionCode(code))
		}
	}
	return s
}

// area reports whether a code is the province's, a regency's or a district's.
func (f Areas) area(code umkm.RegionCode) bool {
	r, ok := f.places.places.Find(code)
	return code == umkm.Province || ok && !r.Level.Village()
}

// with adds a region. What contains it or lies within it gives way.
func with(ticked []umkm.RegionCode, code umkm.RegionCode) []umkm.RegionCode {
	out := slices.DeleteFunc(slices.Clone(ticked), func(t umkm.RegionCode) bool {
		return t.Contains(code) || code.Contains(t)
	})
	out = append(out, code)
	slices.Sort(out)
	return out
}

// Ask lists the regencies, or one regency and its districts, those chosen
// ticked.
func (f Areas) Ask(earlier dialog.Answers, working string) dialog.Ask {
	s := f.surveyOf(working, earlier)
	a := dialog.Ask{Accepts: dialog.AcceptText, Columns: 2}
	if len(s.ticked) > 0 {
		a.Key, a.Args = "ask.regions.some", dialog.Args{"Regions": f.Show(join(s.ticked))}
	}
	if s.spot.within != "" {
		a.Key, a.Args = "ask.regions.district", dialog.Args{"Regency": f.places.title(s.spot.within)}
	}
	if len(s.spot.found) > 0 {
		a.Key, a.Args, a.Columns = "ask.regions.which", nil, 1
	} else {
		a.Options = append(a.Options, f.whole(s)...)
	}
	shown, more := f.page(&s)
	for _, r := range shown {
		label := literal(r.Name)
		if s.spot.within == "" {
			label = f.name(r.Code)
		}
		a.Options = append(a.Options, f.tick(s, r.Code, label))
	}
	if s.spot.page > 0 {
		a.Options = append(a.Options, around(previousPage, "ask.previous"))
	}
	if more {
		a.Options = append(a.Options, around(nextPage, "ask.next"))
	}
	if s.spot.String() != "" {
		a.Options = append(a.Options, around(levelUp, "ask.up"))
	}
	if len(s.ticked) > 0 {
		a.Options = append(a.Options, around(doneOption, "ask.done"))
	}
	return a
}

// page lists a page of what can be chosen, or looked into.
func (f Areas) page(s *survey) (shown []regions.Region, more bool) {
	all := slices.DeleteFunc(f.places.listed(s.spot), func(r regions.Region) bool { return !s.sees(r.Code) })
	if s.spot.page*pageSize >= len(all) {
		s.spot.page = 0
	}
	from := s.spot.page * pageSize
	to := min(from+pageSize, len(all))
	return all[from:to], to < len(all)
}

// whole is the option for all of what is listed, if all of it can be chosen.
func (f Areas) whole(s survey) []dialog.Option {
	switch {
	case s.spot.within == "" && s.own != nil:
		label := dialog.Text{Key: "ask.regions.mine"}
		if slices.Equal(s.ticked, s.own) {
			label = dialog.Text{Key: "ask.ticked", Args: dialog.Args{"Option": label}}
		}
		return []dialog.Option{{ID: allMine, Text: label}}
	case s.spot.within == "":
		return []dialog.Option{f.tick(s, umkm.Province, dialog.Text{Key: "value.province"})}
	case !s.may(s.spot.within):
		return nil
	}
	title := literal(f.places.title(s.spot.within))
	return []dialog.Option{f.tick(s, s.spot.within, dialog.Text{Key: "ask.regions.whole", Args: dialog.Args{"Region": title}})}
}

// tick marks an option that is chosen, or in which something is.
func (Areas) tick(s survey, code umkm.RegionCode, label dialog.Text) dialog.Option {
	o := dialog.Option{ID: string(code), Text: label}
	inside := s.spot.within == "" && code != umkm.Province
	if slices.ContainsFunc(s.ticked, func(t umkm.RegionCode) bool { return t == code || inside && code.Contains(t) }) {
		o.Text = dialog.Text{Key: "ask.ticked", Args: dialog.Args{"Option": label}}
	}
	return o
}

// Parse ticks, unticks, looks into a regency, or finishes.
func (f Areas) Parse(in dialog.Input, earlier dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	s := f.surveyOf(working, earlier)
	if in.Option != "" || in.Kind == dialog.InputPress {
		return f.pressed(s, in.Option), nil
	}
	text, why := typed(in)
	if why != nil {
		return dialog.Parsed{}, why
	}
	switch {
	case finished(text) && len(s.ticked) > 0:
		return dialog.Parsed{Value: join(s.ticked)}, nil
	case provincial[squeeze(text)] || mine[squeeze(text)] && s.own != nil:
		return f.chosen(s, s.all()...), nil
	}
	return f.named(s, text)
}

func (f Areas) pressed(s survey, option string) dialog.Parsed {
	code := umkm.RegionCode(option)
	_, more := f.page(&s)
	switch {
	case option == allMine && len(s.own) > 0:
		if slices.Equal(s.ticked, s.own) {
			s.ticked = nil
			return dialog.Parsed{Working: s.String()}
		}
		return f.chosen(s, s.own...)
	case option == doneOption && len(s.ticked) > 0:
		return dialog.Parsed{Value: join(s.ticked)}
	case option == nextPage && more:
		s.spot.page++
	case option == previousPage && s.spot.page > 0:
		s.spot.page--
	case option == levelUp:
		s.spot = spot{}
	case slices.Contains(s.spot.found, code):
		s.spot = spot{}
		return f.chosen(s, code)
	case (code == umkm.Province || len(code) == 8 && f.area(code)) && s.may(code):
		return f.toggled(s, code)
	case code == s.spot.within && code != "" && s.may(code):
		s.spot = spot{}
		return f.toggled(s, code)
	case len(code) == 5 && f.area(code) && s.sees(code):
		s.spot = spot{within: code}
	default:
		return stale
	}
	return dialog.Parsed{Working: s.String()}
}

func (f Areas) toggled(s survey, code umkm.RegionCode) dialog.Parsed {
	if i := slices.Index(s.ticked, code); i >= 0 {
		s.ticked = slices.Delete(s.ticked, i, i+1)
		return dialog.Parsed{Working: s.String()}
	}
	return f.chosen(s, code)
}

func (Areas) chosen(s survey, codes ...umkm.RegionCode) dialog.Parsed {
	for _, code := range codes {
		s.ticked = with(s.ticked, code)
	}
	return dialog.Parsed{Working: s.String()}
}

// separators are what people put between several places.
var separators = strings.NewReplacer(" dan ", ",", " & ", ",", " serta ", ",", " and ", ",", "+", ",", ";", ",", "\n", ",")

// named reads one place, or a list of which each must be clear.
func (f Areas) named(s survey, text string) (dialog.Parsed, *dialog.Problem) {
	parts := strings.FieldsFunc(separators.Replace(text), func(r rune) bool { return r == ',' })
	var codes []umkm.RegionCode
	for _, part := range parts {
		found, elsewhere := f.search(s, strings.TrimSpace(part))
		switch {
		case len(found) == 0 && elsewhere:
			return dialog.Parsed{}, problem("regions_not_yours", "Text", part)
		case len(found) == 0:
			return dialog.Parsed{}, problem("place_unknown", "Text", part)
		case len(found) == 1 && found[0].Score >= regions.Sure:
			codes = append(codes, found[0].Code)
		case len(parts) == 1:
			s.spot = spot{}
			for _, m := range found[:min(len(found), pageSize)] {
				s.spot.found = append(s.spot.found, m.Code)
			}
			return dialog.Parsed{Working: s.String()}, nil
		default:
			return dialog.Parsed{}, problem("regions_which", "Text", part)
		}
	}
	if len(codes) == 0 {
		return dialog.Parsed{}, problem("choose_some")
	}
	s.spot = spot{}
	return f.chosen(s, codes...), nil
}

// search finds the regions that a text may mean, larger ones first; within a
// regency its districts come before what lies elsewhere. elsewhere: it means
// one that cannot be chosen.
func (f Areas) search(s survey, text string) (found []regions.Match, elsewhere bool) {
	look := func(within umkm.RegionCode) []regions.Match {
		all := slices.DeleteFunc(f.places.places.Search(within, text, maxFound), func(m regions.Match) bool { return m.Level.Village() })
		own := slices.DeleteFunc(slices.Clone(all), func(m regions.Match) bool { return !s.may(m.Code) })
		elsewhere = len(all) > 0 && (len(own) == 0 || all[0].Score-own[0].Score > regions.Ahead)
		if len(own) == 0 || elsewhere {
			return nil
		}
		return bestOf(within, own)
	}
	if found := look(s.spot.within); len(found) > 0 && found[0].Score >= regions.Sure {
		return found, false
	}
	found = look("")
	return found, elsewhere
}

// Unwind goes back a page, else out of a regency, else by one tick.
func (f Areas) Unwind(working string) string {
	s := f.free().surveyOf(working, nil)
	switch {
	case s.spot.String() != "":
		s.spot = f.places.spotOf(f.places.Unwind(s.spot.String()))
	case len(s.ticked) > 0:
		s.ticked = s.ticked[:len(s.ticked)-1]
	}
	return s.String()
}

// Reopen starts from what was ticked.
func (f Areas) Reopen(value string) string { return f.free().surveyOf(value, nil).String() }

// Holds reports whether every region exists and can be chosen, none within
// another.
func (f Areas) Holds(value string, earlier dialog.Answers) bool {
	return value != "" && join(f.surveyOf(value, earlier).ticked) == value
}

// Show names the regions.
func (f Areas) Show(value string) dialog.Text {
	first, rest, more := strings.Cut(value, ",")
	label := f.name(umkm.RegionCode(first))
	if !more {
		return label
	}
	return dialog.Text{Key: "value.list", Args: dialog.Args{"First": label, "Rest": f.Show(rest)}}
}

// name is a region's; a kecamatan's says where it lies.
func (f Areas) name(code umkm.RegionCode) dialog.Text {
	if code == umkm.Province {
		return dialog.Text{Key: "value.province"}
	}
	title := f.places.title(code)
	if len(code) > 5 {
		title += " (" + f.places.title(code.Regency()) + ")"
	}
	return literal(title)
}
