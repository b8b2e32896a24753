package embedded

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// accountNames are tried in order when the program runs as root: initdb and
// postgres refuse root. nobody is for Redis alone on a machine without Postgres.
var accountNames = []string{"postgres", "_postgres", "redis", "nobody"}

// account is the system user the servers run as. The zero value means: as the
// program itself.
type account struct {
	name   string
	uid    uint32
	gid    uint32
	groups []uint32
	drop   bool
}

// chooseAccount drops root to the owner of existing data (so that `sudo make
// demo` goes on with what `make demo` made), else to the first known name.
func chooseAccount(existing ...string) (account, error) {
	if os.Geteuid() != 0 {
		return account{}, nil
	}
	for _, path := range existing {
		if uid, gid, ok := ownerOf(path); ok && uid != 0 {
			return account{name: "uid " + strconv.Itoa(int(uid)), uid: uid, gid: gid, drop: true}, nil
		}
	}
	for _, name := range accountNames {
		if u, err := user.Lookup(name); err == nil {
			return accountOf(u)
		}
	}
	return account{}, fmt.Errorf("running as root needs a user %q for the database servers to run as: useradd --system postgres", accountNames[0])
}

func accountOf(u *user.User) (account, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("user %s: uid: %w", u.Username, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("user %s: gid: %w", u.Username, err)
	}
	return account{name: u.Username, uid: uint32(uid), gid: uint32(gid), groups: groupsOf(u), drop: true}, nil
}

// groupsOf leaves out what cannot be read: fewer groups only mean fewer rights
// (ssl-cert, for one, is not needed here).
func groupsOf(u *user.User) []uint32 {
	ids, err := u.GroupIds()
	if err != nil {
		return nil
	}
	var groups []uint32
	for _, id := range ids {
		if n, err := strconv.ParseUint(id, 10, 32); err == nil {
			groups = append(groups, uint32(n))
		}
	}
	return groups
}

// dress makes cmd run as the account.
func (a account) dress(cmd *exec.Cmd) {
	if a.drop {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid, Groups: a.groups}
	}
}

// own creates a folder private to the account.
func (a account) own(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	return a.take(path)
}

// take hands an existing file or folder to the account.
func (a account) take(path string) error {
	if !a.drop {
		return nil
	}
	return os.Lchown(path, int(a.uid), int(a.gid))
}

// barrier returns the first folder on the way to path (itself included) that
// the account may not enter, or "". Access lists are not read: permission bits
// decide.
func (a account) barrier(path string) string {
	if !a.drop {
		return ""
	}
	for _, dir := range parents(path) {
		info, err := os.Stat(dir)
		if err != nil || !a.mayEnter(info) {
			return dir
		}
	}
	return ""
}

func (a account) mayEnter(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || a.uid == 0 {
		return true
	}
	mode := info.Mode().Perm()
	switch {
	case stat.Uid == a.uid:
		return mode&0o100 != 0
	case stat.Gid == a.gid || slices.Contains(a.groups, stat.Gid):
		return mode&0o010 != 0
	default:
		return mode&0o001 != 0
	}
}

// parents lists "/", … , path, outermost first.
func parents(path string) []string {
	var dirs []string
	for dir := filepath.Clean(path); ; dir = filepath.Dir(dir) {
		dirs = append(dirs, dir)
		if dir == filepath.Dir(dir) {
			slices.Reverse(dirs)
			return dirs
		}
	}
}

func ownerOf(path string) (uid, gid uint32, ok bool) {
	info, err := os.Lstat(path)
	if err != nil {
		return 0, 0, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, false
	}
	return stat.Uid, stat.Gid, true
}

// cleanEnv keeps PG* and LC_* settings of the caller away from the servers:
// PGPORT or a missing locale would change what they do. (On macOS an unset
// LC_ALL even stops Postgres: "postmaster became multithreaded".)
func cleanEnv(home string) []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "LC_ALL=C", "TZ=UTC"}
}
