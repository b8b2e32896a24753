package simulator

import (
	"net/http"
	"strconv"
	"strings"
)

// apiError is a refusal as the client gets it, prefix included.
type apiError struct {
	code       int
	text       string
	retryAfter int   // seconds; 0 when not given
	migrateTo  int64 // the supergroup a group became; 0 when not given
}

func (e *apiError) Error() string { return e.text }

// badRequest is a refusal with code 400, worded as the server words it.
func badRequest(message string) *apiError {
	return &apiError{code: http.StatusBadRequest, text: "Bad Request: " + lowered(message)}
}

func forbidden(message string) *apiError {
	return &apiError{code: http.StatusForbidden, text: "Forbidden: " + lowered(message)}
}

func tooMany(seconds int) *apiError {
	return &apiError{
		code: http.StatusTooManyRequests, retryAfter: seconds,
		text: "Too Many Requests: retry after " + strconv.Itoa(seconds),
	}
}

// words are an error in Telegram's own words.
type words string

func (w words) Error() string { return string(w) }

// lowered makes a message's first letter small, unless its second is an
// underscore or a capital, as in MESSAGE_TOO_LONG.
func lowered(message string) string {
	if len(message) < 2 || message[1] == '_' || message[1] >= 'A' && message[1] <= 'Z' {
		return message
	}
	return strings.ToLower(message[:1]) + message[1:]
}

// answer is a successful reply.
type answer struct {
	result      []byte
	description string // only the webhook methods have one
}

var answerTrue = answer{result: []byte("true")}

func ok(result []byte) (answer, *apiError) { return answer{result: result}, nil }

func (a answer) body() []byte {
	b := make([]byte, 0, len(a.result)+64)
	b = append(b, `{"ok":true,"result":`...)
	b = append(b, a.result...)
	if a.description != "" {
		b = append(b, `,"description":`...)
		b = appendQuoted(b, a.description)
	}
	return append(b, '}')
}

func (e *apiError) body() []byte {
	b := append([]byte(nil), `{"ok":false,"error_code":`...)
	b = strconv.AppendInt(b, int64(e.code), 10)
	b = append(b, `,"description":`...)
	b = appendQuoted(b, e.text)
	switch {
	case e.retryAfter > 0:
		b = append(b, `,"parameters":{"retry_after":`...)
		b = append(strconv.AppendInt(b, int64(e.retryAfter), 10), '}')
	case e.migrateTo != 0:
		b = append(b, `,"parameters":{"migrate_to_chat_id":`...)
		b = append(strconv.AppendInt(b, e.migrateTo, 10), '}')
	}
	return append(b, '}')
}

// writeJSON sends a body with its length, so that a connection can be reused.
func writeJSON(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h["Content-Type"] = []string{"application/json"}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may be gone; there is nobody left to tell
}

func writeError(w http.ResponseWriter, e *apiError) {
	if e.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(e.retryAfter))
	}
	writeJSON(w, e.code, e.body())
}
