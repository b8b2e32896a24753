package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

// TakeDesk puts the next case of a kind onto a person's desk: of their roles
// and regions, what was reopened first, then the oldest; with a topic only of
// that. Nobody gets what concerns their own family. umkm.ErrForbidden: the
// person has no such role.
func (s *Store) TakeDesk(ctx context.Context, account int64, kind umkm.CaseKind, topic string, at time.Time) (c umkm.Case, found bool, err error) {
	if !forDesk(kind) {
		return umkm.Case{}, false, fmt.Errorf("take to the desk: %w", umkm.ErrRefused)
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		row, ok, err := s.takeCase(ctx, tx, account, kind, topic, at)
		c, found = row.Case, ok
		return err
	})
	if err != nil {
		return umkm.Case{}, false, fmt.Errorf("take to the desk: %w", classify(err))
	}
	return c, found, nil
}

// TakeThis puts a case that waits onto a person's desk, as picked from the
// list; what lies there already stays. umkm.ErrChanged: somebody else has it.
// umkm.ErrClosed, umkm.ErrForbidden, umkm.ErrOwnDocument; umkm.ErrNotHeld:
// there is no such case for desks.
func (s *Store) TakeThis(ctx context.Context, account int64, id string, at time.Time) (umkm.Case, error) {
	var c caseRow
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) (err error) {
		if err = lockHolder(ctx, tx, account); err != nil {
			return err
		}
		if c, err = lockDeskCase(ctx, tx, id); err != nil {
			return err
		}
		if c.Holder != account && c.Holder != 0 {
			return umkm.ErrChanged
		}
		if err = mayHave(ctx, tx, account, c, at); err != nil || c.heldNow(account, at) {
			return err
		}
		if c, err = s.hold(ctx, tx, c, account, at); err != nil {
			return err
		}
		return auditCase(ctx, tx, c, "case.taken", account, at)
	})
	if err != nil {
		return umkm.Case{}, fmt.Errorf("take to the desk: %w", classify(err))
	}
	return c.Case, nil
}

// lockDeskCase is lockCase of a case for desks that is not closed.
func lockDeskCase(ctx context.Context, tx pgx.Tx, id string) (caseRow, error) {
	c, err := lockCase(ctx, tx, id)
	switch {
	case err != nil:
		return caseRow{}, err
	case !forDesk(c.Kind):
		return caseRow{}, umkm.ErrNotHeld
	case c.State == caseClosed:
		return caseRow{}, umkm.ErrClosed
	}
	return c, nil
}

// mayHave says why a person may not have a case: umkm.ErrForbidden, or
// umkm.ErrOwnDocument for their own family's.
func mayHave(ctx context.Context, tx pgx.Tx, account int64, c caseRow, at time.Time) error {
	allowed, err := mayAct(ctx, tx, account, c)
	if err != nil {
		return err
	}
	if !allowed {
		return umkm.ErrForbidden
	}
	b, err := barredFor(ctx, tx, account, at)
	if err != nil {
		return err
	}
	if b.kin(c) {
		return umkm.ErrOwnDocument
	}
	return nil
}

// atDesk does something, in one transaction, about a case that is not closed
// and lies on a person's desk. What has left their role or region, or has
// become their family's, goes back into the queue instead. umkm.ErrNotHeld,
// umkm.ErrClosed, umkm.ErrForbidden, umkm.ErrOwnDocument.
func (s *Store) atDesk(ctx context.Context, account int64, id string, at time.Time, do func(tx pgx.Tx, c caseRow) error) error {
	var withdrawn error
	err := s.atomically(ctx, func(tx pgx.Tx) error {
		c, err := lockDeskCase(ctx, tx, id)
		if err != nil {
			return err
		}
		withdrawn, err = keepOnDesk(ctx, tx, account, c, at)
		if err != nil || withdrawn != nil {
			return err
		}
		return do(tx, c)
	})
	if err == nil {
		err = withdrawn
	}
	return classify(err)
}

// keepOnDesk sees that a person still has a locked case by right, or frees it
// and says why.
func keepOnDesk(ctx context.Context, tx pgx.Tx, account int64, c caseRow, at time.Time) (withdrawn, err error) {
	if !c.heldNow(account, at) {
		return nil, umkm.ErrNotHeld
	}
	switch err := mayHave(ctx, tx, account, c, at); {
	case errors.Is(err, umkm.ErrForbidden), errors.Is(err, umkm.ErrOwnDocument):
		return err, free(ctx, tx, c, "case.withdrawn", accountActor(account), at)
	default:
		return nil, err
	}
}

