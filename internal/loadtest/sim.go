package loadtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// errNoButton: the message has another keyboard by now.
var errNoButton = errors.New("the message has no such button")

// Sim calls a simulator.
type Sim struct {
	base   string
	client *http.Client
}

// NewSim speaks to the simulator at base, http://host:port.
func NewSim(base string) *Sim {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 4096, 4096
	return &Sim{base: base, client: &http.Client{Transport: transport}}
}

// Close drops idle connections.
func (s *Sim) Close() { s.client.CloseIdleConnections() }

// Post calls /_sim/<path> and decodes the answer into result, if any.
func (s *Sim) Post(ctx context.Context, path string, body, result any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	return s.do(ctx, http.MethodPost, path, bytes.NewReader(raw), result)
}

// Get reads /_sim/<path> into result.
func (s *Sim) Get(ctx context.Context, path string, result any) error {
	return s.do(ctx, http.MethodGet, path, nil, result)
}

func (s *Sim) do(ctx context.Context, method, path string, body io.Reader, result any) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, s.base+"/_sim/"+path, body)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.client.Do(req)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	switch {
	case resp.StatusCode == http.StatusOK:
	case bytes.Contains(raw, []byte("has no such button")):
		return fmt.Errorf("%s: %w", path, errNoButton)
	default:
		return fmt.Errorf("%s: HTTP %d: %.200s", path, resp.StatusCode, raw)
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(raw, result); err != nil {
		return fmt.Errorf("%s: decode: %w", path, err)
	}
	return nil
}

// People makes n people who have pressed Start and returns the first's id;
// the others' follow.
func (s *Sim) People(ctx context.Context, n int) (first int64, err error) {
	var made struct {
		First int64 `json:"first_id"`
	}
	err = s.Post(ctx, "users", map[string]any{"count": n, "started": true}, &made)
	return made.First, err
}

// Message is what an owner sees of one.
type Message struct {
	ID     int    `json:"message_id"`
	Text   string `json:"text"`
	Edited int64  `json:"edit_date"`
	From   struct {
		Bot bool `json:"is_bot"`
	} `json:"from"`
	Markup struct {
		Inline [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
	} `json:"reply_markup"`
}

// Has reports whether the message has a button of that label.
func (m Message) Has(label string) bool {
	for _, row := range m.Markup.Inline {
		for _, b := range row {
			if b.Text == label {
				return true
			}
		}
	}
	return false
}

// labels lists the buttons, which tell apart two states of one question.
func (m Message) labels() string {
	var b strings.Builder
	for _, row := range m.Markup.Inline {
		for _, button := range row {
			b.WriteString(" [" + button.Text + "]")
		}
	}
	return b.String()
}
