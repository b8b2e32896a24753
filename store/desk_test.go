package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// noDesk fails unless nothing of a kind is there for a person.
func (o *office) noDesk(account int64, kind umkm.CaseKind, topic string) {
	o.t.Helper()
	if c, found, err := o.TakeDesk(o.t.Context(), account, kind, topic, noon); found || err != nil {
		o.t.Errorf("account %d took %s, %v", account, c.ID, err)
	}
}

// TestDeskTakesByRoleTopicAndRegion: each request waits for the role that
// handles its programme, where the person has that very role.
func TestDeskTakesByRoleTopicAndRegion(t *testing.T) {
	o := openOffice(t)
	rina, siti := o.officer(900, serang), o.reviewer(901, serang)
	both, boss := o.officer(902, "36.04.06"), o.reviewer(903)
	o.exec("INSERT INTO staff_grants (account, role, region, at) VALUES (902, 'reviewer', '36.01', $1), (903, 'admin', '36', $1)", noon)
	here, there, far := o.business(1, ciruas), o.business(2, kramat), o.business(3, carita)
	halal := o.apply(1, here, "halal", noon)
	kur := o.apply(1, here, "kur", noon.Add(-time.Minute))
	second := o.apply(2, there, "halal", noon.Add(time.Minute))
	review := func(account int64, business string) string {
		a := o.application(account, business, "nib", noon)
		a.Handler = umkm.RoleReviewer
		return must(o.Apply(t.Context(), a)).Document
	}
	nib, farNIB := review(1, here), review(3, far)
	o.noDesk(siti, umkm.CaseRequest, "halal")
	o.noDesk(both, umkm.CaseRequest, "kur")
	for i, take := range []struct {
		who         int64
		topic, want string
	}{
		{rina, "halal", halal}, {rina, "", kur}, {both, "halal", second}, {both, "", farNIB}, {siti, "nib", nib},
	} {
		if c := o.takeDesk(take.who, umkm.CaseRequest, take.topic, noon); c.ID != take.want {
			t.Errorf("take %d: %s of %s, want %s", i, c.ID, c.Topic, take.want)
		}
	}
	o.noDesk(boss, umkm.CaseRequest, "")
	if desk := must(o.DeskOf(t.Context(), rina, umkm.QueueCursor{}, 10)); len(desk) != 2 || desk[0].ID != kur || desk[1].ID != halal {
		t.Errorf("on the desk %+v", desk)
	}
	for _, err := range []error{
		second2(o.TakeDesk(t.Context(), 7, umkm.CaseRequest, "", noon)), second2(o.TakeDesk(t.Context(), siti, umkm.CaseTicket, "", noon)),
	} {
		if !errors.Is(err, umkm.ErrForbidden) {
			t.Errorf("without the role: %v", err)
		}
	}
	if _, _, err := o.TakeDesk(t.Context(), rina, umkm.CaseDocument, "", noon); !errors.Is(err, umkm.ErrRefused) {
		t.Errorf("a document on a desk: %v", err)
	}
	o.checkCounters()
}

func second2[A, B any](_ A, _ B, err error) error { return err }

// TestDeskQueueIsCounted counts and lists what waits for several roles, with
// cases that have no district and no regency.
func TestDeskQueueIsCounted(t *testing.T) {
	o := openOffice(t)
	boss, rina, budi := o.reviewer(900), o.officer(901, serang), o.officer(902, "36.04.05")
	o.exec("INSERT INTO staff_grants (account, role, region, at) VALUES (900, 'admin', '36', $1), (901, 'reviewer', '36.04', $1)", noon)
	tickets := map[umkm.RegionCode]string{}
	for i, village := range []umkm.RegionCode{"", "36.04", "36.04.05", ciruas} {
		n := o.ticket(int64(10+i), noon.Add(time.Duration(i)*time.Minute))
		n.Village = village
		tickets[village] = o.open(n)
	}
	for i, handler := range []umkm.Role{umkm.RoleOfficer, umkm.RoleReviewer} {
		a := o.application(int64(i+1), o.business(int64(i+1), ciruas), "halal", noon.Add(time.Duration(i)*time.Hour))
		a.Handler = handler
		must(o.Apply(t.Context(), a))
	}
	for _, want := range []struct {
		who    int64
		kind   umkm.CaseKind
		counts string
		listed int
	}{
		{boss, umkm.CaseTicket, " 36 help 1/1 36.04 help 3/1", 4},
		{rina, umkm.CaseTicket, " 36.04 help 1/1 36.04.05 help 2/0", 3},
		{budi, umkm.CaseTicket, " 36.04.05 help 2/0", 2},
		{boss, umkm.CaseRequest, " 36.04 halal 2/1", 2},
		{rina, umkm.CaseRequest, " 36.04.05 halal 2/1", 2},
		{budi, umkm.CaseRequest, " 36.04.05 halal 1/1", 1},
	} {
		got := ""
		for _, c := range must(o.QueueCounts(t.Context(), want.who, want.kind, noon.Add(90*time.Second), noon.Add(oneHour))) {
			got += fmt.Sprintf(" %s %s %d/%d", c.Region, c.Topic, c.Waiting, c.Overdue)
		}
		if got != want.counts {
			t.Errorf("%d counts %s:%s, want%s", want.who, want.kind, got, want.counts)
		}
		if list := must(o.QueueList(t.Context(), want.who, want.kind, umkm.QueueCursor{}, 10)); len(list) != want.listed {
			t.Errorf("%d lists %d of %s, want %d", want.who, len(list), want.kind, want.listed)
		}
	}
	list := must(o.QueueListOf(t.Context(), boss, umkm.CaseTicket, "help", "36.04.05", umkm.QueueCursor{}, 1))
	if len(list) != 1 || list[0].ID != tickets["36.04.05"] || list[0].BusinessName != "" {
		t.Errorf("listed %+v", list)
	}
	after := umkm.QueueCursor{Since: list[0].Since, ID: list[0].ID}
	if list = must(o.QueueListOf(t.Context(), boss, umkm.CaseTicket, "help", "36.04.05", after, 5)); len(list) != 1 || list[0].ID != tickets[ciruas] {
		t.Errorf("then %+v", list)
	}
	if list = must(o.QueueListOf(t.Context(), boss, umkm.CaseTicket, "complaint", "", umkm.QueueCursor{}, 5)); len(list) != 0 {
		t.Errorf("complaints %+v", list)
	}
	o.checkCounters()
}

