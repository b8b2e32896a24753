package main

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestBacklog: what people wrote in the hour in which the bot was away arrives
// all at once. Each message is answered once, people's older ones first, and
// nobody counts as flooding, since they wrote minutes apart.
func TestBacklog(t *testing.T) {
	t.Parallel()
	for _, ingress := range []string{"webhook", "polling"} {
		t.Run(ingress, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, plan{replicas: 2, webhook: ingress == "webhook"})
			const each = 10
			people := o.people(80)
			if *allFaults {
				people = o.people(600)
			}
			people[0].say("/menu")
			people[0].sees("Silakan pilih")
			o.stopAll()
			for n := range each {
				o.allSay(people, []string{"qwerty", "/bantuan"}[n%2])
				o.sim.Advance(time.Hour / each)
			}
			began := time.Now()
			o.start(nil)
			o.start(nil)
			o.patience = 4 * patienceOfTests
			o.settled()
			took := time.Since(began)
			for _, p := range people {
				p.answeredInTurn(each)
			}
			if n := o.count(buried); n > 0 {
				t.Errorf("%d dead letters", n)
			}
			t.Logf("%d updates of an hour were answered in %s", each*len(people), fmtSeconds(took))
		})
	}
}

// allSay has everybody say something.
func (o *office) allSay(people []person, text string) {
	var all sync.WaitGroup
	for part := range slices.Chunk(people, (len(people)+7)/8) {
		all.Go(func() {
			for _, p := range part {
				p.say(text)
			}
		})
	}
	all.Wait()
}

// answeredInTurn fails unless the person's messages, by turns something that
// nobody understands and a call for help, were answered once each, in order.
func (p person) answeredInTurn(n int) {
	p.o.t.Helper()
	answers := []string{"belum mengerti", "mengetuk tombol"}
	var seen []int
	for _, text := range p.told() {
		if i := slices.IndexFunc(answers, func(words string) bool { return strings.Contains(text, words) }); i >= 0 {
			seen = append(seen, i)
		}
	}
	for i, got := range seen {
		if got != i%2 {
			p.o.t.Errorf("%d was answered out of turn: %v", p.id, seen)
			return
		}
	}
	if len(seen) != n {
		p.o.t.Errorf("%d got %d answers to %d messages", p.id, len(seen), n)
	}
}
