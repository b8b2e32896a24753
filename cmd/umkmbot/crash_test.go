package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/embedded"
	"umkmbot/internal/loadtest"
)

const (
	crashOwners = 200
	crashKills  = 10
	// rescueInTests is when jobs of a replica that was killed are done again.
	rescueInTests = "12s"
	testKeys      = "test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
)

// Two replicas of the real program are killed at random, Redis and Postgres
// restarted, while 200 owners register. Everybody ends registered exactly
// once, in order, with at most one repeated reply a kill.
func TestCrash(t *testing.T) {
	binary := buildProgram(t)
	for _, ingress := range []string{"webhook", "polling"} {
		t.Run(ingress, func(t *testing.T) {
			t.Parallel()
			crash(t, binary, ingress == "webhook")
		})
	}
}

func buildProgram(t testing.TB) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "umkmbot")
	out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput()
	if err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

func crash(t *testing.T, binary string, webhook bool) {
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	g, services := crashGrounds(t, nil)
	replicas, balancer := startReplicas(t, ctx, binary, g, webhook, 2)
	defer balancer()
	defer func() {
		for _, r := range replicas {
			r.kill() // before Telegram closes, which would wait for the end of a poll
		}
	}()

	fleet := loadtest.Fleet{
		Sim: loadtest.NewSim(g.telegram), Owners: crashOwners, AtOnce: crashOwners, Patience: 90 * time.Second,
		Think: func() time.Duration { return rand.N(2 * time.Second) },
	}
	defer fleet.Sim.Close()
	var done atomic.Bool
	var kills int
	var breaking sync.WaitGroup
	breaking.Go(func() { kills = breakThings(t, ctx, replicas, services, &done) })
	sum, err := fleet.Run(ctx)
	done.Store(true)
	breaking.Wait()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d owners registered, %d turns in %s; %d kills, Redis and Postgres restarted twice each; "+
		"%d repeated replies, %d apologies; answers: p50 %s, p99 %s, longest %s", sum.Registered, sum.Turns,
		sum.Took.Round(time.Second), kills, sum.Repeated, sum.Apologies,
		sum.Percentile(50).Round(time.Millisecond), sum.Percentile(99).Round(time.Millisecond), sum.Percentile(100).Round(time.Millisecond))
	for _, err := range sum.Errors {
		t.Error(err)
	}
	if sum.Registered != crashOwners {
		t.Errorf("%d of %d owners registered", sum.Registered, crashOwners)
	}
	if kills < crashKills {
		t.Errorf("only %d kills", kills)
	}
	if sum.Repeated > kills {
		t.Errorf("%d repeated replies for %d kills", sum.Repeated, kills)
	}
	checkRecords(t, ctx, services.DatabaseURL())
}

// checkRecords counts: one business, one owner and one word on every purpose a person, and
// numbers without a gap or a twin.
func checkRecords(t *testing.T, ctx context.Context, url string) {
	t.Helper()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	const sql = `SELECT count(*), count(DISTINCT b.number), count(DISTINCT b.owner),
		(SELECT count(*) FROM owners), (SELECT count(*) FROM consents), (SELECT count(*) FROM dead_letters)
		FROM businesses b`
	var n [6]int
	if err := conn.QueryRow(ctx, sql).Scan(&n[0], &n[1], &n[2], &n[3], &n[4], &n[5]); err != nil {
		t.Fatal(err)
	}
	want := [6]int{crashOwners, crashOwners, crashOwners, crashOwners, purposesAsked * crashOwners, 0}
	if n != want {
		t.Errorf("businesses, numbers, businesses' owners, owners, consents, dead letters: %v, want %v", n, want)
	}
}

// breakThings kills and restarts until everybody is done and enough was broken.
func breakThings(t *testing.T, ctx context.Context, replicas []*replica, s *embedded.Services, done *atomic.Bool) (kills int) {
	for n := 0; ctx.Err() == nil && !(done.Load() && kills >= crashKills); n++ {
		wait(ctx, 500*time.Millisecond+rand.N(time.Second))
		var err error
		switch n {
		case 3, 9:
			err = s.RestartRedis(ctx, false)
		case 5, 11:
			err = s.RestartPostgres(ctx, true)
		default:
			if kills < 2*crashKills {
				r := replicas[rand.IntN(len(replicas))]
				r.kill()
				kills++
				wait(ctx, rand.N(500*time.Millisecond))
				err = r.start(ctx)
			}
		}
		if err != nil && ctx.Err() == nil {
			t.Errorf("breaking things: %v", err)
			return kills
		}
	}
	return kills
}

// wait lets simulated time pass between faults.
func wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// replica is one process of the real program.
type replica struct {
	binary string
	env    []string
	listen string
	log    *os.File

	mu      sync.Mutex
	process *exec.Cmd
}

