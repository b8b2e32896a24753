package markup

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// badEnd are the characters with which no link ends.
const badEnd = ".:;,('?!`"

// isURLSymbol tells what may stand in links: all but separators and most
// general punctuation.
func isURLSymbol(r rune) bool {
	if r >= 0x2000 && r <= 0x206f {
		return r == 0x200c || r == 0x200d || r >= 0x2010 && r <= 0x2015
	}
	return !unicode.Is(unicode.Z, r)
}

func isPathSymbol(r rune) bool { return !strings.ContainsRune("\n<>\"«»", r) && isURLSymbol(r) }

func isUserSymbol(r rune) bool {
	return !strings.ContainsRune("\n/[]{}()'`<>\"@«»", r) && isURLSymbol(r)
}

func isDomainSymbol(r rune) bool {
	if r < 0xc0 {
		return r == '.' || r == '~' || r == '-' || r < 0x80 && isName(byte(r))
	}
	return isURLSymbol(r)
}

func isProtocolSymbol(r rune) bool {
	if r < 0x80 {
		return isAlphaDigit(byte(r)) || r == '+' || r == '-'
	}
	return !unicode.Is(unicode.Z, r)
}

// spreadLeft moves i over the characters before it that ok accepts, down to limit.
func spreadLeft(s string, i, limit int, ok func(rune) bool) int {
	for i > limit {
		r, n := utf8.DecodeLastRuneInString(s[limit:i])
		if !ok(r) {
			break
		}
		i -= n
	}
	return i
}

// spreadRight moves i over the characters from it on that ok accepts.
func spreadRight(s string, i int, ok func(rune) bool) int {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !ok(r) {
			break
		}
		i += n
	}
	return i
}

// pathEnd is where the path, query or fragment that may begin at i ends.
func pathEnd(s string, i int) int {
	if i >= len(s) || strings.IndexByte("/?#", s[i]) < 0 {
		return i
	}
	end := spreadRight(s, i+1, isPathSymbol)
	for end > i+1 && strings.IndexByte(badEnd, s[end-1]) >= 0 {
		end--
	}
	if s[i] == '/' || end > i+1 {
		return end
	}
	return i
}

// findAppLinks finds tg://, ton:// and tonsite:// links.
func findAppLinks(text string) []span {
	var found []span
	for i := 0; ; {
		n := strings.Index(text[i:], "://")
		if n < 0 {
			return found
		}
		colon := i + n
		i = colon + 3
		begin := appScheme(text[:colon])
		if begin < 0 {
			continue
		}
		end := i
		for end < len(text) && end-i < 253 && (isName(text[end]) || text[end] == '-') {
			end++
		}
		if end == i {
			continue
		}
		i = pathEnd(text, end)
		found = append(found, span{begin, i})
	}
}

// appScheme is where an app scheme that ends the text begins, or -1. As in
// TDLib only the last three letters of tonsite count.
func appScheme(text string) int {
	lower := lowerASCII(text[max(0, len(text)-len("tonsite")):])
	switch {
	case strings.HasSuffix(lower, "tg"):
		return len(text) - 2
	case strings.HasSuffix(lower, "ton"), strings.HasSuffix(lower, "tonsite"):
		return len(text) - 3
	default:
		return -1
	}
}

// findURLs finds web links and mail addresses.
func findURLs(text string) (urls, emails []span) {
	for _, s := range matchURLs(text) {
		link := text[s.begin:s.end]
		if address := strings.TrimPrefix(link, "mailto:"); isEmail(address) {
			emails = append(emails, span{s.end - len(address), s.end})
		} else if n := checkFoundURL(link); n > 0 {
			urls = append(urls, span{s.begin, s.begin + n})
		}
	}
	return urls, emails
}

// matchURLs looks around every dot for something of the form of a link. What
// lies before limit belongs to an earlier match.
func matchURLs(text string) []span {
	var found []span
	for limit := 0; ; {
		n := strings.IndexByte(text[limit:], '.')
		if n < 0 || limit+n+1 == len(text) {
			return found
		}
		dot := limit + n
		if text[dot+1] == ' ' {
			limit = dot + 2
			continue
		}
		s, ok := matchAround(text, limit, dot)
		limit = s.end
		if ok {
			if s.end > dot+1 {
				found = append(found, s)
			}
			for limit < len(text) && text[limit] == '.' {
				limit++
			}
		} else {
			limit = strings.LastIndexByte(text[:limit], '.') + 1
		}
		limit = max(limit, dot+1)
	}
}

// matchAround takes the domain around the dot, then port and path to its
// right, user and protocol to its left.
func matchAround(text string, limit, dot int) (span, bool) {
	begin := spreadLeft(text, dot, limit, isDomainSymbol)
	end := spreadRight(text, dot, func(r rune) bool { return r == '@' || isDomainSymbol(r) })
	hasAt := strings.IndexByte(text[dot:end], '@') >= 0
	if hasAt {
		begin = spreadLeft(text, begin, limit, isUserSymbol)
	}
	end = pathEnd(text, portEnd(text, end))
	for end > dot+1 && text[end-1] == '.' {
		end--
	}
	ok := true
	if begin > limit && text[begin-1] == '@' {
		user := spreadLeft(text, begin-1, limit, isUserSymbol)
		ok = !hasAt && user < begin-1
		begin = user
	}
	begin, known := protocolBegin(text, limit, begin)
	return span{begin, end}, ok && known
}

// portEnd is where the port that may follow a domain at i ends.
func portEnd(text string, i int) int {
	if i >= len(text) || text[i] != ':' {
		return i
	}
	end := i + 1
	for end < len(text) && isDigit(text[end]) {
		end++
	}
	digits := strings.TrimLeft(text[i+1:end], "0")
	if port, err := strconv.Atoi(digits); err != nil || port > 65535 {
		return i
	}
	return end
}

// protocolBegin takes the protocol before begin into the link; a protocol that
// is not a link's, or a word that runs into the link, spoils it.
func protocolBegin(text string, limit, begin int) (int, bool) {
	if begin == limit {
		return begin, true
	}
	if begin-limit < 6 || !strings.HasSuffix(text[limit:begin], "://") {
		r := before(text, begin)
		return begin, !isWord(r) && r != '/' && r != '#' && r != '@'
	}
	start := spreadLeft(text, begin-3, limit, isProtocolSymbol)
	protocol := lowerASCII(text[start : begin-3])
	for _, known := range []string{"http", "https", "ftp", "tonsite"} {
		if strings.HasSuffix(protocol, known) && protocol != "shttp" && protocol != "tftp" && protocol != "sftp" {
			return begin - 3 - len(known), true
		}
	}
	return begin, false
}
