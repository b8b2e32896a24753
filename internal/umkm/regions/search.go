package regions

import (
	"cmp"
	"slices"
	"strings"

	"umkmbot/internal/umkm"
)

// Match is a region found, with how well it fits: 1 when every word was
// understood, below Unlikely never.
type Match struct {
	Region
	Score float64
}

// Scores to judge matches by.
const (
	Sure     = 0.86 // and ahead of the next by Ahead: meant
	Ahead    = 0.06
	Unlikely = 0.55
)

// Clear reports whether the first match stands out.
func Clear(found []Match) bool {
	return len(found) > 0 && found[0].Score >= Sure && (len(found) == 1 || found[0].Score-found[1].Score >= Ahead)
}

// span is a run of typed words taken as one name; words is a bit set.
type span struct {
	words    uint32
	from, to int // to is exclusive
	letters  float64
	likeness float64
}

// query is a text being searched for.
type query struct {
	words   []string
	weights []float64
	total   float64
	found   map[int][]span // by region
}

// Search finds regions below a code ("" or "36": all of Banten) by a text as
// people type it: typing errors, short forms, words run together or apart,
// a place and what lies around it in any order. Best first.
func (t *Table) Search(within umkm.RegionCode, text string, limit int) []Match {
	q := t.read(text)
	var out []Match
	for region := range q.found {
		r := &t.regions[region]
		if !below(r.Code, within) {
			continue
		}
		if score := t.score(q, region); score >= Unlikely {
			out = append(out, Match{Region: r.Region, Score: score})
		}
	}
	slices.SortFunc(out, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(len(a.Code), len(b.Code)), cmp.Compare(a.Code, b.Code))
	})
	return out[:min(len(out), max(limit, 0))]
}

func below(code, within umkm.RegionCode) bool {
	return within == "" || len(code) > len(within) && strings.HasPrefix(string(code), string(within)+".")
}

// read finds every name that a run of up to three words may stand for.
func (t *Table) read(text string) query {
	q := query{words: fold(text), found: map[int][]span{}}
	for _, w := range q.words {
		weight := float64(len(w))
		if _, isMarker := marker[w]; isMarker || idle[w] {
			weight = 0
		}
		q.weights = append(q.weights, weight)
		q.total += weight
	}
	for from := range q.words {
		key := ""
		for to := from + 1; to <= min(from+3, len(q.words)); to++ {
			key += q.words[to-1]
			if len(key) > maxName {
				break
			}
			t.compare(&q, key, from, to, !q.naming(from, to))
		}
	}
	return q
}

// naming reports whether any of the words can begin a name by itself.
func (q query) naming(from, to int) bool {
	for i, w := range q.words[from:to] {
		if q.weights[from+i] > 0 && !sides[w] {
			return true
		}
	}
	return false
}

// compare looks a run of words up; exact leaves misspellings out. Names much
// shorter than the run are unlike it.
func (t *Table) compare(q *query, key string, from, to int, exact bool) {
	mask := letters(key)
	for i := range t.names {
		n := &t.names[i]
		if len(n.key) < len(key)-maxGap {
			break
		}
		like := likeness(key, mask, n)
		if like == 0 || exact && like < 1 {
			continue
		}
		s := span{from: from, to: to, likeness: like}
		for w := from; w < to; w++ {
			s.words |= 1 << w
			s.letters += float64(len(q.words[w]))
		}
		for _, region := range n.bearers {
			q.found[region] = append(q.found[region], s)
		}
	}
}

// score is the best way to read the words as this region's name and the names
// of those around it.
func (t *Table) score(q query, region int) float64 {
	best := 0.0
	for _, own := range q.found[region] {
		best = max(best, t.around(q, region, t.regions[region].parent, []span{own}))
	}
	return best
}

// around extends a reading by the regions above; any of them may be unsaid.
func (t *Table) around(q query, region, parent int, reading []span) float64 {
	if parent < 0 {
		return t.judge(q, region, reading)
	}
	above := t.regions[parent].parent
	best := t.around(q, region, above, append(reading, span{}))
	var used uint32
	for _, s := range reading {
		used |= s.words
	}
	for _, s := range q.found[parent] {
		if s.words&used == 0 {
			best = max(best, t.around(q, region, above, append(reading, s)))
		}
	}
	return best
}

// judge weighs a reading: the share of letters understood, less for words
// such as "kota" that contradict it.
func (t *Table) judge(q query, region int, reading []span) float64 {
	got, total := 0.0, q.total
	var used uint32
	for _, s := range reading {
		got += s.letters * s.likeness
		used |= s.words
		for w := s.from; w < s.to; w++ {
			total += float64(len(q.words[w])) - q.weights[w]
		}
	}
	if total == 0 {
		return 0
	}
	score := got / total
	for w, word := range q.words {
		if level, ok := marker[word]; ok && used&(1<<w) == 0 {
			score -= t.contradiction(level, w, region, reading)
		}
	}
	return score
}

// contradiction is how ill a kind of region, said at word w, fits a reading.
func (t *Table) contradiction(level Level, w, region int, reading []span) float64 {
	kindFits := false
	for i, at := 0, region; i < len(reading); i, at = i+1, t.regions[at].parent {
		is := t.regions[at].Level
		if is != level && (!is.Village() || !level.Village()) {
			continue
		}
		kindFits = true
		s := reading[i]
		if s.words != 0 && (s.from == w+1 || s.to == w) {
			return 0
		}
	}
	switch {
	case !kindFits:
		return 0.15
	case level.Regency():
		return 0.08
	}
	return 0.10
}
