package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	oldestPostgres = 14 // the oldest major version PostgreSQL itself still mends
	oldestRedis    = 7  // the floor of the dialog scripts
)

// postgresHomes are the places outside PATH where packages put the server:
// Debian keeps it off PATH, Homebrew's versioned formulae are "keg-only".
var postgresHomes = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/usr/local/pgsql/bin",
	"/opt/homebrew/opt/postgresql*/bin",
	"/usr/local/opt/postgresql*/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
}

// redisHomes are the Homebrew folders, which a stripped PATH may lack.
var redisHomes = []string{"/opt/homebrew/bin", "/usr/local/bin"}

// redisNames: Valkey is the same server under the name some distributions ship.
var redisNames = []string{"redis-server", "valkey-server"}

// ErrMissing tells that a server program is not installed, or only too old a
// one. The error's text says which and how to install it.
var ErrMissing = errors.New("not installed")

// binaries are the programs to run; a field is empty when not asked for.
type binaries struct {
	postgres postgresBinaries
	redis    string
}

type postgresBinaries struct {
	dir   string
	major int
}

func (b postgresBinaries) server() string { return filepath.Join(b.dir, "postgres") }
func (b postgresBinaries) initdb() string { return filepath.Join(b.dir, "initdb") }

// finder looks for programs in folders; the patterns are as of filepath.Glob.
type finder struct {
	postgres, redis []string
}

func newFinder(only []string) finder {
	if len(only) > 0 {
		return finder{postgres: only, redis: only}
	}
	path := filepath.SplitList(os.Getenv("PATH"))
	return finder{
		postgres: slices.Concat(postgresHomes, path),
		redis:    slices.Concat(path, redisHomes),
	}
}

// find returns what opts asks for. Everything missing is told in one error, so
// that nobody installs one program only to hear of the next.
func (f finder) find(ctx context.Context, opts Options, dataMajor int) (binaries, error) {
	var (
		found   binaries
		missing []string
		err     error
	)
	if !opts.RedisOnly {
		if found.postgres, err = f.findPostgres(ctx, dataMajor); err != nil {
			missing = append(missing, err.Error())
		}
	}
	if !opts.PostgresOnly {
		if found.redis, err = f.findRedis(ctx); err != nil {
			missing = append(missing, err.Error())
		}
	}
	if len(missing) > 0 {
		return binaries{}, fmt.Errorf("%w: %s; %s", ErrMissing, strings.Join(missing, " and "), installHint)
	}
	return found, nil
}

const installHint = "run `make deps`, or install by hand (Debian, Ubuntu: apt-get install postgresql redis-server; macOS: brew install postgresql@17 redis)"

// findPostgres prefers the version that made the data, else the newest: the
// server refuses another major version's folder.
func (f finder) findPostgres(ctx context.Context, dataMajor int) (postgresBinaries, error) {
	found := f.listPostgres(ctx)
	if dataMajor != 0 {
		for _, b := range found {
			if b.major == dataMajor {
				return b, nil
			}
		}
		return postgresBinaries{}, fmt.Errorf("PostgreSQL %d (the data folder was made by it; to go on with another version start with a new folder)", dataMajor)
	}
	if len(found) == 0 {
		return postgresBinaries{}, fmt.Errorf("PostgreSQL (%d or newer)", oldestPostgres)
	}
	newest := slices.MaxFunc(found, func(a, b postgresBinaries) int { return cmp.Compare(a.major, b.major) })
	if newest.major < oldestPostgres {
		return postgresBinaries{}, fmt.Errorf("PostgreSQL (%d or newer, found only %d)", oldestPostgres, newest.major)
	}
	return newest, nil
}

func (f finder) listPostgres(ctx context.Context) []postgresBinaries {
	var found []postgresBinaries
	for _, dir := range globAll(f.postgres) {
		b := postgresBinaries{dir: dir}
		if !isProgram(b.server()) || !isProgram(b.initdb()) {
			continue
		}
		if b.major = majorVersion(ctx, postgresVersion, b.server(), "--version"); b.major > 0 {
			found = append(found, b)
		}
	}
	return found
}

func (f finder) findRedis(ctx context.Context) (string, error) {
	old := 0
	for _, dir := range globAll(f.redis) {
		for _, name := range redisNames {
			path := filepath.Join(dir, name)
			if !isProgram(path) {
				continue
			}
			major := majorVersion(ctx, redisVersion, path, "--version")
			if major >= oldestRedis {
				return path, nil
			}
			old = max(old, major)
		}
	}
	if old > 0 {
		return "", fmt.Errorf("Redis (%d or newer, found only %d)", oldestRedis, old) //nolint:staticcheck // a name, in the middle of a sentence
	}
	return "", fmt.Errorf("Redis (%d or newer)", oldestRedis) //nolint:staticcheck // a name, in the middle of a sentence
}

// globAll expands patterns in order, without repeats; PATH entries are read
// literally when they are no valid pattern.
func globAll(patterns []string) []string {
	var dirs []string
	for _, pattern := range patterns {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			matches = []string{pattern}
		}
		for _, dir := range matches {
			if abs, err := filepath.Abs(dir); err == nil && !slices.Contains(dirs, abs) {
				dirs = append(dirs, abs)
			}
		}
	}
	return dirs
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

var (
	postgresVersion = regexp.MustCompile(`\(PostgreSQL\) (\d+)`) // "postgres (PostgreSQL) 15.14 (Debian …)"
	redisVersion    = regexp.MustCompile(`\bv=(\d+)`)            // "Redis server v=7.0.15 sha=…"
)

// majorVersion asks a program for its version; 0 when it does not tell.
func majorVersion(ctx context.Context, pattern *regexp.Regexp, program string, args ...string) int {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = cleanEnv("")
	out, err := cmd.Output()
	if err != nil {
		return 0
	}
	match := pattern.FindSubmatch(out)
	if match == nil {
		return 0
	}
	major, err := strconv.Atoi(string(match[1]))
	if err != nil {
		return 0
	}
	return major
}
