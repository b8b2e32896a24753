package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// Sheet is all that the holder of a case sees of it; that they saw it is
// written in the audit log. umkm.ErrNotHeld: the case is not theirs any more.
// umkm.ErrForbidden: their role or region is gone.
func (s *Store) Sheet(ctx context.Context, account int64, id string, at time.Time) (umkm.Sheet, error) {
	var sheet umkm.Sheet
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) (err error) {
		sheet, err = s.sheet(ctx, tx, account, id, at)
		return err
	})
	if err != nil {
		return umkm.Sheet{}, fmt.Errorf("open sheet: %w", classify(err))
	}
	return sheet, nil
}

func (s *Store) sheet(ctx context.Context, tx pgx.Tx, account int64, id string, at time.Time) (umkm.Sheet, error) {
	c, err := lockCase(ctx, tx, id)
	if err != nil {
		return umkm.Sheet{}, err
	}
	if !c.heldNow(account, at) {
		return umkm.Sheet{}, umkm.ErrNotHeld
	}
	allowed, err := mayAct(ctx, tx, account, c)
	if err == nil && !allowed {
		err = umkm.ErrForbidden
	}
	if err != nil {
		return umkm.Sheet{}, err
	}
	sheet := umkm.Sheet{Case: c.Case}
	if err := s.fillSheet(ctx, tx, c, &sheet); err != nil {
		return umkm.Sheet{}, err
	}
	return sheet, auditCase(ctx, tx, c, "document.viewed", account, at)
}

func (s *Store) fillSheet(ctx context.Context, tx pgx.Tx, c caseRow, sheet *umkm.Sheet) error {
	var err error
	if sheet.Owner, sheet.Profile, sheet.Number, err = s.profileOf(ctx, tx, c.Business); err != nil {
		return err
	}
	chain, err := chainOf(ctx, tx, c.key())
	if err != nil {
		return err
	}
	versions, err := s.documents(ctx, tx, `JOIN unnest($1::uuid[]) WITH ORDINALITY v(id, nth) ON v.id = d.id ORDER BY v.nth`, chain)
	if err != nil {
		return err
	}
	sheet.Document, sheet.Versions = versions[0], versions[1:]
	sheet.Reviews, err = pastReviews(ctx, tx, chain)
	return err
}

const sqlPastReviews = `
SELECT r.verdict, r.reasons, r.note, coalesce(s.name, '') AS reviewer, r.at, r.undone_at IS NOT NULL AS undone
FROM reviews r LEFT JOIN staff s ON s.telegram_id = r.reviewer
WHERE r."case" = ANY($1)
ORDER BY r.at DESC, r.id DESC
LIMIT 50`

func pastReviews(ctx context.Context, q querier, cases []uuid.UUID) ([]umkm.PastReview, error) {
	rows, _ := q.Query(ctx, sqlPastReviews, cases)
	reviews, err := pgx.CollectRows(rows, pgx.RowToStructByName[umkm.PastReview])
	if err != nil {
		return nil, fmt.Errorf("find earlier decisions: %w", err)
	}
	return reviews, nil
}

const sqlProfileOf = `
SELECT b.id, b.owner, b.name, b.village, b.sector, b.product, b.address, b.since_year, b.since_month, b.workers,
	b.turnover_rupiah, b.turnover_period, b.channels, b.nib_state, b.nib, b.community,
	o.name AS owner_name, o.nik_sealed, o.phone, b.number
FROM businesses b
JOIN owners o ON o.id = b.owner
WHERE b.id = $1`

// profileOf is a business as recorded, for the staff: whoever calls it has
// seen to it that they may.
func (s *Store) profileOf(ctx context.Context, q querier, business string) (umkm.Owner, umkm.Business, umkm.Number, error) {
	type numbered struct {
		record
		Number umkm.Number
	}
	rows, _ := q.Query(ctx, sqlProfileOf, business)
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[numbered])
	if err != nil {
		return umkm.Owner{}, umkm.Business{}, "", fmt.Errorf("find profile: %w", err)
	}
	nik, err := s.keys.Open(sealNIK, r.Owner[:], r.NIKSealed)
	if err != nil {
		return umkm.Owner{}, umkm.Business{}, "", fmt.Errorf("open NIK: %w", err)
	}
	owner := umkm.Owner{ID: r.Owner.String(), Name: r.OwnerName, NIK: umkm.NIK(nik), Phone: umkm.Phone(r.Phone)}
	return owner, r.business(), r.Number, nil
}
