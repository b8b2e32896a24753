package transcript

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"umkmbot/internal/simulator"
)

const token = "7700000001:AAAA-simulator-only-no-real-token"

// toy is a small bot that does everything a script can tell of.
type toy struct {
	url    string
	offset int64
	last   map[int64]int64 // the bot's own last message, by chat
	cancel context.CancelFunc
	done   chan struct{}
}

type incoming struct {
	ID       int64    `json:"update_id"`
	Message  *message `json:"message"`
	Edited   *message `json:"edited_message"`
	Callback *pressed `json:"callback_query"`
}

type pressed struct {
	ID      string  `json:"id"`
	Data    string  `json:"data"`
	Message message `json:"message"`
}

type object = map[string]any

func inline(labels ...string) object {
	var row []object
	for _, l := range labels {
		row = append(row, object{"text": l, "callback_data": l})
	}
	return object{"inline_keyboard": [][]object{row}}
}

// call makes a Bot API call; what the toy says is its own risk.
func (b *toy) call(ctx context.Context, method string, params object) json.RawMessage {
	raw, err := json.Marshal(params)
	if err != nil {
		panic(err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.url+"/bot"+token+"/"+method, bytes.NewReader(raw))
	if err != nil {
		panic(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	var answer struct {
		Result json.RawMessage `json:"result"`
	}
	_ = json.NewDecoder(resp.Body).Decode(&answer)
	return answer.Result
}

func (b *toy) start(context.Context) error {
	ctx, cancel := context.WithCancel(context.Background())
	b.cancel, b.done = cancel, make(chan struct{})
	go func() {
		defer close(b.done)
		asked := b.offset
		for ctx.Err() == nil {
			var updates []incoming
			asked = b.offset
			_ = json.Unmarshal(b.call(ctx, "getUpdates", object{"offset": b.offset, "timeout": 5}), &updates)
			for _, u := range updates {
				b.handle(context.WithoutCancel(ctx), u)
				b.offset = u.ID + 1
			}
		}
		if asked != b.offset { // asked twice for the same, Telegram answers late
			b.call(context.WithoutCancel(ctx), "getUpdates", object{"offset": b.offset, "limit": 1})
		}
	}()
	return nil
}

func (b *toy) stop(context.Context) error {
	b.cancel()
	<-b.done
	return nil
}

func (b *toy) handle(ctx context.Context, u incoming) {
	switch {
	case u.Callback != nil:
		b.tap(ctx, u.Callback)
	case u.Edited != nil:
		b.say(ctx, u.Edited.Chat.ID, "diubah: "+u.Edited.Text, nil)
	case u.Message != nil:
		b.hear(ctx, u.Message)
	}
}

func (b *toy) say(ctx context.Context, chat int64, text string, keys any) {
	params := object{"chat_id": chat, "text": text, "parse_mode": "HTML"}
	if keys != nil {
		params["reply_markup"] = keys
	}
	var m message
	_ = json.Unmarshal(b.call(ctx, "sendMessage", params), &m)
	b.last[chat] = m.ID
}

func (b *toy) hear(ctx context.Context, m *message) {
	chat := m.Chat.ID
	switch {
	case m.Origin != nil:
		b.say(ctx, chat, "diteruskan: "+m.Text, nil)
	case m.Contact != nil:
		b.say(ctx, chat, "nomor "+m.Contact.Phone, object{"remove_keyboard": true})
	case m.Location != nil:
		b.say(ctx, chat, fmt.Sprintf("di %.1f, %.1f", m.Location.Latitude, m.Location.Longitude), nil)
	case len(m.Photo) > 0, m.Sticker != nil, m.Voice != nil, m.Document != nil:
		b.say(ctx, chat, html.EscapeString(m.holds()), nil)
	case m.Text == "menu":
		b.say(ctx, chat, "<b>Pilih</b>\n\nsatu:", inline("ganti", "lepas", "tukar"))
	case m.Text == "kunci":
		b.say(ctx, chat, "kunci", object{"keyboard": [][]object{{{"text": "bagikan", "request_contact": true}}, {{"text": "halo"}}}})
	case m.Text == "rahasia":
		b.call(ctx, "deleteMessage", object{"chat_id": chat, "message_id": m.ID})
		b.call(ctx, "deleteMessage", object{"chat_id": chat, "message_id": b.last[chat]})
	case m.Text == "jelek":
		b.say(ctx, chat, "Halo &lt;no value&gt;", nil)
	case m.Text != "diam" && m.Text != "":
		b.say(ctx, chat, "kata "+m.Text, nil)
	}
}

func (b *toy) tap(ctx context.Context, q *pressed) {
	b.call(ctx, "answerCallbackQuery", object{"callback_query_id": q.ID, "text": "ketuk " + q.Data, "show_alert": q.Data == "tukar"})
	at := object{"chat_id": q.Message.Chat.ID, "message_id": q.Message.ID}
	switch q.Data {
	case "ganti":
		at["text"] = "diganti"
		b.call(ctx, "editMessageText", at)
	case "lepas":
		b.call(ctx, "editMessageReplyMarkup", at)
	case "tukar":
		at["reply_markup"] = inline("lepas")
		b.call(ctx, "editMessageReplyMarkup", at)
	}
}

// newStage starts a simulator and the toy for one test.
func newStage(t *testing.T) Stage {
	t.Helper()
	sim, err := simulator.New(simulator.Config{Token: token, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim)
	b := &toy{url: server.URL, last: map[int64]int64{}}
	if err := b.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		b.cancel()
		<-b.done
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
		server.CloseClientConnections()
		server.Close()
	})
	return Stage{URL: server.URL, Stop: b.stop, Start: b.start, Patience: 1}
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.txt")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
