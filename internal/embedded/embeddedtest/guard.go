package embeddedtest

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
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
	for file in "$1/postgres/postmaster.pid" "$1/redis/redis.pid"; do
		pid=$(head -n 1 "$file" 2>/dev/null) || continue
		kill -QUIT "$pid" 2>/dev/null && left=yes
	done
	[ -z "$left" ] && break
	n=$((n + 1))
	sleep 0.1
done
rm -rf "$1"
`

// held keeps the write ends of the guards' pipes from being collected and
// thereby closed.
var held struct {
	sync.Mutex
	ends []*os.File
}

// newFolder makes a folder for servers and sets its guard.
func newFolder() (string, error) {
	dir, err := os.MkdirTemp("", "umkmbot-test-")
	if err != nil {
		return "", err
	}
	// As root the servers run as another user, who must get through.
	if err := os.Chmod(dir, 0o711); err != nil {
		return "", err
	}
	return dir, guard(dir)
}

// guard starts the watching shell. The pipe's write end stays open, unused,
// until this process is gone: closing it is the signal.
func guard(dir string) error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	defer read.Close()
	cmd := exec.Command("/bin/sh", "-c", guardScript, "umkmbot-test-guard", dir)
	cmd.Stdin = read
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // Ctrl-C is not for it
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the guard of %s: %w", dir, err)
	}
	held.Lock()
	defer held.Unlock()
	held.ends = append(held.ends, write)
	return nil
}
