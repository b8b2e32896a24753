package simulator

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	maxParameters = 1 << 20  // bytes of all arguments together
	maxFile       = 50 << 20 // bytes of one uploaded file
	maxFiles      = 100
)

// arg is one argument of a call. A name may occur several times: the first
// value counts, so the query string beats the body.
type arg struct{ name, value string }

// upload is a file that came with a multipart call.
type upload struct {
	field string
	name  string // as the client gave it, not yet cleaned
	data  []byte
}

// call is one Bot API call, decoded.
type call struct {
	ctx    context.Context
	method string // lower case
	args   []arg
	files  []upload

	fetched map[string]download // by URL
}

// arg gives an argument's value, "" when it is absent. Nested JSON comes as
// its text.
func (c *call) arg(name string) string {
	for i := range c.args {
		if c.args[i].name == name {
			return c.args[i].value
		}
	}
	return ""
}

func (c *call) has(name string) bool {
	for i := range c.args {
		if c.args[i].name == name {
			return true
		}
	}
	return false
}

func (c *call) file(field string) *upload {
	for i := range c.files {
		if c.files[i].field == field {
			return &c.files[i]
		}
	}
	return nil
}

// bool reads an argument as Telegram does: true, yes or 1 in any case.
func (c *call) bool(name string) bool { return toBool(c.arg(name)) }

func toBool(s string) bool {
	s = strings.ToLower(strings.TrimSpace(s))
	return s == "true" || s == "yes" || s == "1"
}

// int reads an argument, clamped to a range; what is no number counts as 0.
func (c *call) int(name string, absent, low, high int) int {
	s := c.arg(name)
	if s == "" {
		return min(max(absent, low), high)
	}
	return min(max(int(leadingInt(s)), low), high)
}

// messageID reads an argument that names a message; 0 when it is absent,
// negative or no number.
func (c *call) messageID(name string) int {
	return c.int(name, 0, 0, 1<<31-1)
}

// leadingInt reads the number a text begins with, as the server's lenient
// conversion does: "12ab" is 12 and "ab" is 0. Out of range is clamped.
func leadingInt(s string) int64 {
	end := 0
	if strings.HasPrefix(s, "-") {
		end = 1
	}
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	n, err := strconv.ParseInt(s[:end], 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0
	}
	return n
}

// readCall decodes a request's query string and body into a call.
func readCall(r *http.Request) (*call, *apiError) {
	c := &call{ctx: r.Context()}
	if len(r.URL.RawQuery) > maxParameters {
		return nil, &apiError{code: 413, text: "Request Entity Too Large: too much parameters"}
	}
	c.addForm(r.URL.RawQuery)
	if r.Body == nil || r.Method == http.MethodGet && r.ContentLength <= 0 && len(r.TransferEncoding) == 0 {
		return c, nil
	}
	kind := r.Header.Get("Content-Type")
	lower := strings.ToLower(kind)
	switch {
	case strings.Contains(lower, "multipart/form-data"):
		return c, c.readMultipart(r.Body, kind)
	case strings.Contains(lower, "application/json"), strings.Contains(lower, "application/x-www-form-urlencoded"):
		body, fail := readParameters(r)
		if fail != nil {
			return nil, fail
		}
		if strings.Contains(lower, "application/json") {
			c.args = parseJSONParameters(c.args, body)
		} else {
			c.addForm(body)
		}
	}
	return c, nil
}

// readParameters reads a body whose length may be known.
func readParameters(r *http.Request) (string, *apiError) {
	if r.ContentLength > maxParameters {
		return "", &apiError{code: 413, text: "Request Entity Too Large: too much parameters"}
	}
	text := bytes.NewBuffer(make([]byte, 0, max(r.ContentLength, 0)+bytes.MinRead))
	n, err := text.ReadFrom(io.LimitReader(r.Body, maxParameters+1))
	if n > maxParameters {
		return "", &apiError{code: 413, text: "Request Entity Too Large: too much parameters"}
	}
	if err != nil {
		return "", &apiError{code: 400, text: "Bad Request: can't read the body"}
	}
	return text.String(), nil
}

// addForm adds urlencoded pairs. A pair with broken escapes is taken as it
// stands, as Telegram's own decoder does.
func (c *call) addForm(text string) {
	for text != "" {
		var pair string
		pair, text, _ = strings.Cut(text, "&")
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		c.args = append(c.args, arg{unescape(name), unescape(value)})
	}
}

func unescape(s string) string {
	if !strings.ContainsAny(s, "%+") {
		return s
	}
	if t, err := url.QueryUnescape(s); err == nil {
		return t
	}
	return lenientUnescape(s)
}

func lenientUnescape(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				out.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		if s[i] == '+' {
			out.WriteByte(' ')
			continue
		}
		out.WriteByte(s[i])
	}
	return out.String()
}
