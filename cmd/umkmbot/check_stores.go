package main

import (
	"context"
	"fmt"
	"time"

	"umkmbot/store"
)

// oldestPostgres is the oldest version that is known to do, as the server
// counts them; oldestRedis the major one.
const (
	oldestPostgres = 14_00_00
	oldestRedis    = 7
)

func (c *checker) postgres(ctx context.Context) {
	f, err := store.LookAtPostgres(ctx, c.settings.Store.DatabaseURL)
	if err != nil {
		c.say(levelWrong, "database", "%s", fault(err, "Is DATABASE_URL right, does the server run, does it let this machine and user in?"))
		return
	}
	c.judgePostgres(f)
	c.judgeClock("Postgres", f.Clock)
}

func (c *checker) judgePostgres(f store.PostgresFacts) {
	version := fmt.Sprintf("Postgres %d.%d", f.Version/10000, f.Version%10000)
	switch {
	case f.Version < oldestPostgres:
		c.say(levelWrong, "database", "%s is too old. Use 14 or newer", version)
	case f.ReadOnly:
		c.say(levelWrong, "database", "%s takes no writes: a standby, or set read-only. DATABASE_URL must name the primary", version)
	default:
		c.say(levelOK, "database", "%s answers and takes writes", version)
	}
	if f.Migrated != nil {
		c.say(levelWrong, "migrations", "%s", fault(f.Migrated, "Do that with every new version, before serve"))
	} else {
		c.say(levelOK, "migrations", "the records are at version %d", f.Schema)
	}
	switch free := f.Most - f.Used; {
	case f.Pooler != store.NoPooler:
		c.say(levelOK, "connections", "a pooler shares out the server's %d; the bot opens up to %d to it", f.Most, f.Takes)
	case free < f.Takes:
		c.say(levelWarn, "connections", "%d of %d are in use, and a replica takes up to %d. Raise max_connections, lower pool_max_conns in DATABASE_URL, or put PgBouncer in between", f.Used, f.Most, f.Takes)
	default:
		c.say(levelOK, "connections", "%d of %d are in use; a replica takes up to %d", f.Used, f.Most, f.Takes)
	}
	c.judgePooler(f.Pooler)
}

// judgePooler lays what stands before the database beside the setting.
func (c *checker) judgePooler(p store.Pooler) {
	switch said := c.settings.Store.Pooled; {
	case p == store.TransactionPooler && said:
		c.say(levelOK, "pooler", "in transaction mode, as DATABASE_POOLED says")
	case p == store.TransactionPooler:
		c.say(levelWrong, "pooler", "one in transaction mode stands before the database. Set DATABASE_POOLED=true, and DATABASE_DIRECT_URL for migrate")
	case p == store.SessionPooler && !said:
		c.say(levelWarn, "pooler", "one in session mode stands before the database, which spares no connections. Set pool_mode = transaction and DATABASE_POOLED=true")
	case p == store.SessionPooler:
		c.say(levelWarn, "pooler", "DATABASE_POOLED is set, and the one before the database looks like session mode, which spares no connections. Set pool_mode = transaction")
	case said:
		c.say(levelWarn, "pooler", "DATABASE_POOLED is set, and none is found: it only costs some speed. Take it away")
	}
}

func (c *checker) redis(ctx context.Context) {
	masters, clustered, err := store.LookAtRedis(ctx, c.settings.Store.RedisURL)
	if err != nil {
		c.say(levelWrong, "redis", "%s", fault(err, "Is REDIS_URL right, does the server run, does it let this machine and user in?"))
		return
	}
	for _, f := range masters {
		what := "redis"
		if clustered {
			what += " " + f.Address
		}
		c.judgeRedis(what, f, clustered)
		c.judgeReplicas(what, f.Replicas)
		c.judgeClock("Redis", f.Clock)
	}
}

// Bounds of Redis's memory, as a share of maxmemory.
const (
	memoryWarn  = 0.8
	memoryWrong = 0.97
)

