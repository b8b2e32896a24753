package embedded

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
)

// connectOnce connects and returns how to close.
func connectOnce(ctx context.Context, url string) (func(), error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	return func() { _ = conn.Close(context.Background()) }, nil
}

func TestRestartsKeepDataAndAddress(t *testing.T) {
	services := mustStart(t, folder(t), Options{})
	database, dialogs := services.DatabaseURL(), services.RedisURL()
	remember(t, services, "kata")
	for _, crash := range []bool{false, true, true, false} {
		must(t, services.RestartPostgres(t.Context(), crash))
		must(t, services.RestartRedis(t.Context(), crash))
		recall(t, services, "kata")
	}
	if services.DatabaseURL() != database || services.RedisURL() != dialogs {
		t.Error("the addresses changed")
	}
}

func TestOutages(t *testing.T) {
	services := mustStart(t, folder(t), Options{})
	remember(t, services, "kata")
	must(t, services.StopPostgres(t.Context()))
	must(t, services.StopRedis(t.Context()))
	if closeConn, err := connectOnce(t.Context(), services.DatabaseURL()); err == nil {
		closeConn()
		t.Error("Postgres answers while it is down")
	}
	must(t, services.StopRedis(t.Context())) // twice is fine
	must(t, services.StartPostgres(t.Context()))
	must(t, services.StartRedis(t.Context()))
	must(t, services.StartRedis(t.Context())) // twice is fine
	recall(t, services, "kata")
}

// A postmaster killed from outside leaves its backends, pid file and socket.
func TestStartAfterAKilledPostmaster(t *testing.T) {
	services := mustStart(t, folder(t), Options{PostgresOnly: true})
	conn, err := pgx.Connect(t.Context(), services.DatabaseSocketURL())
	must(t, err)
	defer conn.Close(context.Background())
	must(t, services.postgres.proc.stop(t.Context())) // no softer signal: kill -9
	must(t, services.StartPostgres(t.Context()))
	execSQL(t, services.DatabaseSocketURL(), "SELECT 1")
}

func TestAbsentAndStopped(t *testing.T) {
	services := mustStart(t, folder(t), Options{RedisOnly: true})
	if services.DatabaseURL() != "" || services.DatabaseSocketURL() != "" || services.RedisURL() == "" {
		t.Error("addresses of servers that were not asked for")
	}
	if err := services.StopPostgres(t.Context()); err == nil {
		t.Error("stopped a Postgres that was never started")
	}
	mustStop(t, services)
	if err := services.StartRedis(t.Context()); err == nil {
		t.Error("started after Stop")
	}
	if _, err := Start(t.Context(), folder(t), Options{RedisOnly: true, PostgresOnly: true}); err == nil {
		t.Error("neither server was asked for, yet Start succeeds")
	}
}

// Whatever the servers acknowledged before, between and after restarts is there
// in the end, and clients that keep trying get through each time.
func TestRestartUnderLoad(t *testing.T) {
	services := mustStart(t, folder(t), Options{})
	execSQL(t, services.DatabaseURL(), "CREATE TABLE acks (n int PRIMARY KEY)")
	client := openRedis(t, services.RedisURL())
	ctx, cancel := context.WithCancel(t.Context())
	var load sync.WaitGroup
	var rows, keys acks
	load.Go(func() { rows.run(ctx, func(n int) error { return insert(ctx, services.DatabaseURL(), n) }) })
	load.Go(func() { keys.run(ctx, func(n int) error { return client.SAdd(ctx, "acks", n).Err() }) })
	var kills []time.Time
	for _, crash := range []bool{true, false, true} {
		before := rows.count()
		must(t, services.RestartPostgres(t.Context(), crash))
		eventually(t, "rows go on", func() bool { return rows.count() > before+3 })
		before = keys.count()
		if crash {
			kills = append(kills, time.Now())
		}
		must(t, services.RestartRedis(t.Context(), crash))
		eventually(t, "keys go on", func() bool { return keys.count() > before+3 })
	}
	cancel()
	load.Wait()
	compare(t, services, client, &rows, &keys, kills)
}

// postponed is how long Redis holds a write back while its file is being synced:
// what it acknowledged since may go with a kill.
const postponed = 2 * time.Second

func compare(t *testing.T, services *Services, client *redis.Client, rows, keys *acks, kills []time.Time) {
	t.Helper()
	for n := range rows.done {
		if got := queryText(t, services.DatabaseSocketURL(), fmt.Sprintf("SELECT count(*)::text FROM acks WHERE n = %d", n)); got != "1" {
			t.Errorf("row %d was acknowledged and is lost", n)
		}
	}
	for n, at := range keys.done {
		spared := slices.ContainsFunc(kills, func(kill time.Time) bool { return !at.Before(kill.Add(-postponed)) && at.Before(kill.Add(postponed)) })
		if kept, err := client.SIsMember(t.Context(), "acks", n).Result(); err != nil || !kept && !spared {
			t.Errorf("key %d was acknowledged and is lost (%v)", n, err)
		}
	}
	t.Logf("%d rows and %d keys acknowledged", rows.count(), keys.count())
}

// acks are the numbers that a server acknowledged.
type acks struct {
	mu   sync.Mutex
	done map[int]time.Time // when
}

func (a *acks) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.done)
}

func (a *acks) run(ctx context.Context, write func(n int) error) {
	a.mu.Lock()
	a.done = map[int]time.Time{}
	a.mu.Unlock()
	for n := 0; ctx.Err() == nil; n++ {
		if write(n) == nil {
			a.mu.Lock()
			a.done[n] = time.Now()
			a.mu.Unlock()
		}
	}
}

func insert(ctx context.Context, url string, n int) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, "INSERT INTO acks VALUES ($1)", n)
	return err
}
