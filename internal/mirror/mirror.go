// Package mirror keeps copies of a file store's objects for backups, under the
// hash of their content: each is copied once, however many backups name it, and
// none is changed by a later one.
package mirror

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"umkmbot/store/files"
)

// ErrHarmed: a copy is missing, or is not what it was.
var ErrHarmed = errors.New("mirror: a file is missing or harmed")

// Item is an object as it was when it was copied.
type Item struct {
	Hash string // SHA-256, in hex
	Size int64
	At   int64 // Unix nanoseconds: of the object, by its store's clock
	Key  string
}

// List is all that a backup holds, in the order of keys.
type List []Item

// Write writes a line an item.
func (l List) Write(w io.Writer) error {
	for _, i := range l {
		if _, err := fmt.Fprintf(w, "%s %d %d %s\n", i.Hash, i.Size, i.At, i.Key); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%d files\n", len(l))
	return err
}

var errList = errors.New("mirror: not a whole list of files")

// ReadList reads what Write wrote; a list that was cut short is refused.
func ReadList(r io.Reader) (List, error) {
	var l List
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if n, last := strings.CutSuffix(lines.Text(), " files"); last {
			if n != strconv.Itoa(len(l)) || lines.Scan() {
				return nil, errList
			}
			return l, nil
		}
		item, err := readItem(lines.Text())
		if err != nil {
			return nil, err
		}
		l = append(l, item)
	}
	return nil, errors.Join(errList, lines.Err())
}

func readItem(line string) (Item, error) {
	parts := strings.Split(line, " ")
	if len(parts) != 4 {
		return Item{}, errList
	}
	size, err1 := strconv.ParseInt(parts[1], 10, 64)
	at, err2 := strconv.ParseInt(parts[2], 10, 64)
	hash, err3 := hex.DecodeString(parts[0])
	if err := errors.Join(err1, err2, err3, files.CheckKey(parts[3])); err != nil || len(hash) != sha256.Size {
		return Item{}, errList
	}
	return Item{Hash: parts[0], Size: size, At: at, Key: parts[3]}, nil
}

// Folder is where copies lie: <folder>/<the hash's first 2>/<hash>.
type Folder string

func (f Folder) path(hash string) string { return filepath.Join(string(f), hash[:2], hash) }

// page is how many objects are listed at once.
const page = 500

// passing are objects that nobody misses: they are gone in a moment.
const passing = "probe/"

// Save copies every object that is not there yet. One that known has, of the
// same size and time, is not read again.
func (f Folder) Save(ctx context.Context, from files.Store, known List) (all List, copied int, err error) {
	before := make(map[string]Item, len(known))
	for _, i := range known {
		before[i.Key] = i
	}
	for after := ""; ; {
		objects, err := from.List(ctx, after, page)
		if err != nil {
			return nil, copied, err
		}
		if len(objects) == 0 {
			return all, copied, nil
		}
		after = objects[len(objects)-1].Key
		for _, o := range objects {
			item, anew, err := f.save(ctx, from, o, before[o.Key])
			switch {
			case errors.Is(err, files.ErrNotFound): // gone since it was listed
			case err != nil:
				return nil, copied, fmt.Errorf("%s: %w", o.Key, err)
			case item.Key != "":
				all = append(all, item)
			}
			if anew {
				copied++
			}
		}
	}
}

func (f Folder) save(ctx context.Context, from files.Store, o files.Object, before Item) (item Item, anew bool, err error) {
	if strings.HasPrefix(o.Key, passing) {
		return Item{}, false, nil
	}
	if before.Size == o.Size && before.At == o.At.UnixNano() && before.Key == o.Key {
		if s, err := os.Stat(f.path(before.Hash)); err == nil && s.Size() == o.Size {
			return before, false, nil
		}
	}
	content, err := from.Open(ctx, o.Key)
	if err != nil {
		return Item{}, false, err
	}
	hash, size, err := f.keep(content)
	if err := errors.Join(err, content.Close()); err != nil {
		return Item{}, false, err
	}
	return Item{Hash: hash, Size: size, At: o.At.UnixNano(), Key: o.Key}, true, nil
}

// keep writes a copy down to the disk before its name says that it is whole.
func (f Folder) keep(r io.Reader) (hash string, size int64, err error) {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return "", 0, err
	}
	temp, err := os.CreateTemp(string(f), ".tmp-")
	if err != nil {
		return "", 0, err
	}
	sum := sha256.New()
	size, err = io.Copy(io.MultiWriter(temp, sum), r)
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return "", 0, errors.Join(err, os.Remove(temp.Name()))
	}
	hash = hex.EncodeToString(sum.Sum(nil))
	if err := os.MkdirAll(filepath.Dir(f.path(hash)), 0o700); err != nil {
		return "", 0, errors.Join(err, os.Remove(temp.Name()))
	}
	return hash, size, os.Rename(temp.Name(), f.path(hash))
}

// Verify reads every copy of a list: ErrHarmed names the first that is not as
// it was.
func (f Folder) Verify(ctx context.Context, l List) error {
	for _, i := range l {
		if err := f.read(ctx, i, func(r io.Reader) error {
			_, err := io.Copy(io.Discard, r)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// Restore puts every object of a list back.
func (f Folder) Restore(ctx context.Context, to files.Store, l List) error {
	for _, i := range l {
		if err := f.read(ctx, i, func(r io.Reader) error {
			_, err := to.Put(ctx, i.Key, r)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// read gives a copy's content to use and ends with ErrHarmed when it is not
// what it was.
func (f Folder) read(ctx context.Context, i Item, use func(io.Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	file, err := os.Open(f.path(i.Hash))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s", ErrHarmed, i.Key)
	}
	if err != nil {
		return err
	}
	defer file.Close() // only read
	sum := sha256.New()
	if err := use(io.TeeReader(file, sum)); err != nil {
		return fmt.Errorf("%s: %w", i.Key, err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != i.Hash {
		return fmt.Errorf("%w: %s", ErrHarmed, i.Key)
	}
	return nil
}

// Prune removes copies that no list names, and what killed runs have left.
func (f Folder) Prune(ctx context.Context, kept []List) (removed int, err error) {
	named := map[string]bool{}
	for _, l := range kept {
		for _, i := range l {
			named[i.Hash] = true
		}
	}
	err = filepath.WalkDir(string(f), func(path string, d fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		if d.IsDir() || named[d.Name()] {
			return nil
		}
		removed++
		return os.Remove(path)
	})
	return removed, err
}
