package embedded

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// depsCase is a machine made of stubs: programs that are there, and what the
// installer must do on it.
type depsCase struct {
	programs map[string]string // name → body
	args     []string
	fails    bool
	calls    []string // what the installer ran, in order
	says     []string
}

const (
	// aptStub notes how it was called and puts the packages' programs in place.
	aptStub = `echo "apt-get $*" >>"$CALLS"; [ -z "${DEBIAN_FRONTEND-}" ] && exit 9
case "$*" in *install*redis-server*) cp "$STUBS/true" "$STUBS/redis-server" ;; esac`
	brewStub = `echo "brew $*" >>"$CALLS"; case "$2" in redis) cp "$STUBS/true" "$STUBS/redis-server" ;; esac`
	install  = "apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confdef" +
		" -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=300 redis-server"
)

func TestDependencyInstaller(t *testing.T) {
	for name, c := range map[string]depsCase{
		"all there": {
			programs: map[string]string{"redis-server": "", "apt-get": aptStub},
		},
		"all there for tests": {
			programs: map[string]string{
				"redis-server": "", "chromium": "", "gcc": "", "cc": "", "pgbouncer": "", "age": "", "systemd-analyze": "",
				"apt-get": aptStub,
			},
			args: []string{"test"},
		},
		"all there for tests on macOS": {
			programs: map[string]string{
				"redis-server": "", "chromium": "", "gcc": "", "pgbouncer": "", "age": "", "brew": brewStub, "uname": "echo Darwin",
			},
			args: []string{"test"},
		},
		"little for tests": {
			programs: map[string]string{"redis-server": "", "cc": "", "pgbouncer": "", "apt-get": aptStub, "sudo": "exit 1"},
			args:     []string{"test"},
			fails:    true,
			says:     []string{"apt-get install chromium age systemd\n", "a C compiler, systemd"},
		},
		"root": {
			programs: map[string]string{"apt-get": aptStub, "id": "echo 0"},
			calls:    []string{"apt-get update -q", install},
			says:     []string{"deps: installing redis-server"},
		},
		"user with sudo": {
			programs: map[string]string{"apt-get": aptStub, "id": "echo 1000", "sudo": `[ "$1" = -n ] || exit 9; shift; exec "$@"`},
			calls:    []string{"apt-get update -q", install},
		},
		"user without": {
			programs: map[string]string{"apt-get": aptStub, "id": "echo 1000", "sudo": "exit 1"},
			fails:    true,
			says:     []string{"sudo needs a password", "apt-get install redis-server", "brew install redis"},
		},
		"unknown system": {
			programs: map[string]string{"id": "echo 0"},
			fails:    true,
			says:     []string{"neither apt-get nor Homebrew", "PostgreSQL 14 or newer, Redis 7 or newer"},
		},
		"apt fails": {
			programs: map[string]string{"apt-get": `echo "apt-get $1" >>"$CALLS"; exit 100`, "id": "echo 0"},
			fails:    true,
			calls:    []string{"apt-get update", "apt-get install"},
			says:     []string{"apt-get update failed; going on", "apt-get install failed, see above"},
		},
		"apt brings nothing": {
			programs: map[string]string{"apt-get": "", "id": "echo 0"},
			fails:    true,
			says:     []string{"installed, but still not found"},
		},
		"macOS": {
			programs: map[string]string{"brew": brewStub, "uname": "echo Darwin"},
			calls:    []string{"brew install redis"},
		},
		"wrong argument": {args: []string{"tset"}, fails: true, says: []string{"usage:"}},
	} {
		t.Run(name, func(t *testing.T) { c.run(t) })
	}
}

func (c depsCase) run(t *testing.T) {
	dir := t.TempDir()
	calls := filepath.Join(dir, "calls")
	stubs := filepath.Join(dir, "stubs")
	must(t, os.Mkdir(stubs, 0o755))
	for _, tool := range []string{"env", "cp", "tr", "true"} {
		path, err := exec.LookPath(tool)
		must(t, err)
		must(t, os.Symlink(path, filepath.Join(stubs, tool)))
	}
	// Postgres counts as there wherever the machine has it.
	for name, body := range map[string]string{"postgres": "", "initdb": "", "uname": "echo Linux", "id": "echo 1000"} {
		c.write(t, stubs, name, body)
	}
	for name, body := range c.programs {
		c.write(t, stubs, name, body)
	}
	cmd := exec.CommandContext(t.Context(), "/bin/sh", append([]string{"../../deploy/deps.sh"}, c.args...)...)
	cmd.Env = []string{"PATH=" + stubs, "CALLS=" + calls, "STUBS=" + stubs}
	out, err := cmd.CombinedOutput()
	if (err != nil) != c.fails {
		t.Errorf("it ended with %v", err)
	}
	raw, _ := os.ReadFile(calls) // none without calls
	if want := strings.Join(c.calls, "\n"); strings.TrimSpace(string(raw)) != want {
		t.Errorf("it ran\n%s\nwant\n%s", raw, want)
	}
	for _, want := range c.says {
		if !strings.Contains(string(out), want) {
			t.Errorf("it said\n%s\nwithout %q", out, want)
		}
	}
	if !c.fails && len(c.calls) == 0 && len(out) > 0 {
		t.Errorf("nothing to do, yet it said %s", out)
	}
}

func (depsCase) write(t *testing.T, dir, name, body string) {
	t.Helper()
	must(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+body+"\n"), 0o755))
}
