package intent

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// role is what a word is to the matcher.
type role uint8

const (
	unknown   role = iota
	plain          // a word without a meaning here
	light          // changes nothing
	meaning        // stands for a word of patterns
	elsewhere      // a matter of others
)

// entry is a word of the vocabulary.
type entry struct {
	word    string // as folded
	canon   string // the word of patterns that it stands for
	role    role
	english bool
}

// phrase is several words that stand for one.
type phrase struct {
	keys []string
	as   entry
}

// vocabulary is every word there is, by its folded form.
type vocabulary struct {
	words   map[string]entry
	initial map[byte][]entry    // for typing errors, by first letter
	phrases map[string][]phrase // by first key
}

// newVocabulary makes the words of a lexicon ready. A word that stands in two
// lists would mean whatever is read last: that is an error.
func newVocabulary(l Lexicon) (*vocabulary, error) {
	v := &vocabulary{words: map[string]entry{}, initial: map[byte][]entry{}, phrases: map[string][]phrase{}}
	var several []spoken
	add := func(text, canon string, r role, english bool) error {
		words := fold(text)
		switch {
		case len(words) == 0:
			return fmt.Errorf("%q has no letters", text)
		case len(words) > 1:
			several = append(several, spoken{words, entry{canon: canon, role: r}})
			return nil
		}
		return v.add(entry{word: words[0], canon: canon, role: r, english: english})
	}
	if err := l.each(add); err != nil {
		return nil, err
	}
	for _, i := range l.Intent {
		v.addWords(i.words(), meaning)
	}
	for _, s := range several {
		v.addWords(s.words, plain)
	}
	for _, s := range several {
		v.addPhrase(s)
	}
	for _, w := range slices.Sorted(maps.Keys(v.words)) {
		v.initial[w[0]] = append(v.initial[w[0]], v.words[w])
	}
	return v, nil
}

// spoken is a phrase as it was written.
type spoken struct {
	words []string
	as    entry
}

// each calls add with every entry of the lexicon; a word's synonyms are as
// light as the word.
func (l Lexicon) each(add func(text, canon string, r role, english bool) error) error {
	isLight := map[string]bool{}
	for _, w := range append(append([]string(nil), l.Light...), l.English...) {
		isLight[foldWord(w)] = true
	}
	var wrong []error
	for _, canon := range slices.Sorted(maps.Keys(l.Same)) {
		r := meaning
		if isLight[foldWord(canon)] {
			r = light
		}
		for _, text := range append([]string{canon}, l.Same[canon]...) {
			wrong = append(wrong, add(text, foldWord(canon), r, false))
		}
	}
	for _, list := range []struct {
		texts   []string
		role    role
		english bool
	}{{l.Light, light, false}, {l.English, light, true}, {l.Plain, plain, false}, {l.Elsewhere, elsewhere, false}} {
		for _, text := range list.texts {
			if _, named := l.Same[text]; named && list.role == light {
				continue
			}
			wrong = append(wrong, add(text, foldWord(text), list.role, list.english))
		}
	}
	return errors.Join(wrong...)
}

func (v *vocabulary) add(e entry) error {
	if other, taken := v.words[e.word]; taken && (other.canon != e.canon || other.role != e.role) {
		return fmt.Errorf("%q is %s and %s", e.word, other.canon, e.canon)
	}
	v.words[e.word] = e
	return nil
}

// addWords makes words known that stand in patterns or phrases only, so that a
// typing error in them is seen too.
func (v *vocabulary) addWords(words []string, r role) {
	for _, w := range words {
		if _, known := v.words[w]; known {
			continue
		}
		e, form := v.form(w)
		if !form || e.role == light {
			e = entry{canon: w, role: r}
		}
		e.word = w
		v.words[w] = e
	}
}

// form finds the word that a folded one is, or is a form of.
func (v *vocabulary) form(word string) (entry, bool) {
	forms := unended(word)
	for _, w := range forms {
		if e, ok := v.words[w]; ok && (w == word || len(w) > shortest || e.role == meaning) {
			return e, true
		}
	}
	for _, w := range stems(word)[len(forms):] {
		if e, ok := v.words[w]; ok && len(w) > shortest {
			return e, true
		}
	}
	return entry{}, false
}

// words lists the words of an intent's patterns.
func (i Intent) words() []string {
	var out []string
	for _, list := range [][]string{i.Sure, i.Likely, i.Maybe, i.With, i.Never, i.Talk} {
		for _, pattern := range list {
			out = append(out, fold(pattern)...)
		}
	}
	return out
}

func (v *vocabulary) addPhrase(s spoken) {
	p := phrase{as: s.as}
	p.as.word = strings.Join(s.words, " ")
	for _, w := range s.words {
		p.keys = append(p.keys, v.words[w].key())
	}
	v.phrases[p.keys[0]] = append(v.phrases[p.keys[0]], p)
}

// key is what a phrase wants in this word's place: light words are as good as
// what they stand for ("ga jadi" is "tidak jadi"); others must be said, for
// "uang" in "dimintai uang" is not any money.
func (e entry) key() string {
	if e.role == light {
		return e.canon
	}
	return e.word
}

// fits reports whether the word can stand where a phrase wants key.
func (e entry) fits(key string) bool { return e.word == key || e.canon == key }
