package main

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// BenchmarkMailingRate sends a mailing through two replicas against Telegram's
// limits: what it holds of the metered budget, and what the fullest second had.
func BenchmarkMailingRate(b *testing.B) {
	for _, rate := range []int{30, 150, 300} {
		b.Run(fmt.Sprintf("%d a second", rate), func(b *testing.B) {
			metered := meteredRate(rate)
			o := newOffice(b, plan{webhook: true, settings: func(s *settings) { s.Telegram.Rate = rate }})
			if err := o.api.Post(b.Context(), "limits", map[string]any{"enforce": true, "per_second": rate}, nil); err != nil {
				b.Fatal(err)
			}
			a := gather(o, 25*metered)
			m := a.announce()
			o.start(nil)
			o.start(nil)
			for b.Loop() {
				if done := a.through(m.ID, 2*time.Minute); done.Counts != (umkm.DeliveryCounts{Sent: len(a.people)}) {
					b.Fatalf("%+v", done.Counts)
				}
			}
			seconds := o.sentBySecond()
			steady := seconds[2 : len(seconds)-2] // neither the start nor the end
			sum := 0
			for _, n := range steady {
				sum += n
			}
			b.ReportMetric(100*float64(sum)/float64(len(steady)*metered), "%budget")
			b.ReportMetric(float64(slices.Max(seconds)), "fullest")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// sentBySecond counts the messages that Telegram was sent, second by second.
func (o *office) sentBySecond() (counts []int) {
	o.t.Helper()
	var stats struct {
		BySecond map[string]map[string]int `json:"by_second"`
	}
	if err := o.api.Get(o.t.Context(), "stats", &stats); err != nil {
		o.t.Fatal(err)
	}
	var first, last int
	at := map[int]int{}
	for second, calls := range stats.BySecond {
		n, err := strconv.Atoi(second)
		if err != nil {
			o.t.Fatal(err)
		}
		if sent := calls["sendMessage"]; sent > 0 {
			at[n] = sent
			last = max(last, n)
			if first == 0 || n < first {
				first = n
			}
		}
	}
	for n := first; n <= last; n++ {
		counts = append(counts, at[n])
	}
	return counts
}
