package intent

import "strings"

// with is the lexicon with further words that stand for each other. Those win:
// a word that stood elsewhere leaves its place, and takes along what stood for it.
func (l Lexicon) with(same map[string][]string) Lexicon {
	stands := map[string]string{} // folded → canon
	for canon, texts := range same {
		for _, text := range append([]string{canon}, texts...) {
			stands[folded(text)] = canon
		}
	}
	out := Lexicon{Intent: l.Intent, Same: map[string][]string{}}
	for canon, texts := range same {
		out.Same[canon] = append([]string(nil), texts...)
	}
	for canon, texts := range l.Same {
		into := canon
		if other, moved := stands[folded(canon)]; moved {
			into = other
		}
		for _, text := range texts {
			if _, moved := stands[folded(text)]; !moved {
				out.Same[into] = append(out.Same[into], text)
			}
		}
		if _, kept := out.Same[into]; !kept {
			out.Same[into] = nil
		}
	}
	out.Plain, out.Elsewhere = without(l.Plain, stands), without(l.Elsewhere, stands)
	out.English = without(l.English, stands)
	for _, word := range l.Light {
		if canon, moved := stands[folded(word)]; !moved || canon == word {
			out.Light = append(out.Light, word)
		}
	}
	return out
}

func folded(text string) string { return strings.Join(fold(text), " ") }

func without(words []string, stands map[string]string) []string {
	var out []string
	for _, w := range words {
		if _, moved := stands[folded(w)]; !moved {
			out = append(out, w)
		}
	}
	return out
}