func (c *checker) judgeRedis(what string, f store.RedisFacts, clustered bool) {
	before := len(c.found)
	if f.Major() != 0 && f.Major() < oldestRedis { // a version that cannot be read is a service's own
		c.say(levelWrong, what, "version %s is too old. Use 7.0 or newer", f.Version)
	}
	if f.Role == "slave" {
		c.say(levelWrong, what, "it is a replica and takes no writes. REDIS_URL must name the master, or use redis+sentinel://")
	}
	if f.Cluster && !clustered {
		c.say(levelWrong, what, "it is part of a cluster. Write redis+cluster:// in REDIS_URL")
	}
	if !f.ClusterOK {
		c.say(levelWrong, what, "the cluster is down: some slots are served by nobody. Look at CLUSTER INFO")
	}
	if !f.Persists {
		c.say(levelWrong, what, "nothing is kept over a restart: half-filled forms would be forgotten. Set appendonly yes")
	} else if f.Fsync == "no" {
		c.say(levelWarn, what, "the system decides when it writes: a power cut may cost half a minute. Set appendfsync everysec")
	}
	if f.Eviction != "" && f.Eviction != "noeviction" {
		c.say(levelWrong, what, "it may drop open forms when memory is short (maxmemory-policy %s). Set noeviction", f.Eviction)
	}
	if f.WriteFailed {
		c.say(levelWrong, what, "its last write to the disk failed. Is the disk full? Look at its log")
	}
	switch used := float64(f.Used) / float64(max(f.Limit, 1)); {
	case f.Limit == 0:
	case used >= memoryWrong:
		c.say(levelWrong, what, "%.0f%% of maxmemory is in use: it is about to refuse writes. Raise maxmemory", 100*used)
	case used >= memoryWarn:
		c.say(levelWarn, what, "%.0f%% of maxmemory is in use. Raise maxmemory before it is full", 100*used)
	}
	if len(c.found) == before {
		c.say(levelOK, what, "version %s keeps what it is told and drops nothing", f.Version)
	}
}

// judgeReplicas lays the replicas that a master has beside those waited for.
func (c *checker) judgeReplicas(what string, have int) {
	switch wait := c.settings.Store.RedisWait; {
	case wait > have:
		c.say(levelWrong, what, "REDIS_WAIT is %d and there are %d replicas: every answer would wait in vain. Start replicas or lower it", wait, have)
	case wait == 0 && have > 0:
		c.say(levelWarn, what, "it has %d replicas, and REDIS_WAIT is 0: a failover may cost answers of the last moment. Set REDIS_WAIT=1", have)
	}
}

// Clocks that differ by more are worth a look, or not fit to start with.
const (
	clockWarn  = 2 * time.Second
	clockWrong = time.Minute
)

// judgeClock is told by how much another's clock is ahead of this machine's.
func (c *checker) judgeClock(whose string, ahead time.Duration) {
	off, level := ahead.Abs(), levelOK
	switch {
	case off > clockWrong:
		level = levelWrong
	case off > clockWarn:
		level = levelWarn
	}
	if level == levelOK {
		c.say(level, "clock", "agrees with %s's", whose)
		return
	}
	side := "behind"
	if ahead < 0 {
		side = "ahead of"
	}
	c.say(level, "clock", "this machine's is %s %s %s's. Have NTP set both (timedatectl set-ntp true)", off.Round(time.Second), side, whose)
}

// office is the zone that times are shown in; the machine's where the setting is
// wrong.
func (c *checker) office() *time.Location {
	zone, err := time.LoadLocation(c.settings.Zone)
	if err != nil || !knownZone(c.settings.Zone) {
		return time.Local
	}
	return zone
}

// zone says what time it is in the office, for a look at the clock on the wall.
func (c *checker) zone(context.Context) {
	zone := c.office()
	if zone == time.Local {
		return // said already
	}
	c.say(levelOK, "clock", "it is %s in the office (%s)", c.now().In(zone).Format("Monday, 15:04 MST"), c.settings.Zone)
}
