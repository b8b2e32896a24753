package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// audience are owners who agreed to be written to, and an officer who
// announces trainings.
type audience struct {
	*office
	records *depot
	people  []person
	officer int64
	told    string // what the letter says that they are sent
}

// officed hires the officer, without anybody to write to.
func officed(o *office) *audience {
	o.t.Helper()
	records, err := newDepot(o.t.Context(), o.settings, o.log.logger(), o.now)
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = records.Close() })
	a := &audience{office: o, records: records, officer: o.person().id}
	token, err := records.Invite(o.t.Context(), umkm.Invitation{
		Name: "Rina", Grants: []umkm.Grant{{Role: umkm.RoleOfficer, Region: serang}}, At: o.now(),
	})
	if err == nil {
		_, err = records.AcceptInvite(o.t.Context(), a.officer, token, o.now())
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return a
}

// gather registers n people.
func gather(o *office, n int) *audience {
	o.t.Helper()
	a := officed(o)
	a.people = o.people(n)
	var wg sync.WaitGroup
	for part := range slices.Chunk(a.people, (n+7)/8) {
		wg.Go(func() {
			for _, p := range part {
				name := fmt.Sprintf("Warung %d", p.id)
				if err := a.records.agreeing(o.t.Context(), p.id, []string{"", name, "Siti Aminah", "36.04.05.2001"}); err != nil {
					o.t.Errorf("register %d: %v", p.id, err)
				}
			}
		})
	}
	wg.Wait()
	return a
}

// announce publishes a training to everybody and returns its mailing.
func (a *audience) announce() umkm.Mailing {
	a.t.Helper()
	plan := umkm.TrainingPlan{
		Title: "Kemasan yang menjual", Topic: "packaging", About: "Praktik langsung.", Venue: "Balai Ciruas",
		Starts: a.records.hour(13, 9), Ends: a.records.hour(13, 12), Closes: a.records.hour(10, 17), Quota: 30,
		Filling: umkm.FillOpen, Who: umkm.Segment{Regions: []umkm.RegionCode{serang}},
	}
	ctx := a.t.Context()
	id, err := a.records.CreateTraining(ctx, umkm.NewTraining{Dialog: uuid.NewString(), By: a.officer, Plan: plan, At: a.now()})
	if err == nil {
		_, err = a.records.Publish(ctx, a.officer, id, 1, a.now())
	}
	if err != nil {
		a.t.Fatal(err)
	}
	all, err := a.records.MailingsAbout(ctx, umkm.MailingTraining, id)
	if err != nil || len(all) != 1 || all[0].Counts.Planned != len(a.people) {
		a.t.Fatalf("planned %+v: %v", all, err)
	}
	a.told = "Ada pelatihan untuk usaha"
	return all[0]
}

// confirms has an officer write a broadcast to everybody, urgent lest the
// machine's clock stand at night, and confirm it half a minute ago: it begins.
func (a *audience) confirms(text string) (id string) {
	a.t.Helper()
	ctx := a.t.Context()
	id, err := a.records.CreateBroadcast(ctx, umkm.NewBroadcast{Dialog: uuid.NewString(), By: a.officer, At: a.now(), Plan: umkm.BroadcastPlan{
		Texts: map[string]string{"id": text}, Urgent: true, Who: umkm.Segment{Regions: []umkm.RegionCode{serang}},
	}})
	if err == nil {
		_, err = a.records.Confirm(ctx, a.officer, id, 1, a.now().Add(-umkm.BroadcastUndo))
	}
	if err != nil {
		a.t.Fatal(err)
	}
	a.told = text
	return id
}

// begun is a broadcast's mailing, once there is one.
func (a *audience) begun(broadcast string) umkm.Mailing {
	a.t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); <-tick.C {
		all, err := a.records.MailingsAbout(a.t.Context(), umkm.MailingBroadcast, broadcast)
		if err != nil {
			a.t.Fatal(err)
		}
		if len(all) == 1 {
			return all[0]
		}
	}
	a.t.Fatal("the broadcast has not begun")
	return umkm.Mailing{}
}

func (a *audience) mailing(id string) umkm.Mailing {
	a.t.Helper()
	m, err := a.records.Mailing(a.t.Context(), id)
	if err != nil {
		a.t.Fatal(err)
	}
	return m
}

// through waits until every delivery has come to its end.
func (a *audience) through(id string, patience time.Duration) umkm.Mailing {
	a.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); ; <-tick.C {
		m := a.mailing(id)
		if !m.Done.IsZero() {
			return m
		}
		if time.Now().After(end) {
			a.t.Fatalf("after %s the mailing is at %+v", patience, m)
		}
	}
}

