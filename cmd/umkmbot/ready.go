package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"umkmbot/store"
)

// readyTime is how long /readyz waits for an answer of each dependency.
const readyTime = 2 * time.Second

// dependency is what one of them is at.
type dependency struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	// Needed: without it this replica cannot answer anybody.
	Needed bool   `json:"needed"`
	Says   string `json:"says"`
}

// ready says of each dependency how it is, as lines or, where a program asks
// for it, as JSON. The answer is no while Postgres or Redis is away. Telegram,
// the files and the job queue do not count: every replica would say no at once,
// and what can still be done without them would not be done either.
func (a *app) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	all, status := a.dependencies(ctx), http.StatusOK
	for _, d := range all {
		if d.Needed && !d.OK {
			status = http.StatusServiceUnavailable
		}
	}
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"ready": status == http.StatusOK, "dependencies": all})
		return
	}
	w.WriteHeader(status)
	for _, d := range all {
		fmt.Fprintf(w, "%s: %s\n", d.Name, d.Says)
	}
}

// dependencies asks all at the same time, and gives them by name.
func (a *app) dependencies(ctx context.Context) []dependency {
	files := make(chan dependency, 1)
	go func() { files <- a.files.state(ctx) }()
	servers := a.store.Ping(ctx)
	return []dependency{
		<-files, a.jobsState(), needed(store.Postgres, servers), needed(store.Redis, servers), a.telegramState(time.Now()),
	}
}

const away = "does not answer"

func needed(name string, servers map[string]error) dependency {
	if servers[name] != nil {
		return dependency{Name: name, Needed: true, Says: away}
	}
	return dependency{Name: name, Needed: true, OK: true, Says: "ok"}
}

func (a *app) jobsState() dependency {
	d := dependency{Name: "jobs", OK: true, Says: "ok"}
	switch queue := a.queue.Load(); {
	case !a.settings.Jobs || a.settings.Workers == 0:
		d.Says = "off in this replica"
	case queue == nil || !queue.Working():
		d.OK, d.Says = false, "not started"
	}
	return d
}

// telegramState goes by what became of the calls that were made anyway.
func (a *app) telegramState(now time.Time) dependency {
	d := dependency{Name: "telegram", OK: true, Says: "not asked yet"}
	answered, failing := a.bot.TelegramSeen()
	switch {
	case !failing.IsZero():
		d.OK, d.Says = false, fmt.Sprintf("%s since %s", away, now.Sub(failing).Round(time.Second))
	case !answered.IsZero():
		d.Says = fmt.Sprintf("ok, answered %s ago", now.Sub(answered).Round(time.Second))
	}
	return d
}

// filesEvery is for how long what is known of the files is told again: a check
// writes to the disk or asks the bucket.
const filesEvery = 15 * time.Second

// filesProbe sees now and then whether files can be kept.
type filesProbe struct {
	check func(context.Context) error

	mu    sync.Mutex
	asked time.Time
	err   error
}

func (p *filesProbe) state(ctx context.Context) dependency {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked.IsZero() || time.Since(p.asked) >= filesEvery {
		// Whoever asks may hang up; what is found is for the next ones, too.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyTime)
		defer cancel()
		p.err = p.check(ctx)
		p.asked = time.Now()
	}
	if p.err != nil {
		return dependency{Name: "files", Says: "cannot be kept"}
	}
	return dependency{Name: "files", OK: true, Says: "ok"}
}
