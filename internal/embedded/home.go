package embedded

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// home is the data folder, locked. Everything in it that the servers need is
// below root, which is the folder itself, unless root (the user) chose one that
// the servers' account cannot reach: then it is a folder under relocated, whose
// path is kept in the file "moved-to".
type home struct {
	dir     string // as asked for, absolute, symlinks resolved
	root    string
	lock    *os.File
	account account
	state   state
}

// state is what the next Start wants to know; losing it does no harm.
type state struct {
	PostgresPort int    `json:"postgres_port,omitempty"`
	RedisPort    int    `json:"redis_port,omitempty"`
	SocketDir    string `json:"socket_dir,omitempty"` // only when outside the data folder
}

// relocated are the places for data whose folder the account cannot enter.
// /var/lib survives a reboot; /tmp is for machines where it is read-only.
var relocated = []string{"/var/lib/umkmbot", "/tmp"}

const movedTo = "moved-to"

func (h *home) postgresDir() string { return filepath.Join(h.root, "postgres") }
func (h *home) newDir() string      { return filepath.Join(h.root, "postgres.new") }
func (h *home) redisDir() string    { return filepath.Join(h.root, "redis") }
func (h *home) logFile(name string) string {
	return filepath.Join(h.root, name+".log")
}
func (h *home) statePath() string { return filepath.Join(h.root, "state.json") }

// openHome creates and locks dir and settles who runs the servers and where
// their data lie.
func openHome(ctx context.Context, dir string) (*home, error) {
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	// The servers' working folders, which orphans are known by, come resolved.
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return nil, err
	}
	h := &home{dir: abs, root: abs}
	h.lock, err = lock(ctx, filepath.Join(abs, "lock"))
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("data folder %s belongs to another user: go on as that user, or choose another folder: %w", abs, err)
	}
	if err != nil {
		return nil, fmt.Errorf("data folder %s: %w", abs, err)
	}
	if err := h.settle(); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

// makeFolder makes a missing folder one that the servers' account can pass,
// whatever the umask; an existing one stays as its owner wants it.
func makeFolder(dir string) error {
	if exists(dir) {
		return os.MkdirAll(dir, 0o755) // fails when it is no folder
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.Chmod(dir, 0o755)
}

func (h *home) settle() error {
	moved, err := os.ReadFile(filepath.Join(h.dir, movedTo))
	if root := strings.TrimSpace(string(moved)); err == nil && exists(root) { // /tmp is emptied by a reboot
		h.root = root
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if h.account, err = chooseAccount(h.postgresDir(), h.redisDir()); err != nil {
		return err
	}
	if err := h.relocate(); err != nil {
		return err
	}
	h.loadState()
	return nil
}

// relocate moves on to a folder the account can reach, when it must and nothing
// was made yet.
func (h *home) relocate() error {
	barrier := h.account.barrier(h.root)
	if barrier == "" {
		return nil
	}
	if exists(h.postgresDir()) || exists(h.redisDir()) || h.root != h.dir {
		return fmt.Errorf("data folder %s: the user %s, whom the servers run as, may not enter %s: chmod o+x it or choose another folder",
			h.root, h.account.name, barrier)
	}
	for _, parent := range relocated {
		if h.account.barrier(filepath.Dir(parent)) != "" || os.MkdirAll(parent, 0o755) != nil {
			continue
		}
		root, err := os.MkdirTemp(parent, "umkmbot-"+filepath.Base(h.dir)+"-")
		if err != nil {
			continue
		}
		if err := os.Chmod(root, 0o755); err != nil {
			return err
		}
		h.root = root
		return writeFile(filepath.Join(h.dir, movedTo), []byte(root+"\n"), 0o644)
	}
	return fmt.Errorf("data folder %s: the user %s, whom the servers run as, may not enter %s: choose another folder, such as one under /var/lib",
		h.dir, h.account.name, barrier)
}

// password returns the one both servers ask on their ports, made at first use.
// It keeps other users of the machine out, and us from writing into the server
// of another folder by mistake.
func (h *home) password() (string, error) {
	path := filepath.Join(h.root, "password")
	raw, err := os.ReadFile(path)
	if text := strings.TrimSpace(string(raw)); err == nil && isHex(text) {
		return text, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	secret := make([]byte, 16)
	if _, err := rand.Read(secret); err != nil {
		return "", err
	}
	text := hex.EncodeToString(secret)
	return text, writeFile(path, []byte(text+"\n"), 0o600)
}

func isHex(text string) bool {
	raw, err := hex.DecodeString(text)
	return err == nil && len(raw) == 16
}

// dataMajor is the version of Postgres that made the data, 0 without data.
func (h *home) dataMajor() (int, error) {
	raw, err := os.ReadFile(filepath.Join(h.postgresDir(), "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(raw)))
	if err != nil {
		return 0, fmt.Errorf("%s is no data folder of PostgreSQL: %w", h.postgresDir(), err)
	}
	return major, nil
}

func (h *home) loadState() {
	raw, err := os.ReadFile(h.statePath())
	if err != nil || json.Unmarshal(raw, &h.state) != nil {
		h.state = state{}
	}
}

func (h *home) saveState() error {
	raw, err := json.Marshal(h.state)
	if err != nil {
		return err
	}
	return writeFile(h.statePath(), raw, 0o644)
}

func (h *home) close() error { return h.lock.Close() }

// writeFile replaces a file whole or not at all.
func writeFile(path string, content []byte, mode fs.FileMode) error {
	side := path + ".new"
	if err := os.WriteFile(side, content, mode); err != nil {
		return err
	}
	return os.Rename(side, path)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
