package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
)

// ErrInUse tells that another running program holds the folder.
var ErrInUse = errors.New("in use")

// lockWait covers a predecessor that was killed this instant and is still being
// taken apart by the system.
const lockWait = time.Second

// lock takes the file's advisory lock, which the system lets go of when the
// program ends in whatever way, and writes our pid into it for people to read.
// Children do not inherit it (close on exec), so it tells the life of the
// program, not of its servers.
func lock(ctx context.Context, path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	wait, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	err = until(wait, func() (bool, error) {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR) {
			return false, nil
		}
		return err == nil, err
	})
	if err == nil {
		err = writePID(file)
	} else if wait.Err() != nil && ctx.Err() == nil {
		holder, _ := os.ReadFile(path) // only for the message
		err = fmt.Errorf("%w by process %s", ErrInUse, strings.TrimSpace(string(holder)))
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func writePID(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := fmt.Fprintln(file, os.Getpid())
	return err
}
