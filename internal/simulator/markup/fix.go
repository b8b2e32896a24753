package markup

import (
	"math"
	"slices"
	"sort"
)

// groups are a text's entities by family, each sorted.
type groups struct {
	continuous, quotes, styled []Entity
}

func group(ents []Entity) groups {
	var g groups
	for _, e := range ents {
		switch familyOf(e.Type) {
		case splittable:
			g.styled = append(g.styled, e)
		case quote:
			g.quotes = append(g.quotes, e)
		case continuous:
			g.continuous = append(g.continuous, e)
		}
	}
	return g
}

// joined puts the groups together again, styles cut at the borders of the rest
// and dropped inside code.
func (g groups) joined() []Entity {
	fixed := append(g.continuous, g.quotes...)
	sortEntities(fixed)
	if len(g.styled) == 0 {
		return fixed
	}
	all := append(fixed, splitStyles(g.styled, fixed)...)
	sortEntities(all)
	return all
}

// fixNesting makes entities nest as Telegram allows: continuous ones do not
// touch each other, quotations hold them whole or not at all, styles are split.
func fixNesting(ents []Entity) []Entity {
	sortEntities(ents)
	g := group(ents)
	g.continuous = withoutOverlaps(g.continuous)
	g.quotes = withoutOverlaps(g.quotes)
	g.continuous = withoutCrossing(g.continuous, g.quotes)
	return g.joined()
}

// mergeFound adds automatic entities where no continuous entity stands.
func mergeFound(ents, found []Entity) []Entity {
	if len(found) == 0 {
		return ents
	}
	g := group(ents)
	kept := g.continuous
	for _, e := range withoutCrossing(found, g.quotes) {
		if i := firstEndingAfter(kept, e.Offset); i == len(kept) || kept[i].Offset >= e.end() {
			g.continuous = append(g.continuous, e)
		}
	}
	sortEntities(g.continuous)
	return g.joined()
}

// withoutOverlaps keeps of sorted entities those that begin after all kept ones end.
func withoutOverlaps(ents []Entity) []Entity {
	end := 0
	return slices.DeleteFunc(ents, func(e Entity) bool {
		if e.Offset < end {
			return true
		}
		end = e.end()
		return false
	})
}

// withoutCrossing drops entities that a quotation does not hold whole.
func withoutCrossing(ents, quotes []Entity) []Entity {
	return slices.DeleteFunc(ents, func(e Entity) bool {
		i := firstEndingAfter(quotes, e.Offset)
		if i == len(quotes) {
			return false
		}
		q := quotes[i]
		return q.end() < e.end() || e.Offset < q.Offset && q.Offset < e.end()
	})
}

// firstEndingAfter finds, among sorted entities without overlaps, the first
// that ends after offset.
func firstEndingAfter(ents []Entity, offset int) int {
	return sort.Search(len(ents), func(i int) bool { return ents[i].end() > offset })
}

// splitter walks through styles from left to right and cuts those that run on
// wherever another one begins or a border is met.
type splitter struct {
	styled     []Entity // not yet begun
	begin, end [len(styles)]int
	out        []Entity
}

// splitStyles cuts sorted styles at the borders of other, sorted entities.
func splitStyles(styled, others []Entity) []Entity {
	s := &splitter{styled: styled}
	var open []Entity
	advance := func(to int) {
		for len(open) > 0 && to >= open[len(open)-1].end() {
			inner := open[len(open)-1]
			kept := len(s.out)
			s.advance(inner.end())
			if isPre(inner.Type) {
				s.out = s.out[:kept]
			}
			open = open[:len(open)-1]
		}
		s.advance(to)
	}
	for _, o := range others {
		advance(o.Offset)
		open = append(open, o)
	}
	advance(math.MaxInt)
	sortEntities(s.out)
	return s.out
}

// advance begins the styles before offset to and cuts all of them there. A
// style that meets or overlaps one of its own kind continues that one.
func (s *splitter) advance(to int) {
	for len(s.styled) > 0 && s.styled[0].Offset < to {
		e := s.styled[0]
		s.styled = s.styled[1:]
		i := styleIndex(e.Type)
		if s.end[i] != 0 && e.Offset <= s.end[i] {
			s.end[i] = max(s.end[i], e.end())
			continue
		}
		s.cut(e.Offset)
		s.begin[i], s.end[i] = e.Offset, e.end()
	}
	s.cut(to)
}

// cut ends or interrupts at offset every style that began before it.
func (s *splitter) cut(at int) {
	for i, kind := range styles {
		if s.end[i] == 0 || s.begin[i] >= at {
			continue
		}
		end := min(s.end[i], at)
		s.out = append(s.out, Entity{Type: kind, Offset: s.begin[i], Length: end - s.begin[i]})
		s.begin[i] = at
		if s.end[i] <= at {
			s.begin[i], s.end[i] = 0, 0
		}
	}
}
