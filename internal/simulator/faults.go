package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"umkmbot/internal/simulator/delivery"
)

// fault is a trouble to be made for calls of a method, as POST /_sim/faults
// gives it. Without times and for_s it lasts until it is cleared.
type fault struct {
	Method      string          `json:"method"` // "*" for every call, "file" for downloads, "webhook"
	ChatID      json.RawMessage `json:"chat_id,omitempty"`
	Status      int             `json:"status,omitempty"`
	RetryAfter  int             `json:"retry_after,omitempty"`
	Description string          `json:"description,omitempty"`
	Body        string          `json:"body,omitempty"`
	Truncate    json.RawMessage `json:"truncate,omitempty"` // how many bytes are sent, or true for half
	Times       int             `json:"times,omitempty"`
	ForS        float64         `json:"for_s,omitempty"`
	DelayMS     int             `json:"delay_ms,omitempty"`
	Drop        string          `json:"drop,omitempty"` // "before" or "after" the effect
	Duplicate   bool            `json:"duplicate,omitempty"`
	Late        bool            `json:"late,omitempty"`

	chat  string
	until time.Time // zero: no end
	left  int       // -1: no end
}

// faultList holds the faults in force.
type faultList struct {
	some atomic.Bool
	mu   sync.Mutex
	list []*fault
}

// prepare checks a fault and makes it ready; what is returned says what is
// wrong with it.
func (f *fault) prepare(now time.Time) string {
	f.Method = lowerASCII(f.Method)
	f.chat = unquote(string(f.ChatID))
	if f.chat == "null" {
		f.chat = ""
	}
	switch {
	case f.Method == "":
		return "method is missing"
	case f.Method != "*" && f.Method != "file" && f.Method != "webhook" && methods[f.Method] == nil:
		return "method is not known"
	case f.Drop != "" && f.Drop != "before" && f.Drop != "after":
		return `drop must be "before" or "after"`
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return "status must be from 200 to 599"
	case f.Times < 0 || f.ForS < 0 || f.DelayMS < 0 || f.RetryAfter < 0:
		return "times, for_s, delay_ms and retry_after can't be negative"
	case f.Drop != "" && (f.Status != 0 || f.Body != "" || f.RetryAfter != 0):
		return "a dropped connection has no answer"
	}
	f.left = -1
	if f.Times > 0 {
		f.left = f.Times
	}
	if f.ForS > 0 {
		f.until = now.Add(time.Duration(f.ForS * float64(time.Second)))
	}
	if f.Status == 0 && f.RetryAfter > 0 {
		f.Status = http.StatusTooManyRequests
	}
	return ""
}

func (l *faultList) add(f *fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, f)
	l.some.Store(true)
}

func (l *faultList) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = nil
	l.some.Store(false)
}

// take gives the oldest fault that a call meets and uses it up once.
func (l *faultList) take(method, chat string, now time.Time) *fault {
	if !l.some.Load() {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.list {
		if !f.meets(method, chat, now) {
			continue
		}
		if f.left > 0 {
			f.left--
		}
		met := *f
		return &met
	}
	return nil
}

func (f *fault) meets(method, chat string, now time.Time) bool {
	if f.left == 0 || !f.until.IsZero() && !now.Before(f.until) {
		return false
	}
	if f.chat != "" && f.chat != chat {
		return false
	}
	if f.Method == method {
		return true
	}
	return f.Method == "*" && method != "webhook"
}

// before does what comes before a call's effect. It returns false when the
// call was answered already.
func (f *fault) before(w http.ResponseWriter, ctx context.Context) bool { //nolint:revive // the writer leads, as in net/http
	if f.DelayMS > 0 {
		wait := time.NewTimer(time.Duration(f.DelayMS) * time.Millisecond)
		defer wait.Stop()
		select {
		case <-wait.C:
		case <-ctx.Done():
			panic(http.ErrAbortHandler)
		}
	}
	if f.Drop == "before" {
		panic(http.ErrAbortHandler)
	}
	if f.Status == 0 && f.Body == "" && f.Description == "" {
		return true
	}
	status, body, kind := f.answer()
	h := w.Header()
	h.Set("Content-Type", kind)
	if f.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	f.send(w, status, body)
	return false
}

// answer is what is sent instead of a call's own result.
func (f *fault) answer() (status int, body []byte, kind string) {
	status = f.Status
	if f.Body != "" {
		if status == 0 {
			status = http.StatusOK
		}
		return status, []byte(f.Body), bodyKind(f.Body)
	}
	if status == 0 {
		status = http.StatusBadRequest
	}
	e := &apiError{code: status, text: f.Description, retryAfter: f.RetryAfter}
	if e.text == "" {
		e.text = http.StatusText(status)
		if f.RetryAfter > 0 {
			e.text = tooMany(f.RetryAfter).text
		}
	}
	return status, e.body(), "application/json"
}

func bodyKind(body string) string {
	if json.Valid([]byte(body)) {
		return "application/json"
	}
	return "text/html; charset=utf-8"
}

// after does what comes after a call's effect. It returns true when the call
// was answered.
func (f *fault) after(w http.ResponseWriter, a answer, fail *apiError) bool {
	if f.Drop == "after" {
		panic(http.ErrAbortHandler)
	}
	if len(f.Truncate) == 0 || string(f.Truncate) == "false" || string(f.Truncate) == "null" {
		return false
	}
	status, body := http.StatusOK, a.body()
	if fail != nil {
		status, body = fail.code, fail.body()
	}
	w.Header().Set("Content-Type", "application/json")
	f.send(w, status, body)
	return true
}

// send writes an answer, cut short when the fault says so: the connection
// then ends before the length that was promised.
func (f *fault) send(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	keep, cut := f.keep(len(body))
	w.WriteHeader(status)
	_, _ = w.Write(body[:keep]) // the client may be gone
	if !cut {
		return
	}
	if flusher, canFlush := w.(http.Flusher); canFlush {
		flusher.Flush()
	}
	panic(http.ErrAbortHandler)
}

func (f *fault) keep(size int) (n int, cut bool) {
	switch text := string(bytes.TrimSpace(f.Truncate)); text {
	case "", "false", "null":
		return size, false
	case "true":
		return size / 2, true
	default:
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n >= size {
			return size / 2, true
		}
		return n, true
	}
}

// webhookFault is asked before every delivery to the webhook.
func (s *Server) webhookFault(chat int64) delivery.Fault {
	f := s.faults.take("webhook", strconv.FormatInt(chat, 10), s.Now())
	if f == nil {
		return delivery.Fault{}
	}
	delay := time.Duration(f.DelayMS) * time.Millisecond
	if f.Late {
		if delay == 0 {
			delay = time.Second
		}
		return delivery.Fault{Late: delay, Duplicate: f.Duplicate}
	}
	return delivery.Fault{Delay: delay, Duplicate: f.Duplicate}
}
