package embeddedtest_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"umkmbot/internal/embedded/embeddedtest"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

func migrate(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "CREATE TABLE shops (name text)")
	return err
}

func TestDatabaseIsFreshForEachTest(t *testing.T) {
	for range 2 {
		t.Run("test", func(t *testing.T) {
			start := time.Now()
			url := embeddedtest.Database(t, migrate)
			t.Log("database in", time.Since(start))
			conn, err := pgx.Connect(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(context.Background())
			var n int
			if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM shops").Scan(&n); err != nil || n != 0 {
				t.Fatalf("rows in a fresh database: %d, %v", n, err)
			}
			if _, err := conn.Exec(t.Context(), "INSERT INTO shops VALUES ('Warung')"); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestRedisIsEmptyForEachTest(t *testing.T) {
	for range 2 {
		t.Run("test", func(t *testing.T) {
			options, err := redis.ParseURL(embeddedtest.Redis(t))
			if err != nil {
				t.Fatal(err)
			}
			client := redis.NewClient(options)
			defer client.Close()
			n, err := client.DBSize(t.Context()).Result()
			if err != nil || n != 0 {
				t.Fatalf("keys in a fresh Redis: %d, %v", n, err)
			}
			if err := client.Set(t.Context(), "key", "value", 0).Err(); err != nil {
				t.Fatal(err)
			}
		})
	}
}
