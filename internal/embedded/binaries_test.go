package embedded

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// program writes a script that tells a version.
func program(t *testing.T, dir, name, says string) {
	t.Helper()
	must(t, os.MkdirAll(dir, 0o755))
	script := "#!/bin/sh\necho '" + says + "'\n"
	must(t, os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755))
}

func postgresProgram(t *testing.T, dir, version string) {
	t.Helper()
	program(t, dir, "postgres", "postgres (PostgreSQL) "+version)
	program(t, dir, "initdb", "initdb (PostgreSQL) "+version)
}

func TestMissingProgramsAreNamed(t *testing.T) {
	old := t.TempDir()
	postgresProgram(t, old, "13.9")
	program(t, old, "redis-server", "Redis server v=6.0.16 sha=00000000:0")
	half := t.TempDir()
	program(t, half, "postgres", "postgres (PostgreSQL) 16.1")
	program(t, half, "redis-server", "something else")
	for name, c := range map[string]struct {
		dir  string
		opts Options
		want []string
	}{
		"nothing there": {t.TempDir(), Options{}, []string{"PostgreSQL (14 or newer)", "Redis (7 or newer)", "make deps", "apt-get install", "brew install"}},
		"Redis only":    {t.TempDir(), Options{RedisOnly: true}, []string{": Redis (7 or newer);"}},
		"Postgres only": {t.TempDir(), Options{PostgresOnly: true}, []string{": PostgreSQL (14 or newer);"}},
		"too old":       {old, Options{}, []string{"found only 13", "found only 6"}},
		"no initdb":     {half, Options{}, []string{"PostgreSQL (14 or newer) and Redis (7 or newer)"}},
		"no such dir":   {"/nonexistent", Options{}, []string{"PostgreSQL"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.opts.BinDirs = []string{c.dir}
			_, err := Start(t.Context(), folder(t), c.opts)
			if !errors.Is(err, ErrMissing) || strings.Contains(err.Error(), "\n") {
				t.Fatalf("start: %v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q lacks %q", err, want)
				}
			}
		})
	}
}

func TestNewestPostgresUnlessDataSayOtherwise(t *testing.T) {
	root := t.TempDir()
	for _, version := range []string{"9.6.24", "14.2", "17beta1", "16.4 (Debian 16.4-1)"} {
		postgresProgram(t, filepath.Join(root, version, "bin"), version)
	}
	f := newFinder([]string{filepath.Join(root, "*/bin")})
	for _, c := range []struct{ data, want int }{{0, 17}, {14, 14}, {16, 16}} {
		got, err := f.findPostgres(t.Context(), c.data)
		if err != nil || got.major != c.want {
			t.Errorf("for data of %d: %d, %v; want %d", c.data, got.major, err, c.want)
		}
	}
	if _, err := f.findPostgres(t.Context(), 15); err == nil || !strings.Contains(err.Error(), "PostgreSQL 15 (the data folder was made by it") {
		t.Errorf("for data of 15: %v", err)
	}
}

func TestDataOfAnotherVersion(t *testing.T) {
	dir := folder(t)
	must(t, os.MkdirAll(filepath.Join(dir, "postgres"), 0o755))
	version := filepath.Join(dir, "postgres", "PG_VERSION")
	must(t, os.WriteFile(version, []byte("8\n"), 0o600))
	if _, err := Start(t.Context(), dir, Options{}); !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "PostgreSQL 8") {
		t.Errorf("start: %v", err)
	}
	must(t, os.WriteFile(version, []byte("rusak"), 0o600))
	if _, err := Start(t.Context(), dir, Options{}); err == nil || !strings.Contains(err.Error(), "is no data folder of PostgreSQL") {
		t.Errorf("start: %v", err)
	}
}

func TestValkeyIsRedis(t *testing.T) {
	dir := t.TempDir()
	program(t, dir, "valkey-server", "Valkey server v=8.1.1 sha=00000000:0")
	if got, err := newFinder([]string{dir}).findRedis(t.Context()); err != nil || filepath.Base(got) != "valkey-server" {
		t.Errorf("found %q, %v", got, err)
	}
}

// What a server says when it refuses to start reaches the error's one line.
func TestServerThatEndsAtOnce(t *testing.T) {
	dir := t.TempDir()
	must(t, os.Chmod(filepath.Dir(dir), 0o711)) // the servers' account runs the script
	script := "#!/bin/sh\n[ \"$1\" = --version ] && echo 'Redis server v=7.0.0' && exit\necho '1:M # Failed listening'\nexit 1\n"
	must(t, os.WriteFile(filepath.Join(dir, "redis-server"), []byte(script), 0o755))
	_, err := Start(t.Context(), folder(t), Options{RedisOnly: true, BinDirs: []string{dir}})
	if err == nil || !strings.Contains(err.Error(), "start Redis: it ended at once: 1:M # Failed listening") {
		t.Errorf("start: %v", err)
	}
}
