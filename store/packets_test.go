package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/internal/faulty"
)

// behindProxy are packets to a Redis whose network the test can spoil; clean
// sees the same Redis without.
func behindProxy(t *testing.T) (p *packets, proxy *faulty.Proxy, clean redis.UniversalClient) {
	t.Helper()
	address, err := url.Parse(embeddedtest.Redis(t))
	if err != nil {
		t.Fatal(err)
	}
	proxy, err = faulty.Listen(address.Host)
	if err != nil {
		t.Fatal(err)
	}
	clean, err = OpenRedis(t.Context(), address.String())
	if err != nil {
		t.Fatal(err)
	}
	address.Host = proxy.Addr()
	client, err := OpenRedis(t.Context(), address.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(client.Close(), clean.Close(), proxy.Close()); err != nil {
			t.Error(err)
		}
	})
	return &packets{client: client}, proxy, clean
}

// echo returns what it was given.
var echo = redis.NewScript(`return ARGV[1]`)

// counts are what waits, and the packets on their way.
func (p *packets) counts() (waiting, flying int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.line), p.flying
}

// stuck has as many packets as may be on their way in a network that passes
// nothing on.
func (p *packets) stuck(t *testing.T, proxy *faulty.Proxy, all *sync.WaitGroup) {
	t.Helper()
	proxy.Set(faulty.Fault{Hold: true})
	for i := range packetsAtOnce {
		all.Go(func() { p.run(t.Context(), echo, "first", i) })
		eventually(t, "it is on its way", func() bool {
			waiting, flying := p.counts()
			return waiting == 0 && flying == i+1
		})
	}
}

// reads are how often the server has read from its clients' sockets.
func reads(t *testing.T, client redis.UniversalClient) int {
	t.Helper()
	info := must(client.Info(t.Context(), "stats").Result())
	_, rest, _ := strings.Cut(info, "total_reads_processed:")
	line, _, _ := strings.Cut(rest, "\r\n")
	return must(strconv.Atoi(line))
}

// What is asked for while others are on their way leaves together, and each
// gets its own answer.
func TestScriptsShareAPacket(t *testing.T) {
	p, proxy, clean := behindProxy(t)
	const asked = 60
	if err := p.run(t.Context(), echo, "warm", "up").Err(); err != nil { // the server has the script
		t.Fatal(err)
	}
	answers := make([]string, asked)
	var all sync.WaitGroup
	p.stuck(t, proxy, &all)
	for i := range asked {
		all.Go(func() { answers[i], _ = p.run(t.Context(), echo, fmt.Sprint("key", i), fmt.Sprint(i)).Text() })
	}
	eventually(t, "all wait", func() bool { waiting, _ := p.counts(); return waiting == asked })
	before := reads(t, clean)
	proxy.Heal()
	all.Wait()
	// Each packet may take a connection of its own, which introduces itself.
	if n := reads(t, clean) - before; n > 12 {
		t.Errorf("%d scripts took %d reads", asked, n)
	}
	for i, answer := range answers {
		if answer != fmt.Sprint(i) {
			t.Errorf("%d was answered %q", i, answer)
		}
	}
	eventually(t, "nothing is on its way", func() bool { waiting, flying := p.counts(); return waiting == 0 && flying == 0 })
}

// Whoever's time is over leaves, and what they asked for is not asked any more
// if it was not on its way.
func TestLeavingTheLine(t *testing.T) {
	p, proxy, clean := behindProxy(t)
	if err := putScript.Load(t.Context(), clean).Err(); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	p.stuck(t, proxy, &all)
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() { left <- p.run(ctx, putScript, "left", "behind").Err() }()
	eventually(t, "it waits", func() bool { waiting, _ := p.counts(); return waiting == 1 })
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("left with %v", err)
	}
	proxy.Heal()
	all.Wait()
	if err := p.run(t.Context(), putScript, "stayed", "here").Err(); err != nil {
		t.Fatal(err)
	}
	if keys := must(clean.Keys(t.Context(), "*").Result()); !slices.Equal(keys, []string{"stayed"}) {
		t.Errorf("kept %q", keys)
	}
}

var putScript = redis.NewScript(`return redis.call('SET', KEYS[1], ARGV[1])`)

// A server that does not answer fails what waits for it in time for another
// try, and a script that it has forgotten is sent again.
func TestPacketsEnd(t *testing.T) {
	t.Parallel()
	p, proxy, clean := behindProxy(t)
	proxy.Set(faulty.Fault{Hold: true})
	began := time.Now()
	if err := p.run(t.Context(), echo, "key", 1).Err(); err == nil {
		t.Error("answered by nobody")
	}
	if took := time.Since(began); took > leaseTime {
		t.Errorf("it took %s", took)
	}
	proxy.Heal()
	for range 2 {
		if got := must(p.run(t.Context(), echo, "key", 1).Text()); got != "1" {
			t.Errorf("answered %q", got)
		}
		if err := clean.ScriptFlush(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
	}
}
