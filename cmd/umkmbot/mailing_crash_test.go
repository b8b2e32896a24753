package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/embedded"
	"umkmbot/internal/umkm"
)

// crashRate is what Telegram allows a second, and so the most that is claimed.
const (
	crashReaders = 2500
	crashRate    = 200
)

// Three replicas of the real program are killed at random, twenty times, while a
// broadcast goes out, Redis and Postgres restarted. Everybody has one end, nobody
// is told twice, and uncertain are only those whom a killed replica was sending to.
func TestMailingCrash(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	defer cancel()
	t.Setenv("TELEGRAM_RATE", fmt.Sprint(crashRate))
	o, replicas, services := newCrashOffice(t, ctx, 3, nil)
	a := gather(o, crashReaders)
	m := a.begun(a.confirms("Ada bazar UMKM di alun-alun Serang hari Minggu."))
	w := &wreck{audience: a, replicas: replicas, services: services, mailing: m.ID, left: map[int]bool{}}
	for range 5 { // four kills each
		w.breakThings(ctx)
	}
	m = a.through(m.ID, 3*time.Minute)
	got := a.compare(m.ID)
	t.Logf("%+v; %d kills while %d were being sent to", got, w.kills, len(w.left))
	if m.State != umkm.MailingDone || got.Sent+got.Uncertain != crashReaders {
		t.Errorf("in the end it is %s, %+v", m.State, got)
	}
	for _, n := range w.rows(umkm.DeliveryUncertain) {
		if !w.left[n] {
			t.Errorf("delivery %d is uncertain, and no replica was killed while sending it", n)
		}
	}
	if most := w.kills * crashRate; len(w.left) > most {
		t.Errorf("%d were being sent to at %d kills, more than a second's worth each", len(w.left), w.kills)
	}
}

// wreck kills replicas in the middle of a mailing, and notes whom they were
// sending to.
type wreck struct {
	*audience
	replicas []*replica
	services *embedded.Services
	mailing  string
	kills    int
	left     map[int]bool
}

// breakThings restarts the stores and kills a replica while the mailing goes
// out; then it kills all, and starts them again.
func (w *wreck) breakThings(ctx context.Context) {
	w.t.Helper()
	w.moves()
	err := w.services.RestartPostgres(ctx, true)
	w.moves()
	if err == nil {
		err = w.services.RestartRedis(ctx, false)
	}
	w.moves()
	one := w.replicas[rand.IntN(len(w.replicas))]
	one.kill()
	w.kills++
	if err == nil {
		err = one.start(ctx)
	}
	wait(ctx, rand.N(time.Second))
	for _, r := range w.replicas {
		r.kill()
		w.kills++
	}
	for _, n := range w.rows(umkm.DeliverySending) {
		w.left[n] = true
	}
	// All are dead: what they had in hand, and their lead, need not be waited for.
	w.exec("UPDATE river_job SET attempted_at = attempted_at - interval '10 minutes' WHERE state = 'running'")
	w.exec("UPDATE river_leader SET expires_at = now()")
	for _, r := range w.replicas {
		if err == nil {
			err = r.start(ctx)
		}
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// moves waits until some more have been sent; the records may be away.
func (w *wreck) moves() {
	w.t.Helper()
	before := -1
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(2 * time.Minute); ; <-tick.C {
		m, err := w.records.Mailing(w.t.Context(), w.mailing)
		switch {
		case err == nil && !m.Done.IsZero():
			w.t.Fatal("the mailing is through: it is too small for this test")
		case err == nil && before < 0:
			before = m.Counts.Sent
		case err == nil && m.Counts.Sent >= before+50:
			return
		case time.Now().After(end):
			w.t.Fatalf("the mailing stays at %+v: %v", m.Counts, err)
		}
	}
}

// rows are the deliveries in a state.
func (w *wreck) rows(s umkm.DeliveryState) []int {
	w.t.Helper()
	rows, _ := w.records.Pool().Query(w.t.Context(), "SELECT n FROM deliveries WHERE mailing = $1 AND state = $2", w.mailing, s)
	all, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}
