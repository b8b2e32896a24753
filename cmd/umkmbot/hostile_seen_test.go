package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"
)

// hostile is what an owner writes: a word that can be searched for, and around
// it what would break a careless program.
type hostile struct{ front, word, back string }

func (h hostile) text() string { return h.front + h.word + h.back }

// witness stands between an office and Telegram. It keeps each message as
// Telegram gave it back: as people read it, with what was found to be markup.
type witness struct {
	mu  sync.Mutex
	all []witnessed
}

// witnessed is one message, or the toast that answers a tap.
type witnessed struct {
	Chat struct {
		ID int64 `json:"id"`
	} `json:"chat"`
	Text     string       `json:"text"`
	Caption  string       `json:"caption"`
	Entities []markedText `json:"entities"`
	Marked   []markedText `json:"caption_entities"`
	Preview  struct {
		Off bool `json:"is_disabled"`
	} `json:"link_preview_options"`
	Photo    []stored `json:"photo"`
	Document stored   `json:"document"`
	Markup   struct {
		Inline [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
			URL  string `json:"url"`
		} `json:"inline_keyboard"`
	} `json:"reply_markup"`
}

// stored is a file as Telegram names it.
type stored struct {
	ID   string `json:"file_id"`
	Name string `json:"file_name"`
}

// markedText is an entity; its places count UTF-16.
type markedText struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url"`
}

// listen has an office's calls pass by the witness.
func (w *witness) listen(t *testing.T) func(*settings) {
	return func(s *settings) {
		to, err := url.Parse(s.Telegram.APIURL)
		if err != nil {
			t.Fatal(err)
		}
		proxy := &httputil.ReverseProxy{
			Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(to) },
			ModifyResponse: w.answered,
			ErrorHandler:   func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }, // as the line has gone
		}
		front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/answerCallbackQuery") {
				r.Body = w.toast(r.Body)
			}
			proxy.ServeHTTP(rw, r)
		}))
		t.Cleanup(front.Close)
		s.Telegram.APIURL = front.URL
	}
}

// toast keeps the words of an answer to a tap.
func (w *witness) toast(body io.Reader) io.ReadCloser {
	raw, err := io.ReadAll(body)
	var m witnessed
	if err == nil && json.Unmarshal(raw, &m) == nil {
		w.keep(m)
	}
	return io.NopCloser(bytes.NewReader(raw))
}

// answered keeps what a call gave back, where that is a message or an album.
func (w *witness) answered(r *http.Response) error {
	if !strings.Contains(r.Request.URL.Path, "/send") && !strings.Contains(r.Request.URL.Path, "/edit") {
		return nil
	}
	raw, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(raw))
	var one struct{ Result witnessed }
	var many struct{ Result []witnessed }
	if json.Unmarshal(raw, &one) == nil {
		w.keep(one.Result)
	} else if json.Unmarshal(raw, &many) == nil {
		w.keep(many.Result...)
	}
	return err
}

func (w *witness) keep(m ...witnessed) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, m...)
}

// messages are those to a person that hold some words; 0 and "": all.
func (w *witness) messages(to int64, words string) (out []witnessed) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.all {
		if (to == 0 || m.Chat.ID == to) && strings.Contains(m.Text+m.Caption, words) {
			out = append(out, m)
		}
	}
	return out
}

// file is the newest of that name that a person was sent; "": the newest photo.
func (w *witness) file(to int64, name string) (id string, ok bool) {
	for _, m := range slices.Backward(w.messages(to, "")) {
		switch {
		case name != "" && strings.HasPrefix(m.Document.Name, name):
			return m.Document.ID, true
		case name == "" && len(m.Photo) > 0:
			return m.Photo[len(m.Photo)-1].ID, true
		}
	}
	return "", false
}

// own reports whether Telegram makes such an entity of a text without anybody's
// markup: what is written is what is tapped.
func (e markedText) own() bool {
	return slices.Contains([]string{"url", "mention", "hashtag", "cashtag", "bot_command", "email", "phone_number", "bank_card"}, e.Type)
}

// check fails for a message in which a hostile word has become something else
// than letters, or that a button carries.
func (m witnessed) check(t testing.TB, all []hostile) {
	t.Helper()
	for _, h := range all {
		for text, marks := range map[string][]markedText{m.Text: m.Entities, m.Caption: m.Marked} {
			h.check(t, text, marks)
		}
		for _, row := range m.Markup.Inline {
			for _, b := range row {
				h.check(t, b.Text, nil)
				if strings.Contains(b.Data, h.word) || strings.Contains(b.URL, h.word) || len(b.Data) > 64 {
					t.Errorf("button %q carries %q %q", b.Text, b.Data, b.URL)
				}
			}
		}
	}
	if strings.ContainsRune(m.Text+m.Caption, '\u202e') {
		t.Errorf("a text turns round: %q", m.Text+m.Caption)
	}
	if link := func(e markedText) bool { return e.Type == "url" }; slices.ContainsFunc(m.Entities, link) && !m.Preview.Off {
		t.Errorf("a preview is shown of a link in %q", m.Text)
	}
}

// check fails where a word is without what is in front of it, and where markup
// begins or ends within the two.
func (h hostile) check(t testing.TB, text string, marks []markedText) {
	t.Helper()
	for at := 0; ; {
		i := strings.Index(text[at:], h.word)
		if i < 0 {
			return
		}
		i += at
		at = i + len(h.word)
		if !strings.HasSuffix(text[:i], h.front) {
			t.Errorf("%q became %q", h.text(), text)
			return
		}
		for kind := range torn(marks, units(text[:i-len(h.front)]), units(text[:at])) {
			t.Errorf("%q is marked as %s in %q", h.text(), kind, text)
		}
	}
}

// torn are the kinds of markup that a part of what lies between two places has,
// and another has not. Telegram interrupts markup where it finds its own.
func torn(marks []markedText, first, last int) map[string]bool {
	out := map[string]bool{}
	within := func(at int, ok func(markedText) bool) bool {
		return slices.ContainsFunc(marks, func(e markedText) bool { return ok(e) && e.Offset <= at && at < e.Offset+e.Length })
	}
	for _, m := range marks {
		seen := map[bool]bool{}
		for at := first; at < last; at++ {
			if !within(at, markedText.own) {
				seen[within(at, func(e markedText) bool { return e.Type == m.Type })] = true
			}
		}
		if !m.own() && len(seen) == 2 || strings.Contains(m.URL, "evil") {
			out[m.Type] = true
		}
	}
	return out
}

// units counts UTF-16.
func units(s string) int { return len(utf16.Encode([]rune(s))) }

// shows waits until a person has been shown what is hostile, as it was written.
func (s *siege) shows(p person, all ...hostile) {
	s.t.Helper()
	for _, h := range all {
		s.wait("somebody sees "+h.word, func() bool { return len(s.messages(p.id, h.text())) > 0 })
	}
}
