package clients_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/simulator"
)

const (
	token  = "7700000001:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	secret = "rahasia_123"
)

// A library's bot does the same in every library:
//
//	"tombol"    it asks "pilih" with the buttons ya (data y) and tidak (data n)
//	a tap       it answers "siap" and edits the question to "dipilih " + data
//	"unggah"    it sends photo() with the caption "foto", then paper() as surat.txt
//	a document  it downloads it and says receipt(content)
//	else        it replies with the same text
//
// start runs it until the test ends, by polling when hook is nil.
type library struct {
	name  string
	start func(t *testing.T, api string, hook *webhook)
}

// webhook is where a bot that does not poll receives its updates.
type webhook struct {
	mux *http.ServeMux
	url string
}

func newWebhook(t *testing.T) *webhook {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return &webhook{mux: mux, url: server.URL}
}

func photo() []byte {
	out := &bytes.Buffer{}
	if err := png.Encode(out, image.NewGray(image.Rect(0, 0, 640, 480))); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func paper() []byte { return []byte("Surat keterangan usaha\n") }

func receipt(content []byte) string {
	return fmt.Sprintf("diterima %d byte, %x", len(content), sha256.Sum256(content))
}

// fetch downloads a file as a bot that has only its address would.
func fetch(address string) ([]byte, error) {
	resp, err := http.Get(address)
	if err != nil {
		return nil, fmt.Errorf("download: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("download: %s", resp.Status)
	}
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("download: %w", err)
	}
	return content, nil
}

// person plays somebody chatting with the bot.
type person struct {
	t   *testing.T
	sim string
	id  int64
}

// message is what a person sees of a message.
type message struct {
	ID       int    `json:"message_id"`
	Text     string `json:"text"`
	Caption  string `json:"caption"`
	EditDate int64  `json:"edit_date"`
	From     struct {
		IsBot bool `json:"is_bot"`
	} `json:"from"`
	ReplyTo *struct {
		Text string `json:"text"`
	} `json:"reply_to_message"`
	Photo []struct {
		Width int `json:"width"`
	} `json:"photo"`
	Document *struct {
		Name string `json:"file_name"`
		Mime string `json:"mime_type"`
		Size int    `json:"file_size"`
	} `json:"document"`
}

func newPerson(t *testing.T) *person {
	t.Helper()
	sim, err := simulator.New(simulator.Config{Token: token, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim)
	t.Cleanup(func() {
		_ = sim.Close()
		server.Close()
	})
	p := &person{t: t, sim: server.URL}
	var made struct {
		ID int64 `json:"id"`
	}
	p.post("/_sim/users", `{"first_name":"Siti","last_name":"Aminah","username":"siti_aminah","language_code":"id"}`, &made)
	p.id = made.ID
	return p
}

func (p *person) post(path, body string, into any) {
	p.t.Helper()
	p.exchange(http.MethodPost, path, "application/json", strings.NewReader(body), into)
}

func (p *person) exchange(method, path, contentType string, body io.Reader, into any) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.sim+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		p.t.Fatalf("%s %s: %s %s %v", method, path, resp.Status, raw, err)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(raw, into); err != nil {
		p.t.Fatalf("%s: %v: %s", path, err, raw)
	}
}

func (p *person) act(what, body string, into any) {
	p.t.Helper()
	p.post(fmt.Sprintf("/_sim/users/%d/%s", p.id, what), body, into)
}

// sends uploads a document.
func (p *person) sends(name string, content []byte) {
	p.t.Helper()
	body := &bytes.Buffer{}
	form := multipart.NewWriter(body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		p.t.Fatal(err)
	}
	_, _ = part.Write(content)
	if err := form.Close(); err != nil {
		p.t.Fatal(err)
	}
	p.exchange(http.MethodPost, fmt.Sprintf("/_sim/users/%d/document", p.id), form.FormDataContentType(), body, nil)
}

func (p *person) sees() []message {
	p.t.Helper()
	var list []message
	p.exchange(http.MethodGet, fmt.Sprintf("/_sim/users/%d/messages", p.id), "", nil, &list)
	return list
}

// waits until the bot has shown such a message, and returns it.
func (p *person) waits(what string, like func(message) bool) message {
	p.t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		list := p.sees()
		for _, m := range list {
			if m.From.IsBot && like(m) {
				return m
			}
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("waited in vain for %s; the chat: %+v", what, list)
		}
	}
	return message{}
}

// TestLibraries plays the scenario with every library, by both ways.
func TestLibraries(t *testing.T) {
	for _, l := range []library{gotgbotLibrary(), telebotLibrary(), telegoLibrary()} {
		for _, byWebhook := range []bool{false, true} {
			way := map[bool]string{false: "polling", true: "webhook"}[byWebhook]
			t.Run(l.name+" by "+way, func(t *testing.T) {
				t.Parallel()
				p := newPerson(t)
				var hook *webhook
				if byWebhook {
					hook = newWebhook(t)
				}
				p.act("start", `{}`, nil) // before the bot runs: nothing is lost
				l.start(t, p.sim, hook)
				scenario(t, p)
			})
		}
	}
}

func scenario(t *testing.T, p *person) {
	t.Helper()
	p.waits("the answer to an update from before", func(m message) bool { return m.Text == "/start" })

	p.act("text", `{"text":"Halo & <selamat> 😀"}`, nil)
	echo := p.waits("the echo", func(m message) bool { return m.Text == "Halo & <selamat> 😀" })
	if echo.ReplyTo == nil || echo.ReplyTo.Text != echo.Text {
		t.Errorf("the echo is no reply: %+v", echo)
	}

	p.act("text", `{"text":"tombol"}`, nil)
	question := p.waits("the question", func(m message) bool { return m.Text == "pilih" })
	var tap struct {
		Answer *struct {
			Text string `json:"text"`
		} `json:"answer"`
	}
	p.act("press", `{"text":"tidak"}`, &tap)
	edited := p.waits("the edit", func(m message) bool { return m.Text == "dipilih n" })
	if edited.ID != question.ID || edited.EditDate == 0 {
		t.Errorf("edited %+v, the question was %d", edited, question.ID)
	}
	var shown struct {
		Text string `json:"text"`
	}
	p.exchange(http.MethodGet, fmt.Sprintf("/_sim/users/%d/answer", p.id), "", nil, &shown)
	if shown.Text != "siap" {
		t.Errorf("the answer shown is %q", shown.Text)
	}

	p.act("text", `{"text":"unggah"}`, nil)
	picture := p.waits("the photo", func(m message) bool { return m.Photo != nil })
	if last := picture.Photo[len(picture.Photo)-1]; picture.Caption != "foto" || last.Width != 640 {
		t.Errorf("photo %+v", picture)
	}
	letter := p.waits("the document", func(m message) bool { return m.Document != nil })
	if d := letter.Document; d.Name != "surat.txt" || d.Mime != "text/plain" || d.Size != len(paper()) {
		t.Errorf("document %+v", d)
	}

	content := bytes.Repeat([]byte("NIB "), 50_000)
	p.sends("nib.pdf", content)
	p.waits("the receipt", func(m message) bool { return m.Text == receipt(content) })
}
