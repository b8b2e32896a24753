package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/redis/go-redis/v9"

	"umkmbot/internal/embedded"
)

// The programs that are measured.
const (
	real     = "real"
	theFloor = "floor"
)

// bench is the servers and programs of one run.
type bench struct {
	plan     plan
	dir      string // for everything that is made
	services *embedded.Services
	redis    *redis.Client
	binaries map[string]string
	script   string // path of the recorded registration
	worlds   int    // opened so far
}

func openBench(ctx context.Context, p plan) (_ *bench, err error) {
	b := &bench{plan: p, binaries: map[string]string{}}
	if b.dir, err = os.MkdirTemp("", "umkmbot-bench-"); err != nil {
		return nil, fmt.Errorf("folder: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.close(context.WithoutCancel(ctx)))
		}
	}()
	if err := os.Chmod(b.dir, 0o755); err != nil { // Postgres may run as another user
		return nil, fmt.Errorf("folder: %w", err)
	}
	for name, pkg := range map[string]string{real: "./cmd/umkmbot", theFloor: "./internal/bench/floor"} {
		if err := b.build(ctx, name, pkg); err != nil {
			return nil, err
		}
	}
	if b.services, err = embedded.Start(ctx, filepath.Join(b.dir, "services"), embedded.Options{}); err != nil {
		return nil, err
	}
	options, err := redis.ParseURL(b.services.RedisURL())
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	b.redis = redis.NewClient(options)
	if err := b.onDatabase(ctx, "CREATE DATABASE template_bench"); err != nil {
		return nil, err
	}
	return b, b.seed(ctx)
}

// build builds a program the way `make build` does.
func (b *bench) build(ctx context.Context, name, pkg string) error {
	path := filepath.Join(b.dir, name)
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", path, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", pkg, err, out)
	}
	b.binaries[name] = path
	return nil
}

func (b *bench) close(ctx context.Context) error {
	var errs []error
	if b.redis != nil {
		errs = append(errs, b.redis.Close())
	}
	if b.services != nil {
		errs = append(errs, b.services.Stop(ctx))
		errs = append(errs, embedded.Remove(ctx, filepath.Join(b.dir, "services")))
	}
	return errors.Join(append(errs, os.RemoveAll(b.dir))...)
}

// say tells whoever waits how far it is.
func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
