package embedded

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestStartGoesOnWithTheData(t *testing.T) {
	dir := folder(t)
	first := mustStart(t, dir, Options{})
	remember(t, first, "pertama")
	mustStop(t, first)
	mustStop(t, first) // a second stop does nothing
	noServers(t, dir)

	began := time.Now()
	second := mustStart(t, dir, Options{})
	t.Log("warm start in", time.Since(began))
	if second.DatabaseURL() != first.DatabaseURL() || second.RedisURL() != first.RedisURL() {
		t.Errorf("the addresses changed over a restart though the ports were free: Postgres %d, %d, Redis %d, %d",
			first.postgres.port, second.postgres.port, first.redis.port, second.redis.port)
	}
	remember(t, second, "kedua")
	recall(t, second, "kedua pertama")
	if got := queryText(t, second.DatabaseSocketURL(), "SHOW fsync"); got != "on" {
		t.Errorf("fsync is %s for data to keep", got)
	}
	if got := queryText(t, second.DatabaseURL(), "SHOW max_connections"); got != "200" {
		t.Errorf("max_connections is %s", got)
	}
	if got := queryText(t, second.DatabaseURL(), "SELECT lower('ÉÑ') || datcollate FROM pg_database WHERE datname = 'umkmbot'"); !strings.HasPrefix(got, "éñC") {
		t.Errorf("letters and order of the database: %q", got)
	}
}

func TestRedisKeepsEverything(t *testing.T) {
	services := mustStart(t, folder(t), Options{RedisOnly: true})
	client := openRedis(t, services.RedisURL())
	for name, want := range map[string]string{
		"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction", "save": "", "bind": "127.0.0.1",
	} {
		got, err := client.ConfigGet(t.Context(), name).Result()
		if err != nil || got[name] != want {
			t.Errorf("%s is %q, %v, want %q", name, got[name], err, want)
		}
	}
}

func TestStrangersAreRefused(t *testing.T) {
	services := mustStart(t, folder(t), Options{})
	wrong := func(url string) string { return strings.Replace(url, services.redis.password, "0123", 1) }
	conn, err := connectOnce(t.Context(), wrong(services.DatabaseURL()))
	if err == nil {
		conn()
		t.Error("Postgres takes a wrong password")
	}
	if err := openRedis(t, wrong(services.RedisURL())).Ping(t.Context()).Err(); err == nil {
		t.Error("Redis takes a wrong password")
	}
	info, err := os.Stat(services.postgres.sockets)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the socket's folder is open to others: %v, %v", info.Mode(), err)
	}
}

func TestTwoFoldersAtOnce(t *testing.T) {
	one, two := mustStart(t, folder(t), Options{}), mustStart(t, folder(t), Options{})
	remember(t, one, "satu")
	remember(t, two, "dua")
	recall(t, one, "satu")
	recall(t, two, "dua")
	mustStop(t, one)
	recall(t, two, "dua")
}

func TestFolderInUse(t *testing.T) {
	dir := folder(t)
	first := mustStart(t, dir, Options{RedisOnly: true})
	_, err := Start(t.Context(), dir, Options{RedisOnly: true})
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) {
		t.Errorf("second start: %v", err)
	}
	if err := Remove(t.Context(), dir); !errors.Is(err, ErrInUse) {
		t.Errorf("remove: %v", err)
	}
	must(t, openRedis(t, first.RedisURL()).Ping(t.Context()).Err())
}

func TestTakenPortMovesOn(t *testing.T) {
	dir := folder(t)
	first := mustStart(t, dir, Options{})
	remember(t, first, "kata")
	mustStop(t, first)
	for _, port := range []int{first.postgres.port, first.redis.port} {
		taker, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		must(t, err)
		defer taker.Close()
	}
	second := mustStart(t, dir, Options{})
	if second.postgres.port == first.postgres.port || second.redis.port == first.redis.port {
		t.Error("started on a taken port")
	}
	recall(t, second, "kata")
}

// The port is taken after it was found free: the servers themselves fail on it,
// which must be told from any other failure.
func TestStartAnywhereTriesAgain(t *testing.T) {
	services := mustStart(t, folder(t), Options{})
	must(t, services.StopPostgres(t.Context()))
	must(t, services.StopRedis(t.Context()))
	for name, c := range map[string]struct {
		port  *int
		start func(context.Context) error
	}{
		"Postgres": {&services.postgres.port, services.postgres.start},
		"Redis":    {&services.redis.port, services.redis.start},
	} {
		var taken []int
		err := startAnywhere(c.port, func() error {
			if len(taken) == 0 {
				taker, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(*c.port)))
				must(t, err)
				defer taker.Close()
			}
			taken = append(taken, *c.port)
			return c.start(t.Context())
		})
		if err != nil || len(taken) != 2 || taken[0] == taken[1] {
			t.Errorf("%s: ports %v, %v", name, taken, err)
		}
	}
	tries := 0
	other := errors.New("disk full")
	err := startAnywhere(new(int), func() error { tries++; return other })
	if tries != 1 || !errors.Is(err, other) {
		t.Errorf("after another failure %d tries, %v", tries, err)
	}
}

