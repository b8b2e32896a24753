package store

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// reached fails unless a segment reaches as many chats.
func (o *office) reached(by int64, s umkm.Segment, urgent bool, want umkm.Reached) {
	o.t.Helper()
	if got, err := o.CountReached(o.t.Context(), by, s, urgent, o.now()); err != nil || got != want {
		o.t.Errorf("reached are %+v, %v; want %+v", got, err, want)
	}
}

func TestOneMessageAChat(t *testing.T) {
	o := openBroadcasts(t)
	rina := o.officer(900, banten)
	o.owner(1, kramat)                  // another of the family, by the same account
	o.business(7, ciruas)               // has not agreed
	mine, owner := o.enrol(8, 800, nil) // by two accounts
	again, _ := o.enrol(8, 800, nil)
	o.exec("INSERT INTO accounts (telegram_id, language, reachable_since, created_at, seen_at) VALUES (9, 'en', $1, $1, $1)", noon.Add(time.Hour))
	o.exec("INSERT INTO account_owners VALUES (9, $1, $2)", owner, noon)
	if err := o.MarkUnreachable(t.Context(), 6, o.now()); err != nil {
		t.Fatal(err)
	}
	o.reached(rina, umkm.Segment{}, false, umkm.Reached{People: 6})
	o.reached(rina, umkm.Segment{Regions: []umkm.RegionCode{kramat}}, false, umkm.Reached{People: 3})
	_, m := o.begun(rina, to(umkm.Segment{}))
	if got := o.chatsOf(m); !slices.Equal(got, []int64{1, 2, 3, 4, 5, 9}) {
		t.Errorf("it goes to %v", got)
	}
	if n := o.count("SELECT count(*) FROM deliveries WHERE chat = 9 AND subject = $1 AND language = 'en'", mine); n != 1 {
		t.Errorf("not about the first business %s of %s and %s", mine, owner, again)
	}
	values := must(o.Values(t.Context(), []string{mine.String(), uuid.NewString(), "x"}))
	if len(values) != 1 || values[mine.String()].Owner != "Siti Aminah" || values[mine.String()].Business == "" {
		t.Errorf("values %+v", values)
	}
}

func TestNobodyOfAnotherRegionIsReached(t *testing.T) {
	o := openBroadcasts(t)
	rina, none := o.officer(900, serang), o.reviewer(901, banten)
	list, training := uuid.New(), o.trainingRow()
	o.exec("INSERT INTO segment_lists (id, dialog, created_by, at, taken, unknown, elsewhere, doubled) VALUES ($1, 'l', 900, $2, 0, 0, 0, 0)", list, noon)
	o.exec("INSERT INTO segment_list_numbers SELECT $1, id FROM businesses", list)
	o.exec(`INSERT INTO seats (id, training, owner, business, account, village, sector, cap, untrained, number, state, queue, changed_at)
		SELECT gen_random_uuid(), $1, owner, id, account, village, '', '', true, row_number() OVER (), 'seated', 1, $2 FROM businesses`, training, noon)
	own := []umkm.RegionCode{serang}
	for name, s := range map[string]umkm.Segment{
		"a list with others on it":          {Regions: own, List: list.String()},
		"a training of others":              {Regions: own, Training: training.String()},
		"a list and a training":             {Regions: own, List: list.String(), Training: training.String()},
		"none but the region":               {Regions: own},
		"a district twice, and the regency": {Regions: []umkm.RegionCode{"36.04.05", "36.04.05", serang}},
	} {
		id, m := o.begun(rina, to(s))
		if got := o.chatsOf(m); !slices.Equal(got, []int64{1, 2, 3, 4}) {
			t.Errorf("%s: it goes to %v", name, got)
		}
		o.reached(rina, s, false, umkm.Reached{People: 4})
		if _, err := o.BroadcastFor(t.Context(), none, id); !errors.Is(err, umkm.ErrForbidden) {
			t.Errorf("%s: seen by somebody who is no officer: %v", name, err)
		}
	}
	for name, s := range map[string]umkm.Segment{
		"everybody":        {},
		"another region":   {Regions: []umkm.RegionCode{"36.01"}},
		"one more":         {Regions: []umkm.RegionCode{serang, "36.01"}},
		"a list, no place": {List: list.String()},
		"no region at all": {Regions: []umkm.RegionCode{""}},
	} {
		if _, err := o.CountReached(t.Context(), rina, s, false, noon); !errors.Is(err, umkm.ErrForbidden) {
			t.Errorf("%s is counted: %v", name, err)
		}
		if _, err := o.SampleReached(t.Context(), rina, s, false, noon); !errors.Is(err, umkm.ErrForbidden) {
			t.Errorf("%s is sampled: %v", name, err)
		}
		n := umkm.NewBroadcast{Dialog: name, By: rina, Plan: announcement(to(s)), At: noon}
		if _, err := o.CreateBroadcast(t.Context(), n); !errors.Is(err, umkm.ErrForbidden) {
			t.Errorf("%s is written to: %v", name, err)
		}
	}
}

