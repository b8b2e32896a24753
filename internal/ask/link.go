package ask

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode/utf8"

	"umkmbot/internal/dialog"
)

// longestLink is how many bytes a link may have.
const longestLink = 500

// Address is a field for a page on the web.
type Address struct{}

// Link asks for a link that begins with https; the value is the link.
func Link() Address { return Address{} }

// Ask takes text.
func (Address) Ask(dialog.Answers, string) dialog.Ask {
	return dialog.Ask{Accepts: dialog.AcceptText}
}

// Parse takes a link, alone or within a sentence.
func (Address) Parse(in dialog.Input, _ dialog.Answers, _ string) (dialog.Parsed, *dialog.Problem) {
	switch {
	case in.Kind == dialog.InputPress:
		return stale, nil
	case in.Kind != dialog.InputText:
		return dialog.Parsed{}, unwanted(in)
	}
	text, why := linkIn(in.Text)
	if why != nil {
		return dialog.Parsed{}, why
	}
	value, ok := address(text)
	if !ok {
		return dialog.Parsed{}, problem("link")
	}
	return dialog.Parsed{Value: value}, nil
}

// linkIn finds the one link in what was typed; https is added where only that
// lacks.
func linkIn(text string) (string, *dialog.Problem) {
	if clean(text) == "" {
		return "", problem("empty")
	}
	var links []string
	for _, w := range strings.Fields(text) {
		w = strings.Trim(w, "<>()\"'“”")
		if strings.Contains(w, "://") {
			links = append(links, w)
		}
	}
	words := strings.Fields(clean(text))
	switch {
	case len(links) == 0 && len(words) == 1 && strings.Contains(words[0], "."):
		links = []string{"https://" + words[0]}
	case len(links) != 1:
		return "", problem("link")
	}
	link := strings.TrimRight(links[0], ".,;")
	scheme, _, _ := strings.Cut(link, "://")
	switch {
	case len(link) > longestLink:
		return "", problem("too_long", "Max", longestLink, "Count", utf8.RuneCountInString(link))
	case strings.EqualFold(scheme, "http"):
		return "", problem("link_http")
	}
	return link, nil
}

// address checks a link and writes it as browsers do.
func address(text string) (string, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Opaque != "" || strings.ContainsFunc(text, invisible) {
		return "", false
	}
	host := strings.ToLower(u.Hostname())
	name, top := "", ""
	if i := strings.LastIndexByte(host, '.'); i > 0 {
		name, top = host[:i], host[i+1:]
	}
	if _, err := netip.ParseAddr(host); err == nil || name == "" || len(top) < 2 || strings.HasPrefix(name, ".") || strings.Contains(name, "..") {
		return "", false
	}
	u.Host = strings.ToLower(u.Host)
	out := u.String()
	return out, len(out) <= longestLink
}

// Holds reports whether it is a link, written as it is kept.
func (Address) Holds(value string, _ dialog.Answers) bool {
	same, ok := address(value)
	return ok && same == value
}

// Show gives the link.
func (Address) Show(value string) dialog.Text { return literal(value) }
