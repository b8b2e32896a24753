package embeddedtest_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"umkmbot/internal/embedded/embeddedtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(embeddedtest.Wrap(m)) }

func migrate(ctx context.Context, address string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE TABLE shops (name text)")
	return errors.Join(err, conn.Close(ctx))
}

func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func count(t *testing.T, conn *pgx.Conn, sql string, args ...any) int {
	t.Helper()
	var n int
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDatabaseIsFreshForEachTest(t *testing.T) {
	first := ""
	for _, name := range []string{"one", "two"} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			address := embeddedtest.Database(t, migrate)
			t.Log("a database in", time.Since(began))
			conn := connect(t, address)
			if n := count(t, conn, "SELECT count(*) FROM shops"); n != 0 {
				t.Errorf("%d rows in a fresh database", n)
			}
			if _, err := conn.Exec(t.Context(), "INSERT INTO shops VALUES ('Warung')"); err != nil {
				t.Fatal(err)
			}
			if address == first {
				t.Error("the same database twice")
			}
			first = address
		})
	}
	u, err := url.Parse(first)
	if err != nil {
		t.Fatal(err)
	}
	conn := connect(t, embeddedtest.Database(t, nil))
	if n := count(t, conn, "SELECT count(*) FROM pg_database WHERE datname = $1", strings.TrimPrefix(u.Path, "/")); n != 0 {
		t.Error("the database outlived its test")
	}
	if n := count(t, conn, "SELECT count(*) FROM pg_tables WHERE tablename = 'shops'"); n != 0 {
		t.Error("a database without migration has its tables")
	}
}

func TestMigrateRunsOnce(t *testing.T) {
	runs := 0
	counted := func(ctx context.Context, address string) error {
		runs++
		return migrate(ctx, address)
	}
	for range 3 {
		embeddedtest.Database(t, counted)
	}
	if runs != 1 {
		t.Errorf("migrated %d times", runs)
	}
}

// A connection that migrate leaves open, as a pool may, must not hinder cloning.
func TestMigrateMayLeaveConnections(t *testing.T) {
	var left *pgx.Conn
	address := embeddedtest.Database(t, func(ctx context.Context, address string) (err error) {
		left, err = pgx.Connect(ctx, address)
		return err
	})
	defer left.Close(context.Background())
	connect(t, address)
}

func TestParallelTestsGetTheirOwn(t *testing.T) {
	for n := range 8 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			conn := connect(t, embeddedtest.Database(t, migrate))
			client := openRedis(t, embeddedtest.Redis(t))
			for range 5 {
				if _, err := conn.Exec(t.Context(), "INSERT INTO shops VALUES ('Warung')"); err != nil {
					t.Fatal(err)
				}
				if err := client.Incr(t.Context(), "count").Err(); err != nil {
					t.Fatal(err)
				}
			}
			keys, err := client.Get(t.Context(), "count").Int()
			if rows := count(t, conn, "SELECT count(*) FROM shops"); rows != 5 || keys != 5 || err != nil {
				t.Errorf("%d rows, count %d, %v; want 5 and 5", rows, keys, err)
			}
		})
	}
}

func openRedis(t *testing.T, address string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func TestRedisIsEmptyForEachTest(t *testing.T) {
	for _, name := range []string{"one", "two"} {
		t.Run(name, func(t *testing.T) {
			client := openRedis(t, embeddedtest.Redis(t))
			if n, err := client.DBSize(t.Context()).Result(); err != nil || n != 0 {
				t.Fatalf("keys in a fresh Redis: %d, %v", n, err)
			}
			if err := client.Set(t.Context(), "key", "value", 0).Err(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestOwnServersAreApart(t *testing.T) {
	own, small := embeddedtest.OwnServices(t), embeddedtest.OwnRedis(t)
	if err := own.RestartPostgres(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	var fsync string
	if err := connect(t, own.DatabaseURL()).QueryRow(t.Context(), "SHOW fsync").Scan(&fsync); err != nil || fsync != "on" {
		t.Errorf("fsync is %q, %v", fsync, err)
	}
	if err := openRedis(t, small.RedisURL()).FlushAll(t.Context()).Err(); err != nil {
		t.Error(err)
	}
	if own.RedisURL() == small.RedisURL() {
		t.Error("two tests' own servers are one")
	}
}

// endsBadly makes this test, run in a process of its own, start servers and
// then panic, as a timeout does, when its standard input closes.
const endsBadly = "EMBEDDEDTEST_ENDS_BADLY"

// However a test process ends, its servers and folders go.
func TestNothingStaysBehind(t *testing.T) {
	if os.Getenv(endsBadly) != "" {
		embeddedtest.Database(t, nil)
		embeddedtest.Redis(t)
		embeddedtest.OwnRedis(t)
		fmt.Println("started")
		_, _ = io.Copy(io.Discard, os.Stdin)
		go panic("as a timeout does")
		select {}
	}
	for name, end := range map[string]func(*exec.Cmd, io.Closer) error{
		"killed":   func(cmd *exec.Cmd, _ io.Closer) error { return cmd.Process.Kill() },
		"panicked": func(_ *exec.Cmd, stdin io.Closer) error { return stdin.Close() },
	} {
		t.Run(name, func(t *testing.T) { endAndLook(t, end) })
	}
}

func endAndLook(t *testing.T, end func(*exec.Cmd, io.Closer) error) {
	dir, err := os.MkdirTemp("", "umkmbot-hang-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestNothingStaysBehind$")
	cmd.Env = append(os.Environ(), endsBadly+"=1", "TMPDIR="+dir)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "started" {
		t.Fatalf("the process said %q", lines.Text())
	}
	if entries := list(t, dir); len(entries) != 2 {
		t.Fatalf("folders while it runs: %v", entries)
	}
	if err := end(cmd, stdin); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // how it ended is the test's own doing
	waitEmpty(t, dir)
}

func waitEmpty(t *testing.T, dir string) {
	t.Helper()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(15 * time.Second)
	for len(list(t, dir)) > 0 {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("left behind: %v", list(t, dir))
		}
	}
}

func list(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}
