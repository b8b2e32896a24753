package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
	"umkmbot/store/files"
)

// A file that waits for the scanner is tried again when half as much time as
// it has waited is over, within these bounds.
const (
	rescanSoonest = 15 * time.Second
	rescanLatest  = 30 * time.Minute
)

// scanNew scans a file just received, while its sender waits.
func (s *Store) scanNew(ctx context.Context, id uuid.UUID) umkm.Scan {
	ctx, cancel := context.WithTimeout(ctx, scanLimit)
	defer cancel()
	scan, err := s.scan(ctx, id)
	if err != nil {
		s.uploads.counts.unscanned.Add(1)
		s.log.WarnContext(ctx, "files: the virus scanner gives no verdict; the file waits", "file", id, "error", err)
		return umkm.ScanPending
	}
	return scan
}

// scan asks the scanner about what is kept.
func (s *Store) scan(ctx context.Context, id uuid.UUID) (umkm.Scan, error) {
	if s.uploads.scanner == nil {
		return umkm.ScanNone, nil
	}
	content, err := s.uploads.files.Open(ctx, objectKey(areaFiles, id))
	if err != nil {
		return umkm.ScanPending, fmt.Errorf("scan: %w", err)
	}
	defer content.Close() // only read
	infected, name, err := s.uploads.scanner.Scan(ctx, content)
	if err != nil {
		return umkm.ScanPending, fmt.Errorf("scan: %w", err)
	}
	if infected {
		s.uploads.counts.infected.Add(1)
		s.log.WarnContext(ctx, "files: a virus was found; the file is in quarantine", "file", id, "virus", name)
		return umkm.ScanInfected, nil
	}
	return umkm.ScanClean, nil
}

const sqlQuarantineFile = `
UPDATE files SET state = 'quarantined', scan = $2, mime = $3, size = $4, pages = $5, flaws = $6, hash_index = $7, sealed = $8, kept_at = $9, key_id = $10
WHERE id = $1 AND state = 'staged'`

// quarantine puts a file away that was found infected at once. The row says so
// before the object is moved: a kill in between leaves that to the sweeper.
func (s *Store) quarantine(ctx context.Context, id uuid.UUID, f umkm.StoredFile) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return s.fillRow(ctx, tx, id, f, sqlQuarantineFile) })
	if err != nil {
		return fmt.Errorf("quarantine: %w", classify(err))
	}
	s.lockAway(ctx, id)
	return nil
}

// lockAway moves an infected file's object.
func (s *Store) lockAway(ctx context.Context, id uuid.UUID) {
	if err := s.uploads.files.Move(ctx, objectKey(areaFiles, id), objectKey(areaQuarantine, id)); err != nil {
		s.log.WarnContext(ctx, "files: moving into quarantine is left to the sweeper", "file", id, "error", err)
	}
}

// ScanFile scans a file that waits for it. While there is no verdict the file
// stays held, and again says when to try next.
func (s *Store) ScanFile(ctx context.Context, job umkm.ScanFile) (again time.Time, err error) {
	r, err := s.fileRow(ctx, job.File)
	if errors.Is(err, umkm.ErrFileGone) || err == nil && r.Scan != umkm.ScanPending {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	if s.uploads.files == nil {
		return time.Time{}, errNoFiles
	}
	scan, err := s.scan(ctx, r.ID)
	if err != nil {
		if errors.Is(err, files.ErrNotFound) {
			s.uploads.counts.missing.Add(1)
		}
		s.log.WarnContext(ctx, "files: the virus scanner gives no verdict; the file waits", "file", r.ID, "error", err)
		return s.now().Add(min(max(s.now().Sub(r.CreatedAt)/2, rescanSoonest), rescanLatest)), nil
	}
	if err := s.settleScan(ctx, r.ID, scan); err != nil {
		return time.Time{}, fmt.Errorf("settle scan: %w", err)
	}
	if scan == umkm.ScanInfected {
		s.lockAway(ctx, r.ID)
	}
	return time.Time{}, nil
}

const sqlSettleScan = `
UPDATE files SET scan = $2, state = CASE WHEN $2 = 'infected' THEN 'quarantined' ELSE state END
WHERE id = $1 AND scan = 'pending'`

const sqlDocumentOf = `SELECT document::text FROM document_files WHERE file = $1`

// settleScan writes the verdict, and what follows for the file's document,
// together.
func (s *Store) settleScan(ctx context.Context, id uuid.UUID, scan umkm.Scan) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, sqlSettleScan, id, scan)
		if err != nil || done.RowsAffected() == 0 {
			return err
		}
		rows, _ := tx.Query(ctx, sqlDocumentOf, id)
		document, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[string])
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // of a draft still
		}
		if err != nil {
			return err
		}
		return s.documentScanned(ctx, tx, document, s.now())
	})
}
