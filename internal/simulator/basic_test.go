package simulator

import (
	"net/http/httptest"
	"strings"
	"testing"
)

const testToken = "7700000001:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// do sends a request and gives the answer's body.
func do(t *testing.T, s *Server, method, path, body string) string {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Body.String()
}

func newServer(t *testing.T, dir string) *Server {
	t.Helper()
	s, err := New(Config{Token: testToken, DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestFirstConversation(t *testing.T) {
	s := newServer(t, "")
	bot := "/bot" + testToken + "/"
	for _, step := range []struct{ method, path, body, want string }{
		{"GET", bot + "getMe", "", `"is_bot":true`},
		{"POST", "/_sim/users", `{"first_name":"Siti"}`, `"id":5000000001`},
		{"POST", bot + "sendMessage", `{"chat_id":5000000001,"text":"x"}`, "can't initiate"},
		{"POST", bot + "sendMessage", `{"chat_id":6,"text":"x"}`, "chat not found"},
		{"POST", "/_sim/users/5000000001/start", `{"payload":"abc"}`, `"text":"/start abc","entities":[{"offset":0,"length":6,"type":"bot_command"}]`},
		{"GET", bot + "getUpdates", "", `"text":"/start abc"`},
		{"POST", bot + "sendMessage", `{"chat_id":5000000001,"text":"<b>hai</b>","parse_mode":"html","reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}}`, `"message_id":2`},
		{"POST", "/_sim/users/5000000001/press", `{"button":0}`, `{}`},
		{"POST", bot + "editMessageText", `{"chat_id":5000000001,"message_id":2,"text":"baru"}`, `"edit_date"`},
		{"POST", bot + "editMessageText", `{"chat_id":5000000001,"message_id":2,"text":"baru"}`, `not modified`},
		{"GET", "/_sim/users/5000000001/messages?after=1", "", `"text":"baru"`},
		{"POST", "/_sim/users/5000000001/contact", `{}`, `"user_id":5000000001`},
		{"POST", "/_sim/clock", `{"advance_s":60}`, `"offset_s":60`},
		{"GET", "/_sim/stats", "", `"editMessageText":2`},
		{"POST", "/_sim/groups", `{"title":"G","members":[5000000001],"forum":true}`, `"id":-100400`},
	} {
		if got := do(t, s, step.method, step.path, step.body); !strings.Contains(got, step.want) {
			t.Errorf("%s %s %s: got %s, want %s", step.method, step.path, step.body, got, step.want)
		}
	}
}
