package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

func TestRegionsAround(t *testing.T) {
	for place, want := range map[umkm.RegionCode][]umkm.RegionCode{
		"36": {"36"}, "36.04": {"36.04", "36"}, "36.04.05": {"36.04.05", "36.04", "36"}, ciruas: {ciruas, "36.04.05", "36.04", "36"},
	} {
		if got := regionsAround(place); !slices.Equal(got, want) {
			t.Errorf("around %s: %v", place, got)
		}
	}
}

func TestHandOver(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	district, regency, province := o.officer(901, "36.04.05"), o.officer(902, serang), o.officer(903, banten)
	family, shared, opener, elsewhere, reviewer := o.officer(904, banten), o.officer(905, banten), o.officer(1, banten), o.officer(906, "36.01"), o.reviewer(907, banten)
	boss := o.reviewer(908)
	o.exec("INSERT INTO staff_grants (account, role, region, at) VALUES (908, 'admin', '36', $1)", noon)
	b := o.business(1, ciruas)
	o.link(family, b)
	o.link(shared, o.business(1, kramat)) // of another owner whom the opener acts for, too
	id := o.apply(1, b, "halal", noon)
	if _, err := o.Colleagues(t.Context(), rina, id); !errors.Is(err, umkm.ErrNotHeld) {
		t.Errorf("of what is not theirs: %v", err)
	}
	c := o.takeDesk(rina, umkm.CaseRequest, "", noon)
	got := ""
	for _, who := range must(o.Colleagues(t.Context(), rina, id)) {
		got += fmt.Sprintf(" %d", who.Account)
	}
	if want := fmt.Sprintf(" %d %d %d %d", district, regency, province, boss); got != want {
		t.Errorf("colleagues%s, want%s", got, want)
	}
	for name, to := range map[string]int64{
		"family": family, "who shares an owner with the opener": shared, "the opener": opener, "elsewhere": elsewhere,
		"another role": reviewer, "no staff": 7, "oneself": rina,
	} {
		if err := o.HandOver(t.Context(), rina, id, to, "", noon); !errors.Is(err, umkm.ErrNoColleague) {
			t.Errorf("to %s: %v", name, err)
		}
	}
	if err := o.HandOver(t.Context(), regency, id, rina, "", noon); !errors.Is(err, umkm.ErrNotHeld) {
		t.Errorf("by another: %v", err)
	}
	if err := o.HandOver(t.Context(), rina, id, district, "Tolong, Bu", noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := o.MoveRequest(t.Context(), o.move(rina, c, umkm.RequestOpen, noon.Add(time.Hour))); !errors.Is(err, umkm.ErrNotHeld) {
		t.Errorf("moved what was handed over: %v", err)
	}
	sheet := must(o.DeskSheet(t.Context(), district, id, noon.Add(time.Hour)))
	if sheet.Case.Holder != district || len(sheet.Messages) != 1 || sheet.Messages[0].Event != umkm.EventHandedOver || sheet.Messages[0].Text != "Tolong, Bu" {
		t.Errorf("sheet %+v", sheet)
	}
	if n := must(o.MessageFor(t.Context(), sheet.Messages[0].ID)); len(n.Chats) != 1 || n.Chats[0].Chat != district || n.Message.Author != "Petugas 900" {
		t.Errorf("told %+v", n)
	}
	if got := must(o.Messages(t.Context(), 1, id, "", 10)); len(got) != 0 {
		t.Errorf("the owner reads the note: %+v", got)
	}
	if o.audits("case.handed_over") != 1 || o.jobs("notice_message") != 1 {
		t.Error("audit rows or jobs")
	}
}

func TestThreadIsPaged(t *testing.T) {
	o := openOffice(t)
	id := o.open(o.ticket(7, noon))
	want := []string{}
	for i := range 5 {
		want = append(want, o.say(7, id, false, fmt.Sprint(i), noon.Add(time.Duration(i/2)*time.Minute)))
	}
	slices.Reverse(want)
	var got []string
	after := ""
	for {
		page := must(o.Messages(t.Context(), 7, id, after, 2))
		if len(page) == 0 {
			break
		}
		for _, m := range page {
			got, after = append(got, m.ID), m.ID
		}
	}
	if len(got) != 6 || !slices.Equal(got[:3], want[:3]) {
		t.Errorf("read %v, want %v and the first", got, want)
	}
	if page, err := o.Messages(t.Context(), 7, id, "x", 2); page != nil || err != nil {
		t.Errorf("behind nothing: %v, %v", page, err)
	}
}

func TestOverdue(t *testing.T) {
	o := openOffice(t)
	rina, budi := o.officer(900, serang), o.officer(901, serang)
	boss := o.reviewer(902)
	o.officer(903, "36.01")
	o.exec("INSERT INTO staff_grants (account, role, region, at) VALUES (902, 'admin', '36', $1)", noon)
	request, ticket, answered := o.apply(1, o.business(1, ciruas), "halal", noon), o.open(o.ticket(7, noon)), o.open(o.ticket(8, noon))
	o.link(budi, o.text("SELECT id::text FROM businesses"))
	look := func(id string, at time.Time, want time.Duration) {
		t.Helper()
		again, err := o.CaseOverdue(t.Context(), id, at)
		if err != nil || (want == 0) != again.IsZero() || want != 0 && !again.Equal(noon.Add(want)) {
			t.Errorf("look at %v: again %v, %v", at, again, err)
		}
	}
	told := func(id string) (chats []int64) {
		t.Helper()
		n := must(o.OverdueNotice(t.Context(), id))
		for _, c := range n.Chats {
			chats = append(chats, c.Chat)
		}
		return chats
	}
	look(request, noon.Add(71*time.Hour), 72*time.Hour)
	if got := told(request); got != nil || o.jobs("notice_overdue") != 0 {
		t.Errorf("before its time: %v", got)
	}
	o.takeDesk(rina, umkm.CaseTicket, "", noon)
	must(o.TakeThis(t.Context(), budi, answered, noon))
	o.say(budi, answered, true, "Baik", noon.Add(time.Hour))
	for range 2 {
		for _, id := range []string{request, ticket, answered, "x"} {
			look(id, noon.Add(72*time.Hour), 0)
		}
	}
	if o.jobs("notice_overdue") != 2 || o.audits("case.overdue") != 2 {
		t.Errorf("%d jobs, %d audit rows; want two each", o.jobs("notice_overdue"), o.audits("case.overdue"))
	}
	if got := told(request); !slices.Equal(got, []int64{rina, budi, boss}) {
		t.Errorf("of what nobody has %v are told", got)
	}
	if got := told(ticket); !slices.Equal(got, []int64{rina}) {
		t.Errorf("of what is on a desk %v are told", got)
	}
	if desk := must(o.DeskOf(t.Context(), rina, umkm.QueueCursor{}, 5)); !desk[0].Overdue {
		t.Errorf("desk %+v", desk)
	}
	o.say(rina, ticket, true, "Maaf, terlambat", noon.Add(73*time.Hour))
	if got := told(ticket); got != nil || o.count("SELECT count(*) FROM cases WHERE overdue_at IS NOT NULL") != 1 {
		t.Errorf("answered, but %v are told", got)
	}
	// What the owner writes then is due anew.
	next := o.saying(7, ticket, false, "Terima kasih. Lalu?", noon.Add(74*time.Hour))
	next.Due = noon.Add(98 * time.Hour)
	must(o.Say(t.Context(), next))
	look(ticket, noon.Add(98*time.Hour), 0)
	if o.jobs("notice_overdue") != 3 {
		t.Error("the second question is never overdue")
	}
	if err := second(o.OverdueNotice(t.Context(), "x")); !errors.Is(err, umkm.ErrNotYours) {
		t.Errorf("of nothing: %v", err)
	}
	if err := o.CancelRequest(t.Context(), 1, request, noon.Add(100*time.Hour)); err != nil || told(request) != nil {
		t.Errorf("cancelled: %v", err)
	}
}
