package delivery

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestIdsStartAtRandomAndRiseByOne(t *testing.T) {
	a, b := newBench(t), newBench(t)
	first := a.message(1, 0)
	if other := b.message(1, 0); other == first {
		t.Errorf("two queues both start at %d", first)
	}
	for n := int64(1); n < 5; n++ {
		if id := a.message(1, 0); id != first+n {
			t.Fatalf("update %d has id %d, want %d", n, id, first+n)
		}
	}
	if first < 1 || first > 1<<30 {
		t.Errorf("first id %d", first)
	}
}

func TestGetUpdatesOffsets(t *testing.T) {
	cases := []struct {
		name   string
		offset func(first int64) int64
		limit  string
		want   []int64 // relative to the first id
		left   int
	}{
		{"absent: from the oldest", func(int64) int64 { return 0 }, "", []int64{0, 1, 2, 3, 4}, 5},
		{"the first's own id", func(f int64) int64 { return f }, "", []int64{0, 1, 2, 3, 4}, 5},
		{"confirms what lies below", func(f int64) int64 { return f + 2 }, "", []int64{2, 3, 4}, 3},
		{"confirms everything", func(f int64) int64 { return f + 5 }, "", nil, 0},
		{"slightly ahead still confirms", func(f int64) int64 { return f + 10 }, "", nil, 0},
		{"far ahead is taken for a mistake", func(f int64) int64 { return f + 1000 }, "", []int64{0, 1, 2, 3, 4}, 5},
		{"from long ago", func(int64) int64 { return 1 }, "", []int64{0, 1, 2, 3, 4}, 5},
		{"negative keeps the newest", func(int64) int64 { return -2 }, "", []int64{3, 4}, 2},
		{"negative beyond the oldest", func(int64) int64 { return -50 }, "", []int64{0, 1, 2, 3, 4}, 5},
		{"limit", func(int64) int64 { return 0 }, "2", []int64{0, 1}, 5},
		{"limit 0 becomes 1", func(int64) int64 { return 0 }, "0", []int64{0}, 5},
		{"limit over 100 is clamped", func(int64) int64 { return 0 }, "5000", []int64{0, 1, 2, 3, 4}, 5},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			first := b.message(1, 0)
			for n := 1; n < 5; n++ {
				b.message(1, n)
			}
			var want []int64
			for _, n := range c.want {
				want = append(want, first+n)
			}
			got := b.get("offset", fmt.Sprint(c.offset(first)), "limit", c.limit).ids()
			if !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
			if left := b.Stats().Pending; left != c.left {
				t.Errorf("%d left, want %d", left, c.left)
			}
		})
	}
}

func TestReadingConfirmsNothing(t *testing.T) {
	b := newBench(t)
	id := b.message(1, 0)
	for range 3 {
		if got := b.get().ids(); !slices.Equal(got, []int64{id}) {
			t.Fatalf("got %v", got)
		}
	}
}

func TestLifetimes(t *testing.T) {
	b := newBench(t)
	b.message(1, 0)
	b.add("callback_query", CallbackLine(1), 1, `{}`)
	b.add("my_chat_member", MemberLine(1), 1, `{}`)
	b.add("inline_query", CallbackLine(1), 0, `{}`)
	steps := []struct {
		after time.Duration
		want  int
	}{{0, 4}, {31 * time.Second, 3}, {119 * time.Second, 3}, {time.Second, 2}, {24*time.Hour - 151*time.Second, 2}, {time.Second, 0}}
	for _, s := range steps {
		b.advance(s.after)
		if got := len(b.get()); got != s.want {
			t.Errorf("after another %v: %d updates, want %d", s.after, got, s.want)
		}
	}
	if s := b.Stats(); s.Lost != 4 || s.Pending != 0 {
		t.Errorf("stats %+v", s)
	}
}

func TestTooOldIsNotQueued(t *testing.T) {
	b := newBench(t)
	_, kept := b.Add(Update{Kind: "message", Date: b.clock().Add(-25 * time.Hour), Payload: []byte(`{}`)})
	if kept || b.Stats().Lost != 1 {
		t.Errorf("kept %v, %+v", kept, b.Stats())
	}
}

