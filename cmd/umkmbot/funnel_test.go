package main

import (
	"bytes"
	"strings"
	"testing"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/store"
)

// What people do on the way through a registration arrives in the records,
// once each, though Telegram delivers everything twice.
func TestFunnelOfTheProgram(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 2, webhook: true})
	p, q := o.atTheirName(), o.atTheirName()
	o.deliver(o.lastSeen())
	p.say("Siti Aminah")
	p.sees("Berapa NIK")
	o.deliver(o.lastSeen())
	q.say("/batal")
	q.sees("batal")
	q.say("ya")
	o.settled()
	o.deliver(o.lastSeen())
	for _, want := range []struct {
		step, event string
		count       int
	}{
		{"", "started", 2},
		{"", "finished", 0},
		{"consent", "reached", 2},
		{"consent", "answered", 2},
		{"owner_name", "reached", 2},
		{"owner_name", "answered", 1},
		{"owner_name", "cancelled", 1},
		{"nik", "reached", 1},
		{"nik", "answered", 0},
	} {
		o.wait(want.step+" "+want.event, func() bool {
			for _, r := range o.replicas {
				if err := r.app.store.Funnel().Flush(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			return o.count(`SELECT coalesce(sum(count), 0) FROM funnel WHERE flow = 'register' AND step = $1 AND event = $2`, want.step, want.event) == want.count
		})
	}
}

func TestPrintFunnel(t *testing.T) {
	t.Parallel()
	rows := []store.FunnelRow{
		{Flow: "register", Event: "started", Count: 10},
		{Flow: "register", Event: "finished", Count: 7, Seconds: 1400},
		{Flow: "register", Step: "nik", Event: "reached", Count: 9},
		{Flow: "register", Step: "nik", Event: "cancelled", Count: 1},
		{Flow: "register", Step: "nik", Event: "erased", Count: 2},
		{Flow: "register", Step: "nik", Event: "answered", Count: 6, Seconds: 240},
		{Flow: "register", Step: "nik", Event: "rested", Count: 3},
		{Flow: "register", Step: "consent", Event: "reached", Count: 10},
		{Flow: "register", Step: "a_former_step", Event: "reached", Count: 4},
		{Flow: "a_former_flow", Event: "started", Count: 1},
	}
	var out bytes.Buffer
	if err := printFunnel(&out, rows, flows.All(flows.Records{})); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(strings.Fields(out.String()), " ")
	want := "register: 10 started, 7 finished, 3m20s of answering on average " +
		"STEP REACHED CANCELLED HERE ERASED HERE ANSWERED AFTER A REST MEAN TIME " +
		"consent 10 0 0 0 0 - nik 9 1 2 6 3 40s a_former_step 4 0 0 0 0 -"
	if !strings.Contains(got, want) || !strings.Contains(got, "a_former_flow: 1 started, 0 finished") {
		t.Errorf("printed\n%s", out.String())
	}
	out.Reset()
	if err := printFunnel(&out, nil, dialog.Flows{}); err != nil || out.String() != "no conversations in these days\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
}
