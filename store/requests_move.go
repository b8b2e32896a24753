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

// MoveRequest moves a request to a stage, or ends it: step, audit row and the
// job that tells the owner are committed together. One dialog moves once. What
// is declined gives its place back.
//
// umkm.ErrNotHeld: the case is not on the person's desk any more.
// umkm.ErrChanged: it is not as they saw it. umkm.ErrClosed: it has ended.
// umkm.ErrForbidden: their role or region is gone. umkm.ErrOwnDocument: their
// own or their family's. umkm.ErrRefused: open without a stage, declined
// without a note, or no state that the staff can give.
func (s *Store) MoveRequest(ctx context.Context, m umkm.RequestMove) error {
	err := s.moveRequest(ctx, m)
	if err != nil {
		return fmt.Errorf("move request: %w", classify(err))
	}
	return nil
}

func (s *Store) moveRequest(ctx context.Context, m umkm.RequestMove) error {
	if !possible(m) {
		return umkm.ErrRefused
	}
	err := s.atDesk(ctx, m.Account, m.Case, m.At, func(tx pgx.Tx, c caseRow) error {
		done, err := movedBy(ctx, tx, m)
		switch {
		case err != nil || done:
			return err
		case c.Kind != umkm.CaseRequest:
			return umkm.ErrRefused
		case c.Version != m.Version:
			return umkm.ErrChanged
		}
		return s.step(ctx, tx, c, m)
	})
	if !offDesk(err) {
		return err
	}
	// What the same dialog has moved may be closed or another's since.
	if done, lookErr := movedBy(ctx, s.pool, m); lookErr != nil || done {
		return lookErr
	}
	return err
}

// offDesk reports whether atDesk has found the case not to be on the desk.
func offDesk(err error) bool {
	return errors.Is(err, umkm.ErrNotHeld) || errors.Is(err, umkm.ErrClosed) || errors.Is(err, umkm.ErrForbidden) ||
		errors.Is(err, umkm.ErrOwnDocument)
}

// possible reports whether the staff can move a request so.
func possible(m umkm.RequestMove) bool {
	switch m.State {
	case umkm.RequestOpen:
		return m.Dialog != "" && m.Stage != ""
	case umkm.RequestDeclined:
		return m.Dialog != "" && m.Note != ""
	case umkm.RequestDone:
		return m.Dialog != ""
	default:
		return false
	}
}

const sqlMovedBy = `SELECT id FROM request_steps WHERE dialog = $1 AND staff = $2`

func movedBy(ctx context.Context, q querier, m umkm.RequestMove) (bool, error) {
	_, found, err := findID(ctx, q, sqlMovedBy, m.Dialog, m.Account)
	return found, err
}

const (
	sqlAddStep = `
INSERT INTO request_steps (id, request, staff, dialog, state, stage, note_sealed, at)
SELECT $1, id, nullif($3, 0::bigint), nullif($4, ''), $5, stage, $6, $7 FROM requests WHERE id = $2`

	// A stage of '' stays as it was.
	sqlMoveRequest = `
UPDATE requests SET state = $2, stage = CASE $3 WHEN '' THEN stage ELSE $3 END, moved_at = $4 WHERE id = $1`

	sqlMoveCase = `
UPDATE cases SET held_until = $2, due_at = NULL, overdue_at = NULL, version = version + 1 WHERE id = $1`
)

// step writes what happens to the request of a locked case; the owner cancels
// with account 0 and no dialog. The programme's lock comes last.
func (s *Store) step(ctx context.Context, tx pgx.Tx, c caseRow, m umkm.RequestMove) error {
	id, err := newID()
	if err != nil {
		return err
	}
	action, actor := "request.moved", m.Account
	staff := m.Account
	if m.State == umkm.RequestCancelled {
		action, staff = "request.cancelled", 0
	}
	batch := &pgx.Batch{}
	batch.Queue(sqlMoveRequest, c.key(), m.State, m.Stage, m.At)
	batch.Queue(sqlAddStep, id, c.key(), staff, m.Dialog, m.State, s.sealTold(sealRequestNote, id, m.Note), m.At)
	if m.State == umkm.RequestOpen {
		batch.Queue(sqlMoveCase, c.key(), lateOf(c, m.At))
	} else {
		batch.Queue(sqlCloseCase, c.key())
	}
	err = queueAudit(batch, auditEntry{
		Actor: accountActor(actor), Action: action, Subject: caseSubject(c), At: m.At,
		Details: map[string]any{"step": id.String(), "state": m.State, "stage": m.Stage},
	})
	if err != nil {
		return err
	}
	if m.State == umkm.RequestDeclined || m.State == umkm.RequestCancelled {
		batch.Queue(sqlGivePlace, c.Topic)
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("add step: %w", err)
	}
	if staff == 0 {
		return nil
	}
	if _, err := s.jobs.InsertTx(ctx, tx, umkm.NoticeRequest{Step: id.String()}, nil); err != nil {
		return fmt.Errorf("schedule notice: %w", err)
	}
	return nil
}

const sqlRequestState = `SELECT state FROM requests WHERE id = $1`

// CancelRequest takes an owner's request back and gives its place back; a
// cancelled one stays so. umkm.ErrNotYours; umkm.ErrClosed: it has ended.
func (s *Store) CancelRequest(ctx context.Context, account int64, id string, at time.Time) error {
	err := s.atomically(ctx, func(tx pgx.Tx) error {
		c, err := lockOwn(ctx, tx, account, id)
		if err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, sqlRequestState, c.key())
		state, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[umkm.RequestState])
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return umkm.ErrNotYours
		case err != nil || state == umkm.RequestCancelled:
			return err
		case state != umkm.RequestOpen:
			return umkm.ErrClosed
		}
		return s.step(ctx, tx, c, umkm.RequestMove{Account: account, State: umkm.RequestCancelled, At: at})
	})
	if err != nil {
		return fmt.Errorf("cancel request: %w", classify(err))
	}
	return nil
}

const sqlStepCase = `SELECT request FROM request_steps WHERE id = $1`

// RequestNotice is what an owner is told of a step. umkm.ErrNotYours: there is
// no such step.
func (s *Store) RequestNotice(ctx context.Context, step string) (n umkm.RequestNotice, err error) {
	if n, err = s.requestNotice(ctx, step); err != nil {
		return umkm.RequestNotice{}, fmt.Errorf("find step's notice: %w", err)
	}
	return n, nil
}

func (s *Store) requestNotice(ctx context.Context, step string) (n umkm.RequestNotice, err error) {
	id, err := uuid.Parse(step)
	if err != nil {
		return n, umkm.ErrNotYours
	}
	request, found, err := findID(ctx, s.pool, sqlStepCase, id)
	if err != nil || !found {
		return n, orNotYours(err)
	}
	steps, err := s.steps(ctx, s.pool, "WHERE h.id = $1", id)
	if err != nil {
		return n, err
	}
	c, err := caseNow(ctx, s.pool, request)
	if err != nil {
		return n, err
	}
	if n.BusinessName, err = businessName(ctx, s.pool, c.Business); err != nil {
		return n, err
	}
	n.Request, n.Programme, n.Business, n.Step = c.ID, c.Topic, c.Business, steps[request][0]
	n.Chats, err = ownerChats(ctx, s.pool, c)
	return n, err
}

func orNotYours(err error) error {
	if err == nil {
		return umkm.ErrNotYours
	}
	return err
}
