package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"
)

// clusterConfig: a master counts as gone after a second, where Redis's own
// measure is 15, and a replica that has just come need not be waited for.
const clusterConfig = `cluster-enabled yes
cluster-config-file nodes.conf
cluster-node-timeout 1000
cluster-port %d
masterauth %s
repl-diskless-sync-delay 0
`

const (
	clusterMasters = 3
	clusterSlots   = 16384
)

// Cluster is a Redis Cluster of three masters with a replica each. It is for
// tests: the demo needs none.
type Cluster struct {
	home  *home
	nodes []*clusterNode // three masters, then the replica of each
}

type clusterNode struct {
	redisServer
	bus int // the port on which nodes talk
}

// StartCluster starts one in dir, which it creates. It fails with ErrMissing
// when Redis is not installed.
func StartCluster(ctx context.Context, dir string) (*Cluster, error) {
	h, err := openHome(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("embedded: cluster: %w", err)
	}
	c := &Cluster{home: h}
	err = c.startNodes(ctx)
	if err == nil {
		err = c.join(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("embedded: cluster: %w", err), c.Stop(ctx))
	}
	return c, nil
}

func (c *Cluster) startNodes(ctx context.Context) error {
	found, err := newFinder(nil).find(ctx, Options{RedisOnly: true}, 0)
	if err != nil {
		return err
	}
	password, err := c.home.password()
	if err != nil {
		return err
	}
	for n := range 2 * clusterMasters {
		name := "node" + strconv.Itoa(n)
		c.nodes = append(c.nodes, &clusterNode{redisServer: redisServer{
			home: c.home, name: name, dir: filepath.Join(c.home.root, name), binary: found.redis,
			log: slog.New(slog.DiscardHandler), password: password,
		}})
	}
	group, groupCtx := errgroup.WithContext(ctx)
	for _, node := range c.nodes {
		group.Go(func() error { return node.begin(groupCtx) })
	}
	return group.Wait()
}

func (n *clusterNode) begin(ctx context.Context) error {
	if err := n.prepare(); err != nil {
		return err
	}
	return startAnywhere(&n.port, func() (err error) {
		if n.bus, err = freePort(); err != nil {
			return err
		}
		n.settings = fmt.Sprintf(clusterConfig, n.bus, n.password)
		return n.start(ctx)
	})
}

// join does what `redis-cli --cluster create` does.
func (c *Cluster) join(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, errors.New("not joined in time"))
	defer cancel()
	clients, closeAll, err := c.clients()
	if err != nil {
		return err
	}
	defer closeAll()
	for n, client := range clients {
		if err := c.introduce(ctx, n, client); err != nil {
			return err
		}
	}
	ids := make([]string, len(clients))
	for n, client := range clients {
		if ids[n], err = client.ClusterMyID(ctx).Result(); err != nil {
			return err
		}
	}
	return until(ctx, func() (bool, error) {
		all := true
		for n, client := range clients {
			ok, err := joined(ctx, client, n, ids)
			if err != nil {
				return false, fmt.Errorf("node %d: %w", n, err)
			}
			all = all && ok
		}
		return all, nil
	})
}

func (c *Cluster) clients() (clients []*redis.Client, closeAll func(), err error) {
	closeAll = func() {
		for _, client := range clients {
			_ = client.Close() // all was asked
		}
	}
	for _, node := range c.nodes {
		client, err := node.client()
		if err != nil {
			closeAll()
			return nil, nil, err
		}
		clients = append(clients, client)
	}
	return clients, closeAll, nil
}

