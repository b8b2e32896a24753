package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// verdictStates is where a document stands after a verdict.
var verdictStates = map[umkm.Verdict]umkm.DocumentState{
	umkm.VerdictApprove: umkm.DocumentApproved,
	umkm.VerdictReturn:  umkm.DocumentReturned,
	umkm.VerdictReject:  umkm.DocumentRejected,
}

// Decide decides on a document: its state, the review, the audit row and the
// job that tells the owner are committed together. One dialog decides once;
// called again it returns the same.
//
// umkm.ErrNotHeld: the case is not the person's any more. umkm.ErrChanged: it
// is not the one they saw, or the owner has sent a newer version.
// umkm.ErrForbidden: their role or region is gone. umkm.ErrOwnDocument: their
// own or their family's. umkm.ErrNumberDiffers: the number as retyped for an
// approval is not the document's.
func (s *Store) Decide(ctx context.Context, d umkm.Decision) (umkm.Decided, error) {
	var out umkm.Decided
	err := s.atomically(ctx, func(tx pgx.Tx) (err error) {
		out, err = s.decide(ctx, tx, d)
		return err
	})
	if err != nil {
		return umkm.Decided{}, fmt.Errorf("decide: %w", classify(err))
	}
	return out, nil
}

func (s *Store) decide(ctx context.Context, tx pgx.Tx, d umkm.Decision) (umkm.Decided, error) {
	c, err := lockCase(ctx, tx, d.Case)
	if err != nil {
		return umkm.Decided{}, err
	}
	if done, err := decidedBy(ctx, tx, d); err != nil || done.Review != "" {
		return done, err
	}
	doc, err := s.document(ctx, tx, c.key())
	if err != nil {
		return umkm.Decided{}, err
	}
	if err := mayDecide(ctx, tx, d, c, doc); err != nil {
		return umkm.Decided{}, err
	}
	review, err := s.addReview(ctx, tx, c, d)
	if err != nil {
		return umkm.Decided{}, err
	}
	return umkm.Decided{Review: review.String(), Until: d.At.Add(umkm.UndoTime)}, nil
}

const sqlDecidedBy = `SELECT id::text, at FROM reviews WHERE dialog = $1 AND reviewer = $2 AND "case" = $3`

// decidedBy is what the same dialog has decided already; zero for nothing.
func decidedBy(ctx context.Context, tx pgx.Tx, d umkm.Decision) (done umkm.Decided, err error) {
	var at time.Time
	err = tx.QueryRow(ctx, sqlDecidedBy, d.Dialog, d.Account, d.Case).Scan(&done.Review, &at)
	if errors.Is(err, pgx.ErrNoRows) {
		return umkm.Decided{}, nil
	}
	if err != nil {
		return umkm.Decided{}, fmt.Errorf("find decision: %w", err)
	}
	done.Until = at.Add(umkm.UndoTime)
	return done, nil
}

// mayDecide looks at everything anew, whatever the person was shown.
func mayDecide(ctx context.Context, tx pgx.Tx, d umkm.Decision, c caseRow, doc umkm.Document) error {
	if _, known := verdictStates[d.Verdict]; !known {
		return umkm.ErrRefused
	}
	if doc.State == umkm.DocumentReplaced {
		return umkm.ErrChanged
	}
	if !c.heldNow(d.Account, d.At) {
		return umkm.ErrNotHeld
	}
	if c.Version != d.Version {
		return umkm.ErrChanged
	}
	allowed, err := mayAct(ctx, tx, d.Account, c)
	if err != nil {
		return err
	}
	if !allowed {
		return umkm.ErrForbidden
	}
	b, err := barredFor(ctx, tx, d.Account, d.At)
	if err != nil {
		return err
	}
	if b.kin(c) {
		return umkm.ErrOwnDocument
	}
	if d.Verdict == umkm.VerdictApprove && doc.Number != "" && !sameNumber(doc.Kind, doc.Number, d.Number) {
		return umkm.ErrNumberDiffers
	}
	return nil
}

