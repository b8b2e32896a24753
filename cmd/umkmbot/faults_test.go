package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"umkmbot/internal/faulty"
)

var allFaults = flag.Bool("faults", false, "meet every fault, by webhook and by polling, instead of a few")

// trouble is something that goes wrong with what the program stands on.
type trouble struct {
	name       string // what, and how
	few        bool   // met whenever everything is tested
	begin, end func(*ward) error
	lasts      time.Duration // 0: troubleLasts
	away       string        // what /readyz names meanwhile
	// repeats is how many replies somebody may see twice, since it is in doubt
	// whether they had arrived.
	repeats int
}

const troubleLasts = 4 * time.Second

// through has what passes a proxy go wrong.
func through(name string, which func(*ward) *faulty.Proxy, f faulty.Fault, more trouble) trouble {
	more.name = name
	more.begin = func(w *ward) error {
		which(w).Set(f)
		if f.Refuse || f.After > 0 {
			which(w).Cut()
		}
		return nil
	}
	more.end = func(w *ward) error { which(w).Heal(); return nil }
	return more
}

// cutting has a proxy's connections cut again and again.
func cutting(name string, which func(*ward) *faulty.Proxy) trouble {
	return trouble{name: name, begin: func(w *ward) error {
		lasting := w.lasting
		go func() {
			for lasting.Err() == nil {
				which(w).Cut()
				wait(lasting, 300*time.Millisecond)
			}
		}()
		return nil
	}, end: func(*ward) error { return nil }}
}

// telegram has the simulator answer wrongly.
func telegram(name string, f map[string]any, more trouble) trouble {
	more.name = "telegram/" + name
	more.begin = func(w *ward) error {
		f["method"] = "*"
		w.fault(f)
		return nil
	}
	more.end = func(w *ward) error { w.clearFaults(); return nil }
	return more
}

func toRedis(w *ward) *faulty.Proxy    { return w.redis }
func toPostgres(w *ward) *faulty.Proxy { return w.postgres }
func toBucket(w *ward) *faulty.Proxy   { return w.bucket }

// network is what may become of the way to a server.
func network(name string, which func(*ward) *faulty.Proxy, away string) []trouble {
	return []trouble{
		through(name+"/a little slow", which, faulty.Fault{Delay: 300 * time.Millisecond}, trouble{}),
		through(name+"/very slow", which, faulty.Fault{Delay: 3 * time.Second}, trouble{lasts: 8 * time.Second}),
		cutting(name+"/cut", which),
		through(name+"/refused", which, faulty.Fault{Refuse: true}, trouble{away: away}),
		through(name+"/nothing passes", which, faulty.Fault{Hold: true}, trouble{away: away, lasts: 8 * time.Second}),
		through(name+"/answers lost", which, faulty.Fault{Mute: true}, trouble{away: away, lasts: 8 * time.Second}),
		through(name+"/half open", which, faulty.Fault{HalfOpen: true}, trouble{away: away, lasts: 8 * time.Second}),
		through(name+"/cut in the middle", which, faulty.Fault{After: 2000}, trouble{}),
	}
}

