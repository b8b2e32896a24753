package embedded

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// longestSocket is the longest socket path in bytes that both Linux (107) and
// macOS (103) take.
const longestSocket = 103

// longestSocketName stands for what Postgres appends; the lock beside it may be
// longer, being an ordinary file.
const longestSocketName = "/.s.PGSQL.65535"

var errNoSocket = errors.New("no folder for the Postgres socket: every path is over 103 bytes, holds a comma or is closed to the servers' account; set TMPDIR to a short one")

// openSocketDir makes the private folder of the Postgres socket: in the data
// folder, or under the temporary folder when that path does not do. What
// an earlier run left in it goes: socket locks name pids that may be anybody's
// by now.
func (h *home) openSocketDir() (string, error) {
	h.dropSocketDir()
	dir := filepath.Join(h.root, "run")
	if fitsSocket(dir) {
		return dir, h.account.own(dir)
	}
	for _, parent := range []string{os.TempDir(), "/tmp"} {
		if !fitsSocket(filepath.Join(parent, "umkmbot-0123456789")) || h.account.barrier(parent) != "" {
			continue
		}
		dir, err := os.MkdirTemp(parent, "umkmbot-")
		if err != nil {
			continue
		}
		h.state.SocketDir = dir
		if err := h.saveState(); err != nil {
			return "", err
		}
		return dir, h.account.take(dir)
	}
	return "", errNoSocket
}

// dropSocketDir removes what openSocketDir made, also in an earlier life. The
// name is checked, since the state file is only a file.
func (h *home) dropSocketDir() {
	_ = os.RemoveAll(filepath.Join(h.root, "run")) // a leftover shows when the server starts
	if match, err := filepath.Match("umkmbot-*", filepath.Base(h.state.SocketDir)); err == nil && match {
		_ = os.RemoveAll(h.state.SocketDir)
	}
	h.state.SocketDir = ""
}

// clearSockets empties the folder after a server was killed.
func (p *postgres) clearSockets() error {
	left, err := os.ReadDir(p.sockets)
	if err != nil {
		return err
	}
	for _, entry := range left {
		if err := os.Remove(filepath.Join(p.sockets, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// fitsSocket refuses commas too: clients take a host with one for two hosts.
func fitsSocket(dir string) bool {
	return len(dir)+len(longestSocketName) <= longestSocket && !strings.Contains(dir, ",")
}
