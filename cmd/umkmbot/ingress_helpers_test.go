package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"umkmbot/internal/embedded"
	"umkmbot/internal/loadtest"
	"umkmbot/internal/simulator"
	"umkmbot/store"
)

const hookSecret = "rahasia_uji-1"

// patienceOfTests bounds every wait on a condition.
const patienceOfTests = 45 * time.Second

// office is one bot in one or more replicas on the same stores, behind the
// simulator: by webhook through a front that deals deliveries out in turn, or
// by polling.
type office struct {
	t        testing.TB
	sim      *simulator.Server
	api      *loadtest.Sim
	url      string // of the simulator
	settings settings
	database string // past any pooler
	log      *logKeeper
	now      func() time.Time
	patience time.Duration // for every wait; 0: patienceOfTests

	mu       sync.Mutex
	replicas []*member
	front    *httptest.Server
	dealt    int
	seen     [][]byte // bodies of the deliveries, oldest first
	statuses []int    // what they were answered
}

// member is a running replica.
type member struct {
	app     *app
	handler http.Handler
	cancel  context.CancelFunc
	ended   chan error
}

// plan says how an office is set up.
type plan struct {
	replicas int // 0: none yet
	webhook  bool
	services *embedded.Services // nil: the shared ones
	settings func(*settings)
	app      func(*app) // before it runs
}

func newOffice(t testing.TB, p plan) *office {
	t.Helper()
	o := &office{t: t, log: &logKeeper{}}
	sim, err := simulator.New(simulator.Config{Token: demoToken})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim)
	o.sim, o.url, o.api = sim, server.URL, loadtest.NewSim(server.URL)
	t.Cleanup(func() {
		o.api.Close()
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
		server.CloseClientConnections()
		server.Close()
	})
	began := sim.Now()
	o.now = func() time.Time { return morning.Add(sim.Now().Sub(began)) }
	o.prepare(p)
	for range p.replicas {
		o.start(p.app)
	}
	t.Cleanup(func() {
		o.stopAll()
		if t.Failed() {
			t.Logf("the log:\n%s", o.log.notable())
		}
	})
	return o
}

func (o *office) prepare(p plan) {
	o.t.Helper()
	if p.services == nil {
		o.settings = testSettings(o.t, o.url)
	} else {
		if err := store.Migrate(o.t.Context(), p.services.DatabaseURL()); err != nil {
			o.t.Fatal(err)
		}
		o.settings = testSettings(o.t, o.url)
		o.settings.Store.DatabaseURL, o.settings.Store.RedisURL = p.services.DatabaseURL(), p.services.RedisURL()
	}
	o.database = o.settings.Store.DatabaseURL
	if p.webhook {
		o.front = httptest.NewServer(http.HandlerFunc(o.deal))
		o.t.Cleanup(o.front.Close)
		o.settings.WebhookURL, o.settings.WebhookSecret = o.front.URL+"/hook", hookSecret
	}
	if p.settings != nil {
		p.settings(&o.settings)
	}
}

// start adds a replica. change may alter it before it runs.
func (o *office) start(change func(*app)) *member {
	o.t.Helper()
	a, err := newApp(o.t.Context(), o.settings, o.log.logger(), o.now)
	if err != nil {
		o.t.Fatal(err)
	}
	if change != nil {
		change(a)
	}
	ctx, cancel := context.WithCancel(context.Background())
	m := &member{app: a, handler: a.handler(), cancel: cancel, ended: make(chan error, 1)}
	go func() { m.ended <- a.run(ctx) }()
	o.mu.Lock()
	o.replicas = append(o.replicas, m)
	o.mu.Unlock()
	return m
}

// stopAll ends the replicas in order.
func (o *office) stopAll() {
	o.mu.Lock()
	running := o.replicas
	o.replicas = nil
	o.mu.Unlock()
	for _, m := range running {
		m.cancel()
	}
	for _, m := range running {
		if err := <-m.ended; err != nil {
			o.t.Errorf("a replica ended with: %v", err)
		}
	}
}

