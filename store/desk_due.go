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

const (
	sqlDue         = `SELECT due_at, overdue_at FROM cases WHERE id = $1`
	sqlMarkOverdue = `UPDATE cases SET overdue_at = $2 WHERE id = $1`
)

// CaseOverdue marks a case that should have been acted on by now, once, and has
// the staff told. Before its time it returns when to look again.
func (s *Store) CaseOverdue(ctx context.Context, id string, at time.Time) (again time.Time, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		c, err := lockDeskCase(ctx, tx, id)
		if err != nil {
			return err
		}
		var due, overdue *time.Time
		if err := tx.QueryRow(ctx, sqlDue, c.key()).Scan(&due, &overdue); err != nil {
			return fmt.Errorf("find what is due: %w", err)
		}
		switch {
		case due == nil || overdue != nil:
			return nil
		case at.Before(*due):
			again = *due
			return nil
		}
		return s.markOverdue(ctx, tx, c, *due, at)
	})
	if errors.Is(err, umkm.ErrNotHeld) || errors.Is(err, umkm.ErrClosed) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("mark overdue: %w", classify(err))
	}
	return again, nil
}

func (s *Store) markOverdue(ctx context.Context, tx pgx.Tx, c caseRow, due, at time.Time) error {
	batch := &pgx.Batch{}
	batch.Queue(sqlMarkOverdue, c.key(), at)
	err := queueAudit(batch, auditEntry{
		Actor: clockActor, Action: "case.overdue", Subject: caseSubject(c), At: at, Details: map[string]any{"due": due},
	})
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return err
	}
	if _, err := s.jobs.InsertTx(ctx, tx, umkm.NoticeOverdue{Case: c.ID}, nil); err != nil {
		return fmt.Errorf("schedule notice: %w", err)
	}
	return nil
}

// toldAtMost is how many with the role, and how many admins, are told of a case
// that nobody has.
const toldAtMost = 20

const (
	sqlDueNow = `SELECT due_at FROM cases WHERE id = $1 AND due_at IS NOT NULL AND overdue_at IS NOT NULL AND state <> 'closed'`

	sqlResponsible = `
SELECT w.account, coalesce(a.language, '') FROM (
	(SELECT DISTINCT account FROM staff_grants WHERE role = $1 AND region = ANY($2) ORDER BY account LIMIT $3)
	UNION
	(SELECT account FROM staff_grants WHERE role = 'admin' ORDER BY account LIMIT $3)
) w LEFT JOIN accounts a ON a.telegram_id = w.account
ORDER BY w.account`
)

// OverdueNotice is what the staff are told of a case that waits for too long:
// whoever has it on their desk, or, nobody having it, those whose role reaches
// it, and the admins. umkm.ErrNotYours: there is no such case.
func (s *Store) OverdueNotice(ctx context.Context, id string) (n umkm.OverdueNotice, err error) {
	if n, err = s.overdueNotice(ctx, id); err != nil {
		return umkm.OverdueNotice{}, fmt.Errorf("find whom to tell of a case overdue: %w", err)
	}
	return n, nil
}

func (s *Store) overdueNotice(ctx context.Context, id string) (n umkm.OverdueNotice, err error) {
	key, err := uuid.Parse(id)
	if err != nil {
		return n, umkm.ErrNotYours
	}
	c, err := caseNow(ctx, s.pool, key)
	if errors.Is(err, pgx.ErrNoRows) {
		return n, umkm.ErrNotYours
	}
	if err != nil {
		return n, err
	}
	n.Case = c.Case
	if n.BusinessName, err = businessName(ctx, s.pool, c.Business); err != nil {
		return n, err
	}
	rows, _ := s.pool.Query(ctx, sqlDueNow, key)
	n.Due, err = pgx.CollectExactlyOneRow(rows, pgx.RowTo[time.Time])
	if errors.Is(err, pgx.ErrNoRows) {
		return n, nil
	}
	if err == nil {
		n.Chats, err = s.overdueChats(ctx, c)
	}
	return n, err
}

func (s *Store) overdueChats(ctx context.Context, c caseRow) ([]umkm.NoticeChat, error) {
	if c.Holder != 0 {
		chat, err := noticeStaff(ctx, s.pool, c.Holder)
		return []umkm.NoticeChat{chat}, err
	}
	rows, _ := s.pool.Query(ctx, sqlResponsible, c.Role, regionsAround(c.Village), toldAtMost)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[umkm.NoticeChat])
}