// received are the letters that a person has, by Telegram's account.
func (a *audience) received(p person) (ids []int) {
	for _, m := range p.messages() {
		if m.From.Bot && strings.Contains(m.Text, a.told) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// compare holds the ledger against what Telegram knows, person by person.
func (a *audience) compare(id string) umkm.DeliveryCounts {
	a.t.Helper()
	ctx := a.t.Context()
	rows, _ := a.records.Pool().Query(ctx, "SELECT chat, state, coalesce(message, 0) FROM deliveries WHERE mailing = $1", id)
	type row struct {
		Chat    int64
		State   umkm.DeliveryState
		Message int
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	if err != nil {
		a.t.Fatal(err)
	}
	var got umkm.DeliveryCounts
	seen := map[int64]row{}
	for _, r := range all {
		got.Add(r.State, 1)
		seen[r.Chat] = r
	}
	for _, p := range a.people {
		r, has := seen[p.id], a.received(p)
		sent, uncertain := r.State == umkm.DeliverySent, r.State == umkm.DeliveryUncertain
		right := sent && len(has) == 1 && has[0] == r.Message || uncertain && len(has) <= 1 || !sent && !uncertain && len(has) == 0
		if !right {
			a.t.Errorf("the ledger says %q of %d, who has %v", r.State, p.id, has)
		}
	}
	if len(all) != len(a.people) {
		a.t.Errorf("%d rows for %d people", len(all), len(a.people))
	}
	if counted := a.mailing(id).Counts; counted != got {
		a.t.Errorf("counted %+v, the ledger has %+v", counted, got)
	}
	return got
}

// TestMailingAgreesWithTelegram sends to two thousand through two replicas,
// with all that Telegram and the way to it may do.
func TestMailingAgreesWithTelegram(t *testing.T) {
	const people, blocked, deactivated, malformed = 2000, 100, 20, 10
	o := newOffice(t, plan{webhook: true, settings: func(s *settings) { s.Telegram.Rate = 300 }})
	a := gather(o, people)
	m := a.announce()
	for _, p := range a.people[:blocked] {
		p.do("block", map[string]any{})
	}
	for i, p := range a.people[blocked : blocked+deactivated+malformed] {
		f := map[string]any{"method": "sendMessage", "chat_id": p.id, "status": 403, "description": "Forbidden: user is deactivated"}
		if i >= deactivated {
			f["status"], f["description"] = 400, "Bad Request: message text is empty"
		}
		o.fault(f)
	}
	o.start(nil)
	o.start(nil)
	// An answer that is lost would hide that they have blocked the bot.
	o.wait("who cannot be written to has had their turn", func() bool {
		c := a.mailing(m.ID).Counts
		return c.Blocked == blocked+deactivated && c.Failed == malformed
	})
	for _, f := range []map[string]any{
		{"retry_after": 1, "times": 30},
		{"drop": "after", "times": 15},
		{"drop": "before", "times": 15},
		{"status": 502, "body": "<html>", "times": 10},
		{"truncate": true, "times": 5},
		{"delay_ms": 1200, "times": 60},
		{"status": 500, "times": 5},
	} {
		before := a.mailing(m.ID).Counts.Sent
		f["method"] = "sendMessage"
		o.fault(f)
		o.wait("the mailing goes on", func() bool { return a.mailing(m.ID).Counts.Sent >= min(before+100, people*3/4) })
	}
	m = a.through(m.ID, patienceOfTests)
	got := a.compare(m.ID)
	t.Logf("%+v", got)
	if m.State != umkm.MailingDone || got.Planned+got.Sending+got.Skipped > 0 {
		t.Errorf("in the end it is %s, %+v", m.State, got)
	}
	if got.Blocked != blocked+deactivated || got.Failed != malformed || got.Uncertain < 15 || got.Uncertain > 50 {
		t.Errorf("%+v; want %d blocked, %d failed, and uncertain each of whom nothing or half an answer came", got, blocked+deactivated, malformed)
	}
	if n := o.count("SELECT count(*) FROM accounts WHERE NOT reachable"); n != blocked+deactivated {
		t.Errorf("%d count as unreachable, want %d", n, blocked+deactivated)
	}
}

// TestMailingIsPausedAndCancelled stops one within two seconds, has it go on
// within two, and ends it.
func TestMailingIsPausedAndCancelled(t *testing.T) {
	t.Parallel()
	const people = 600
	o := newOffice(t, plan{webhook: true, settings: func(s *settings) { s.Telegram.Rate = 75 }})
	a := gather(o, people)
	m := a.announce()
	o.start(nil)
	o.start(nil)
	set := func(s umkm.MailingState) {
		t.Helper()
		if err := a.records.SetMailingState(t.Context(), m.ID, s); err != nil {
			t.Fatal(err)
		}
	}
	sent := func() int { return a.mailing(m.ID).Counts.Sent }
	o.wait("the mailing runs", func() bool { return sent() >= 60 })
	set(umkm.MailingPaused)
	began := time.Now()
	o.wait("nothing is being sent any more", func() bool { return a.mailing(m.ID).Counts.Sending == 0 })
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("paused, it went on for %s", took)
	}
	rested := sent()
	o.wait("the lanes are at rest", func() bool {
		return o.count("SELECT count(*) FROM mailing_lanes WHERE NOT idle") == 0
	})
	if now := sent(); now != rested {
		t.Errorf("%d were sent in a pause", now-rested)
	}
	set(umkm.MailingRunning)
	began = time.Now()
	o.wait("it goes on", func() bool { return sent() > rested })
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %s to go on", took)
	}
	set(umkm.MailingCancelled)
	m = a.through(m.ID, patienceOfTests)
	got := a.compare(m.ID)
	if m.State != umkm.MailingCancelled || got.Uncertain > 0 || got.Sent+got.Skipped != people || got.Skipped == 0 {
		t.Errorf("cancelled it is %s, %+v", m.State, got)
	}
}

// TestMailingGoesOnAfterAStop stops a replica in order in the middle of a
// mailing: nobody is uncertain for it.
func TestMailingGoesOnAfterAStop(t *testing.T) {
	t.Parallel()
	const people = 300
	o := newOffice(t, plan{webhook: true, settings: func(s *settings) { s.Telegram.Rate = 60 }})
	a := gather(o, people)
	m := a.announce()
	for a.mailing(m.ID).Counts.Sent < people/2 {
		o.start(nil)
		before := a.mailing(m.ID).Counts.Sent
		o.wait("the mailing runs", func() bool { return a.mailing(m.ID).Counts.Sent > before+20 })
		o.stopAll()
	}
	o.start(nil)
	a.through(m.ID, patienceOfTests)
	if got := a.compare(m.ID); got != (umkm.DeliveryCounts{Sent: people}) {
		t.Errorf("%+v", got)
	}
}
