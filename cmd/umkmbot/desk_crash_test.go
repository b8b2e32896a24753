package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
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
	d, replicas := newCrashDesk(t, ctx)
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
	const moved = `SELECT count(DISTINCT request) FROM request_steps`
	kills := d.killUntil(ctx, replicas, moveKills, func() bool { return d.count(moved) >= crashRequests })
	left.Store(false)
	working.Wait()
	if n := d.count(sqlSteps); n != crashRequests {
		t.Errorf("%d steps of %d requests", n, crashRequests)
	}
	if kills == 0 {
		t.Error("nothing was killed")
	}
	d.allTold(ctx, owners, "belum bisa dipenuhi")
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
