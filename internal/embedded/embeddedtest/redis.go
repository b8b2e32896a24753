package embeddedtest

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"

	"github.com/redis/go-redis/v9"
)

// redisDatabases are 1 and up of the 1024 that embedded's Redis has; 0 stays
// free for what only works there.
const redisDatabases = 1023

// numbers hands out Redis databases; one given back is used again.
type numbers struct{ used []int }

var errAllUsed = errors.New("all Redis databases are in use")

func (n *numbers) take() (int, error) {
	for number := 1; number <= redisDatabases; number++ {
		if !slices.Contains(n.used, number) {
			n.used = append(n.used, number)
			return number, nil
		}
	}
	return 0, errAllUsed
}

func (n *numbers) giveBack(number int) {
	n.used = slices.DeleteFunc(n.used, func(used int) bool { return used == number })
}

// Redis returns the URL of an empty Redis database of this test's own. The
// server is shared: a test that uses FLUSHALL, CONFIG SET or channel names that
// others use wants OwnRedis.
func Redis(t testing.TB) string {
	t.Helper()
	services := shared.get(t)
	shared.mu.Lock()
	number, err := shared.redis.take()
	shared.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	address := withDatabase(services.RedisURL(), strconv.Itoa(number))
	if err := flush(address); err != nil {
		t.Fatalf("empty the test's Redis database: %v", err)
	}
	t.Cleanup(func() {
		shared.mu.Lock()
		defer shared.mu.Unlock()
		shared.redis.giveBack(number)
	})
	return address
}

func flush(address string) error {
	options, err := redis.ParseURL(address)
	if err != nil {
		return err
	}
	client := redis.NewClient(options)
	return errors.Join(client.FlushDB(context.Background()).Err(), client.Close())
}
