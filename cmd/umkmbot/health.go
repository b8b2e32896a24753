package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// webhookPath is where Telegram's deliveries arrive: the path of WEBHOOK_URL,
// which a proxy in front is expected to pass on as it is.
func webhookPath(address string) string {
	if u, err := url.Parse(address); err == nil && u.Path != "" {
		return u.Path
	}
	return "/"
}

// handler answers Telegram, probes and Prometheus.
func (a *app) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", a.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.metrics, promhttp.HandlerOpts{}))
	if a.settings.WebhookURL != "" {
		mux.Handle(webhookPath(a.settings.WebhookURL), a.bot.Webhook(a.settings.WebhookSecret))
	}
	return mux
}

type healthCommand struct {
	Listen string `name:"listen" env:"LISTEN" default:"127.0.0.1:8080" help:"Where the bot listens."`
}

// Run asks /readyz; containers without curl use it as their health check.
func (c healthCommand) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	address := c.Listen
	if strings.HasPrefix(address, ":") || strings.HasPrefix(address, "0.0.0.0:") {
		address = "127.0.0.1" + address[strings.LastIndexByte(address, ':'):]
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", http.NoBody)
	if err != nil {
		return fmt.Errorf("LISTEN: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("no answer: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: HTTP %d", resp.StatusCode)
	}
	return nil
}
