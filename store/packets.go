package store

import (
	"context"
	"slices"
	"sync"

	"github.com/redis/go-redis/v9"
)

const (
	// packetsAtOnce is more than one, lest a connection that has died hold
	// everybody up, and little, so that scripts gather.
	packetsAtOnce = 2
	// packetSize keeps a packet's answer small.
	packetSize = 128
	// packetTime bounds a packet with its second tries: a chat's lease must
	// still last when Enter is answered.
	packetTime = leaseTime * 4 / 5
)

// packets runs scripts, each on one key. Those that are asked for while others
// are on their way leave in one packet, which saves both sides most of their
// work; one that is alone leaves at once. Where the network fails a script may
// run twice, or after its caller has left: it has to bear both.
//
// On a Cluster each script goes by itself: a packet for several masters would
// be as late as the slowest.
type packets struct {
	client redis.UniversalClient

	mu     sync.Mutex
	line   []*errand // not yet on their way
	flying int       // packets that are
}

// errand is one script to be run.
type errand struct {
	script *redis.Script
	key    string
	args   []any
	result *redis.Cmd    // once done is closed
	done   chan struct{} // closed when the packet is back
}

// run returns when the script has run, or when ctx ends.
func (p *packets) run(ctx context.Context, script *redis.Script, key string, args ...any) *redis.Cmd {
	if _, cluster := p.client.(*redis.ClusterClient); cluster {
		return script.Run(ctx, p.client, []string{key}, args...)
	}
	e := &errand{script: script, key: key, args: args, done: make(chan struct{})}
	p.join(e)
	select {
	case <-e.done:
	case <-ctx.Done():
		p.leave(e)
		left := redis.NewCmd(ctx)
		left.SetErr(ctx.Err())
		return left
	}
	if redis.HasErrorPrefix(e.result.Err(), "NOSCRIPT") {
		return script.Eval(ctx, p.client, []string{key}, args...)
	}
	return e.result
}

func (p *packets) join(e *errand) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.line = append(p.line, e)
	if p.flying < packetsAtOnce {
		p.flying++
		go p.fly()
	}
}

// leave takes an errand back that is not yet on its way.
func (p *packets) leave(e *errand) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.line = slices.DeleteFunc(p.line, func(other *errand) bool { return other == e })
}

// fly sends packets until nobody waits.
func (p *packets) fly() {
	for packet := p.load(); len(packet) > 0; packet = p.load() {
		p.send(packet)
	}
}

// load takes a packet's errands off the line; where there are none, one packet
// less is on its way.
func (p *packets) load() []*errand {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.line) == 0 {
		p.flying--
		return nil
	}
	n := min(len(p.line), packetSize)
	packet := slices.Clone(p.line[:n])
	p.line = slices.Delete(p.line, 0, n)
	return packet
}

// send belongs to no caller: one who leaves must not take the others along.
func (p *packets) send(packet []*errand) {
	ctx, cancel := context.WithTimeout(context.Background(), packetTime)
	defer cancel()
	pipe := p.client.Pipeline()
	for _, e := range packet {
		e.result = e.script.EvalSha(ctx, pipe, []string{e.key}, e.args...)
	}
	_, _ = pipe.Exec(ctx) // each result holds its own error
	for _, e := range packet {
		close(e.done)
	}
}
