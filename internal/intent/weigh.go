package intent

import (
	"slices"
)

// certainty is how sure it is that an intent is meant.
type certainty uint8

const (
	guessed certainty = iota + 1
	likely            // nothing else was said
	sure              // whatever else was said
)

// weighed is an intent with what speaks for it.
type weighed struct {
	meant
	certainty
	weight int // of its best pattern
	hits   int // patterns that were found
	first  int // where its first word stands
}

func (w weighed) clear() bool { return w.certainty > guessed }

// weigh finds every intent that the text may have.
func (m *Matcher) weigh(units []unit) []weighed {
	foreign := slices.ContainsFunc(units, func(u unit) bool { return u.role == elsewhere })
	var out []weighed
	for _, i := range m.intents {
		tooLong := i.Most > 0 && len(units) > i.Most
		if tooLong || slices.ContainsFunc(units, func(u unit) bool { return i.never[u.canon] }) {
			continue
		}
		w := weighed{meant: i, first: slices.IndexFunc(units, func(u unit) bool { return i.own[u.canon] })}
		m.find(&w, units)
		w.doubt(m, units)
		w.keepOff(foreign)
		if w.certainty > 0 {
			out = append(out, w)
		}
	}
	return out
}

// find tries the patterns, the surest first.
func (m *Matcher) find(w *weighed, units []unit) {
	w.count(sure, w.meant.sure, func(p pattern) bool { return p.in(units) })
	if w.certainty == 0 {
		w.count(likely, w.meant.likely, func(p pattern) bool { return p.in(units) && m.besides(w.meant, p, units) == 0 })
	}
	if w.certainty == 0 {
		w.count(guessed, w.maybe, func(p pattern) bool {
			return p.in(units) && (len(p.words) > 1 || m.besides(w.meant, p, units) <= strangers)
		})
	}
}

func (w *weighed) count(c certainty, patterns []pattern, holds func(pattern) bool) {
	for _, p := range patterns {
		if holds(p) {
			w.certainty, w.weight, w.hits = c, max(w.weight, p.weight), w.hits+1
		}
	}
}

// doubt makes a guess of what rests on a word that may as well be another.
func (w *weighed) doubt(m *Matcher, units []unit) {
	doubtful := func(u unit) bool { return u.doubtful && w.own[u.canon] }
	if !w.clear() || !slices.ContainsFunc(units, doubtful) {
		return
	}
	without := weighed{meant: w.meant, first: w.first}
	m.find(&without, slices.DeleteFunc(slices.Clone(units), doubtful))
	if without.certainty < sure {
		w.certainty = guessed
	}
}

// keepOff takes back what a word or two say of a matter of others.
func (w *weighed) keepOff(foreign bool) {
	if !foreign || w.certainty == sure && w.weight > 1 {
		return
	}
	if w.certainty < sure || w.Rank <= 1 {
		w.certainty = 0
	}
	w.certainty = min(w.certainty, guessed)
}

// strangers is beside how many words of another kind a single word is still
// worth a guess.
const strangers = 2

// besides counts the words that are neither the pattern's nor light nor may
// stand beside it.
func (m *Matcher) besides(i meant, p pattern, units []unit) int {
	n := 0
	for _, u := range units {
		if u.role != light && (!u.number || i.Courtesy()) && !i.with[u.canon] && !p.has(u.canon) && !m.polite(u) {
			n++
		}
	}
	return n
}

// polite: the word belongs to a courtesy.
func (m *Matcher) polite(u unit) bool {
	return slices.ContainsFunc(m.intents, func(i meant) bool { return i.Courtesy() && i.own[u.canon] })
}