// introduce gives a master its slots and makes the first node known to it.
func (c *Cluster) introduce(ctx context.Context, n int, client *redis.Client) error {
	if err := client.Do(ctx, "CLUSTER", "SET-CONFIG-EPOCH", n+1).Err(); err != nil {
		return fmt.Errorf("node %d: %w", n, err)
	}
	if n < clusterMasters {
		first, next := n*clusterSlots/clusterMasters, (n+1)*clusterSlots/clusterMasters
		if err := client.ClusterAddSlotsRange(ctx, first, next-1).Err(); err != nil {
			return fmt.Errorf("node %d: slots: %w", n, err)
		}
	}
	if n == 0 {
		return nil
	}
	if err := client.Do(ctx, "CLUSTER", "MEET", "127.0.0.1", c.nodes[0].port, c.nodes[0].bus).Err(); err != nil {
		return fmt.Errorf("node %d: meet: %w", n, err)
	}
	return nil
}

// joined brings a node on its way and tells whether it has arrived: it knows
// all others, and a replica has its master's data.
func joined(ctx context.Context, client *redis.Client, n int, ids []string) (bool, error) {
	known, err := client.ClusterNodes(ctx).Result()
	if err != nil {
		return false, err
	}
	for _, id := range ids {
		if !strings.Contains(known, id) {
			return false, nil
		}
	}
	if n >= clusterMasters && strings.Contains(known, "myself,master") {
		return false, client.ClusterReplicate(ctx, ids[n-clusterMasters]).Err()
	}
	state, err := client.ClusterInfo(ctx).Result()
	if err != nil || !strings.Contains(state, "cluster_state:ok") {
		return false, err
	}
	link, err := client.Info(ctx, "replication").Result()
	up := strings.Contains(link, "master_link_status:up")
	if n < clusterMasters {
		up = strings.Contains(link, "state=online")
	}
	return up, err
}

// URL is redis+cluster://:password@ with every node's address.
func (c *Cluster) URL() string {
	hosts := make([]string, len(c.nodes))
	for n, node := range c.nodes {
		hosts[n] = "127.0.0.1:" + strconv.Itoa(node.port)
	}
	return "redis+cluster://:" + url.QueryEscape(c.nodes[0].password) + "@" + strings.Join(hosts, ",")
}

// MasterOf is the node that has a key, as long as no other has taken its place.
func (c *Cluster) MasterOf(ctx context.Context, key string) (node int, err error) {
	client, err := c.nodes[0].client()
	if err != nil {
		return 0, err
	}
	defer client.Close()
	slot, err := client.ClusterKeySlot(ctx, key).Result()
	return int(slot) * clusterMasters / clusterSlots, err
}

// Kill ends a node (0 to 5; the first three are the masters at first) with
// SIGKILL. It returns once the process is gone.
func (c *Cluster) Kill(ctx context.Context, node int) error { return c.nodes[node].stop(ctx, true) }

// Restart brings back what Kill has ended; it joins as its successor's replica.
func (c *Cluster) Restart(ctx context.Context, node int) error { return c.nodes[node].restart(ctx) }

// Healed tells whether by every node's account each slot has a master that runs.
func (c *Cluster) Healed(ctx context.Context) (bool, error) {
	clients, closeAll, err := c.clients()
	if err != nil {
		return false, err
	}
	defer closeAll()
	running := map[int64]bool{} // by port
	for _, node := range c.nodes {
		running[int64(node.port)] = node.proc.alive()
	}
	for n, client := range clients {
		if !c.nodes[n].proc.alive() {
			continue
		}
		shards, err := client.ClusterShards(ctx).Result()
		if err != nil {
			return false, err
		}
		if covered(shards, running) < clusterSlots {
			return false, nil
		}
	}
	return true, nil
}

// covered counts the slots whose master runs.
func covered(shards []redis.ClusterShard, running map[int64]bool) (slots int64) {
	for _, shard := range shards {
		for _, node := range shard.Nodes {
			if node.Role != "master" || !running[node.Port] {
				continue
			}
			for _, r := range shard.Slots {
				slots += r.End - r.Start + 1
			}
		}
	}
	return slots
}

// Stop ends all nodes; what they held is not wanted any more.
func (c *Cluster) Stop(ctx context.Context) error {
	var group errgroup.Group
	for _, node := range c.nodes {
		group.Go(func() error { return node.stop(ctx, true) })
	}
	return errors.Join(group.Wait(), c.home.close())
}
