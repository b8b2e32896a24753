package store

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"umkmbot/internal/dialog"
)

const (
	// funnelEvery is how much counting a kill may cost.
	funnelEvery = 15 * time.Second
	// funnelPatience bounds one write; the counts wait for the next otherwise.
	funnelPatience = 5 * time.Second
	// funnelMost bounds the counters in memory while the database is down: a
	// week of outage with every step and event of twenty flows fits.
	funnelMost = 20_000
)

type funnelKey struct{ day, flow, step, event string }

type funnelCount struct{ count, seconds int64 }

// Funnel counts passages in memory and adds them to the records now and then.
// A write whose outcome is unknown is made again, so that a connection lost at
// that moment may count a quarter of a minute twice.
type Funnel struct {
	pool *pgxpool.Pool
	*flusher

	writing sync.Mutex // one flush at a time

	mu     sync.Mutex
	counts map[funnelKey]funnelCount
	lost   int64 // passages past funnelMost
}

// openFunnel starts writing counts every so often, until close.
func openFunnel(pool *pgxpool.Pool, log *slog.Logger, every time.Duration) *Funnel {
	f := &Funnel{pool: pool, counts: map[funnelKey]funnelCount{}}
	f.flusher = &flusher{flush: f.Flush, log: log, waits: "conversation counts wait for the database", lost: "conversation counts are lost"}
	f.start(every)
	return f
}

// Funnel counts how far conversations get.
func (s *Store) Funnel() *Funnel { return s.funnel }

// Count notes a passage; it neither fails nor waits.
func (f *Funnel) Count(p dialog.Passage) {
	key := funnelKey{p.At.Format(time.DateOnly), p.Flow, p.Step, string(p.Event)}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.add(key, funnelCount{1, p.Seconds})
}

func (f *Funnel) add(key funnelKey, more funnelCount) {
	have, known := f.counts[key]
	if !known && len(f.counts) >= funnelMost {
		f.lost += more.count
		return
	}
	f.counts[key] = funnelCount{have.count + more.count, have.seconds + more.seconds}
}

// Rows are sorted so that two replicas never wait for each other in a circle.
const sqlAddFunnel = `
INSERT INTO funnel (day, flow, step, event, count, seconds)
SELECT * FROM unnest($1::text[]::date[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
ORDER BY 1, 2, 3, 4
ON CONFLICT (day, flow, step, event) DO UPDATE
SET count = funnel.count + excluded.count, seconds = funnel.seconds + excluded.seconds`

// Flush adds what was counted to the records; on an error it stays in memory.
func (f *Funnel) Flush(ctx context.Context) error {
	f.writing.Lock()
	defer f.writing.Unlock()
	taken, lost := f.take()
	if lost > 0 {
		f.log.Warn("conversation counts are lost: too many wait", slog.Int64("passages", lost))
	}
	if len(taken) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, funnelPatience)
	defer cancel()
	if err := f.write(ctx, taken); err != nil {
		f.giveBack(taken)
		return fmt.Errorf("write conversation counts: %w", classify(err))
	}
	return nil
}

func (f *Funnel) take() (map[funnelKey]funnelCount, int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	taken, lost := f.counts, f.lost
	f.counts, f.lost = map[funnelKey]funnelCount{}, 0
	return taken, lost
}

func (f *Funnel) giveBack(taken map[funnelKey]funnelCount) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for key, n := range taken {
		f.add(key, n)
	}
}

func (f *Funnel) write(ctx context.Context, counts map[funnelKey]funnelCount) error {
	var keys [4][]string
	var count, seconds []int64
	for k, n := range counts {
		for i, part := range []string{k.day, k.flow, k.step, k.event} {
			keys[i] = append(keys[i], part)
		}
		count, seconds = append(count, n.count), append(seconds, n.seconds)
	}
	_, err := f.pool.Exec(ctx, sqlAddFunnel, keys[0], keys[1], keys[2], keys[3], count, seconds)
	return err
}

// FunnelRow is the sum of one event over some days.
type FunnelRow struct {
	Flow, Step, Event string
	Count, Seconds    int64
}

const sqlFunnel = `
SELECT flow, step, event, sum(count)::bigint AS count, sum(seconds)::bigint AS seconds
FROM funnel WHERE day BETWEEN $1 AND $2 GROUP BY flow, step, event ORDER BY flow, step, event`

// Sum adds up the days from one to another, both included.
func (f *Funnel) Sum(ctx context.Context, from, to time.Time) ([]FunnelRow, error) {
	rows, err := f.pool.Query(ctx, sqlFunnel, from.Format(time.DateOnly), to.Format(time.DateOnly))
	if err != nil {
		return nil, fmt.Errorf("conversation counts: %w", classify(err))
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[FunnelRow])
	if err != nil {
		return nil, fmt.Errorf("conversation counts: %w", classify(err))
	}
	return out, nil
}
