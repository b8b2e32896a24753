package store

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

func (o *office) takeDesk(account int64, kind umkm.CaseKind, topic string, at time.Time) umkm.Case {
	o.t.Helper()
	c, found, err := o.TakeDesk(o.t.Context(), account, kind, topic, at)
	if err != nil || !found {
		o.t.Fatalf("take to the desk: %v, found %v", err, found)
	}
	return c
}

// move is a stage that somebody gives a request as they saw it.
func (o *office) move(account int64, c umkm.Case, state umkm.RequestState, at time.Time) umkm.RequestMove {
	return umkm.RequestMove{
		Dialog: fmt.Sprintf("mov-%d", o.dialog.Add(1)), Account: account, Case: c.ID, Version: c.Version,
		State: state, Stage: "checked", Note: "Catatan rahasia", At: at,
	}
}

func (o *office) version(id string) int {
	o.t.Helper()
	return o.count("SELECT version FROM cases WHERE id = $1", id)
}

func TestRequestsWay(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	b := o.business(1, ciruas)
	id := o.apply(1, b, "halal", noon)
	c := o.takeDesk(rina, umkm.CaseRequest, "", noon)
	if c.ID != id || c.Topic != "halal" || !c.Until.Equal(noon.Add(umkm.DeskLease)) {
		t.Errorf("took %+v", c)
	}
	m := o.move(rina, c, umkm.RequestOpen, noon.Add(time.Hour))
	for range 2 {
		if err := o.MoveRequest(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	c.Version = o.version(id)
	done := o.move(rina, c, umkm.RequestDone, noon.Add(2*time.Hour))
	done.Stage = ""
	for range 2 { // its case is closed by the second time
		if err := o.MoveRequest(t.Context(), done); err != nil {
			t.Fatal(err)
		}
	}
	list := must(o.RequestsOf(t.Context(), 1, b))
	if len(list) != 1 || len(list[0].Steps) != 2 || list[0].Holder != 0 || list[0].Taken {
		t.Fatalf("listed %+v", list)
	}
	r := must(o.RequestFor(t.Context(), 1, id))
	first, last := r.Steps[1], r.Steps[0]
	if r.State != umkm.RequestDone || r.Stage != "checked" || !r.Due.IsZero() || !r.Moved.Equal(noon.Add(2*time.Hour)) || r.Name == "" ||
		len(r.Answers) != 2 || r.Answers[1].Value != "25000000" || len(r.Consents) != 2 ||
		first.Note != "Catatan rahasia" || first.By != "Petugas 900" || first.State != umkm.RequestOpen || last.Stage != "checked" {
		t.Errorf("read %+v", r)
	}
	n := must(o.RequestNotice(t.Context(), last.ID))
	if n.Request != id || n.Programme != "halal" || n.BusinessName != r.Name || n.Step.State != umkm.RequestDone || len(n.Chats) != 1 || n.Chats[0].Chat != 1 {
		t.Errorf("notice %+v", n)
	}
	if o.jobs("notice_request") != 2 || o.audits("request.moved") != 2 || o.count("SELECT count(*) FROM request_steps") != 2 {
		t.Error("jobs, audit rows or steps")
	}
	if n := o.count("SELECT count(*) FROM request_steps WHERE position('rahasia'::bytea in note_sealed) > 0"); n != 0 {
		t.Error("a note is readable")
	}
	o.apply(1, b, "halal", noon.Add(3*time.Hour)) // done: it may be asked for again
	if s := must(o.ProgrammeStates(t.Context()))["halal"]; s.Asked != 2 {
		t.Errorf("%d have a place", s.Asked)
	}
}

func TestMoveIsRefused(t *testing.T) {
	at := noon.Add(time.Hour)
	cases := map[string]struct {
		before func(o *office, m *umkm.RequestMove)
		want   error
	}{
		"not taken": {func(o *office, m *umkm.RequestMove) {
			o.exec("UPDATE cases SET state = 'waiting', holder = NULL, held_until = NULL")
		}, umkm.ErrNotHeld},
		"lease over":         {func(_ *office, m *umkm.RequestMove) { m.At = noon.Add(umkm.DeskLease) }, umkm.ErrNotHeld},
		"another's":          {func(o *office, m *umkm.RequestMove) { m.Account = o.officer(901, serang) }, umkm.ErrNotHeld},
		"no such case":       {func(_ *office, m *umkm.RequestMove) { m.Case = "x" }, umkm.ErrNotHeld},
		"a document's":       {func(o *office, m *umkm.RequestMove) { m.Case = o.submit(1, o.business(1, ciruas), noon) }, umkm.ErrNotHeld},
		"changed":            {func(_ *office, m *umkm.RequestMove) { m.Version-- }, umkm.ErrChanged},
		"cancelled":          {func(o *office, m *umkm.RequestMove) { _ = o.CancelRequest(t.Context(), 1, m.Case, at) }, umkm.ErrClosed},
		"role gone":          {func(o *office, _ *umkm.RequestMove) { o.exec("UPDATE staff_grants SET role = 'reviewer'") }, umkm.ErrForbidden},
		"region gone":        {func(o *office, _ *umkm.RequestMove) { o.exec("UPDATE staff_grants SET region = '36.01'") }, umkm.ErrForbidden},
		"business moved":     {func(o *office, _ *umkm.RequestMove) { o.exec("UPDATE businesses SET village = $1", carita) }, umkm.ErrForbidden},
		"family by now":      {func(o *office, m *umkm.RequestMove) { o.link(900, o.text("SELECT business::text FROM cases")) }, umkm.ErrOwnDocument},
		"no stage":           {func(_ *office, m *umkm.RequestMove) { m.Stage = "" }, umkm.ErrRefused},
		"declined, no note":  {func(_ *office, m *umkm.RequestMove) { m.State, m.Note = umkm.RequestDeclined, "" }, umkm.ErrRefused},
		"cancelled by staff": {func(_ *office, m *umkm.RequestMove) { m.State = umkm.RequestCancelled }, umkm.ErrRefused},
		"no dialog":          {func(_ *office, m *umkm.RequestMove) { m.Dialog = "" }, umkm.ErrRefused},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			rina := o.officer(900, serang)
			o.apply(1, o.business(1, ciruas), "halal", noon)
			m := o.move(rina, o.takeDesk(rina, umkm.CaseRequest, "", noon), umkm.RequestOpen, at)
			c.before(o, &m)
			if err := o.MoveRequest(t.Context(), m); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if n := o.count("SELECT count(*) FROM request_steps WHERE staff IS NOT NULL"); n != 0 || o.jobs("notice_request") != 0 {
				t.Error("something was written")
			}
			gone := errors.Is(c.want, umkm.ErrForbidden) || errors.Is(c.want, umkm.ErrOwnDocument)
			if n := o.audits("case.withdrawn"); (n == 1) != gone {
				t.Errorf("%d cases went back into the queue", n)
			}
			o.checkCounters()
		})
	}
}

