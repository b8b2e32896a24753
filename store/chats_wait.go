package store

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// replicaWait is how long a save waits for Redis's replicas: they lag by
// milliseconds or are gone.
const replicaWait = 200 * time.Millisecond

// saveAndWait pipelines WAIT behind the save. WAIT counts what its own
// connection has written, so both must go to the chat's master on one. A
// replica too few is no failure: the save stands.
func (c *Chats) saveAndWait(ctx context.Context, key string, args ...any) (int, error) {
	saved, err := c.saveOnMaster(ctx, saveScript.EvalSha, key, args...)
	switch {
	case redis.HasErrorPrefix(err, "NOSCRIPT"):
		saved, err = c.saveOnMaster(ctx, saveScript.Eval, key, args...)
	case redis.HasErrorPrefix(err, "MOVED"), redis.HasErrorPrefix(err, "ASK"):
		// The slot is on the way to another master; the cluster client follows.
		return saveScript.Run(ctx, c.client, []string{key}, args...).Int()
	}
	return saved, err
}

// sending puts a script into a pipeline, by its hash or whole.
type sending func(ctx context.Context, pipe redis.Scripter, keys []string, args ...any) *redis.Cmd

func (c *Chats) saveOnMaster(ctx context.Context, send sending, key string, args ...any) (int, error) {
	var node redis.UniversalClient = c.client
	if cluster, ok := c.client.(*redis.ClusterClient); ok {
		master, err := cluster.MasterForKey(ctx, key)
		if err != nil {
			return 0, err
		}
		node = master
	}
	pipe := node.Pipeline()
	save := send(ctx, pipe, []string{key}, args...)
	pipe.Do(ctx, "WAIT", c.wait, replicaWait.Milliseconds())
	_, _ = pipe.Exec(ctx) // each command holds its own error; WAIT's changes nothing
	return save.Int()
}
