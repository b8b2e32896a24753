package main

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"umkmbot/store"
)

// shows waits until a replica's /metrics has a line.
func (o *office) shows(m *member, line string) {
	o.t.Helper()
	o.wait(line, func() bool { return strings.Contains("\n"+m.page(o.t, "/metrics"), "\n"+line+"\n") })
}

// One replica tells how much waits with Telegram; when it goes, another does.
func TestQueueAtTelegramIsWatched(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{})
	const line = "\numkmbot_telegram_updates_pending "
	for range 3 { // written while nobody runs
		o.person().say("halo")
	}
	first := o.start(func(a *app) { a.settings.WebhookURL, a.settings.WebhookSecret = o.url+"/nowhere", hookSecret })
	o.wait("three wait", func() bool { return strings.Contains(first.page(t, "/metrics"), line+"3") })
	o.shows(first, `umkmbot_leads{lease="watch"} 1`)
	second := o.start(nil)
	o.shows(second, `umkmbot_leads{lease="watch"} 0`)
	if strings.Contains(second.page(t, "/metrics"), line) {
		t.Error("two replicas tell of the queue")
	}
	first.cancel()
	o.wait("the other tells", func() bool { return strings.Contains(second.page(t, "/metrics"), line) })
	o.settled()
}

// answeredLast is when Telegram answered a replica last, by its figure.
func answeredLast(t *testing.T, m *member) float64 {
	t.Helper()
	_, rest, found := strings.Cut("\n"+m.page(t, "/metrics"), "\numkmbot_telegram_answered_timestamp_seconds ")
	line, _, _ := strings.Cut(rest, "\n")
	at, err := strconv.ParseFloat(line, 64)
	if !found || err != nil {
		t.Fatalf("when Telegram answered is not shown: %q, %v", line, err)
	}
	return at
}

// The figure of when Telegram answered stands still while it does not, however
// rarely it is asked, and a refusal is an answer.
func TestFigureOfTelegramsLastAnswer(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	m, p := o.replicas[0], o.person()
	p.say("/menu")
	p.sees("Silakan pilih")
	o.settled()
	first := answeredLast(t, m)
	if age := time.Since(time.Unix(0, int64(first*1e9))); age < 0 || age > time.Minute {
		t.Errorf("Telegram answered %s ago", age)
	}
	o.fault(map[string]any{"method": "*", "status": 502, "times": 100000})
	p.say("/menu")
	o.wait("the line has failed", func() bool { _, by := readyOf(t, m); return !by["telegram"].OK })
	last := answeredLast(t, m)
	o.wait("calls fail", func() bool {
		page := m.page(t, "/metrics")
		return !strings.Contains(page, `umkmbot_api_failures_total{method="sendMessage"} 0`) && !strings.Contains(page, "umkmbot_api_retries_total 0")
	})
	if now := answeredLast(t, m); now != last {
		t.Errorf("Telegram answered at %f", now)
	}
	o.clearFaults()
	p.sees("Silakan pilih")
	o.wait("the figure goes on", func() bool { return answeredLast(t, m) > last })
}

// What waits in the records is shown, and by what Telegram refuses.
func TestFiguresOfWhatWaits(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	m := o.replicas[0]
	p := o.person()
	p.register(answers{"Siti Aminah", nikOf(1), "Warung Siti"})
	o.fault(map[string]any{"method": "sendMessage", "chat_id": p.id, "retry_after": 60, "times": 1})
	o.fault(map[string]any{"method": "sendMessage", "chat_id": p.id, "status": 502, "times": 1})
	p.say("/menu")
	o.settled()
	o.shows(m, `umkmbot_api_limited_total{method="sendMessage"} 1`)
	o.shows(m, "umkmbot_held_replies 1")
	o.shows(m, `umkmbot_jobs{kind="send_held",state="scheduled"} 1`)
	page := "\n" + m.page(t, "/metrics")
	for _, line := range []string{
		"umkmbot_figures_up 1", `umkmbot_cases{kind="document",state="waiting"} 0`, `umkmbot_letters{state="planned"} 0`, `umkmbot_letters{state="paused"} 0`,
		"umkmbot_dead_letters 0", "umkmbot_lanes_chats 0", "umkmbot_oldest_update_seconds 0", `umkmbot_connections{server="postgres",state="most"} `,
		`umkmbot_build_info{go=`,
	} {
		if !strings.Contains(page, "\n"+line) {
			t.Errorf("/metrics lacks %q", line)
		}
	}
	if strings.Contains(page, "Siti") || strings.Contains(page, nikOf(1)) {
		t.Error("/metrics names somebody")
	}
}

// Figures are counted once for many scrapes, and missing while the records are away.
func TestFiguresAreCountedSparingly(t *testing.T) {
	t.Parallel()
	asked, away := 0, false
	due := morning.Add(-time.Minute)
	f := &figures{now: func() time.Time { return morning }, ask: func(context.Context, time.Time) (store.Figures, error) {
		if asked++; away {
			return store.Figures{}, errors.New("away")
		}
		return store.Figures{Jobs: []store.JobFigure{
			{Kind: "a", State: "available", Waiting: store.Waiting{Count: 2, Oldest: &due}},
			{Kind: "a", State: "scheduled", Waiting: store.Waiting{Count: 1}},
		}}, nil
	}}
	registry := prometheus.NewRegistry()
	registry.MustRegister(f)
	value := func(name string) (float64, bool) {
		families, err := registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, family := range families {
			if family.GetName() == name {
				return family.GetMetric()[0].GetGauge().GetValue(), true
			}
		}
		return 0, false
	}
	for range 3 {
		if v, ok := value("umkmbot_jobs_oldest_due_seconds"); !ok || v != 60 {
			t.Errorf("the oldest has been due for %v s", v)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
	away, f.counted = true, f.counted.Add(-figuresEvery)
	if v, ok := value("umkmbot_figures_up"); !ok || v != 0 {
		t.Error("up while the records are away")
	}
	if _, ok := value("umkmbot_dead_letters"); ok {
		t.Error("a figure that nobody knows is shown")
	}
}
