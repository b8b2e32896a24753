package main

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"umkmbot/internal/loadtest"
)

// A short 429 holds its chat up and no other.
func TestShortFloodWaitDelaysOneChat(t *testing.T) {
	t.Parallel()
	for _, ingress := range []string{"webhook", "polling"} {
		t.Run(ingress, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, plan{replicas: 1, webhook: ingress == "webhook"})
			slow, others := o.person(), o.people(5)
			o.fault(map[string]any{"method": "sendMessage", "chat_id": slow.id, "retry_after": 5, "times": 1})
			began := time.Now()
			slow.say("/menu")
			for _, p := range others {
				p.say("/menu")
				p.sees("Silakan pilih")
			}
			if slow.times("Silakan pilih") > 0 {
				t.Error("the others were answered after the one that Telegram held up")
			}
			slow.sees("Silakan pilih")
			if waited := time.Since(began); waited < 5*time.Second {
				t.Errorf("asked to wait 5 s, the bot tried again after %s", waited)
			}
			if n := o.count(`SELECT count(*) FROM held_replies`); n != 0 {
				t.Errorf("%d replies parked for a short wait", n)
			}
			if got := o.replicas[0].metric(t, "umkmbot_api_retries_total"); got < 1 {
				t.Error("the retry was not counted")
			}
		})
	}
}

// A long 429 makes a job of the reply. Later replies of the chat queue behind
// it, others are not held up, and a restart loses nothing.
func TestLongFloodWaitBecomesAJob(t *testing.T) {
	t.Parallel()
	for _, ingress := range []string{"webhook", "polling"} {
		t.Run(ingress, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, plan{replicas: 1, webhook: ingress == "webhook"})
			held, other := o.person(), o.person()
			o.fault(map[string]any{"method": "sendMessage", "chat_id": held.id, "retry_after": 60, "times": 1})
			held.say("/menu")
			held.say("/bantuan")
			held.say("/petugas")
			other.say("/menu")
			other.sees("Silakan pilih")
			o.settled()
			if got := held.told(); len(got) != 0 {
				t.Errorf("said although held back: %q", got)
			}
			if n := o.count(`SELECT count(*) FROM held_replies`); n != 3 {
				t.Errorf("%d replies parked, want 3", n)
			}
			if got := o.replicas[0].metric(t, "umkmbot_replies_parked_total"); got != 3 {
				t.Errorf("%v replies counted as parked, want 3", got)
			}
			o.stopAll()
			o.start(nil)
			held.say("/bahasa")
			o.settled()
			// The first of them meets another 429.
			o.fault(map[string]any{"method": "sendMessage", "chat_id": held.id, "retry_after": 7, "times": 1})
			o.sim.Advance(70 * time.Second)
			o.wait("the second 429", func() bool {
				return o.count(`SELECT count(*) FROM river_job WHERE (metadata->>'snoozes')::int > 0`) > 0
			})
			o.sim.Advance(10 * time.Second)
			held.sees("Pilih bahasa")
			got := held.told()
			want := []string{"Silakan pilih", "mengetuk tombol", "Petugas kami", "Pilih bahasa"}
			if len(got) != len(want) {
				t.Fatalf("said %q", got)
			}
			for i := range want {
				if !strings.Contains(got[i], want[i]) {
					t.Errorf("reply %d is %q, want %q", i, got[i], want[i])
				}
			}
			held.say("/menu") // nothing is held back any more
			held.sees("Silakan pilih")
			if n := o.count(`SELECT count(*) FROM held_replies`); n != 0 {
				t.Errorf("%d replies still parked", n)
			}
		})
	}
}

