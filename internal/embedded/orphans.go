package embedded

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"syscall"
)

// server is a running Postgres or Redis process, a backend included.
type server struct{ pid, parent int }

func isServerName(comm string) bool {
	return comm == "postgres" || slices.Contains(redisNames, comm)
}

// stopOrphans ends the servers that an earlier, killed program left in dirs and
// says how many processes there were. The caller holds the folder's lock, so
// whatever runs there is nobody's. SIGINT is a fast shutdown to both servers;
// SIGQUIT an immediate one to Postgres.
func stopOrphans(ctx context.Context, dirs ...string) (int, error) {
	first, err := serversIn(dirs...)
	if err != nil || len(first) == 0 {
		return 0, err
	}
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL} {
		gone, err := signalServers(ctx, sig, dirs)
		if err != nil {
			return 0, fmt.Errorf("stop servers left behind in %q: %w", dirs, err)
		}
		if gone {
			return len(first), nil
		}
	}
	return 0, fmt.Errorf("servers left behind in %q do not end", dirs)
}

// signalServers signals those in dirs and waits at most grace for all to end.
// Only the last signal goes to backends too: they follow their postmaster, and
// to some of them SIGINT means something else.
func signalServers(ctx context.Context, sig syscall.Signal, dirs []string) (gone bool, err error) {
	found, err := serversIn(dirs...)
	if err != nil {
		return false, err
	}
	for _, s := range found {
		child := slices.ContainsFunc(found, func(other server) bool { return other.pid == s.parent })
		if child && sig != syscall.SIGKILL {
			continue
		}
		if err := syscall.Kill(s.pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
			return false, fmt.Errorf("process %d: %w", s.pid, err)
		}
	}
	return waitGone(ctx, dirs)
}

var errGrace = errors.New("still running")

func waitGone(ctx context.Context, dirs []string) (bool, error) {
	wait, cancel := context.WithTimeoutCause(ctx, grace, errGrace)
	defer cancel()
	err := until(wait, func() (bool, error) {
		left, err := serversIn(dirs...)
		return len(left) == 0, err
	})
	if errors.Is(err, errGrace) {
		return false, nil
	}
	return err == nil, err
}
