package markup

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// span is a stretch of bytes of a text.
type span struct{ begin, end int }

// findEntities finds what Telegram marks by itself: mentions, commands, tags,
// card numbers, links and addresses, but no phone numbers. Of those that
// overlap the first stays.
func findEntities(text string) []Entity {
	ents := findBytes(text)
	toUTF16(text, ents)
	return ents
}

// findBytes is findEntities with offsets in bytes.
func findBytes(text string) []Entity {
	var ents []Entity
	add := func(kind string, found []span) {
		for _, s := range found {
			ents = append(ents, Entity{Type: kind, Offset: s.begin, Length: s.end - s.begin})
		}
	}
	add("mention", findMentions(text))
	add("bot_command", findCommands(text))
	add("hashtag", findHashtags(text))
	add("cashtag", findCashtags(text))
	add("bank_card_number", findCards(text))
	add("url", findAppLinks(text))
	urls, emails := findURLs(text)
	add("url", urls)
	add("email", emails)
	sortEntities(ents)
	return withoutOverlaps(ents)
}

// toUTF16 turns byte offsets of sorted entities without overlaps into UTF-16.
func toUTF16(text string, ents []Entity) {
	at, count := 0, 0
	for i, e := range ents {
		count += UTF16Len(text[at:e.Offset])
		length := UTF16Len(text[e.Offset:e.end()])
		at = e.end()
		ents[i].Offset, ents[i].Length = count, length
		count += length
	}
}

// before is the character that ends at byte i, after the one that begins
// there; 0 at the text's borders.
func before(s string, i int) rune {
	if i <= 0 {
		return 0
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return r
}

func after(s string, i int) rune {
	if i >= len(s) {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return r
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || r == '_' }

// nameEnd is where the letters, digits and underscores from i on end.
func nameEnd(s string, i int) int {
	for i < len(s) && isName(s[i]) {
		i++
	}
	return i
}

// each calls match for every mark in the text with the position after it;
// match returns where the entity ends (0: there is none) and where to go on.
func each(text string, mark byte, match func(i int) (end, next int)) []span {
	var found []span
	for i := 0; i < len(text); {
		n := strings.IndexByte(text[i:], mark)
		if n < 0 {
			break
		}
		at := i + n
		end, next := match(at + 1)
		if end > 0 {
			found = append(found, span{at, end})
		}
		i = max(next, at+1)
	}
	return found
}

// shortNames are the bots whose names are allowed to be this short.
var shortNames = []string{"gif", "nft", "pic", "ufc", "vid"}

func findMentions(text string) []span {
	return each(text, '@', func(i int) (int, int) {
		if isWord(before(text, i-1)) {
			return 0, i
		}
		end := nameEnd(text, i)
		if n := end - i; n > 32 || isWord(after(text, end)) || n < 4 && !slices.Contains(shortNames, lowerASCII(text[i:end])) {
			return 0, end
		}
		return end, end
	})
}

func findCommands(text string) []span {
	foreign := func(r rune) bool { return isWord(r) || r == '/' || r == '<' || r == '>' }
	return each(text, '/', func(i int) (int, int) {
		if foreign(before(text, i-1)) {
			return 0, i
		}
		end := nameEnd(text, i)
		if n := end - i; n < 1 || n > 64 {
			return 0, end
		}
		if end < len(text) && text[end] == '@' {
			at := end + 1
			end = nameEnd(text, at)
			if n := end - at; n < 3 || n > 32 {
				return 0, end
			}
		}
		if foreign(after(text, end)) {
			return 0, end
		}
		return end, end
	})
}

// isTagLetter tells the characters of hashtags: letters, digits, and a few signs.
func isTagLetter(r rune) bool {
	return r == '_' || r == 0x200c || r == 0xb7 || r >= 0xd80 && r <= 0xdff || unicode.IsLetter(r) || unicode.Is(unicode.Nd, r)
}

// maxTag is how many characters of a hashtag count.
const maxTag = 256

func findHashtags(text string) []span {
	return each(text, '#', func(i int) (int, int) {
		if isTagLetter(before(text, i-1)) {
			return 0, i
		}
		end, next, letters := scanTag(text, i)
		if next == i {
			return 0, next
		}
		if end == next && next < len(text) && text[next] == '@' {
			if name := min(nameEnd(text, next+1), next+33); name-next-1 >= 3 {
				end, next = name, name
			}
		}
		if !letters || next < len(text) && text[next] == '#' {
			return 0, next
		}
		return end, next
	})
}

// scanTag reads a hashtag's characters at i: where the counted ones end, where
// all end, and whether one of the counted ones is a letter.
func scanTag(text string, i int) (end, next int, letters bool) {
	size := 0
	for next = i; next < len(text); {
		r, n := utf8.DecodeRuneInString(text[next:])
		if !isTagLetter(r) {
			break
		}
		next += n
		if size < maxTag {
			letters = letters || unicode.IsLetter(r)
			size++
			end = next
		}
	}
	return end, next, letters
}

func findCashtags(text string) []span {
	return each(text, '$', func(i int) (int, int) {
		if r := before(text, i-1); isTagLetter(r) || r == '$' {
			return 0, i
		}
		end := i
		if strings.HasPrefix(text[i:], "1INCH") {
			end += len("1INCH")
		} else {
			for end < len(text) && 'A' <= text[end] && text[end] <= 'Z' {
				end++
			}
		}
		if n := end - i; n < 1 || n > 8 {
			return 0, end
		}
		if end < len(text) && text[end] == '@' {
			if name := nameEnd(text, end+1); name-end-1 >= 3 && name-end-1 <= 32 {
				end = name
			}
		}
		if r := after(text, end); isTagLetter(r) || r == '$' {
			return 0, end
		}
		return end, end
	})
}
