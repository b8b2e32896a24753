package delivery

import (
	"encoding/json"
	"fmt"
	"time"
)

const (
	defaultConnections = 40
	maxConnections     = 100
	maxLocalConns      = 100_000 // with --local
	maxSecret          = 256
	maxCertificate     = 3 << 20
)

// SetWebhook answers the method of that name. certificate is the uploaded
// file, nil when there is none. An empty URL deletes the webhook.
func (q *Queue) SetWebhook(args Args, certificate []byte) (Answer, *Error) {
	if args("url") == "" {
		return q.DeleteWebhook(args)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.maySet(); err != nil {
		return Answer{}, err
	}
	w := q.wantedWebhook(args, certificate)
	drop := args.boolean("drop_pending_updates")
	if w.sameAs(q.webhook) && !drop {
		if q.setAllowed(args("allowed_updates")) {
			q.keepWebhook(q.webhook)
		}
		return done("Webhook is already set"), nil
	}
	q.poll.interrupt(textSetWebhook)
	q.removeWebhook()
	if drop {
		q.drop()
	}
	// As with Telegram, the old webhook is gone even when the new one is refused.
	if err := w.check(q.cfg.Local, args("ip_address")); err != nil {
		return Answer{}, err
	}
	q.setAllowed(args("allowed_updates"))
	q.keepWebhook(w)
	q.startSender()
	return done("Webhook was set"), nil
}

// maySet refuses calls to a closed queue and more than one setWebhook a second.
func (q *Queue) maySet() *Error {
	if q.closed {
		return errRestart()
	}
	now := time.Now()
	if now.Before(q.nextSet) {
		return &Error{Code: 429, Description: "Too Many Requests: retry after 1", RetryAfter: 1}
	}
	q.nextSet = now.Add(time.Second)
	return nil
}

func (q *Queue) wantedWebhook(args Args, certificate []byte) Webhook {
	most := int64(maxConnections)
	if q.cfg.Local {
		most = maxLocalConns
	}
	address := args("ip_address")
	if address == "" {
		address = knownAddress(args("url"))
	}
	return Webhook{
		URL:            args("url"),
		Secret:         args("secret_token"),
		Certificate:    certificate,
		MaxConnections: int(args.integer("max_connections", defaultConnections, 1, most)),
		IPAddress:      address,
		FixedIP:        args("ip_address") != "",
	}
}

// sameAs tells whether setting w over old would change nothing. A certificate
// always changes something.
func (w Webhook) sameAs(old Webhook) bool {
	return w.URL == old.URL && w.Secret == old.Secret &&
		w.MaxConnections == old.MaxConnections &&
		w.Certificate == nil && old.Certificate == nil &&
		w.FixedIP == old.FixedIP && (!w.FixedIP || w.IPAddress == old.IPAddress)
}

// DeleteWebhook answers the method of that name.
func (q *Queue) DeleteWebhook(args Args) (Answer, *Error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return Answer{}, errRestart()
	}
	existed := q.removeWebhook()
	if args.boolean("drop_pending_updates") {
		q.drop()
	}
	if existed {
		return done("Webhook was deleted"), nil
	}
	return done("Webhook is already deleted"), nil
}

// GetWebhookInfo answers the method of that name.
func (q *Queue) GetWebhookInfo() (Answer, *Error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return Answer{}, errRestart()
	}
	q.sweep(q.now())
	out, err := json.Marshal(webhookInfo{
		URL:            q.webhook.URL,
		Certificate:    q.webhook.Certificate != nil,
		Pending:        q.backlog.live,
		IPAddress:      q.webhook.IPAddress,
		LastErrorDate:  q.webhook.LastErrorDate,
		LastError:      q.webhook.LastError,
		MaxConnections: q.webhook.MaxConnections,
		Allowed:        q.allowed,
	})
	if err != nil {
		return Answer{}, &Error{Code: 500, Description: fmt.Sprintf("Internal Server Error: %v", err)}
	}
	return Answer{Result: out}, nil
}

// webhookInfo is Telegram's WebhookInfo.
type webhookInfo struct {
	URL            string   `json:"url"`
	Certificate    bool     `json:"has_custom_certificate"`
	Pending        int      `json:"pending_update_count"`
	IPAddress      string   `json:"ip_address,omitempty"`
	LastErrorDate  int64    `json:"last_error_date,omitempty"`
	LastError      string   `json:"last_error_message,omitempty"`
	MaxConnections int      `json:"max_connections,omitempty"`
	Allowed        []string `json:"allowed_updates,omitempty"`
}

// removeWebhook stops deliveries and tells whether there was a webhook.
func (q *Queue) removeWebhook() bool {
	if q.webhook.URL == "" {
		return false
	}
	q.stopSender()
	q.keepWebhook(Webhook{})
	return true
}

func (q *Queue) keepWebhook(w Webhook) {
	q.webhook = w
	q.cfg.Journal(Record{Webhook: &w})
}

func done(description string) Answer {
	return Answer{Result: json.RawMessage("true"), Description: description}
}
