package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-telegram/bot/models"
)

// telegramHost is where the public Bot API answers; its rules for webhooks are
// not those of a server of one's own.
const telegramHost = "api.telegram.org"

func (c *checker) public() bool {
	u, err := url.Parse(c.settings.Telegram.APIURL)
	return err == nil && u.Hostname() == telegramHost
}

func (c *checker) token(ctx context.Context) {
	if !tokenForm.MatchString(c.settings.Telegram.Token) {
		return // said already
	}
	var me models.User
	if err := c.api.Do(ctx, "getMe", nil, &me); err != nil {
		c.say(levelWrong, "token", "%s", oneLine(introduceError(err)))
		return
	}
	c.say(levelOK, "token", "it is @%s's", me.Username)
}

// webhook lays what Telegram has beside the settings.
func (c *checker) webhook(ctx context.Context) {
	var info models.WebhookInfo
	if err := c.api.Do(ctx, "getWebhookInfo", nil, &info); err != nil {
		c.say(levelWarn, "webhook", "cannot be told while Telegram does not answer this token")
		return
	}
	c.judgeWebhook(info)
}

// lately is how young an error of Telegram's deliveries has to be to matter.
const lately = time.Hour

// manyPending is a queue that is not a matter of a short stop.
const manyPending = 100

// judgeWebhook shows hosts only: a path may be meant to be secret.
func (c *checker) judgeWebhook(info models.WebhookInfo) {
	switch {
	case c.settings.WebhookURL == "" && info.URL == "":
		c.say(levelOK, "webhook", "none is set: the bot polls")
	case c.settings.WebhookURL == "":
		c.say(levelWarn, "webhook", "Telegram delivers to %s, and WEBHOOK_URL is empty: serve takes that webhook away and polls. Does another installation use this token?", hostOf(info.URL))
	case info.URL == "":
		c.say(levelOK, "webhook", "not set yet; serve sets it to %s, with the secret", hostOf(c.settings.WebhookURL))
	case info.URL != c.settings.WebhookURL:
		c.say(levelWarn, "webhook", "Telegram delivers to %s, at another address than WEBHOOK_URL: serve sets it anew. Does another installation use this token?", hostOf(info.URL))
	default:
		c.say(levelOK, "webhook", "set to %s", hostOf(info.URL))
	}
	if at := time.Unix(int64(info.LastErrorDate), 0); info.LastErrorDate != 0 && c.now().Sub(at) < lately {
		c.say(levelWarn, "webhook", "Telegram's last delivery that failed, at %s: %s. Is the bot running, and does the proxy pass its path on?",
			at.In(c.office()).Format("15:04 MST"), info.LastErrorMessage)
	}
	if n := info.PendingUpdateCount; n >= manyPending {
		c.say(levelWarn, "webhook", "%d updates wait with Telegram. They are handled as soon as the bot runs", n)
	} else {
		c.say(levelOK, "webhook", "%d updates wait with Telegram", n)
	}
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "another address"
	}
	return u.Host
}

// hookPorts are those that the public Bot API delivers to.
var hookPorts = []string{"443", "80", "88", "8443"}

// nearlyOver is how long before its end a certificate is worth a word.
const nearlyOver = 14 * 24 * time.Hour

// certificate sees whether Telegram would take the webhook's address.
func (c *checker) certificate(ctx context.Context) {
	u, err := url.Parse(c.settings.WebhookURL)
	if err != nil || c.settings.WebhookURL == "" || !httpURL(c.settings.WebhookURL) {
		return // none, or said already
	}
	if u.Scheme != "https" {
		if c.public() {
			c.say(levelWrong, "certificate", "WEBHOOK_URL is http, and Telegram delivers to https only. Put a proxy with a certificate in front")
		} else {
			c.say(levelOK, "certificate", "WEBHOOK_URL is http, which a Bot API server of one's own may allow")
		}
		return
	}
	port := u.Port()
	if port == "" {
		port = "443"
	}
	if c.public() && !slices.Contains(hookPorts, port) {
		c.say(levelWrong, "certificate", "Telegram delivers to the ports 443, 80, 88 and 8443 only, not to %s", port)
		return
	}
	c.judgeCertificate(c.dial(ctx, u.Hostname(), port))
}

// dial asks the address for its certificate and gives its end.
func (c *checker) dial(ctx context.Context, host, port string) (until time.Time, err error) {
	dialer := &tls.Dialer{Config: &tls.Config{RootCAs: c.roots, ServerName: host, MinVersion: tls.VersionTLS12}}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return until, err
	}
	defer func() { _ = conn.Close() }()
	return conn.(*tls.Conn).ConnectionState().PeerCertificates[0].NotAfter, nil
}

func (c *checker) judgeCertificate(until time.Time, err error) {
	var refused *tls.CertificateVerificationError
	switch {
	case errors.As(err, &refused):
		c.say(levelWrong, "certificate", "%s", fault(refused.Err, "Telegram would not take it either. Get one from Let's Encrypt, and serve its whole chain"))
	case err != nil:
		c.say(levelWarn, "certificate", "WEBHOOK_URL cannot be reached from here: %s", fault(err, "Telegram must reach it; from inside one's own network it may look otherwise"))
	case until.Sub(c.now()) < nearlyOver:
		c.say(levelWarn, "certificate", "it ends on %s. See that it is renewed", until.Format(time.DateOnly))
	default:
		c.say(levelOK, "certificate", "good until %s", until.Format(time.DateOnly))
	}
}

// telegramClock reads Telegram's clock, which counts whole seconds.
func (c *checker) telegramClock(ctx context.Context) {
	there, err := dateOf(ctx, c.settings.Telegram.APIURL)
	if err != nil {
		c.say(levelWarn, "clock", "cannot be laid beside Telegram's: %s", oneLine(err))
		return
	}
	ahead := there.Add(time.Second / 2).Sub(c.now())
	c.judgeClock("Telegram", ahead)
}

func dateOf(ctx context.Context, address string) (time.Time, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, address, http.NoBody)
	if err != nil {
		return time.Time{}, fmt.Errorf("ask the time: %w", err)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return time.Time{}, fmt.Errorf("ask the time: %w", err)
	}
	_ = resp.Body.Close()
	at, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return at, errors.New("no time in the answer")
	}
	return at, nil
}
