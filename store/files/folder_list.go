package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// folderDepth is how many folders lie between the root and an object: area and
// two parts of the name.
const folderDepth = 3

// List implements Store. A folder's names, like all they begin with, sort as
// the keys do, so folders that end before after are not looked into.
func (f *Folder) List(ctx context.Context, after string, limit int) ([]Object, error) {
	l := lister{ctx: ctx, after: after, limit: limit}
	if err := l.walk(f.root, "", folderDepth); err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	return l.found, nil
}

type lister struct {
	ctx   context.Context
	after string
	limit int
	found []Object
}

// walk lists a folder, depth levels above the objects. begin is what the keys
// in it begin with.
func (l *lister) walk(dir, begin string, depth int) error {
	if len(l.found) >= l.limit || begin < l.after[:min(len(begin), len(l.after))] {
		return nil
	}
	if err := l.ctx.Err(); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if depth == 0 {
			if err := l.add(begin, e); err != nil {
				return err
			}
			continue
		}
		if !e.IsDir() {
			continue
		}
		inner := begin + e.Name()
		if depth == folderDepth {
			inner += "/"
		}
		if err := l.walk(filepath.Join(dir, e.Name()), inner, depth-1); err != nil {
			return err
		}
	}
	return nil
}

// add takes one object. begin holds the name's first letters, which the
// object's own name repeats.
func (l *lister) add(begin string, e fs.DirEntry) error {
	key := begin[:len(begin)-shardLength] + e.Name()
	if len(l.found) >= l.limit || key <= l.after || e.IsDir() || CheckKey(key) != nil {
		return nil
	}
	info, err := e.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	l.found = append(l.found, Object{Key: key, Size: info.Size(), At: info.ModTime()})
	return nil
}

// shardLength is how much of a name its folders repeat.
const shardLength = 6
