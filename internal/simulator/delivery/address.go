package delivery

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// check refuses what Telegram refuses of a webhook. ipAddress is the address
// the call gave, "" when it gave none.
func (w Webhook) check(local bool, ipAddress string) *Error {
	u, port, err := parseTarget(w.URL)
	switch {
	case err != nil:
		return badRequest("invalid webhook URL specified")
	case len(w.Secret) > maxSecret:
		return badRequest("secret token is too long")
	case !isBase64URL(w.Secret):
		return badRequest("secret token contains unallowed characters")
	case len(w.Certificate) > maxCertificate:
		return badRequest(fmt.Sprintf("certificate size is too big (%d bytes)", len(w.Certificate)))
	}
	if text := badTarget(u, port, local); text != "" {
		return badRequest("bad webhook: " + text)
	}
	if text := badAddress(ipAddress, local); ipAddress != "" && text != "" {
		return badRequest("bad webhook: " + text)
	}
	return nil
}

func badRequest(text string) *Error {
	return &Error{Code: 400, Description: "Bad Request: " + text}
}

// withScheme adds the scheme that Telegram takes for granted.
func withScheme(target string) string {
	if strings.Contains(target, "://") {
		return target
	}
	return "https://" + target
}

// parseTarget reads a webhook's URL and port.
func parseTarget(text string) (*url.URL, int, error) {
	u, err := url.Parse(withScheme(text))
	if err != nil {
		return nil, 0, fmt.Errorf("parse webhook URL: %w", err)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || strings.ContainsAny(u.Host, " <>\"'") {
		return nil, 0, fmt.Errorf("parse webhook URL: scheme or host is wrong")
	}
	port := map[string]int{"https": 443, "http": 80}[u.Scheme]
	if u.Port() != "" {
		port, err = strconv.Atoi(u.Port())
		if err != nil || port < 1 || port > 65535 {
			return nil, 0, fmt.Errorf("parse webhook URL: port is wrong")
		}
	}
	return u, port, nil
}

// badTarget says why Telegram's cloud would not call this URL. This machine's
// own addresses are let through: there the simulator's bots live.
func badTarget(u *url.URL, port int, local bool) string {
	host := u.Hostname()
	if local || isLoopback(host) {
		return ""
	}
	if u.Scheme != "https" {
		return "An HTTPS URL must be provided for webhook"
	}
	if !slices.Contains([]int{443, 80, 88, 8443}, port) {
		return "Webhook can be set up only on ports 80, 88, 443 or 8443"
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return badAddress(host, local)
	}
	return ""
}

// knownAddress is the IP address of a URL's host where no look-up is needed.
func knownAddress(target string) string {
	u, _, err := parseTarget(target)
	if err != nil {
		return ""
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
		return ip.String()
	}
	return ""
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

// badAddress says why an IP address cannot be a webhook's.
func badAddress(text string, local bool) string {
	ip, err := netip.ParseAddr(text)
	switch {
	case err != nil:
		return "Invalid IP address specified"
	case local || ip.IsLoopback():
		return ""
	case !ip.Is4():
		return "IPv6-only addresses are not allowed"
	case ip.IsPrivate(), ip.IsLinkLocalUnicast(), ip.IsMulticast(), ip.IsUnspecified():
		return "IP address " + ip.String() + " is reserved"
	}
	return ""
}

// isBase64URL tells whether s has only the characters of unpadded base64url.
func isBase64URL(s string) bool {
	return strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}
