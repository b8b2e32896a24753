package main

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/loadtest"
)

// A new version as it is put in place: this program migrates, two replicas of
// the release before (deploy/previous-release) run on, register owners and work
// jobs, and are exchanged one after the other while more owners register. Where
// the two ask for different versions of a consent, a form that goes from one to
// the other asks for its own.
func TestPreviousReleaseOnTheNewSchema(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	before, now := previousRelease(t, ctx), buildProgram(t)
	g, _ := crashGrounds(t, nil)
	replicas, balancer := startReplicas(t, ctx, before, g, true, 2)
	defer balancer()
	conn, err := pgx.Connect(ctx, g.database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	u := &exchange{t: t, sim: loadtest.NewSim(g.telegram), conn: conn}
	defer u.sim.Close()

	first := u.register(ctx, 10, nil)
	if err := u.sim.Post(ctx, (&loadtest.Owner{ID: first}).Path("text"), map[string]any{"text": "/kartu"}, nil); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the earlier release draws a card", func() bool { return u.count(ctx, sqlCardsDrawn) == 1 })
	u.register(ctx, 30, func() error {
		for _, r := range replicas {
			r.kill()
			r.binary = now
			if err := r.start(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if n := u.count(ctx, "SELECT count(DISTINCT number) FROM businesses"); n != 40 {
		t.Errorf("%d numbers for 40 owners", n)
	}
	if n := u.count(ctx, "SELECT count(*) FROM dead_letters"); n != 0 {
		t.Errorf("%d dead letters", n)
	}
	if n := u.count(ctx, "SELECT count(*) FROM river_job WHERE state = 'discarded'"); n != 0 {
		t.Errorf("%d jobs were given up", n)
	}
}

// exchange is a new version being put in place.
type exchange struct {
	t    *testing.T
	sim  *loadtest.Sim
	conn *pgx.Conn
}

func (u *exchange) count(ctx context.Context, sql string) (n int) {
	u.t.Helper()
	if err := u.conn.QueryRow(ctx, sql).Scan(&n); err != nil {
		u.t.Fatal(err)
	}
	return n
}

// register has owners register, amid which something may be done. It
// returns the first owner.
func (u *exchange) register(ctx context.Context, owners int, amid func() error) int64 {
	u.t.Helper()
	var acts atomic.Int64
	done := make(chan error, 1)
	fleet := loadtest.Fleet{Sim: u.sim, Owners: owners, AtOnce: owners, Patience: patienceOfTests / 6, Forgives: true, Insists: true, Think: func() time.Duration {
		if acts.Add(1) == int64(4*owners) && amid != nil {
			go func() { done <- amid() }()
		}
		return rand.N(400 * time.Millisecond)
	}}
	sum, err := fleet.Run(ctx)
	if err == nil && amid != nil {
		err = <-done
	}
	if err != nil {
		u.t.Fatal(err)
	}
	for _, err := range sum.Errors {
		u.t.Error(err)
	}
	return sum.First
}

// previousRelease builds the program of the release before.
func previousRelease(t *testing.T, ctx context.Context) (binary string) {
	t.Helper()
	commit := strings.TrimSpace(read(t, "previous-release"))
	dir := t.TempDir()
	source := filepath.Join(dir, "source")
	if err := os.Mkdir(source, 0o755); err != nil {
		t.Fatal(err)
	}
	archive := filepath.Join(dir, "source.tar")
	git := func(args ...string) ([]byte, error) {
		cmd := exec.CommandContext(ctx, "git", args...)
		cmd.Dir = "../.." // the whole tree
		return cmd.CombinedOutput()
	}
	out, err := git("archive", "--output", archive, commit)
	if err != nil { // a shallow clone may know where to get the rest
		if _, fetching := git("fetch", "--unshallow"); fetching == nil {
			out, err = git("archive", "--output", archive, commit)
		}
	}
	if err != nil {
		t.Fatalf("the release before this one, %s (deploy/previous-release), is not in this clone: git fetch --unshallow, or git fetch origin %s: %v: %s",
			commit, commit, err, out)
	}
	binary = filepath.Join(dir, "umkmbot")
	for _, cmd := range []*exec.Cmd{
		exec.CommandContext(ctx, "tar", "-xf", archive, "-C", source),
		exec.CommandContext(ctx, "go", "-C", source, "build", "-buildvcs=false", "-o", binary, "./cmd/umkmbot"),
	} {
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("build the release before: %v: %s", err, out)
		}
	}
	return binary
}
