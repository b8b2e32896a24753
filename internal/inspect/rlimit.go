//go:build linux || darwin

package inspect

import (
	"fmt"
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
