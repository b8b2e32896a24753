package embedded

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// A server that nobody ended, as after a kill -9 without a death signal, is
// stopped by the next start, which must not mistake it for its own.
func TestOrphansAreStopped(t *testing.T) {
	dir := folder(t)
	first := mustStart(t, dir, Options{})
	remember(t, first, "kata")
	first.postgres.proc.stopping.Store(true)
	first.redis.proc.stopping.Store(true)
	must(t, first.home.close()) // as if the owner were gone
	first.stopped = true

	second := mustStart(t, dir, Options{})
	if first.postgres.proc.alive() || first.redis.proc.alive() {
		t.Error("orphans still run")
	}
	recall(t, second, "kata")
}

func TestOwnerKilled(t *testing.T) {
	dir := folder(t)
	for _, word := range []string{"satu", "dua"} {
		services := mustStart(t, dir, Options{})
		remember(t, services, word)
		mustStop(t, services)
		program := startOwner(t, dir)
		program.expect(t, "starting")
		program.expect(t, "started")
		program.kill(t)
	}
	services := mustStart(t, dir, Options{})
	recall(t, services, "dua satu")
}

// On Linux nobody needs to start again for the servers to end.
func TestServersDieWithTheirOwner(t *testing.T) {
	if runtime.GOOS != "linux" {
		return
	}
	dir := folder(t)
	program := startOwner(t, dir)
	program.expect(t, "starting")
	program.expect(t, "started")
	program.kill(t)
	eventually(t, "both servers end", func() bool {
		left, err := serversIn(homeDirs(dir)...)
		return err == nil && len(left) == 0
	})
}

func TestOwnerStopsCleanly(t *testing.T) {
	dir := folder(t)
	program := startOwner(t, dir)
	program.expect(t, "starting")
	program.expect(t, "started")
	must(t, program.stdin.Close())
	must(t, program.cmd.Wait())
	noServers(t, dir)
	raw, err := os.ReadFile(filepath.Join(dir, "postgres.log"))
	if err != nil || !strings.Contains(string(raw), "database system is shut down") {
		t.Errorf("no clean end in the log (%v)", err)
	}
}

func TestFirstStartKilledAnywhere(t *testing.T) {
	dir := folder(t)
	steps := []string{"postgres.new", "postgres.new/PG_VERSION", "postgres.new/base/1", "postgres.new/base/1/PG_VERSION", "postgres"}
	for _, step := range steps {
		program := startOwner(t, dir)
		program.expect(t, "starting")
		eventually(t, step+" is there", func() bool { return exists(filepath.Join(dir, step)) })
		program.kill(t)
	}
	remember(t, mustStart(t, dir, Options{}), "kata")
	if exists(filepath.Join(dir, "postgres.new")) {
		t.Error("the side folder is still there")
	}
}

func TestFirstStartCancelled(t *testing.T) {
	dir := folder(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		_ = until(t.Context(), func() (bool, error) { return exists(filepath.Join(dir, "postgres.new/PG_VERSION")), nil })
	}()
	if _, err := Start(ctx, dir, Options{}); !errors.Is(err, context.Canceled) {
		t.Fatalf("start: %v", err)
	}
	noServers(t, dir)
	mustStart(t, dir, Options{})
}

// In a container the number in a dead server's pid file soon belongs to another
// process, often of the same user; Postgres alone would refuse to start.
func TestStalePIDOfALiveProcess(t *testing.T) {
	dir := folder(t)
	first := mustStart(t, dir, Options{PostgresOnly: true})
	must(t, first.postgres.proc.stop(t.Context()))
	mustStop(t, first)
	stranger := exec.Command("sleep", "600")
	asUser(stranger, first.home.account)
	must(t, stranger.Start())
	defer func() {
		_ = stranger.Process.Kill()
		_ = stranger.Wait()
	}()
	raw, err := os.ReadFile(first.postgres.pidFile())
	must(t, err)
	lines := strings.SplitN(string(raw), "\n", 2)
	stale := strconv.Itoa(stranger.Process.Pid) + "\n" + lines[1]
	must(t, os.WriteFile(first.postgres.pidFile(), []byte(stale), 0o600))

	second := mustStart(t, dir, Options{PostgresOnly: true})
	execSQL(t, second.DatabaseURL(), "SELECT 1")
	must(t, stranger.Process.Signal(syscall.Signal(0))) // was left alone
}
