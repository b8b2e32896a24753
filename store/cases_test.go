package store

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

func (o *office) nothingFor(account int64, at time.Time) {
	o.t.Helper()
	if c, found, err := o.TakeCase(o.t.Context(), account, umkm.CaseDocument, at); found || err != nil {
		o.t.Errorf("account %d took %s, %v; nothing is there for them", account, c.ID, err)
	}
}

func TestQueueOrder(t *testing.T) {
	o := openOffice(t)
	b := []string{o.business(1, ciruas), o.business(2, kramat), o.business(3, carita), o.business(4, ciruas)}
	everywhere, regency, districts := o.reviewer(900, banten), o.reviewer(901, serang), o.reviewer(902, "36.04.06", "36.01.05")
	late := o.submit(4, b[3], noon.Add(3*time.Minute))
	third := o.submit(1, b[0], noon.Add(2*time.Minute))
	first := o.submit(2, b[1], noon)
	second := o.submit(3, b[2], noon.Add(time.Minute))
	o.exec("UPDATE cases SET returned = true WHERE id = $1", late)
	queues := map[int64][]string{
		everywhere: {late, first, second, third},
		regency:    {late, first, third},
		districts:  {first, second},
	}
	for account, want := range queues {
		for i, id := range want {
			c := o.take(account, noon.Add(oneHour))
			if c.ID != id {
				t.Errorf("account %d got %s as number %d, want %s", account, c.ID, i+1, id)
			}
			if err := o.ReleaseCase(t.Context(), account, c.ID, true, noon.Add(oneHour)); err != nil {
				t.Fatal(err)
			}
		}
		o.nothingFor(account, noon.Add(oneHour))
	}
	var listed []string
	var after umkm.QueueCursor
	for {
		page := must(o.QueueList(t.Context(), everywhere, umkm.CaseDocument, after, 3))
		if len(page) == 0 {
			break
		}
		for _, i := range page {
			listed, after = append(listed, i.ID), umkm.QueueCursor{Since: i.Since, ID: i.ID}
		}
	}
	if fmt.Sprint(listed) != fmt.Sprint([]string{first, second, third, late}) {
		t.Errorf("listed %v, want what waits longest first", listed)
	}
}

func TestQueueCounts(t *testing.T) {
	o := openOffice(t)
	reviewers := map[string]int64{"36": o.reviewer(900, banten), "36.04": o.reviewer(901, serang), "36.01.05": o.reviewer(902, "36.01.05")}
	for i, village := range []umkm.RegionCode{ciruas, ciruas, kramat, carita} {
		o.submit(int64(i+1), o.business(int64(i+1), village), noon.Add(time.Duration(i)*time.Minute))
	}
	o.take(reviewers["36"], noon.Add(oneHour))
	for region, want := range map[string]string{
		"36":       "36.01 1/0/0 36.04 3/1/2",
		"36.04":    "36.04.05 2/1/2 36.04.06 1/0/0",
		"36.01.05": "36.01.05 1/0/0",
	} {
		got := ""
		for _, c := range must(o.QueueCounts(t.Context(), reviewers[region], umkm.CaseDocument, noon.Add(90*time.Second), noon.Add(oneHour))) {
			got += fmt.Sprintf(" %s %d/%d/%d", c.Region, c.Waiting, c.Held, c.Overdue)
			if c.Topic != "nib" || !c.Oldest.Equal(noon.Add(-12*time.Hour)) {
				t.Errorf("%s: topic %s, oldest %v", region, c.Topic, c.Oldest)
			}
		}
		if got != " "+want {
			t.Errorf("for %s:%s, want waiting/held/overdue %s", region, got, want)
		}
	}
	if _, err := o.QueueCounts(t.Context(), 5, umkm.CaseDocument, noon, noon); !errors.Is(err, umkm.ErrForbidden) {
		t.Errorf("an owner counts the queue: %v", err)
	}
	if _, err := o.QueueList(t.Context(), 5, umkm.CaseDocument, umkm.QueueCursor{}, 5); !errors.Is(err, umkm.ErrForbidden) {
		t.Errorf("an owner lists the queue: %v", err)
	}
	if _, _, err := o.TakeCase(t.Context(), 5, umkm.CaseDocument, noon); !errors.Is(err, umkm.ErrForbidden) {
		t.Errorf("an owner takes a case: %v", err)
	}
}

