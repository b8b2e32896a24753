package embedded

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// dieWithParent has the kernel send sig to the child when the thread that
// starts it ends: also after a kill -9, which nothing else can answer.
func dieWithParent(attr *syscall.SysProcAttr, sig syscall.Signal) {
	attr.Pdeathsig = sig
}

// serversIn lists the servers whose working folder is one of dirs. Both
// Postgres and Redis change into their data folder, and unlike a number in a
// pid file this cannot mean somebody else's process that got the number later.
func serversIn(dirs ...string) ([]server, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	var found []server
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		proc := filepath.Join("/proc", entry.Name())
		cwd, err := os.Readlink(filepath.Join(proc, "cwd"))
		if err != nil || !slices.Contains(dirs, strings.TrimSuffix(cwd, " (deleted)")) {
			continue
		}
		stat, err := os.ReadFile(filepath.Join(proc, "stat"))
		if err != nil {
			continue // gone meanwhile
		}
		if name, parent := parseStat(string(stat)); isServerName(name) {
			found = append(found, server{pid: pid, parent: parent})
		}
	}
	return found, nil
}

// parseStat reads "pid (name) state parent …" of proc(5); the name may hold
// spaces and brackets.
func parseStat(stat string) (name string, parent int) {
	open, end := strings.IndexByte(stat, '('), strings.LastIndexByte(stat, ')')
	if open < 0 || end < open {
		return "", 0
	}
	fields := strings.Fields(stat[end+1:])
	if len(fields) < 2 {
		return "", 0
	}
	parent, err := strconv.Atoi(fields[1])
	if err != nil {
		return "", 0
	}
	return stat[open+1 : end], parent
}
