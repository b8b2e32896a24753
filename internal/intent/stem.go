package intent

import "strings"

// shortest is how few letters may be left of a word without its endings.
const shortest = 3

// endings in the order in which they are taken off: particles, whose it is,
// and those that make words, formal, Jakartan and Sundanese. "ya" is what is
// left of -nya behind an n, of two of which folding leaves one.
var endings = [][]string{
	{"lah", "kah", "pun"},
	{"nya", "ny", "ya", "ku", "mu", "na", "e"},
	{"kan", "keun", "ken", "an", "in", "i"},
}

// beginning is a prefix and the letters that it may have swallowed.
type beginning struct {
	prefix string
	before []string
}

var beginnings = []beginning{
	{"menge", bare},
	{"meny", []string{"s", "c"}},
	{"meng", []string{"", "k"}},
	{"men", []string{"", "t"}},
	{"mem", []string{"", "p"}},
	{"me", bare},
	{"peny", []string{"s"}},
	{"peng", []string{"", "k"}},
	{"pen", []string{"", "t"}},
	{"pem", []string{"", "p"}},
	{"per", bare},
	{"pe", bare},
	{"ber", bare},
	{"be", bare},
	{"ter", bare},
	{"di", bare},
	{"ke", bare},
	{"se", bare},
	{"nge", bare},
	{"nga", bare},
	{"ng", []string{"", "k"}},
	{"ny", []string{"s", "c"}},
	{"n", []string{"", "t"}},
	{"m", []string{"", "p"}},
}

var bare = []string{""}

// stems lists what a folded word may be a form of, itself first, then with
// more and more taken off. Most are no words: only a dictionary tells.
func stems(word string) []string {
	out := unended(word)
	for _, w := range out[:len(out):len(out)] {
		out = append(out, unprefixed(w)...)
	}
	return out
}

// unended lists a word itself and without its endings.
func unended(word string) []string {
	out := []string{word}
	for _, group := range endings {
		for _, w := range out[:len(out):len(out)] {
			for _, ending := range group {
				if rest, ok := strings.CutSuffix(w, ending); ok && len(rest) >= shortest {
					out = append(out, rest)
				}
			}
		}
	}
	return out
}

func unprefixed(word string) []string {
	var out []string
	for _, b := range beginnings {
		rest, ok := strings.CutPrefix(word, b.prefix)
		if !ok {
			continue
		}
		for _, letter := range b.before {
			if len(letter)+len(rest) >= shortest {
				out = append(out, letter+rest)
			}
		}
	}
	return out
}
