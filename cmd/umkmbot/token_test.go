package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"umkmbot/internal/loadtest"
	"umkmbot/internal/simulator"
)

// revoked is the token that BotFather gives in place of demoToken: the bot's
// number stays.
const revoked = "7700000001:BBBB-simulator-only-no-real-token"

// The bot's token changes amid a form. The old one ends, and no start with it
// is possible; with the new one the webhook is set anew and people go on where
// they were.
func TestTokenChanges(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var telegram atomic.Pointer[simulator.Server]
	telegramWith := func(token string) {
		if old := telegram.Load(); old != nil {
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
		}
		sim, err := simulator.New(simulator.Config{Token: token, DataDir: dir})
		if err != nil {
			t.Fatal(err)
		}
		telegram.Store(sim)
	}
	telegramWith(demoToken)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { telegram.Load().ServeHTTP(w, r) }))
	o := &office{t: t, log: &logKeeper{}, url: server.URL, api: loadtest.NewSim(server.URL), now: telegram.Load().Now}
	t.Cleanup(func() {
		o.stopAll()
		o.api.Close()
		if err := telegram.Load().Close(); err != nil {
			t.Error(err)
		}
		server.CloseClientConnections()
		server.Close()
	})
	o.prepare(plan{webhook: true})
	o.start(nil)
	p := o.person()
	p.upToReview(answers{"Siti Aminah", nikOf(1), "Warung Siti"})
	o.settled()

	o.stopAll() // as all do sooner or later, whose calls are refused
	telegramWith(revoked)
	err := run(t.Context(), o.serveArgs(nil), &bytes.Buffer{})
	if err == nil || !strings.Contains(oneLine(err), "TELEGRAM_BOT_TOKEN") {
		t.Errorf("with the old token it ends with %v", err)
	}
	o.settings.Telegram.Token = revoked
	o.start(nil)
	p.press(confirm)
	p.sees("sudah terdaftar")
	o.settled()
	c := checkOf(o)
	c.all(t.Context())
	c.wants(t, "ok token: @", "ok webhook: set to")
}
