package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	tg "github.com/go-telegram/bot"
)

func answering(t *testing.T, status int, body string) *API {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(s.Close)
	return NewAPI(s.URL, "123:SECRET-token-value")
}

func TestErrorsKeepTheLibrarysKinds(t *testing.T) {
	tests := map[string]struct {
		status int
		body   string
		kind   error
		no     bool // refused: no use saying it again
		wait   time.Duration
	}{
		"bad request": {400, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`, tg.ErrorBadRequest, true, 0},
		"forbidden":   {403, `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`, tg.ErrorForbidden, true, 0},
		"token":       {401, `{"ok":false,"error_code":401,"description":"Unauthorized"}`, tg.ErrorUnauthorized, true, 0},
		"conflict":    {409, `{"ok":false,"error_code":409,"description":"Conflict: …"}`, tg.ErrorConflict, true, 0},
		"too many":    {429, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}`, nil, false, 7 * time.Second},
		"server":      {500, `{"ok":false,"error_code":500,"description":"Internal Server Error"}`, errServer, false, 0},
		"proxy page":  {502, `<html>Bad Gateway</html>`, errGarbled, false, 0},
		"truncated":   {200, `{"ok":true,"resu`, errGarbled, false, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := answering(t, tt.status, tt.body).Do(context.Background(), "sendMessage", nil, nil)
			if err == nil || tt.kind != nil && !errors.Is(err, tt.kind) {
				t.Fatalf("error %v", err)
			}
			if refused(err) != tt.no {
				t.Errorf("refused: %v", !tt.no)
			}
			if wait, _ := held(err); wait != tt.wait {
				t.Errorf("wait %s", wait)
			}
		})
	}
}

func TestErrorsNeverShowTheToken(t *testing.T) {
	api := NewAPI("http://127.0.0.1:1", "123:SECRET-token-value")
	err := api.Do(context.Background(), "getMe", nil, nil)
	if err == nil || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := api.Do(ctx, "getMe", nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("the cause must stay recognisable: %v", err)
	}
}
