package delivery

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestSetWebhookAnswers(t *testing.T) {
	long := strings.Repeat("a", 257)
	cases := []struct {
		name  string
		local bool
		args  []string
		want  string // the description, of success or refusal
	}{
		{"https", false, []string{"url", "https://bot.example/hook"}, "Webhook was set"},
		{"without a scheme", false, []string{"url", "bot.example/hook"}, "Webhook was set"},
		{"port 8443", false, []string{"url", "https://bot.example:8443/"}, "Webhook was set"},
		{"port 88", false, []string{"url", "https://bot.example:88/"}, "Webhook was set"},
		{"port 80", false, []string{"url", "https://bot.example:80/"}, "Webhook was set"},
		{"another port", false, []string{"url", "https://bot.example:444/"}, "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"},
		{"http", false, []string{"url", "http://bot.example/"}, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"},
		{"http when local", true, []string{"url", "http://bot.example:9999/"}, "Webhook was set"},
		{"this machine", false, []string{"url", "http://127.0.0.1:9/hook"}, "Webhook was set"},
		{"localhost", false, []string{"url", "http://localhost:9/hook"}, "Webhook was set"},
		{"this machine over IPv6", false, []string{"url", "http://[::1]:9/hook"}, "Webhook was set"},
		{"a private address", false, []string{"url", "https://10.0.0.7/"}, "Bad Request: bad webhook: IP address 10.0.0.7 is reserved"},
		{"a private address when local", true, []string{"url", "https://10.0.0.7/"}, "Webhook was set"},
		{"IPv6", false, []string{"url", "https://[2001:db8::1]/"}, "Bad Request: bad webhook: IPv6-only addresses are not allowed"},
		{"a given address", false, []string{"url", "https://bot.example/", "ip_address", "203.0.113.7"}, "Webhook was set"},
		{"a wrong given address", false, []string{"url", "https://bot.example/", "ip_address", "here"}, "Bad Request: bad webhook: Invalid IP address specified"},
		{"ftp", false, []string{"url", "ftp://bot.example/"}, "Bad Request: invalid webhook URL specified"},
		{"no host", false, []string{"url", "https:///hook"}, "Bad Request: invalid webhook URL specified"},
		{"a wrong port", false, []string{"url", "https://bot.example:99999/"}, "Bad Request: invalid webhook URL specified"},
		{"control characters", false, []string{"url", "https://bot.exa\nmple/"}, "Bad Request: invalid webhook URL specified"},
		{"secret", false, []string{"url", "https://bot.example/", "secret_token", "Aa0_-"}, "Webhook was set"},
		{"longest secret", false, []string{"url", "https://bot.example/", "secret_token", long[1:]}, "Webhook was set"},
		{"secret too long", false, []string{"url", "https://bot.example/", "secret_token", long}, "Bad Request: secret token is too long"},
		{"secret with a space", false, []string{"url", "https://bot.example/", "secret_token", "a b"}, "Bad Request: secret token contains unallowed characters"},
		{"empty, without a webhook", false, nil, "Webhook is already deleted"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.cfg.Local = c.local
			answer, refused := b.SetWebhook(args(c.args...), nil)
			if refused != nil {
				if refused.Description != c.want || refused.Code != 400 {
					t.Errorf("refused: %d %s", refused.Code, refused.Description)
				}
				return
			}
			if answer.Description != c.want || string(answer.Result) != "true" {
				t.Errorf("answer %s %q, want %q", answer.Result, answer.Description, c.want)
			}
		})
	}
}

func TestWebhookLifeCycle(t *testing.T) {
	b := newBench(t)
	const dead = "http://127.0.0.1:1/"
	set := func(want string, pairs ...string) {
		t.Helper()
		b.nextSet = time.Time{}
		answer, refused := b.SetWebhook(args(pairs...), nil)
		if refused != nil {
			t.Fatal(refused)
		}
		if answer.Description != want {
			t.Errorf("%v: %q, want %q", pairs, answer.Description, want)
		}
	}
	set("Webhook was set", "url", dead)
	set("Webhook is already set", "url", dead)
	set("Webhook was set", "url", dead, "max_connections", "7")
	set("Webhook is already set", "url", dead, "max_connections", "7", "allowed_updates", `["message"]`)
	set("Webhook was set", "url", dead, "max_connections", "7", "drop_pending_updates", "TRUE")
	info := b.info()
	if info["max_connections"] != 7.0 || fmt.Sprint(info["allowed_updates"]) != "[message]" || info["ip_address"] != "127.0.0.1" {
		t.Errorf("info %v", info)
	}
	set("Webhook was deleted", "url", "")
	for _, want := range []string{"Webhook is already deleted", "Webhook is already deleted"} {
		answer, refused := b.DeleteWebhook(args())
		if refused != nil || answer.Description != want {
			t.Errorf("deleteWebhook: %q %v", answer.Description, refused)
		}
	}
	set("Webhook was set", "url", dead)
	if answer, _ := b.DeleteWebhook(args()); answer.Description != "Webhook was deleted" {
		t.Errorf("deleteWebhook: %q", answer.Description)
	}
}

func TestARefusedWebhookTakesTheOldOneWithIt(t *testing.T) {
	b := newBench(t)
	b.hook("http://127.0.0.1:1/")
	b.nextSet = time.Time{}
	if _, refused := b.SetWebhook(args("url", "http://bot.example/"), nil); refused == nil {
		t.Fatal("accepted")
	}
	if url := b.info()["url"]; url != "" {
		t.Errorf("webhook is still %v", url)
	}
}

