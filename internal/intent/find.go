package intent

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Subject is something that people ask about, with the ways in which they ask:
// words in any order.
type Subject struct {
	ID   string
	Said []string
}

// Finder finds what a question is about. It is safe for use by many at once; a
// nil Finder finds nothing.
type Finder struct {
	words    *vocabulary
	subjects []subject
	rare     map[string]float64 // how much a word tells, by its canon
}

// subject is a Subject made ready.
type subject struct {
	id   string
	ways []way
	own  map[string]bool // the words of all its ways
}

// way is one way of asking: its words, and how much they tell together.
type way struct {
	words  []string
	weight float64
}

// Found is what a question is about: one subject that is clear, or several
// that it may be, the likeliest first, or nothing.
type Found struct {
	ID     string
	Others []string
	// Whole: the clear one explains nearly every word that was said.
	Whole bool
}

// What a word tells: rare ones more than those of many subjects; small words
// less, and those that no subject has speak against all of them.
const (
	smallWord   = 0.3
	unknownWord = 1.6
	foreignWord = 5 // of a matter of others
	doubtfully  = 0.7
)

// When a question is clear, when it is worth offering, and how many are offered.
const (
	clearly   = 0.66
	barely    = 0.95
	perhaps   = 0.36
	lead      = 0.85 // the second may have this share of the first's score
	wholly    = 0.8
	mostFound = 4
)

// NewFinder makes a Finder of the words of wishes, other words that stand for
// each other (which win over those of wishes), and the subjects.
func NewFinder(l Lexicon, same map[string][]string, subjects []Subject) (*Finder, error) {
	l = l.with(same)
	l.Intent = nil
	for _, s := range subjects {
		l.Intent = append(l.Intent, Intent{ID: s.ID, Sure: s.Said})
	}
	words, err := newVocabulary(l)
	if err != nil {
		return nil, fmt.Errorf("words of questions: %w", err)
	}
	f := &Finder{words: words, rare: map[string]float64{}}
	for _, s := range subjects {
		f.subjects = append(f.subjects, f.ready(s))
	}
	f.weigh()
	return f, nil
}

func (f *Finder) ready(s Subject) subject {
	out := subject{id: s.ID, own: map[string]bool{}}
	for _, said := range s.Said {
		var w way
		for _, u := range f.words.readWell(said) {
			if !slices.Contains(w.words, u.canon) {
				w.words = append(w.words, u.canon)
				out.own[u.canon] = true
			}
		}
		out.ways = append(out.ways, w)
	}
	return out
}

// weigh counts in how many subjects each word stands: what stands in few of
// them tells more.
func (f *Finder) weigh() {
	in := map[string]int{}
	for _, s := range f.subjects {
		for word := range s.own {
			in[word]++
		}
	}
	for word, n := range in {
		f.rare[word] = math.Log(1 + float64(len(f.subjects))/float64(n))
		if f.words.words[word].role == light {
			f.rare[word] *= smallWord
		}
	}
	for _, s := range f.subjects {
		for i, w := range s.ways {
			for _, word := range w.words {
				s.ways[i].weight += f.rare[word]
			}
		}
	}
}

// scored is a subject with how well it fits, from 0 to 1.
type scored struct {
	id           string
	fits, covers float64
}

// Find reads a question.
func (f *Finder) Find(text string) Found {
	if f == nil {
		return Found{}
	}
	said, total := f.said(text)
	var all []scored
	for _, s := range f.subjects {
		if one := s.score(said, total, f.rare); one.fits >= perhaps {
			all = append(all, one)
		}
	}
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(b.fits, a.fits) })
	if len(all) == 0 {
		return Found{}
	}
	enough := clearly
	if len(said) == 1 { // a bare word asks many things, unless it is a way of asking by itself
		enough = barely
	}
	if all[0].fits >= enough && (len(all) == 1 || all[1].fits < lead*all[0].fits) {
		return Found{ID: all[0].id, Whole: all[0].covers >= wholly}
	}
	out := Found{}
	for _, one := range all[:min(mostFound, len(all))] {
		out.Others = append(out.Others, one.id)
	}
	return out
}

// said lists the words of a text with how sure each is, and how much all of
// them tell.
func (f *Finder) said(text string) (said map[string]float64, total float64) {
	said = map[string]float64{}
	for _, u := range f.words.read(text) {
		if _, again := said[u.canon]; again {
			continue
		}
		said[u.canon] = 1
		if u.doubtful {
			said[u.canon] = doubtfully
		}
		rare, known := f.rare[u.canon]
		switch {
		case known:
			total += rare
		case u.role == elsewhere:
			total += foreignWord
		case u.role != light && !u.number:
			total += unknownWord
		}
	}
	return said, total
}

// score is the best of the subject's ways of asking, less where much else was said.
func (s subject) score(said map[string]float64, total float64, rare map[string]float64) scored {
	if total == 0 {
		return scored{}
	}
	best, covered := 0.0, 0.0
	for _, w := range s.ways {
		found := 0.0
		for _, word := range w.words {
			found += said[word] * rare[word]
		}
		best = max(best, found/w.weight)
	}
	if best == 0 {
		return scored{}
	}
	for word, sure := range said {
		if s.own[word] {
			covered += sure * rare[word]
		}
	}
	covers := covered / total
	return scored{id: s.id, fits: best * (0.4 + 0.6*covers), covers: covers}
}

// Asked reports whether a text asks something: it has a word of questions or
// ends in a question mark, and is more than a name or two.
func (f *Finder) Asked(text string) bool {
	if f == nil {
		return false
	}
	units := f.words.readWell(text)
	return len(units) >= 3 && (strings.HasSuffix(strings.TrimRight(text, " \n!."), "?") ||
		slices.ContainsFunc(units, func(u unit) bool { return asking[u.canon] }))
}

// asking are the words that questions are asked with, as patterns have them.
var asking = map[string]bool{
	"cara": true, "gimana": true, "apa": true, "mana": true, "kapan": true, "berapa": true, "siapa": true, "kenapa": true,
	"how": true, "what": true, "where": true, "when": true, "who": true, "which": true, "does": true, "do": true,
}
