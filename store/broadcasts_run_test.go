package store

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"umkmbot/internal/umkm"
)

func TestBroadcastPausesResumesEnds(t *testing.T) {
	o := openBroadcasts(t)
	rina, far := o.officer(900, serang), o.officer(901, "36.01")
	ctx := t.Context()
	draft := o.written(rina)
	if err := o.PauseBroadcast(ctx, rina, draft, noon); !errors.Is(err, umkm.ErrChanged) {
		t.Errorf("a draft is paused: %v", err)
	}
	id, m := o.begun(rina)
	for name, c := range map[string]struct {
		do    func(by int64) error
		state umkm.MailingState
	}{
		"1 pause":  {func(by int64) error { return o.PauseBroadcast(ctx, by, id, noon) }, umkm.MailingPaused},
		"2 resume": {func(by int64) error { return o.ResumeBroadcast(ctx, by, id, noon) }, umkm.MailingRunning},
		"3 cancel": {func(by int64) error { return o.CancelBroadcast(ctx, by, id, noon) }, umkm.MailingCancelled},
	} {
		if err := c.do(far); !errors.Is(err, umkm.ErrForbidden) {
			t.Errorf("%s by another region's: %v", name, err)
		}
	}
	before := must(o.Figures(ctx, noon))
	if before.Letters[umkm.DeliveryPlanned] == 0 || before.PausedLetters != 0 {
		t.Errorf("of one under way: %+v", before)
	}
	for _, c := range []struct {
		do    func() error
		state umkm.MailingState
	}{
		{func() error { return o.PauseBroadcast(ctx, rina, id, noon) }, umkm.MailingPaused},
		{func() error { return o.ResumeBroadcast(ctx, rina, id, noon) }, umkm.MailingRunning},
		{func() error { return o.CancelBroadcast(ctx, rina, id, noon) }, umkm.MailingCancelled},
	} {
		for range 2 {
			if err := c.do(); err != nil {
				t.Errorf("to %s: %v", c.state, err)
			}
		}
		if got := must(o.Mailing(ctx, m.ID)).State; got != c.state {
			t.Errorf("the mailing is %s, want %s", got, c.state)
		}
		f := must(o.Figures(ctx, noon))
		if paused := f.PausedLetters > 0; paused != (c.state == umkm.MailingPaused) || paused == (f.Letters[umkm.DeliveryPlanned] > 0) {
			t.Errorf("%s, and its letters are %+v, paused %d", c.state, f.Letters, f.PausedLetters)
		}
		if f.LettersLeft() != before.LettersLeft() {
			t.Errorf("%s, and %d letters are left of %d", c.state, f.LettersLeft(), before.LettersLeft())
		}
	}
	if err := o.ResumeBroadcast(ctx, rina, id, noon); !errors.Is(err, umkm.ErrBegun) {
		t.Errorf("a cancelled one goes on: %v", err)
	}
	for _, action := range []string{"broadcast.paused", "broadcast.resumed", "broadcast.cancelled"} {
		if n := o.audits(action); n != 1 {
			t.Errorf("%d rows of %s", n, action)
		}
	}
}

func TestHaltBroadcast(t *testing.T) {
	o := openBroadcasts(t)
	rina := o.officer(900, serang)
	draft := o.written(rina)
	id, m := o.begun(rina)
	for range 2 {
		for _, id := range []string{id, draft} {
			if err := o.HaltBroadcast(t.Context(), id, noon); err != nil {
				t.Fatal(err)
			}
		}
	}
	if state := must(o.Mailing(t.Context(), m.ID)).State; state != umkm.MailingPaused || o.notices(umkm.NoticeHalted, id, 1) != 1 || o.audits("broadcast.paused") != 1 {
		t.Errorf("the mailing is %s, %d notices, %d audit rows", state, o.notices(umkm.NoticeHalted, id, 1), o.audits("broadcast.paused"))
	}
	if n := o.count("SELECT count(*) FROM river_job WHERE kind = 'notice_broadcast'"); n != 1 {
		t.Errorf("%d notices in all", n)
	}
	if err := o.ResumeBroadcast(t.Context(), rina, id, noon); err != nil {
		t.Error(err)
	}
}

