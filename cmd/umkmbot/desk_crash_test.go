package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/internal/loadtest"
	"umkmbot/internal/simulator"
	"umkmbot/store"
)

const (
	crashRequests = 15
	crashMovers   = 3
	moveKills     = 4
)

// Two replicas of the real program are killed at random while reviewers decline
// requests. Each request ends moved exactly once, and its owner told.
func TestDeskCrash(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	defer cancel()
	services := embeddedtest.OwnServices(t)
	if err := store.Migrate(ctx, services.DatabaseURL()); err != nil {
		t.Fatal(err)
	}
	sim, err := simulator.New(simulator.Config{Token: demoToken})
	if err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	telegram := httptest.NewServer(sim)
	defer telegram.Close()
	replicas, balancer := startReplicas(t, ctx, buildProgram(t), services, telegram.URL, true, 2)
	defer balancer()
	o := &office{t: t, api: loadtest.NewSim(telegram.URL), url: telegram.URL, now: time.Now, log: &logKeeper{}}
	defer o.api.Close()
	o.settings = settings{
		Store: storeSettings{DatabaseURL: services.DatabaseURL(), RedisURL: services.RedisURL(), Keys: testKeys},
		Files: filesSettings{URL: valueOf(replicas[0].env, "FILES_URL")},
	}
	records, err := newDepot(ctx, o.settings, o.log.logger(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer records.Close()
	d := &desk{o, records}
	var owners []person
	for range crashRequests {
		p, _ := d.asker("36.04.05.2001", "halal_self")
		owners = append(owners, p)
	}
	var left atomic.Bool
	left.Store(true)
	var working sync.WaitGroup
	for range crashMovers {
		p := d.reviewer("36.04")
		working.Go(func() { p.movesOn(ctx, &left) })
	}
	kills := 0
	for ctx.Err() == nil && d.count(`SELECT count(DISTINCT request) FROM request_steps`) < crashRequests {
		wait(ctx, time.Second+rand.N(2*time.Second))
		if kills < moveKills {
			r := replicas[kills%len(replicas)]
			r.kill()
			kills++
			d.must(r.start(ctx))
		}
	}
	left.Store(false)
	working.Wait()
	if n := d.count(sqlSteps); n != crashRequests {
		t.Errorf("%d steps of %d requests", n, crashRequests)
	}
	if kills == 0 {
		t.Error("nothing was killed")
	}
	for _, p := range owners {
		for p.times("belum bisa dipenuhi") == 0 && ctx.Err() == nil { // a killed job is worked again after three minutes
			wait(ctx, time.Second)
		}
		if p.times("belum bisa dipenuhi") == 0 {
			t.Errorf("owner %d was not told", p.id)
		}
	}
	t.Logf("%d requests moved by %d reviewers, %d kills", crashRequests, crashMovers, kills)
}

// movesOn takes whatever waits or lies on the desk still and declines it, asking anew where an answer does not come, as people do.
func (p person) movesOn(ctx context.Context, left *atomic.Bool) {
	const patience = 6 * time.Second
	for left.Load() && ctx.Err() == nil {
		if _, err := p.heardWithin(ctx, patience, "/meja", "Bapak/Ibu"); err != nil {
			continue
		}
		if !p.pressesNewest(ctx, "1. Warung") {
			if _, err := p.heardWithin(ctx, patience, "/antrean", "Antrean", "Tidak ada yang menunggu"); err != nil {
				continue
			}
			p.pressesNewest(ctx, takeHalal)
		}
		p.pressesWithin(ctx, patience, "⛔ Tolak")
		if _, err := p.heardWithin(ctx, patience, "Kuotanya sudah habis.", "Sudah benar?"); err == nil {
			p.pressesWithin(ctx, patience, "✅ Ya, simpan")
		}
		wait(ctx, 200*time.Millisecond)
	}
}

// pressesWithin presses the newest button that begins so, once there is one.
func (p person) pressesWithin(ctx context.Context, patience time.Duration, label string) {
	for end := time.Now().Add(patience); time.Now().Before(end) && ctx.Err() == nil; {
		if p.pressesNewest(ctx, label) {
			return
		}
		wait(ctx, 50*time.Millisecond)
	}
}

// pressesNewest presses a button of the person's newest message; false: it has
// none that begins so.
func (p person) pressesNewest(ctx context.Context, label string) bool {
	var all []pictured
	if err := p.o.api.Get(ctx, fmt.Sprintf("users/%d/messages", p.id), &all); err != nil || len(all) == 0 {
		return false
	}
	newest := all[len(all)-1]
	for _, row := range newest.Markup.Inline {
		for _, b := range row {
			if len(b.Text) >= len(label) && b.Text[:len(label)] == label {
				body := map[string]any{"data": b.Data, "message_id": newest.ID}
				return p.o.api.Post(ctx, fmt.Sprintf("users/%d/press", p.id), body, nil) == nil
			}
		}
	}
	return false
}
