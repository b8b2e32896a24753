package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

func TestErasureTakenBack(t *testing.T) {
	w := openWhole(t)
	e := w.erasing()
	if e.DueAt.Sub(e.AskedAt) != umkm.ErasureCooling || e.Name != sitisName || w.erasing() != e {
		t.Errorf("asked for: %+v", e)
	}
	son := must(w.AskErasure(t.Context(), umkm.NewErasure{Dialog: "other", Account: sitisSon, Owner: w.owner, At: noon.Add(time.Hour)}))
	if son != e || w.count("SELECT count(*) FROM river_job WHERE kind = 'erase_due'") != 1 {
		t.Errorf("asked again from another account: %+v", son)
	}
	for name, n := range map[string]umkm.NewErasure{
		"another's": {Dialog: "x", Account: sitisNeighbor, Owner: w.owner, At: noon}, "of the staff": {Dialog: "y", Account: w.rina, At: noon},
	} {
		if _, err := w.AskErasure(t.Context(), n); !errors.Is(err, map[string]error{"another's": umkm.ErrNotYours, "of the staff": umkm.ErrStillStaff}[name]) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, again, err := w.Erase(t.Context(), e.ID, e.DueAt.Add(-time.Second)); err != nil || !again.Equal(e.DueAt) {
		t.Errorf("before it is due: again %s, %v", again, err)
	}
	if len(must(w.Erasures(t.Context(), sitisNeighbor))) != 0 || len(must(w.Erasures(t.Context(), sitisSon))) != 1 {
		t.Error("who may take it back")
	}
	if err := w.KeepAfterAll(t.Context(), sitisNeighbor, e.ID, noon); !errors.Is(err, umkm.ErrNoErasure) {
		t.Errorf("taken back by another: %v", err)
	}
	if err := w.KeepAfterAll(t.Context(), sitisSon, e.ID, noon); err != nil {
		t.Fatal(err)
	}
	if err := w.KeepAfterAll(t.Context(), sitisSon, e.ID, noon); !errors.Is(err, umkm.ErrNoErasure) {
		t.Errorf("taken back twice: %v", err)
	}
	if _, _, err := w.Erase(t.Context(), e.ID, e.DueAt); !errors.Is(err, umkm.ErrNoErasure) {
		t.Errorf("once taken back: %v", err)
	}
	if w.count("SELECT count(*) FROM owners WHERE id = $1", w.owner) != 1 || len(must(w.Erasures(t.Context(), sitisChat))) != 0 {
		t.Error("it is not taken back")
	}
}

// TestErasureAlone: an account that acts for nobody, and one that does by now.
func TestErasureAlone(t *testing.T) {
	o := openOffice(t)
	o.open(o.ticket(7, noon))
	o.open(o.ticket(8, noon))
	ask := func(account int64) umkm.Erasure {
		return must(o.AskErasure(t.Context(), umkm.NewErasure{Dialog: fmt.Sprint("e", account), Account: account, At: noon}))
	}
	seven, eight := ask(7), ask(8)
	o.business(8, ciruas)
	if done := o.erased(seven.ID, seven.DueAt); !done.Whole || done.Account != 7 {
		t.Errorf("to be told: %+v", done)
	}
	if _, _, err := o.Erase(t.Context(), eight.ID, eight.DueAt); !errors.Is(err, umkm.ErrNoErasure) {
		t.Errorf("of who has registered since: %v", err)
	}
	if n := o.count("SELECT count(*) FROM tickets"); n != 1 || o.count("SELECT count(*) FROM accounts WHERE telegram_id = 7") != 0 {
		t.Errorf("%d tickets are left", n)
	}
}

// TestErasureCutOff: whatever was cut off is done by who comes next, once those
// are through who had begun before: a plan of letters, a turn in the chat.
func TestErasureCutOff(t *testing.T) {
	w := openWhole(t)
	ctx := t.Context()
	e := w.erasing()
	w.exec("UPDATE dead_letters SET chat = NULL") // as kept by an earlier version
	plan := must(w.pool.Begin(ctx))
	defer func() { _ = plan.Rollback(context.WithoutCancel(ctx)) }()
	mailing := must(newID())
	for _, sql := range []string{
		"INSERT INTO mailings (id, key, kind, what, urgent, state, planned_at, total) VALUES ($1, 'late', 'broadcast', '', false, 'running', now(), 1)",
		"INSERT INTO mailing_lanes (mailing, lane) VALUES ($1, 0)",
	} {
		if _, err := plan.Exec(ctx, sql, mailing); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := plan.Exec(ctx, "INSERT INTO deliveries (mailing, n, chat, subject, language, at) VALUES ($1, 1, $2, $3, 'id', $4)", mailing, sitisChat, w.business, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := w.eraseRecords(ctx, e.ID, e.DueAt); err != nil { // and then the process died
		t.Fatal(err)
	}
	waits := func(what string) {
		t.Helper()
		if _, again, err := w.Erase(ctx, e.ID, e.DueAt); err != nil || !again.After(e.DueAt) {
			t.Errorf("%s: again %s, %v", what, again, err)
		}
	}
	waits("a plan is being made")
	if err := plan.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	turn := must(w.Chats.Enter(ctx, sitisSon))
	eventually(t, "the plan is through", func() bool {
		return w.count("SELECT count(*) FROM erasures WHERE pg_snapshot_xmin(pg_current_snapshot())::text::bigint > xact") == 1
	})
	waits("a turn holds the chat")
	w.Chats.Release(turn, true)
	w.erased(e.ID, e.DueAt)
	if n := w.count("SELECT count(*) FROM deliveries d JOIN mailing_lanes l USING (mailing) WHERE d.mailing = $1 AND d.chat = 0 AND d.state = 'skipped' AND l.skipped = 1", mailing); n != 1 {
		t.Error("the late letter is not left out")
	}
	if err := w.Forgotten(ctx, e.ID); err != nil {
		t.Fatal(err)
	}
	w.sweep()
	w.nothingOf(sitisNIK, fmt.Sprint(sitisChat))
}

// TestErasureAmidLife erases while the same people go on doing things: nobody
// waits for good, and either all of it is gone or what came after is whole.
func TestErasureAmidLife(t *testing.T) {
	w := openWhole(t)
	e := w.erasing()
	stop := make(chan struct{})
	busy := func(do func(i int) error) func() {
		return func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				if err := do(i); err != nil && !errors.Is(err, umkm.ErrNotYours) && !errors.Is(err, umkm.ErrRefused) && !errors.Is(err, umkm.ErrNoSeat) &&
					!errors.Is(err, umkm.ErrNotMeant) && !errors.Is(err, umkm.ErrAsked) && !errors.Is(err, umkm.ErrNotTaking) {
					w.t.Errorf("amid an erasure: %v", err)
					return
				}
			}
		}
	}
	ctx := context.WithoutCancel(t.Context())
	training := w.announced(w.rina, quota(50))
	life := []func(){
		busy(func(i int) error {
			_, err := w.Register(ctx, w.registration(fmt.Sprintf("amid-%d", i%3), "Warung Nurjanah"))
			return err
		}),
		busy(func(i int) error {
			_, err := w.Submit(ctx, w.submission(sitisChat, w.business, noon))
			return err
		}),
		busy(func(i int) error {
			seat, err := w.join(training, sitisSon, w.owner, noon)
			if err == nil {
				_, err = w.Leave(ctx, sitisSon, seat.ID, noon)
			}
			return err
		}),
		busy(func(i int) error { return w.SayPurpose(ctx, sitisChat, w.owner, "messages", "id", i%2 == 0, noon) }),
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		together(len(life), func(i int) { life[i]() })
	}()
	eventually(t, "some life before", func() bool { return w.count("SELECT count(*) FROM documents") > 6 })
	w.erased(e.ID, e.DueAt)
	close(stop)
	<-ended
	if n := w.count("SELECT count(*) FROM owners WHERE id = $1", w.owner); n != 0 {
		t.Error("she is still there")
	}
	if d := w.differs(); d != "" {
		t.Errorf("reach: %s", d)
	}
	w.checkCounters()
}
