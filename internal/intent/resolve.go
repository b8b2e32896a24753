package intent

// unit is a word of the text, or several that stand for one.
type unit struct {
	entry
	number   bool
	doubtful bool // of a typing error that may as well be of a word without a meaning
}

// read makes a text's words plain: each by its own, then phrases.
func (v *vocabulary) read(text string) []unit { return v.each(text, v.mend) }

// readWell reads only what is spelt well.
func (v *vocabulary) readWell(text string) []unit {
	return v.each(text, func(word string) unit { return unit{entry: entry{word: word, canon: word}} })
}

func (v *vocabulary) each(text string, other func(word string) unit) []unit {
	var units []unit
	for _, w := range fold(text) {
		if number(w) {
			units = append(units, unit{entry: entry{word: w, canon: w}, number: true})
		} else if e, ok := v.form(w); ok {
			units = append(units, unit{entry: e})
		} else {
			units = append(units, other(w))
		}
	}
	return v.join(units)
}

// mend finds what a folded word was to be that was typed in haste or wrongly.
func (v *vocabulary) mend(word string) unit {
	shorter := unended(word)
	for i, w := range shorter {
		if e, ok := v.unhurried(w); ok {
			return unit{entry: e}
		}
		if i > 0 && len(w) < longStem {
			continue
		}
		if e, doubtful, ok := v.mended(w); ok {
			return unit{entry: e, doubtful: doubtful}
		}
	}
	for _, w := range stems(word)[len(shorter):] {
		if len(w) < longStem {
			continue
		}
		if e, doubtful, ok := v.mended(w); ok {
			return unit{entry: e, doubtful: doubtful}
		}
	}
	return unit{entry: entry{word: word, canon: word}}
}

// longStem is how long the rest of a word must be for a typing error in it:
// shorter ones are like too many others.
const longStem = 6

// mended finds the one word that a misspelt one can be. Where it can be one
// with a meaning or any without, it is doubtful, and so are words of four
// letters, which are like too many others.
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
	return found, doubtful || len(word) == 4, !tied && found.role != unknown
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
		out = append(out, unit{entry: p.as})
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
