package main

import (
	"slices"
	"strconv"
	"testing"
	"time"
)

const (
	kindWord = "Pelan-pelan saja"
	flood    = 2000
	heard    = 30 // of a flood
	others   = 20
)

// atTheirName is a person who is asked for a name.
func (o *office) atTheirName() person {
	o.t.Helper()
	p := o.person()
	p.say("/daftar")
	p.sees("Sebelum mulai")
	p.press("✅ Setuju")
	p.sees("Langkah 2")
	p.press("⏭ Lewati")
	p.sees("nama lengkap pemilik")
	return p
}

func (o *office) later(seconds int) {
	o.t.Helper()
	if err := o.api.Post(o.t.Context(), "clock", map[string]any{"advance_s": seconds}, nil); err != nil {
		o.t.Fatal(err)
	}
}

// limit has Telegram refuse what comes faster than it allows, or not.
func (o *office) limit(enforce bool) {
	o.t.Helper()
	if err := o.api.Post(o.t.Context(), "limits", map[string]any{"enforce": enforce}, nil); err != nil {
		o.t.Fatal(err)
	}
}

// A hurried owner who sends everything at once is served in full.
func TestHurriedOwnerIsServed(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1})
	p := o.atTheirName()
	o.later(11)
	for _, text := range []string{"Siti Aminah", nikOf(1), "0812 3456 7890", "ya", "Warung Siti"} {
		p.say(text)
	}
	p.sees("Langkah 7") // all five were answers to what was asked
	if n := p.times(kindWord); n != 0 {
		t.Errorf("told %d times to slow down", n)
	}
}

// Who floods is told so once and loses nothing: after a pause the same
// question stands, and the next answer counts.
func TestFloodIsPassedOver(t *testing.T) {
	t.Parallel()
	for _, ingress := range []string{"polling", "webhook"} {
		t.Run(ingress, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, plan{replicas: 2, webhook: ingress == "webhook"})
			p := o.atTheirName()
			o.later(11)
			before := len(p.told())
			const messages = 200
			for range messages {
				p.say("1")
			}
			o.settled()
			if n := p.times(kindWord); n != 1 {
				t.Errorf("told %d times to slow down, want once", n)
			}
			if n := len(p.told()) - before; n != heard+1 {
				t.Errorf("%d replies to %d messages, want %d and a kind word", n, messages, heard)
			}
			p.press("❓ Bantuan") // a tap has a clock of its own
			o.later(4)
			p.say("Siti Aminah")
			p.sees("Berapa NIK")
		})
	}
}

// While one person's 2,000 messages wait at Telegram in front of everybody
// else's, others are answered before the flood costs them anything that can
// be felt, also while Telegram refuses replies to the one who floods.
func TestFloodHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1})
	p := o.atTheirName()
	people := o.people(others)
	o.stopAll()
	o.limit(true)
	o.later(11)
	for i := range flood {
		p.say("x" + strconv.Itoa(i))
		if every := flood / others; i%every == every-1 {
			people[i/every].say("/menu")
		}
	}
	began := time.Now()
	o.start(nil)
	took := make([]time.Duration, others)
	// The flood would take half a minute, were its refused replies waited out.
	for i, someone := range people {
		someone.sees("Silakan pilih")
		took[i] = time.Since(began)
	}
	o.settled()
	slices.Sort(took)
	// The flood would take half a minute, were its refused replies waited out.
	if took[others-1] > 15*time.Second {
		t.Errorf("somebody waited %s behind the flood", took[others-1])
	}
	t.Logf("others waited from the start: median %s, p95 %s; the flood was through after %s",
		took[others/2].Round(time.Millisecond), took[others*95/100].Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
	for _, someone := range people {
		if n := someone.times("Silakan pilih"); n != 1 {
			t.Errorf("%d answered %d times", someone.id, n)
		}
	}
	o.limit(false)
	o.later(60) // what Telegram held back goes out; the dialog is where it was
	p.seesTimes(kindWord, 1)
	p.say("Siti Aminah")
	p.sees("Berapa NIK")
}
