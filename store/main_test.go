package store

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"go.uber.org/goleak"

	"umkmbot/internal/embedded/embeddedtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(embeddedtest.Wrap(m)) }

// noon is a fixed moment, so that nothing depends on the machine's clock.
var quiet = slog.New(slog.DiscardHandler)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.FixedZone("WIB", 7*3600))

func testKeys(t testing.TB, ids ...string) *Keys {
	t.Helper()
	list := ""
	for i, id := range append(ids, "old")[:max(len(ids), 1)] {
		if i > 0 {
			list += ","
		}
		secret := make([]byte, keySize)
		_, _ = rand.Read(secret)
		list += id + ":" + base64.StdEncoding.EncodeToString(secret)
	}
	keys, err := ParseKeys(list)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func openStore(t testing.TB) *Store {
	t.Helper()
	config := Config{
		DatabaseURL: embeddedtest.Database(t, Migrate), RedisURL: embeddedtest.Redis(t),
		Keys: testKeys(t), Now: func() time.Time { return noon }, Replica: "a",
	}
	config.pool()
	s, err := Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// count reads one number from the database.
func count(t testing.TB, s *Store, sql string, args ...any) int {
	t.Helper()
	var n int
	if err := s.pool.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// eventually waits for a condition that another goroutine or server brings about.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Sprintf("unexpected error: %v", err))
	}
	return v
}
