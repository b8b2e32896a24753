package markup

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// setLink makes e the link or mention that href stands for, and reports
// whether it stands for one; Telegram drops bad links without a word.
func (e *Entity) setLink(href string) bool {
	if id := linkUserID(href); id > 0 {
		e.Type, e.UserID = "text_mention", id
		return true
	}
	url, err := checkLink(href)
	if err != nil {
		return false
	}
	e.Type, e.URL = "text_link", url
	return true
}

// strictInt reads an integer that is written the one canonical way.
func strictInt(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && strconv.FormatInt(n, 10) == s
}

// tgQuery returns the query of tg://<host>?…, without a fragment.
func tgQuery(link, host string) (string, error) {
	lower := lowerASCII(link)
	if !strings.HasPrefix(lower, "tg:") {
		return "", problem("URL must have scheme tg")
	}
	skip := len("tg:")
	if strings.HasPrefix(lower[skip:], "//") {
		skip += 2
	}
	rest, ok := strings.CutPrefix(lower[skip:], host)
	if !ok || rest != "" && strings.IndexByte("/?#", rest[0]) < 0 {
		return "", problem("URL must have host \"%s\"", host)
	}
	query, ok := strings.CutPrefix(strings.TrimPrefix(link[skip+len(host):], "/"), "?")
	if !ok {
		return "", problem("URL must have parameters")
	}
	query, _, _ = strings.Cut(query, "#")
	return query, nil
}

// parameter finds the first parameter of that name in a raw query.
func parameter(query, name string) (string, bool) {
	for part := range strings.SplitSeq(query, "&") {
		if key, value, _ := strings.Cut(part, "="); key == name {
			return value, true
		}
	}
	return "", false
}

// linkUserID is the person of tg://user?id=…, or 0.
func linkUserID(link string) int64 {
	query, err := tgQuery(lowerASCII(link), "user")
	if err != nil {
		return 0
	}
	value, _ := parameter(query, "id")
	id, ok := strictInt(value)
	if !ok || id >= 1<<40 {
		return 0
	}
	return id
}

// setMoment makes e the custom emoji or the date of a tg://emoji or tg://time link.
func (e *Entity) setMoment(link string) error {
	if query, err := tgQuery(link, "emoji"); err == nil {
		value, _ := parameter(query, "id")
		if id, ok := strictInt(value); ok && id != 0 {
			e.Type, e.CustomEmojiID = "custom_emoji", value
			return nil
		}
	}
	if query, err := tgQuery(link, "time"); err == nil {
		value, _ := parameter(query, "unix")
		format, _ := parameter(query, "format")
		if unix, ok := strictInt(value); ok && unix > 0 && unix < 1<<31 {
			if !validDateFormat(format) {
				return errInvalidDateFormat
			}
			e.Type, e.UnixTime, e.DateFormat = "date_time", unix, format
			return nil
		}
	}
	return problem("Invalid tg://emoji or tg://time URL specified")
}

var errInvalidDateFormat = problem("Invalid date format used")

// validDateFormat knows "r" (relative) alone, or any of t T d D w W.
func validDateFormat(format string) bool {
	return format == "r" || format == "R" || strings.Trim(format, "tTdDwW") == ""
}

// checkLink completes and normalises a link: http:// is added, scheme and host
// are lowered, the path is kept. An error names what is wrong, as in
// Telegram's "URL '…' is invalid: …".
func checkLink(link string) (string, error) {
	for _, scheme := range []string{"tg", "ton", "tonsite"} {
		if strings.HasPrefix(lowerASCII(link), scheme+":") {
			return checkAppLink(scheme, strings.TrimPrefix(link[len(scheme)+1:], "//"))
		}
	}
	u, err := parseURL(link)
	if err != nil {
		return "", err
	}
	if !strings.Contains(u.host, ".") && !u.ipv6 {
		return "", problem("Wrong HTTP URL")
	}
	return u.String(), nil
}

