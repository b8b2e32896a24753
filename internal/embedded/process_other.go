//go:build !linux

package embedded

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// dieWithParent does nothing: only Linux can do that. The next Start stops what
// a killed program left.
func dieWithParent(*syscall.SysProcAttr, syscall.Signal) {}

// serversIn lists the servers whose working folder is one of dirs, from lsof,
// which macOS has.
func serversIn(dirs ...string) ([]server, error) {
	out, err := exec.Command("lsof", "-nP", "-w", "-a", "-d", "cwd", "-c", "postgres", "-c", "redis-server", "-c", "valkey-server", "-F", "pRn").Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) { // lsof exits with 1 when it found none
		return nil, err
	}
	err = nil
	var (
		found []server
		one   server
	)
	for line := range strings.Lines(string(out)) {
		value := strings.TrimSpace(line[1:])
		switch line[0] {
		case 'p':
			one.pid, err = strconv.Atoi(value)
		case 'R':
			one.parent, err = strconv.Atoi(value)
		case 'n':
			if slices.Contains(dirs, value) && !slices.Contains(found, one) {
				found = append(found, one)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("lsof: %w", err)
		}
	}
	return found, nil
}
