package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
)

// readyOf asks /readyz as a program does.
func readyOf(t *testing.T, m *member) (status int, by map[string]dependency) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/readyz", http.NoBody)
	r.Header.Set("Accept", "application/json")
	w := httptest.NewRecorder()
	m.handler.ServeHTTP(w, r)
	var said struct {
		Ready        bool
		Dependencies []dependency
	}
	if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil || said.Ready != (w.Code == http.StatusOK) {
		t.Fatalf("HTTP %d, %v: %s", w.Code, err, w.Body)
	}
	by = map[string]dependency{}
	for _, d := range said.Dependencies {
		by[d.Name] = d
	}
	return w.Code, by
}

// ready asks /readyz as a person does.
func (m *member) ready() (status int, body string) {
	w := httptest.NewRecorder()
	m.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", http.NoBody))
	return w.Code, w.Body.String()
}

// A replica without Telegram or its files says so and stays in service: what
// it can do it does. Postgres and Redis are TestFaults's.
func TestReadyNamesWhatIsAway(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	m := o.replicas[0]
	o.wait("all is well", func() bool {
		_, by := readyOf(t, m)
		return len(by) == 5 && by["jobs"].OK && by["telegram"].OK && by["files"].OK && by["postgres"].OK && by["redis"].OK
	})
	if _, body := m.ready(); !strings.Contains(body, "telegram: ok, answered ") || !strings.Contains(body, "jobs: ok\n") {
		t.Errorf("/readyz says\n%s", body)
	}
	o.fault(map[string]any{"method": "sendMessage", "status": 502, "times": 1000})
	p := o.person()
	p.say("/menu")
	o.wait("Telegram is away", func() bool {
		status, by := readyOf(t, m)
		return status == http.StatusOK && !by["telegram"].OK && strings.HasPrefix(by["telegram"].Says, away)
	})
	o.clearFaults()
	p.sees("Silakan pilih")
	o.wait("Telegram is back", func() bool { _, by := readyOf(t, m); return by["telegram"].OK })
	u, err := url.Parse(o.settings.Files.URL)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(u.Path); err != nil {
		t.Fatal(err)
	}
	m.app.files.asked = m.app.files.asked.Add(-filesEvery)
	if status, by := readyOf(t, m); status != http.StatusOK || by["files"].OK {
		t.Errorf("HTTP %d, the files are %+v", status, by["files"])
	}
}

// A replica that works no jobs says so.
func TestReadyWithoutJobs(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, settings: func(s *settings) { s.Jobs = false }})
	if status, body := o.replicas[0].ready(); status != http.StatusOK || !strings.Contains(body, "jobs: off in this replica") {
		t.Errorf("HTTP %d\n%s", status, body)
	}
}
