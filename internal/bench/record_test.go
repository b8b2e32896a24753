package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"umkmbot/internal/bench/script"
)

// telegram answers getUpdates with what is in line and everything else with yes.
type telegram struct{ line []string }

func (g *telegram) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/getUpdates") || len(g.line) == 0 {
		_, _ = io.WriteString(w, `{"ok":true,"result":[]}`)
		return
	}
	_, _ = io.WriteString(w, `{"ok":true,"result":[`+g.line[0]+`]}`)
	g.line = g.line[1:]
}

func TestRecorder(t *testing.T) {
	sizes := []int{100, 200}
	r := &recorder{size: func(chat int64) int {
		if chat != 7 {
			t.Errorf("size of chat %d", chat)
		}
		size := sizes[0]
		sizes = sizes[1:]
		return size
	}}
	server := httptest.NewServer(r.wrap(&telegram{line: []string{
		`{"update_id":1,"message":{"message_id":3,"chat":{"id":7}}}`,
		`{"update_id":2,"callback_query":{"id":"q1","message":{"message_id":4,"chat":{"id":7}}}}`,
	}}))
	defer server.Close()
	call := func(method, body string) {
		t.Helper()
		resp, err := http.Post(server.URL+"/bot1:x/"+method, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	call("getMe", `{}`) // belongs to no turn
	call("getUpdates", `{}`)
	call("sendMessage", `{"chat_id":7,"text":"one"}`)
	call("getUpdates", `{}`)
	call("answerCallbackQuery", `{"callback_query_id":"q1"}`)
	call("editMessageText", `{"chat_id":7,"message_id":4,"text":"two"}`)
	call("getUpdates", `{}`)
	if len(r.faults) > 0 || len(r.script.Turns) != 2 {
		t.Fatalf("%v, %+v", r.faults, r.script)
	}
	first, second := r.script.Turns[0], r.script.Turns[1]
	if first.State != 100 || second.State != 200 || len(first.Calls) != 1 || len(second.Calls) != 2 {
		t.Errorf("%+v", r.script)
	}
	body := script.Compile(second.Calls[1].Body).Fill(script.Numbers{Chat: 8, Message: 9, Query: "q2"})
	if string(body) != `{"chat_id":8,"message_id":9,"text":"two"}` {
		t.Errorf("replayed as %s", body)
	}
}

func TestRecorderTellsWhatCannotBeReplayed(t *testing.T) {
	r := &recorder{size: func(int64) int { return 0 }}
	r.beginTurn([]byte(`{"ok":true,"result":[{"update_id":1,"message":{"message_id":3,"chat":{"id":7}}}]}`))
	r.call("editMessageText", []byte(`{"chat_id":7,"message_id":99}`), nil)
	if len(r.faults) != 1 {
		t.Errorf("faults %v", r.faults)
	}
}
