package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

// States of a case.
const (
	caseWaiting  = "waiting"
	caseHeldBack = "held_back"
	caseOnDesk   = "desk" // held, of a kind that lies on desks
	caseClosed   = "closed"
)

// caseRow is a case with what is not shown of it.
type caseRow struct {
	umkm.Case
	Role    umkm.Role // that looks at it
	Owner   uuid.UUID // zero: not registered
	Account int64
	State   string
}

// key is the case's id as the tables have it.
func (c caseRow) key() uuid.UUID { return uuid.MustParse(c.ID) }

// Until is the epoch while nobody holds the case; caseOf puts that right.
const caseColumns = `c.id::text AS id, c.kind, c.topic, coalesce(c.business::text, '') AS business, c.village, c.returned, c.since,
	c.version, coalesce(c.holder, 0) AS holder, coalesce(c.held_until, 'epoch') AS until, c.role,
	coalesce(c.owner, '00000000-0000-0000-0000-000000000000') AS owner, c.account, c.state`

func caseOf(row pgx.CollectableRow) (caseRow, error) {
	c, err := pgx.RowToStructByName[caseRow](row)
	if c.Holder == 0 {
		c.Until = time.Time{}
	}
	return c, err
}

// caseRoles are the roles that look at a kind of case. Who handles a request
// its programme says.
func caseRoles(kind umkm.CaseKind) []umkm.Role {
	switch kind {
	case umkm.CaseRequest:
		return []umkm.Role{umkm.RoleReviewer, umkm.RoleOfficer}
	case umkm.CaseTicket:
		return []umkm.Role{umkm.RoleOfficer}
	case umkm.CaseDocument:
	}
	return []umkm.Role{umkm.RoleReviewer}
}

// forDesk reports whether cases of a kind lie on a desk, several at once.
func forDesk(kind umkm.CaseKind) bool { return kind == umkm.CaseRequest || kind == umkm.CaseTicket }

// leaseOf is how long a case of a kind is held without anything being done.
func leaseOf(kind umkm.CaseKind) time.Duration {
	if forDesk(kind) {
		return umkm.DeskLease
	}
	return umkm.CaseLease
}

func caseSubject(c caseRow) string { return string(c.Kind) + ":" + c.ID }

const sqlLockCase = `SELECT ` + caseColumns + ` FROM cases c WHERE c.id = $1 FOR UPDATE`

// lockCase is where everything begins that changes a case: what it returns
// stays true until the transaction ends. umkm.ErrNotHeld: there is none.
func lockCase(ctx context.Context, tx pgx.Tx, id string) (caseRow, error) {
	key, err := uuid.Parse(id)
	if err != nil {
		return caseRow{}, umkm.ErrNotHeld
	}
	rows, _ := tx.Query(ctx, sqlLockCase, key)
	c, err := pgx.CollectExactlyOneRow(rows, caseOf)
	if errors.Is(err, pgx.ErrNoRows) {
		return caseRow{}, umkm.ErrNotHeld
	}
	if err != nil {
		return caseRow{}, fmt.Errorf("lock case: %w", err)
	}
	return c, nil
}

// heldNow reports whether the person has the case and their lease is not over.
func (c caseRow) heldNow(account int64, at time.Time) bool {
	return c.Holder == account && at.Before(c.Until)
}

// mayAct reports whether the person's role reaches the case now.
func mayAct(ctx context.Context, tx pgx.Tx, account int64, c caseRow) (bool, error) {
	staff, err := staffHeld(ctx, tx, account)
	if err != nil {
		return false, err
	}
	return staff.May(c.Role, c.Village), nil
}

const sqlHoldCase = `
UPDATE cases SET holder = $2, held_until = $3, state = $4, version = version + 1 WHERE id = $1 RETURNING version`

// hold gives a locked case to somebody, with a job that looks when the lease ends.
func (s *Store) hold(ctx context.Context, tx pgx.Tx, c caseRow, account int64, at time.Time) (caseRow, error) {
	c.Holder, c.Until, c.State = account, at.Add(leaseOf(c.Kind)), caseWaiting
	if forDesk(c.Kind) {
		c.State = caseOnDesk
	}
	if err := tx.QueryRow(ctx, sqlHoldCase, c.key(), account, c.Until, c.State).Scan(&c.Version); err != nil {
		return c, fmt.Errorf("hold case: %w", err)
	}
	job := umkm.CaseLapsed{Case: c.ID, Version: c.Version}
	if _, err := s.jobs.InsertTx(ctx, tx, job, &river.InsertOpts{ScheduledAt: c.Until}); err != nil {
		return c, fmt.Errorf("schedule the lease's end: %w", err)
	}
	return c, nil
}

const sqlFreeCase = `
UPDATE cases SET holder = NULL, held_until = NULL, state = 'waiting', version = version + 1 WHERE id = $1`