func TestAllowedUpdates(t *testing.T) {
	cases := []struct {
		arg  string
		want string // kinds let through of the four tried
	}{
		{"", "message callback_query my_chat_member"},
		{`["message"]`, "message"},
		{`["MESSAGE","chat_member"]`, "message chat_member"},
		{`[]`, "message callback_query my_chat_member"},
		{`["nonsense"]`, "message callback_query my_chat_member"},
		{`not json`, "message callback_query my_chat_member"},
		{`"message"`, "message callback_query my_chat_member"},
		{`["message",7]`, "message callback_query my_chat_member"},
		{`null`, "message callback_query my_chat_member"},
	}
	for _, c := range cases {
		b := newBench(t)
		b.get("allowed_updates", c.arg)
		var through []string
		for _, kind := range []string{"message", "callback_query", "my_chat_member", "chat_member"} {
			if _, kept := b.Add(Update{Kind: kind, Date: b.clock(), Payload: []byte(`{}`)}); kept {
				through = append(through, kind)
			}
		}
		if got := strings.Join(through, " "); got != c.want {
			t.Errorf("%q lets through %q, want %q", c.arg, got, c.want)
		}
	}
}

func TestAllowedUpdatesPersist(t *testing.T) {
	b := newBench(t)
	b.message(1, 0)
	b.get("allowed_updates", `["callback_query"]`)
	b.get("allowed_updates", `broken`)
	if got := len(b.get()); got != 1 {
		t.Errorf("what was queued before is filtered: %d left", got)
	}
	if _, kept := b.Add(Update{Kind: "message", Date: b.clock(), Payload: []byte(`{}`)}); kept {
		t.Error("the setting was forgotten")
	}
	b.get("allowed_updates", `[]`)
	b.message(1, 1)
}

func TestLongPollAnswersAtOnce(t *testing.T) {
	b := newBench(t)
	b.second = time.Hour // a poll would wait 50 hours
	got := make(chan updates, 1)
	go func() { got <- b.getAsIs("timeout", "50") }()
	until(t, "the call to wait", b.polling)
	id := b.message(1, 0)
	if ids := (<-got).ids(); !slices.Equal(ids, []int64{id}) {
		t.Errorf("got %v", ids)
	}
}

// polling tells whether a getUpdates call waits.
func (b *bench) polling() bool {
	return b.Stats().Polling
}

func TestLongPollTimesOut(t *testing.T) {
	b := newBench(t)
	start := time.Now()
	if got := b.getAsIs("timeout", "2"); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	if waited := time.Since(start); waited < 2*b.second {
		t.Errorf("waited only %v", waited)
	}
}

func TestSameOffsetInAHurry(t *testing.T) {
	b := newBench(t)
	b.message(1, 0)
	b.message(1, 1)
	if got := len(b.getAsIs()); got != 2 {
		t.Fatalf("first call got %d", got)
	}
	if got := len(b.getAsIs()); got != 1 {
		t.Errorf("second call within half a second got %d, want 1", got)
	}
	b.poll.started = time.Now().Add(-time.Second)
	if got := len(b.getAsIs()); got != 2 {
		t.Errorf("a second later got %d, want 2", got)
	}

	empty := newBench(t)
	empty.getAsIs()
	start := time.Now()
	empty.getAsIs()
	if waited := time.Since(start); waited < 3*empty.second {
		t.Errorf("the second short poll waited %v, want 3 s", waited)
	}
}

func TestConflicts(t *testing.T) {
	b := newBench(t)
	b.second = 100 * time.Millisecond
	ends := make(chan *Error, 2)
	poll := func() {
		_, refused := b.GetUpdates(context.Background(), args("timeout", "50"))
		ends <- refused
	}
	go poll()
	until(t, "the first call to wait", b.polling)
	first := b.waiter()
	go poll()
	until(t, "the second call to take over", func() bool { w := b.waiter(); return w != nil && w != first })
	if refused := <-ends; refused == nil || refused.Code != 409 || refused.Description != textOtherPoll || refused.late {
		t.Fatalf("first call: %+v", refused)
	}
	start := time.Now()
	b.hook("http://127.0.0.1:1/")
	if refused := <-ends; refused == nil || refused.Description != textSetWebhook {
		t.Fatalf("second call: %+v", refused)
	}
	if waited := time.Since(start); waited < 3*b.second {
		t.Errorf("the repeated conflict was answered after %v, want 3 s", waited)
	}
	if _, refused := b.GetUpdates(context.Background(), args()); refused == nil || refused.Code != 409 || refused.Description != textWebhookActive {
		t.Errorf("with a webhook: %+v", refused)
	}
}

func (b *bench) waiter() *waiter {
	b.Queue.mu.Lock()
	defer b.Queue.mu.Unlock()
	return b.poll.waiting
}