// Whatever goes wrong on the way to Telegram and back, everybody is answered,
// and a reply is repeated only where its arrival was in doubt.
func TestEverybodyIsAnsweredThroughFaults(t *testing.T) {
	t.Parallel()
	for _, ingress := range []string{"webhook", "polling"} {
		o := newOffice(t, plan{replicas: 1, webhook: ingress == "webhook"})
		for name, f := range map[string]struct {
			fault   map[string]any
			repeats int
		}{
			"500":             {fault: map[string]any{"status": 500, "times": 3}},
			"502 page":        {fault: map[string]any{"status": 502, "body": "<html><h1>502 Bad Gateway</h1></html>", "times": 3}},
			"504 page":        {fault: map[string]any{"status": 504, "body": "<html>", "times": 3}},
			"page of a proxy": {fault: map[string]any{"status": 200, "body": "<html>Please log in</html>", "times": 2}},
			"empty object":    {fault: map[string]any{"status": 500, "body": "{}", "times": 2}},
			"dropped before":  {fault: map[string]any{"drop": "before", "times": 3}},
			"dropped after":   {fault: map[string]any{"drop": "after", "times": 1}, repeats: 1},
			"cut answer":      {fault: map[string]any{"truncate": true, "times": 1}, repeats: 1},
			"cut to nothing":  {fault: map[string]any{"truncate": 0, "times": 1}, repeats: 1},
			"429":             {fault: map[string]any{"retry_after": 1, "times": 2}},
			"slow":            {fault: map[string]any{"delay_ms": 1500, "times": 2}},
		} {
			for _, method := range []string{"sendMessage", "*"} {
				t.Run(strings.Join([]string{ingress, name, method}, "/"), func(t *testing.T) {
					t.Parallel()
					id := o.person().id
					fault := maps.Clone(f.fault)
					fault["method"], fault["chat_id"] = method, id
					o.fault(fault)
					owner := loadtest.Owner{Sim: o.api, ID: id, Patience: patienceOfTests}
					r, err := owner.Register(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					if r.Repeated > f.repeats {
						t.Errorf("%d repeated replies, at most %d are excused", r.Repeated, f.repeats)
					}
					if r.Apologies > 0 {
						t.Errorf("%d apologies for a passing fault", r.Apologies)
					}
				})
			}
		}
	}
}

// Polling overcomes every way in which getUpdates can fail.
func TestPollingOvercomesFaults(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]map[string]any{
		"500":            {"status": 500},
		"page":           {"status": 502, "body": "<html>"},
		"dropped before": {"drop": "before"},
		"dropped after":  {"drop": "after"},
		"cut":            {"truncate": true},
		"429":            {"retry_after": 2},
		"conflict":       {"status": 409, "description": "Conflict: terminated by other getUpdates request"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, plan{replicas: 1})
			p := o.person()
			p.say("/menu")
			p.sees("Silakan pilih")
			fault["method"], fault["times"] = "getUpdates", 2
			o.fault(fault)
			for _, text := range []string{"1", "2", "3"} {
				p.say(text)
			}
			p.seesTimes("belum mengerti", 3)
			o.settled()
			if n := p.times("belum mengerti"); n != 3 {
				t.Errorf("%d answers to 3 messages", n)
			}
		})
	}
}

const reachable = `SELECT count(*) FROM accounts WHERE telegram_id = $1 AND reachable`

// Whoever blocks the bot counts as unreachable until they are back.
func TestBlockedIsUnreachable(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 2, webhook: true})
	p := o.person()
	p.register(answers{"Siti Aminah", nikOf(1), "Keripik"})
	is := func(want int, after string) {
		t.Helper()
		o.wait("reachability after "+after, func() bool { return o.count(reachable, p.id) == want })
	}
	is(1, "registering")
	p.do("block", map[string]any{})
	is(0, "blocking")
	p.do("unblock", map[string]any{})
	is(1, "unblocking")
	for _, description := range []string{"Forbidden: bot was blocked by the user", "Forbidden: user is deactivated"} {
		o.fault(map[string]any{"method": "sendMessage", "chat_id": p.id, "status": 403, "description": description, "times": 1})
		p.say("/menu")
		is(0, description)
		o.settled()
		p.say("qwerty")
		p.sees("belum mengerti")
		is(1, "writing again")
	}
	if n := o.count(buried); n != 0 {
		t.Errorf("%d dead letters of people who blocked the bot", n)
	}
	if n := p.times("gangguan"); n != 0 {
		t.Errorf("%d apologies", n)
	}
}

// A flood of one person in a batch delays nobody else for long.
func TestFloodOfOnePerson(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1})
	flood, other := o.person(), o.person()
	o.fault(map[string]any{"method": "sendMessage", "chat_id": flood.id, "delay_ms": 100})
	ctx, cancel := context.WithTimeout(t.Context(), patienceOfTests)
	defer cancel()
	var all sync.WaitGroup
	all.Go(func() {
		for i := range 40 {
			if err := o.api.Post(ctx, fmt.Sprintf("users/%d/text", flood.id), map[string]any{"text": fmt.Sprint(i)}, nil); err != nil {
				t.Error(err)
			}
		}
	})
	all.Wait()
	began := time.Now()
	other.say("/menu")
	other.sees("Silakan pilih")
	if waited := time.Since(began); waited > 3*time.Second {
		t.Errorf("behind another's 40 messages a person waited %s", waited)
	}
	flood.seesTimes("belum mengerti", heard)
	flood.seesTimes(kindWord, 1)
}