// sameNumber compares numbers however they are written.
func sameNumber(kind umkm.DocumentKind, a, b string) bool {
	return bareNumber(kind, a) == bareNumber(kind, b)
}

// bareNumber is a number as its kind normalises it, less all signs and cases.
func bareNumber(kind umkm.DocumentKind, number string) string {
	if rule, ok := umkm.RuleOf(kind); ok {
		if parsed, _, err := rule.Parse(number); err == nil {
			number = parsed
		}
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, number)
}

const sqlAddReview = `
INSERT INTO reviews (id, "case", kind, topic, reviewer, dialog, verdict, reasons, note, since, at)
VALUES ($1, $2, $3, $4, nullif($5, 0::bigint), nullif($6, ''), $7, $8, $9, $10, $11)`

const sqlDecideDocument = `UPDATE documents SET state = $2, decided_at = $3 WHERE id = $1`

// addReview writes a decision with all that belongs to it. Account and dialog
// are zero when the virus scanner decides.
func (s *Store) addReview(ctx context.Context, tx pgx.Tx, c caseRow, d umkm.Decision) (uuid.UUID, error) {
	id, err := newID()
	if err != nil {
		return id, err
	}
	actor := clockActor
	if d.Account != 0 {
		actor = accountActor(d.Account)
	}
	batch := &pgx.Batch{}
	batch.Queue(sqlAddReview, id, c.key(), c.Kind, c.Topic, d.Account, d.Dialog, d.Verdict, nonNil(d.Reasons), d.Note, c.Since, d.At)
	batch.Queue(sqlDecideDocument, c.key(), verdictStates[d.Verdict], d.At)
	batch.Queue(sqlCloseCase, c.key())
	err = queueAudit(batch, auditEntry{
		Actor: actor, Action: "document.decided", Subject: caseSubject(c), At: d.At,
		Details: map[string]any{"review": id.String(), "verdict": d.Verdict, "reasons": nonNil(d.Reasons)},
	})
	if err != nil {
		return id, err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return id, fmt.Errorf("add review: %w", err)
	}
	if _, err := s.jobs.InsertTx(ctx, tx, umkm.NoticeDecision{Review: id.String()}, nil); err != nil {
		return id, fmt.Errorf("schedule notice: %w", err)
	}
	return id, nil
}

func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

const sqlScansOf = `
SELECT coalesce(bool_or(f.scan = 'infected'), false), coalesce(bool_or(f.scan = 'pending'), false)
FROM document_files p JOIN files f ON f.id = p.file WHERE p.document = $1`

const (
	sqlReleaseScanned  = `UPDATE cases SET state = 'waiting', version = version + 1 WHERE id = $1`
	sqlDocumentScanned = `UPDATE documents SET state = 'waiting' WHERE id = $1`
)

// documentScanned is called in the transaction that has written what the
// scanner said of a document's file: with an infected one the document goes
// back to its owner; once none is pending it enters the queue.
func (s *Store) documentScanned(ctx context.Context, tx pgx.Tx, document string, at time.Time) error {
	c, err := lockCase(ctx, tx, document)
	if err != nil {
		return fmt.Errorf("find scanned document: %w", err)
	}
	if c.State != caseHeldBack {
		return nil
	}
	var infected, pending bool
	if err := tx.QueryRow(ctx, sqlScansOf, c.key()).Scan(&infected, &pending); err != nil {
		return fmt.Errorf("find what was scanned: %w", err)
	}
	switch {
	case infected:
		_, err = s.addReview(ctx, tx, c, umkm.Decision{Verdict: umkm.VerdictReturn, Reasons: []string{umkm.ReasonVirus}, At: at})
		return err
	case pending:
		return nil
	}
	batch := &pgx.Batch{}
	batch.Queue(sqlReleaseScanned, c.key())
	batch.Queue(sqlDocumentScanned, c.key())
	err = queueAudit(batch, auditEntry{
		Actor: clockActor, Action: "document.scanned", Subject: caseSubject(c), At: at, Details: map[string]any{},
	})
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("release scanned document: %w", err)
	}
	return nil
}
