package embedded

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
)

// ownerDir makes the test binary a program that owns the services of that
// folder until it is killed or its standard input closes.
const ownerDir = "EMBEDDED_TEST_OWNER_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(ownerDir); dir != "" {
		os.Exit(beOwner(dir))
	}
	os.Exit(m.Run())
}

func beOwner(dir string) int {
	fmt.Println("starting")
	services, err := Start(context.Background(), dir, Options{})
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	fmt.Println("started")
	_, _ = io.Copy(io.Discard, os.Stdin) // until the test lets go
	if err := services.Stop(context.Background()); err != nil {
		fmt.Println("error:", err)
		return 1
	}
	return 0
}

// owner is such a program, running.
type owner struct {
	cmd   *exec.Cmd
	stdin io.Closer
	lines *bufio.Scanner
}

func startOwner(t *testing.T, dir string) *owner {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), ownerDir+"="+dir)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return &owner{cmd: cmd, stdin: stdin, lines: bufio.NewScanner(stdout)}
}

func (o *owner) expect(t *testing.T, want string) {
	t.Helper()
	if !o.lines.Scan() || o.lines.Text() != want {
		t.Fatalf("the owner said %q, want %q", o.lines.Text(), want)
	}
}

func (o *owner) kill(t *testing.T) {
	t.Helper()
	if err := o.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = o.cmd.Wait() // "signal: killed"
}

// folder is one that the servers' account may enter, unlike t.TempDir for root.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "umkmbot-embedded-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := stopOrphans(context.Background(), homeDirs(filepath.Join(dir, "data"))...); err != nil {
			t.Error(err)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return filepath.Join(dir, "data")
}

func homeDirs(dir string) []string {
	h := home{root: dir}
	return []string{h.postgresDir(), h.newDir(), h.redisDir()}
}

func mustStart(t *testing.T, dir string, opts Options) *Services {
	t.Helper()
	services, err := Start(t.Context(), dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mustStop(t, services) })
	return services
}

func mustStop(t *testing.T, services *Services) {
	t.Helper()
	if err := services.Stop(context.Background()); err != nil {
		t.Error(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eventually waits for a condition, ten seconds at most.
func eventually(t *testing.T, what string, ready func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if until(ctx, func() (bool, error) { return ready(), nil }) != nil {
		t.Fatalf("not within 10 s: %s", what)
	}
}

// exec runs one statement over a connection of its own.
func execSQL(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(t.Context(), sql)
	must(t, err)
}

func queryText(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer conn.Close(context.Background())
	var text string
	must(t, conn.QueryRow(t.Context(), sql).Scan(&text))
	return text
}

func openRedis(t *testing.T, url string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	must(t, err)
	client := redis.NewClient(options)
	t.Cleanup(func() {
		if err := client.Close(); err != nil && !errors.Is(err, redis.ErrClosed) {
			t.Error(err)
		}
	})
	return client
}

// remember and recall put a word into both servers and fetch it.
func remember(t *testing.T, s *Services, word string) {
	t.Helper()
	execSQL(t, s.DatabaseURL(), "CREATE TABLE IF NOT EXISTS words (word text)")
	execSQL(t, s.DatabaseURL(), "INSERT INTO words VALUES ('"+word+"')")
	must(t, openRedis(t, s.RedisURL()).SAdd(t.Context(), "words", word).Err())
}

func recall(t *testing.T, s *Services, want string) {
	t.Helper()
	if got := queryText(t, s.DatabaseURL(), "SELECT string_agg(word, ' ' ORDER BY word) FROM words"); got != want {
		t.Errorf("Postgres has %q, want %q", got, want)
	}
	words, err := openRedis(t, s.RedisURL()).Sort(t.Context(), "words", &redis.Sort{Alpha: true}).Result()
	if got := strings.Join(words, " "); err != nil || got != want {
		t.Errorf("Redis has %q, %v, want %q", got, err, want)
	}
}

func noServers(t *testing.T, dir string) {
	t.Helper()
	left, err := serversIn(homeDirs(dir)...)
	if err != nil || len(left) > 0 {
		t.Errorf("servers left: %v, %v", left, err)
	}
}

// copyProgram puts this test binary where every user may run it.
func copyProgram(t *testing.T, dir string) string {
	t.Helper()
	program, err := os.Executable()
	must(t, err)
	raw, err := os.ReadFile(program)
	must(t, err)
	path := filepath.Join(dir, "embedded.test")
	must(t, os.WriteFile(path, raw, 0o755))
	return path
}

// asUser dresses cmd for an ordinary user.
func asUser(cmd *exec.Cmd, a account) {
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	a.dress(cmd)
}
