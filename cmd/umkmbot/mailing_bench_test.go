package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"umkmbot/internal/loadtest"
)

var rateFor = flag.Duration("rate-for", 10*time.Minute, "how long BenchmarkBroadcastRate sends")

// What a broadcast has to hold while it goes out.
const (
	heldTarget   = 97.0 // per cent of the metered budget
	repliesIn95  = 300 * time.Millisecond
	senderMemory = 100 << 20 // bytes resident
)

// BenchmarkBroadcastRate has two replicas of the real program send a broadcast
// against Telegram's limits, free and paid, while owners register beside it. It
// fails where less than heldTarget of the budget is held, a second has more
// than the budget, replies are late or a replica grows.
func BenchmarkBroadcastRate(b *testing.B) {
	for _, c := range []struct{ rate, chatting int }{{30, 12}, {1000, 40}} {
		b.Run(fmt.Sprintf("%d a second", c.rate), func(b *testing.B) {
			for b.Loop() {
				broadcastRate(b, c.rate, c.chatting)
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

func broadcastRate(b *testing.B, rate, chatting int) {
	metered := meteredRate(rate)
	r, replicas := newRateWorld(b, rate, int(rateFor.Seconds())*metered)
	m := r.begun(r.confirms("Ada bazar UMKM di alun-alun Serang hari Minggu pukul 08.00."))
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	fleet := loadtest.Fleet{
		Sim: r.api, AtOnce: chatting, Owners: chatting * max(1, int(*rateFor/(80*time.Second))), Patience: time.Minute,
		Think: func() time.Duration { return 2*time.Second + rand.N(4*time.Second) },
	}
	var sum loadtest.Sum
	var chats sync.WaitGroup
	chats.Go(func() { sum, _ = fleet.Run(ctx) })
	done := r.through(m.ID, *rateFor*3/2+time.Minute)
	chats.Wait()
	if len(sum.Errors) > 0 || done.Counts.Sent != done.Counts.All() {
		b.Errorf("%+v; %v", done.Counts, sum.Errors)
	}
	seconds := r.door.bySecond()
	steady := seconds[2 : len(seconds)-2] // neither the start nor the end
	total := 0
	for _, n := range steady {
		total += n
	}
	held, fullest, p95, memory := 100*float64(total)/float64(len(steady)*metered), slices.Max(seconds), sum.Percentile(95), peak(b, replicas)
	if held < heldTarget || fullest > metered || p95 > repliesIn95 || memory > senderMemory {
		b.Errorf("held %.1f %%, %d in the fullest second of %d, replies within %s, %d bytes resident", held, fullest, metered, p95, memory)
	}
	b.ReportMetric(held, "%budget")
	b.ReportMetric(float64(fullest), "fullest")
	b.ReportMetric(float64(p95.Milliseconds()), "p95-ms")
	b.ReportMetric(float64(sum.Turns), "turns")
	b.ReportMetric(float64(memory)/(1<<20), "MB")
	b.ReportMetric(float64(done.Counts.All()), "people")
}

// rateWorld is an office with many who agreed to be written to, and a door
// through which its messages reach Telegram.
type rateWorld struct {
	*audience
	door *door
}

func newRateWorld(b *testing.B, rate, people int) (*rateWorld, []*replica) {
	b.Helper()
	b.Setenv("TELEGRAM_RATE", fmt.Sprint(rate))
	b.Setenv("JOB_RESCUE_AFTER", "3m") // as it is where nobody is killed
	d := &door{at: map[int64]int{}}
	o, replicas, _ := newCrashOffice(b, b.Context(), 2, func(sim http.Handler) http.Handler { d.behind = sim; return d })
	if err := o.api.Post(b.Context(), "limits", map[string]any{"enforce": true, "per_second": rate}, nil); err != nil {
		b.Fatal(err)
	}
	a := officed(o)
	first, err := o.api.People(b.Context(), people)
	if err != nil {
		b.Fatal(err)
	}
	last := first + int64(people) - 1
	d.countFrom(first, last)
	for _, sql := range sqlManyAgree {
		if strings.Contains(sql, "$2") {
			o.exec(sql, first, last)
			continue
		}
		o.exec(sql)
	}
	return &rateWorld{a, d}, replicas
}

// sqlManyAgree makes an owner with a business of each account from $1 to $2.
// The triggers of reach would take minutes; its records fill it at the end.
var sqlManyAgree = []string{
	`ALTER TABLE businesses DISABLE TRIGGER USER`,
	`ALTER TABLE consents DISABLE TRIGGER USER`,
	`ALTER TABLE account_owners DISABLE TRIGGER USER`,
	`INSERT INTO accounts (telegram_id, language, reachable_since, created_at, seen_at)
		SELECT n, 'id', '2026-01-01', '2026-01-01', '2026-01-01' FROM generate_series($1::bigint, $2::bigint) n`,
	`INSERT INTO owners (id, name, nik_sealed, nik_index, phone, created_at)
		SELECT lpad(to_hex(telegram_id), 32, '0')::uuid, 'Pemilik ' || telegram_id, '', sha256(telegram_id::text::bytea), '+6281234567890', created_at FROM accounts WHERE language = 'id' AND created_at = '2026-01-01'`,
	`INSERT INTO account_owners SELECT telegram_id, lpad(to_hex(telegram_id), 32, '0')::uuid, created_at FROM accounts WHERE created_at = '2026-01-01'`,
	`INSERT INTO businesses (id, owner, account, dialog, number, name, village, registered_at)
		SELECT owner, owner, account, 'd' || account, '360405-' || lpad((account % 1000000000)::text, 9, '0'), 'Usaha ' || account, '36.04.05.2001', created_at
		FROM account_owners WHERE created_at = '2026-01-01'`,
	`INSERT INTO consents (id, owner, account, purpose, version, language, granted, at)
		SELECT owner, owner, account, 'messages', 'v1', 'id', true, created_at FROM account_owners WHERE created_at = '2026-01-01'`,
	`ALTER TABLE businesses ENABLE TRIGGER USER`,
	`ALTER TABLE consents ENABLE TRIGGER USER`,
	`ALTER TABLE account_owners ENABLE TRIGGER USER`,
	`ANALYZE`,
	`INSERT INTO reach (business, owner, chat, language, village, sector, turnover, messages, documents, ends, programmes,
			trained, sole, registered_at, seen_at)
		SELECT business, owner, chat, language, village, sector, turnover, messages, documents, ends, programmes,
			trained, sole, registered_at, seen_at FROM reach_records ON CONFLICT DO NOTHING`,
	`ANALYZE`,
}

// peak is the most memory that one of the replicas has had resident, in bytes.
func peak(b *testing.B, replicas []*replica) (most int64) {
	b.Helper()
	for _, r := range replicas {
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", r.process.Process.Pid))
		if err != nil {
			b.Fatal(err)
		}
		var kilobytes int64
		for line := range strings.Lines(string(raw)) {
			if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
				_, _ = fmt.Sscan(rest, &kilobytes)
			}
		}
		most = max(most, kilobytes<<10)
	}
	return most
}

// door counts, in front of the simulator, the messages to the chats from first
// to last by the second in which they arrive.
type door struct {
	behind http.Handler

	mu          sync.Mutex
	first, last int64
	at          map[int64]int
}

func (d *door) countFrom(first, last int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.first, d.last = first, last
}

func (d *door) count(chat int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if chat >= d.first && chat <= d.last {
		d.at[time.Now().Unix()]++
	}
}

// ServeHTTP counts and passes on.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/sendMessage") {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "read", http.StatusBadRequest)
			return
		}
		var to struct {
			Chat int64 `json:"chat_id"`
		}
		if json.Unmarshal(raw, &to) == nil {
			d.count(to.Chat)
		}
		r.Body = io.NopCloser(bytes.NewReader(raw))
	}
	d.behind.ServeHTTP(w, r)
}

// bySecond lists the counts, the first second with any first.
func (d *door) bySecond() (counts []int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	first, last := int64(0), int64(0)
	for s := range d.at {
		if first == 0 || s < first {
			first = s
		}
		last = max(last, s)
	}
	for s := first; s <= last; s++ {
		counts = append(counts, d.at[s])
	}
	return counts
}
