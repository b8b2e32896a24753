package intent

// unit is a word of the text, or several that stand for one.
type unit struct {
	entry
	number   bool
	mended   bool // a typing error was
	doubtful bool // and it may as well be a word without a meaning
}

// read makes a text's words plain: each by its own, then phrases.
func (v *vocabulary) read(text string) []unit {
	var units []unit
	for _, w := range fold(text) {
		units = append(units, v.resolve(w))
	}
	return v.join(units)
}

// resolve finds what a folded word is: itself, a form of a word, or a word
// typed in haste or wrongly.
func (v *vocabulary) resolve(word string) unit {
	if number(word) {
		return unit{entry: entry{word: word, canon: word}, number: true}
	}
	if e, ok := v.form(word); ok {
		return unit{entry: e}
	}
	for i, w := range unended(word) {
		if e, ok := v.unhurried(w); ok {
			return unit{entry: e, mended: true}
		}
		if i > 0 && len(w) < longStem {
			continue
		}
		if e, doubtful, ok := v.mended(w); ok {
			return unit{entry: e, mended: true, doubtful: doubtful}
		}
	}
	for _, w := range stems(word) {
		if len(w) < longStem {
			continue
		}
		if e, doubtful, ok := v.mended(w); ok {
			return unit{entry: e, mended: true, doubtful: doubtful}
		}
	}
	return unit{entry: entry{word: word, canon: word}}
}

// longStem is how long the rest of a word must be for a typing error in it:
// shorter ones are like too many others.
const longStem = 6

// mended finds the one word that a misspelt one can be. Where it can be one
// with a meaning or any without, it is doubtful.
func (v *vocabulary) mended(word string) (found entry, doubtful, ok bool) {
	if word[0] >= 0x80 {
		return entry{}, false, false
	}
	least, tied := slips(len(word))+1, false
	for _, e := range v.initial[word[0]] {
		most := min(slips(min(len(word), len(e.word))), least)
		if most == 0 || len(word) == 4 && e.role == light {
			continue
		}
		switch d := distance(word, e.word, most); {
		case d > most:
		case d < least:
			found, least, tied, doubtful = e, d, false, false
		case e.canon == found.canon:
		case e.role != meaning:
			doubtful = doubtful || found.role == meaning
		case found.role != meaning:
			found, doubtful = e, true
		default:
			tied = true
		}
	}
	return found, doubtful, !tied && found.role != unknown
}

// unhurried finds the word whose vowels were left out, if it can be only one.
func (v *vocabulary) unhurried(word string) (entry, bool) {
	var found entry
	for _, e := range v.initial[word[0]] {
		if !hurried(word, e.word) {
			continue
		}
		if found.word != "" && found.canon != e.canon {
			return entry{}, false
		}
		found = e
	}
	return found, found.word != ""
}

// join replaces phrases by what they stand for, the longest first.
func (v *vocabulary) join(units []unit) []unit {
	out := units[:0:0]
	for i := 0; i < len(units); {
		p, ok := v.phraseAt(units[i:])
		if !ok {
			out = append(out, units[i])
			i++
			continue
		}
		u := unit{entry: p.as}
		for _, part := range units[i : i+len(p.keys)] {
			u.mended = u.mended || part.mended
		}
		out = append(out, u)
		i += len(p.keys)
	}
	return out
}

func (v *vocabulary) phraseAt(units []unit) (best phrase, ok bool) {
	for _, first := range []string{units[0].word, units[0].canon} {
		for _, p := range v.phrases[first] {
			if len(p.keys) > len(best.keys) && begins(units, p.keys) {
				best, ok = p, true
			}
		}
	}
	return best, ok
}

func begins(units []unit, keys []string) bool {
	if len(units) < len(keys) {
		return false
	}
	for i, k := range keys {
		if !units[i].fits(k) {
			return false
		}
	}
	return true
}
