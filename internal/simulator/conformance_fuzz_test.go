package simulator_test

import (
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"umkmbot/internal/simulator"
)

// methodsToFuzz are all but those that wait or call out.
func methodsToFuzz() []string {
	return []string{
		"getMe", "sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup", "sendLocation", "sendContact",
		"sendChatAction", "editMessageText", "editMessageCaption", "editMessageMedia", "editMessageReplyMarkup",
		"deleteMessage", "deleteMessages", "forwardMessage", "copyMessage", "answerCallbackQuery", "getFile",
		"setMyCommands", "getMyCommands", "deleteMyCommands", "setChatMenuButton", "getChat", "getChatMember",
		"deleteWebhook", "getWebhookInfo", "noSuchMethod",
	}
}

// Whatever the body is, the answer is Telegram's envelope in JSON.
func FuzzRequestBodies(f *testing.F) {
	const json1 = `{"chat_id":5000000001,"text":"<b>x</b>","parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}}`
	types := []string{"application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=X", "text/plain", ""}
	for i, body := range []string{
		json1, "chat_id=5000000001&text=x&reply_markup={", "--X\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\nx\r\n--X--",
		"null", "[]", `{"chat_id":{"a":1},"text":[1,2],"entities":[{"type":"bold","offset":-1,"length":99999}]}`,
		`{"media":[{"type":"photo","media":"attach://a"}],"message_ids":[1,"x",null],"commands":[{"command":1}],"scope":{"type":"chat"}}`,
		"--X\r\nContent-Disposition: form-data; name=\"photo\"; filename=a.png\r\n\r\n\x89PNG\r\n--X--\r\n", "\xff\xfe%zz=%", "",
	} {
		f.Add(i, i%len(types), body)
		f.Add(i+1, 0, body)
	}
	f.Fuzz(func(t *testing.T, method, kind int, body string) {
		names := methodsToFuzz()
		sim := startedSimulator(t)
		name := names[abs(method)%len(names)]
		req := httptest.NewRequestWithContext(t.Context(), "POST", "/bot"+token+"/"+name, strings.NewReader(body))
		req.Header.Set("Content-Type", types[abs(kind)%len(types)])
		answer := httptest.NewRecorder()
		sim.ServeHTTP(answer, req)
		var envelope struct {
			OK          *bool           `json:"ok"`
			Code        int             `json:"error_code"`
			Description string          `json:"description"`
			Result      json.RawMessage `json:"result"`
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &envelope); err != nil || envelope.OK == nil {
			t.Fatalf("%s answers %q: %v", name, answer.Body, err)
		}
		if *envelope.OK {
			if err := strictly(envelope.Result, resultOf(strings.ToLower(name))); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		} else if envelope.Code != answer.Code || envelope.Description == "" || envelope.Code >= 500 {
			t.Fatalf("%s answers %d %s", name, answer.Code, answer.Body)
		}
	})
}

// Whatever a control is sent, the answer is JSON and no failure of the
// simulator's own.
func FuzzControls(f *testing.F) {
	acts := []string{
		"users", "users/5000000001/start", "users/5000000001/text", "users/5000000001/edit", "users/5000000001/press",
		"users/5000000001/contact", "users/5000000001/location", "users/5000000001/photo", "users/5000000001/forward",
		"users/5000000001/block", "groups", "groups/-1/topics", "groups/-1/join", "faults", "limits",
	}
	for i, body := range []string{
		`{"first_name":"A","count":3,"started":true}`, `{"payload":"x"}`, `{"text":"x","chat_id":1,"reply_to":5}`,
		`{"message_id":1,"text":"y"}`, `{"button":99}`, `{"phone_number":5}`, `{"latitude":1e400}`, `null`, `[]`, `{"count":-1}`,
		`{"title":"x","members":[5000000001,1]}`, `{"method":"getMe","status":7,"times":-1}`, `{"enforce":true,"per_second":-1}`, "\xff",
	} {
		f.Add(i, body)
		f.Add(i+3, body)
	}
	f.Fuzz(func(t *testing.T, act int, body string) {
		if strings.Contains(body, "count") && strings.ContainsAny(body, "123456789") {
			return // making a great many people is no failure
		}
		sim := startedSimulator(t)
		path := "/_sim/" + acts[abs(act)%len(acts)]
		req := httptest.NewRequestWithContext(t.Context(), "POST", path, strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		sim.ServeHTTP(answer, req)
		if answer.Code >= 500 || !json.Valid(answer.Body.Bytes()) {
			t.Fatalf("%s %q answers %d %s", path, body, answer.Code, answer.Body)
		}
	})
}

func abs(n int) int {
	if n < 0 {
		return -(n + 1)
	}
	return n
}

// startedSimulator has one person, who has pressed Start.
func startedSimulator(t *testing.T) *simulator.Server {
	t.Helper()
	sim, err := simulator.New(simulator.Config{Token: token, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	for _, call := range [][2]string{{"users", `{"first_name":"Siti"}`}, {"users/5000000001/start", `{}`}} {
		req := httptest.NewRequestWithContext(t.Context(), "POST", "/_sim/"+call[0], strings.NewReader(call[1]))
		req.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		if sim.ServeHTTP(answer, req); answer.Code != 200 {
			t.Fatalf("%s: %s", call[0], answer.Body)
		}
	}
	return sim
}
