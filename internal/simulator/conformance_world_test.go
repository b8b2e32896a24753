package simulator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"umkmbot/internal/simulator"
)

const token = "7700000001:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// world is a simulator with people in it and a bot's side of it.
type world struct {
	t       *testing.T
	server  *httptest.Server
	vars    map[string]any
	offset  int64 // what the bot has confirmed
	polls   int
	webhook *recorder
}

// reply is what came back for one line of a script.
type reply struct {
	status      int // 0: the connection was dropped
	header      http.Header
	raw         []byte
	result      any // parsed; the whole body where there is no envelope
	ok          bool
	code        int
	description string
	parameters  any
}

// newWorld starts a simulator in which siti and budi have pressed Start and
// baru has not.
func newWorld(t *testing.T) *world {
	t.Helper()
	sim, err := simulator.New(simulator.Config{Token: token, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatalf("start the simulator: %v", err)
	}
	w := &world{t: t, vars: map[string]any{}, webhook: newRecorder()}
	w.server = httptest.NewServer(sim)
	t.Cleanup(func() {
		_ = sim.Close()
		w.server.Close()
		w.webhook.Close()
	})
	w.vars["bot"], w.vars["token"], w.vars["hook"] = json.Number("7700000001"), token, w.webhook.URL
	w.vars["png"] = pngOf(320, 200)
	w.person("siti", `{"first_name":"Siti","last_name":"Aminah","username":"siti_aminah","language_code":"id","phone_number":"628123456789"}`)
	w.person("budi", `{"first_name":"Budi","language_code":"en"}`)
	w.person("baru", `{"first_name":"Baru"}`)
	w.run("siti start")
	w.run("budi start")
	w.run("updates")
	w.run("updates") // confirms them
	return w
}

func (w *world) person(name, body string) {
	w.t.Helper()
	r := w.run("POST /_sim/users " + body)
	if !r.ok {
		w.t.Fatalf("make %s: %s", name, r.raw)
	}
	w.vars[name] = r.result.(map[string]any)["id"]
}

// bot calls a method with a body of some kind.
func (w *world) bot(method, contentType string, body io.Reader) *reply {
	return w.send(http.MethodPost, "/bot"+token+"/"+method, contentType, body)
}

// send makes a request and reads the reply, dropped or not.
func (w *world) send(verb, path, contentType string, body io.Reader) *reply {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), verb, w.server.URL+path, body)
	if err != nil {
		w.t.Fatalf("request %s %s: %v", verb, path, err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := w.server.Client().Do(req)
	if err != nil {
		return &reply{}
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return &reply{header: resp.Header, raw: raw}
	}
	r := &reply{status: resp.StatusCode, header: resp.Header, raw: raw}
	r.open(strings.HasPrefix(path, "/bot"))
	return r
}

// open reads the body: the Bot API's envelope, or plain JSON of /_sim.
func (r *reply) open(envelope bool) {
	r.result, r.ok = parsed(r.raw), r.status < 300
	whole, isObject := r.result.(map[string]any)
	if !envelope || !isObject || whole["ok"] == nil {
		return
	}
	r.result, r.parameters = whole["result"], whole["parameters"]
	r.ok, _ = whole["ok"].(bool)
	r.description, _ = whole["description"].(string)
	if n, isNumber := whole["error_code"].(json.Number); isNumber {
		code, _ := n.Int64()
		r.code = int(code)
	}
}

// strict checks a Bot API reply's envelope and decodes its result into the
// method's type.
func (r *reply) strict(method string) error {
	var envelope struct {
		OK          bool            `json:"ok"`
		Result      json.RawMessage `json:"result"`
		Code        int             `json:"error_code"`
		Description string          `json:"description"`
		Parameters  *struct {
			RetryAfter int   `json:"retry_after,omitempty"`
			MigrateTo  int64 `json:"migrate_to_chat_id,omitempty"`
		} `json:"parameters"`
	}
	dec := json.NewDecoder(bytes.NewReader(r.raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&envelope); err != nil {
		return fmt.Errorf("envelope of %s: %w: %.200s", method, err, r.raw)
	}
	if kind := r.header.Get("Content-Type"); kind != "application/json" {
		return fmt.Errorf("content type %q", kind)
	}
	if !envelope.OK {
		if envelope.Code != r.status || envelope.Description == "" || envelope.Result != nil {
			return fmt.Errorf("refusal with status %d: %s", r.status, r.raw)
		}
		return nil
	}
	if r.status != http.StatusOK || envelope.Code != 0 {
		return fmt.Errorf("success with status %d: %s", r.status, r.raw)
	}
	return strictly(envelope.Result, resultOf(strings.ToLower(method)))
}

// upload sends a method's arguments and files as multipart. A file is given as
// part=name.ext, its content made by name; part=name.ext:N has N bytes.
func (w *world) upload(method, arguments string, files []string) *reply {
	body := &bytes.Buffer{}
	form := multipart.NewWriter(body)
	fields, _ := parsed([]byte(arguments)).(map[string]any)
	for name, value := range fields {
		content, isText := value.(string)
		if !isText {
			content = text(value)
		}
		if err := form.WriteField(name, content); err != nil {
			w.t.Fatal(err)
		}
	}
	for _, f := range files {
		part, name, _ := strings.Cut(f, "=")
		writeFile(w.t, form, part, name)
	}
	if err := form.Close(); err != nil {
		w.t.Fatal(err)
	}
	if strings.HasPrefix(method, "/") {
		return w.send(http.MethodPost, method, form.FormDataContentType(), body)
	}
	return w.bot(method, form.FormDataContentType(), body)
}

func writeFile(t *testing.T, form *multipart.Writer, part, name string) {
	t.Helper()
	content := fixture(name)
	name, _, _ = strings.Cut(name, ":")
	if _, shown, renamed := strings.Cut(name, ">"); renamed {
		name = shown
	}
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", fmt.Sprintf(`form-data; name="%s"; filename="%s"`, part, name))
	header.Set("Content-Type", "application/octet-stream")
	w, err := form.CreatePart(header)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
}

// updates takes all waiting updates and confirms them with the next call. Calls
// with nothing to confirm ask for different low offsets, as asking for the same
// twice would make them wait.
func (w *world) updates(more string) *reply {
	w.t.Helper()
	w.polls++
	offset := w.offset
	if offset == 0 {
		offset = int64(100 + w.polls)
	}
	w.offset = 0
	query := url.Values{"offset": {fmt.Sprint(offset)}}
	if more != "" {
		query.Set("timeout", more)
	}
	r := w.send(http.MethodGet, "/bot"+token+"/getUpdates?"+query.Encode(), "", nil)
	if err := r.strict("getUpdates"); err != nil {
		w.t.Errorf("getUpdates: %v", err)
	}
	list, _ := r.result.([]any)
	if len(list) > 0 {
		last, _ := list[len(list)-1].(map[string]any)["update_id"].(json.Number).Int64()
		w.offset = last + 1
	}
	return r
}

// recorder is the bot's webhook.
type recorder struct {
	*httptest.Server
	mu      sync.Mutex
	replies []string // "500", "503 Retry-After=1", "200 {json}"; then always 200
	got     []any
}

func newRecorder() *recorder {
	r := &recorder{}
	r.Server = httptest.NewServer(r)
	return r
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if name, isFile := strings.CutPrefix(req.URL.Path, "/files/"); isFile {
		serveFixture(w, name)
		return
	}
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	entry := map[string]any{
		"method": req.Method, "path": req.URL.RequestURI(), "content_type": req.Header.Get("Content-Type"),
		"update": parsed(body),
	}
	if secret, there := req.Header["X-Telegram-Bot-Api-Secret-Token"]; there {
		entry["secret"] = secret[0]
	}
	if err := strictly(body, new(tgUpdate)); err != nil {
		entry["broken"] = err.Error()
	}
	r.got = append(r.got, entry)
	if len(r.replies) == 0 {
		return
	}
	status, rest, _ := strings.Cut(r.replies[0], " ")
	r.replies = r.replies[1:]
	if seconds, isPause := strings.CutPrefix(rest, "Retry-After="); isPause {
		w.Header().Set("Retry-After", seconds)
		rest = ""
	}
	w.Header().Set("Content-Type", "application/json")
	code := 200
	_, _ = fmt.Sscan(status, &code)
	w.WriteHeader(code)
	_, _ = io.WriteString(w, rest)
}

// serveFixture is a web server that files are sent from by URL.
func serveFixture(w http.ResponseWriter, name string) {
	bare, _, _ := strings.Cut(name, ":")
	switch ext := filepath.Ext(bare); ext {
	case ".404":
		w.WriteHeader(http.StatusNotFound)
		return
	default:
		w.Header().Set("Content-Type", mime.TypeByExtension(ext))
	}
	_, _ = w.Write(fixture(name))
}

func (r *recorder) will(replies []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.replies = replies
}

// wait returns all requests so far once there are at least n.
func (r *recorder) wait(t *testing.T, n int) []any {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		r.mu.Lock()
		got := append([]any(nil), r.got...)
		r.mu.Unlock()
		if len(got) >= n || time.Now().After(deadline) {
			return got
		}
	}
	return nil
}