// free puts a locked case back into the queue; action says in the audit log how.
func free(ctx context.Context, tx pgx.Tx, c caseRow, action, actor string, at time.Time) error {
	batch := &pgx.Batch{}
	batch.Queue(sqlFreeCase, c.key())
	err := queueAudit(batch, auditEntry{
		Actor: actor, Action: action, Subject: caseSubject(c), At: at,
		Details: map[string]any{"holder": strconv.FormatInt(c.Holder, 10)},
	})
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("free case: %w", err)
	}
	return nil
}

// lateOf is when somebody's lease is over at the earliest: doing something
// about a case never shortens it.
func lateOf(c caseRow, at time.Time) time.Time {
	until := at.Add(leaseOf(c.Kind))
	if until.Before(c.Until) {
		return c.Until
	}
	return until
}

const sqlProlongCase = `UPDATE cases SET held_until = $2 WHERE id = $1`

// ProlongCase keeps a case with its holder for another lease of its kind.
// umkm.ErrNotHeld: the lease is over, or the case is not theirs.
// umkm.ErrForbidden: their role or region is gone, and the case is back in the queue.
func (s *Store) ProlongCase(ctx context.Context, account int64, id string, at time.Time) (until time.Time, err error) {
	allowed := true
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		c, err := lockCase(ctx, tx, id)
		if err != nil {
			return err
		}
		if !c.heldNow(account, at) {
			return umkm.ErrNotHeld
		}
		if allowed, err = mayAct(ctx, tx, account, c); err != nil {
			return err
		}
		if !allowed {
			return free(ctx, tx, c, "case.withdrawn", accountActor(account), at)
		}
		until = lateOf(c, at)
		_, err = tx.Exec(ctx, sqlProlongCase, c.key(), until)
		return err
	})
	if err == nil && !allowed {
		err = umkm.ErrForbidden
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("prolong case: %w", classify(err))
	}
	return until, nil
}

const sqlPassCase = `
INSERT INTO case_passes (account, "case", at) VALUES ($1, $2, $3)
ON CONFLICT (account, "case") DO UPDATE SET at = excluded.at`

// ReleaseCase puts a case back into the queue. With pass the person does not
// get it again for umkm.PassTime. umkm.ErrNotHeld: it is not theirs any more.
func (s *Store) ReleaseCase(ctx context.Context, account int64, id string, pass bool, at time.Time) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		c, err := lockCase(ctx, tx, id)
		if err != nil {
			return err
		}
		if c.Holder != account {
			return umkm.ErrNotHeld
		}
		if !pass {
			return free(ctx, tx, c, "case.released", accountActor(account), at)
		}
		if _, err := tx.Exec(ctx, sqlPassCase, account, c.key(), at); err != nil {
			return err
		}
		return free(ctx, tx, c, "case.passed", accountActor(account), at)
	})
	if err != nil {
		return fmt.Errorf("release case: %w", classify(err))
	}
	return nil
}

// LapseCase frees a case whose lease is over and returns who held it. While
// the lease runs it returns when to look again; both are zero when nobody
// holds the case, or when it is taken from a desk that it is out of reach of.
func (s *Store) LapseCase(ctx context.Context, id string, at time.Time) (holder int64, again time.Time, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		c, err := lockCase(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case c.Holder == 0:
			return nil
		case at.Before(c.Until):
			again, err = keepInReach(ctx, tx, c, at)
			return err
		}
		holder = c.Holder
		return free(ctx, tx, c, "case.lapsed", clockActor, at)
	})
	if errors.Is(err, umkm.ErrNotHeld) {
		return 0, time.Time{}, nil
	}
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("lapse case: %w", classify(err))
	}
	return holder, again, nil
}

// keepInReach returns the end of a lease that runs, or frees a case on a desk
// whose holder's role does not reach it any more.
func keepInReach(ctx context.Context, tx pgx.Tx, c caseRow, at time.Time) (again time.Time, err error) {
	if c.State == caseOnDesk {
		allowed, err := mayAct(ctx, tx, c.Holder, c)
		if err != nil {
			return time.Time{}, err
		}
		if !allowed {
			return time.Time{}, free(ctx, tx, c, "case.withdrawn", clockActor, at)
		}
	}
	return c.Until, nil
}

// clockActor is who does in the audit log what nobody does.
const clockActor = "system"

const sqlHeldCase = `
SELECT ` + caseColumns + ` FROM cases c
WHERE c.holder = $1 AND c.state = 'waiting' AND c.held_until > $2 ORDER BY c.held_until DESC LIMIT 1`

// HeldCase returns the case that a person has in hand, if any. What lies on
// their desk is not in hand.
func (s *Store) HeldCase(ctx context.Context, account int64) (umkm.Case, bool, error) {
	rows, _ := s.pool.Query(ctx, sqlHeldCase, account, s.now())
	c, err := pgx.CollectExactlyOneRow(rows, caseOf)
	if errors.Is(err, pgx.ErrNoRows) {
		return umkm.Case{}, false, nil
	}
	if err != nil {
		return umkm.Case{}, false, fmt.Errorf("find held case: %w", err)
	}
	return c.Case, true, nil
}