func TestTakeThis(t *testing.T) {
	o := openOffice(t)
	rina, budi, ani := o.officer(900, serang), o.officer(901, serang), o.officer(902, "36.01")
	id := o.apply(1, o.business(1, ciruas), "halal", noon)
	mine := o.apply(901, o.business(901, kramat), "halal", noon)
	doc := o.submit(2, o.business(2, ciruas), noon)
	c := must(o.TakeThis(t.Context(), rina, id, noon))
	again := must(o.TakeThis(t.Context(), rina, id, noon.Add(time.Hour)))
	if c.ID != id || again.Version != c.Version || !again.Until.Equal(c.Until) {
		t.Errorf("took %+v, then %+v", c, again)
	}
	for name, try := range map[string]struct {
		who  int64
		id   string
		want error
	}{
		"another's": {budi, id, umkm.ErrChanged}, "elsewhere": {ani, mine, umkm.ErrForbidden}, "no staff": {7, mine, umkm.ErrForbidden},
		"their own": {budi, mine, umkm.ErrOwnDocument}, "a document": {rina, doc, umkm.ErrNotHeld}, "nothing": {rina, "x", umkm.ErrNotHeld},
	} {
		if _, err := o.TakeThis(t.Context(), try.who, try.id, noon); !errors.Is(err, try.want) {
			t.Errorf("%s: %v, want %v", name, err, try.want)
		}
	}
	if err := o.ReleaseDesk(t.Context(), budi, id, noon); !errors.Is(err, umkm.ErrNotHeld) {
		t.Errorf("released another's: %v", err)
	}
	if err := o.ReleaseDesk(t.Context(), rina, id, noon); err != nil {
		t.Fatal(err)
	}
	must(o.TakeThis(t.Context(), budi, id, noon))
	if err := o.CancelRequest(t.Context(), 1, id, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := o.TakeThis(t.Context(), rina, id, noon); !errors.Is(err, umkm.ErrClosed) {
		t.Errorf("took what is cancelled: %v", err)
	}
	o.checkCounters()
}

func TestDeskIsPaged(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang, "36.01")
	want := []string{}
	for i := range 7 {
		village := []umkm.RegionCode{ciruas, carita}[i%2]
		want = append(want, o.apply(int64(i+1), o.business(int64(i+1), village), "halal", noon.Add(time.Duration(i/2)*time.Minute)))
	}
	for range want {
		o.takeDesk(rina, umkm.CaseRequest, "", noon)
	}
	read := func() (got []string) {
		var after umkm.QueueCursor
		for {
			page := must(o.DeskOf(t.Context(), rina, after, 2))
			if len(page) == 0 {
				return got
			}
			for _, i := range page {
				got, after = append(got, i.ID), umkm.QueueCursor{Since: i.Since, ID: i.ID}
			}
		}
	}
	if got := read(); !slices.Equal(got, want) {
		t.Errorf("listed %v, want %v", got, want)
	}
	o.say(2, want[1], false, "Halo", noon)
	o.exec("DELETE FROM staff_grants WHERE region = '36.04'")
	if got := read(); !slices.Equal(got, []string{want[1], want[3], want[5]}) {
		t.Errorf("of what is left to them: %v", got)
	}
	first := must(o.DeskOf(t.Context(), rina, umkm.QueueCursor{}, 1))[0]
	if !first.Unanswered || first.Overdue || first.Due.IsZero() || first.BusinessName == "" || first.Stage != "" {
		t.Errorf("first %+v", first)
	}
	if _, err := o.DeskOf(t.Context(), rina, umkm.QueueCursor{ID: "x"}, 1); err == nil {
		t.Error("a cursor of nothing")
	}
}

