package simulator

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"

	"umkmbot/internal/simulator/delivery"
	"umkmbot/internal/simulator/limits"
)

// compactAfter is how much a state file may grow beyond what it held when it
// was written before it is written anew.
const compactAfter = 64 << 20

// journal is the state file: what the state was when the file was begun, then
// every change, one JSON record a line. A record reaches the file before the
// call that made it is answered, so a killed process loses nothing it told
// anyone. A nil journal keeps nothing.
type journal struct {
	dir  string
	lock *os.File

	mu    sync.Mutex
	file  *os.File
	serie int   // the file's number
	size  int64 // bytes written
	base  int64 // size when it was begun
	also  []byte
	tee   bool // records are also collected for the file being prepared
	held  map[int64][]byte
	err   error
}

// record is one change of the state. One field is set.
type record struct {
	Person   *personRecord    `json:"person,omitempty"`
	People   *peopleRecord    `json:"people,omitempty"`
	Chat     *chatRecord      `json:"chat,omitempty"`
	Message  *messageRecord   `json:"message,omitempty"`
	Delete   *deleteRecord    `json:"delete,omitempty"`
	Answer   *answerRecord    `json:"answer,omitempty"`
	Tap      *tap             `json:"tap,omitempty"`
	File     *fileRecord      `json:"file,omitempty"`
	Commands *commandsRecord  `json:"commands,omitempty"`
	Menu     *menuRecord      `json:"menu,omitempty"`
	Update   *delivery.Record `json:"update,omitempty"`
	Queue    *delivery.State  `json:"queue,omitempty"`
	Clock    *int64           `json:"clock,omitempty"` // nanoseconds ahead
	Limits   *limits.Settings `json:"limits,omitempty"`
	Next     *nextRecord      `json:"next,omitempty"`
}

// append writes a record. An error is kept and fails every later call.
func (j *journal) append(r record) {
	if j == nil {
		return
	}
	line, err := json.Marshal(r)
	j.mu.Lock()
	defer j.mu.Unlock()
	if err != nil && j.err == nil {
		j.err = fmt.Errorf("write a record: %w", err)
	}
	line = append(line, '\n')
	chat, isUpdate := r.about()
	before, held := j.held[chat]
	switch {
	case held && isUpdate:
		delete(j.held, chat)
		j.write(append(before, line...))
	case held:
		j.held[chat] = append(before, line...)
	default:
		j.write(line)
	}
}

// about tells which chat a record changes, 0 if none, and whether it is a new
// update.
func (r *record) about() (chat int64, isUpdate bool) {
	switch {
	case r.Message != nil:
		return r.Message.Chat, false
	case r.Chat != nil:
		return r.Chat.ID, false
	case r.Update != nil && r.Update.Add != nil:
		return r.Update.Add.Chat, true
	}
	return 0, false
}

// hold keeps the records of a chat back until the update that belongs to them
// is written, all at once: a message whose update was lost would stay
// unanswered for ever. The caller holds the chat's lock and calls release.
func (j *journal) hold(chat int64) {
	if j == nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.held == nil {
		j.held = map[int64][]byte{}
	}
	j.held[chat] = nil
}

// release writes what is still held back, there having been no update.
func (j *journal) release(chat int64) {
	if j == nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if before, held := j.held[chat]; held {
		delete(j.held, chat)
		j.write(before)
	}
}

// write writes lines. The caller holds the lock.
func (j *journal) write(lines []byte) {
	if j.err != nil || len(lines) == 0 {
		return
	}
	if _, err := j.file.Write(lines); err != nil {
		j.err = fmt.Errorf("write a record: %w", err)
		return
	}
	j.size += int64(len(lines))
	if j.tee {
		j.also = append(j.also, lines...)
	}
}

func (j *journal) failed() bool {
	if j == nil {
		return false
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.err != nil
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	err := errors.Join(j.file.Sync(), j.file.Close(), j.lock.Close())
	j.err = errors.Join(j.err, os.ErrClosed)
	return err
}

// grown tells whether the file is due to be written anew.
func (j *journal) grown() bool {
	if j == nil {
		return false
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.err == nil && !j.tee && j.size > 2*j.base+compactAfter
}

// rewrite writes the state as it is into a new file and goes on there. The
// caller holds the world, so that only the queue may change meanwhile; its
// records may be repeated over its snapshot.
func (s *Server) rewrite(j *journal) error {
	j.mu.Lock()
	j.tee, j.also = true, nil
	j.mu.Unlock()
	next := stateFile(j.dir, j.serie+1)
	file, err := os.OpenFile(next+".new", os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("begin a state file: %w", err)
	}
	out := bufio.NewWriterSize(file, 1<<20)
	err = s.writeState(json.NewEncoder(out))
	j.mu.Lock()
	defer j.mu.Unlock()
	j.tee = false
	_, wrote := out.Write(j.also)
	if err := errors.Join(err, wrote, out.Flush(), file.Sync(), os.Rename(next+".new", next)); err != nil {
		return errors.Join(fmt.Errorf("write a state file: %w", err), file.Close())
	}
	return j.switchTo(file)
}

// switchTo goes on in a new file and removes the old one.
func (j *journal) switchTo(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("measure a state file: %w", err)
	}
	if j.file != nil {
		if err := j.file.Close(); err != nil {
			return fmt.Errorf("close a state file: %w", err)
		}
	}
	old := stateFile(j.dir, j.serie)
	j.file, j.serie, j.size, j.base, j.also = file, j.serie+1, info.Size(), info.Size(), nil
	if err := os.Remove(old); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove a state file: %w", err)
	}
	return nil
}

// maybeCompact writes the state anew when its file has grown long.
func (s *Server) maybeCompact() {
	if !s.journal.grown() {
		return
	}
	s.world.Lock()
	defer s.world.Unlock()
	if !s.journal.grown() {
		return
	}
	if err := s.rewrite(s.journal); err != nil {
		s.log.Error("simulator: writing the state anew failed; the old file goes on", "error", err.Error())
	}
}