// Even where what is kept of a broadcast has been forged, nobody is planned who
// lies outside the regions of who confirmed it.
func TestPlanKeepsToTheOfficersRegions(t *testing.T) {
	o := openBroadcasts(t)
	for own, want := range map[umkm.RegionCode]int{serang: 4, "36.04.06": 2, "36.01": 2, banten: 6, "": 0} {
		regions := []umkm.RegionCode{own}
		if own == "" {
			regions = nil
		}
		c := must(o.chatsFor(t.Context(), o.pool, umkm.Segment{}, regions, false, noon))
		err := pgx.BeginFunc(t.Context(), o.pool, func(tx pgx.Tx) error {
			got, err := c.count(t.Context(), tx)
			if got.People != want {
				t.Errorf("of %q: %d, want %d", own, got.People, want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		sql, args := c.left()
		rows, _ := o.pool.Query(t.Context(), sql, args...)
		n := 0
		for rows.Next() {
			n++
		}
		if rows.Err() != nil || n != want {
			t.Errorf("of %q: %d are selected, want %d: %v", own, n, want, rows.Err())
		}
	}
}

func TestRoleLostBeforeItBegins(t *testing.T) {
	for name, who := range map[string]int64{"who confirmed first": 900, "who confirmed as well": 901} {
		t.Run(name, func(t *testing.T) {
			o := openBroadcasts(t)
			o.secondOfficerAbove = 1
			rina, dewi := o.officer(900, serang), o.officer(901, serang)
			o.officer(902, serang)
			id := o.written(902) // and has nothing to do with it any more
			o.confirmed(rina, id, umkm.BroadcastWaiting)
			o.confirmed(dewi, id, umkm.BroadcastScheduled)
			o.exec("UPDATE staff_grants SET region = '36.04.05' WHERE account = $1", who)
			o.exec("DELETE FROM staff_grants WHERE account = 902")
			o.passes(umkm.BroadcastUndo)
			for range 2 {
				o.comes(id)
			}
			b, told := o.broadcast(id), o.notices(umkm.NoticeRevoked, id, 2)
			if b.State != umkm.BroadcastDraft || len(o.mailings(id)) != 0 || o.audits("broadcast.unconfirmed") != 1 || told != 1 {
				t.Errorf("it is %s, %d mailings, %d audit rows, told %d times", b.State, len(o.mailings(id)), o.audits("broadcast.unconfirmed"), told)
			}
		})
	}
}

// What one officer confirmed goes to no more people than one decides on, however
// many have come since.
func TestGrownBeforeItBegins(t *testing.T) {
	o := openBroadcasts(t)
	o.secondOfficerAbove = 4
	rina := o.officer(900, serang)
	id := o.written(rina)
	o.confirmed(rina, id, umkm.BroadcastScheduled)
	o.secondOfficerAbove = 3
	o.passes(umkm.BroadcastUndo)
	for range 2 {
		o.comes(id)
	}
	b, told := o.broadcast(id), o.notices(umkm.NoticeGrown, id, 2)
	if b.State != umkm.BroadcastDraft || len(o.mailings(id)) != 0 || o.audits("broadcast.unconfirmed") != 1 || told != 1 {
		t.Errorf("it is %s, %d mailings, %d audit rows, told %d times", b.State, len(o.mailings(id)), o.audits("broadcast.unconfirmed"), told)
	}
	o.confirmed(rina, id, umkm.BroadcastWaiting)
}

func TestWriterWithoutARoleDoesNotStopIt(t *testing.T) {
	o := openBroadcasts(t)
	rina, dewi := o.officer(900, serang), o.officer(901, serang)
	id := o.written(rina)
	if b := o.confirmed(dewi, id, umkm.BroadcastScheduled); b.Confirmer != "Petugas 901" || b.Author != "Petugas 900" {
		t.Errorf("confirmed %+v", b)
	}
	o.exec("DELETE FROM staff_grants WHERE account = 900")
	o.passes(umkm.BroadcastUndo)
	o.comes(id)
	if len(o.mailings(id)) != 1 {
		t.Error("it did not go out")
	}
	if err := o.PauseBroadcast(t.Context(), rina, id, noon); !errors.Is(err, umkm.ErrForbidden) {
		t.Errorf("paused by somebody who is no officer: %v", err)
	}
}

func TestNobodyIsMeant(t *testing.T) {
	o := openBroadcasts(t)
	rina := o.officer(900, serang)
	id := o.written(rina, to(umkm.Segment{Regions: []umkm.RegionCode{serang}, Sectors: []string{"craft"}}))
	if _, err := o.Confirm(t.Context(), rina, id, 1, noon); !errors.Is(err, umkm.ErrNobody) || o.broadcast(id).State != umkm.BroadcastDraft {
		t.Errorf("confirmed: %v", err)
	}
}

func TestSample(t *testing.T) {
	o := openBroadcasts(t)
	rina := o.officer(900, banten)
	for account := range int64(20) {
		o.owner(100+account, ciruas)
	}
	all := must(o.SampleReached(t.Context(), rina, umkm.Segment{}, false, noon))
	if len(all) != 10 || all[0].Name == "" || all[0].Business == "" || all[0].Language != "id" || all[0].Village == "" {
		t.Errorf("sample %+v", all)
	}
	if later := must(o.SampleReached(t.Context(), rina, umkm.Segment{}, false, noon.Add(time.Second))); slices.Equal(later, all) {
		t.Error("always the same ten")
	}
	few := must(o.SampleReached(t.Context(), rina, umkm.Segment{Regions: []umkm.RegionCode{"36.01"}}, false, noon))
	if len(few) != 2 || few[0].Village != carita {
		t.Errorf("of two: %+v", few)
	}
	if n := o.audits("broadcast.sampled"); n != 3 {
		t.Errorf("%d audit rows", n)
	}
}

func TestShareOfTheWeek(t *testing.T) {
	o := openBroadcasts(t)
	o.broadcastsAWeek = 2
	rina := o.officer(900, serang)
	all := umkm.Segment{Regions: []umkm.RegionCode{serang}}
	_, first := o.begun(rina)
	o.goOut(first, map[int64]umkm.DeliveryState{1: umkm.DeliveryFailed, 2: umkm.DeliveryUncertain})
	_, alarm := o.begun(rina, urgently)
	o.goOut(alarm, nil)
	o.reached(rina, all, false, umkm.Reached{People: 4})
	second, _ := o.begun(rina) // what is still to be sent counts
	o.reached(rina, all, false, umkm.Reached{People: 1, Bounded: 3})
	if plain, urgent := must(o.SampleReached(t.Context(), rina, all, false, noon)), must(o.SampleReached(t.Context(), rina, all, true, noon)); len(plain) != 1 || len(urgent) != 4 {
		t.Errorf("%d are sampled, %d of an urgent one", len(plain), len(urgent))
	}
	o.reached(rina, all, true, umkm.Reached{People: 4})
	_, third := o.begun(rina)
	if got := o.chatsOf(third); !slices.Equal(got, []int64{1}) {
		t.Errorf("the third goes to %v", got)
	}
	if _, err := o.Confirm(t.Context(), rina, o.written(rina), 1, o.now()); !errors.Is(err, umkm.ErrNobody) {
		t.Errorf("a fourth is confirmed: %v", err)
	}
	if _, m := o.begun(rina, urgently); len(o.chatsOf(m)) != 4 {
		t.Errorf("an urgent one goes to %v", o.chatsOf(m))
	}
	// What is not sent any more does not count.
	if err := o.CancelBroadcast(t.Context(), rina, second, o.now()); err != nil {
		t.Fatal(err)
	}
	o.reached(rina, all, false, umkm.Reached{People: 4})
	o.goOut(third, nil)
	o.passes(7 * 24 * time.Hour)
	o.reached(rina, all, false, umkm.Reached{People: 4})
}
