package simulator_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"umkmbot/internal/simulator"
)

// What rows cannot show: calls that overlap, headers, streams and restarts.

// begin runs a line beside the others; its reply comes later.
func (w *world) begin(line string) <-chan *reply {
	done := make(chan *reply, 1)
	line = w.fill(line)
	go func() { done <- w.run(line) }()
	return done
}

// expect runs a line and compares its answer.
func (w *world) expect(line, answer string) {
	w.t.Helper()
	if err := w.run(line).agrees(w.fill(answer)); err != nil {
		w.t.Errorf("%s: %v", line, err)
	}
}

// after waits for a reply and compares it.
func (w *world) after(done <-chan *reply, answer string) {
	w.t.Helper()
	select {
	case got := <-done:
		if err := got.agrees(w.fill(answer)); err != nil {
			w.t.Error(err)
		}
	case <-time.After(20 * time.Second):
		w.t.Fatalf("waited in vain for %s", answer)
	}
}

// polling begins a getUpdates call and returns once it waits.
func (w *world) polling(offset int) <-chan *reply {
	w.t.Helper()
	done := w.begin(fmt.Sprintf(`getUpdates {"offset":%d,"timeout":40}`, offset))
	w.until(`{"updates":{"polling":true}}`)
	return done
}

// until waits for the statistics to be so.
func (w *world) until(stats string) {
	w.t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for {
		err := w.run("GET /_sim/stats").agrees(stats)
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("waited in vain: %v", err)
		}
		runtime.Gosched()
	}
}

func TestAWaitingCallAnswersAsSoonAsAnythingArrives(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	waiting := w.polling(900)
	start := time.Now()
	w.run(`siti text {"text":"halo"}`)
	w.after(waiting, `[{"message":{"text":"halo"}}]`)
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("the call answered after %v", took)
	}
}

func TestANewerCallEndsTheOlder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const conflict = `409 Conflict: terminated by other getUpdates request; make sure that only one bot instance is running`
	first := w.polling(900)
	second := w.polling(901)
	w.after(first, conflict)
	start := time.Now()
	third := w.polling(902)
	w.after(second, conflict)
	if took := time.Since(start); took < 2900*time.Millisecond {
		t.Errorf("the repeated conflict was answered after %v, want 3 s", took)
	}
	w.run(`siti text {"text":"halo"}`)
	w.after(third, `[{"message":{"text":"halo"}}]`)
}

func TestSetWebhookEndsAWaitingCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	waiting := w.polling(900)
	w.expect(`setWebhook {"url":"{hook}"}`, `true, Webhook was set`)
	w.after(waiting, `409 Conflict: terminated by setWebhook request`)
}

func TestRetryAfterIsAHeaderToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(`POST /_sim/limits {"enforce":true,"per_chat_second":0.25}`)
	w.run(`sendMessage {"chat_id":{siti},"text":"x"}`)
	w.run(`sendMessage {"chat_id":{siti},"text":"x"}`)
	got := w.run(`sendMessage {"chat_id":{siti},"text":"x"}`)
	if err := got.agrees(`429 Too Many Requests: retry after 4 | {"retry_after":4}`); err != nil {
		t.Error(err)
	}
	if header := got.header.Get("Retry-After"); header != "4" {
		t.Errorf("Retry-After is %q", header)
	}
}

func TestAPressShowsTheBotsAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(`sendMessage {"chat_id":{siti},"text":"?","reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}}`)
	waiting := w.polling(900)
	pressed := w.begin(`siti press {"data":"a"}`)
	query := <-waiting
	w.vars["u"] = query.result
	w.expect(`answerCallbackQuery {"callback_query_id":"{u.0.callback_query.id}","text":"Siap"}`, `true`)
	w.after(pressed, `{"answer":{"text":"Siap"}}`)
}

// A chat's messages reach the webhook one at a time, chats side by side.
func TestOneUpdateInFlightALine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	release := make(chan struct{})
	arrived := make(chan string, 10)
	bot := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		arrived <- string(body)
		<-release
	}))
	defer bot.Close()
	w.vars["hook"] = bot.URL
	w.expect(`setWebhook {"url":"{hook}"}`, `true, Webhook was set`)
	w.run(`siti text {"text":"satu"}`)
	w.run(`siti text {"text":"dua"}`)
	w.run(`budi text {"text":"tiga"}`)
	first, second := <-arrived, <-arrived
	if both := first + second; !strings.Contains(both, "satu") || !strings.Contains(both, "tiga") {
		t.Errorf("in flight: %s %s", first, second)
	}
	select {
	case early := <-arrived:
		t.Errorf("a chat's second message did not wait: %s", early)
	case <-time.After(200 * time.Millisecond):
	}
	close(release)
	if third := <-arrived; !strings.Contains(third, "dua") {
		t.Errorf("then came %s", third)
	}
}

