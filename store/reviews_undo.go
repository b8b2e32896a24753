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

// UndoDecision takes a decision back within umkm.UndoTime: the reviewer holds
// the case again, and another one that they have taken since goes back into
// the queue. Called again it changes nothing.
//
// umkm.ErrForbidden: the decision is not the person's, or their role or region
// is gone. umkm.ErrTooLate: the time is over, or the owner has sent a newer
// version.
func (s *Store) UndoDecision(ctx context.Context, account int64, review string, at time.Time) error {
	id, err := uuid.Parse(review)
	if err != nil {
		return fmt.Errorf("undo decision: %w", umkm.ErrForbidden)
	}
	err = s.atomically(ctx, func(tx pgx.Tx) error { return s.undo(ctx, tx, account, id, at) })
	if err != nil {
		return fmt.Errorf("undo decision: %w", classify(err))
	}
	return nil
}

const (
	sqlReviewOf = `SELECT "case"::text FROM reviews WHERE id = $1 AND reviewer = $2`

	sqlLockBusinessOf = `
SELECT FROM businesses WHERE id = (SELECT business FROM cases WHERE id = $1) FOR NO KEY UPDATE`

	sqlReviewNow = `
SELECT at, undone_at IS NOT NULL, EXISTS (SELECT FROM documents WHERE previous = $2) FROM reviews WHERE id = $1`
)

// undo takes its locks in the order of submit: the business, then the case.
func (s *Store) undo(ctx context.Context, tx pgx.Tx, account int64, review uuid.UUID, at time.Time) error {
	if err := lockHolder(ctx, tx, account); err != nil {
		return err
	}
	var id string
	err := tx.QueryRow(ctx, sqlReviewOf, review, account).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return umkm.ErrForbidden
	}
	if err != nil {
		return fmt.Errorf("find review: %w", err)
	}
	if _, err := tx.Exec(ctx, sqlLockBusinessOf, id); err != nil {
		return fmt.Errorf("lock business: %w", err)
	}
	c, err := lockCase(ctx, tx, id)
	if err != nil {
		return err
	}
	var decided time.Time
	var undone, newer bool
	if err := tx.QueryRow(ctx, sqlReviewNow, review, id).Scan(&decided, &undone, &newer); err != nil {
		return fmt.Errorf("find review: %w", err)
	}
	switch {
	case undone:
		return nil
	case newer || at.After(decided.Add(umkm.UndoTime)):
		return umkm.ErrTooLate
	}
	allowed, err := mayAct(ctx, tx, account, c)
	if err == nil && !allowed {
		err = umkm.ErrForbidden
	}
	if err != nil {
		return err
	}
	return s.reopen(ctx, tx, c, account, review, at)
}

const (
	sqlUndoReview   = `UPDATE reviews SET undone_at = $2 WHERE id = $1`
	sqlUndoDocument = `UPDATE documents SET state = 'waiting', decided_at = NULL WHERE id = $1`
	sqlReopenCase   = `UPDATE cases SET state = 'waiting' WHERE id = $1`
)

func (s *Store) reopen(ctx context.Context, tx pgx.Tx, c caseRow, account int64, review uuid.UUID, at time.Time) error {
	other, held, err := heldBy(ctx, tx, account, c.Kind)
	if err != nil {
		return err
	}
	if held {
		if err := free(ctx, tx, other, "case.released", accountActor(account), at); err != nil {
			return err
		}
	}
	batch := &pgx.Batch{}
	batch.Queue(sqlUndoReview, review, at)
	batch.Queue(sqlUndoDocument, c.key())
	batch.Queue(sqlReopenCase, c.key())
	err = queueAudit(batch, auditEntry{
		Actor: accountActor(account), Action: "document.undone", Subject: caseSubject(c), At: at,
		Details: map[string]any{"review": review.String()},
	})
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("reopen case: %w", err)
	}
	if _, err := s.hold(ctx, tx, c, account, at); err != nil {
		return err
	}
	if _, err := s.jobs.InsertTx(ctx, tx, umkm.NoticeUndone{Review: review.String()}, nil); err != nil {
		return fmt.Errorf("schedule notice: %w", err)
	}
	return nil
}

const sqlDecisionNotice = `
SELECT r.id::text AS review, d.id::text AS document, b.id::text AS business, b.name AS business_name, d.kind, d.label,
	r.verdict, r.reasons, r.note, r.at, r.undone_at IS NOT NULL AS undone, d.account AS chat, a.language,
	coalesce(r.notice_message, 0) AS message, coalesce(r.notice_chat, 0) AS message_chat
FROM reviews r
JOIN documents d ON d.id = r."case"
JOIN businesses b ON b.id = d.business
JOIN accounts a ON a.telegram_id = d.account
WHERE r.id = $1`

// DecisionNotice is what the owner is told of a decision. umkm.ErrNotYours:
// there is no such decision.
func (s *Store) DecisionNotice(ctx context.Context, review string) (umkm.DecisionNotice, error) {
	rows, _ := s.pool.Query(ctx, sqlDecisionNotice, review)
	n, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[umkm.DecisionNotice])
	if errors.Is(err, pgx.ErrNoRows) {
		err = umkm.ErrNotYours
	}
	if err != nil {
		return umkm.DecisionNotice{}, fmt.Errorf("find decision's notice: %w", classify(err))
	}
	return n, nil
}

const sqlKeepNotice = `UPDATE reviews SET notice_chat = $2, notice_message = $3 WHERE id = $1`

// KeepNotice notes which message told the owner, so that it can be edited
// when the decision is taken back.
func (s *Store) KeepNotice(ctx context.Context, review string, chat, message int64) error {
	if _, err := s.pool.Exec(ctx, sqlKeepNotice, review, chat, message); err != nil {
		return fmt.Errorf("keep notice: %w", classify(err))
	}
	return nil
}
