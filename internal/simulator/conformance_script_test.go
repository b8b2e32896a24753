package simulator_test

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A row of the conformance table: a behaviour, the requests that show it, one
// a line, and the answer to the last of them. All others must succeed.
//
// A request is one of
//
//	sendMessage {json}            a call with a JSON body
//	get sendMessage?a=b           a call with a query string
//	form sendMessage a=b&c=d      a call with an urlencoded body; the method may have a query too
//	raw sendMessage TYPE BODY     a call with any body; \r\n and the like are written as in Go
//	upload sendPhoto {json} photo=shop.png   a call with a multipart body and files
//	updates [timeout]             all waiting updates, confirmed
//	siti text {json}              POST /_sim/users/{siti}/text, and so for every act
//	siti upload photo {json} file=shop.png   the same with files
//	siti messages [query]         GET /_sim/users/{siti}/messages, and so for answer
//	POST|GET|DELETE /path {json}  any other request
//	download {f.file_path}        GET /file/bot<token>/…; the answer is {"size":…,"type":…}
//	replies 500, 200 {json}       what the webhook answers from now on
//	hooked N                      everything the webhook got, once there are N
//
// "name = " before a request keeps its result, "? " allows it to fail.
// {name.field.0} stands for a part of a kept result, {siti}, {budi}, {baru} and
// {bot} for ids, {x*9} for nine x.
//
// An answer is "400 Bad Request: …", with " | {json}" for its parameters; or
// "true, description"; or "dropped"; or "status 502 text"; or a pattern for
// the result (see matches).
type row struct {
	behaviour string
	request   string
	answer    string
}

// run executes one line.
func (w *world) run(line string) *reply {
	w.t.Helper()
	line = w.fill(strings.TrimSpace(line))
	verb, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch verb {
	case "get":
		return w.checked(rest, w.send(http.MethodGet, "/bot"+token+"/"+rest, "", nil))
	case "form":
		method, body, _ := strings.Cut(rest, " ")
		return w.checked(method, w.bot(method, "application/x-www-form-urlencoded", strings.NewReader(body)))
	case "raw":
		return w.raw(rest)
	case "upload":
		method, arguments, files := splitUpload(rest)
		return w.checked(method, w.upload(method, arguments, files))
	case "updates":
		return w.updates(rest)
	case "POST", "GET", "DELETE", "PUT":
		path, body, _ := strings.Cut(rest, " ")
		return w.send(verb, path, "application/json", strings.NewReader(body))
	case "download":
		r := w.send(http.MethodGet, "/file/bot"+token+"/"+rest, "", nil)
		if r.status == http.StatusOK {
			r.result = parsed([]byte(fmt.Sprintf(`{"size":%d,"same_as_png":%t}`, len(r.raw), string(r.raw) == w.vars["png"])))
		}
		return r
	case "replies":
		w.webhook.will(splitReplies(rest))
		return &reply{ok: true}
	case "hooked":
		n, _ := strconv.Atoi(rest)
		return &reply{ok: true, status: 200, result: w.webhook.wait(w.t, n)}
	case "siti", "budi", "baru":
		return w.act(verb, rest)
	}
	return w.checked(verb, w.bot(verb, "application/json", strings.NewReader(rest)))
}

// splitReplies cuts at commas that stand before a status.
func splitReplies(list string) []string {
	var replies []string
	for _, part := range regexp.MustCompile(`(?:^|, )\d{3}`).FindAllStringIndex(list, -1) {
		replies = append(replies, strings.TrimPrefix(list[part[0]:], ", "))
	}
	for i := range replies[:max(len(replies)-1, 0)] {
		replies[i] = strings.TrimSuffix(replies[i], ", "+replies[i+1])
	}
	return replies
}

// splitUpload cuts "method {json} part=file part=file".
func splitUpload(line string) (method, arguments string, files []string) {
	method, rest, _ := strings.Cut(line, " ")
	end := strings.LastIndexByte(rest, '}') + 1
	return method, rest[:end], strings.Fields(rest[end:])
}

// raw sends a body as it is; its escapes are Go's.
func (w *world) raw(line string) *reply {
	method, rest, _ := strings.Cut(line, " ")
	contentType, body, _ := strings.Cut(rest, " ")
	unquoted, err := strconv.Unquote(`"` + strings.ReplaceAll(body, `"`, `\"`) + `"`)
	if err != nil {
		w.t.Fatalf("raw body %s: %v", body, err)
	}
	return w.checked(method, w.bot(method, strings.ReplaceAll(contentType, "_", " "), bytes.NewReader([]byte(unquoted))))
}

// act is something a person does.
func (w *world) act(who, rest string) *reply {
	verb, body, _ := strings.Cut(rest, " ")
	path := fmt.Sprintf("/_sim/users/%v/%s", w.vars[who], verb)
	switch verb {
	case "messages", "answer":
		return w.send(http.MethodGet, path+body, "", nil)
	case "upload":
		kind, arguments, files := splitUpload(body)
		return w.upload(fmt.Sprintf("/_sim/users/%v/%s", w.vars[who], kind), arguments, files)
	}
	return w.send(http.MethodPost, path, "application/json", strings.NewReader(body))
}

