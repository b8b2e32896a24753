package embeddedtest

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// guardScript waits until its standard input closes, which it does with the
// test process, however that ends; then it ends the servers in folder $1 (on
// Linux they are dying already) and removes the folder. A normal end has left
// it little or nothing to do. 100 rounds of 0.1 s are patience for a slow disk.
const guardScript = `
cat >/dev/null
n=0
while [ "$n" -lt 100 ]; do
	left=
	for file in "$1/postgres/postmaster.pid" "$1"/*/redis.pid "$1/pgbouncer/pgbouncer.pid"; do
		pid=$(head -n 1 "$file" 2>/dev/null) || continue
		kill -QUIT "$pid" 2>/dev/null && left=yes
	done
	[ -z "$left" ] && break
	n=$((n + 1))
	sleep 0.1
done
rm -rf "$1"
`

// folder is one for servers, with its guard.
type folder struct {
	path  string
	guard *exec.Cmd
	alive *os.File // the guard waits for its end
}

func newFolder() (*folder, error) {
	dir, err := os.MkdirTemp("", "umkmbot-test-")
	if err != nil {
		return nil, err
	}
	// As root the servers run as another user, who must get through.
	if err := os.Chmod(dir, 0o711); err != nil {
		return nil, err
	}
	f := &folder{path: dir}
	return f, f.watch()
}

// watch starts the shell. The pipe's write end stays open, unused, until
// release or the end of this process: closing it is the signal. The process
// keeps no other trace of the shell, so that the test command does not wait.
func (f *folder) watch() error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	defer read.Close()
	f.guard, f.alive = exec.Command("/bin/sh", "-c", guardScript, "umkmbot-test-guard", f.path), write
	f.guard.Stdin = read
	f.guard.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // Ctrl-C is not for it
	if err := f.guard.Start(); err != nil {
		return fmt.Errorf("start the guard of %s: %w", f.path, err)
	}
	return nil
}

// release has the guard remove the folder and waits for that.
func (f *folder) release() error {
	if err := f.alive.Close(); err != nil {
		return err
	}
	return f.guard.Wait()
}
