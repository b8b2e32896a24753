package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// Purposes of keys: never renamed.
const (
	sealDocumentNumber   = "document number"
	sealDocumentMismatch = "document mismatch"
)

// place is the business that a document is of.
type place struct {
	ID, Owner uuid.UUID
	Village   umkm.RegionCode
}

// Versions of a document follow one another under the business's lock. It does
// not hinder records that merely refer to the business.
const sqlLockPlace = `
SELECT b.id, b.owner, b.village FROM businesses b
JOIN account_owners a ON a.owner = b.owner AND a.account = $1
WHERE b.id = $2
FOR NO KEY UPDATE OF b`

func lockPlace(ctx context.Context, tx pgx.Tx, account int64, business string) (place, error) {
	id, err := uuid.Parse(business)
	if err != nil {
		return place{}, umkm.ErrNotYours
	}
	rows, _ := tx.Query(ctx, sqlLockPlace, account, id)
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[place])
	if errors.Is(err, pgx.ErrNoRows) {
		return place{}, umkm.ErrNotYours
	}
	if err != nil {
		return place{}, fmt.Errorf("lock business: %w", err)
	}
	return p, nil
}

// Submit keeps a document as handed in and puts it into the staff's queue, or
// holds it back until its files are found free of viruses. A version that
// still waits is replaced by it. One dialog hands in one document: called
// again it returns the same one. umkm.ErrNotYours: the account does not act
// for the business. umkm.ErrFileGone: a file cannot be used any more.
func (s *Store) Submit(ctx context.Context, sub umkm.Submission) (umkm.Receipt, error) {
	var id uuid.UUID
	err := s.atomically(ctx, func(tx pgx.Tx) (err error) {
		id, err = s.submit(ctx, tx, sub)
		return err
	})
	if err != nil {
		return umkm.Receipt{}, fmt.Errorf("submit document: %w", classify(err))
	}
	return s.receipt(ctx, id, sub.At)
}

const sqlSubmittedBy = `SELECT id FROM documents WHERE dialog = $1 AND account = $2`

func (s *Store) submit(ctx context.Context, tx pgx.Tx, sub umkm.Submission) (uuid.UUID, error) {
	p, err := lockPlace(ctx, tx, sub.Account, sub.Business)
	if err != nil {
		return uuid.UUID{}, err
	}
	rows, _ := tx.Query(ctx, sqlSubmittedBy, sub.Dialog, sub.Account)
	id, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[uuid.UUID])
	if !errors.Is(err, pgx.ErrNoRows) {
		return id, err
	}
	old, err := lockPrevious(ctx, tx, p, sub)
	if err != nil {
		return uuid.UUID{}, err
	}
	if err := s.replace(ctx, tx, old, sub); err != nil {
		return uuid.UUID{}, err
	}
	if id, err = newID(); err != nil {
		return id, err
	}
	return id, s.addDocument(ctx, tx, id, p, old, sub)
}

// previous is the version before, with its case.
type previous struct {
	ID       *uuid.UUID // nil: this is the first
	State    umkm.DocumentState
	Returned bool
	Since    time.Time
	Holder   int64 // who has its case in hand; 0: nobody
}

// open reports whether the staff have still to look at it.
func (p previous) open() bool {
	return p.State == umkm.DocumentWaiting || p.State == umkm.DocumentScanning
}

const sqlPrevious = `
SELECT d.id FROM documents d
WHERE d.business = $1 AND d.kind = $2 AND lower(d.label) = lower($3)
	AND NOT EXISTS (SELECT FROM documents n WHERE n.previous = d.id)`

const sqlPreviousState = `
SELECT d.id, d.state, c.returned, c.since, coalesce(c.holder, 0) AS holder FROM documents d JOIN cases c ON c.id = d.id WHERE d.id = $1`

// lockPrevious finds the newest version and locks its case, so that no
// decision on it is made meanwhile.
func lockPrevious(ctx context.Context, tx pgx.Tx, p place, sub umkm.Submission) (previous, error) {
	rows, _ := tx.Query(ctx, sqlPrevious, p.ID, sub.Kind, sub.Label)
	id, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[uuid.UUID])
	if errors.Is(err, pgx.ErrNoRows) {
		return previous{}, nil
	}
	if err != nil {
		return previous{}, fmt.Errorf("find the version before: %w", err)
	}
	if _, err := lockCase(ctx, tx, id.String()); err != nil {
		return previous{}, err
	}
	rows, _ = tx.Query(ctx, sqlPreviousState, id)
	old, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[previous])
	if err != nil {
		return previous{}, fmt.Errorf("find the version before: %w", err)
	}
	return old, nil
}

const (
	sqlReplace   = `UPDATE documents SET state = 'replaced' WHERE id = $1`
	sqlCloseCase = `
UPDATE cases SET state = 'closed', holder = NULL, held_until = NULL, due_at = NULL, unanswered = false, version = version + 1
WHERE id = $1`
)