func TestShowBroadcastSoon(t *testing.T) {
	o := openOffice(t)
	job := umkm.ShowBroadcast{Chat: 1, Message: 2, Broadcast: "b"}
	ask := func(want int) {
		t.Helper()
		if err := o.ShowBroadcastSoon(t.Context(), job, noon); err != nil {
			t.Fatal(err)
		}
		if n := o.count("SELECT count(*) FROM river_job WHERE kind = 'show_broadcast'"); n != want {
			t.Errorf("%d jobs, want %d", n, want)
		}
	}
	ask(1)
	ask(1)
	if n := o.count("SELECT count(*) FROM river_job WHERE kind = 'show_broadcast' AND scheduled_at = $1", noon); n != 1 {
		t.Errorf("%d jobs from noon on", n)
	}
	o.exec("UPDATE river_job SET state = 'completed', finalized_at = $1", noon)
	ask(2)
	job.Chat = 7 // another officer's
	ask(3)
	job.Message = 3 // in place of the message before
	ask(3)
	if n := o.count("SELECT count(*) FROM river_job WHERE args->>'chat' = '7' AND args->>'message' = '3'"); n != 1 {
		t.Errorf("%d jobs about the newest message", n)
	}
}

func TestCancelBeforeItBegins(t *testing.T) {
	o := openBroadcasts(t)
	rina := o.officer(900, serang)
	id := o.written(rina)
	o.confirmed(rina, id, umkm.BroadcastScheduled)
	for range 2 {
		if err := o.CancelBroadcast(t.Context(), rina, id, noon); err != nil {
			t.Fatal(err)
		}
	}
	o.passes(umkm.BroadcastUndo)
	o.comes(id)
	if b := o.broadcast(id); b.State != umkm.BroadcastCancelled || len(o.mailings(id)) != 0 || o.audits("broadcast.cancelled") != 1 {
		t.Errorf("%+v", b)
	}
	for name, err := range map[string]error{
		"confirm":   func() error { _, err := o.Confirm(t.Context(), rina, id, 1, noon); return err }(),
		"unconfirm": o.Unconfirm(t.Context(), rina, id, noon),
		"pause":     o.PauseBroadcast(t.Context(), rina, id, noon),
		"change":    o.ChangeBroadcast(t.Context(), umkm.BroadcastChange{Dialog: "c", By: rina, Broadcast: id, Version: 1, Plan: announcement(), At: noon}),
	} {
		if !errors.Is(err, umkm.ErrBegun) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestResend(t *testing.T) {
	o := openBroadcasts(t)
	rina := o.officer(900, serang)
	ctx := t.Context()
	resend := func(id string, what umkm.DeliveryState, want int) {
		t.Helper()
		if n, err := o.Resend(ctx, rina, id, what, noon); err != nil || n != want {
			t.Errorf("%s are sent again to %d, %v; want %d", what, n, err, want)
		}
	}
	id, m := o.begun(rina)
	resend(id, umkm.DeliveryFailed, 0) // it is still being sent
	o.goOut(m, map[int64]umkm.DeliveryState{1: umkm.DeliveryFailed, 2: umkm.DeliveryFailed, 3: umkm.DeliveryUncertain})
	if _, err := o.Resend(ctx, rina, id, umkm.DeliverySent, noon); !errors.Is(err, umkm.ErrRefused) {
		t.Errorf("what was sent is sent again: %v", err)
	}
	resend(id, umkm.DeliveryFailed, 2)
	resend(id, umkm.DeliveryFailed, 0)
	resend(id, umkm.DeliveryUncertain, 1)
	all := o.mailings(id)
	if len(all) != 3 || all[1].What != "failed" || all[0].What != "uncertain" {
		t.Fatalf("mailings %+v", all)
	}
	if a, b := o.chatsOf(all[1]), o.chatsOf(all[0]); !slices.Equal(a, []int64{1, 2}) || !slices.Equal(b, []int64{3}) {
		t.Errorf("sent again to %v and %v", a, b)
	}
	o.goOut(all[1], map[int64]umkm.DeliveryState{1: umkm.DeliveryFailed})
	resend(id, umkm.DeliveryFailed, 1)
	resend(id, umkm.DeliveryFailed, 0)
	if n := o.audits("broadcast.resent"); n != 3 {
		t.Errorf("%d audit rows", n)
	}
	rows := must(o.Ledger(ctx, rina, id, 0, 5))
	rows = append(rows, must(o.Ledger(ctx, rina, id, 5, 100))...)
	again := map[umkm.DeliveryState]int{}
	for i, r := range rows {
		if again[r.Again]++; r.N != i+1 || len(r.Number) < 13 || !strings.HasPrefix(string(r.Number), strings.ReplaceAll(string(r.District), ".", "")+"-") || r.At.IsZero() || (r.State == umkm.DeliverySent) != (r.Message > 0) {
			t.Errorf("row %+v", r)
		}
	}
	if len(rows) != 8 || again[""] != 4 || again[umkm.DeliveryFailed] != 3 || again[umkm.DeliveryUncertain] != 1 {
		t.Errorf("%d rows of the ledger, %v", len(rows), again)
	}
	if n := o.audits("broadcast.listed"); n != 1 {
		t.Errorf("%d audit rows of the view", n)
	}
	if _, err := o.Ledger(ctx, o.officer(901, "36.01"), id, 0, 9); !errors.Is(err, umkm.ErrForbidden) {
		t.Errorf("another region's officer reads it: %v", err)
	}
}

func TestResendLeavesOutWhoIsNotReached(t *testing.T) {
	o := openBroadcasts(t)
	rina := o.officer(900, serang)
	id, m := o.begun(rina)
	o.goOut(m, map[int64]umkm.DeliveryState{1: umkm.DeliveryFailed, 2: umkm.DeliveryFailed, 3: umkm.DeliveryFailed, 4: umkm.DeliveryFailed})
	o.exec("UPDATE businesses SET village = $1 WHERE account = 1", carita)
	if err := o.MarkUnreachable(t.Context(), 2, noon); err != nil {
		t.Fatal(err)
	}
	o.exec(`INSERT INTO consents (id, owner, account, purpose, version, language, granted, at)
		SELECT $1, owner, 3, 'messages', 'v1', 'id', false, $2 FROM account_owners WHERE account = 3`, must(newID()), o.now())
	if n := must(o.Resend(t.Context(), rina, id, umkm.DeliveryFailed, noon)); n != 1 || !slices.Equal(o.chatsOf(o.mailings(id)[0]), []int64{4}) {
		t.Errorf("sent again to %d: %v", n, o.chatsOf(o.mailings(id)[0]))
	}
}

func TestBroadcastsAreListed(t *testing.T) {
	o := openBroadcasts(t)
	rina, far, all := o.officer(900, serang), o.officer(901, "36.01"), o.officer(902, banten)
	var ids []string
	for range 3 {
		ids = append(ids, o.written(rina))
	}
	wide := o.written(all, to(umkm.Segment{}))
	list := func(by int64, after string, limit int) (out []string) {
		for _, b := range must(o.BroadcastsOf(t.Context(), by, after, limit)) {
			out = append(out, b.ID)
		}
		return out
	}
	if got := list(rina, "", 2); !slices.Equal(got, []string{ids[2], ids[1]}) {
		t.Errorf("first page %v", got)
	}
	if got := list(rina, ids[1], 2); !slices.Equal(got, ids[:1]) {
		t.Errorf("second page %v", got)
	}
	if got := list(all, "", 9); len(got) != 4 || got[0] != wide {
		t.Errorf("of the province %v", got)
	}
	if got := list(far, "", 9); len(got) != 0 {
		t.Errorf("of another region %v", got)
	}
	if got := list(1, "", 9); len(got) != 0 {
		t.Errorf("of an owner %v", got)
	}
	o.confirmed(rina, ids[0], umkm.BroadcastScheduled)
	o.passes(umkm.BroadcastUndo)
	o.comes(ids[0])
	for month, want := range map[int]int{2: 0, 3: 1, 4: 0} {
		if got := must(o.SentInMonth(t.Context(), wib(1, 0, 0).AddDate(0, month-3, 0))); len(got) != want || want == 1 && len(got[0].Mailings) != 1 {
			t.Errorf("in month %d: %+v", month, got)
		}
	}
}

func TestFileIDIsKept(t *testing.T) {
	o := openBroadcasts(t)
	rina := o.officer(900, serang)
	id := o.written(rina, func(p *umkm.BroadcastPlan) { p.File = o.file(rina, umkm.ScanClean) })
	for _, c := range [][3]string{{"", "AgAD", "AgAD"}, {"", "late", "AgAD"}, {"AgAD", "new", "new"}} {
		if err := o.KeepFileID(t.Context(), id, c[0], c[1]); err != nil || o.broadcast(id).FileID != c[2] {
			t.Errorf("kept %q: %v", o.broadcast(id).FileID, err)
		}
	}
	c := umkm.BroadcastChange{Dialog: "c", By: rina, Broadcast: id, Version: 1, Plan: announcement(), At: noon}
	c.Plan.File = o.file(rina, umkm.ScanClean)
	if err := o.ChangeBroadcast(t.Context(), c); err != nil || o.broadcast(id).FileID != "" {
		t.Errorf("of another file: %q, %v", o.broadcast(id).FileID, err)
	}
}
