package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

func TestMailingReachesEachOnce(t *testing.T) {
	t.Parallel()
	mb := newMailingBot(t, 700, sentOK)
	mb.ledger.away = 2                // for a moment
	for mb.run(t.Context(), t) != 0 { // a busy machine may have letters given back
	}
	if !mb.ledger.ended {
		t.Error("the lane was not laid to rest")
	}
	mb.has(t, map[umkm.DeliveryState]int{umkm.DeliverySent: 700})
	for chat, n := range mb.told {
		if n != 1 {
			t.Errorf("chat %s was told %d times", chat, n)
		}
	}
	for _, d := range mb.ledger.people {
		if d.Message != 77 {
			t.Fatalf("message %d noted of chat %d", d.Message, d.Chat)
		}
	}
}

func TestWhatBecomesOfALetter(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer answerer
		want   umkm.DeliveryState
		again  time.Duration
	}{
		"sent":         {sentOK, umkm.DeliverySent, 0},
		"blocked":      {refuse(403, "Forbidden: bot was blocked by the user"), umkm.DeliveryBlocked, 0},
		"deactivated":  {refuse(403, "Forbidden: user is deactivated"), umkm.DeliveryBlocked, 0},
		"never began":  {refuse(400, "Bad Request: chat not found"), umkm.DeliveryBlocked, 0},
		"malformed":    {refuse(400, "Bad Request: can't parse entities: <siti>"), umkm.DeliveryFailed, 0},
		"server error": {refuse(500, "Internal Server Error"), umkm.DeliveryUncertain, 0},
		"proxy's page": {func(w http.ResponseWriter, _ string) { w.WriteHeader(502); _, _ = io.WriteString(w, "<html>") }, umkm.DeliveryUncertain, 0},
		"cut off":      {hangUp, umkm.DeliveryUncertain, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mb := newMailingBot(t, 2, c.answer)
			if again := mb.run(t.Context(), t); again != c.again {
				t.Errorf("again in %s, want %s", again, c.again)
			}
			mb.has(t, map[umkm.DeliveryState]int{c.want: 2})
			slices.Sort(mb.gone.gone)
			if gone := c.want == umkm.DeliveryBlocked; gone != slices.Equal(mb.gone.gone, []int64{1, 2}) {
				t.Errorf("gone are %v", mb.gone.gone)
			}
			if said := mb.log.String(); strings.Contains(said, "siti") || strings.Count(said, "refused a letter") > 1 ||
				c.want == umkm.DeliveryFailed && !strings.Contains(said, "can't parse entities") {
				t.Errorf("logged %q", said)
			}
		})
	}
}

// What surely did not go out is planned again, and the lane goes on later.
func TestLettersThatDidNotGoOut(t *testing.T) {
	t.Parallel()
	flood := func(w http.ResponseWriter, _ string) {
		w.WriteHeader(429)
		_, _ = io.WriteString(w, `{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}}`)
	}
	mb := newMailingBot(t, 3, flood)
	if again := mb.run(t.Context(), t); again != 7*time.Second || mb.room.paused != 7*time.Second || mb.ledger.ended {
		t.Errorf("again in %s, paused for %s, ended: %v", again, mb.room.paused, mb.ledger.ended)
	}
	mb.has(t, map[umkm.DeliveryState]int{umkm.DeliveryPlanned: 3})

	mb = newMailingBot(t, 3, refuse(401, "Unauthorized"))
	if _, err := mb.SendMailing(t.Context(), umkm.SendMailing{Mailing: "m"}); err == nil {
		t.Error("a token that is not valid went unsaid")
	}
	mb.has(t, map[umkm.DeliveryState]int{umkm.DeliveryPlanned: 3})

	mb = newMailingBot(t, 30, sentOK)
	mb.api = NewAPI("http://127.0.0.1:1", "1:T") // nobody listens
	if again := mb.run(t.Context(), t); again != faultPause {
		t.Errorf("again in %s, want %s", again, faultPause)
	}
	mb.has(t, map[umkm.DeliveryState]int{umkm.DeliveryPlanned: 30})
}

// A way to Telegram that is broken costs few people's certainty.
func TestFaultsInARowHaveTheLaneRest(t *testing.T) {
	t.Parallel()
	mb := newMailingBot(t, 500, hangUp)
	mb.room.left = make(chan struct{})
	go func() {
		for tick := time.NewTicker(5 * time.Millisecond); t.Context().Err() == nil; <-tick.C {
			select {
			case mb.room.left <- struct{}{}:
			case <-t.Context().Done():
			}
		}
	}()
	if again := mb.run(t.Context(), t); again != faultPause {
		t.Errorf("again in %s, want %s", again, faultPause)
	}
	if n := mb.ledger.states()[umkm.DeliveryUncertain]; n < mostFaults || n > 100 {
		t.Errorf("%d are uncertain", n)
	}
}

func TestMailingsKeepQuietHours(t *testing.T) {
	t.Parallel()
	mb := newMailingBot(t, 3, sentOK)
	mb.at = time.Date(2026, 12, 1, 21, 30, 0, 0, wib)
	if again := mb.run(t.Context(), t); again != 9*time.Hour+30*time.Minute {
		t.Errorf("again in %s", again)
	}
	mb.has(t, map[umkm.DeliveryState]int{umkm.DeliveryPlanned: 3})
	mb.ledger.urgent = true
	if again := mb.run(t.Context(), t); again != 0 {
		t.Errorf("again in %s though it is urgent", again)
	}
	mb.has(t, map[umkm.DeliveryState]int{umkm.DeliverySent: 3})
}

