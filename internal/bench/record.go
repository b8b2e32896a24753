package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"umkmbot/internal/bench/script"
	"umkmbot/internal/loadtest"
)

// record has one owner register with the real program by polling and keeps
// what the bot sent.
func (b *bench) record(ctx context.Context) error {
	r := &recorder{size: func(chat int64) int { return b.stateSize(ctx, chat) }}
	w, err := b.open(ctx, real, "polling", r.wrap)
	if err != nil {
		return err
	}
	sum, err := loadtest.Fleet{Sim: w.people, Owners: 1, AtOnce: 1, Patience: patience}.Run(ctx)
	err = errors.Join(append(sum.Errors, err, w.close(ctx))...)
	if err != nil {
		return err
	}
	r.endTurn()
	if err := errors.Join(r.faults...); err != nil {
		return err
	}
	if len(r.script.Turns) != sum.Turns {
		return fmt.Errorf("%d turns were recorded of %d taken", len(r.script.Turns), sum.Turns)
	}
	calls := 0
	for _, t := range r.script.Turns {
		calls += len(t.Calls)
	}
	say("recorded: %d turns, %d calls", len(r.script.Turns), calls)
	b.script = filepath.Join(b.dir, "script.json")
	return script.Write(b.script, r.script)
}

// patience is how long a simulated owner waits for an answer.
const patience = time.Minute

// stateSize is what the real program keeps of a chat, in bytes.
func (b *bench) stateSize(ctx context.Context, chat int64) int {
	values, err := b.redis.HMGet(ctx, fmt.Sprintf("chat:{%d}", chat), "state", "replies", "handled").Result()
	if err != nil {
		return 0
	}
	size := 0
	for _, v := range values {
		s, _ := v.(string)
		size += len(s)
	}
	return size
}

// recorder stands between a polling bot and Telegram. A turn is what is called
// between two times of asking for updates.
type recorder struct {
	size func(chat int64) int

	mu     sync.Mutex
	script script.Script
	now    script.Numbers // of the update being answered; Chat 0: none
	calls  []script.Call
	faults []error
}

func (r *recorder) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		switch method := path.Base(req.URL.Path); {
		case !strings.HasPrefix(req.URL.Path, "/bot"):
			next.ServeHTTP(w, req)
		case method == "getUpdates":
			r.updates(next, w, req)
		default:
			body, err := io.ReadAll(req.Body)
			r.call(method, body, err)
			req.Body = io.NopCloser(bytes.NewReader(body))
			next.ServeHTTP(w, req)
		}
	})
}

func (r *recorder) call(method string, body []byte, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now.Chat == 0 {
		return
	}
	c, err2 := script.NewCall(method, body, r.now)
	if err := errors.Join(err, err2); err != nil {
		r.faults = append(r.faults, err)
	}
	r.calls = append(r.calls, c)
}

func (r *recorder) updates(next http.Handler, w http.ResponseWriter, req *http.Request) {
	r.endTurn()
	kept := httptest.NewRecorder()
	next.ServeHTTP(kept, req)
	r.beginTurn(kept.Body.Bytes())
	w.WriteHeader(kept.Code)
	_, _ = w.Write(kept.Body.Bytes()) // a bot that hung up asks again
}

// endTurn closes the turn that is open.
func (r *recorder) endTurn() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now.Chat == 0 {
		return
	}
	r.script.Turns = append(r.script.Turns, script.Turn{Calls: r.calls, State: r.size(r.now.Chat)})
	r.now, r.calls = script.Numbers{}, nil
}

func (r *recorder) beginTurn(answer []byte) {
	type message struct {
		ID   int64              `json:"message_id"`
		Chat struct{ ID int64 } `json:"chat"`
	}
	var a struct {
		Result []struct {
			Message *message `json:"message"`
			Query   *struct {
				ID      string
				Message *message
			} `json:"callback_query"`
		} `json:"result"`
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := json.Unmarshal(answer, &a); err != nil || len(a.Result) != 1 {
		return
	}
	m := a.Result[0].Message
	if q := a.Result[0].Query; q != nil {
		m, r.now.Query = q.Message, q.ID
	}
	if m != nil {
		r.now.Chat, r.now.Message = m.Chat.ID, m.ID
	}
}
