package store

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// Budget is the allowance that the metered lanes of all replicas share, a GCRA
// in one Redis key. In no second, wherever it begins, are more than rate
// granted. One message takes its share of a second; n at once (an album)
// take 2n-1 shares, the price of that promise.
//
// Messages of mailings stand behind all others: they are granted some at a
// time, one after another at the rate, and not as far ahead.
type Budget struct {
	client redis.UniversalClient
	rate   int
	turn   chan struct{} // one waiter a replica asks Redis
	behind chan grants   // what mailings have been granted; who has it asks for more
}

// grants are messages that may go, each a share after the one before.
type grants struct {
	left int
	next time.Time
}

// budgetKey's value is the time in µs from which one message may go.
const budgetKey = "budget:{metered}"

// budgetAhead bounds how far ahead a grant is made, since a pause cannot take
// grants back.
const budgetAhead = 100 * time.Millisecond

// Of mailings' messages grants are made behindAhead ahead, so that a notice finds
// room in front of them, and for behindAtOnce together: one question to Redis
// for each would not keep a rate of hundreds. One that could not be used within
// behindLate is void, lest late ones pile up in a second.
const (
	behindAhead  = budgetAhead / 2
	behindAtOnce = 25 * time.Millisecond
	behindLate   = 10 * time.Millisecond
)

// budgetSlack is what every share is longer than the rate asks, for messages do
// not arrive as evenly as they are granted.
const budgetSlack = 1.015

// budgetLook is how long at most passes until a waiter looks again.
const budgetLook = time.Second

// ARGV: one message's share in µs, n, how far ahead in µs. Returns {1, time of the grant, µs until
// then}, or {0, 0, µs until it is worth asking again}.
//
// Between grants of m and n lie m+n-1 shares: then any second holds at most
// rate. m's part and one more share were put into the key when m was granted.
var takeScript = redis.NewScript(`
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local share = tonumber(ARGV[1])
local at = math.ceil(math.max(now, (tonumber(redis.call('GET', KEYS[1])) or 0) + (ARGV[2] - 1) * share))
if at - now > tonumber(ARGV[3]) then return {0, 0, at - now - ARGV[3]} end
local free = at + ARGV[2] * share
redis.call('SET', KEYS[1], string.format('%.3f', free), 'PX', math.ceil((free - now) / 1000) + 1000)
return {1, at, at - now}
`)

// ARGV: one message's share in µs, n, how far ahead in µs. Grants at most n
// messages, a share apart. Returns {how many, µs until the first}, or {0, µs
// until it is worth asking again}.
var behindScript = redis.NewScript(`
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local share = tonumber(ARGV[1])
local at = math.ceil(math.max(now, tonumber(redis.call('GET', KEYS[1])) or 0))
local room = now + ARGV[3] - at
if room < 0 then return {0, -room} end
local n = math.min(tonumber(ARGV[2]), math.floor(room / share) + 1)
local free = at + n * share
redis.call('SET', KEYS[1], string.format('%.3f', free), 'PX', math.ceil((free - now) / 1000) + 1000)
return {n, at - now}
`)

// ARGV: pause in µs. A pause never shortens one that is longer.
var pauseScript = redis.NewScript(`
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local free = math.max(now + ARGV[1], tonumber(redis.call('GET', KEYS[1])) or 0)
redis.call('SET', KEYS[1], string.format('%.3f', free), 'PX', math.ceil((free - now) / 1000) + 1000)
return 1
`)

// Budget meters to rate messages a second over all replicas.
func (s *Store) Budget(rate int) *Budget { return newBudget(s.redis, rate) }

func newBudget(client redis.UniversalClient, rate int) *Budget {
	b := &Budget{client: client, rate: max(rate, 1), turn: make(chan struct{}, 1), behind: make(chan grants, 1)}
	b.behind <- grants{}
	return b
}

// share is what one message takes of the time.
func (b *Budget) share() time.Duration {
	return time.Duration(budgetSlack * float64(time.Second) / float64(b.rate))
}

// Take waits until n messages may be sent. It refuses an n that no second has
// room for.
func (b *Budget) Take(ctx context.Context, n int) error {
	if n <= 0 {
		return nil
	}
	if n > b.rate {
		return fmt.Errorf("metered budget: %d messages at once, but only %d fit in a second", n, b.rate)
	}
	select {
	case b.turn <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("metered budget: %w", context.Cause(ctx))
	}
	defer func() { <-b.turn }()
	if _, err := b.take(ctx, n); err != nil {
		return fmt.Errorf("metered budget: %w", err)
	}
	return nil
}

// take returns when the grant's time has come, with that time by Redis's
// clock in µs.
func (b *Budget) take(ctx context.Context, n int) (int64, error) {
	for {
		got, err := takeScript.Run(ctx, b.client, []string{budgetKey}, b.share().Microseconds(), n, budgetAhead.Microseconds()).Int64Slice()
		if err != nil {
			return 0, err
		}
		granted := got[0] == 1
		wait := time.Duration(got[2]) * time.Microsecond
		if !granted {
			wait = min(wait+time.Millisecond, budgetLook)
		}
		if err := pause(ctx, wait); err != nil {
			return 0, err
		}
		if granted {
			return got[1], nil
		}
	}
}

// TakeBehind waits until one message of a mailing may be sent: everything else
// that is metered goes first. Once one has been granted, its moment is waited for
// even when ctx ends: it is near, and would be nobody's.
func (b *Budget) TakeBehind(ctx context.Context) error {
	for {
		at, err := b.nextBehind(ctx)
		if err == nil {
			err = pause(context.WithoutCancel(ctx), time.Until(at))
		}
		if err != nil {
			return fmt.Errorf("metered budget: %w", err)
		}
		if time.Since(at) < behindLate {
			return nil
		}
	}
}

// nextBehind returns when the next message of a mailing may go. Those who wait
// come one after another; they sleep until their times side by side.
func (b *Budget) nextBehind(ctx context.Context) (time.Time, error) {
	if ctx.Err() != nil {
		return time.Time{}, context.Cause(ctx)
	}
	var g grants
	select {
	case g = <-b.behind:
	case <-ctx.Done():
		return time.Time{}, context.Cause(ctx)
	}
	defer func() { b.behind <- g }()
	share := b.share()
	atOnce := int(behindAtOnce/share) + 1
	for g.left == 0 {
		got, err := behindScript.Run(ctx, b.client, []string{budgetKey}, share.Microseconds(), atOnce, behindAhead.Microseconds()).Int64Slice()
		if err != nil {
			return time.Time{}, err
		}
		wait := time.Duration(got[1]) * time.Microsecond
		g.left, g.next = int(got[0]), time.Now().Add(wait)
		if g.left > 0 {
			break
		}
		if err := pause(ctx, min(wait+time.Millisecond, budgetLook)); err != nil {
			return time.Time{}, err
		}
	}
	at := g.next
	g.left--
	g.next = at.Add(share)
	return at, nil
}

// Pause stops the metered lanes of every replica for d.
func (b *Budget) Pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	if err := pauseScript.Run(ctx, b.client, []string{budgetKey}, d.Microseconds()).Err(); err != nil {
		return fmt.Errorf("pause metered budget: %w", err)
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