func TestALaneThatIsNotToBeWorked(t *testing.T) {
	t.Parallel()
	mb := newMailingBot(t, 3, sentOK)
	if at, err := mb.SendMailing(t.Context(), umkm.SendMailing{}); err != nil || !at.IsZero() {
		t.Errorf("no mailing: again at %s, %v", at, err)
	}
	mb.ledger.taken = true
	if again := mb.run(t.Context(), t); again != otherRun {
		t.Errorf("taken over: again in %s", again)
	}
	mb.ledger.taken, mb.ledger.kind = false, "of a later version"
	if again := mb.run(t.Context(), t); again != newerKind {
		t.Errorf("unknown kind: again in %s", again)
	}
	mb.ledger.kind, mb.ledger.state = umkm.MailingTraining, umkm.MailingPaused
	if again := mb.run(t.Context(), t); again != 0 || !mb.ledger.ended {
		t.Errorf("paused: again in %s", again)
	}
	mb.has(t, map[umkm.DeliveryState]int{umkm.DeliveryPlanned: 3})
}

// Each gets the letter that is theirs, or none, whatever another's does.
func TestLettersAreWrittenOneByOne(t *testing.T) {
	t.Parallel()
	mb := newMailingBot(t, 100, sentOK)
	mb.write(func(_ context.Context, d umkm.Delivery) (Call, bool, error) {
		switch d.Chat % 4 {
		case 0:
			panic("of chat 0")
		case 1:
			return Call{}, false, nil
		case 2:
			return Call{}, false, fmt.Errorf("the name: %w", umkm.ErrRefused)
		}
		return Call{Method: methodSend, Params: raw(d.Chat)}, true, nil
	})
	if again := mb.run(t.Context(), t); again != 0 {
		t.Errorf("again in %s", again)
	}
	mb.has(t, map[umkm.DeliveryState]int{umkm.DeliverySent: 25, umkm.DeliverySkipped: 25, umkm.DeliveryFailed: 50})

	mb = newMailingBot(t, 100, sentOK)
	mb.write(func(context.Context, umkm.Delivery) (Call, bool, error) {
		return Call{}, false, errors.New("the records are away")
	})
	if _, err := mb.SendMailing(t.Context(), umkm.SendMailing{Mailing: "m"}); err == nil {
		t.Error("an outage went unsaid")
	}
	mb.has(t, map[umkm.DeliveryState]int{umkm.DeliveryPlanned: 100})
}

// Where there is no room nobody stays claimed; what little there is is used.
func TestWhatGetsNoRoomIsGivenBack(t *testing.T) {
	t.Parallel()
	mb := newMailingBot(t, 50, sentOK)
	mb.room.left = make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan time.Duration)
	go func() { ended <- mb.run(ctx, t) }()
	for n := range 3 {
		wait(t, "letters are given back", func() bool { return mb.ledger.states()[umkm.DeliverySending] == 0 })
		mb.room.left <- struct{}{}
		wait(t, "one more is sent", func() bool { return mb.ledger.states()[umkm.DeliverySent] == n+1 })
	}
	stop()
	if again := <-ended; again != 1 {
		t.Errorf("told to stop, again in %s", again)
	}
	mb.has(t, map[umkm.DeliveryState]int{umkm.DeliverySent: 3, umkm.DeliveryPlanned: 47})
	if mb.ledger.largest > 2*firstClaim {
		t.Errorf("claimed %d at once though there was no room", mb.ledger.largest)
	}
}

// TestARunKeepsToItsJob: a run divides what its job has, and leaves some of it. It
// begins letters in the first half, and for a quarter at least.
func TestARunKeepsToItsJob(t *testing.T) {
	for job, begin := range map[time.Duration]time.Duration{4 * time.Second: 2 * time.Second, time.Minute: 30 * time.Second, 0: mailingRun / 2} {
		ctx, cancel := t.Context(), func() {}
		if job > 0 {
			ctx, cancel = context.WithTimeout(ctx, job)
		}
		var l laneRun
		l.share(ctx, mailingRun)
		begins, _ := l.begin.Deadline()
		whole, _ := l.whole.Deadline()
		near := func(got, want time.Duration) bool { return got <= want && got > want-time.Second }
		if left := time.Until(begins); left > begin || left < begin/2-time.Second || !near(time.Until(whole), begin*11/6) || !near(l.letterTime, begin/2) {
			t.Errorf("of %s letters are begun for %s, have %s, and all is marked in %s", job, time.Until(begins), l.letterTime, time.Until(whole))
		}
		if whole.Sub(begins) < l.letterTime {
			t.Errorf("of %s the last letter ends after the run", job)
		}
		cancel()
		l.halt()
		l.close()
	}
}

func TestNextClaim(t *testing.T) {
	for _, c := range []struct {
		size, claimed int
		took          time.Duration
		want          int
	}{
		{4, 4, claimWorth, 4},
		{4, 4, claimWorth / 100, 8},
		{100, 100, 2 * claimWorth, 50},
		{4, 4, time.Minute, 1},
		{100, 7, time.Millisecond, 100},
		{mostClaim, mostClaim, 0, mostClaim},
	} {
		if got := nextClaim(c.size, c.claimed, c.took); got != c.want {
			t.Errorf("after %d of %d in %s: %d, want %d", c.claimed, c.size, c.took, got, c.want)
		}
	}
}
