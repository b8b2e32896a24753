package simulator

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// serve puts a simulator behind a real port, closed after the streams are.
func serve(t *testing.T, s *Server) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return server
}

// open opens an event stream on a real connection and gives its lines.
func open(t *testing.T, server *httptest.Server, path, lastID string) *bufio.Scanner {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastID != "" {
		request.Header.Set("Last-Event-ID", lastID)
	}
	response, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
	})
	return bufio.NewScanner(response.Body)
}

// nextEvent reads one event: its id, name and data.
func nextEvent(t *testing.T, lines *bufio.Scanner) (id, name, data string) {
	t.Helper()
	for lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), ": ")
		switch key {
		case "id":
			id = value
		case "event":
			name = value
		case "data":
			return id, name, value
		}
	}
	t.Fatalf("the stream ended: %v", lines.Err())
	return "", "", ""
}

// wantEvent reads one event and looks for a piece in its data.
func wantEvent(t *testing.T, lines *bufio.Scanner, name, piece string) string {
	t.Helper()
	id, got, data := nextEvent(t, lines)
	if got != name || !strings.Contains(data, piece) {
		t.Fatalf("got event %s with %s, want %s with %s", got, data, name, piece)
	}
	return id
}

func TestEvents(t *testing.T) {
	s := newServer(t, "")
	live(t, s)
	server := serve(t, s)
	lines := open(t, server, "/_sim/users/5000000001/events", "")
	wantEvent(t, lines, "hello", `{"resync":true}`)
	for _, step := range []struct{ path, body, event, piece string }{
		{bot + "sendMessage", `{"chat_id":5000000001,"text":"satu","reply_markup":{"keyboard":[["Ya"]]}}`, "message", `"reply_markup":{"keyboard"`},
		{bot + "sendMessage", `{"chat_id":5000000001,"text":"dua"}`, "message", `"text":"dua"`},
		{bot + "editMessageText", `{"chat_id":5000000001,"message_id":5,"text":"tiga"}`, "edit", `"text":"tiga"`},
		{bot + "sendChatAction", `{"chat_id":5000000001,"action":"typing"}`, "typing", `{"chat_id":5000000001,"action":"typing"}`},
		{bot + "deleteMessage", `{"chat_id":5000000001,"message_id":5}`, "delete", `{"chat_id":5000000001,"message_id":5}`},
		{"/_sim/users/5000000001/text", `{"text":"halo"}`, "message", `"text":"halo"`},
		{"/_sim/users/5000000001/text", `{"text":"halo semua","chat_id":-4000000001}`, "message", `"id":-4000000001`},
		{"/_sim/users/5000000001/delete-chat", ``, "clear", `{"chat_id":5000000001}`},
	} {
		do(t, s, "POST", step.path, step.body)
		wantEvent(t, lines, step.event, step.piece)
	}
}

func TestEventsOfATap(t *testing.T) {
	s := newServer(t, "")
	live(t, s)
	server := serve(t, s)
	lines := open(t, server, "/_sim/users/5000000001/events", "")
	wantEvent(t, lines, "hello", "")
	id := between(do(t, s, "GET", bot+"getUpdates", ""), `"callback_query":{"id":"`, `"`)
	do(t, s, "POST", bot+"answerCallbackQuery", `{"callback_query_id":"`+id+`","text":"oke","show_alert":true}`)
	wantEvent(t, lines, "answer", `{"text":"oke","show_alert":true,"callback_query_id":"`+id+`"}`)
}

func TestEventsGoOnWhereTheyStopped(t *testing.T) {
	s := newServer(t, "")
	live(t, s)
	server := serve(t, s)
	lines := open(t, server, "/_sim/users/5000000001/events", "")
	first := wantEvent(t, lines, "hello", "")
	send(s, bot+"sendMessage", `{"chat_id":5000000001,"text":"terlewat"}`)
	again := open(t, server, "/_sim/users/5000000001/events", first)
	wantEvent(t, again, "hello", `{"resync":false}`)
	last := wantEvent(t, again, "message", "terlewat")
	for i := range keptEvents {
		send(s, bot+"sendMessage", fmt.Sprintf(`{"chat_id":5000000001,"text":"banyak %d"}`, i))
	}
	wantEvent(t, open(t, server, "/_sim/users/5000000001/events", last), "hello", `{"resync":true}`)
}

func TestEventsOfSeveralPeople(t *testing.T) {
	s := newServer(t, "")
	live(t, s)
	server := serve(t, s)
	lines := open(t, server, "/_sim/events?users=5000000001,5000000003", "")
	wantEvent(t, lines, "hello", "")
	send(s, bot+"sendMessage", `{"chat_id":5000000003,"text":"untuk tiga"}`)
	send(s, bot+"sendMessage", `{"chat_id":5000000001,"text":"untuk satu"}`)
	wantEvent(t, lines, "message", `{"user_id":5000000003,"data":{"message_id":1,`)
	wantEvent(t, lines, "message", `{"user_id":5000000001,"data":{"message_id":4,`)
}

func TestStreamsEndWithTheServer(t *testing.T) {
	s := begun(t, "")
	server := serve(t, s)
	lines := open(t, server, "/_sim/users/5000000001/events", "")
	wantEvent(t, lines, "hello", "")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		if lines.Text() != "" {
			t.Errorf("after the end: %s", lines.Text())
		}
	}
}

func TestTooBigAnUploadIsAnswered(t *testing.T) {
	s := newServer(t, "")
	live(t, s)
	server := serve(t, s)
	head := "--XX\r\nContent-Disposition: form-data; name=\"document\"; filename=\"besar.bin\"\r\n\r\n"
	body := io.MultiReader(strings.NewReader(head), io.LimitReader(zeros{}, maxFile+1), strings.NewReader("\r\n--XX--\r\n"))
	response, err := server.Client().Post(server.URL+bot+"sendDocument?chat_id=5000000001", "multipart/form-data; boundary=XX", body)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if want := `{"ok":false,"error_code":413,"description":"Request Entity Too Large"}`; err != nil || string(answer) != want {
		t.Errorf("got %s, %v, want %s", answer, err, want)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
