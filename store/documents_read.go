package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// documentRow is a document as the tables hold it, with the decision that
// holds.
type documentRow struct {
	ID, Business                 uuid.UUID
	Kind                         umkm.DocumentKind
	Label                        string
	State                        umkm.DocumentState
	Account                      int64
	Previous                     *uuid.UUID
	NumberSealed, MismatchSealed []byte
	Until                        *string
	SubmittedAt                  time.Time
	DecidedAt                    *time.Time
	Reasons                      []string
	Note                         *string
}

const sqlDocuments = `
SELECT d.id, d.business, d.kind, d.label, d.state, d.account, d.previous, d.number_sealed, d.mismatch_sealed,
	to_char(d.until, 'YYYY-MM-DD') AS until, d.submitted_at, d.decided_at, r.reasons, r.note
FROM documents d
LEFT JOIN reviews r ON r."case" = d.id AND r.undone_at IS NULL
`

// documents reads documents with their files; where begins behind sqlDocuments.
func (s *Store) documents(ctx context.Context, q querier, where string, args ...any) ([]umkm.Document, error) {
	rows, _ := q.Query(ctx, sqlDocuments+where, args...)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[documentRow])
	if err != nil {
		return nil, fmt.Errorf("find documents: %w", err)
	}
	ids := make([]uuid.UUID, len(found))
	for i, d := range found {
		ids[i] = d.ID
	}
	files, err := s.pagesOf(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	out := make([]umkm.Document, len(found))
	for i, d := range found {
		if out[i], err = s.openDocument(d); err != nil {
			return nil, err
		}
		out[i].Files = files[d.ID]
	}
	return out, nil
}

func (s *Store) openDocument(r documentRow) (umkm.Document, error) {
	d := umkm.Document{
		ID: r.ID.String(), Business: r.Business.String(), Kind: r.Kind, Label: r.Label, Until: or(r.Until), State: r.State,
		Account: r.Account, Submitted: r.SubmittedAt, Decided: or(r.DecidedAt), Reasons: r.Reasons, Note: or(r.Note),
	}
	if r.Previous != nil {
		d.Previous = r.Previous.String()
	}
	var err error
	if d.Number, err = s.openTold(sealDocumentNumber, r.ID, r.NumberSealed); err != nil {
		return d, err
	}
	d.Mismatch, err = s.openTold(sealDocumentMismatch, r.ID, r.MismatchSealed)
	return d, err
}

const sqlPages = `
SELECT p.document, ` + fileColumns + `
FROM document_files p JOIN files f ON f.id = p.file
WHERE p.document = ANY($1)
ORDER BY p.document, p.page`

// pagesOf lists the files of documents in their order.
func (s *Store) pagesOf(ctx context.Context, q querier, documents []uuid.UUID) (map[uuid.UUID][]umkm.StoredFile, error) {
	type page struct {
		Document uuid.UUID
		fileRow
	}
	rows, _ := q.Query(ctx, sqlPages, documents)
	pages, err := pgx.CollectRows(rows, pgx.RowToStructByName[page])
	if err != nil {
		return nil, fmt.Errorf("find pages: %w", err)
	}
	out := map[uuid.UUID][]umkm.StoredFile{}
	for _, p := range pages {
		f, err := s.storedFile(p.fileRow)
		if err != nil {
			return nil, err
		}
		out[p.Document] = append(out[p.Document], f)
	}
	return out, nil
}

// document is one by its id, or umkm.ErrNotYours.
func (s *Store) document(ctx context.Context, q querier, id uuid.UUID) (umkm.Document, error) {
	found, err := s.documents(ctx, q, "WHERE d.id = $1", id)
	if err != nil {
		return umkm.Document{}, err
	}
	if len(found) == 0 {
		return umkm.Document{}, umkm.ErrNotYours
	}
	return found[0], nil
}

const sqlActsFor = `
SELECT EXISTS (SELECT FROM businesses b JOIN account_owners a ON a.owner = b.owner WHERE a.account = $1 AND b.id = $2)`

func (s *Store) actsFor(ctx context.Context, account int64, business uuid.UUID) error {
	var yes bool
	if err := s.pool.QueryRow(ctx, sqlActsFor, account, business).Scan(&yes); err != nil {
		return fmt.Errorf("find whom the account acts for: %w", err)
	}
	if !yes {
		return umkm.ErrNotYours
	}
	return nil
}

const sqlVersionsBefore = `
WITH RECURSIVE chain AS (
	SELECT id, previous, 0 AS depth FROM documents WHERE id = $1
	UNION ALL
	SELECT d.id, d.previous, depth + 1 FROM documents d JOIN chain c ON d.id = c.previous WHERE depth < $2
)
SELECT id FROM chain ORDER BY depth`

// versionsKept is how many earlier versions a reviewer sees.
const versionsKept = 10

// chainOf lists a document's id and those of the versions before, newest first.
func chainOf(ctx context.Context, q querier, id uuid.UUID) ([]uuid.UUID, error) {
	rows, _ := q.Query(ctx, sqlVersionsBefore, id, versionsKept)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return nil, fmt.Errorf("find earlier versions: %w", err)
	}
	if len(ids) == 0 {
		return nil, errors.New("store: a case without its document")
	}
	return ids, nil
}
