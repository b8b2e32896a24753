package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// footprint is the real program's memory after a turn from each of many chats.
type footprint struct {
	Chats          int
	Now, Most      float64 // MB resident
	Ingress        string
	TurnsPerSecond float64
}

// memory has many people say one thing each.
func (b *bench) memory(ctx context.Context) (all []footprint, err error) {
	if b.plan.Chats == 0 || b.plan.Only == theFloor {
		return nil, nil
	}
	for _, ingress := range b.plan.ingresses() {
		f, err := b.footprint(ctx, ingress)
		if err != nil {
			return nil, fmt.Errorf("memory by %s: %w", ingress, err)
		}
		say("%d chats by %s: %.0f MB resident, %.0f MB at most", f.Chats, ingress, f.Now, f.Most)
		all = append(all, f)
	}
	return all, nil
}

func (b *bench) footprint(ctx context.Context, ingress string) (f footprint, err error) {
	if err := b.forgetChats(ctx); err != nil {
		return f, err
	}
	w, err := b.open(ctx, real, ingress, nil)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, w.close(context.WithoutCancel(ctx))) }()
	first, err := w.people.People(ctx, b.plan.Chats)
	if err != nil {
		return f, err
	}
	began := time.Now()
	if err := w.everybodySays(ctx, "/daftar", first, b.plan.Chats); err != nil {
		return f, err
	}
	if err := w.allAnswered(ctx); err != nil {
		return f, err
	}
	took := time.Since(began)
	now, most, err := w.program.resident()
	if err != nil {
		return f, err
	}
	if err := w.profile(ctx, "heap?gc=1", "heap-"+ingress+".pb.gz"); err != nil {
		return f, err
	}
	return footprint{
		Chats: b.plan.Chats, Ingress: ingress, Now: float64(now) / (1 << 20), Most: float64(most) / (1 << 20),
		TurnsPerSecond: float64(b.plan.Chats) / took.Seconds(),
	}, nil
}

// speakers is how many people write at the same time.
const speakers = 64

func (w *world) everybodySays(ctx context.Context, text string, first int64, count int) error {
	next := make(chan int64)
	errs := make([]error, speakers)
	var all sync.WaitGroup
	for i := range speakers {
		all.Go(func() {
			for id := range next {
				errs[i] = errors.Join(errs[i], w.people.Post(ctx, fmt.Sprintf("users/%d/text", id), map[string]any{"text": text}, nil))
			}
		})
	}
	for i := range count {
		next <- first + int64(i)
	}
	close(next)
	all.Wait()
	return errors.Join(errs...)
}

// allAnswered waits until Telegram has no update left for the bot.
func (w *world) allAnswered(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		var stats struct {
			Pending int `json:"pending"`
		}
		if err := w.people.Get(ctx, "stats", &stats); err != nil {
			return err
		}
		if stats.Pending == 0 {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%d updates still wait: %w", stats.Pending, ctx.Err())
		}
	}
}