func TestRestartOnTakenPortSaysSo(t *testing.T) {
	services := mustStart(t, folder(t), Options{RedisOnly: true})
	must(t, services.StopRedis(t.Context()))
	taker, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(services.redis.port)))
	must(t, err)
	defer taker.Close()
	if err := services.StartRedis(t.Context()); err == nil || !errors.Is(err, errTaken) {
		t.Errorf("start: %v", err)
	}
}

func TestLongAndOddPaths(t *testing.T) {
	for _, c := range []struct {
		name, part string
		inside     bool // the socket is in the data folder
	}{
		{"long", strings.Repeat("panjang-", 14), false},
		{"comma", "usaha, kecil", false},
		{"odd", `a b "c" 'd' [e]* %f $g é`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(folder(t), c.part)
			services := mustStart(t, dir, Options{})
			remember(t, services, "kata")
			execSQL(t, services.DatabaseSocketURL(), "SELECT 1")
			must(t, services.RestartPostgres(t.Context(), true))
			recall(t, services, "kata")
			sockets := services.postgres.sockets
			if strings.HasPrefix(sockets, dir) != c.inside {
				t.Errorf("sockets in %q", sockets)
			}
			mustStop(t, services)
			if exists(sockets) {
				t.Error("the socket's folder is still there")
			}
			must(t, Remove(t.Context(), dir))
		})
	}
}

func TestDamagedNotesDoNoHarm(t *testing.T) {
	dir := folder(t)
	first := mustStart(t, dir, Options{})
	remember(t, first, "kata")
	mustStop(t, first)
	must(t, os.WriteFile(filepath.Join(dir, "state.json"), []byte("{"), 0o600))
	must(t, os.Remove(filepath.Join(dir, "password")))
	second := mustStart(t, dir, Options{})
	recall(t, second, "kata")
	if first.redis.password == second.redis.password {
		t.Error("the password was not made anew")
	}
}

func TestRemoveStartsFromNothing(t *testing.T) {
	dir := folder(t)
	must(t, Remove(t.Context(), dir)) // nothing there yet
	first := mustStart(t, dir, Options{})
	remember(t, first, "lama")
	mustStop(t, first)
	foreign := filepath.Join(dir, "catatan.txt")
	must(t, os.WriteFile(foreign, nil, 0o600))
	must(t, Remove(t.Context(), dir))
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left in the folder: %v, %v", entries, err)
	}
	second := mustStart(t, dir, Options{})
	remember(t, second, "baru")
	recall(t, second, "baru")
}

func TestDisposableLeavesNothing(t *testing.T) {
	dir := folder(t)
	services := mustStart(t, dir, Options{Disposable: true})
	if got := queryText(t, services.DatabaseURL(), "SHOW fsync"); got != "off" {
		t.Errorf("fsync is %s", got)
	}
	mustStop(t, services)
	if exists(dir) {
		t.Error("the folder is still there")
	}
}

// As root everything above ran as the database user; here it runs as an
// ordinary one would run it.
func TestAsNormalUser(t *testing.T) {
	if os.Geteuid() != 0 {
		return // everything above ran so
	}
	nobody, err := user.Lookup("nobody")
	must(t, err)
	account, err := accountOf(nobody)
	must(t, err)
	dir := filepath.Dir(folder(t))
	must(t, account.take(dir))
	cmd := exec.CommandContext(t.Context(), copyProgram(t, dir), "-test.run",
		"^(TestStartGoesOnWithTheData|TestOwnerKilled|TestServersDieWithTheirOwner|TestOrphansAreStopped|TestStalePIDOfALiveProcess)$")
	cmd.Dir = dir
	cmd.Env = []string{"TMPDIR=" + dir, "PATH=" + os.Getenv("PATH"), "HOME=/nonexistent"}
	asUser(cmd, account)
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "PASS") {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
}

// Root's data folder is often below /root, which the servers may not enter.
func TestUnreachableFolderMovesAway(t *testing.T) {
	if os.Geteuid() != 0 {
		return // whoever owns the folder runs the servers
	}
	dir := filepath.Join(t.TempDir(), "data") // below a folder of mode 0700
	t.Cleanup(func() { must(t, Remove(context.Background(), dir)) })
	first := mustStart(t, dir, Options{})
	remember(t, first, "kata")
	mustStop(t, first)
	if first.home.root == first.home.dir {
		t.Fatal("the data were not moved")
	}
	second := mustStart(t, dir, Options{})
	recall(t, second, "kata")
	mustStop(t, second)
	must(t, Remove(t.Context(), dir))
	if exists(first.home.root) {
		t.Error("the moved data were not removed")
	}
}
