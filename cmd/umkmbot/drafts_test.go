package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"umkmbot/store"
)

const (
	firstReminder = "Mau dilanjutkan?"
	lastReminder  = "Ini pengingat terakhir."
	day           = 24 * time.Hour
)

// quiet returns once no job is due, so that what has not been said by then
// will not be said.
func (o *office) quiet() {
	o.t.Helper()
	o.settled()
	o.wait("no job due", func() bool { return o.count(sqlJobsDue, o.now()) == 0 })
}

// pass lets time go by.
func (o *office) pass(d time.Duration) {
	o.t.Helper()
	o.sim.Advance(d)
	o.quiet()
}

func (p person) reminded(first, last int) {
	p.o.t.Helper()
	if a, b := p.times(firstReminder), p.times(lastReminder); a != first || b != last {
		p.o.t.Errorf("%d first and %d last reminders after %s, want %d and %d", a, b, p.o.now().Sub(morning), first, last)
	}
}

// A draft is reminded of after a day and after a week, then never, and erased
// after thirty days; two replicas say it once.
func TestDraftIsRemindedTwiceAndErased(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 2, webhook: true})
	p, done := o.person(), o.person()
	p.upToReview(answers{"Siti Penunggu", nikOf(2), "Warung"})
	done.register(answers{"Budi Santoso", nikOf(1), "Bengkel"})
	o.pass(23 * time.Hour)
	p.reminded(0, 0)
	o.pass(2 * time.Hour)
	p.reminded(1, 0)
	o.pass(5 * day)
	p.reminded(1, 0)
	o.pass(day)
	p.reminded(1, 1)
	o.pass(22 * day)
	p.reminded(1, 1)
	if e := o.kept(p); e == "" {
		t.Error("the draft is gone before its time")
	}
	o.pass(2 * day)
	p.reminded(1, 1)
	if e := o.kept(p); strings.Contains(e, "Siti Penunggu") {
		t.Errorf("after thirty days there is still %s", e)
	}
	p.say("/menu")
	p.sees("Silakan pilih")
	if last := p.told()[len(p.told())-1]; strings.Contains(last, "belum selesai") {
		t.Errorf("the erased draft is offered: %q", last)
	}
	o.pass(40 * day)
	p.reminded(1, 1)
	done.reminded(0, 0)
}

// kept is what Redis keeps of a chat, opened; "" without a dialog.
func (o *office) kept(p person) string {
	o.t.Helper()
	keys, err := store.ParseKeys(o.settings.Store.Keys)
	if err != nil {
		o.t.Fatal(err)
	}
	client := o.redis()
	chats := store.NewChats(client, store.ChatsConfig{Keys: keys, Replica: "test"})
	defer chats.Close()
	e, err := chats.Enter(o.t.Context(), p.id)
	if err != nil {
		o.t.Fatal(err)
	}
	chats.Release(e, !e.Unsent)
	if e.State.Dialog == nil {
		return string(e.Replies)
	}
	return fmt.Sprint(*e.State.Dialog, string(e.Replies))
}

// Whoever goes on meanwhile is left alone until they rest again.
func TestTouchedDraftMovesItsReminder(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1})
	p := o.person()
	p.upToNIK("Siti Aminah")
	o.pass(7 * time.Hour) // 16.00
	p.say(nikOf(3))
	p.sees("nomor HP")
	o.pass(19 * time.Hour) // 11.00, a day after the start
	p.reminded(0, 0)
	o.pass(6 * time.Hour)
	p.reminded(1, 0)
	o.pass(4 * day)
	p.share()
	p.sees("nama usahanya")
	o.pass(4 * day)
	p.reminded(1, 0)
	o.pass(4 * day)
	p.reminded(1, 1)
}

// Nothing is sent from 20.00 to 07.00: it waits for the morning.
func TestQuietHours(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1})
	o.sim.Advance(12 * time.Hour) // 21.00
	p := o.person()
	p.upToNIK("Siti Aminah")
	o.pass(day + time.Minute) // 21.01
	p.reminded(0, 0)
	o.pass(9*time.Hour + 50*time.Minute) // 06.51
	p.reminded(0, 0)
	o.pass(10 * time.Minute) // 07.01
	p.reminded(1, 0)
}

// A bot that was away for long does not remind twice in a row.
func TestNoTwoRemindersAtOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1})
	p := o.person()
	p.upToNIK("Siti Aminah")
	o.settled()
	o.stopAll()
	o.sim.Advance(10 * day)
	o.start(nil)
	p.seesTimes(lastReminder, 1)
	o.quiet()
	p.reminded(0, 1)
}

// A 429 on a reminder stops the metered lane, not the people who chat; the
// reminder comes later.
func TestMeteredFloodWait(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 2, webhook: true})
	first, second, chatting := o.person(), o.person(), o.person()
	first.upToNIK("Siti Aminah")
	o.sim.Advance(time.Minute)
	second.upToNIK("Budi Santoso")
	o.fault(map[string]any{"method": "sendMessage", "chat_id": first.id, "retry_after": 6, "times": 1})
	client := o.redis()
	o.sim.Advance(day)
	o.wait("the metered lane pauses", func() bool { return o.pause(client) > 2*time.Second })
	began := time.Now()
	for _, p := range []person{chatting, first, second} {
		p.say("/menu")
		p.seesTimes("Silakan pilih", 1)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("people who chatted waited %s for the metered lane", took)
	}
	o.sim.Advance(time.Minute)
	var all sync.WaitGroup
	for _, p := range []person{first, second} {
		all.Go(func() { p.seesTimes(firstReminder, 1) })
	}
	all.Wait()
	o.quiet()
	first.reminded(1, 0)
	second.reminded(1, 0)
}

// pause is how long the metered lane still waits.
func (o *office) pause(client redis.UniversalClient) time.Duration {
	o.t.Helper()
	ttl, err := client.PTTL(o.t.Context(), "budget:{metered}").Result()
	if err != nil {
		o.t.Fatal(err)
	}
	return ttl
}
