package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/embedded/embeddedtest"
)

const sorry = "Maaf, sedang ada gangguan"

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