// ReleaseDesk puts a case from a person's desk back into the queue.
// umkm.ErrNotHeld: it does not lie there.
func (s *Store) ReleaseDesk(ctx context.Context, by int64, id string, at time.Time) error {
	return s.ReleaseCase(ctx, by, id, false, at)
}

const sqlDesk = `
SELECT ` + caseColumns + `, coalesce(b.name, '') AS business_name, coalesce(r.stage, '') AS stage,
	c.due_at AS due, c.overdue_at IS NOT NULL AS overdue, c.unanswered
FROM (
	SELECT * FROM cases c
	WHERE c.holder = $1 AND c.state = 'desk' AND c.held_until > $2 AND (c.since, c.id) > ($3, $4)
		AND EXISTS (
			SELECT FROM staff_grants g WHERE g.account = $1 AND g.role IN (c.role, 'admin')
				AND (c.village = g.region OR c.village LIKE g.region || '.%'))
	ORDER BY c.since, c.id
	LIMIT $5
) c
LEFT JOIN businesses b ON b.id = c.business
LEFT JOIN requests r ON r.id = c.id
ORDER BY c.since, c.id`

// DeskOf lists what lies on a person's desk within their roles and regions,
// the oldest first, behind where the page before ended.
func (s *Store) DeskOf(ctx context.Context, account int64, after umkm.QueueCursor, limit int) ([]umkm.DeskItem, error) {
	var from uuid.UUID
	if after.ID != "" {
		var err error
		if from, err = uuid.Parse(after.ID); err != nil {
			return nil, fmt.Errorf("list desk: cursor: %w", err)
		}
	}
	type item struct {
		caseRow
		BusinessName, Stage string
		Due                 *time.Time
		Overdue, Unanswered bool
	}
	rows, _ := s.pool.Query(ctx, sqlDesk, account, s.now(), after.Since, from, limit)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[item])
	if err != nil {
		return nil, fmt.Errorf("list desk: %w", err)
	}
	out := make([]umkm.DeskItem, len(found))
	for i, f := range found {
		out[i] = umkm.DeskItem{
			Case: f.Case, BusinessName: f.BusinessName, Stage: f.Stage, Due: or(f.Due), Overdue: f.Overdue, Unanswered: f.Unanswered,
		}
	}
	return out, nil
}

const (
	sqlDeskCases       = `SELECT ` + caseColumns + ` FROM cases c WHERE c.holder = $1 AND c.state = 'desk'`
	sqlDesksOfBusiness = `SELECT ` + caseColumns + ` FROM cases c WHERE c.business = $1 AND c.state = 'desk'`
)

// clearDesk has what a change of somebody's roles leaves out of their reach
// taken from their desk soon: not at once, for who acts on a case locks it
// before the staff.
func (s *Store) clearDesk(ctx context.Context, tx pgx.Tx, now umkm.Staff) error {
	return s.lookAtDesks(ctx, tx, func(c caseRow) bool { return !now.May(c.Role, c.Village) }, sqlDeskCases, now.Account)
}

// followBusiness has the desks looked at on which cases of a business lie that
// has moved.
func (s *Store) followBusiness(ctx context.Context, tx pgx.Tx, business uuid.UUID) error {
	return s.lookAtDesks(ctx, tx, func(caseRow) bool { return true }, sqlDesksOfBusiness, business)
}

// lookAtDesks schedules a look at those cases that may be out of the reach of
// who has them.
func (s *Store) lookAtDesks(ctx context.Context, tx pgx.Tx, which func(caseRow) bool, sql string, args ...any) error {
	rows, _ := tx.Query(ctx, sql, args...)
	cases, err := pgx.CollectRows(rows, caseOf)
	if err != nil {
		return fmt.Errorf("read desk: %w", err)
	}
	var jobs []river.InsertManyParams
	for _, c := range cases {
		if which(c) {
			jobs = append(jobs, river.InsertManyParams{Args: umkm.CaseLapsed{Case: c.ID, Version: c.Version}})
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	if _, err := s.jobs.InsertManyTx(ctx, tx, jobs); err != nil {
		return fmt.Errorf("have desks looked at: %w", err)
	}
	return nil
}
