package flows

import (
	"slices"
	"strings"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// segmentSteps ask which owners are meant: regions within those that the
// dialog was given, and what narrows them down. wider are ways of narrowing
// beside those that every such conversation has.
func segmentSteps(places ask.Places, programmes []umkm.Programme, wider ...string) []dialog.Step {
	var ids, kinds []string
	for _, p := range programmes {
		ids = append(ids, p.ID)
	}
	for _, kind := range umkm.DocumentKinds() {
		if kind != umkm.DocumentOther {
			kinds = append(kinds, string(kind))
		}
	}
	parts := append([]string{"sector", "class", "has", "lacks", "asked", "untrained"}, wider...)
	if len(ids) == 0 {
		parts = slices.DeleteFunc(parts, func(p string) bool { return p == "asked" || p == "got" })
	}
	papers := ask.Choices(kinds...).Columns(2).Named("value.document.")
	named := ask.Choices(ids...).Columns(2).Labelled(func(id string) dialog.Text { return dialog.Text{Key: ProgrammeFlow(id) + ".title"} })
	steps := []dialog.Step{
		{ID: "regions", Field: ask.Regions(places).Within(ownRegions)},
		{ID: "narrow", Field: ask.Choices(parts...), Optional: true},
		{ID: "sectors", Field: ask.SeveralOf(sectorNamed()), When: narrowed("sector")},
		{ID: "classes", Field: ask.Choices(segmentClasses...).Columns(2), When: narrowed("class")},
		{ID: "has", Field: papers, When: narrowed("has")},
		{ID: "lacks", Field: papers, When: narrowed("lacks")},
		{ID: "asked", Field: named, When: narrowed("asked")},
	}
	for _, s := range []dialog.Step{
		{ID: "got", Field: named, When: narrowed("got")},
		{ID: "registered_from", Field: ask.Date().Past(), When: narrowed("registered"), Optional: true},
		{ID: "registered_to", Field: notBefore("registered_from", ask.Date().Past()), When: narrowed("registered"), Optional: true},
		{ID: "seen_from", Field: ask.Date().Past(), When: narrowed("seen")},
	} {
		part, _, _ := strings.Cut(s.ID, "_")
		if slices.Contains(parts, part) {
			steps = append(steps, s)
		}
	}
	return steps
}

// notBefore asks for a day that does not come before another.
func notBefore(first string, date dialog.Field) dialog.Field {
	return bounded{
		Field:   date,
		within:  func(value string, a dialog.Answers) bool { return value >= a.Value(first) },
		problem: "before_first",
	}
}

// segmentClasses are the size classes that can be meant.
var segmentClasses = []string{"micro", "small", "medium", umkm.ClassUnknown}

// sectorNamed is the line of business under the words of the registration.
func sectorNamed() ask.OneOf { return sector().Named("register.sector.") }

// ownRegions are the officer's, as given.
func ownRegions(a dialog.Answers) []umkm.RegionCode { return codesIn(a.Value("mine")) }

// chosenRegions are those that are meant.
func chosenRegions(a dialog.Answers) []umkm.RegionCode { return codesIn(a.Value("regions")) }

func codesIn(list string) []umkm.RegionCode {
	var out []umkm.RegionCode
	for code := range strings.SplitSeq(list, ",") {
		if code != "" {
			out = append(out, umkm.RegionCode(code))
		}
	}
	return out
}

// narrowed is a When: those meant are narrowed down by that.
func narrowed(part string) func(dialog.Answers) bool {
	return func(a dialog.Answers) bool { return slices.Contains(strings.Split(a.Value("narrow"), ","), part) }
}

// SegmentOf is who is meant, as far as a dialog has been answered; ok is false
// while the regions are not chosen.
func SegmentOf(a dialog.Answers) (s umkm.Segment, ok bool) {
	s.Regions = chosenRegions(a)
	value := func(part, step string) string {
		if !narrowed(part)(a) {
			return ""
		}
		return a.Value(step)
	}
	list := func(part, step string) []string {
		return slices.DeleteFunc(strings.Split(value(part, step), ","), func(v string) bool { return v == "" })
	}
	s.Sectors, s.Classes = listed[string](list("sector", "sectors")), listed[string](list("class", "classes"))
	s.Has, s.Lacks = listed[umkm.DocumentKind](list("has", "has")), listed[umkm.DocumentKind](list("lacks", "lacks"))
	s.Asked, s.Got = listed[string](list("asked", "asked")), listed[string](list("got", "got"))
	s.Untrained, s.Trained = narrowed("untrained")(a), narrowed("trained")(a)
	s.RegisteredFrom, s.RegisteredTo = value("registered", "registered_from"), value("registered", "registered_to")
	s.SeenFrom = value("seen", "seen_from")
	return s, len(s.Regions) > 0
}

// listed gives values their type; none is nil.
func listed[S ~string](values []string) []S {
	var out []S
	for _, v := range values {
		out = append(out, S(v))
	}
	return out
}

// segmentAnswers are the answers of which SegmentOf makes a segment.
func segmentAnswers(a dialog.Answers, s umkm.Segment) {
	a["regions"] = dialog.Answer{Value: joined(s.Regions)}
	if len(s.Regions) == 0 {
		a["regions"] = dialog.Answer{Value: string(umkm.Province)}
	}
	var parts []string
	for _, part := range []struct {
		name, step, value string
		holds             bool // without a step of its own
	}{
		{"sector", "sectors", inOrder(s.Sectors, sectors), false},
		{"class", "classes", inOrder(s.Classes, segmentClasses), false},
		{"has", "has", inOrder(s.Has, umkm.DocumentKinds()), false},
		{"lacks", "lacks", inOrder(s.Lacks, umkm.DocumentKinds()), false},
		{"asked", "asked", strings.Join(s.Asked, ","), false},
		{"untrained", "", "", s.Untrained},
		{"trained", "", "", s.Trained},
		{"got", "got", strings.Join(s.Got, ","), false},
		{"registered", "registered_from", s.RegisteredFrom, s.RegisteredFrom+s.RegisteredTo != ""},
		{"registered", "registered_to", s.RegisteredTo, s.RegisteredFrom+s.RegisteredTo != ""},
		{"seen", "seen_from", s.SeenFrom, false},
	} {
		if part.value == "" && !part.holds {
			continue
		}
		if !slices.Contains(parts, part.name) {
			parts = append(parts, part.name)
		}
		if part.step != "" {
			a[part.step] = orSkipped(part.value)
		}
	}
	a["narrow"] = orSkipped(strings.Join(parts, ","))
}

func joined[S ~string](list []S) string {
	var out []string
	for _, s := range list {
		out = append(out, string(s))
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}

// inOrder lists what is chosen as a field that ticks would.
func inOrder[S ~string](chosen, all []S) string {
	var out []string
	for _, one := range all {
		if slices.Contains(chosen, one) {
			out = append(out, string(one))
		}
	}
	return strings.Join(out, ",")
}
