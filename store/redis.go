package store

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// OpenRedis connects to redis://, redis+sentinel://a,b/0?master=name or
// redis+cluster://a,b (rediss… for TLS) and sees that it answers.
func OpenRedis(ctx context.Context, address string) (redis.UniversalClient, error) {
	options, kind, err := parseRedis(address)
	if err != nil {
		return nil, fmt.Errorf("redis address: %w", err)
	}
	client := newRedis(options, kind)
	if err := client.Ping(ctx).Err(); err != nil {
		_ = client.Close()
		return nil, fmt.Errorf("redis at %s does not answer: %w", strings.Join(options.Addrs, ", "), err)
	}
	return client, nil
}

func newRedis(o *redis.UniversalOptions, kind string) redis.UniversalClient {
	switch kind {
	case "cluster":
		return redis.NewClusterClient(o.Cluster())
	case "sentinel":
		return redis.NewFailoverClient(o.Failover())
	}
	return redis.NewClient(o.Simple())
}

// parseRedis reads an address by hand as far as net/url refuses several hosts.
// Its errors repeat nothing of the address, which may hold a password.
func parseRedis(address string) (*redis.UniversalOptions, string, error) {
	scheme, rest, ok := strings.Cut(address, "://")
	scheme, kind, _ := strings.Cut(scheme, "+")
	if !ok || (scheme != "redis" && scheme != "rediss") || (kind != "" && kind != "sentinel" && kind != "cluster") {
		return nil, "", errors.New("want redis://host:port/0, rediss://…, redis+sentinel://host,host/0?master=name or redis+cluster://host,host")
	}
	o := &redis.UniversalOptions{
		ContextTimeoutEnabled:    true,
		DisableIdentity:          true,
		Protocol:                 2, // nothing is pushed to us: no looking for it before every answer
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if scheme == "rediss" {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	authority, tail := rest, ""
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		authority, tail = rest[:i], rest[i:]
	}
	if err := parseHosts(o, authority, kind); err != nil {
		return nil, "", err
	}
	if err := parseTail(o, tail, kind); err != nil {
		return nil, "", err
	}
	return o, kind, nil
}

func parseHosts(o *redis.UniversalOptions, authority, kind string) error {
	hosts := authority
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		hosts = authority[i+1:]
		user, password, ok := strings.Cut(authority[:i], ":")
		var err1, err2 error
		if o.Username, err1 = url.PathUnescape(user); !ok {
			return errors.New("want user:password@ or :password@ before the host")
		}
		if o.Password, err2 = url.PathUnescape(password); err1 != nil || err2 != nil {
			return errors.New("user or password is not well escaped")
		}
	}
	port := "6379"
	if kind == "sentinel" {
		port = "26379"
	}
	for host := range strings.SplitSeq(hosts, ",") {
		one, err := url.Parse("redis://" + host)
		if err != nil || one.Hostname() == "" {
			return errors.New("a host is missing or malformed")
		}
		if one.Port() == "" {
			host = strings.TrimSuffix(host, ":") + ":" + port
		}
		o.Addrs = append(o.Addrs, host)
	}
	if kind == "" && len(o.Addrs) > 1 {
		return errors.New("several hosts need redis+sentinel:// or redis+cluster://")
	}
	return nil
}

func parseTail(o *redis.UniversalOptions, tail, kind string) error {
	path, query, _ := strings.Cut(tail, "?")
	if db := strings.Trim(path, "/"); db != "" {
		n, err := strconv.Atoi(db)
		if err != nil || n < 0 || (kind == "cluster" && n != 0) {
			return errors.New("after the host comes the database's number; a cluster has only 0")
		}
		o.DB = n
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return errors.New("what follows ? is malformed")
	}
	for name, value := range values {
		switch {
		case name == "master" && kind == "sentinel":
			o.MasterName = value[0]
		case name == "sentinel_password" && kind == "sentinel":
			o.SentinelPassword = value[0]
		default:
			return fmt.Errorf("unknown setting %q after ?", name)
		}
	}
	if kind == "sentinel" && o.MasterName == "" {
		return errors.New("sentinels need ?master=name")
	}
	return nil
}

// RedisWarnings names what makes a server lose chats. It asks INFO, which
// managed servers allow where they forbid CONFIG.
func RedisWarnings(ctx context.Context, client redis.UniversalClient) ([]string, error) {
	said, err := redisInfo(ctx, client)
	if err != nil {
		return nil, err
	}
	return warningsOf(said), nil
}

func warningsOf(facts map[string]string) []string {
	var out []string
	if v := facts["redis_version"]; v != "" {
		if major, _, _ := strings.Cut(v, "."); len(major) == 1 && major < "7" {
			out = append(out, "Redis is version "+v+"; 7.0 or newer is needed")
		}
	}
	if facts["aof_enabled"] != "1" {
		out = append(out, "Redis does not persist (appendonly is off): a restart of it forgets half-filled forms")
	}
	if p := facts["maxmemory_policy"]; p != "" && p != "noeviction" {
		out = append(out, "Redis may evict chats (maxmemory-policy is "+p+"): set noeviction")
	}
	return out
}
