package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// simFail is why a control call was refused.
type simFail struct {
	status int
	text   string
}

func (e *simFail) Error() string { return e.text }

func simBad(format string, args ...any) *simFail {
	return &simFail{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

func simMissing(what string) *simFail { return &simFail{http.StatusNotFound, what + " not found"} }

func simError(w http.ResponseWriter, text string) { writeSimFail(w, simBad("%s", text)) }

func writeSimFail(w http.ResponseWriter, e *simFail) {
	b := appendQuoted([]byte(`{"ok":false,"description":`), e.text)
	writeJSON(w, e.status, append(b, '}'))
}

// simCall is a control call: its path's number and its body.
type simCall struct {
	r    *http.Request
	id   int64 // of the person or group in the path
	body fields
}

// simHandler carries out a control call. What it returns is written as JSON;
// json.RawMessage as it stands.
type simHandler func(*Server, *simCall) (any, *simFail)

// serveSim answers the controls under /_sim.
func (s *Server) serveSim(w http.ResponseWriter, r *http.Request, path string) {
	parts := strings.Split(path, "/")
	call := &simCall{r: r}
	if len(parts) > 1 {
		id, err := strconv.ParseInt(parts[1], 10, 64)
		if err != nil {
			writeSimFail(w, simMissing(parts[0]+"/"+parts[1]))
			return
		}
		call.id = id
		parts[1] = "{id}"
	}
	route := strings.Join(parts, "/")
	if r.Method == http.MethodGet && (route == "users/{id}/events" || route == "events") {
		people, fail := s.watchedPeople(call)
		if fail != nil {
			writeSimFail(w, fail)
			return
		}
		s.serveEvents(w, r, people, route == "events")
		return
	}
	if r.Method == http.MethodGet && route == "users/{id}/file" {
		s.serveSimFile(w, r)
		return
	}
	s.answerSim(w, call, route)
}

// watchedPeople reads whose events a stream shows: those of the person in the
// path, or of the list in ?users=.
func (s *Server) watchedPeople(c *simCall) ([]int64, *simFail) {
	list := []string{strconv.FormatInt(c.id, 10)}
	if c.id == 0 {
		list = strings.Split(c.r.URL.Query().Get("users"), ",")
	}
	people := make([]int64, 0, len(list))
	for _, text := range list {
		id, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil {
			return nil, simBad("users must list people's ids")
		}
		if s.dir.person(id) == nil {
			return nil, simMissing("user")
		}
		people = append(people, id)
	}
	return people, nil
}

func (s *Server) answerSim(w http.ResponseWriter, call *simCall, route string) {
	byMethod := simRoutes[route]
	if byMethod == nil {
		writeSimFail(w, &simFail{http.StatusNotFound, "no such call; see the contract of /_sim"})
		return
	}
	handler := byMethod[call.r.Method]
	if handler == nil {
		writeSimFail(w, &simFail{http.StatusMethodNotAllowed, "this call wants another HTTP method"})
		return
	}
	if fail := call.readBody(); fail != nil {
		writeSimFail(w, fail)
		return
	}
	result, fail := handler(s, call)
	switch {
	case fail == nil && s.journal.failed():
		fail = &simFail{http.StatusInternalServerError, "state can't be kept"}
		fallthrough
	case fail != nil:
		writeSimFail(w, fail)
		return
	}
	body, isRaw := result.(json.RawMessage)
	if !isRaw {
		var err error
		if body, err = json.Marshal(result); err != nil {
			writeSimFail(w, &simFail{http.StatusInternalServerError, "the result can't be written"})
			return
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, body)
}

// simRoutes are the controls by path and HTTP method.
var simRoutes = map[string]map[string]simHandler{
	"users":                  {"GET": (*Server).simUsers, "POST": (*Server).simAddUsers},
	"users/{id}":             {"GET": (*Server).simUser},
	"users/{id}/start":       {"POST": (*Server).simStart},
	"users/{id}/text":        {"POST": (*Server).simText},
	"users/{id}/edit":        {"POST": (*Server).simEdit},
	"users/{id}/press":       {"POST": (*Server).simPress},
	"users/{id}/contact":     {"POST": (*Server).simContact},
	"users/{id}/location":    {"POST": (*Server).simLocation},
	"users/{id}/photo":       {"POST": (*Server).simPhoto},
	"users/{id}/document":    {"POST": (*Server).simDocument},
	"users/{id}/voice":       {"POST": (*Server).simVoice},
	"users/{id}/sticker":     {"POST": (*Server).simSticker},
	"users/{id}/forward":     {"POST": (*Server).simForward},
	"users/{id}/block":       {"POST": (*Server).simBlock},
	"users/{id}/unblock":     {"POST": (*Server).simUnblock},
	"users/{id}/delete-chat": {"POST": (*Server).simDeleteChat},
	"users/{id}/messages":    {"GET": (*Server).simMessages},
	"users/{id}/answer":      {"GET": (*Server).simAnswer},
	"users/{id}/chats":       {"GET": (*Server).simChats},
	"users/{id}/keyboard":    {"GET": (*Server).simKeyboard},
	"groups":                 {"GET": (*Server).simGroups, "POST": (*Server).simAddGroup},
	"groups/{id}/topics":     {"POST": (*Server).simAddTopic},
	"groups/{id}/join":       {"POST": (*Server).simJoin},
	"groups/{id}/leave":      {"POST": (*Server).simLeave},
	"groups/{id}/promote":    {"POST": (*Server).simPromote},
	"groups/{id}/upgrade":    {"POST": (*Server).simUpgrade},
	"faults":                 {"GET": (*Server).simFaults, "POST": (*Server).simAddFault, "DELETE": (*Server).simClearFaults},
	"clock":                  {"GET": (*Server).simClock, "POST": (*Server).simAdvance},
	"limits":                 {"POST": (*Server).simLimits},
	"stats":                  {"GET": (*Server).simStats},
	"bot":                    {"GET": (*Server).simBot},
}

const maxSimBody = 1 << 20

// readBody reads a JSON object; an empty body is an empty object. Multipart
// bodies are left to those who expect files.
func (c *simCall) readBody() *simFail {
	c.body = fields{}
	if c.r.Body == nil || strings.Contains(strings.ToLower(c.r.Header.Get("Content-Type")), "multipart/") {
		return nil
	}
	source, err := io.ReadAll(io.LimitReader(c.r.Body, maxSimBody+1))
	switch {
	case err != nil:
		return simBad("the body can't be read")
	case len(source) > maxSimBody:
		return &simFail{http.StatusRequestEntityTooLarge, "the body is over 1 MiB"}
	case strings.TrimSpace(string(source)) == "":
		return nil
	}
	f, err := parseFields(source)
	if errors.Is(err, errNotObject) {
		return simBad("the body must be a JSON object")
	}
	if err != nil {
		return simBad("the body is no valid JSON: %v", err)
	}
	c.body = f
	return nil
}

// text reads a member that must be a text if it is there.
func (c *simCall) text(name string) (string, *simFail) {
	if !c.body.has(name) {
		return "", nil
	}
	var s string
	if json.Unmarshal(c.body[name], &s) != nil {
		return "", simBad("%s must be a text", name)
	}
	return s, nil
}

func (c *simCall) texts(into map[string]*string) *simFail {
	for name, target := range into {
		s, fail := c.text(name)
		if fail != nil {
			return fail
		}
		*target = s
	}
	return nil
}

// int reads a whole number, absent when it is not there.
func (c *simCall) int(name string, absent int64) (int64, *simFail) {
	if !c.body.has(name) {
		return absent, nil
	}
	n, err := strconv.ParseInt(unquote(string(c.body[name])), 10, 64)
	if err != nil {
		return 0, simBad("%s must be a whole number", name)
	}
	return n, nil
}

func (c *simCall) float(name string) (float64, *simFail) {
	n, err := strconv.ParseFloat(unquote(string(c.body[name])), 64)
	if err != nil {
		return 0, simBad("%s must be a number", name)
	}
	return n, nil
}

func (c *simCall) bool(name string) (bool, *simFail) {
	if !c.body.has(name) {
		return false, nil
	}
	var v bool
	if json.Unmarshal(c.body[name], &v) != nil {
		return false, simBad("%s must be true or false", name)
	}
	return v, nil
}

// query reads a number from the query string.
func (c *simCall) query(name string) (int64, *simFail) {
	text := c.r.URL.Query().Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, simBad("%s must be a whole number", name)
	}
	return n, nil
}