// TestDeskIsClearedWhenARoleGoes: what a change of roles leaves out of reach
// goes back into the queue by a job, before anybody acts.
func TestDeskIsClearedWhenARoleGoes(t *testing.T) {
	o := openOffice(t)
	boss, rina := o.reviewer(899), o.officer(900, serang, "36.01")
	o.exec("INSERT INTO staff_grants (account, role, region, at) VALUES (899, 'admin', '36', $1)", noon)
	here, there := o.apply(1, o.business(1, ciruas), "halal", noon), o.apply(2, o.business(2, carita), "halal", noon)
	for range 2 {
		o.takeDesk(rina, umkm.CaseRequest, "", noon)
	}
	leases := o.jobs("case_lapsed")
	if err := o.ChangeStaff(t.Context(), boss, rina, []umkm.Grant{{Role: umkm.RoleOfficer, Region: "36.01"}}, noon); err != nil {
		t.Fatal(err)
	}
	if n := o.jobs("case_lapsed") - leases; n != 1 {
		t.Fatalf("%d jobs, want one of the case out of reach", n)
	}
	for _, id := range []string{here, there} {
		holder, again, err := o.LapseCase(t.Context(), id, noon.Add(time.Minute))
		if err != nil || holder != 0 || again.IsZero() != (id == here) {
			t.Errorf("lapse: %d, %v, %v", holder, again, err)
		}
	}
	if c := o.takeDesk(o.officer(901, serang), umkm.CaseRequest, "", noon); c.ID != here {
		t.Errorf("a colleague took %+v", c)
	}
	if err := o.RemoveStaff(t.Context(), boss, rina, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := o.DeskSheet(t.Context(), rina, there, noon); !errors.Is(err, umkm.ErrForbidden) {
		t.Errorf("saw it: %v", err)
	}
	if o.audits("case.withdrawn") != 2 || o.audits("request.viewed") != 0 {
		t.Error("audit rows")
	}
	o.checkCounters()
}

// TestDeskFollowsTheBusiness: who moves takes what was asked for along.
func TestDeskFollowsTheBusiness(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	b := o.business(1, ciruas)
	id := o.apply(1, b, "halal", noon)
	o.takeDesk(rina, umkm.CaseRequest, "", noon)
	leases := o.jobs("case_lapsed")
	for i, village := range []umkm.RegionCode{ciruas, kramat, carita} {
		owner, profile, err := o.Recorded(t.Context(), 1, b)
		if err != nil {
			t.Fatal(err)
		}
		profile.Village, profile.Product = village, fmt.Sprint("Keripik ", i)
		r := umkm.Registration{Dialog: fmt.Sprint("move-", i), Account: 1, Language: "id", At: noon, Owner: owner, Business: profile}
		if !must(o.Change(t.Context(), b, r)) {
			t.Fatal("nothing has changed")
		}
		if n := o.jobs("case_lapsed") - leases; n != i {
			t.Errorf("to %s: %d looks at the desk, want %d", village, n, i)
		}
		_, again, err := o.LapseCase(t.Context(), id, noon)
		if err != nil || again.IsZero() != (village == carita) {
			t.Errorf("in %s: again %v, %v", village, again, err)
		}
	}
	if c := o.takeDesk(o.officer(901, "36.01.05"), umkm.CaseRequest, "", noon); c.ID != id {
		t.Errorf("a colleague took %+v", c)
	}
	o.checkCounters()
}

func TestDeskLeaseEnds(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	id := o.apply(1, o.business(1, ciruas), "halal", noon)
	o.takeDesk(rina, umkm.CaseRequest, "", noon)
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	o.say(rina, id, true, "Mohon foto produk", day(3)) // doing something prolongs
	if holder, again, err := o.LapseCase(t.Context(), id, day(7)); holder != 0 || !again.Equal(day(10)) || err != nil {
		t.Errorf("prolonged: %d, %v, %v", holder, again, err)
	}
	if until := must(o.ProlongCase(t.Context(), rina, id, day(4))); !until.Equal(day(11)) {
		t.Errorf("until %v", until)
	}
	o.now = func() time.Time { return day(4) }
	if _, held, err := o.HeldCase(t.Context(), rina); held || err != nil {
		t.Errorf("what lies on the desk is in hand: %v", err)
	}
	if holder, _, err := o.LapseCase(t.Context(), id, day(11)); holder != rina || err != nil {
		t.Errorf("over: %d, %v", holder, err)
	}
	if c := o.takeDesk(o.officer(901, serang), umkm.CaseRequest, "", day(11)); c.ID != id {
		t.Errorf("then %+v", c)
	}
	if o.audits("case.lapsed") != 1 {
		t.Error("audit rows")
	}
}
