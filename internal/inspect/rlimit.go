//go:build linux || darwin

package inspect

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
)

// cpuSeconds ends a child whose parent died before it could.
const cpuSeconds = 60

// limitProcess bounds writable memory (RLIMIT_DATA; RLIMIT_AS would count the
// addresses that Go only reserves), processor time, and files: a child opens
// none.
func limitProcess(memory int64) error {
	for _, l := range []struct {
		what int
		most uint64
	}{
		{syscall.RLIMIT_DATA, uint64(memory)},
		{syscall.RLIMIT_CPU, cpuSeconds},
		{syscall.RLIMIT_CORE, 0},
		{syscall.RLIMIT_FSIZE, 0},
		{syscall.RLIMIT_NOFILE, 16},
	} {
		if err := syscall.Setrlimit(l.what, &syscall.Rlimit{Cur: l.most, Max: l.most}); err != nil {
			return fmt.Errorf("limit %d: %w", l.what, err)
		}
	}
	return nil
}

// keepFiles keeps from children what this program itself was started with.
// Files that Go opens never reach them.
func keepFiles() {
	files, err := os.ReadDir("/dev/fd")
	if err != nil {
		return
	}
	for _, f := range files {
		if n, err := strconv.Atoi(f.Name()); err == nil && n > 2 {
			syscall.CloseOnExec(n)
		}
	}
}