// deal passes a delivery to the next replica.
func (o *office) deal(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "read", http.StatusBadRequest)
		return
	}
	o.mu.Lock()
	o.seen = append(o.seen, body)
	if len(o.replicas) == 0 {
		o.mu.Unlock()
		http.Error(w, "no replica", http.StatusBadGateway)
		return
	}
	m := o.replicas[o.dealt%len(o.replicas)]
	o.dealt++
	o.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	status := &statusWriter{ResponseWriter: w, status: http.StatusOK}
	m.handler.ServeHTTP(status, r)
	o.mu.Lock()
	o.statuses = append(o.statuses, status.status)
	o.mu.Unlock()
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (s *statusWriter) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// lastSeen is the newest delivery's body.
func (o *office) lastSeen() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.seen[len(o.seen)-1]
}

// deliver posts an update as Telegram would and returns the status.
func (o *office) deliver(body []byte) int {
	o.t.Helper()
	return o.post(http.MethodPost, hookSecret, body)
}

func (o *office) post(method, secret string, body []byte) int {
	o.t.Helper()
	return o.postTo(o.settings.WebhookURL, method, secret, body)
}

// fault makes trouble in the simulator.
func (o *office) fault(f map[string]any) {
	o.t.Helper()
	if err := o.api.Post(o.t.Context(), "faults", f, nil); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) clearFaults() {
	o.t.Helper()
	if err := simCall(o.t.Context(), http.MethodDelete, o.url+"/_sim/faults", nil, &struct{}{}); err != nil {
		o.t.Fatal(err)
	}
}

// settled waits until no update is pending.
func (o *office) settled() {
	o.t.Helper()
	o.wait("every update confirmed", func() bool {
		var stats struct {
			Pending int `json:"pending"`
		}
		return o.api.Get(o.t.Context(), "stats", &stats) == nil && stats.Pending == 0
	})
}

// wait returns once the condition holds.
func (o *office) wait(what string, ok func() bool) {
	o.t.Helper()
	waitWithin(o.t, cmp.Or(o.patience, patienceOfTests), what, ok)
}

func waitFor(t testing.TB, what string, ok func() bool) {
	t.Helper()
	waitWithin(t, patienceOfTests, what, ok)
}

func waitWithin(t testing.TB, patience time.Duration, what string, ok func() bool) {
	t.Helper()
	end := time.Now().Add(patience)
	tick := time.NewTicker(15 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
		<-tick.C
	}
}

// count runs a counting query on the records.
func (o *office) count(sql string, args ...any) (n int) {
	o.t.Helper()
	return oneOf[int](o, sql, args...)
}

// oneOf is the single value that a query on the records gives.
func oneOf[T any](o *office, sql string, args ...any) (v T) {
	o.t.Helper()
	ctx := o.t.Context()
	conn, err := pgx.Connect(ctx, o.database)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if err := conn.QueryRow(ctx, sql, args...).Scan(&v); err != nil {
		o.t.Fatal(err)
	}
	return v
}

func (o *office) exec(sql string, args ...any) {
	o.t.Helper()
	ctx := o.t.Context()
	conn, err := pgx.Connect(ctx, o.database)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, sql, args...); err != nil {
		o.t.Fatal(err)
	}
}

// redis opens the chats' Redis.
func (o *office) redis() redis.UniversalClient {
	o.t.Helper()
	client, err := store.OpenRedis(o.t.Context(), o.settings.Store.RedisURL)
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = client.Close() })
	return client
}

// hash is what Redis keeps of a chat, without what changes by itself.
func (o *office) hash(client redis.UniversalClient, chat int64) map[string]string {
	o.t.Helper()
	h, err := client.HGetAll(o.t.Context(), fmt.Sprintf("chat:{%d}", chat)).Result()
	if err != nil {
		o.t.Fatal(err)
	}
	return h
}

// metric reads one of a replica's figures.
func (m *member) metric(t testing.TB, name string) float64 {
	t.Helper()
	families, err := m.app.metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		one := f.GetMetric()[0]
		return one.GetCounter().GetValue() + float64(one.GetHistogram().GetSampleCount())
	}
	t.Fatalf("no metric %s", name)
	return 0
}

// figures are all of the first replica's, as a stranger to it reads them.
func (o *office) figures() string {
	o.t.Helper()
	families, err := o.replicas[0].app.metrics.Gather()
	if err != nil {
		o.t.Fatal(err)
	}
	var out strings.Builder
	for _, f := range families {
		out.WriteString(f.String() + "\n")
	}
	return out.String()
}

// notable leaves the queue's chatter out.
func (k *logKeeper) notable() string {
	var out strings.Builder
	for line := range strings.Lines(k.text()) {
		if !strings.Contains(line, "level=DEBUG") {
			out.WriteString(line)
		}
	}
	return out.String()
}
