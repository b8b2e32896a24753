package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// RedisFacts are what one master of the Redis says of itself.
type RedisFacts struct {
	Address     string
	Version     string
	Role        string // master or slave
	Cluster     bool   // it is part of one
	ClusterOK   bool   // every slot is served
	Persists    bool   // appendonly
	Fsync       string // always, everysec or no; "" where nobody may ask
	Eviction    string // maxmemory-policy
	Used, Limit int64  // bytes; a limit of 0 is none
	Replicas    int
	WriteFailed bool          // the last write of its files failed
	Clock       time.Duration // by how much its clock is ahead of this machine's
}

// Major is the first number of the version, 0 where it is not known.
func (f RedisFacts) Major() int {
	major, _, _ := strings.Cut(f.Version, ".")
	n, _ := strconv.Atoi(major)
	return n
}

// LookAtRedis asks every master and changes nothing there. clustered says
// whether the address is a cluster's.
func LookAtRedis(ctx context.Context, address string) (masters []RedisFacts, clustered bool, err error) {
	client, err := OpenRedis(ctx, address)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = client.Close() }()
	cluster, clustered := client.(*redis.ClusterClient)
	if !clustered {
		one, err := redisFacts(ctx, client)
		if one.Address = "redis"; err != nil {
			return nil, false, err
		}
		return []RedisFacts{one}, false, nil
	}
	var mu sync.Mutex
	err = cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error {
		one, err := redisFacts(ctx, node)
		one.Address = node.Options().Addr
		mu.Lock()
		defer mu.Unlock()
		masters = append(masters, one)
		return err
	})
	return masters, true, err
}

func redisFacts(ctx context.Context, client redis.UniversalClient) (RedisFacts, error) {
	said, err := redisInfo(ctx, client)
	if err != nil {
		return RedisFacts{}, err
	}
	number := func(name string) int64 { n, _ := strconv.ParseInt(said[name], 10, 64); return n }
	f := RedisFacts{
		Version: said["redis_version"], Role: said["role"], Cluster: said["cluster_enabled"] == "1", ClusterOK: true,
		Persists: said["aof_enabled"] == "1", Eviction: said["maxmemory_policy"],
		Used: number("used_memory"), Limit: number("maxmemory"), Replicas: int(number("connected_slaves")),
		WriteFailed: said["aof_last_write_status"] == "err" || said["rdb_last_bgsave_status"] == "err",
	}
	asked := time.Now()
	there, err := client.Time(ctx).Result()
	if err != nil {
		return f, fmt.Errorf("redis time: %w", err)
	}
	f.Clock = there.Sub(asked.Add(time.Since(asked) / 2))
	if set, err := client.ConfigGet(ctx, "appendfsync").Result(); err == nil { // managed servers forbid it
		f.Fsync = set["appendfsync"]
	}
	if f.Cluster {
		state, err := client.ClusterInfo(ctx).Result()
		if err != nil {
			return f, fmt.Errorf("redis cluster: %w", err)
		}
		f.ClusterOK = strings.Contains(state, "cluster_state:ok")
	}
	return f, nil
}

// redisInfo is what INFO says, by name.
func redisInfo(ctx context.Context, client redis.UniversalClient) (map[string]string, error) {
	info, err := client.Info(ctx).Result()
	if err != nil {
		return nil, fmt.Errorf("redis info: %w", err)
	}
	said := map[string]string{}
	for line := range strings.Lines(info) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			said[name] = value
		}
	}
	return said, nil
}
