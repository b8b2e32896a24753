package embedded

import (
	"bytes"
	"fmt"
	"os"
	"strings"
)

// longestLog is the size in bytes at which a server's log is put aside.
const longestLog = 10 << 20

// logFile is a server's log from where this run's part begins.
type logFile struct {
	file *os.File
	mark int64
}

// openLog appends to the log, or begins a new one when it grew too long.
func openLog(path string) (logFile, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > longestLog {
		if err := os.Rename(path, path+".old"); err != nil {
			return logFile{}, err
		}
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return logFile{}, err
	}
	info, err := file.Stat()
	if err != nil {
		return logFile{}, err
	}
	return logFile{file: file, mark: info.Size()}, nil
}

// close lets go of our side; the server has its own.
func (l logFile) close() { _ = l.file.Close() }

// explain adds to err what the server said in this run: the first line that
// holds one of the marks, else its last; and errTaken when that is the matter.
func (l logFile) explain(err error, marks ...string) error {
	raw, readErr := os.ReadFile(l.file.Name())
	if readErr != nil || int64(len(raw)) <= l.mark {
		return err
	}
	raw = raw[l.mark:]
	if bytes.Contains(raw, []byte("Address already in use")) {
		return errTaken
	}
	for line := range strings.Lines(string(raw)) {
		for _, mark := range marks {
			if strings.Contains(line, mark) {
				return fmt.Errorf("%w: %s", err, strings.TrimSpace(line))
			}
		}
	}
	return fmt.Errorf("%w: %s", err, lastLine(raw))
}

func lastLine(text []byte) string {
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return string(bytes.TrimSpace(lines[len(lines)-1]))
}