func TestLeaseEnds(t *testing.T) {
	o := openOffice(t)
	siti, budi := o.reviewer(900, serang), o.reviewer(901, banten)
	doc := o.submit(1, o.business(1, ciruas), noon)
	c := o.take(siti, noon)
	o.nothingFor(budi, noon.Add(14*time.Minute))
	lapse := func(at time.Duration) (int64, time.Duration) {
		t.Helper()
		holder, again, err := o.LapseCase(t.Context(), doc, noon.Add(at))
		if err != nil {
			t.Fatal(err)
		}
		if again.IsZero() {
			return holder, 0
		}
		return holder, again.Sub(noon)
	}
	if holder, again := lapse(10 * time.Minute); holder != 0 || again != 15*time.Minute {
		t.Errorf("while it runs: %d, %v", holder, again)
	}
	if until := must(o.ProlongCase(t.Context(), siti, doc, noon.Add(14*time.Minute))); !until.Equal(noon.Add(29 * time.Minute)) {
		t.Errorf("prolonged until %v", until)
	}
	if holder, again := lapse(15 * time.Minute); holder != 0 || again != 29*time.Minute {
		t.Errorf("prolonged: %d, %v", holder, again)
	}
	if _, err := o.Decide(t.Context(), o.verdict(siti, c, umkm.VerdictApprove, noon.Add(29*time.Minute))); !errors.Is(err, umkm.ErrNotHeld) {
		t.Errorf("decided at the lease's end: %v", err)
	}
	o.now = func() time.Time { return noon.Add(29 * time.Minute) }
	if _, found, err := o.HeldCase(t.Context(), siti); found || err != nil {
		t.Errorf("still in hand: %v", err)
	}
	if holder, again := lapse(29 * time.Minute); holder != siti || again != 0 {
		t.Errorf("over: %d, %v", holder, again)
	}
	if holder, again := lapse(30 * time.Minute); holder != 0 || again != 0 {
		t.Errorf("a second time: %d, %v", holder, again)
	}
	if _, err := o.ProlongCase(t.Context(), siti, doc, noon.Add(30*time.Minute)); !errors.Is(err, umkm.ErrNotHeld) {
		t.Errorf("prolonged what is lost: %v", err)
	}
	if got := o.take(budi, noon.Add(30*time.Minute)); got.ID != doc || got.Version <= c.Version {
		t.Errorf("then %+v", got)
	}
	if o.jobs("case_lapsed") != 2 || o.audits("case.lapsed") != 1 {
		t.Error("jobs or audit rows are missing")
	}
	if err := o.ReleaseCase(t.Context(), siti, doc, false, noon); !errors.Is(err, umkm.ErrNotHeld) {
		t.Errorf("released another's: %v", err)
	}
	if holder, again, err := o.LapseCase(t.Context(), "no id", noon); holder != 0 || !again.IsZero() || err != nil {
		t.Errorf("of no case: %v", err)
	}
}

func TestTakingAgainGivesTheSame(t *testing.T) {
	o := openOffice(t)
	siti := o.reviewer(900, serang)
	b := o.business(1, ciruas)
	doc := o.submit(1, b, noon)
	o.submit(2, o.business(2, ciruas), noon.Add(time.Second))
	first := o.take(siti, noon)
	again := o.take(siti, noon.Add(time.Minute))
	if again.ID != doc || again.Version != first.Version || !again.Until.Equal(noon.Add(16*time.Minute)) {
		t.Errorf("then %+v, first %+v", again, first)
	}
	o.now = func() time.Time { return noon.Add(time.Minute) }
	if held, found, err := o.HeldCase(t.Context(), siti); !found || held.ID != doc || err != nil {
		t.Errorf("in hand %+v, %v", held, err)
	}
	// The business moves to another regency: the case goes with it.
	o.exec("UPDATE businesses SET village = $2 WHERE id = $1", b, carita)
	if c := o.take(siti, noon.Add(2*time.Minute)); c.ID == doc {
		t.Error("a case that has left the person's regions is still theirs")
	}
	if o.audits("case.withdrawn") != 1 {
		t.Error("no audit row of the withdrawal")
	}
}

