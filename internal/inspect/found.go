package inspect

import (
	"umkmbot/internal/umkm"
)

// foundIn says what the lines of a text and the codes beside it tell. Wrong
// guesses are worse than none: what is not certain stays "".
func foundIn(lines, codes []string) umkm.Found {
	kind := kindIn(lines)
	if linked := kindLinked(codes); kind == "" {
		kind = linked
	} else if linked != "" && linked != kind && linked != umkm.DocumentNIB {
		kind = "" // one of the two is wrong
	}
	number := numberIn(kind, lines, codes)
	if kind == "" {
		kind, number = unmistakable(append(lines, codes...))
	}
	found := umkm.Found{Kind: kind, Number: number, Name: nameIn(lines), Until: untilIn(lines)}
	if rule, ok := umkm.RuleOf(kind); ok && !rule.Expires {
		found.Until = "" // of something else that the document names
	}
	return found
}
