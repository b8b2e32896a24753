package simulator

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// storedFile is a file the bot or a person sent. The same bytes sent twice are
// two files with one unique id.
type storedFile struct {
	ID     string `json:"id"` // file_id
	Unique string `json:"unique"`
	Kind   string `json:"kind"` // the content's field: photo, document …
	Path   string `json:"path"` // file_path
	Hash   string `json:"hash"` // where the bytes are
	Size   int64  `json:"size"`
	Mime   string `json:"mime,omitempty"`
	// Content is the value of the message field that shows the file, so that
	// it can be sent again by its id.
	Content json.RawMessage `json:"content,omitempty"`
}

type fileRecord struct {
	storedFile
}

// fileStore keeps files, their bytes in memory or in a folder.
type fileStore struct {
	dir string // "" keeps the bytes in memory

	mu     sync.RWMutex
	byID   map[string]*storedFile
	byPath map[string]*storedFile
	data   map[string][]byte
	count  int
}

func newFileStore() *fileStore {
	return &fileStore{byID: map[string]*storedFile{}, byPath: map[string]*storedFile{}, data: map[string][]byte{}}
}

// idPrefix makes file ids begin as Telegram's do for the same kinds.
var idPrefix = map[string]string{
	kindPhoto: "AgACAgUAAxkBAA", kindDocument: "BQACAgUAAxkBAA", "voice": "AwACAgUAAxkBAA", "sticker": "CAACAgUAAxkBAA",
	"video": "BAACAgUAAxkBAA", "animation": "CgACAgUAAxkBAA", "audio": "CQACAgUAAxkBAA",
}

// folder is where files of a kind lie, as file_path shows it.
var folder = map[string]string{
	kindPhoto: "photos", kindDocument: "documents", "voice": "voice", "sticker": "stickers", "video": "videos",
	"animation": "animations", "audio": "music",
}

// put stores bytes as a new file of a kind; ext begins with a dot or is "".
func (t *fileStore) put(kind, ext string, data []byte) (*storedFile, error) {
	sum := sha256.Sum256(data)
	hash := fmt.Sprintf("%x", sum)
	if err := t.keep(hash, data); err != nil {
		return nil, err
	}
	kindSum := sha256.Sum256(append([]byte(kind), sum[:]...))
	t.mu.Lock()
	defer t.mu.Unlock()
	f := &storedFile{
		ID:     idPrefix[kind] + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%016x", randomID())) + "AE2BA",
		Unique: "AQAD" + base64.RawURLEncoding.EncodeToString(kindSum[:9]),
		Kind:   kind, Hash: hash, Size: int64(len(data)),
	}
	f.Path = fmt.Sprintf("%s/file_%d%s", folder[kind], t.count, ext)
	t.count++
	return f, nil
}

// add makes a file known by its id and path, once it is described in full.
func (t *fileStore) add(f *storedFile) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.byID[f.ID], t.byPath[f.Path] = f, f
}

func (t *fileStore) apply(r *fileRecord) {
	t.add(&r.storedFile)
	t.count++
}

func (t *fileStore) find(id string) *storedFile {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.byID[id]
}

func (t *fileStore) findPath(path string) *storedFile {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.byPath[path]
}

func (t *fileStore) records() []record {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var list []record
	for _, f := range t.byID {
		list = append(list, record{File: &fileRecord{*f}})
	}
	return list
}

// keep stores bytes under their hash, once.
func (t *fileStore) keep(hash string, data []byte) error {
	if t.dir == "" {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.data[hash] = data
		return nil
	}
	path := filepath.Join(t.dir, hash)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	part, err := os.CreateTemp(t.dir, "part-*")
	if err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	_, wrote := part.Write(data)
	if err := errors.Join(wrote, part.Close(), os.Rename(part.Name(), path)); err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	return nil
}

// read gives a file's bytes.
func (t *fileStore) read(f *storedFile) ([]byte, error) {
	if t.dir != "" {
		data, err := os.ReadFile(filepath.Join(t.dir, f.Hash))
		if err != nil {
			return nil, fmt.Errorf("read a file: %w", err)
		}
		return data, nil
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	data, kept := t.data[f.Hash]
	if !kept {
		return nil, fs.ErrNotExist
	}
	return data, nil
}
