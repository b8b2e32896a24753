package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"umkmbot/internal/bench/script"
)

// update is the little of one that must be known.
type update struct {
	ID      int64    `json:"update_id"`
	Message *message `json:"message"`
	Query   *struct {
		ID      string   `json:"id"`
		Message *message `json:"message"`
	} `json:"callback_query"`
}

type message struct {
	ID   int64 `json:"message_id"`
	Chat struct {
		ID int64 `json:"id"`
	} `json:"chat"`
}

func (u update) numbers() (n script.Numbers, ok bool) {
	m := u.Message
	if u.Query != nil {
		m, n.Query = u.Query.Message, u.Query.ID
	}
	if m == nil {
		return n, false
	}
	n.Chat, n.Message = m.Chat.ID, m.ID
	return n, true
}

func newTurn(i int, recorded script.Turn) turn {
	next := strconv.Itoa(i+1) + " "
	t := turn{state: next + strings.Repeat("x", max(0, recorded.State-len(next)))}
	for _, c := range recorded.Calls {
		t.calls = append(t.calls, call{c.Method, script.Compile(c.Body)})
	}
	return t
}

// handle answers one update: what is the chat's turn, the calls of that turn,
// the records when it is the last, and the turn after it. The real program's
// order is kept: state before calls.
func (f *floor) handle(ctx context.Context, u update) error {
	n, ok := u.numbers()
	if !ok {
		return nil
	}
	key := "floor:" + strconv.FormatInt(n.Chat, 10)
	i, err := f.turnOf(ctx, key)
	if err != nil || i >= len(f.turns) {
		return err
	}
	if i == len(f.turns)-1 {
		if err := f.record(ctx, n.Chat); err != nil {
			return err
		}
	}
	if err := f.redis.Set(ctx, key, f.turns[i].state, 0).Err(); err != nil {
		return fmt.Errorf("set: %w", err)
	}
	for _, c := range f.turns[i].calls {
		if err := f.call(ctx, c.method, c.body.Fill(n)); err != nil {
			return err
		}
	}
	return nil
}

func (f *floor) turnOf(ctx context.Context, key string) (int, error) {
	state, err := f.redis.Get(ctx, key).Result()
	if errors.Is(err, redis.Nil) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("get: %w", err)
	}
	number, _, _ := strings.Cut(state, " ")
	return strconv.Atoi(number)
}

// call makes one call and looks at its status alone.
func (f *floor) call(ctx context.Context, method string, body []byte) error {
	raw, err := f.post(ctx, method, body)
	if err != nil {
		return err
	}
	defer raw.Close()
	_, err = io.Copy(io.Discard, raw)
	return err
}

func (f *floor) post(ctx context.Context, method string, body []byte) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.api+method, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := f.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, fmt.Errorf("%s: HTTP %d", method, resp.StatusCode)
	}
	return resp.Body, nil
}
