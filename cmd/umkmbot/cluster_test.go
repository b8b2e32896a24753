package main

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"umkmbot/internal/embedded"
	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/internal/loadtest"
)

// Three replicas stand on a Redis Cluster, and a master is killed while owners
// register: every record is right, nobody is left without an answer, and at
// most what the last second brought is asked again.
func TestMasterKilled(t *testing.T) {
	t.Parallel()
	t.Run("webhook", func(t *testing.T) {
		c := onACluster(t, true)
		a := gather(c.office, 100)
		m := a.announce()
		c.run(120, "budget:{metered}")
		a.through(m.ID, patienceOfTests)
		a.compare(m.ID)
	})
	t.Run("polling", func(t *testing.T) { onACluster(t, false).run(60, "lease:{poll}") })
}

// clustered is an office on a cluster.
type clustered struct {
	*office
	redis *embedded.Cluster
}

func onACluster(t *testing.T, webhook bool) *clustered {
	t.Helper()
	c := &clustered{redis: embeddedtest.Cluster(t)}
	c.office = newOffice(t, plan{webhook: webhook, settings: func(s *settings) {
		s.Store.RedisURL, s.Store.RedisWait = c.redis.URL(), 1
		s.Telegram.Rate = 20
	}})
	return c
}

// run has owners register with three replicas, while the master of a key is
// killed, its place taken, and the killed one comes back.
func (c *clustered) run(owners int, key string) {
	c.t.Helper()
	for range 3 {
		c.start(nil)
	}
	before := c.count("SELECT count(*) FROM businesses")
	var acts atomic.Int64
	midst := make(chan struct{})
	fleet := loadtest.Fleet{
		Sim: c.api, Owners: owners, AtOnce: owners, Patience: patienceOfTests, Forgives: true,
		Think: func() time.Duration {
			if acts.Add(1) == int64(5*owners) {
				close(midst)
			}
			return rand.N(600 * time.Millisecond)
		},
	}
	healed := make(chan time.Duration, 1)
	go func() { <-midst; healed <- c.killMaster(key) }()
	sum, err := fleet.Run(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Logf("%d owners registered in %s; the cluster was whole again %s after its master was killed, the longest answer took %s (half of them %s); %d questions asked again, %d replies repeated, %d apologies",
		sum.Registered, sum.Took.Round(time.Second), (<-healed).Round(time.Millisecond), sum.Percentile(100).Round(time.Millisecond),
		sum.Percentile(50).Round(time.Millisecond), sum.AskedAgain, sum.Repeated, sum.Apologies)
	for _, err := range sum.Errors {
		c.t.Error(err)
	}
	// One save may not have reached the replica in time; a second's are about as many as owners.
	if sum.AskedAgain > owners/3 {
		c.t.Errorf("%d questions were asked again", sum.AskedAgain)
	}
	c.settled()
	if n := c.count("SELECT count(DISTINCT number) FROM businesses") - before; n != owners {
		c.t.Errorf("%d numbers for %d owners", n, owners)
	}
	for what, sql := range map[string]string{
		"businesses": "SELECT count(*) FROM businesses", "owners": "SELECT count(*) FROM owners",
		"accounts": "SELECT count(DISTINCT account) FROM account_owners",
	} {
		if n := c.count(sql) - before; n != owners {
			c.t.Errorf("%d %s for %d owners", n, what, owners)
		}
	}
	if n := c.count("SELECT count(*) FROM dead_letters"); n != 0 {
		c.t.Errorf("%d dead letters", n)
	}
}

// killMaster kills the master of a key, brings it back once another has its
// place, and returns how long that took.
func (c *clustered) killMaster(key string) time.Duration {
	ctx := context.Background()
	node, err := c.redis.MasterOf(ctx, key)
	if err != nil {
		c.t.Error(err)
		return 0
	}
	killed := time.Now()
	if err := c.redis.Kill(ctx, node); err != nil {
		c.t.Error(err)
		return 0
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for ok := false; !ok; {
		<-tick.C
		if ok, err = c.redis.Healed(ctx); err != nil || time.Since(killed) > patienceOfTests {
			c.t.Errorf("the cluster is not whole again: %v", err)
			return 0
		}
	}
	whole := time.Since(killed)
	if err := c.redis.Restart(ctx, node); err != nil {
		c.t.Error(err)
	}
	return whole
}
