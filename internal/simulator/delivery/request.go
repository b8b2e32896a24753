package delivery

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// maxReply is how much of a webhook's reply is read.
const maxReply = 1 << 20

// outcome is what came of one delivery.
type outcome struct {
	status     int
	problem    string // Telegram's words for a failure, "" after a success
	retryAfter int    // seconds the reply asked for
}

func (o outcome) ok() bool { return o.problem == "" }

// attempt delivers an update once, faults included.
func (s *sender) attempt(it *item) outcome {
	fault := s.q.cfg.Fault(it.Chat)
	if fault.Delay > 0 {
		pause(s.ctx, fault.Delay)
	}
	if fault.Duplicate {
		s.post(it.body)
	}
	out := s.post(it.body)
	if fault.Late > 0 {
		s.work.Add(1)
		go s.again(it.body, fault.Late)
	}
	return out
}

// again delivers a stray copy; its reply is lost.
func (s *sender) again(body []byte, after time.Duration) {
	defer s.work.Done()
	pause(s.ctx, after)
	if s.ctx.Err() == nil {
		s.post(body)
	}
}

// post sends one request and carries out the method its reply names.
func (s *sender) post(body []byte) outcome {
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, s.target, bytes.NewReader(body))
	if err != nil { // a kept state was tampered with: setWebhook checks the URL
		return outcome{problem: "Wrong URL"}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header["User-Agent"] = nil
	if s.hook.Secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", s.hook.Secret)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return outcome{problem: describe(err)}
	}
	defer resp.Body.Close()
	reply, err := io.ReadAll(io.LimitReader(resp.Body, maxReply))
	if err != nil {
		return outcome{problem: describe(err)}
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return outcome{resp.StatusCode, "Wrong response from the webhook: " + resp.Status, max(seconds, 0)}
	}
	s.carryOut(resp.Header.Get("Content-Type"), reply)
	return outcome{status: resp.StatusCode}
}

// carryOut makes the call that a reply asked for, unless it is one whose
// result would matter.
func (s *sender) carryOut(contentType string, reply []byte) {
	kind, _, _ := mime.ParseMediaType(contentType)
	var call struct {
		Method string `json:"method"`
	}
	if kind != "application/json" || json.Unmarshal(reply, &call) != nil || call.Method == "" {
		return
	}
	switch name := strings.ToLower(call.Method); {
	case strings.HasPrefix(name, "get"):
	case name == "setwebhook", name == "deletewebhook", name == "close", name == "logout":
	default:
		s.q.cfg.Call(call.Method, reply)
	}
}

// describe words a failed request as getWebhookInfo does.
func describe(err error) string {
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var timeout net.Error
	switch {
	case errors.As(err, &dns):
		return "Failed to resolve host: Name or service not known"
	case errors.As(err, &cert):
		return "SSL error {error:0A000086:SSL routines::certificate verify failed}"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "Connection refused"
	case errors.Is(err, syscall.ECONNRESET):
		return "Connection reset by peer"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "Read timeout expired"
	}
	return "Connection closed"
}

// webhookClient makes a client that keeps its connections, follows no
// redirects and trusts the certificate the bot uploaded.
func webhookClient(w Webhook, timeout time.Duration) *http.Client {
	transport := &http.Transport{
		DialContext:         dialer(w),
		MaxIdleConnsPerHost: w.MaxConnections,
		IdleConnTimeout:     webhookTimeout,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
	}
	if w.Certificate != nil {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(w.Certificate)
		transport.TLSClientConfig.RootCAs = pool
	}
	return &http.Client{
		Transport:     transport,
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// dialer connects to the address the bot gave in place of the host's own.
func dialer(w Webhook) func(context.Context, string, string) (net.Conn, error) {
	d := &net.Dialer{Timeout: webhookTimeout}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if _, port, err := net.SplitHostPort(address); err == nil && w.FixedIP {
			address = net.JoinHostPort(w.IPAddress, port)
		}
		return d.DialContext(ctx, network, address)
	}
}