func TestPassedOverForEightHours(t *testing.T) {
	o := openOffice(t)
	siti, budi := o.reviewer(900, serang), o.reviewer(901, serang)
	doc := o.submit(1, o.business(1, ciruas), noon)
	o.take(siti, noon)
	if err := o.ReleaseCase(t.Context(), siti, doc, true, noon); err != nil {
		t.Fatal(err)
	}
	o.nothingFor(siti, noon.Add(umkm.PassTime-time.Second))
	if c := o.take(budi, noon); c.ID != doc {
		t.Errorf("budi got %s", c.ID)
	}
	if err := o.ReleaseCase(t.Context(), budi, doc, false, noon); err != nil {
		t.Fatal(err)
	}
	if c := o.take(budi, noon); c.ID != doc {
		t.Error("what was put back is not taken again")
	}
	if err := o.ReleaseCase(t.Context(), budi, doc, false, noon); err != nil {
		t.Fatal(err)
	}
	if c := o.take(siti, noon.Add(umkm.PassTime)); c.ID != doc {
		t.Error("eight hours are long")
	}
	if o.audits("case.passed") != 1 || o.audits("case.released") != 2 {
		t.Error("audit rows")
	}
}

// link has an account act for the owner of a business.
func (o *office) link(account int64, business string) {
	o.exec(`INSERT INTO accounts (telegram_id, language, reachable_since, created_at, seen_at) VALUES ($1, 'id', $2, $2, $2)
		ON CONFLICT DO NOTHING`, account, noon)
	o.exec(`INSERT INTO account_owners SELECT $1, owner, $3 FROM businesses WHERE id = $2 ON CONFLICT DO NOTHING`, account, business, noon)
}

func TestNobodyLooksAtTheirOwnFamily(t *testing.T) {
	cases := map[string]func(o *office) (reviewer int64, document string){
		"handed in by the reviewer": func(o *office) (int64, string) {
			b := o.business(1, ciruas)
			return 1, o.submit(1, b, noon)
		},
		"of an owner whom the reviewer acts for": func(o *office) (int64, string) {
			b := o.business(1, ciruas)
			o.link(2, b)
			return 2, o.submit(1, b, noon)
		},
		"handed in by somebody who acts for the reviewer's family": func(o *office) (int64, string) {
			shared, b := o.business(3, kramat), o.business(1, ciruas)
			o.link(1, shared)
			return 3, o.submit(1, b, noon)
		},
	}
	for name, arrange := range cases {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			account, doc := arrange(o)
			o.reviewer(account, banten)
			o.nothingFor(account, noon)
			o.exec("UPDATE cases SET holder = $2, held_until = $3 WHERE id = $1", doc, account, noon.Add(oneHour))
			d := o.verdict(account, umkm.Case{ID: doc, Version: 1}, umkm.VerdictReject, noon)
			if _, err := o.Decide(t.Context(), d); !errors.Is(err, umkm.ErrOwnDocument) {
				t.Errorf("decided: %v", err)
			}
			stranger := o.reviewer(77, banten)
			o.exec("UPDATE cases SET holder = NULL, held_until = NULL")
			if c := o.take(stranger, noon); c.ID != doc {
				t.Errorf("a stranger got %s", c.ID)
			}
		})
	}
}

func TestRoleTakenAwayWhileReviewing(t *testing.T) {
	for name, sql := range map[string]string{
		"role":          "DELETE FROM staff_grants WHERE account = 900",
		"other role":    "UPDATE staff_grants SET role = 'officer' WHERE account = 900",
		"other regency": "UPDATE staff_grants SET region = '36.01' WHERE account = 900",
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			siti := o.reviewer(900, serang)
			doc := o.submit(1, o.business(1, ciruas), noon)
			c := o.take(siti, noon)
			o.exec(sql)
			at := noon.Add(time.Minute)
			if _, err := o.Decide(t.Context(), o.verdict(siti, c, umkm.VerdictApprove, at)); !errors.Is(err, umkm.ErrForbidden) {
				t.Errorf("decided: %v", err)
			}
			if _, err := o.Sheet(t.Context(), siti, doc, at); !errors.Is(err, umkm.ErrForbidden) {
				t.Errorf("saw it: %v", err)
			}
			if o.count("SELECT count(*) FROM reviews") != 0 || o.audits("document.viewed") != 0 {
				t.Error("something was written")
			}
			if _, err := o.ProlongCase(t.Context(), siti, doc, at); !errors.Is(err, umkm.ErrForbidden) {
				t.Errorf("prolonged: %v", err)
			}
			if c := o.take(o.reviewer(901, serang), at); c.ID != doc {
				t.Error("the case is not back in the queue")
			}
		})
	}
}
