package bot

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
)

// maxBody bounds an update; Telegram's are far smaller.
const maxBody = 1 << 20

// secretHeader carries the secret that setWebhook agreed on.
const secretHeader = "X-Telegram-Bot-Api-Secret-Token"

// Webhook answers Telegram's deliveries: 200 only once the update is through.
func (b *Bot) Webhook(secret string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get(secretHeader)), []byte(secret)) != 1 {
			http.Error(w, "wrong secret", http.StatusUnauthorized)
			return
		}
		u, status := readUpdate(w, r)
		if status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", http.MethodPost)
		}
		if status != http.StatusOK {
			http.Error(w, http.StatusText(status), status)
			return
		}
		// Telegram hanging up must not end a turn half-way.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), turnDeadline)
		defer cancel()
		if err := b.Handle(ctx, u); err != nil {
			b.log.LogAttrs(ctx, slog.LevelWarn, "update left to Telegram to deliver again",
				slog.Int64("update", u.ID), slog.String("cause", err.Error()))
			http.Error(w, "not yet", http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusOK)
	})
}

func readUpdate(w http.ResponseWriter, r *http.Request) (Update, int) {
	if r.Method != http.MethodPost {
		return Update{}, http.StatusMethodNotAllowed
	}
	body, err := readAll(http.MaxBytesReader(w, r.Body, maxBody), r.ContentLength, maxBody)
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		return Update{}, http.StatusRequestEntityTooLarge
	case err != nil:
		return Update{}, http.StatusBadRequest
	}
	id, ok := idOf(body)
	if !ok || !json.Valid(body) {
		return Update{}, http.StatusBadRequest
	}
	return Update{ID: id, Raw: body, Doubtful: true}, http.StatusOK
}

// readAll is io.ReadAll for a body of a length that was announced, -1 if it
// was not; limit guards against an announced length that is absurd.
func readAll(body io.Reader, length, limit int64) ([]byte, error) {
	if length < 0 || length > limit {
		return io.ReadAll(io.LimitReader(body, limit+1))
	}
	raw := make([]byte, length)
	_, err := io.ReadFull(body, raw)
	return raw, err
}
