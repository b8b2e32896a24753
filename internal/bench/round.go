package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"umkmbot/internal/loadtest"
)

// figures are what one round told of one program under one load.
type figures struct {
	TurnsPerSecond float64
	P50, P95, P99  float64 // ms, from acting to seeing the answer
	CPU            float64 // µs a turn
	Resident       float64 // MB at the end of the load
	RoundTrips     float64 // Redis requests read a turn, a pipeline being one
	Commands       float64 // Redis commands and scripts a turn
	Transactions   float64 // Postgres transactions a turn, over the process's life
}

// cell names a measurement.
type cell struct {
	Ingress, Program string
	AtOnce           int
}

// results are every round's figures.
type results map[cell][]figures

// rounds measures the programs in turns, by one ingress after the other.
func (b *bench) rounds(ctx context.Context) (results, error) {
	all := results{}
	for _, ingress := range b.plan.ingresses() {
		if err := b.compare(ctx, all, ingress); err != nil {
			return nil, fmt.Errorf("by %s: %w", ingress, err)
		}
	}
	return all, nil
}

// compare gives each program a world, warms it up, and has them take turns:
// while one is measured the other idles, so that both meet the same minutes of
// a machine whose speed changes.
func (b *bench) compare(ctx context.Context, all results, ingress string) (err error) {
	if err := b.forgetChats(ctx); err != nil {
		return err
	}
	worlds := map[string]*world{}
	for _, program := range b.plan.programs(0) {
		w, err := b.open(ctx, program, ingress, nil)
		if err != nil {
			return fmt.Errorf("%s: %w", program, err)
		}
		defer func() { err = errors.Join(err, w.close(context.WithoutCancel(ctx))) }()
		worlds[program] = w
	}
	for program, w := range worlds {
		if err := w.warmUp(ctx); err != nil {
			return fmt.Errorf("%s: %w", program, err)
		}
	}
	for n := range b.plan.Rounds {
		for _, program := range b.plan.programs(n) {
			if err := worlds[program].round(ctx, n); err != nil {
				return fmt.Errorf("%s: %w", program, err)
			}
		}
	}
	for program, w := range worlds {
		if err := w.countTransactions(ctx); err != nil {
			return fmt.Errorf("%s: %w", program, err)
		}
		maps.Copy(all, w.measured)
	}
	return nil
}

func (w *world) warmUp(ctx context.Context) (err error) {
	if w.commits, err = w.bench.transactions(ctx, w.name); err != nil {
		return err
	}
	sum, err := w.fleet(ctx, w.bench.plan.WarmUp)
	w.turns = sum.Turns
	return err
}

// countTransactions ends the program: Postgres's sessions report what they did
// when they end. What a program does while it idles counts as well.
func (w *world) countTransactions(ctx context.Context) error {
	err := w.program.stop()
	w.program = nil
	if err != nil {
		return err
	}
	after, err := w.bench.transactions(ctx, w.name)
	if err != nil {
		return err
	}
	for _, rounds := range w.measured {
		for i := range rounds {
			rounds[i].Transactions = float64(after-w.commits) / float64(w.turns)
		}
	}
	return nil
}

// round measures each load, one after the other.
func (w *world) round(ctx context.Context, n int) error {
	for _, l := range w.bench.plan.Owners {
		taken := make(chan error, 1)
		if l.AtOnce == most(w.bench.plan.Owners) {
			go func() {
				taken <- w.profile(ctx, fmt.Sprintf("profile?seconds=%d", profileTime), fmt.Sprintf("cpu-%s-%d.pb.gz", w.ingress, n+1))
			}()
		} else {
			taken <- nil
		}
		f, turns, err := w.measure(ctx, l)
		if err = errors.Join(err, <-taken); err != nil {
			return err
		}
		w.turns += turns
		c := cell{w.ingress, w.of, l.AtOnce}
		w.measured[c] = append(w.measured[c], f)
		say("round %d, %-5s by %s, %3d at once: %6.0f turns/s, p50 %5.1f ms, p99 %6.1f ms, %4.0f µs CPU a turn, %3.0f MB",
			n+1, w.of, w.ingress, l.AtOnce, f.TurnsPerSecond, f.P50, f.P99, f.CPU, f.Resident)
	}
	return w.profile(ctx, "allocs", fmt.Sprintf("allocs-%s-%d.pb.gz", w.ingress, n+1))
}

// profileTime is how long a CPU profile takes, in seconds.
const profileTime = 5

// most is the greatest number of owners at once.
func most(loads []load) (n int) {
	for _, l := range loads {
		n = max(n, l.AtOnce)
	}
	return n
}

// fleet has owners register; one who fails fails the benchmark.
func (w *world) fleet(ctx context.Context, l load) (loadtest.Sum, error) {
	sum, err := loadtest.Fleet{Sim: w.people, Owners: l.Owners, AtOnce: l.AtOnce, Patience: patience}.Run(ctx)
	few := sum.Errors[:min(3, len(sum.Errors))] // the others say the same
	if err = errors.Join(append(few, err)...); err != nil {
		return sum, fmt.Errorf("%w; the program's log ends with: %s", err, w.program.lastWords())
	}
	return sum, nil
}

func (w *world) measure(ctx context.Context, l load) (f figures, turns int, err error) {
	before, err := w.meters(ctx)
	if err != nil {
		return f, 0, err
	}
	sum, err := w.fleet(ctx, l)
	if err != nil {
		return f, 0, err
	}
	after, err := w.meters(ctx)
	if err != nil {
		return f, 0, err
	}
	resident, _, err := w.program.resident()
	if err != nil {
		return f, 0, err
	}
	per := func(n int64) float64 { return float64(n) / float64(sum.Turns) }
	ms := func(p int) float64 { return float64(sum.Percentile(p)) / float64(time.Millisecond) }
	return figures{
		TurnsPerSecond: sum.PerSecond(), P50: ms(50), P95: ms(95), P99: ms(99),
		CPU: per(int64((after.cpu - before.cpu) / time.Microsecond)), Resident: float64(resident) / (1 << 20),
		RoundTrips: per(after.reads - before.reads), Commands: per(after.commands - before.commands),
	}, sum.Turns, nil
}

// meters only ever count up.
type meters struct {
	cpu             time.Duration
	reads, commands int64
}

func (w *world) meters(ctx context.Context) (m meters, err error) {
	if m.cpu, err = w.program.cpu(); err != nil {
		return m, err
	}
	info, err := w.bench.redis.Info(ctx, "stats", "commandstats").Result()
	if err != nil {
		return m, fmt.Errorf("redis info: %w", err)
	}
	m.reads, m.commands = redisCounts(info)
	return m, nil
}

// redisCounts reads INFO: the reads from clients' sockets, of which a request
// or a pipeline is one, and the commands that clients sent. What a script
// calls inside is no command of a client.
func redisCounts(info string) (reads, commands int64) {
	for line := range strings.Lines(info) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch name {
		case "total_reads_processed":
			reads, _ = strconv.ParseInt(value, 10, 64)
		case "cmdstat_evalsha", "cmdstat_eval", "cmdstat_get", "cmdstat_set":
			calls, _, _ := strings.Cut(strings.TrimPrefix(value, "calls="), ",")
			n, _ := strconv.ParseInt(calls, 10, 64)
			commands += n
		}
	}
	return reads, commands
}

func (b *bench) transactions(ctx context.Context, database string) (n int64, err error) {
	err = b.onDatabase(ctx, "SELECT xact_commit FROM pg_stat_database WHERE datname = '"+database+"'", &n)
	return n, err
}
