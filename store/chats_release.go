package store

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"umkmbot/internal/dialog"
)

const (
	// releaseLinger lets releases gather into one pipeline. Only another
	// replica that wants the same chat waits for it; no person reads and
	// answers as fast.
	releaseLinger = 10 * time.Millisecond
	// releaseBatch keeps a pipeline's answer small.
	releaseBatch = 128
	// releaseTimeout is short: a release that fails is tried again, and the
	// lease runs out by itself.
	releaseTimeout = 3 * time.Second
)

// release is the end of a turn on its way to Redis.
type release struct {
	fence int64
	sent  string // the save whose replies have gone out, "" for none
}

// Release implements dialog.Chats. A chat's newer release replaces an older
// one: whoever entered in between has taken that one's news along.
func (c *Chats) Release(e dialog.Entry, sent bool) {
	r := release{fence: e.Fence}
	c.mu.Lock()
	if turn := c.active[e.Chat]; turn.fence == e.Fence {
		delete(c.active, e.Chat)
		if sent {
			r.sent = turn.saved
		}
	}
	if old, ok := c.releases[e.Chat]; !ok || old.fence <= e.Fence {
		c.releases[e.Chat] = r
	}
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// sentLately is what Redis may not know yet: the save of a chat whose replies
// this replica has sent, or "".
func (c *Chats) sentLately(chat int64) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r, ok := c.releases[chat]; ok && r.sent != "" {
		return r.sent
	}
	return c.flushing[chat].sent
}

// background sends releases and renews the leases of long turns until Close.
func (c *Chats) background() {
	defer close(c.done)
	renew := time.NewTicker(renewEvery)
	defer renew.Stop()
	linger := time.NewTimer(0)
	<-linger.C
	for {
		select {
		case <-c.stop:
			c.flush()
			return
		case <-renew.C:
			c.renew(time.Now())
			c.flush() // what failed before
		case <-c.wake:
			linger.Reset(releaseLinger)
			select {
			case <-linger.C:
			case <-c.stop:
			}
			c.flush()
		}
	}
}

// Close sends what is left and ends the background work. Turns in hand must
// have ended.
func (c *Chats) Close() {
	close(c.stop)
	<-c.done
}

func (c *Chats) flush() {
	c.mu.Lock()
	c.flushing, c.releases = c.releases, make(map[int64]release, len(c.releases))
	batch := c.flushing
	c.mu.Unlock()
	if len(batch) == 0 {
		return
	}
	calls := make([]scriptCall, 0, len(batch))
	for chat, r := range batch {
		calls = append(calls, scriptCall{chat, []any{c.lease(r.fence), r.sent}})
	}
	failed := c.run(releaseScript, calls)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flushing = nil
	for _, call := range failed {
		if _, newer := c.releases[call.chat]; !newer {
			c.releases[call.chat] = batch[call.chat]
		}
	}
}

// renew prolongs the leases of turns that have run for a while.
func (c *Chats) renew(now time.Time) {
	var calls []scriptCall
	c.mu.Lock()
	for chat, turn := range c.active {
		if age := now.Sub(turn.entered); age >= renewEvery/2 && age <= longestTurn {
			calls = append(calls, scriptCall{chat, []any{c.lease(turn.fence), leaseTime.Milliseconds()}})
		}
	}
	c.mu.Unlock()
	c.run(renewScript, calls)
}

func (c *Chats) lease(fence int64) string { return c.replica + strconv.FormatInt(fence, 10) }

type scriptCall struct {
	chat int64
	args []any
}

// run runs a script for several chats and returns the calls that failed.
func (c *Chats) run(script *redis.Script, calls []scriptCall) (failed []scriptCall) {
	for len(calls) > 0 {
		n := min(len(calls), releaseBatch)
		if err := c.pipeline(script, calls[:n]); err != nil {
			c.log.Warn("chats: leases not given back or renewed; they run out by themselves", "chats", n, "error", err)
			failed = append(failed, calls[:n]...)
		}
		calls = calls[n:]
	}
	return failed
}

// pipeline sends one batch, with the script's text where the server has
// forgotten it.
func (c *Chats) pipeline(script *redis.Script, calls []scriptCall) error {
	ctx, cancel := context.WithTimeout(context.Background(), releaseTimeout)
	defer cancel()
	results := make([]*redis.Cmd, len(calls))
	pipe := c.client.Pipeline()
	for i, call := range calls {
		results[i] = script.EvalSha(ctx, pipe, []string{chatKey(call.chat)}, call.args...)
	}
	_, err := pipe.Exec(ctx)
	if err == nil {
		return nil
	}
	again := c.client.Pipeline()
	for i, result := range results {
		if result.Err() != nil {
			script.Eval(ctx, again, []string{chatKey(calls[i].chat)}, calls[i].args...)
		}
	}
	if again.Len() > 0 {
		_, err = again.Exec(ctx)
	}
	return err
}