// Whoever writes at the same time, a chat's ids have no gaps and its updates
// come in the order of their ids.
func TestOrderInAChat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const writers, each = 6, 40
	texts := []string{`siti text {"text":"halo"}`, `sendMessage {"chat_id":{siti},"text":"halo"}`, `budi text {"text":"halo"}`}
	var group sync.WaitGroup
	for n := range writers {
		line := w.fill(texts[n%len(texts)])
		group.Go(func() {
			for range each {
				if got := w.run(line); !got.ok {
					t.Errorf("%s: %s", line, got.raw)
				}
			}
		})
	}
	group.Wait()
	list, _ := w.run("siti messages ?after=1").result.([]any)
	for i, m := range list {
		if got := fmt.Sprint(m.(map[string]any)["message_id"]); got != fmt.Sprint(i+2) {
			t.Fatalf("message %d of the chat has id %s", i+2, got)
		}
	}
	if want := writers * 2 / 3 * each; len(list) != want {
		t.Errorf("%d messages, want %d", len(list), want)
	}
	last := map[string]int64{}
	total := 0
	for batch := w.run("updates").result.([]any); len(batch) > 0; batch = w.run("updates").result.([]any) {
		for _, u := range batch {
			m := u.(map[string]any)["message"].(map[string]any)
			chat := text(m["chat"])
			id, _ := m["message_id"].(json.Number).Int64()
			if id <= last[chat] {
				t.Errorf("chat %s: message %d came after %d", chat, id, last[chat])
			}
			last[chat] = id
			total++
		}
	}
	if want := writers * 2 / 3 * each; total != want {
		t.Errorf("%d updates, want %d", total, want)
	}
}

// A person's event stream shows messages, edits, deletions, typing and answers.
func TestEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.fill(w.server.URL+"/_sim/users/{siti}/events"), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := w.server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if kind := resp.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Errorf("content type %q", kind)
	}
	stream := bufio.NewScanner(resp.Body)
	next := func(name, part string) {
		t.Helper()
		event := ""
		for stream.Scan() {
			line := stream.Text()
			if found, is := strings.CutPrefix(line, "event: "); is {
				event = found
			}
			if data, is := strings.CutPrefix(line, "data: "); is && event == name {
				if !strings.Contains(data, part) {
					t.Errorf("%s is %s, want %s in it", name, data, part)
				}
				return
			}
		}
		t.Fatalf("the stream ended before %s", name)
	}
	next("hello", "resync")
	w.vars["m"] = w.run(`sendMessage {"chat_id":{siti},"text":"halo"}`).result
	next("message", `"text":"halo"`)
	w.run(`editMessageText {"chat_id":{siti},"message_id":{m.message_id},"text":"baru"}`)
	next("edit", `"text":"baru"`)
	w.run(`sendChatAction {"chat_id":{siti},"action":"typing"}`)
	next("typing", `"action":"typing"`)
	w.run(`deleteMessage {"chat_id":{siti},"message_id":{m.message_id}}`)
	next("delete", w.fill(`"message_id":{m.message_id}`))
}

// Whatever was promised is there after the program died without a word.
func TestStateSurvivesARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	start := func() (*world, func()) {
		sim, err := simulator.New(simulator.Config{Token: token, DataDir: dir, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		w := &world{t: t, server: httptest.NewServer(sim), vars: map[string]any{"png": pngOf(320, 200)}, webhook: newRecorder()}
		return w, func() {
			_ = sim.Close()
			w.server.Close()
			w.webhook.Close()
		}
	}
	w, stop := start()
	w.person("siti", `{"first_name":"Siti","phone_number":"628123456789"}`)
	w.run(`siti start`)
	w.vars["m"] = w.run(`sendMessage {"chat_id":{siti},"text":"halo","reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}}`).result
	w.vars["d"] = w.run(`upload sendDocument {"chat_id":{siti}} document=shop.png`).result
	w.run(`setMyCommands {"commands":[{"command":"daftar","description":"Daftar"}]}`)
	w.vars["u"] = w.run(`getUpdates {"offset":900,"allowed_updates":["message"]}`).result
	w.run(`POST /_sim/clock {"advance_s":7200}`)
	w.run(`siti text {"text":"belum diambil"}`)
	kept := w.vars
	stop()

	w, stop = start()
	defer stop()
	w.vars = kept
	w.expect(`getMyCommands {}`, `[{"command":"daftar"}]`)
	w.expect(`getUpdates {"offset":901}`, `[{"update_id":{u.0.update_id},"message":{"text":"/start"}},{"message":{"text":"belum diambil"}}]`)
	w.expect(`getWebhookInfo {}`, `{"allowed_updates":["message"]}`)
	w.expect(`editMessageText {"chat_id":{siti},"message_id":{m.message_id},"text":"baru"}`, `{"text":"baru","date":{m.date}}`)
	w.expect(`siti contact`, `{"contact":{"phone_number":"628123456789"}}`)
	w.vars["f"] = w.run(`getFile {"file_id":"{d.document.file_id}"}`).result
	w.expect(`download {f.file_path}`, `{"same_as_png":true}`)
	if got := w.run(`sendMessage {"chat_id":{siti},"text":"x"}`); got.agrees(w.fill(`{"date":"~^[0-9]+$","message_id":"*"}`)) != nil {
		t.Errorf("after the restart: %s", got.raw)
	}
}
