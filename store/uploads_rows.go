package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
	"umkmbot/store/files"
)

// Purposes of keys: never renamed.
const (
	sealFile      = "file"
	indexFileHash = "file hash"
)

// fileNote is what a file's row keeps sealed.
type fileNote struct {
	Name  string     `json:"n,omitempty"`
	Hash  string     `json:"h,omitempty"`
	Found umkm.Found `json:"f,omitzero"`
}

func (s *Store) sealFile(id uuid.UUID, f umkm.StoredFile) ([]byte, error) {
	plain, err := json.Marshal(fileNote{Name: f.Name, Hash: f.Hash, Found: f.Found})
	if err != nil {
		return nil, fmt.Errorf("seal file: %w", err)
	}
	return s.keys.Seal(sealFile, id[:], plain), nil
}

const sqlStageFile = `
INSERT INTO files (id, account, state, scan, mime, size, pages, flaws, sealed, created_at)
VALUES ($1, $2, 'staged', '', '', 0, 0, '{}', $3, $4)`

// stage writes the row that goes before a file's object.
func (s *Store) stage(ctx context.Context, id uuid.UUID, up umkm.Upload) error {
	sealed, err := s.sealFile(id, umkm.StoredFile{Name: up.Name})
	if err != nil {
		return err
	}
	if _, err := s.pool.Exec(ctx, sqlStageFile, id, up.Account, sealed, s.now()); err != nil {
		return fmt.Errorf("stage file: %w", classify(err))
	}
	return nil
}

const sqlKeepFile = `
UPDATE files SET scan = $2, mime = $3, size = $4, pages = $5, flaws = $6, hash_index = $7, sealed = $8, kept_at = $9, key_id = $10
WHERE id = $1 AND state = 'staged'`

// keepRow makes a staged file one that can be used; one that the scanner has
// not seen gets its job at once.
func (s *Store) keepRow(ctx context.Context, id uuid.UUID, f umkm.StoredFile) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := s.fillRow(ctx, tx, id, f, sqlKeepFile); err != nil || f.Scan != umkm.ScanPending {
			return err
		}
		_, err := s.jobs.InsertTx(ctx, tx, umkm.ScanFile{File: f.ID}, &river.InsertOpts{
			Queue: umkm.FileQueue, ScheduledAt: s.now().Add(rescanSoonest),
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("record file: %w", classify(err))
	}
	return nil
}

func (s *Store) fillRow(ctx context.Context, tx pgx.Tx, id uuid.UUID, f umkm.StoredFile, sql string) error {
	sealed, err := s.sealFile(id, f)
	if err != nil {
		return err
	}
	flaws := f.Flaws
	if flaws == nil {
		flaws = []string{}
	}
	key, err := s.indexKey(ctx, tx)
	if err != nil {
		return err
	}
	done, err := tx.Exec(ctx, sql, id, f.Scan, f.MIME, f.Size, f.Pages, flaws, key.blindIndex(indexFileHash, f.Hash), sealed, s.now(), s.keys.current.id)
	if err == nil && done.RowsAffected() != 1 {
		return umkm.ErrFileGone // swept meanwhile: its turn took over an hour
	}
	return err
}

const sqlDropFile = `DELETE FROM files WHERE id = $1 AND state = 'staged'`

// fileRow is a row of files.
type fileRow struct {
	ID        uuid.UUID
	State     string
	Scan      umkm.Scan
	MIME      string
	Size      int64
	Pages     int
	Flaws     []string
	Sealed    []byte
	CreatedAt time.Time
	KeptAt    *time.Time
}

const fileColumns = `id, state, scan, mime, size, pages, flaws, sealed, created_at, kept_at`

// usable: whole, and not known to be infected.
func (r fileRow) usable() bool { return r.KeptAt != nil && r.State != fileQuarantined }

// States of a file: staged, attached to a document, or in quarantine.
const (
	fileStaged      = "staged"
	fileAttached    = "attached"
	fileQuarantined = "quarantined"
)

