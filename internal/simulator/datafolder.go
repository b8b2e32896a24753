package simulator

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// openData takes the folder, reads the state kept there and begins a new file.
func (s *Server) openData(dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, "files"), 0o700); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open the lock: %w", err)
	}
	if err := takeLock(lock); err != nil {
		return errors.Join(fmt.Errorf("another simulator uses the folder: %w", err), lock.Close())
	}
	s.files.dir = filepath.Join(dir, "files")
	s.journal, err = s.openState(&journal{dir: dir, lock: lock})
	if err != nil {
		return errors.Join(err, lock.Close())
	}
	return nil
}

// openState reads the newest state file and goes on in it, or in a new one
// when more than half of it is out of date.
func (s *Server) openState(j *journal) (*journal, error) {
	series, err := stateFiles(j.dir)
	if err != nil {
		return nil, err
	}
	if len(series) == 0 {
		return j, s.rewrite(j)
	}
	j.serie = series[len(series)-1]
	for _, old := range series[:len(series)-1] { // left by a process killed while it switched
		if err := os.Remove(stateFile(j.dir, old)); err != nil {
			return nil, fmt.Errorf("remove an old state: %w", err)
		}
	}
	path := stateFile(j.dir, j.serie)
	lines, size, err := s.readState(path)
	if err != nil {
		return nil, err
	}
	live := s.liveRecords()
	if lines > 2*live+10_000 {
		return j, s.rewrite(j)
	}
	if j.file, err = os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0o600); err != nil {
		return nil, fmt.Errorf("open the state: %w", err)
	}
	// What follows the last whole line was never answered for.
	if err := j.file.Truncate(size); err != nil {
		return nil, errors.Join(fmt.Errorf("cut the state: %w", err), j.file.Close())
	}
	j.size, j.base = size, size*int64(min(live, lines))/int64(max(lines, 1))
	return j, nil
}

// liveRecords is about how many records the state would be written in.
func (s *Server) liveRecords() int {
	n := len(s.dir.people) + len(s.dir.chats) + len(s.files.byID) + s.queue.Stats().Pending
	for _, c := range s.dir.chats {
		n += len(c.messages)
	}
	return n
}

// lockWait is how long a folder may stay taken by a simulator that was just
// killed: the system needs a moment to clear a large one away.
const lockWait = 3 * time.Second

func takeLock(lock *os.File) error {
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	late := time.NewTimer(lockWait)
	defer late.Stop()
	for {
		err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return nil
		}
		select {
		case <-again.C:
		case <-late.C:
			return err
		}
	}
}

func stateFile(dir string, serie int) string {
	return filepath.Join(dir, fmt.Sprintf("state-%d.jsonl", serie))
}

// stateFiles lists the numbers of the state files, rising.
func stateFiles(dir string) ([]int, error) {
	names, err := filepath.Glob(filepath.Join(dir, "state-*.jsonl"))
	if err != nil {
		return nil, fmt.Errorf("list state files: %w", err)
	}
	found := map[int64]bool{}
	for _, name := range names {
		digits := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(name), "state-"), ".jsonl")
		if n, err := strconv.Atoi(digits); err == nil {
			found[int64(n)] = true
		}
	}
	var series []int
	for _, n := range sortedKeys(found) {
		series = append(series, int(n))
	}
	return series, nil
}

// readState repeats a file's records and tells how many there are and how many
// bytes they take. A last line without its end is passed over.
func (s *Server) readState(path string) (lines int, size int64, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, 0, fmt.Errorf("open the state: %w", err)
	}
	defer file.Close()
	for in := bufio.NewReaderSize(file, 1<<20); ; lines++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return lines, size, nil
		}
		if err != nil {
			return 0, 0, fmt.Errorf("read the state: %w", err)
		}
		var r record
		if err := json.Unmarshal(line, &r); err != nil {
			return 0, 0, fmt.Errorf("read the state, line %d: %w", lines+1, err)
		}
		s.apply(&r)
		size += int64(len(line))
	}
}