// checked decodes the answer of a Bot API call strictly, unless it is none.
func (w *world) checked(method string, r *reply) *reply {
	w.t.Helper()
	method, _, _ = strings.Cut(method, "?")
	if r.status != 0 && strings.HasPrefix(r.header.Get("Content-Type"), "application/json") && !strings.HasPrefix(method, "/") {
		if err := r.strict(method); err != nil {
			w.t.Errorf("%s: %v", method, err)
		}
	}
	return r
}

var (
	placeholder = regexp.MustCompile(`\{([a-z][a-z0-9_.]*)\}`)
	repetition  = regexp.MustCompile(`\{(\{[^{}]*\},|[^{}]{1,4})\*(\d+)\}`)
)

// fill replaces the placeholders of a line.
func (w *world) fill(line string) string {
	line = placeholder.ReplaceAllStringFunc(line, func(found string) string {
		value, ok := w.look(found[1 : len(found)-1])
		if !ok {
			w.t.Fatalf("nothing is known as %s", found)
		}
		if s, isText := value.(string); isText {
			return s
		}
		return text(value)
	})
	return repetition.ReplaceAllStringFunc(line, func(found string) string {
		parts := repetition.FindStringSubmatch(found)
		n, _ := strconv.Atoi(parts[2])
		return strings.Repeat(parts[1], n)
	})
}

// look follows a path such as photo.photo.0.file_id; negative numbers are not
// needed, "last" is the last of a list.
func (w *world) look(path string) (any, bool) {
	steps := strings.Split(path, ".")
	value, ok := w.vars[steps[0]]
	for _, step := range steps[1:] {
		switch v := value.(type) {
		case map[string]any:
			value, ok = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if step == "last" {
				i, err = len(v)-1, nil
			}
			if ok = err == nil && i >= 0 && i < len(v); ok {
				value = v[i]
			}
		default:
			ok = false
		}
		if !ok {
			return nil, false
		}
	}
	return value, ok
}

// play runs a row's requests and compares the answer.
func (w *world) play(r row) {
	w.t.Helper()
	lines := strings.Split(strings.TrimSpace(r.request), "\n")
	for i, line := range lines {
		line, mayFail := strings.CutPrefix(strings.TrimSpace(line), "? ")
		name, request := "", line
		if m := regexp.MustCompile(`^([a-z]+) = (.*)$`).FindStringSubmatch(line); m != nil {
			name, request = m[1], m[2]
		}
		got := w.run(request)
		if i == len(lines)-1 {
			if err := got.agrees(w.fill(r.answer)); err != nil {
				w.t.Errorf("%s\n\t%s", strings.Join(lines, "\n\t"), err)
			}
			return
		}
		if !got.ok && !mayFail {
			w.t.Fatalf("%s\n\tfailed: %d %s", line, got.status, got.raw)
		}
		w.vars[name] = got.result
	}
}

var refusal = regexp.MustCompile(`(?s)^(\d{3}) (.*?)(?: \| (\{.*\}))?$`)

// agrees compares a reply with a row's answer.
func (r *reply) agrees(want string) error {
	got := fmt.Sprintf("got %d %.900s", r.status, r.raw)
	if len(r.raw) == 0 {
		got = fmt.Sprintf("got %d %.900s", r.status, text(r.result))
	}
	switch {
	case want == "dropped":
		if r.status != 0 {
			return fmt.Errorf("want a dropped connection, %s", got)
		}
		return nil
	case strings.HasPrefix(want, "status "):
		if plain := fmt.Sprintf("status %d %s", r.status, r.raw); !strings.HasPrefix(plain, want) {
			return fmt.Errorf("want %s, %s", want, got)
		}
		return nil
	case strings.HasPrefix(want, "true, "):
		if text(r.result) != "true" || r.description != want[len("true, "):] {
			return fmt.Errorf("want %s, %s", want, got)
		}
		return nil
	}
	if m := refusal.FindStringSubmatch(want); m != nil {
		return r.refuses(m, got)
	}
	pattern := parsed([]byte(want))
	if pattern == nil {
		return fmt.Errorf("answer is no JSON: %s", want)
	}
	if !r.ok {
		return fmt.Errorf("want %s, %s", want, got)
	}
	if err := matches(pattern, r.result, "result"); err != nil {
		return fmt.Errorf("%w\n\t%s", err, got)
	}
	return nil
}

func (r *reply) refuses(want []string, got string) error {
	if r.ok || fmt.Sprint(r.code) != want[1] || r.description != want[2] {
		return fmt.Errorf("want %s %s, %s", want[1], want[2], got)
	}
	if want[3] == "" {
		return nil
	}
	return matches(parsed([]byte(want[3])), r.parameters, "parameters")
}

// table plays rows, each in a world of its own.
func table(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.behaviour, func(t *testing.T) {
			t.Parallel()
			newWorld(t).play(r)
		})
	}
}