// checkAppLink checks what follows tg://, ton:// or tonsite://.
func checkAppLink(scheme, rest string) (string, error) {
	u, err := parseURL(rest)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(lowerASCII(rest), "http://") || u.protocol == "https" || u.user != "" || u.port != 0 || u.ipv6 {
		return "", problem("Wrong %s URL", strings.TrimSuffix(scheme, "site"))
	}
	for i := range len(u.host) {
		c := u.host[i]
		if !isName(c) && c != '-' && (scheme != "tonsite" || c != '.') {
			return "", problem("Unallowed characters in URL host")
		}
	}
	return scheme + "://" + u.host + strings.Replace(u.query, "/?", "?", 1), nil
}

// url is a link taken apart; query is everything from the path on.
type url struct {
	protocol, user, host string
	ipv6                 bool
	port                 int // 0: none given
	query                string
}

func (u url) String() string {
	s := u.protocol + "://"
	if u.user != "" {
		s += u.user + "@"
	}
	s += u.host
	if u.port > 0 {
		s += ":" + strconv.Itoa(u.port)
	}
	return s + u.query
}

// parseURL takes [https?://][user@]host[:port][path] apart.
func parseURL(link string) (url, error) {
	u := url{protocol: "http"}
	if i := strings.IndexAny(link, ":/?#@[]"); i >= 0 && strings.HasPrefix(link[i:], "://") {
		u.protocol = lowerASCII(link[:i])
		if u.protocol != "http" && u.protocol != "https" {
			return url{}, problem("Unsupported URL protocol")
		}
		link = link[i+3:]
	}
	authority := link
	if i := strings.IndexAny(link, "/?#"); i >= 0 {
		authority = link[:i]
	}
	u.query = escapeQuery(link[len(authority):])
	authority, port, err := splitPort(authority)
	if err != nil {
		return url{}, err
	}
	u.port = port
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		u.user, authority = authority[:i], authority[i+1:]
	}
	u.host = lowerASCII(authority)
	u.ipv6, err = checkHost(u.host)
	return u, err
}

// splitPort cuts the port off; 0 if there is none.
func splitPort(authority string) (string, int, error) {
	colon := strings.LastIndexAny(authority, ":]@")
	if colon <= 0 || authority[colon] != ':' {
		return authority, 0, nil
	}
	digits := strings.TrimLeft(authority[colon+1:], "0")
	port, ok := strictInt(digits)
	if !ok || port < 1 || port > 65535 {
		return "", 0, problem("Wrong port number specified in the URL")
	}
	return authority[:colon], int(port), nil
}

// escapeQuery percent-encodes white space and control characters and makes the
// query begin with a slash.
func escapeQuery(query string) string {
	query = strings.TrimRight(query, " \t\r\n\v\x00")
	var b strings.Builder
	if query == "" || query[0] != '/' {
		b.WriteByte('/')
	}
	for i := range len(query) {
		if c := query[i]; c <= ' ' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// checkHost reports whether host is an IPv6 address in brackets, and what is
// wrong with a host that Telegram refuses.
func checkHost(host string) (ipv6 bool, err error) {
	switch {
	case host == "":
		return false, problem("URL host is empty")
	case host == ".":
		return false, problem("Host is invalid")
	case host[0] == '[' && host[len(host)-1] == ']':
		addr, err := netip.ParseAddr(host[1 : len(host)-1])
		if err != nil || !addr.Is6() || addr.Zone() != "" {
			return false, problem("Wrong IPv6 address specified in the URL")
		}
		return true, nil
	}
	for i := 0; i < len(host); i++ {
		switch c := host[i]; {
		case c == '%':
			if i+2 >= len(host) || !isHex(host[i+1]) || !isHex(host[i+2]) {
				return false, problem("Wrong percent-encoded symbol in URL host")
			}
			i += 2
		case !isAlphaDigit(c) && c < 0x80 && strings.IndexByte(".-_!$,~*'();&+=", c) < 0:
			return false, problem("Disallowed character in URL host")
		}
	}
	return false, nil
}
