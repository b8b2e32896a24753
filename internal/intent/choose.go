package intent

import (
	"cmp"
	"slices"
)

// choose takes the one that is meant, or the two likeliest.
func choose(found []weighed) Reading {
	found = slices.DeleteFunc(found, func(w weighed) bool { return thankedFor(w, found) })
	if len(found) == 0 {
		return Reading{}
	}
	slices.SortStableFunc(found, surestFirst)
	best := found[0]
	guesses := slices.DeleteFunc(slices.Clone(found), func(w weighed) bool { return w.clear() || w.Courtesy() })
	if !best.clear() || best.Opens && len(guesses) > 0 {
		return Reading{Guesses: ids(guesses)}
	}
	rivals := slices.DeleteFunc(slices.Clone(found), func(w weighed) bool { return !w.rivals(best) })
	for _, w := range rivals {
		if !slices.ContainsFunc(rivals, func(o weighed) bool { return o.ID != w.ID && !slices.Contains(w.Over, o.ID) }) {
			return Reading{Intent: w.ID}
		}
	}
	return Reading{Guesses: ids(rivals)}
}

// thankedFor: the wish is what a thank-you in front of it is for.
func thankedFor(w weighed, found []weighed) bool {
	return !w.Courtesy() && w.certainty < sure && slices.ContainsFunc(found, func(c weighed) bool {
		return c.Closes && c.clear() && c.first < w.first
	})
}

func surestFirst(a, b weighed) int {
	rank := func(w weighed) int {
		if w.clear() {
			return w.Rank + 100
		}
		return w.Rank
	}
	return cmp.Or(cmp.Compare(rank(b), rank(a)), cmp.Compare(b.weight, a.weight),
		cmp.Compare(b.hits, a.hits), cmp.Compare(a.first, b.first))
}

// rivals: w is as good as the best, by its rank or by being said in more words.
func (w weighed) rivals(best weighed) bool {
	return w.clear() && (w.Rank == best.Rank || !w.Courtesy() && w.weight > best.weight)
}

func ids(found []weighed) []string {
	var out []string
	for _, w := range found[:min(2, len(found))] {
		out = append(out, w.ID)
	}
	return out
}