func (o *office) text(sql string, args ...any) (s string) {
	o.t.Helper()
	if err := o.pool.QueryRow(o.t.Context(), sql, args...).Scan(&s); err != nil {
		o.t.Fatal(err)
	}
	return s
}

func TestCancelledAndDeclinedGiveTheirPlaceBack(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	b := o.business(1, ciruas)
	full := o.application(2, o.business(2, ciruas), "halal", noon)
	full.Quota = 1
	id := o.apply(1, b, "halal", noon)
	if _, err := o.Apply(t.Context(), full); !errors.Is(err, umkm.ErrProgrammeFull) {
		t.Fatal(err)
	}
	for _, err := range []error{
		o.CancelRequest(t.Context(), 2, id, noon), o.CancelRequest(t.Context(), 1, "x", noon),
		second(o.RequestFor(t.Context(), 2, id)), second(o.RequestFor(t.Context(), 1, "x")), second(o.RequestsOf(t.Context(), 2, b)),
		o.CancelRequest(t.Context(), 1, o.submit(1, b, noon), noon),
	} {
		if !errors.Is(err, umkm.ErrNotYours) {
			t.Errorf("a stranger: %v", err)
		}
	}
	for range 2 {
		if err := o.CancelRequest(t.Context(), 1, id, noon); err != nil {
			t.Fatal(err)
		}
	}
	if r := must(o.RequestFor(t.Context(), 1, id)); r.State != umkm.RequestCancelled || len(r.Steps) != 1 || r.Steps[0].By != "" {
		t.Errorf("cancelled %+v", r)
	}
	r := must(o.Apply(t.Context(), full))
	c := o.takeDesk(rina, umkm.CaseRequest, "halal", noon)
	if c.ID != r.Document {
		t.Fatalf("took %+v", c)
	}
	if err := o.MoveRequest(t.Context(), o.move(rina, c, umkm.RequestDeclined, noon)); err != nil {
		t.Fatal(err)
	}
	if err := o.CancelRequest(t.Context(), 2, c.ID, noon); !errors.Is(err, umkm.ErrClosed) {
		t.Errorf("cancelled what is declined: %v", err)
	}
	if s := must(o.ProgrammeStates(t.Context()))["halal"]; s.Asked != 0 {
		t.Errorf("%d have a place", s.Asked)
	}
	if o.jobs("notice_request") != 1 || o.audits("request.cancelled") != 1 {
		t.Error("jobs or audit rows")
	}
}