func TestSetWebhookOnceASecond(t *testing.T) {
	b := newBench(t)
	b.hook("http://127.0.0.1:1/")
	_, refused := b.SetWebhook(args("url", "http://127.0.0.1:2/"), nil)
	if refused == nil || refused.Code != 429 || refused.RetryAfter != 1 || refused.Description != "Too Many Requests: retry after 1" {
		t.Errorf("got %+v", refused)
	}
	if _, refused := b.DeleteWebhook(args()); refused != nil {
		t.Errorf("deleteWebhook is not limited: %v", refused)
	}
}

func TestDropPendingUpdates(t *testing.T) {
	b := newBench(t)
	b.message(1, 0)
	if _, refused := b.DeleteWebhook(args("drop_pending_updates", "1")); refused != nil || len(b.get()) != 0 {
		t.Errorf("deleteWebhook: %v", refused)
	}
	b.message(1, 1)
	b.hook("http://127.0.0.1:1/", "drop_pending_updates", "yes")
	if n := b.info()["pending_update_count"]; n != 0.0 {
		t.Errorf("%v pending after setWebhook", n)
	}
}

func TestWebhookInfoAlwaysHasItsFields(t *testing.T) {
	b := newBench(t)
	info := b.info()
	want := map[string]any{"url": "", "has_custom_certificate": false, "pending_update_count": 0.0}
	if len(info) != len(want) {
		t.Errorf("info %v, want %v", info, want)
	}
	for name, value := range want {
		if info[name] != value {
			t.Errorf("%s is %v, want %v", name, info[name], value)
		}
	}
}

func TestMaxConnectionsIsClamped(t *testing.T) {
	for given, want := range map[string]float64{"": 40, "0": 1, "-3": 1, "100": 100, "5000": 100} {
		b := newBench(t)
		b.hook("http://127.0.0.1:1/", "max_connections", given)
		if got := b.info()["max_connections"]; got != want {
			t.Errorf("max_connections %q becomes %v, want %v", given, got, want)
		}
	}
}

func TestCertificates(t *testing.T) {
	b := newBench(t)
	if _, refused := b.SetWebhook(args("url", "https://127.0.0.1:1/"), make([]byte, maxCertificate+1)); refused == nil ||
		refused.Description != "Bad Request: certificate size is too big (3145729 bytes)" {
		t.Errorf("too big: %+v", refused)
	}
	b.nextSet = time.Time{}
	if _, refused := b.SetWebhook(args("url", "https://127.0.0.1:1/"), []byte("pem")); refused != nil || b.info()["has_custom_certificate"] != true {
		t.Errorf("%v, info %v", refused, b.info())
	}
}

func TestStateSurvives(t *testing.T) {
	b := newBench(t)
	b.get("allowed_updates", `["message","chat_member"]`)
	first := b.message(1, 0)
	b.message(2, 1)
	half := b.Snapshot()
	b.message(3, 2)
	b.get("offset", fmt.Sprint(first+1))
	b.hook("http://127.0.0.1:1/", "secret_token", "s")
	until(t, "a failure", func() bool { return b.info()["last_error_message"] != nil })
	b.Close()

	check := func(t *testing.T, state *State, log []Record) {
		again := newBench(t)
		if state != nil {
			again.Restore(roundTrip(t, *state))
		}
		for _, r := range log {
			again.Apply(roundTrip(t, r))
		}
		info := again.info()
		if info["url"] != "http://127.0.0.1:1/" || info["pending_update_count"] != 2.0 || info["last_error_message"] != "Connection refused" {
			t.Errorf("info %v", info)
		}
		if again.webhook.Secret != "s" || !again.wants("chat_member") || again.wants("callback_query") {
			t.Errorf("webhook %+v, allowed %v", again.webhook, again.allowed)
		}
		if id := again.message(1, 3); id != first+3 {
			t.Errorf("next id %d, want %d", id, first+3)
		}
	}
	t.Run("from the log alone", func(t *testing.T) { check(t, nil, b.log) })
	t.Run("from a snapshot and the whole log", func(t *testing.T) { check(t, &half, b.log) })
	t.Run("from a snapshot alone", func(t *testing.T) { s := b.Snapshot(); check(t, &s, nil) })
	t.Run("from a late snapshot and the whole log", func(t *testing.T) { s := b.Snapshot(); check(t, &s, b.log) })
}

func roundTrip[T any](t *testing.T, v T) T {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return decode[T](t, raw)
}

func TestDefaultKindsSurvive(t *testing.T) {
	b := newBench(t)
	b.get("allowed_updates", `["message"]`)
	b.get("allowed_updates", `[]`)
	again := newBench(t)
	for _, r := range b.log {
		again.Apply(roundTrip(t, r))
	}
	if !again.wants("callback_query") {
		t.Errorf("allowed %v", again.allowed)
	}
}

func TestARestoredWebhookGoesOn(t *testing.T) {
	bot := newBot(t, func(_ int, w http.ResponseWriter, _ string) { w.WriteHeader(http.StatusNoContent) })
	b := newBench(t)
	b.Restore(State{NextID: 501, Webhook: Webhook{URL: bot.URL, MaxConnections: 2}, Pending: []Pending{
		{ID: 500, Kind: "message", Line: ChatLine(1), Expires: b.clock().Unix() + 60, Payload: json.RawMessage(`{"chat":1}`)},
	}})
	b.Start()
	until(t, "the delivery", func() bool { return b.Stats().Delivered == 1 })
	if body := bot.bodies[0]; body != `{"update_id":500,"message":{"chat":1}}` {
		t.Errorf("body %s", body)
	}
}
