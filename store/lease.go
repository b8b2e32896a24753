package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
)

// ErrLeaseLost is the cause with which a held lease's context ends when
// another replica may have it.
var ErrLeaseLost = errors.New("store: lease lost")

// Lease lets one replica at a time do something while others stand by.
type Lease struct {
	client redis.UniversalClient
	name   string
	log    *slog.Logger
	times  leaseTimes
	down   atomic.Bool
	held   atomic.Bool
}

// Name is what was given to Store.Lease.
func (l *Lease) Name() string { return l.name }

// Held reports whether this replica leads.
func (l *Lease) Held() bool { return l.held.Load() }

// Down reports whether Redis did not answer when Lead last asked.
func (l *Lease) Down() bool { return l.down.Load() }

// leaseTimes: whoever holds renews every third of life and gives up a margin
// before it ends, so that two never hold at once, whatever the network does.
type leaseTimes struct{ life, renew, margin, retry time.Duration }

var usualLease = leaseTimes{life: 10 * time.Second, renew: 3 * time.Second, margin: 2 * time.Second, retry: time.Second}

// Lease names something that one replica does.
func (s *Store) Lease(name string) *Lease {
	return &Lease{client: s.redis, name: name, log: s.log, times: usualLease}
}

var renewLease = redis.NewScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`)

var dropLease = redis.NewScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`)

func (l *Lease) key() string { return "lease:{" + l.name + "}" }

// Lead waits until this replica has the lease. The context it returns ends
// with ErrLeaseLost when the lease is lost; release gives it away and must be
// called. An error means that ctx ended: a Redis that is down is waited for.
func (l *Lease) Lead(ctx context.Context) (led context.Context, release func(), err error) {
	token := uuid.NewString()
	for {
		asked := time.Now()
		ok, err := l.client.SetNX(ctx, l.key(), token, l.times.life).Result()
		if err == nil && ok {
			led, release = l.keep(ctx, token, asked)
			return led, release, nil
		}
		if wasDown := l.down.Swap(err != nil); err != nil && !wasDown && ctx.Err() == nil {
			l.log.WarnContext(ctx, "lease: redis does not answer; waiting", "lease", l.name, "error", err)
		}
		if err := pause(ctx, l.times.retry); err != nil {
			return nil, nil, fmt.Errorf("wait for lease %s: %w", l.name, err)
		}
	}
}

// keep renews a lease taken at a time until release.
func (l *Lease) keep(ctx context.Context, token string, taken time.Time) (context.Context, func()) {
	led, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	l.held.Store(true)
	go func() {
		defer close(done)
		cancel(l.renewing(led, token, taken))
		l.held.Store(false)
	}()
	var once sync.Once
	return led, func() {
		once.Do(func() {
			cancel(context.Canceled)
			<-done
			l.drop(token)
		})
	}
}

// renewing returns why the lease is no longer held. A renewal counts from the
// moment it was asked for.
func (l *Lease) renewing(ctx context.Context, token string, held time.Time) error {
	tick := time.NewTicker(l.times.renew)
	defer tick.Stop()
	for {
		end := held.Add(l.times.life - l.times.margin)
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(time.Until(end)):
			return ErrLeaseLost
		case <-tick.C:
		}
		asked := time.Now()
		until, cancel := context.WithDeadline(ctx, end)
		ok, err := renewLease.Run(until, l.client, []string{l.key()}, token, l.times.life.Milliseconds()).Bool()
		cancel()
		switch {
		case err == nil && ok:
			held = asked
		case err == nil:
			return ErrLeaseLost
		}
	}
}

// drop lets the next replica in at once; a failure only makes it wait.
func (l *Lease) drop(token string) {
	ctx, cancel := context.WithTimeout(context.Background(), l.times.margin)
	defer cancel()
	if err := dropLease.Run(ctx, l.client, []string{l.key()}, token).Err(); err != nil {
		l.log.Warn("lease: not given back; it runs out by itself", "lease", l.name, "error", err)
	}
}
