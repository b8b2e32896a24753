package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"sync"
)

const allowed = `"allowed_updates":["message","edited_message","callback_query","my_chat_member"]`

// ingress takes updates the way the environment says, until ctx ends.
func (f *floor) ingress(ctx context.Context) error {
	if url := os.Getenv("WEBHOOK_URL"); url != "" {
		body := fmt.Sprintf(`{"url":%q,"secret_token":%q,"max_connections":40,%s}`, url, os.Getenv("WEBHOOK_SECRET"), allowed)
		if err := f.call(ctx, "setWebhook", []byte(body)); err != nil {
			return err
		}
		<-ctx.Done()
		return nil
	}
	if err := f.call(ctx, "deleteWebhook", []byte("{}")); err != nil {
		return err
	}
	return f.poll(ctx)
}

// poll answers a batch side by side, then asks for the next.
func (f *floor) poll(ctx context.Context) error {
	offset := int64(0)
	for ctx.Err() == nil {
		batch, err := f.fetch(ctx, offset)
		if err != nil {
			return err
		}
		var all sync.WaitGroup
		for _, u := range batch {
			offset = max(offset, u.ID+1)
			all.Go(func() { report(f.handle(ctx, u)) })
		}
		all.Wait()
	}
	return nil
}

func (f *floor) fetch(ctx context.Context, offset int64) ([]update, error) {
	body, err := f.post(ctx, "getUpdates", fmt.Appendf(nil, `{"offset":%d,"limit":100,"timeout":30,%s}`, offset, allowed))
	if err != nil {
		return nil, err
	}
	defer body.Close()
	var answer struct {
		Result []update `json:"result"`
	}
	if err := json.NewDecoder(body).Decode(&answer); err != nil {
		return nil, fmt.Errorf("getUpdates: %w", err)
	}
	return answer.Result, nil
}

func (f *floor) webhook(w http.ResponseWriter, r *http.Request) {
	var u update
	if err := json.NewDecoder(r.Body).Decode(&u); err != nil {
		http.Error(w, "no update", http.StatusBadRequest)
		return
	}
	if err := f.handle(r.Context(), u); err != nil {
		report(err)
		http.Error(w, "failed", http.StatusInternalServerError)
	}
}

func report(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
	}
}
