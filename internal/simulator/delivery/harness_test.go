package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// bench is a queue under test with its clock and its journal.
type bench struct {
	*Queue
	t      *testing.T
	mu     sync.Mutex
	at     time.Time
	log    []Record
	calls  []string
	faults []Fault // used up one a delivery
}

// newBench makes a queue whose pauses last a hundredth of the real ones.
func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, at: time.Unix(1_750_000_000, 0)}
	b.Queue = New(b.config())
	b.second = 10 * time.Millisecond
	t.Cleanup(b.Close)
	return b
}

func (b *bench) config() Config {
	return Config{
		Now: b.clock,
		Journal: func(r Record) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.log = append(b.log, r)
		},
		Call: func(method string, params json.RawMessage) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.calls = append(b.calls, method+" "+string(params))
		},
		Fault: func(int64) Fault {
			b.mu.Lock()
			defer b.mu.Unlock()
			if len(b.faults) == 0 {
				return Fault{}
			}
			first := b.faults[0]
			b.faults = b.faults[1:]
			return first
		},
	}
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.at
}

func (b *bench) advance(d time.Duration) {
	b.mu.Lock()
	b.at = b.at.Add(d)
	b.mu.Unlock()
	b.ClockMoved()
}

// message queues the n-th message of a chat.
func (b *bench) message(chat int64, n int) int64 {
	b.t.Helper()
	return b.add("message", ChatLine(chat), chat, fmt.Sprintf(`{"chat":%d,"n":%d}`, chat, n))
}

func (b *bench) add(kind string, line Line, chat int64, payload string) int64 {
	b.t.Helper()
	id, kept := b.Add(Update{Kind: kind, Line: line, Chat: chat, Date: b.clock(), Payload: json.RawMessage(payload)})
	if !kept {
		b.t.Fatalf("%s was not kept", kind)
	}
	return id
}

// args makes arguments of name, value, name, value …
func args(pairs ...string) Args {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

// updates is a getUpdates answer.
type updates []struct {
	ID       int64           `json:"update_id"`
	Message  json.RawMessage `json:"message"`
	Callback json.RawMessage `json:"callback_query"`
	Member   json.RawMessage `json:"my_chat_member"`
}

func (u updates) ids() []int64 {
	ids := []int64{}
	for _, update := range u {
		ids = append(ids, update.ID)
	}
	return ids
}

// get calls getUpdates as a bot that never asks for the same twice in a hurry.
func (b *bench) get(pairs ...string) updates {
	b.t.Helper()
	b.Queue.mu.Lock()
	b.poll.started = time.Time{}
	b.Queue.mu.Unlock()
	return b.getAsIs(pairs...)
}

func (b *bench) getAsIs(pairs ...string) updates {
	b.t.Helper()
	answer, refused := b.GetUpdates(context.Background(), args(pairs...))
	if refused != nil {
		b.t.Fatalf("getUpdates: %v", refused)
	}
	return decode[updates](b.t, answer.Result)
}

func decode[T any](t *testing.T, raw []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("decode %s: %v", raw, err)
	}
	return v
}

func (b *bench) info() map[string]any {
	b.t.Helper()
	answer, refused := b.GetWebhookInfo()
	if refused != nil {
		b.t.Fatalf("getWebhookInfo: %v", refused)
	}
	return decode[map[string]any](b.t, answer.Result)
}

// until waits for a condition.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(10 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline.C:
			t.Fatalf("waited in vain for %s", what)
		case <-tick.C:
		}
	}
}

// bot is a webhook under test.
type bot struct {
	*httptest.Server
	mu      sync.Mutex
	bodies  []string
	headers []http.Header
	now     map[string]int // requests under way by chat
	most    int            // requests at once
	overlap bool           // two of one line at once
	answer  func(n int, w http.ResponseWriter, body string)
}

// newBot starts a webhook that answers its n-th request, from 0, as told.
func newBot(t *testing.T, answer func(n int, w http.ResponseWriter, body string)) *bot {
	t.Helper()
	b := &bot{answer: answer, now: map[string]int{}}
	b.Server = httptest.NewServer(b)
	t.Cleanup(b.Server.Close)
	return b
}

func (b *bot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var update struct {
		Message struct {
			Chat int64 `json:"chat"`
		} `json:"message"`
	}
	_ = json.Unmarshal(body, &update)
	line := fmt.Sprint(update.Message.Chat)
	b.mu.Lock()
	n := len(b.bodies)
	b.bodies = append(b.bodies, string(body))
	b.headers = append(b.headers, r.Header.Clone())
	b.now[line]++
	b.overlap = b.overlap || b.now[line] > 1
	total := 0
	for _, k := range b.now {
		total += k
	}
	b.most = max(b.most, total)
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		b.now[line]--
		b.mu.Unlock()
	}()
	if b.answer != nil {
		b.answer(n, w, string(body))
	}
}

func (b *bot) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.bodies)
}

// seen returns the update ids in the order they came.
func (b *bot) seen(t *testing.T) []int64 {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	ids := []int64{}
	for _, body := range b.bodies {
		ids = append(ids, decode[updates](t, []byte("["+body+"]"))[0].ID)
	}
	return ids
}

// hook sets the webhook and fails the test when it is refused.
func (b *bench) hook(target string, more ...string) {
	b.t.Helper()
	b.Queue.mu.Lock()
	b.nextSet = time.Time{}
	b.Queue.mu.Unlock()
	if _, refused := b.SetWebhook(args(append([]string{"url", target}, more...)...), nil); refused != nil {
		b.t.Fatalf("setWebhook: %v", refused)
	}
}
