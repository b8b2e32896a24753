package markup

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"
)

// tldList holds the top-level domains that are delegated, one a line, lower case.
//
//go:embed tlds.txt
var tldList string

var knownTLDs = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for _, tld := range strings.Fields(tldList) {
		known[tld] = true
	}
	return known
})

// isCommonTLD accepts "com" and "COM" but not "Com": that is more likely a
// sentence whose blank is missing.
func isCommonTLD(tld string) bool {
	lower := strings.ToLower(tld)
	_, n := utf8.DecodeRuneInString(tld)
	_, m := utf8.DecodeRuneInString(lower)
	if lower != tld && lower[m:] == tld[n:] {
		return false
	}
	return knownTLDs()[lower]
}

// checkFoundURL returns how many bytes of something of a link's form are a
// link; 0 if it is none.
func checkFoundURL(link string) int {
	rest, hasProtocol := link, false
	for _, protocol := range []string{"http://", "https://", "ftp://", "tonsite://"} {
		if strings.HasPrefix(lowerASCII(link[:min(10, len(link))]), protocol) {
			rest, hasProtocol = link[len(protocol):], true
		}
	}
	domain := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		domain = rest[:i]
	}
	path := rest[len(domain):]
	if _, host, ok := strings.Cut(domain, "@"); ok {
		domain = host
	}
	if i := strings.LastIndexByte(domain, ':'); i >= 0 {
		domain = domain[:i]
	}
	if lowerASCII(domain) == "teiegram.org" || !checkDomain(domain, hasProtocol) {
		return 0
	}
	return len(link) - len(path) + balanced(path)
}

// balanced returns how many bytes of a path come before a bracket that closes
// what the path did not open.
func balanced(path string) int {
	var open [3]int
	end := 0
	for end < len(path) {
		i := strings.IndexByte("([{", path[end])
		j := strings.IndexByte(")]}", path[end])
		if i >= 0 {
			open[i]++
		}
		if j >= 0 {
			if open[j]--; open[j] < 0 {
				break
			}
		}
		end++
	}
	for end > 0 && strings.IndexByte(badEnd, path[end-1]) >= 0 {
		end--
	}
	return end
}

// checkDomain accepts IPv4 addresses and names under a known top-level domain
// (any, after a protocol).
func checkDomain(domain string, hasProtocol bool) bool {
	parts := strings.Split(domain, ".")
	if len(parts) == 1 {
		return false
	}
	for _, part := range parts {
		if part == "" || len(part) >= 64 || part[len(part)-1] == '-' {
			return false
		}
	}
	if isIPv4(parts) {
		return true
	}
	if strings.Trim(domain, ".0123456789") == "" {
		return false
	}
	tld := parts[len(parts)-1]
	return !strings.Contains(parts[len(parts)-2], "_") && checkTLD(tld, hasProtocol)
}

func checkTLD(tld string, hasProtocol bool) bool {
	if utf8.RuneCountInString(tld) <= 1 {
		return false
	}
	if code, ok := strings.CutPrefix(tld, "xn--"); ok {
		return len(code) > 1 && strings.IndexFunc(code, func(r rune) bool {
			return r >= 0x80 || !isAlphaDigit(byte(r))
		}) < 0
	}
	return !strings.ContainsAny(tld, "_-") && (hasProtocol || isCommonTLD(tld))
}

func isIPv4(parts []string) bool {
	if len(parts) != 4 {
		return false
	}
	for _, part := range parts {
		if strings.Trim(part, "0123456789") != "" || len(part) > 3 || len(part) == 3 && part > "255" || len(part) > 1 && part[0] == '0' {
			return false
		}
	}
	return true
}

// isEmail accepts what Telegram marks as a mail address.
func isEmail(s string) bool {
	user, domain, _ := strings.Cut(s, "@")
	return domain != "" && checkMailUser(user) && checkMailDomain(strings.Split(domain, "."))
}

// checkMailUser wants at most 11 parts, each but the last under 27 bytes, the
// last from 1 to 35.
func checkMailUser(user string) bool {
	parts := strings.Split(strings.ReplaceAll(user, "+", "."), ".")
	last := parts[len(parts)-1]
	if len(parts) >= 12 || last == "" || len(last) >= 36 {
		return false
	}
	for i, part := range parts {
		if !isMailName(part) || i < len(parts)-1 && len(part) >= 27 {
			return false
		}
	}
	return true
}

func isMailName(s string) bool {
	for i := range len(s) {
		if !isName(s[i]) && s[i] != '-' {
			return false
		}
	}
	return true
}

// checkMailDomain wants two to seven parts, the last of 2 to 8 letters.
func checkMailDomain(parts []string) bool {
	tld := parts[len(parts)-1]
	if len(parts) < 2 || len(parts) > 7 || len(tld) < 2 || len(tld) > 8 {
		return false
	}
	for i := range len(tld) {
		if !isAlpha(tld[i]) {
			return false
		}
	}
	for _, part := range parts[:len(parts)-1] {
		if part == "" || len(part) >= 31 || !isMailName(part) || !isAlphaDigit(part[0]) || !isAlphaDigit(part[len(part)-1]) {
			return false
		}
	}
	return true
}
