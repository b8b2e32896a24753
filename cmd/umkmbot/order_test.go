package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// Messages and taps of many chats arrive interleaved at three replicas; in each
// chat the messages are answered in their order, and so are the taps.
// Telegram itself sends the two on ways of their own.
func TestOrderAcrossReplicas(t *testing.T) {
	t.Parallel()
	for _, ingress := range []string{"webhook", "polling"} {
		t.Run(ingress, func(t *testing.T) {
			t.Parallel()
			const messages, taps = 10, 6
			o := newOffice(t, plan{replicas: 3, webhook: ingress == "webhook"})
			people := o.people(12)
			var all sync.WaitGroup
			for _, p := range people {
				all.Go(func() {
					p.upToNIK("Siti Aminah")
					var both sync.WaitGroup
					both.Go(func() {
						for i := range messages {
							p.say(strings.Repeat("1", i+1)) // too short: the answer counts the digits
						}
					})
					both.Go(func() {
						for i := range taps {
							p.press([]string{"❓ Bantuan", "👤 Petugas"}[i%2])
						}
					})
					both.Wait()
				})
			}
			all.Wait()
			o.settled()
			for _, p := range people {
				p.answeredInOrder(messages, taps)
			}
		})
	}
}

func (p person) answeredInOrder(messages, taps int) {
	p.o.t.Helper()
	said, tapped := 0, 0
	for _, text := range p.told() {
		switch {
		case strings.HasPrefix(text, "⚠️"):
			if said++; !strings.Contains(text, fmt.Sprintf(" %d ", said)) {
				p.o.t.Errorf("chat %d: answer %d is about another message: %q", p.id, said, text)
				return
			}
		case strings.Contains(text, "baris paling atas KTP"), strings.Contains(text, "Petugas kami siap"):
			if strings.Contains(text, "Petugas kami siap") != (tapped%2 == 1) {
				p.o.t.Errorf("chat %d: answer %d is to another tap: %q", p.id, tapped+1, text)
				return
			}
			tapped++
		}
	}
	if said != messages || tapped != taps {
		p.o.t.Errorf("chat %d: %d answers to %d messages, %d to %d taps", p.id, said, messages, tapped, taps)
	}
}

// Many updates of one chat reach three replicas at the same moment: each is
// answered once and none undoes another.
func TestOneChatAtAllReplicas(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 3, webhook: true})
	p := o.person()
	p.upToNIK("Siti Aminah")
	o.settled()
	const updates = 16
	var all sync.WaitGroup
	for i := range updates {
		body := fmt.Appendf(nil, `{"update_id":%d,"message":{"message_id":%d,"date":1,"chat":{"id":%d,"type":"private"},"from":{"id":%d},"text":%q}}`,
			800_000_000+i, 1000+i, p.id, p.id, strings.Repeat("1", i%15+1))
		all.Go(func() {
			if got := o.deliver(body); got != http.StatusOK {
				t.Errorf("HTTP %d", got)
			}
		})
	}
	all.Wait()
	if n := p.times("⚠️"); n != updates {
		t.Errorf("%d answers to %d messages", n, updates)
	}
	handled := o.hash(o.redis(), p.id)["handled"]
	for i := range updates {
		if id := fmt.Sprint(800_000_000 + i); !strings.Contains(handled, id) {
			t.Errorf("update %s is not remembered: %s", id, handled)
		}
	}
	p.say(nikOf(9))
	p.sees("nomor HP")
}
