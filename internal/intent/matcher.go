package intent

import (
	"fmt"
	"slices"
	"strings"
)

// Matcher reads texts. It is safe for use by many at once; a nil Matcher finds
// nothing.
type Matcher struct {
	words   *vocabulary
	intents []meant
}

// meant is an Intent made ready.
type meant struct {
	Intent
	sure, likely, maybe, talk []pattern
	with, never               map[string]bool
	own                       map[string]bool // words of its patterns that mean something
}

// pattern is one set of words for each of which one alternative must be said.
type pattern struct {
	words  [][]string
	weight int  // how many of them are more than light
	opens  bool // the first word must be the first said
}

// Reading is what a text was understood as: an Intent that is clear, or up to
// two Guesses, or nothing.
type Reading struct {
	Intent  string
	Guesses []string
	Salam   bool // the text greets with the salam, whatever else it says
}

// New makes a Matcher. An error names the entry of the lexicon that is wrong.
func New(l Lexicon) (*Matcher, error) {
	words, err := newVocabulary(l)
	if err != nil {
		return nil, fmt.Errorf("words: %w", err)
	}
	m := &Matcher{words: words}
	for _, i := range l.Intent {
		ready, err := m.ready(i)
		if err != nil {
			return nil, fmt.Errorf("intent %s: %w", i.ID, err)
		}
		m.intents = append(m.intents, ready)
	}
	return m, nil
}

func (m *Matcher) ready(i Intent) (meant, error) {
	out := meant{Intent: i, with: map[string]bool{}, never: map[string]bool{}, own: map[string]bool{}}
	for _, list := range []struct {
		texts []string
		into  *[]pattern
	}{{i.Sure, &out.sure}, {i.Likely, &out.likely}, {i.Maybe, &out.maybe}, {i.Talk, &out.talk}} {
		for _, text := range list.texts {
			p, err := m.pattern(text, out.own)
			if err != nil {
				return meant{}, err
			}
			*list.into = append(*list.into, p)
		}
	}
	for _, list := range []struct {
		texts []string
		into  map[string]bool
	}{{i.With, out.with}, {i.Never, out.never}} {
		for _, text := range list.texts {
			e, err := m.canon(text)
			if err != nil {
				return meant{}, err
			}
			list.into[e.canon] = true
		}
	}
	return out, nil
}

func (m *Matcher) pattern(text string, own map[string]bool) (pattern, error) {
	text, opens := strings.CutPrefix(text, "^")
	p := pattern{opens: opens}
	for word := range strings.FieldsSeq(text) {
		var either []string
		heavy := false
		for alternative := range strings.SplitSeq(word, "/") {
			e, err := m.canon(alternative)
			if err != nil {
				return pattern{}, err
			}
			either = append(either, e.canon)
			if e.role != light {
				heavy, own[e.canon] = true, true
			}
		}
		if heavy {
			p.weight++
		}
		p.words = append(p.words, either)
	}
	return p, nil
}

// canon finds a pattern's word: one that others may stand for, but which
// stands for itself.
func (m *Matcher) canon(word string) (entry, error) {
	e, ok := m.words.words[foldWord(word)]
	if !ok {
		return entry{}, fmt.Errorf("%q is in no list of words", word)
	}
	if e.canon != e.word {
		return entry{}, fmt.Errorf("%q stands for %q: write that", word, e.canon)
	}
	return e, nil
}

// Match reads a text that stands by itself.
func (m *Matcher) Match(text string) Reading {
	if m == nil {
		return Reading{}
	}
	units := m.words.read(text)
	found := m.weigh(units)
	r := choose(found)
	r.Salam = slices.ContainsFunc(units, func(u unit) bool { return u.canon == salam })
	return r
}

// salam is the word of patterns that the greeting stands under.
const salam = "asalamualaikum"

// Aside reads a text sent in the middle of a form: the id of what it asks for
// besides, or "" for an answer. It is sure only of whole sentences without any
// word that it does not know: names must never be taken for wishes.
func (m *Matcher) Aside(text string) string {
	if m == nil {
		return ""
	}
	units := m.words.readWell(text)
	for _, i := range m.intents {
		for _, p := range i.talk {
			if p.in(units) && i.spoken(p, units) {
				return i.ID
			}
		}
	}
	return ""
}

// Sentence reads a text that was no answer to a question: what it wishes, if
// that is clear and said in more than one word. A mere courtesy, a yes or a no
// is none.
func (m *Matcher) Sentence(text string) string {
	if m == nil || len(m.words.read(text)) < 2 {
		return ""
	}
	wish := m.Match(text).Intent
	if slices.ContainsFunc(m.intents, func(i meant) bool { return i.ID == wish && i.Courtesy() }) {
		return ""
	}
	return wish
}

// spoken: nothing but the pattern and what may stand beside it was said.
func (i meant) spoken(p pattern, units []unit) bool {
	return !slices.ContainsFunc(units, func(u unit) bool {
		return u.role != light && !i.with[u.canon] && !p.has(u.canon)
	})
}

func (p pattern) has(canon string) bool {
	return slices.ContainsFunc(p.words, func(either []string) bool { return slices.Contains(either, canon) })
}

// reach is how many words apart the words of one pattern may stand.
const reach = 12

// in reports whether every word of the pattern is said, within reach.
func (p pattern) in(units []unit) bool {
	for at := range units {
		if p.opens && at > 0 {
			return false
		}
		if slices.Contains(p.words[0], units[at].canon) && p.around(units, at) {
			return true
		}
	}
	return false
}

func (p pattern) around(units []unit, at int) bool {
	near := units[max(0, at-reach):min(len(units), at+reach+1)]
	for _, either := range p.words[1:] {
		if !slices.ContainsFunc(near, func(u unit) bool { return slices.Contains(either, u.canon) }) {
			return false
		}
	}
	return true
}
