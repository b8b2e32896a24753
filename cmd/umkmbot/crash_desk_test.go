package main

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"umkmbot/internal/embedded"
	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/internal/loadtest"
	"umkmbot/internal/simulator"
	"umkmbot/store"
)

// crashGrounds are stores of a test's own, migrated, and a Telegram, which front
// may stand before (nil: nothing does).
func crashGrounds(t testing.TB, front func(http.Handler) http.Handler) (grounds, *embedded.Services) {
	t.Helper()
	services := embeddedtest.OwnServices(t)
	if err := store.Migrate(t.Context(), services.DatabaseURL()); err != nil {
		t.Fatal(err)
	}
	sim, err := simulator.New(simulator.Config{Token: demoToken})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	var handler http.Handler = sim
	if front != nil {
		handler = front(sim)
	}
	telegram := httptest.NewServer(handler)
	t.Cleanup(telegram.Close)
	return groundsOf(t, services, telegram.URL), services
}

// newCrashOffice starts replicas of the real program, to be killed, on servers of
// their own. front may stand before the simulator; nil: nothing does.
func newCrashOffice(t testing.TB, ctx context.Context, n int, front func(http.Handler) http.Handler) (*office, []*replica, *embedded.Services) {
	t.Helper()
	g, services := crashGrounds(t, front)
	replicas, balancer := startReplicas(t, ctx, buildProgram(t), g, true, n)
	t.Cleanup(balancer)
	return officeOn(t, g), replicas, services
}

// newCrashDesk starts two replicas, and what tests need to arrange beside them.
func newCrashDesk(t *testing.T, ctx context.Context) (*desk, []*replica) {
	t.Helper()
	o, replicas, _ := newCrashOffice(t, ctx, 2, nil)
	records, err := newDepot(ctx, o.settings, o.log.logger(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = records.Close() })
	return &desk{o, records}, replicas
}

// officeOn is an office whose bot runs beside it, as processes of the real program.
func officeOn(t testing.TB, g grounds) *office {
	o := &office{t: t, api: loadtest.NewSim(g.telegram), url: g.telegram, now: time.Now, log: &logKeeper{}, database: g.database}
	t.Cleanup(o.api.Close)
	o.settings = settings{
		Store: storeSettings{DatabaseURL: g.database, RedisURL: g.redis, Keys: testKeys},
		Files: filesSettings{URL: g.files},
	}
	return o
}

// killUntil kills replicas one after the other, at random moments and so many
// times, until something is over. It returns how often it did.
func (d *desk) killUntil(ctx context.Context, replicas []*replica, most int, over func() bool) (kills int) {
	d.t.Helper()
	for ctx.Err() == nil && !over() {
		wait(ctx, time.Second+rand.N(2*time.Second))
		if kills < most {
			r := replicas[kills%len(replicas)]
			r.kill()
			kills++
			d.must(r.start(ctx))
		}
	}
	return kills
}

// allTold waits until everybody has read something. What a killed replica was
// about to tell is a job left behind: River looks for these twice a minute, and
// whenever its lead changes hands.
func (d *desk) allTold(ctx context.Context, people []person, words string) {
	d.t.Helper()
	queue, err := river.NewClient(riverpgxv5.New(d.Pool()), &river.Config{})
	d.must(err)
	told := func() bool { return !slices.ContainsFunc(people, func(p person) bool { return p.times(words) == 0 }) }
	for n := 1; !told(); n++ {
		if ctx.Err() != nil {
			d.t.Fatalf("not everybody was told %q", words)
		}
		if n%8 == 0 {
			d.must(queue.Notify().RequestResign(ctx))
		}
		wait(ctx, 500*time.Millisecond)
	}
}
