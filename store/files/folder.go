package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Folder keeps objects as files: <root>/<area>/<name's first 4>/<next 2>/<name>.
// Names that begin with their time of making (UUIDv7) fill one inner folder in
// four and a half hours.
type Folder struct{ root string }

// tempPrefix begins the names of files that are being written.
const tempPrefix = ".tmp-"

// OpenFolder makes the folder where it does not exist.
func OpenFolder(root string) (*Folder, error) {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	return &Folder{root: root}, nil
}

func (f *Folder) path(key string) (string, error) {
	if err := CheckKey(key); err != nil {
		return "", err
	}
	area, name, _ := strings.Cut(key, "/")
	return filepath.Join(f.root, area, name[:4], name[4:shardLength], name), nil
}

// Put implements Store.
func (f *Folder) Put(ctx context.Context, key string, r io.Reader) (int64, error) {
	path, err := f.path(key)
	if err != nil {
		return 0, err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, fmt.Errorf("put: %w", err)
	}
	temp, err := os.CreateTemp(dir, tempPrefix)
	if err != nil {
		return 0, fmt.Errorf("put: %w", err)
	}
	in := &counted{ctx: ctx, r: r}
	if err := fill(temp, in); err != nil {
		return 0, errors.Join(fmt.Errorf("put: %w", err), os.Remove(temp.Name()))
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return 0, errors.Join(fmt.Errorf("put: %w", err), os.Remove(temp.Name()))
	}
	return in.n, syncFolder(dir)
}

// fill writes a file down to the disk and closes it.
func fill(file *os.File, r io.Reader) error {
	_, err := io.Copy(file, r)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// syncFolder brings names down to the disk: a rename alone may be lost with
// the power.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("files: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("files: %w", err)
	}
	return nil
}

// Open implements Store.
func (f *Folder) Open(_ context.Context, key string) (io.ReadCloser, error) {
	path, err := f.path(key)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return file, nil
}

// Move implements Store.
func (f *Folder) Move(_ context.Context, from, to string) error {
	source, err := f.path(from)
	if err != nil {
		return err
	}
	target, err := f.path(to)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return fmt.Errorf("move: %w", err)
	}
	err = os.Rename(source, target)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(target); err == nil {
			return nil
		}
		return ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("move: %w", err)
	}
	return errors.Join(syncFolder(filepath.Dir(target)), syncFolder(filepath.Dir(source)))
}

// Delete implements Store.
func (f *Folder) Delete(_ context.Context, key string) error {
	path, err := f.path(key)
	if err != nil {
		return err
	}
	err = os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	return syncFolder(filepath.Dir(path))
}

// Tidy takes away the folders of a key that hold nothing any more.
func (f *Folder) Tidy(key string) error {
	path, err := f.path(key)
	for dir := filepath.Dir(path); dir != f.root && err == nil; dir = filepath.Dir(dir) {
		err = os.Remove(dir)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) && !errors.Is(err, fs.ErrNotExist) { // fs.ErrExist: something lies there
		return fmt.Errorf("tidy: %w", err)
	}
	return nil
}

// Sweep implements Store.
func (f *Folder) Sweep(ctx context.Context, age time.Duration) (int, error) {
	before, n := time.Now().Add(-age), 0
	err := filepath.WalkDir(f.root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		if d.IsDir() || !strings.HasPrefix(d.Name(), tempPrefix) {
			return nil
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.ModTime().After(before) {
			return nil
		}
		if err != nil {
			return err
		}
		n++
		return os.Remove(path)
	})
	if err != nil {
		return n, fmt.Errorf("sweep: %w", err)
	}
	return n, nil
}

// Check implements Store.
func (f *Folder) Check(context.Context) error {
	temp, err := os.CreateTemp(f.root, tempPrefix)
	if err != nil {
		return fmt.Errorf("files: the folder cannot be written to: %w", err)
	}
	return errors.Join(temp.Close(), os.Remove(temp.Name()))
}
