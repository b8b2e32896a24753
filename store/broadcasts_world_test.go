package store

import (
	"fmt"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// announcement is what broadcasts of the tests say, to everybody in Serang.
func announcement(change ...func(*umkm.BroadcastPlan)) umkm.BroadcastPlan {
	p := umkm.BroadcastPlan{
		Texts: map[string]string{"id": "Halo {nama}", "en": "Hello {nama}"}, Who: umkm.Segment{Regions: []umkm.RegionCode{serang}},
		Buttons: []umkm.BroadcastButton{{Opens: umkm.ButtonLink, Ref: "https://example.org", Label: "Buka"}},
	}
	for _, c := range change {
		c(&p)
	}
	return p
}

func to(s umkm.Segment) func(*umkm.BroadcastPlan) {
	return func(p *umkm.BroadcastPlan) { p.Who = s }
}

func urgently(p *umkm.BroadcastPlan) { p.Urgent = true }

// written makes a draft.
func (o *office) written(by int64, change ...func(*umkm.BroadcastPlan)) string {
	o.t.Helper()
	id, err := o.CreateBroadcast(o.t.Context(), umkm.NewBroadcast{
		Dialog: fmt.Sprintf("write-%d", o.dialog.Add(1)), By: by, Plan: announcement(change...), At: noon,
	})
	if err != nil {
		o.t.Fatalf("create broadcast: %v", err)
	}
	return id
}

// confirmed confirms and fails unless that leads to a state.
func (o *office) confirmed(by int64, id string, want umkm.BroadcastState) umkm.Broadcast {
	o.t.Helper()
	b, err := o.Confirm(o.t.Context(), by, id, o.broadcast(id).Version, o.now())
	if err != nil || b.State != want {
		o.t.Fatalf("confirmed: %s, %v; want %s", b.State, err, want)
	}
	return b
}

func (o *office) broadcast(id string) umkm.Broadcast {
	o.t.Helper()
	return must(o.BroadcastSent(o.t.Context(), id))
}

// passes lets time pass.
func (o *office) passes(d time.Duration) {
	at := o.now().Add(d)
	o.now = func() time.Time { return at }
}

// comes does what a broadcast has come to, and returns when to look again.
func (o *office) comes(id string) time.Time {
	o.t.Helper()
	return must(o.BroadcastDue(o.t.Context(), umkm.BroadcastDue{Broadcast: id, Version: o.broadcast(id).Version}))
}

// begun writes, confirms and begins one, and returns it with its mailing.
func (o *office) begun(by int64, change ...func(*umkm.BroadcastPlan)) (string, umkm.Mailing) {
	o.t.Helper()
	id := o.written(by, change...)
	o.confirmed(by, id, umkm.BroadcastScheduled)
	o.passes(umkm.BroadcastUndo)
	o.comes(id)
	m := o.mailings(id)
	if len(m) != 1 {
		o.t.Fatalf("%d mailings", len(m))
	}
	return id, m[0]
}

func (o *office) mailings(id string) []umkm.Mailing {
	o.t.Helper()
	return must(o.MailingsAbout(o.t.Context(), umkm.MailingBroadcast, id))
}

// goOut ends the deliveries of a mailing, those to some chats in other states
// than sent, and the mailing.
func (o *office) goOut(m umkm.Mailing, others map[int64]umkm.DeliveryState) {
	o.t.Helper()
	run, _, err := o.BeginLane(o.t.Context(), umkm.SendMailing{Mailing: m.ID}, o.now())
	if err != nil {
		o.t.Fatal(err)
	}
	claimed, _, err := o.Claim(o.t.Context(), run, 1000, o.now())
	if err != nil {
		o.t.Fatal(err)
	}
	done := ended(claimed, umkm.DeliverySent)
	for i := range done {
		if state, other := others[done[i].Chat]; other {
			done[i].State, done[i].Message = state, 0
		}
	}
	if err := o.Mark(o.t.Context(), run, done, o.now()); err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.EndLane(o.t.Context(), run, umkm.MailingRunning, o.now()); err != nil {
		o.t.Fatal(err)
	}
}

// chatsOf are those that a mailing goes to.
func (o *office) chatsOf(m umkm.Mailing) (all []int64) {
	o.t.Helper()
	rows, _ := o.pool.Query(o.t.Context(), "SELECT chat FROM deliveries WHERE mailing = $1 ORDER BY chat", m.ID)
	for rows.Next() {
		var chat int64
		if err := rows.Scan(&chat); err != nil {
			o.t.Fatal(err)
		}
		all = append(all, chat)
	}
	if rows.Err() != nil {
		o.t.Fatal(rows.Err())
	}
	return all
}

// notices counts jobs that tell the staff of a broadcast.
func (o *office) notices(what umkm.BroadcastNotice, id string, version int) int {
	o.t.Helper()
	return o.count("SELECT count(*) FROM river_job WHERE kind = 'notice_broadcast' AND args->>'what' = $1 AND args->>'broadcast' = $2 AND args->>'version' = $3::int::text", what, id, version)
}

// openBroadcasts is an office with owners of accounts 1 to 6: four in Serang,
// two of them in one family, and two in Pandeglang.
func openBroadcasts(t testing.TB) *office {
	o := openOffice(t)
	for account, village := range map[int64]umkm.RegionCode{1: ciruas, 2: ciruas, 3: kramat, 4: kramat, 5: carita, 6: carita} {
		o.owner(account, village)
	}
	return o
}
