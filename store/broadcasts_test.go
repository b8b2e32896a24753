package store

import (
	"errors"
	"slices"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

func TestBroadcastGoesOut(t *testing.T) {
	o := openBroadcasts(t)
	rina := o.officer(900, serang)
	id := o.written(rina)
	if b := o.broadcast(id); b.State != umkm.BroadcastDraft || b.Version != 1 || b.Author != "Petugas 900" || b.Texts["en"] != "Hello {nama}" || len(b.Buttons) != 1 {
		t.Errorf("draft %+v", b)
	}
	b := o.confirmed(rina, id, umkm.BroadcastScheduled)
	if b.Count != 4 || !b.Begins.Equal(noon.Add(30*time.Second)) || b.Confirmer != "" {
		t.Errorf("confirmed %+v", b)
	}
	o.confirmed(rina, id, umkm.BroadcastScheduled)
	if n := o.count("SELECT count(*) FROM river_job WHERE kind = 'broadcast_due'"); n != 1 {
		t.Errorf("%d jobs", n)
	}
	o.passes(29 * time.Second)
	if again := o.comes(id); !again.Equal(b.Begins) || len(o.mailings(id)) != 0 {
		t.Errorf("too early: again at %s, %d mailings", again, len(o.mailings(id)))
	}
	o.passes(time.Second)
	for range 2 {
		o.comes(id)
	}
	m := o.mailings(id)
	if len(m) != 1 || m[0].Counts != (umkm.DeliveryCounts{Planned: 4}) || m[0].By != rina || m[0].Urgent {
		t.Fatalf("mailings %+v", m)
	}
	if got := o.chatsOf(m[0]); !slices.Equal(got, []int64{1, 2, 3, 4}) {
		t.Errorf("it goes to %v", got)
	}
	if b := must(o.BroadcastFor(t.Context(), rina, id)); b.State != umkm.BroadcastBegun || len(b.Mailings) != 1 || b.Mailings[0] != m[0] {
		t.Errorf("begun %+v", b)
	}
	if _, err := o.Confirm(t.Context(), rina, id, 1, noon); !errors.Is(err, umkm.ErrBegun) {
		t.Errorf("confirmed once begun: %v", err)
	}
	for _, action := range []string{"broadcast.created", "broadcast.confirmed", "broadcast.begun"} {
		if n := o.audits(action); n != 1 {
			t.Errorf("%d rows of %s", n, action)
		}
	}
}

func TestBroadcastOfADialogIsMadeOnce(t *testing.T) {
	o := openBroadcasts(t)
	rina, dewi := o.officer(900, serang), o.officer(901, serang)
	n := umkm.NewBroadcast{Dialog: "d", By: rina, Plan: announcement(), At: noon}
	n.Plan.File, n.Plan.Picture = o.file(rina, umkm.ScanClean), true
	id := must(o.CreateBroadcast(t.Context(), n))
	if again := must(o.CreateBroadcast(t.Context(), n)); again != id || o.audits("broadcast.created") != 1 {
		t.Errorf("again: %s, first %s", again, id)
	}
	n.By = dewi
	if _, err := o.CreateBroadcast(t.Context(), n); !errors.Is(err, umkm.ErrRefused) {
		t.Errorf("another's dialog: %v", err)
	}
	n.Dialog = "e"
	if _, err := o.CreateBroadcast(t.Context(), n); !errors.Is(err, umkm.ErrFileGone) && !errors.Is(err, umkm.ErrRefused) {
		t.Errorf("another's file: %v", err)
	}
	n.Plan.File, n.Plan.Texts = "", nil
	if _, err := o.CreateBroadcast(t.Context(), n); !errors.Is(err, umkm.ErrPlan) {
		t.Errorf("no text: %v", err)
	}
	if n := o.count("SELECT count(*) FROM broadcasts"); n != 1 {
		t.Errorf("%d broadcasts", n)
	}
}

func TestBroadcastWaitsForItsTime(t *testing.T) {
	o := openBroadcasts(t)
	rina := o.officer(900, serang)
	at := wib(3, 9, 0)
	id := o.written(rina, func(p *umkm.BroadcastPlan) { p.At = at })
	if b := o.confirmed(rina, id, umkm.BroadcastScheduled); !b.Begins.Equal(at) {
		t.Errorf("begins at %s", b.Begins)
	}
	if n := o.count("SELECT count(*) FROM river_job WHERE kind = 'broadcast_due' AND scheduled_at = $1", at); n != 1 {
		t.Errorf("%d jobs for its time", n)
	}
}

func TestUnconfirmTakesBack(t *testing.T) {
	o := openBroadcasts(t)
	rina := o.officer(900, serang)
	id := o.written(rina)
	if err := o.Unconfirm(t.Context(), rina, id, noon); err != nil || o.broadcast(id).Version != 1 {
		t.Errorf("a draft taken back: %v", err)
	}
	o.confirmed(rina, id, umkm.BroadcastScheduled)
	old := umkm.BroadcastDue{Broadcast: id, Version: 1}
	for range 2 {
		if err := o.Unconfirm(t.Context(), rina, id, noon); err != nil {
			t.Fatal(err)
		}
	}
	if b := o.broadcast(id); b.State != umkm.BroadcastDraft || b.Version != 2 || b.Count != 0 || !b.Begins.IsZero() {
		t.Errorf("taken back: %+v", b)
	}
	if _, err := o.Confirm(t.Context(), rina, id, 1, noon); !errors.Is(err, umkm.ErrChanged) {
		t.Errorf("the version of before confirmed: %v", err)
	}
	o.confirmed(rina, id, umkm.BroadcastScheduled)
	o.passes(time.Minute)
	if again := must(o.BroadcastDue(t.Context(), old)); !again.IsZero() || len(o.mailings(id)) != 0 {
		t.Errorf("the job of before: again %s, %d mailings", again, len(o.mailings(id)))
	}
	o.comes(id)
	if err := o.Unconfirm(t.Context(), rina, id, noon); !errors.Is(err, umkm.ErrBegun) || len(o.mailings(id)) != 1 {
		t.Errorf("taken back once begun: %v", err)
	}
	if o.audits("broadcast.unconfirmed") != 1 {
		t.Errorf("%d audit rows", o.audits("broadcast.unconfirmed"))
	}
}

func TestSecondOfficer(t *testing.T) {
	o := openBroadcasts(t)
	o.secondOfficerAbove = 3
	rina, dewi, far := o.officer(900, serang), o.officer(901, serang, "36.01"), o.officer(902, "36.01")
	few := o.written(rina, to(umkm.Segment{Regions: []umkm.RegionCode{"36.04.06"}}))
	o.confirmed(rina, few, umkm.BroadcastScheduled)
	id := o.written(rina)
	if b := o.confirmed(rina, id, umkm.BroadcastWaiting); b.Count != 4 || !b.Begins.IsZero() || b.Confirmer != "" {
		t.Errorf("waits as %+v", b)
	}
	o.passes(time.Hour)
	o.comes(id)
	if n := o.notices(umkm.NoticeSecond, id, 1); n != 1 {
		t.Errorf("%d notices to second officers", n)
	}
	if len(o.mailings(id)) != 0 {
		t.Error("it went out with one officer's yes")
	}
	if _, err := o.Confirm(t.Context(), rina, id, 1, noon); !errors.Is(err, umkm.ErrSamePerson) {
		t.Errorf("the same person: %v", err)
	}
	if _, err := o.Confirm(t.Context(), far, id, 1, noon); !errors.Is(err, umkm.ErrForbidden) {
		t.Errorf("an officer from elsewhere: %v", err)
	}
	if b := o.confirmed(dewi, id, umkm.BroadcastScheduled); b.Confirmer != "Petugas 901" || !b.Begins.Equal(o.now().Add(umkm.BroadcastUndo)) {
		t.Errorf("confirmed by two: %+v", b)
	}
	o.passes(umkm.BroadcastUndo)
	o.comes(id)
	if m := o.mailings(id); len(m) != 1 || m[0].By != rina {
		t.Errorf("mailings %+v", m)
	}
	// Whoever takes it back starts anew: two have to say yes to one version.
	again := o.written(rina)
	o.confirmed(rina, again, umkm.BroadcastWaiting)
	if err := o.Unconfirm(t.Context(), dewi, again, noon); err != nil {
		t.Fatal(err)
	}
	if n := o.notices(umkm.NoticeReturned, again, 2); n != 1 {
		t.Errorf("%d notices that it was given back", n)
	}
	o.confirmed(dewi, again, umkm.BroadcastWaiting)
}

func TestChangeBroadcast(t *testing.T) {
	o := openBroadcasts(t)
	rina := o.officer(900, serang)
	first, second := o.file(rina, umkm.ScanClean), o.file(rina, umkm.ScanClean)
	id := o.written(rina, func(p *umkm.BroadcastPlan) { p.File = first })
	change := umkm.BroadcastChange{Dialog: "c1", By: rina, Broadcast: id, Version: 1, Plan: announcement(urgently), At: noon}
	change.Plan.File = second
	for range 2 {
		if err := o.ChangeBroadcast(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	if b := o.broadcast(id); b.Version != 2 || !b.Urgent || b.File != second || o.audits("broadcast.changed") != 1 {
		t.Errorf("changed: %+v", b)
	}
	if n := o.count("SELECT count(*) FROM files WHERE id = $1 AND state = 'staged'", first); n != 1 {
		t.Error("the first file is not given up")
	}
	stale := change
	stale.Dialog = "c2"
	if err := o.ChangeBroadcast(t.Context(), stale); !errors.Is(err, umkm.ErrChanged) {
		t.Errorf("another version: %v", err)
	}
	stale.Version, stale.Plan.Who.Regions = 2, []umkm.RegionCode{"36.01"}
	if err := o.ChangeBroadcast(t.Context(), stale); !errors.Is(err, umkm.ErrForbidden) {
		t.Errorf("to another region: %v", err)
	}
	o.confirmed(rina, id, umkm.BroadcastScheduled)
	stale.Plan.Who.Regions = []umkm.RegionCode{serang}
	if err := o.ChangeBroadcast(t.Context(), stale); !errors.Is(err, umkm.ErrChanged) {
		t.Errorf("once confirmed: %v", err)
	}
}

func TestTextsAreMendedWhileItRuns(t *testing.T) {
	o := openBroadcasts(t)
	rina := o.officer(900, serang)
	id, m := o.begun(rina)
	c := umkm.BroadcastChange{Dialog: "mend", By: rina, Broadcast: id, Version: 1, Plan: announcement(urgently, to(umkm.Segment{})), At: noon}
	c.Plan.Texts = map[string]string{"id": "Ralat"}
	for range 2 {
		if err := o.ChangeBroadcast(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if b := o.broadcast(id); b.Version != 2 || b.Texts["id"] != "Ralat" || b.Texts["en"] != "" || b.Urgent || len(b.Who.Regions) != 1 {
		t.Errorf("mended: %+v", b)
	}
	o.goOut(m, nil)
	c.Dialog, c.Version = "late", 2
	if err := o.ChangeBroadcast(t.Context(), c); !errors.Is(err, umkm.ErrBegun) {
		t.Errorf("once all is sent: %v", err)
	}
}