// start starts the program and waits until it is ready; while Redis or
// Postgres are down it exits, as it should, and is started again.
func (r *replica) start(ctx context.Context) error {
	for ctx.Err() == nil {
		cmd := exec.Command(r.binary, "serve")
		cmd.Env = append(os.Environ(), r.env...)
		cmd.Stdout, cmd.Stderr = r.log, r.log
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if err := cmd.Start(); err != nil {
			return err
		}
		exited := make(chan struct{})
		go func() { _ = cmd.Wait(); close(exited) }()
		if r.ready(ctx, exited) {
			r.mu.Lock()
			r.process = cmd
			r.mu.Unlock()
			return nil
		}
	}
	return ctx.Err()
}

func (r *replica) ready(ctx context.Context, exited chan struct{}) bool {
	for ctx.Err() == nil {
		resp, err := http.Get("http://" + r.listen + "/healthz")
		if err == nil {
			resp.Body.Close()
			return true
		}
		select {
		case <-exited:
			wait(ctx, 100*time.Millisecond)
			return false
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
		}
	}
	return false
}

func (r *replica) kill() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.process != nil {
		_ = r.process.Process.Kill()
		r.process = nil
	}
}

// grounds are the addresses of what replicas stand on.
type grounds struct{ database, redis, telegram, files string }

// groundsOf are services, a simulator and a folder of the test's own.
func groundsOf(t testing.TB, s *embedded.Services, telegram string) grounds {
	return grounds{database: s.DatabaseURL(), redis: s.RedisURL(), telegram: telegram, files: fileURL(t.TempDir())}
}

// startReplicas starts n of the program, behind a balancer where Telegram
// delivers.
func startReplicas(t testing.TB, ctx context.Context, binary string, g grounds, webhook bool, n int) ([]*replica, func()) {
	t.Helper()
	var replicas []*replica
	var addresses []string
	for range n {
		addresses = append(addresses, freeAddress(t))
	}
	balancer := httptest.NewServer(balance(addresses))
	for i, address := range addresses {
		log, err := os.Create(filepath.Join(t.ArtifactDir(), fmt.Sprintf("replica%d.log", i)))
		if err != nil {
			t.Fatal(err)
		}
		r := &replica{binary: binary, listen: address, log: log, env: []string{
			"DATABASE_URL=" + g.database, "REDIS_URL=" + g.redis, "UMKMBOT_KEYS=" + testKeys,
			"TELEGRAM_API_URL=" + g.telegram, "TELEGRAM_BOT_TOKEN=" + demoToken, "LISTEN=" + address,
			"OFFICE_NAME=Dinas Uji", "OFFICE_CONTACT=0812", "FILES_URL=" + g.files, "JOB_RESCUE_AFTER=" + cmp.Or(os.Getenv("JOB_RESCUE_AFTER"), rescueInTests),
			"UMKMBOT_SECOND_OFFICER_ABOVE=0", // one officer's yes is enough, as in the tests' own stores
		}}
		if webhook {
			r.env = append(r.env, "WEBHOOK_URL="+balancer.URL+"/hook", "WEBHOOK_SECRET=rahasia")
		}
		t.Cleanup(func() { r.kill(); log.Close(); report(t, log.Name()) })
		if err := r.start(ctx); err != nil {
			t.Fatal(err)
		}
		replicas = append(replicas, r)
	}
	return replicas, balancer.Close
}

// report shows the end of a replica's log when the test has failed.
func report(t testing.TB, path string) {
	if !t.Failed() {
		return
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return
	}
	lines := strings.Split(string(raw), "\n")
	t.Logf("%s:\n%s", filepath.Base(path), strings.Join(lines[max(0, len(lines)-30):], "\n"))
}

// balance passes requests to a replica at random and, where none listens, to
// the next, as a proxy in front of replicas does.
func balance(addresses []string) http.Handler {
	transport := &http.Transport{MaxIdleConnsPerHost: 256}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "read", http.StatusBadRequest)
			return
		}
		first := rand.IntN(len(addresses))
		for i := range addresses {
			out, err := http.NewRequestWithContext(r.Context(), r.Method, "http://"+addresses[(first+i)%len(addresses)]+r.URL.Path, strings.NewReader(string(body)))
			if err != nil {
				break
			}
			out.Header = r.Header.Clone()
			resp, err := transport.RoundTrip(out)
			if errors.Is(err, syscall.ECONNREFUSED) {
				continue
			}
			if err != nil {
				break
			}
			defer resp.Body.Close()
			w.WriteHeader(resp.StatusCode)
			_, _ = io.Copy(w, resp.Body)
			return
		}
		http.Error(w, "no replica", http.StatusBadGateway)
	})
}
