package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"umkmbot/internal/embedded"
	"umkmbot/internal/embedded/embeddedtest"
)

const sorry = "Maaf, sedang ada gangguan"

// ready asks a replica's /readyz.
func (m *member) ready() (status int, body string) {
	w := httptest.NewRecorder()
	m.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", http.NoBody))
	return w.Code, w.Body.String()
}

// Redis or Postgres goes away while people chat. Each is told once, probes
// name what is away, and after its return everybody goes on where they were.
func TestOutage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stop, start func(*embedded.Services, context.Context) error
		others      string
	}{
		"redis":    {(*embedded.Services).StopRedis, (*embedded.Services).StartRedis, "postgres"},
		"postgres": {(*embedded.Services).StopPostgres, (*embedded.Services).StartPostgres, "redis"},
	} {
		for _, ingress := range []string{"webhook", "polling"} {
			t.Run(name+"/"+ingress, func(t *testing.T) {
				t.Parallel()
				services := embeddedtest.OwnServices(t)
				o := newOffice(t, plan{replicas: 1, webhook: ingress == "webhook", services: services})
				people := o.people(6)
				var all sync.WaitGroup
				for i, p := range people {
					all.Go(func() { p.upToReview(answers{"Siti Aminah", nikOf(i), "Warung"}) })
				}
				all.Wait()
				o.settled()
				if err := c.stop(services, t.Context()); err != nil {
					t.Fatal(err)
				}
				for _, p := range people {
					p.press(confirm)
				}
				for _, p := range people {
					p.seesTimes(sorry, 1)
				}
				status, body := o.replicas[0].ready()
				if status != http.StatusServiceUnavailable || !strings.Contains(body, name+": does not answer") || !strings.Contains(body, c.others+": ok") {
					t.Errorf("/readyz says %d:\n%s", status, body)
				}
				if err := c.start(services, t.Context()); err != nil {
					t.Fatal(err)
				}
				for _, p := range people {
					p.seesTimes("sudah terdaftar", 1)
				}
				o.settled()
				for _, p := range people {
					if sorries, confirmed := p.times(sorry), p.times("sudah terdaftar"); sorries != 1 || confirmed != 1 {
						t.Errorf("%d apologies and %d confirmations, want 1 and 1", sorries, confirmed)
					}
				}
				o.wait("/readyz says yes", func() bool { status, _ := o.replicas[0].ready(); return status == http.StatusOK })
				if n := o.count(`SELECT count(*) FROM businesses`); n != len(people) {
					t.Errorf("%d businesses of %d people", n, len(people))
				}
				if n := o.count(buried); n != 0 {
					t.Errorf("%d dead letters for an outage", n)
				}
				late := o.person()
				late.say("/menu")
				late.sees("Silakan pilih")
			})
		}
	}
}

// A Redis away for longer than the lead of the polling replica lasts, and than
// its updates in hand are waited for, costs nothing but time.
func TestLongRedisOutage(t *testing.T) {
	t.Parallel()
	services := embeddedtest.OwnServices(t)
	o := newOffice(t, plan{replicas: 2, services: services})
	before, during := o.person(), o.person()
	before.upToReview(answers{"Siti Aminah", nikOf(1), "Warung"})
	o.settled()
	if err := services.StopRedis(t.Context()); err != nil {
		t.Fatal(err)
	}
	before.press(confirm)
	before.seesTimes(sorry, 1)
	o.wait("the lead is given up", func() bool { return strings.Count(o.log.text(), "redis does not answer; waiting") == 2 })
	during.say("/menu")
	during.seesTimes(sorry, 1)
	if err := services.StartRedis(t.Context()); err != nil {
		t.Fatal(err)
	}
	before.seesTimes("sudah terdaftar", 1)
	during.seesTimes("Silakan pilih", 1)
	o.settled()
	for words, p := range map[string]person{"sudah terdaftar": before, "Silakan pilih": during} {
		if n, sorries := p.times(words), p.times(sorry); n != 1 || sorries != 1 {
			t.Errorf("%q was said %d times after %d apologies", words, n, sorries)
		}
	}
	if n := o.count(`SELECT count(*) FROM businesses`); n != 1 {
		t.Errorf("%d businesses", n)
	}
}

// A database that goes away while the bot starts is waited for, jobs too.
func TestJobsStartLate(t *testing.T) {
	t.Parallel()
	services := embeddedtest.OwnServices(t)
	o := newOffice(t, plan{services: services})
	o.start(func(*app) {
		if err := services.StopPostgres(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	o.wait("a start without database", func() bool { return strings.Contains(o.log.text(), "cannot start the job queue") })
	if err := services.StartPostgres(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := o.person()
	p.upToNIK("Siti Aminah")
	o.settled()
	o.wait("the job queue", func() bool { return strings.Contains(o.log.text(), "River client started") })
	o.sim.Advance(25 * time.Hour)
	p.sees(firstReminder)
}

// An outage that outlasts a delivery's time is apologised for once, however
// often Telegram delivers again; afterwards nothing is lost and jobs run.
func TestLongOutage(t *testing.T) {
	t.Parallel()
	services := embeddedtest.OwnServices(t)
	o := newOffice(t, plan{replicas: 1, webhook: true, services: services})
	p := o.person()
	p.upToNIK("Siti Aminah")
	o.settled()
	if err := services.StopPostgres(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.say("/menu")
	p.say("menu")
	began := time.Now()
	o.wait("two deliveries that failed", func() bool {
		o.mu.Lock()
		defer o.mu.Unlock()
		n := 0
		for _, s := range o.statuses {
			if s == http.StatusInternalServerError {
				n++
			}
		}
		return n >= 1 && time.Since(began) > 30*time.Second
	})
	if err := services.StartPostgres(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.seesTimes("Silakan pilih", 2)
	if n := p.times(sorry); n != 1 {
		t.Errorf("%d apologies, want 1", n)
	}
	o.sim.Advance(25 * time.Hour)
	p.sees("tinggal 13 langkah lagi")
}
