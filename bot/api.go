package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
)

// API calls Telegram's methods with JSON bodies. The client library builds
// multipart forms by reflection, which costs a fifth more CPU a turn; its
// types and errors are used all the same.
type API struct {
	base  string // …/bot<token>/; never printed
	files string // …/file/bot<token>/; never printed
	token string
	// Telegram neither redirects nor sets cookies: calls go without what
	// http.Client does about them.
	transport *http.Transport
	line      *line // notes what becomes of calls; nil: nobody does
}

// maxAnswer bounds what is read of an answer; getUpdates answers up to 4 MB.
const maxAnswer = 16 << 20

// NewAPI speaks to the Bot API server at url as the bot that token names.
func NewAPI(url, token string) *API {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 256
	transport.MaxIdleConns = 512
	return &API{
		base:      strings.TrimRight(url, "/") + "/bot" + token + "/",
		files:     strings.TrimRight(url, "/") + "/file/bot" + token + "/",
		token:     token,
		transport: transport,
	}
}

// APIError is a refusal that the library has no type for, or the words of one
// that it has: errors.Is finds the library's kind.
type APIError struct {
	Method      string
	Code        int
	Description string
	kind        error
}

func (e *APIError) Error() string {
	return fmt.Sprintf("%s: %d %s", e.Method, e.Code, e.Description)
}

func (e *APIError) Unwrap() error { return e.kind }

type answer struct {
	OK          bool   `json:"ok"`
	Result      any    `json:"result"` // decoded where it points
	Code        int    `json:"error_code"`
	Description string `json:"description"`
	Parameters  struct {
		RetryAfter      int   `json:"retry_after"`
		MigrateToChatID int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// Do makes one call. params are marshalled unless they are raw JSON already;
// result may be nil. Refusals come as *APIError, *tg.TooManyRequestsError or
// *tg.MigrateError; anything else is the network's fault and worth a retry.
func (a *API) Do(ctx context.Context, method string, params, result any) error {
	body, err := encode(params)
	if err != nil {
		return fmt.Errorf("%s: encode: %w", method, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base+method, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s: %w", method, a.clean(err))
	}
	req.Header = jsonHeader
	return a.exchange(req, method, result)
}

// jsonHeader is that of every call. A transport leaves headers as they are.
var jsonHeader = http.Header{"Content-Type": {"application/json"}}

// exchange sends a request and reads its answer.
func (a *API) exchange(req *http.Request, method string, result any) error {
	err := a.answerTo(req, method, result)
	a.outcome(req, method, err)
	return err
}

func (a *API) answerTo(req *http.Request, method string, result any) error {
	resp, err := a.transport.RoundTrip(req)
	if err != nil {
		return fmt.Errorf("%s: %w", method, a.clean(err))
	}
	defer resp.Body.Close()
	raw := answers.Get().(*bytes.Buffer)
	defer recycle(raw)
	if n := resp.ContentLength; n > 0 && n <= maxAnswer {
		raw.Grow(int(n) + bytes.MinRead)
	}
	if _, err := raw.ReadFrom(io.LimitReader(resp.Body, maxAnswer+1)); err != nil {
		return fmt.Errorf("%s: read answer: %w", method, a.clean(err))
	}
	return decode(method, resp.StatusCode, raw.Bytes(), result)
}

// answers are buffers to read answers into; what is decoded is a copy.
var answers = sync.Pool{New: func() any { return &bytes.Buffer{} }}

// commonAnswer is a size that nearly every answer keeps below, a batch of
// updates among them, in bytes. Longer ones' buffers are let go.
const commonAnswer = 512 << 10

func recycle(raw *bytes.Buffer) {
	if raw.Cap() <= commonAnswer {
		raw.Reset()
		answers.Put(raw)
	}
}

func encode(params any) ([]byte, error) {
	switch p := params.(type) {
	case nil:
		return []byte("{}"), nil
	case json.RawMessage:
		return p, nil
	}
	return json.Marshal(params)
}

func decode(method string, status int, raw []byte, result any) error {
	if result == nil && plainYes(raw) {
		return nil
	}
	a := answer{Result: result}
	if result == nil {
		a.Result = &json.RawMessage{}
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		return fmt.Errorf("%s: HTTP %d without a readable answer: %w", method, status, errGarbled)
	}
	if !a.OK {
		return refusal(method, a)
	}
	return nil
}

// plainYes recognises success in Telegram's usual form without reading the
// message that it repeats: half of what an answer costs.
func plainYes(raw []byte) bool {
	return bytes.HasPrefix(raw, []byte(`{"ok":true,`)) && bytes.HasSuffix(raw, []byte("}"))
}

// errGarbled stands for an answer that is no Bot API answer, as a proxy's
// error page; the call may have had its effect.
var errGarbled = errors.New("garbled answer")

func refusal(method string, a answer) error {
	switch {
	case a.Parameters.RetryAfter > 0 || a.Code == http.StatusTooManyRequests:
		return &tg.TooManyRequestsError{Message: method, RetryAfter: max(1, a.Parameters.RetryAfter)}
	case a.Parameters.MigrateToChatID != 0:
		return &tg.MigrateError{Message: method, MigrateToChatID: int(a.Parameters.MigrateToChatID)}
	}
	return &APIError{Method: method, Code: a.Code, Description: a.Description, kind: kindOf(a.Code)}
}

func kindOf(code int) error {
	switch code {
	case http.StatusBadRequest:
		return tg.ErrorBadRequest
	case http.StatusUnauthorized:
		return tg.ErrorUnauthorized
	case http.StatusForbidden:
		return tg.ErrorForbidden
	case http.StatusNotFound:
		return tg.ErrorNotFound
	case http.StatusConflict:
		return tg.ErrorConflict
	}
	return errServer
}

// errServer is a 5xx in Telegram's own form: worth a retry.
var errServer = errors.New("server error")

// clean takes the token out of the URL that net/http puts into its errors.
func (a *API) clean(err error) error {
	if !strings.Contains(err.Error(), a.token) {
		return err
	}
	return redacted{err: err, text: strings.ReplaceAll(err.Error(), a.token, "***")}
}

// redacted keeps an error's identity while hiding the token in its words.
type redacted struct {
	err  error
	text string
}

func (r redacted) Error() string { return r.text }
func (r redacted) Unwrap() error { return errors.Unwrap(r.err) }

// refused reports whether Telegram understood the call and said no, so that
// saying it again is no use.
func refused(err error) bool {
	var api *APIError
	var moved *tg.MigrateError
	return errors.As(err, &moved) || errors.As(err, &api) && api.Code >= 400 && api.Code < 500
}

// malformed reports whether the call itself was at fault, rather than the
// token, the address or a program that polls beside this one.
func malformed(err error) bool {
	var api *APIError
	if errors.As(err, &api) {
		return api.Code == http.StatusBadRequest || api.Code == http.StatusRequestEntityTooLarge
	}
	return refused(err)
}

// held returns how long a 429 asks to wait.
func held(err error) (time.Duration, bool) {
	var many *tg.TooManyRequestsError
	if !errors.As(err, &many) {
		return 0, false
	}
	return time.Duration(many.RetryAfter) * time.Second, true
}
