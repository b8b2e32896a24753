package main

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"

	"umkmbot/internal/loadtest"
)

// BenchmarkDialogBytes says what a chat takes in Redis by MEMORY USAGE: of people
// whose registration lies open at each of its steps, and of those who are
// registered. docs/scale.md.
func BenchmarkDialogBytes(b *testing.B) {
	const steps, each = 16, 10
	for b.Loop() {
		o := newOffice(b, plan{replicas: 1})
		client := o.redis()
		first, err := o.api.People(b.Context(), (steps+1)*each)
		if err != nil {
			b.Fatal(err)
		}
		var all sync.WaitGroup
		for i := range (steps + 1) * each {
			all.Go(func() {
				owner := &loadtest.Owner{Sim: o.api, ID: first + int64(i), Patience: patienceOfTests, Leaves: 1 + i/each}
				if _, err := owner.Register(b.Context()); err != nil {
					b.Error(err)
				}
			})
		}
		all.Wait()
		o.settled()
		bytes := func(from, to int) (mean float64) {
			for i := (from - 1) * each; i < to*each; i++ {
				mean += chatBytes(b, client, first+int64(i))
			}
			return mean / float64((to-from+1)*each)
		}
		b.ReportMetric(bytes(1, 1), "B/just-begun")
		b.ReportMetric(bytes(2, steps), "B/half-filled")
		b.ReportMetric(bytes(steps, steps), "B/before-the-last-tap")
		b.ReportMetric(bytes(steps+1, steps+1), "B/registered")
	}
	b.ReportMetric(0, "ns/op")
}

// chatBytes is what a chat takes, its key and its place in the table of keys included.
func chatBytes(b *testing.B, client redis.UniversalClient, chat int64) float64 {
	b.Helper()
	n, err := client.MemoryUsage(context.Background(), fmt.Sprintf("chat:{%d}", chat), 0).Result()
	if err != nil {
		b.Fatal(err)
	}
	return float64(n)
}