func (s *Store) storedFile(r fileRow) (umkm.StoredFile, error) {
	plain, err := s.keys.Open(sealFile, r.ID[:], r.Sealed)
	if err != nil {
		return umkm.StoredFile{}, fmt.Errorf("open file's record: %w", err)
	}
	var t fileNote
	if err := json.Unmarshal(plain, &t); err != nil {
		return umkm.StoredFile{}, fmt.Errorf("read file's record: %w", err)
	}
	return umkm.StoredFile{
		ID: r.ID.String(), Name: t.Name, MIME: r.MIME, Size: r.Size, Pages: r.Pages,
		Hash: t.Hash, Flaws: r.Flaws, Found: t.Found, Scan: r.Scan,
	}, nil
}

const sqlFile = `SELECT ` + fileColumns + ` FROM files WHERE id = $1`

// fileRow reads one file's row; umkm.ErrFileGone when there is none.
func (s *Store) fileRow(ctx context.Context, id string) (fileRow, error) {
	key, err := uuid.Parse(id)
	if err != nil {
		return fileRow{}, umkm.ErrFileGone
	}
	rows, _ := s.pool.Query(ctx, sqlFile, key)
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[fileRow])
	if errors.Is(err, pgx.ErrNoRows) {
		return fileRow{}, umkm.ErrFileGone
	}
	if err != nil {
		return fileRow{}, fmt.Errorf("read file: %w", err)
	}
	return r, nil
}

// File gives what is known of a file, in quarantine or not; umkm.ErrFileGone
// when there is none.
func (s *Store) File(ctx context.Context, id string) (umkm.StoredFile, error) {
	r, err := s.fileRow(ctx, id)
	if err != nil {
		return umkm.StoredFile{}, err
	}
	return s.storedFile(r)
}

// OpenFile gives a file and its content, which must be closed and counts only
// when it was read to its end without an error. Whoever calls says who may see
// it. umkm.ErrFileGone: there is none, or it is in quarantine;
// umkm.ErrFileHeld: it waits for the scanner.
func (s *Store) OpenFile(ctx context.Context, id string) (umkm.StoredFile, io.ReadCloser, error) {
	if s.uploads.files == nil {
		return umkm.StoredFile{}, nil, errNoFiles
	}
	r, err := s.fileRow(ctx, id)
	switch {
	case err != nil:
		return umkm.StoredFile{}, nil, err
	case !r.usable():
		return umkm.StoredFile{}, nil, umkm.ErrFileGone
	case r.Scan == umkm.ScanPending:
		return umkm.StoredFile{}, nil, umkm.ErrFileHeld
	}
	file, err := s.storedFile(r)
	if err != nil {
		return umkm.StoredFile{}, nil, err
	}
	content, err := s.uploads.files.Open(ctx, objectKey(areaFiles, r.ID))
	if errors.Is(err, files.ErrNotFound) {
		return umkm.StoredFile{}, nil, umkm.ErrFileGone
	}
	if err != nil {
		return umkm.StoredFile{}, nil, fmt.Errorf("open file: %w", err)
	}
	return file, content, nil
}

const sqlSeenFile = `
SELECT d.kind, d.state FROM files f
JOIN document_files p ON p.file = f.id
JOIN documents d ON d.id = p.document
JOIN businesses b ON b.id = d.business
WHERE f.hash_index = ANY ($1) AND f.kept_at IS NOT NULL AND f.id <> $2
	AND (d.account = $3 OR EXISTS (SELECT FROM account_owners a WHERE a.account = $3 AND a.owner = b.owner))
ORDER BY d.submitted_at DESC, d.id DESC LIMIT 1`

// seenFile finds the newest document with the same content among those of the
// account and of the owners it acts for; nil: none.
func (s *Store) seenFile(ctx context.Context, account int64, id uuid.UUID, hash string) (*umkm.SeenFile, error) {
	rows, _ := s.pool.Query(ctx, sqlSeenFile, s.keys.BlindIndexes(indexFileHash, hash), id, account)
	seen, err := pgx.CollectExactlyOneRow(rows, pgx.RowToAddrOfStructByPos[umkm.SeenFile])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for the same file: %w", err)
	}
	return seen, nil
}
