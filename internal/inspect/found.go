package inspect

import (
	"strings"

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
	found := umkm.Found{Kind: kind, Number: number, Name: nameIn(lines), Until: untilIn(lines), Code: botLink(codes)}
	if rule, ok := umkm.RuleOf(kind); ok && !rule.Expires {
		found.Until = "" // of something else that the document names
	}
	return found
}

// longestLink bounds what is taken for a bot's link, in bytes.
const longestLink = 200

// botLink is the link to a bot in one of the codes, "" where there is none or
// several lead to different ones.
func botLink(codes []string) string {
	found := ""
	for _, code := range codes {
		if !within(hostOf(code), "t.me") || !strings.Contains(code, "?start=") || len(code) > longestLink {
			continue
		}
		if found != "" && found != code {
			return ""
		}
		found = code
	}
	return found
}
