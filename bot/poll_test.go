package bot

import (
	"encoding/json"
	"errors"
	"testing"
	"time"
)

// at is a poller of a bot whose clock the test moves.
func at(now *time.Time) *poller {
	return &poller{bot: &Bot{now: func() time.Time { return *now }}, tasks: map[int64]bool{}, moved: make(chan struct{}, 1)}
}

// The offset passes only the contiguous run of updates that are through.
func TestOffset(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	p := at(&now)
	for _, id := range []int64{10, 11, 13} { // 12 was filtered out by Telegram
		if !p.admit(id) {
			t.Fatalf("%d is not taken", id)
		}
	}
	if p.admit(11) {
		t.Error("an update in hand is taken again")
	}
	p.through(11, nil)
	if p.next() != 10 {
		t.Errorf("offset %d while 10 is in hand", p.next())
	}
	p.through(10, errors.New("not yet"))
	if p.next() != 10 {
		t.Errorf("offset %d though 10 failed", p.next())
	}
	p.through(10, nil)
	p.through(13, nil)
	if p.next() != 14 || p.admit(13) {
		t.Errorf("offset %d after all were through", p.next())
	}
}

// After a week without updates Telegram may start a new, lower run of ids.
func TestOffsetAfterAQuietWeek(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	p := at(&now)
	p.admit(1000)
	p.through(1000, nil)
	now = now.Add(quietWeek + time.Hour)
	p.forget()
	if p.next() != 1001 {
		t.Fatal("forgotten before Telegram was told")
	}
	p.asked = p.next()
	p.forget()
	if !p.admit(7) || p.next() != 7 {
		t.Errorf("a new run is not taken, offset %d", p.next())
	}
	p.through(7, nil)
	p.asked = p.next()
	p.forget()
	if p.next() != 8 {
		t.Errorf("forgotten at once: offset %d", p.next())
	}
}

// More waits with Telegram when it has given as many as were asked for.
func TestAFullBatchMeansMore(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	p := at(&now)
	for _, given := range []int{batch, batch - 1, 0, batch} {
		raws := make([]json.RawMessage, given)
		for i := range raws {
			raws[i] = json.RawMessage(`{}`) // without an id nothing is begun
		}
		p.take(t.Context(), raws)
		if p.more != (given == batch) {
			t.Errorf("after %d updates more waits: %v", given, p.more)
		}
	}
}

// More is fetched behind what is still at work, once that has become little, if
// more is known to wait and Telegram would not take the question for the last one.
func TestAskingBehindABatch(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name    string
		more    bool
		through []int64 // in order; the last one makes the difference
		want    bool
	}{
		{"little is left", true, []int64{1, 2, 3, 4}, true},
		{"the slowest is the first", true, []int64{2, 3, 4, 5}, false},
		{"nothing waits", false, []int64{1, 2, 3, 4}, false},
	} {
		p := at(&now)
		p.more = c.more
		for id := range int64(few + 4) {
			p.admit(id + 1)
		}
		p.asked = p.next()
		for i, id := range c.through {
			if p.wanting() {
				t.Errorf("%s: asks with %d through", c.name, i)
			}
			p.through(id, nil)
		}
		if p.wanting() != c.want {
			t.Errorf("%s: asks for more: %v", c.name, !c.want)
		}
		for id := range int64(few + 4) {
			if p.tasks[id+1] || id+1 < p.next() {
				continue
			}
			p.through(id+1, nil)
		}
		if !p.wanting() {
			t.Errorf("%s: does not ask though nothing is in hand", c.name)
		}
	}
}
