package delivery

import (
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestDelivery(t *testing.T) {
	bot := newBot(t, nil)
	b := newBench(t)
	id := b.message(1, 0) // queued before the switch
	b.hook(bot.URL+"/hook?x=1", "secret_token", "S-e_c")
	until(t, "the delivery", func() bool { return b.Stats().Delivered == 1 })
	h := bot.headers[0]
	if h.Get("Content-Type") != "application/json" || h.Get("X-Telegram-Bot-Api-Secret-Token") != "S-e_c" {
		t.Errorf("headers %v", h)
	}
	if want := fmt.Sprintf(`{"update_id":%d,"message":{"chat":1,"n":0}}`, id); bot.bodies[0] != want {
		t.Errorf("body %s, want %s", bot.bodies[0], want)
	}
	if n := b.Stats().Pending; n != 0 {
		t.Errorf("%d pending", n)
	}
}

func TestNoSecretNoHeader(t *testing.T) {
	bot := newBot(t, nil)
	b := newBench(t)
	b.hook(bot.URL)
	b.message(1, 0)
	until(t, "the delivery", func() bool { return b.Stats().Delivered == 1 })
	if _, there := bot.headers[0]["X-Telegram-Bot-Api-Secret-Token"]; there {
		t.Error("an empty secret was sent")
	}
}

func TestAnySuccessCounts(t *testing.T) {
	codes := []int{200, 201, 202, 204, 299}
	bot := newBot(t, func(n int, w http.ResponseWriter, _ string) { w.WriteHeader(codes[n]) })
	b := newBench(t)
	b.hook(bot.URL)
	for n := range codes {
		b.message(1, n)
	}
	until(t, "all deliveries", func() bool { return b.Stats().Delivered == int64(len(codes)) })
	if bot.count() != len(codes) {
		t.Errorf("%d requests for %d updates", bot.count(), len(codes))
	}
}

func TestOneInFlightALineAndLinesSideBySide(t *testing.T) {
	release := make(chan struct{})
	bot := newBot(t, func(int, http.ResponseWriter, string) { <-release })
	b := newBench(t)
	b.hook(bot.URL, "max_connections", "3")
	want := map[int64][]int64{}
	for n := range 20 {
		for chat := int64(1); chat <= 5; chat++ {
			want[chat] = append(want[chat], b.message(chat, n))
		}
	}
	until(t, "three requests at once", func() bool { bot.mu.Lock(); defer bot.mu.Unlock(); return bot.most == 3 })
	close(release)
	until(t, "all deliveries", func() bool { return b.Stats().Delivered == 100 })
	if bot.overlap {
		t.Error("two updates of a chat were in flight at once")
	}
	if bot.most != 3 {
		t.Errorf("%d requests at once, want 3", bot.most)
	}
	for chat, ids := range want {
		var got []int64
		for i, id := range bot.seen(t) {
			if strings.Contains(bot.bodies[i], fmt.Sprintf(`"chat":%d,`, chat)) {
				got = append(got, id)
			}
		}
		if !slices.Equal(got, ids) {
			t.Errorf("chat %d got %v, want %v", chat, got, ids)
		}
	}
}

// A person's taps and their chat's messages are two lines.
func TestTapsDoNotWaitForMessages(t *testing.T) {
	release := make(chan struct{})
	bot := newBot(t, func(_ int, _ http.ResponseWriter, body string) {
		if strings.Contains(body, `"message"`) {
			<-release
		}
	})
	b := newBench(t)
	b.hook(bot.URL)
	b.message(1, 0)
	b.add("callback_query", CallbackLine(1), 1, `{"id":"1"}`)
	b.add("my_chat_member", MemberLine(1), 1, `{}`)
	until(t, "the tap", func() bool { return b.Stats().Delivered == 2 })
	close(release)
	until(t, "the message", func() bool { return b.Stats().Delivered == 3 })
}

func TestFailuresAreRetriedWithGrowingPauses(t *testing.T) {
	var mu sync.Mutex
	var at []time.Time
	bot := newBot(t, func(n int, w http.ResponseWriter, _ string) {
		mu.Lock()
		at = append(at, time.Now())
		mu.Unlock()
		if n < 5 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	b := newBench(t)
	b.hook(bot.URL)
	b.message(1, 0)
	second := b.message(1, 1)
	until(t, "both deliveries", func() bool { return b.Stats().Delivered == 2 })
	for i, least := range []time.Duration{0, 2, 4, 8, 16} {
		if gap := at[i+1].Sub(at[i]); gap < least*b.second {
			t.Errorf("pause %d lasted %v, want %v", i+1, gap, least*b.second)
		}
	}
	if ids := bot.seen(t); ids[len(ids)-1] != second || slices.Index(ids, second) != 6 {
		t.Errorf("the line's next update overtook: %v", ids)
	}
	info := b.info()
	if info["last_error_message"] != "Wrong response from the webhook: 500 Internal Server Error" || info["last_error_date"] != float64(b.clock().Unix()) {
		t.Errorf("info %v", info)
	}
}

func TestPausesAreBounded(t *testing.T) {
	it := newItem(Pending{})
	var last time.Duration
	for it.fails = 1; it.fails < 30; it.fails++ {
		last = it.nextPause(0)
		if it.fails <= 5 && last != time.Second<<it.fails {
			t.Errorf("pause %d is %v", it.fails, last)
		}
	}
	if last < 60*time.Second || last > 120*time.Second {
		t.Errorf("the longest pause is %v", last)
	}
	if p := it.nextPause(99999); p != time.Hour {
		t.Errorf("Retry-After 99999 waits %v", p)
	}
}

func TestPausesLastAsLongAsTheySay(t *testing.T) {
	q := New(Config{Now: time.Now})
	for _, pause := range []time.Duration{time.Second, 2 * time.Minute, time.Hour} {
		if got := q.realTime(pause); got != pause {
			t.Errorf("a pause of %v lasts %v", pause, got)
		}
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	var mu sync.Mutex
	var at []time.Time
	bot := newBot(t, func(n int, w http.ResponseWriter, _ string) {
		mu.Lock()
		at = append(at, time.Now())
		mu.Unlock()
		if n == 0 {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	b := newBench(t)
	b.hook(bot.URL)
	b.message(1, 0)
	until(t, "the delivery", func() bool { return b.Stats().Delivered == 1 })
	if gap := at[1].Sub(at[0]); gap < 7*b.second {
		t.Errorf("waited %v, want 7 s", gap)
	}
}

func TestRetriesEndWithTheUpdate(t *testing.T) {
	bot := newBot(t, func(_ int, w http.ResponseWriter, body string) {
		if strings.Contains(body, `callback_query`) {
			w.WriteHeader(http.StatusBadGateway)
		}
	})
	b := newBench(t)
	b.hook(bot.URL)
	b.second = time.Hour // pauses never end by themselves
	b.add("callback_query", CallbackLine(1), 1, `{}`)
	b.add("message", CallbackLine(1), 1, `{"chat":1}`)
	until(t, "the second failure", func() bool { return bot.count() == 2 })
	b.advance(151 * time.Second)
	until(t, "the next of its line", func() bool { return b.Stats().Delivered == 1 })
	if s := b.Stats(); s.Lost != 1 || s.Pending != 0 {
		t.Errorf("stats %+v", s)
	}
}

func TestGoneForADayRemovesTheWebhook(t *testing.T) {
	bot := newBot(t, func(_ int, w http.ResponseWriter, _ string) { w.WriteHeader(http.StatusGone) })
	b := newBench(t)
	b.hook(bot.URL)
	b.message(1, 0)
	until(t, "two failures", func() bool { return bot.count() >= 2 })
	if b.info()["url"] == "" {
		t.Fatal("removed at once")
	}
	b.advance(23*time.Hour + time.Minute)
	until(t, "the removal", func() bool { return b.info()["url"] == "" })
	if got := len(b.get()); got != 1 {
		t.Errorf("%d updates left", got)
	}
}

func TestASuccessEndsARowOf410(t *testing.T) {
	bot := newBot(t, func(n int, w http.ResponseWriter, _ string) {
		if n != 1 {
			w.WriteHeader(http.StatusGone)
		}
	})
	b := newBench(t)
	b.hook(bot.URL)
	b.message(1, 0)
	until(t, "the delivery", func() bool { return b.Stats().Delivered == 1 })
	b.advance(23*time.Hour + time.Minute)
	b.message(1, 1)
	until(t, "more failures", func() bool { return bot.count() >= 4 })
	if b.info()["url"] == "" {
		t.Error("removed although one delivery succeeded")
	}
}

func TestMethodInTheReply(t *testing.T) {
	replies := []struct{ contentType, body string }{
		{"application/json", `{"method":"sendMessage","chat_id":1,"text":"hi"}`},
		{"application/json; charset=utf-8", `{"method":"SendChatAction"}`},
		{"application/json", `{"method":"getMe"}`},
		{"application/json", `{"method":"setWebhook","url":""}`},
		{"application/json", `{"method":"deleteWebhook"}`},
		{"application/json", `{"method":"close"}`},
		{"application/json", `{"method":"logOut"}`},
		{"application/json", `{"method":""}`},
		{"application/json", `{"method":5}`},
		{"application/json", `[]`},
		{"application/json", ``},
		{"text/plain", `{"method":"sendMessage"}`},
	}
	bot := newBot(t, func(n int, w http.ResponseWriter, _ string) {
		w.Header().Set("Content-Type", replies[n].contentType)
		_, _ = io.WriteString(w, replies[n].body)
	})
	b := newBench(t)
	b.hook(bot.URL)
	for n := range replies {
		b.message(1, n)
	}
	until(t, "all deliveries", func() bool { return b.Stats().Delivered == int64(len(replies)) })
	want := []string{"sendMessage " + replies[0].body, "SendChatAction " + replies[1].body}
	if !slices.Equal(b.calls, want) {
		t.Errorf("calls %q, want %q", b.calls, want)
	}
	if b.info()["url"] == "" {
		t.Error("a reply removed the webhook")
	}
}

func TestAFailedReplyCallsNothing(t *testing.T) {
	bot := newBot(t, func(n int, w http.ResponseWriter, _ string) {
		if n == 0 {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusTeapot)
			_, _ = io.WriteString(w, `{"method":"sendMessage"}`)
		}
	})
	b := newBench(t)
	b.hook(bot.URL)
	b.message(1, 0)
	until(t, "the delivery", func() bool { return b.Stats().Delivered == 1 })
	if len(b.calls) != 0 {
		t.Errorf("calls %q", b.calls)
	}
}

func TestNetworkFailures(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	hangUp := newBot(t, func(int, http.ResponseWriter, string) { panic(http.ErrAbortHandler) })
	moved := newBot(t, func(_ int, w http.ResponseWriter, _ string) {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusFound)
	})
	hold := make(chan struct{})
	silent := newBot(t, func(int, http.ResponseWriter, string) { <-hold })
	t.Cleanup(func() { close(hold) })
	strange := httptest.NewUnstartedServer(nil)
	strange.Config.ErrorLog = log.New(io.Discard, "", 0)
	strange.StartTLS()
	t.Cleanup(strange.Close)
	cases := []struct {
		name, target, want string
	}{
		{"nobody listens", closed.URL, "Connection refused"},
		{"hangs up", hangUp.URL, "Connection closed"},
		{"redirects", moved.URL, "Wrong response from the webhook: 302 Found"},
		{"never answers", silent.URL, "Read timeout expired"},
		{"unknown certificate", strange.URL, "SSL error {error:0A000086:SSL routines::certificate verify failed}"},
		{"unknown host", "https://nowhere.invalid/", "Failed to resolve host: Name or service not known"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.second = time.Second
			if c.target == silent.URL {
				b.second = time.Millisecond // it is given up after 60
			}
			b.hook(c.target)
			b.message(1, 0)
			until(t, "the failure", func() bool { return b.info()["last_error_message"] != nil })
			if got := b.info()["last_error_message"]; got != c.want {
				t.Errorf("last error %q, want %q", got, c.want)
			}
			if n := b.Stats().Pending; n != 1 {
				t.Errorf("%d pending", n)
			}
		})
	}
}

func TestAnUploadedCertificateIsTrusted(t *testing.T) {
	bot := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	bot.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	bot.StartTLS()
	defer bot.Close()
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: bot.Certificate().Raw})
	b := newBench(t)
	if _, refused := b.SetWebhook(args("url", bot.URL), cert); refused != nil {
		t.Fatal(refused)
	}
	b.message(1, 0)
	until(t, "the delivery", func() bool { return b.Stats().Delivered == 1 })
}

func TestAGivenAddressIsDialled(t *testing.T) {
	bot := newBot(t, nil)
	b := newBench(t)
	b.cfg.Local = true
	_, port, _ := strings.Cut(strings.TrimPrefix(bot.URL, "http://"), ":")
	b.hook("http://bot.invalid:"+port+"/", "ip_address", "127.0.0.1")
	b.message(1, 0)
	until(t, "the delivery", func() bool { return b.Stats().Delivered == 1 })
	if b.info()["ip_address"] != "127.0.0.1" {
		t.Errorf("info %v", b.info())
	}
}

func TestUpdatesSurviveTheSwitch(t *testing.T) {
	hold := make(chan struct{})
	bot := newBot(t, func(int, http.ResponseWriter, string) { <-hold })
	t.Cleanup(func() { close(hold) })
	b := newBench(t)
	b.hook(bot.URL)
	id := b.message(1, 0)
	until(t, "the request", func() bool { return bot.count() == 1 })
	if _, refused := b.DeleteWebhook(args()); refused != nil {
		t.Fatal(refused)
	}
	if got := b.get().ids(); !slices.Equal(got, []int64{id}) {
		t.Errorf("got %v, want %d", got, id)
	}
}

func TestFaults(t *testing.T) {
	t.Run("delay", func(t *testing.T) {
		bot := newBot(t, nil)
		b := newBench(t)
		b.faults = []Fault{{Delay: 50 * time.Millisecond}}
		start := time.Now()
		b.hook(bot.URL)
		b.message(1, 0)
		until(t, "the delivery", func() bool { return b.Stats().Delivered == 1 })
		if waited := time.Since(start); waited < 50*time.Millisecond {
			t.Errorf("delivered after %v", waited)
		}
	})
	t.Run("duplicate", func(t *testing.T) {
		bot := newBot(t, nil)
		b := newBench(t)
		b.faults = []Fault{{Duplicate: true}}
		b.hook(bot.URL)
		first, second := b.message(1, 0), b.message(1, 1)
		until(t, "both deliveries", func() bool { return b.Stats().Delivered == 2 })
		if got := bot.seen(t); !slices.Equal(got, []int64{first, first, second}) {
			t.Errorf("got %v", got)
		}
	})
	t.Run("late", func(t *testing.T) {
		bot := newBot(t, nil)
		b := newBench(t)
		b.faults = []Fault{{Late: 100 * time.Millisecond}}
		b.hook(bot.URL)
		first, second := b.message(1, 0), b.message(1, 1)
		until(t, "the late copy", func() bool { return bot.count() == 3 })
		if got := bot.seen(t); !slices.Equal(got, []int64{first, second, first}) {
			t.Errorf("got %v", got)
		}
		if s := b.Stats(); s.Delivered != 2 || s.Pending != 0 {
			t.Errorf("stats %+v", s)
		}
	})
}

// A bot that fails for many chats holds up the rest, as Telegram does: it
// takes up no more than twice the connections at a time.
func TestFailingUpdatesHoldUpTheRest(t *testing.T) {
	bot := newBot(t, func(_ int, w http.ResponseWriter, body string) {
		if !strings.Contains(body, `"chat":9,`) {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	b := newBench(t)
	b.second = time.Hour
	b.hook(bot.URL, "max_connections", "2")
	for chat := int64(1); chat <= 4; chat++ {
		b.message(chat, 0)
	}
	b.message(9, 0)
	until(t, "four chats to fail twice", func() bool { return bot.count() == 8 })
	if s := b.Stats(); s.Delivered != 0 || s.Pending != 5 {
		t.Errorf("stats %+v", s)
	}
}

// While nobody listens, most updates are not even tried; once somebody does,
// all arrive soon.
func TestRecoveryAfterAnOutage(t *testing.T) {
	bot := newBot(t, nil)
	address := strings.TrimPrefix(bot.URL, "http://")
	bot.Close()
	b := newBench(t)
	b.hook("http://" + address)
	for chat := range int64(40) {
		b.message(chat, 0)
	}
	b.Queue.mu.Lock()
	b.sender.success = time.Now().Add(-time.Hour)
	b.Queue.mu.Unlock()
	until(t, "the webhook to seem dead", func() bool {
		b.Queue.mu.Lock()
		defer b.Queue.mu.Unlock()
		return b.sender.hold != nil && b.sender.inFlight == 0
	})
	late := []int64{}
	for chat := int64(100); chat < 130; chat++ {
		late = append(late, b.message(chat, 0))
		b.Queue.mu.Lock()
		if n := b.sender.inFlight; n > 1 {
			t.Errorf("%d requests under way to a webhook that seems dead", n)
		}
		b.Queue.mu.Unlock()
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	again := httptest.NewUnstartedServer(bot)
	again.Listener.Close()
	again.Listener = listener
	again.Start()
	t.Cleanup(again.Close)
	until(t, "all deliveries", func() bool { return b.Stats().Delivered == 70 })
	if seen := bot.seen(t); len(seen) != 70 || !slices.Contains(seen, late[len(late)-1]) {
		t.Errorf("%d requests", len(seen))
	}
}

func TestThroughput(t *testing.T) {
	bot := newBot(t, nil)
	b := newBench(t)
	b.hook(bot.URL, "max_connections", "50")
	for n := range 2000 {
		b.message(int64(n%100), n)
	}
	until(t, "2000 deliveries", func() bool { return b.Stats().Delivered == 2000 })
	if bot.overlap {
		t.Error("two updates of a chat were in flight at once")
	}
}

func BenchmarkAddAndGet(b *testing.B) {
	q := New(Config{Now: time.Now})
	payload := []byte(`{"message_id":1,"from":{"id":1},"chat":{"id":1},"date":1,"text":"hello"}`)
	offset := int64(0)
	for b.Loop() {
		id, _ := q.Add(Update{Kind: "message", Line: ChatLine(1), Date: time.Now(), Payload: payload})
		if _, refused := q.GetUpdates(b.Context(), args("offset", fmt.Sprint(offset), "timeout", "30")); refused != nil {
			b.Fatal(refused)
		}
		offset = id + 1
	}
}