func TestCallersEndEndsTheWait(t *testing.T) {
	b := newBench(t)
	b.second = time.Hour
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		_, _ = b.GetUpdates(ctx, args("timeout", "50"))
		close(ended)
	}()
	until(t, "the call to wait", b.polling)
	cancel()
	<-ended
	if b.polling() {
		t.Error("a call that ended still waits")
	}
}

func TestCloseEndsTheWait(t *testing.T) {
	b := newBench(t)
	b.second = time.Hour
	ended := make(chan *Error)
	go func() {
		_, refused := b.GetUpdates(context.Background(), args("timeout", "50"))
		ended <- refused
	}()
	until(t, "the call to wait", b.polling)
	b.Close()
	if refused := <-ended; refused == nil || refused.Code != 500 {
		t.Errorf("got %+v", refused)
	}
	if _, kept := b.Add(Update{Kind: "message", Date: b.clock(), Payload: []byte(`{}`)}); kept {
		t.Error("a closed queue takes updates")
	}
}

func TestAnswersHoldFourMegabytes(t *testing.T) {
	b := newBench(t)
	big := `{"text":"` + strings.Repeat("x", 400<<10) + `"}`
	for range 20 {
		b.add("message", ChatLine(1), 1, big)
	}
	if got := len(b.get()); got != 10 {
		t.Errorf("%d updates of 400 KB in an answer, want 10", got)
	}
}

func TestTooBigAnUpdateIsLost(t *testing.T) {
	b := newBench(t)
	_, kept := b.Add(Update{Kind: "message", Date: b.clock(), Payload: []byte(`"` + strings.Repeat("x", maxUpdateBytes) + `"`)})
	if kept {
		t.Error("kept")
	}
}

func TestTheQueueIsBounded(t *testing.T) {
	b := newBench(t)
	for n := range maxPending {
		b.message(int64(n), 0)
	}
	if _, kept := b.Add(Update{Kind: "message", Date: b.clock(), Payload: []byte(`{}`)}); kept {
		t.Error("the queue took one too many")
	}
	b.advance(25 * time.Hour)
	b.message(1, 0)
}

// The backlog agrees with a plain list, whatever is done to it.
func TestBacklogAgreesWithAList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b backlog
		var list []int64
		next := int64(1)
		check := func() {
			var got []int64
			for _, it := range b.items {
				if !it.gone {
					got = append(got, it.ID)
				}
			}
			if !slices.Equal(got, list) || b.live != len(list) {
				t.Fatalf("backlog %v (%d live), want %v", got, b.live, list)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				b.push(newItem(Pending{ID: next, Expires: rapid.Int64Range(0, 9).Draw(t, "expires")}))
				list = append(list, next)
				next += rapid.Int64Range(1, 3).Draw(t, "step")
			},
			"remove": func(t *rapid.T) {
				id := rapid.Int64Range(0, next).Draw(t, "id")
				it := b.find(id)
				i := slices.Index(list, id)
				if (it == nil) != (i < 0) {
					t.Fatalf("find(%d) = %v", id, it)
				}
				if it != nil {
					b.remove(it)
					list = slices.Delete(list, i, i+1)
				}
			},
			"forget": func(t *rapid.T) {
				id := rapid.Int64Range(0, next).Draw(t, "below")
				b.forget(id)
				list = slices.DeleteFunc(list, func(n int64) bool { return n < id })
			},
			"newest": func(t *rapid.T) {
				n := rapid.IntRange(1, 5).Draw(t, "n")
				want := int64(0)
				if len(list) > 0 {
					want = list[max(len(list)-n, 0)]
				}
				if got := b.newest(int64(n)); got != want {
					t.Fatalf("newest(%d) = %d, want %d", n, got, want)
				}
			},
			"": func(*rapid.T) { check() },
		})
	})
}

func FuzzArguments(f *testing.F) {
	f.Add("5", "10", "0", `["message"]`, "http://127.0.0.1/")
	f.Add("-99999999999999999999", "x", "1e9", `[[[`, "https://[::1")
	f.Add("\x00", "", " 7 ", `{"a":1}`, "://")
	f.Fuzz(func(t *testing.T, offset, limit, timeout, allowed, target string) {
		b := newBench(t)
		b.second = time.Microsecond
		b.message(1, 0)
		b.getAsIs("offset", offset, "limit", limit, "timeout", timeout, "allowed_updates", allowed)
		_, refused := b.SetWebhook(args("url", target, "max_connections", limit, "secret_token", offset), nil)
		if refused != nil && !strings.HasPrefix(refused.Description, "Bad Request: ") {
			t.Errorf("setWebhook: %+v", refused)
		}
		b.info()
	})
}
