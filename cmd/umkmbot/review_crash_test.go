package main

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	crashDocuments = 24
	crashReviewers = 3
	reviewKills    = 6
)

// Two replicas of the real program are killed at random while reviewers
// decide. Every document ends decided exactly once, and its owner told.
func TestReviewCrash(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	defer cancel()
	d, replicas := newCrashDesk(t, ctx)
	var owners []person
	for range crashDocuments {
		p, _ := d.owner("36.04.05.2001")
		owners = append(owners, p)
	}
	var left atomic.Bool
	left.Store(true)
	var working sync.WaitGroup
	for range crashReviewers {
		p := d.reviewer("36.04")
		working.Go(func() { p.worksThrough(ctx, &left) })
	}
	kills := d.killUntil(ctx, replicas, reviewKills, func() bool { return d.count(sqlReviews) >= crashDocuments })
	left.Store(false)
	working.Wait()
	if n := d.count(`SELECT count(DISTINCT "case") FROM reviews`); n != crashDocuments || d.count(sqlReviews) != n {
		t.Errorf("%d decisions on %d of %d documents", d.count(sqlReviews), n, crashDocuments)
	}
	d.allTold(ctx, owners, "disetujui")
	t.Logf("%d documents decided by %d reviewers, %d kills", crashDocuments, crashReviewers, kills)
}

// worksThrough decides on whatever there is, asking anew where an answer does
// not come, as people do.
func (p person) worksThrough(ctx context.Context, left *atomic.Bool) {
	next := "/periksa"
	for left.Load() && ctx.Err() == nil {
		i, err := p.heardWithin(ctx, 8*time.Second, next, decideWords, "Ketik ulang nomor", "Disetujui", "Tidak ada dokumen", "petugas lain", "waktunya habis")
		switch {
		case err != nil || i > 1:
			next = "/periksa"
			wait(ctx, 100*time.Millisecond)
		case i == 0:
			next = "setuju"
		default:
			next = numberOnPage
		}
	}
}