// replace takes a version that is still open out of the queue. A reviewer who
// has it in hand is told, and reads umkm.ErrChanged if they decide before.
func (s *Store) replace(ctx context.Context, tx pgx.Tx, old previous, sub umkm.Submission) error {
	if !old.open() {
		return nil
	}
	batch := &pgx.Batch{}
	batch.Queue(sqlReplace, old.ID)
	batch.Queue(sqlCloseCase, old.ID)
	err := queueAudit(batch, auditEntry{
		Actor: accountActor(sub.Account), Action: "document.replaced", Subject: documentSubject(*old.ID), At: sub.At,
		Details: map[string]any{},
	})
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("replace the version before: %w", err)
	}
	if old.Holder == 0 {
		return nil
	}
	if _, err := s.jobs.InsertTx(ctx, tx, umkm.CaseReplaced{Chat: old.Holder, Case: old.ID.String()}, nil); err != nil {
		return fmt.Errorf("have the reviewer told: %w", err)
	}
	return nil
}

func documentSubject(id uuid.UUID) string { return string(umkm.CaseDocument) + ":" + id.String() }

const sqlAddDocument = `
INSERT INTO documents (id, business, kind, label, state, account, dialog, previous, number_sealed, mismatch_sealed, until, submitted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, nullif($11, '')::date, $12)`

const sqlAddPages = `
INSERT INTO document_files (document, page, file)
SELECT $1, page, file FROM unnest($2::uuid[]) WITH ORDINALITY AS f(file, page)`

const sqlAddCase = `
INSERT INTO cases (id, kind, topic, business, owner, account, village, returned, since, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`

// addDocument writes the document, its pages and its case. One that takes the
// place of a waiting version keeps that one's place in the queue.
func (s *Store) addDocument(ctx context.Context, tx pgx.Tx, id uuid.UUID, p place, old previous, sub umkm.Submission) error {
	files, err := parseIDs(sub.Files)
	if err != nil {
		return err
	}
	scanning, err := takeFiles(ctx, tx, sub.Account, files)
	if err != nil {
		return err
	}
	state, caseState := umkm.DocumentWaiting, caseWaiting
	if scanning {
		state, caseState = umkm.DocumentScanning, caseHeldBack
	}
	since, returned := sub.At, old.State == umkm.DocumentReturned
	if old.open() {
		since, returned = old.Since, old.Returned
	}
	batch := &pgx.Batch{}
	batch.Queue(sqlAddDocument, id, p.ID, sub.Kind, sub.Label, state, sub.Account, sub.Dialog, old.ID,
		s.sealTold(sealDocumentNumber, id, sub.Number), s.sealTold(sealDocumentMismatch, id, sub.Mismatch), sub.Until, sub.At)
	batch.Queue(sqlAddPages, id, files)
	batch.Queue(sqlAddCase, id, umkm.CaseDocument, sub.Kind, p.ID, p.Owner, sub.Account, p.Village, returned, since, caseState)
	err = queueAudit(batch, auditEntry{
		Actor: accountActor(sub.Account), Action: "document.submitted", Subject: documentSubject(id), At: sub.At,
		Details: map[string]any{"kind": sub.Kind, "pages": len(files)},
	})
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("add document: %w", err)
	}
	return nil
}

const sqlTakeFiles = `
UPDATE files SET state = 'attached'
WHERE id = ANY($1) AND account = $2 AND state = 'staged' AND kept_at IS NOT NULL AND scan <> 'infected'
RETURNING scan = 'pending'`

// takeFiles makes files that the account has sent part of a document; pending
// tells whether one is still to be looked at by the virus scanner.
func takeFiles(ctx context.Context, tx pgx.Tx, account int64, files []uuid.UUID) (pending bool, err error) {
	rows, _ := tx.Query(ctx, sqlTakeFiles, files, account)
	scans, err := pgx.CollectRows(rows, pgx.RowTo[bool])
	if err != nil {
		return false, fmt.Errorf("attach files: %w", err)
	}
	if len(scans) != len(files) {
		return false, umkm.ErrFileGone
	}
	return slices.Contains(scans, true), nil
}

// sealTold seals what was told, bound to its document; nil for nothing.
func (s *Store) sealTold(purpose string, id uuid.UUID, plain string) []byte {
	if plain == "" {
		return nil
	}
	return s.keys.Seal(purpose, id[:], []byte(plain))
}

func (s *Store) openTold(purpose string, id uuid.UUID, sealed []byte) (string, error) {
	if sealed == nil {
		return "", nil
	}
	plain, err := s.keys.Open(purpose, id[:], sealed)
	if err != nil {
		return "", fmt.Errorf("open %s: %w", purpose, err)
	}
	return string(plain), nil
}

func parseIDs(ids []string) ([]uuid.UUID, error) {
	if len(ids) == 0 {
		return nil, umkm.ErrFileGone
	}
	out := make([]uuid.UUID, len(ids))
	for i, id := range ids {
		var err error
		if out[i], err = uuid.Parse(id); err != nil {
			return nil, umkm.ErrFileGone
		}
	}
	return out, nil
}