// servers is what may become of a server itself.
var servers = []trouble{
	{
		name: "redis/away", few: true, away: "redis",
		begin: func(w *ward) error { return w.services.StopRedis(context.Background()) },
		end:   func(w *ward) error { return w.services.StartRedis(context.Background()) },
	},
	{
		name:  "redis/killed",
		begin: func(w *ward) error { return w.services.RestartRedis(context.Background(), true) },
		end:   func(*ward) error { return nil },
	},
	{
		name: "redis/read-only", few: true,
		begin: func(w *ward) error { return w.tellRedis("REPLICAOF", "127.0.0.1", "1") },
		end:   func(w *ward) error { return w.tellRedis("REPLICAOF", "NO", "ONE") },
	},
	{
		name:  "redis/without its replicas",
		begin: func(w *ward) error { return w.tellRedis("CONFIG", "SET", "min-replicas-to-write", "1") },
		end:   func(w *ward) error { return w.tellRedis("CONFIG", "SET", "min-replicas-to-write", "0") },
	},
	{
		name:  "redis/full",
		begin: func(w *ward) error { return w.tellRedis("CONFIG", "SET", "maxmemory", "1") },
		end:   func(w *ward) error { return w.tellRedis("CONFIG", "SET", "maxmemory", "0") },
	},
	{
		name: "postgres/away", few: true, away: "postgres",
		begin: func(w *ward) error { return w.services.StopPostgres(context.Background()) },
		end:   func(w *ward) error { return w.services.StartPostgres(context.Background()) },
	},
	{
		name:  "postgres/killed",
		begin: func(w *ward) error { return w.services.RestartPostgres(context.Background(), true) },
		end:   func(*ward) error { return nil },
	},
	{
		name: "postgres/read-only", few: true,
		begin: func(w *ward) error {
			return w.tellPostgres("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
		},
		end: func(w *ward) error {
			return w.tellPostgres("ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()")
		},
	},
	{
		name: "files/full", few: true,
		begin: func(w *ward) error { w.full.Store(true); return nil },
		end:   func(w *ward) error { w.full.Store(false); return nil },
	},
}

// troubles are all of them.
func troubles() []trouble {
	all := append([]trouble{}, servers...)
	all = append(all, network("redis", toRedis, "redis")...)
	all = append(all, network("postgres", toPostgres, "postgres")...)
	all = append(all, network("files", toBucket, "")...)
	return append(all,
		telegram("slow", map[string]any{"delay_ms": 1500}, trouble{}),
		telegram("very slow", map[string]any{"delay_ms": 12_000}, trouble{repeats: 2}),
		telegram("500", map[string]any{"status": 500}, trouble{}),
		telegram("page of HTML", map[string]any{"status": 502, "body": "<html><h1>502 Bad Gateway</h1></html>"}, trouble{}),
		telegram("page that says yes", map[string]any{"status": 200, "body": "<html>Please log in</html>"}, trouble{}),
		telegram("dropped before", map[string]any{"drop": "before"}, trouble{few: true}),
		telegram("dropped after", map[string]any{"drop": "after", "times": 20}, trouble{repeats: 20}),
		telegram("cut answers", map[string]any{"truncate": true, "times": 20}, trouble{repeats: 20}),
		telegram("429", map[string]any{"retry_after": 2, "times": 40}, trouble{}),
	)
}

// TestFaults: whatever goes wrong while people register, hand in documents,
// review and are written to, nothing is lost and nothing done twice, everybody
// is answered, and it goes on by itself. A few troubles in turn by webhook and
// by polling; with -faults all of them by both.
func TestFaults(t *testing.T) {
	t.Parallel()
	binary := buildProgram(t)
	n := 0
	for _, tr := range troubles() {
		for i, ingress := range []string{"webhook", "polling"} {
			if !*allFaults && (!tr.few || n%2 != i) {
				continue
			}
			t.Run(tr.name+"/"+ingress, func(t *testing.T) {
				t.Parallel()
				w := newWard(t, binary, ingress == "webhook", 2)
				w.goThrough(tr)
			})
		}
		if tr.few {
			n++
		}
	}
}

// goThrough has people live through a trouble.
func (w *ward) goThrough(tr trouble) {
	t := w.t
	var all sync.WaitGroup
	for _, l := range lives {
		all.Go(func() { l.live(w, t.Context(), tr) })
	}
	w.wait("people are in the middle", func() bool { return w.calls("sendMessage") > 60 })
	mend := w.starts(tr)
	began := time.Now()
	witness := w.person()
	if tr.away != "" {
		witness.say("/menu")
		witness.sees(sorry)
		w.wait("/readyz names "+tr.away, func() bool { return w.names(tr.away) })
	}
	wait(t.Context(), max(tr.lasts, troubleLasts)-time.Since(began))
	mend()
	close(w.over)
	mended := time.Now()
	first := w.answered()
	all.Wait()
	whole := time.Since(mended)
	w.wait("/readyz says yes", func() bool { return w.names("") })
	w.settled()
	if menus, sorries := witness.times("Silakan pilih"), witness.times(sorry); tr.away != "" && (menus != 1 || sorries != 1) {
		t.Errorf("who asked for the menu then got %d and %d apologies", menus, sorries)
	}
	if dead, held := w.left(); dead > 0 || held > 0 {
		t.Errorf("%d dead letters for a trouble, %d replies are held back", dead, held)
	}
	t.Logf("%s: somebody new was answered %s after its end, everything was through after %s",
		strings.TrimPrefix(t.Name(), "TestFaults/"), fmtSeconds(first), fmtSeconds(whole))
}

// starts begins a trouble, and returns what ends it.
func (w *ward) starts(tr trouble) (mend func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	w.lasting = ctx
	w.must(tr.begin(w))
	return func() {
		cancel()
		w.must(tr.end(w))
	}
}

func fmtSeconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
