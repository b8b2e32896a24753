package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"

	"umkmbot/store/files"
)

// ErrOtherFiles: the place for files is another database's. The sweeper would
// take all that lies there for orphans.
var ErrOtherFiles = errors.New("store: the files there belong to another database")

// MarkKey is the object by which a place for files names its database; no
// sweeper looks there.
const MarkKey = "marks/database"

const (
	markFiles = "files"
	markSize  = 32
)

// CheckFiles says why files could not be kept. Database and place bear the
// same mark, made at the first call: ErrOtherFiles when they do not. nil when
// no place is set up.
func (s *Store) CheckFiles(ctx context.Context) error {
	if s.uploads.files == nil {
		return nil
	}
	if err := s.uploads.files.Check(ctx); err != nil {
		return err
	}
	want, err := s.filesMark(ctx)
	if err != nil {
		return err
	}
	have, err := readMark(ctx, s.uploads.files)
	if errors.Is(err, files.ErrNotFound) {
		err = writeMark(ctx, s.uploads.files, want)
		have = want
	}
	if err != nil {
		return fmt.Errorf("check files: %w", err)
	}
	if subtle.ConstantTimeCompare(have, want) != 1 {
		return ErrOtherFiles
	}
	return nil
}

// FilesReady says why files could not be kept at the moment; nil when no place
// is set up.
func (s *Store) FilesReady(ctx context.Context) error {
	if s.uploads.files == nil {
		return nil
	}
	return s.uploads.files.Check(ctx)
}

// filesMark is the database's, made where there is none.
func (s *Store) filesMark(ctx context.Context) ([]byte, error) {
	mark := make([]byte, markSize)
	_, _ = rand.Read(mark) // never fails
	if _, err := s.pool.Exec(ctx, sqlMarkKey, markFiles, mark); err != nil {
		return nil, fmt.Errorf("mark files: %w", err)
	}
	mark, err := s.keyMark(ctx, markFiles)
	if err != nil {
		return nil, fmt.Errorf("mark files: %w", err)
	}
	return mark, nil
}

func readMark(ctx context.Context, place files.Store) ([]byte, error) {
	r, err := place.Open(ctx, MarkKey)
	if err != nil {
		return nil, err
	}
	mark, err := io.ReadAll(io.LimitReader(r, 2*markSize))
	return mark, errors.Join(err, r.Close())
}

func writeMark(ctx context.Context, place files.Store, mark []byte) error {
	_, err := place.Put(ctx, MarkKey, bytes.NewReader(mark))
	return err
}
