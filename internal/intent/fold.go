package intent

import (
	"strings"
	"unicode"
)

// maxTokens bounds the work on a long story; what it wants stands in front.
const maxTokens = 120

// fold splits a text into words as they are compared.
func fold(text string) []string {
	var out []string
	for word := range strings.FieldsFuncSeq(text, between) {
		if w := foldWord(word); w != "" {
			out = append(out, w)
		}
		if len(out) == maxTokens {
			break
		}
	}
	return out
}

// between parts words; an apostrophe belongs to its word.
func between(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Cf, r) && !apostrophe(r)
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' || r == '‘' || r == '`' || r == 'ʼ' }

// foldWord lowers a word, writes runs of one letter once and f and v as p,
// which Sundanese speakers write for each other ("daptar", "sertipikat").
func foldWord(word string) string {
	var b strings.Builder
	var last rune
	for _, r := range word {
		r = unicode.ToLower(r)
		switch {
		case apostrophe(r) || !unicode.IsLetter(r) && !unicode.IsDigit(r):
			continue
		case r == 'f' || r == 'v':
			r = 'p'
		case r == 'é' || r == 'è' || r == 'ê':
			r = 'e'
		}
		if r != last || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// number reports whether a word holds a digit: an amount, a time, a number.
func number(word string) bool { return strings.ContainsFunc(word, unicode.IsDigit) }
