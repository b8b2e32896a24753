package store

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// seenAt is when an account was heard of last, by its record and by reach.
func (o *office) seenAt(account int64) time.Time {
	o.t.Helper()
	var at, reach time.Time
	err := o.pool.QueryRow(o.t.Context(), "SELECT a.seen_at, r.seen_at FROM accounts a JOIN reach r ON r.chat = a.telegram_id WHERE a.telegram_id = $1", account).Scan(&at, &reach)
	if err != nil {
		o.t.Fatal(err)
	}
	if !at.Equal(reach) {
		o.t.Errorf("account %d was seen at %s, by reach at %s", account, at, reach)
	}
	return at
}

func TestSeenOnceADay(t *testing.T) {
	o := openOffice(t)
	s := o.Seen()
	flush := func() {
		t.Helper()
		if err := s.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	o.owner(1, ciruas)
	o.owner(2, ciruas)
	for _, c := range []struct {
		at, want time.Time
		why      string
	}{
		{wib(2, 23, 59), noon, "on the day of the registration"},
		{wib(3, 0, 0), wib(3, 0, 0), "the first of the next day"},
		{wib(3, 20, 0), wib(3, 0, 0), "later on that day"},
		{wib(2, 20, 0), wib(3, 0, 0), "a day before, late"},
		{wib(5, 8, 30), wib(5, 8, 30), "two days later"},
	} {
		s.Note(1, c.at)
		s.Note(77, c.at) // has no record, and gets none
		flush()
		if got := o.seenAt(1); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
	}
	if got := o.seenAt(2); !got.Equal(noon) {
		t.Errorf("another account: %s", got)
	}
	if n := o.count("SELECT count(*) FROM accounts"); n != 2 {
		t.Errorf("%d accounts", n)
	}
}

// Who waited while the database was away is written afterwards.
func TestSeenOutlivesAnOutage(t *testing.T) {
	o := openOffice(t)
	o.owner(1, ciruas)
	o.exec("ALTER TABLE accounts RENAME TO gone")
	o.Seen().Note(1, wib(3, 8, 0))
	if err := o.Seen().Flush(t.Context()); err == nil {
		t.Error("written into nothing")
	}
	o.exec("ALTER TABLE gone RENAME TO accounts")
	if err := o.Seen().Flush(t.Context()); err != nil || !o.seenAt(1).Equal(wib(3, 8, 0)) {
		t.Errorf("seen at %s: %v", o.seenAt(1), err)
	}
}

func TestSeenByTwoReplicasWhileRecordsChange(t *testing.T) {
	o := openOffice(t)
	o.owners(40, ciruas, kramat)
	var wg sync.WaitGroup
	for range 2 {
		replica := openSeen(o.pool, quiet, time.Hour)
		defer replica.close()
		wg.Go(func() {
			for day := range 5 {
				for _, i := range rand.Perm(40) {
					replica.Note(int64(i+1), wib(3+day, 8, 0))
				}
				if err := replica.Flush(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range 60 {
		if err := o.Unsubscribe(t.Context(), int64(i%40+1), "id", noon.Add(time.Minute)); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
	if n := o.count("SELECT count(*) FROM reach r JOIN accounts a ON a.telegram_id = r.chat WHERE r.seen_at = a.seen_at AND r.seen_at = $1 AND NOT r.messages", wib(7, 8, 0)); n != 40 {
		t.Errorf("%d of 40 are as they should be", n)
	}
}

func TestUnsubscribe(t *testing.T) {
	o := openBroadcasts(t)
	rina := o.officer(900, banten)
	o.owner(1, kramat)    // another of the family, who agreed
	o.business(1, ciruas) // and one who has not
	say := func(subscribe bool, at time.Time, want int) {
		t.Helper()
		do := o.Unsubscribe
		if subscribe {
			do = o.Subscribe
		}
		for range 2 {
			if err := do(t.Context(), 1, "id", at); err != nil {
				t.Fatal(err)
			}
		}
		if n := o.count("SELECT count(*) FROM reach WHERE chat = 1 AND messages"); n != want {
			t.Errorf("%d businesses of the account may be told of, want %d", n, want)
		}
	}
	var own string
	if err := o.pool.QueryRow(t.Context(), "SELECT min(business::text) FROM reach WHERE chat = 1 AND messages").Scan(&own); err != nil {
		t.Fatal(err)
	}
	named := func() int { return len(must(o.Values(t.Context(), []string{own}))) }
	before := named()
	say(false, noon.Add(time.Hour), 0)
	if after := named(); before != 1 || after != 0 {
		t.Errorf("what is being sent has values for %d before, for %d after", before, after)
	}
	o.reached(rina, umkm.Segment{}, false, umkm.Reached{People: 5})
	say(true, noon.Add(2*time.Hour), 2)
	o.reached(rina, umkm.Segment{}, false, umkm.Reached{People: 6})
	if g, w := o.audits("consent.given"), o.audits("consent.withdrawn"); g != 2 || w != 2 {
		t.Errorf("%d and %d audit rows", g, w)
	}
	if n := o.count("SELECT count(*) FROM consents WHERE purpose = 'messages' AND version = 'v1' AND account = 1 AND language = 'id'"); n != 4 {
		t.Errorf("%d consents", n)
	}
	// Where nobody of the account has ever agreed, they do now.
	o.business(30, ciruas)
	if err := o.Subscribe(t.Context(), 30, "id", noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	o.reached(rina, umkm.Segment{}, false, umkm.Reached{People: 7})
}
