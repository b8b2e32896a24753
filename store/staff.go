package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const sqlStaffOf = `
SELECT s.telegram_id AS account, s.name, s.since,
	jsonb_agg(jsonb_build_object('role', g.role, 'region', g.region) ORDER BY g.role, g.region) AS grants
FROM staff s
JOIN staff_grants g ON g.account = s.telegram_id
WHERE s.telegram_id = $1
GROUP BY s.telegram_id`

// StaffOf returns the roles that an account has now; nobody has none.
func (s *Store) StaffOf(ctx context.Context, account int64) (umkm.Staff, error) {
	return staffOf(ctx, s.pool, account)
}

func staffOf(ctx context.Context, q querier, account int64) (umkm.Staff, error) {
	rows, _ := q.Query(ctx, sqlStaffOf, account)
	staff, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[umkm.Staff])
	if errors.Is(err, pgx.ErrNoRows) {
		return umkm.Staff{Account: account}, nil
	}
	if err != nil {
		return umkm.Staff{}, fmt.Errorf("find staff: %w", err)
	}
	return staff, nil
}

const sqlHoldStaff = `SELECT telegram_id FROM staff WHERE telegram_id = $1 FOR SHARE`

// staffHeld is staffOf whose answer stays true until the transaction ends:
// who takes a role away waits for it. The lock comes in a statement of its
// own, so that the grants are read as they are once it is taken.
func staffHeld(ctx context.Context, tx pgx.Tx, account int64) (umkm.Staff, error) {
	if _, err := tx.Exec(ctx, sqlHoldStaff, account); err != nil {
		return umkm.Staff{}, fmt.Errorf("hold staff: %w", err)
	}
	return staffOf(ctx, tx, account)
}

const sqlListStaff = `
SELECT s.telegram_id AS account, s.name, s.since,
	jsonb_agg(jsonb_build_object('role', g.role, 'region', g.region) ORDER BY g.role, g.region) AS grants
FROM staff s
JOIN staff_grants g ON g.account = s.telegram_id
WHERE $1 = 0 OR (s.name, s.telegram_id) > (SELECT name, telegram_id FROM staff WHERE telegram_id = $1)
GROUP BY s.telegram_id
ORDER BY s.name, s.telegram_id
LIMIT $2`

// ListStaff returns those with roles by name, at most limit of them behind
// an account; 0: from the first.
func (s *Store) ListStaff(ctx context.Context, after int64, limit int) ([]umkm.Staff, error) {
	rows, _ := s.pool.Query(ctx, sqlListStaff, after, limit)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[umkm.Staff])
	if err != nil {
		return nil, fmt.Errorf("list staff: %w", err)
	}
	return list, nil
}

// ChangeStaff gives an account, in the name of an admin, these roles in place
// of those it has, at once. umkm.ErrForbidden: by is no admin (any more);
// umkm.ErrNoStaff: the account has no roles; umkm.ErrLastAdmin: nobody could
// invite anybody after it.
func (s *Store) ChangeStaff(ctx context.Context, by, account int64, grants []umkm.Grant, at time.Time) error {
	if len(grants) == 0 {
		return fmt.Errorf("change staff: %w: no roles", umkm.ErrRefused)
	}
	return s.regrant(ctx, "staff.changed", by, account, grants, at)
}

// RemoveStaff takes all roles from an account; its errors are ChangeStaff's.
func (s *Store) RemoveStaff(ctx context.Context, by, account int64, at time.Time) error {
	return s.regrant(ctx, "staff.removed", by, account, nil, at)
}

func (s *Store) regrant(ctx context.Context, action string, by, account int64, grants []umkm.Grant, at time.Time) error {
	grants = umkm.Tidy(grants)
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		was, err := changing(ctx, tx, by, account)
		if err != nil || slices.Equal(was.Grants, grants) {
			return err
		}
		if err := keepAdmin(ctx, tx, was, grants); err != nil {
			return err
		}
		batch := &pgx.Batch{}
		queueGrants(batch, account, by, grants, at)
		err = queueAudit(batch, auditEntry{
			Actor: accountActor(by), Action: action, Subject: staffSubject(account), At: at,
			Details: map[string]any{"before": was.Grants, "after": grants},
		})
		if err != nil {
			return err
		}
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return err
		}
		return s.clearDesk(ctx, tx, umkm.Staff{Account: account, Grants: grants})
	})
	if err != nil {
		return fmt.Errorf("%s: %w", action, classify(err))
	}
	return nil
}

// staffLock is the advisory lock under which one change of the staff follows
// another.
const staffLock = 0x7374616666 // "staff"

const sqlLockStaff = `SELECT pg_advisory_xact_lock($1)`

const sqlTakeStaff = `SELECT telegram_id FROM staff WHERE telegram_id = $1 FOR UPDATE`

// changing returns the staff member about to be changed, once nobody else
// changes any and what relies on their roles is through.
func changing(ctx context.Context, tx pgx.Tx, by, account int64) (umkm.Staff, error) {
	batch := &pgx.Batch{}
	batch.Queue(sqlLockStaff, int64(staffLock))
	batch.Queue(sqlTakeStaff, account)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return umkm.Staff{}, fmt.Errorf("lock the staff: %w", err)
	}
	admin, err := staffOf(ctx, tx, by)
	if err != nil {
		return umkm.Staff{}, err
	}
	if !admin.Has(umkm.RoleAdmin) {
		return umkm.Staff{}, umkm.ErrForbidden
	}
	was, err := staffOf(ctx, tx, account)
	if err == nil && len(was.Grants) == 0 {
		err = umkm.ErrNoStaff
	}
	was.Grants = umkm.Tidy(was.Grants)
	return was, err
}

const sqlOtherAdmin = `SELECT EXISTS (SELECT FROM staff_grants WHERE role = 'admin' AND account <> $1)`

// keepAdmin refuses what would leave nobody who can invite.
func keepAdmin(ctx context.Context, tx pgx.Tx, was umkm.Staff, grants []umkm.Grant) error {
	if !was.Has(umkm.RoleAdmin) || (umkm.Staff{Grants: grants}).Has(umkm.RoleAdmin) {
		return nil
	}
	var other bool
	if err := tx.QueryRow(ctx, sqlOtherAdmin, was.Account).Scan(&other); err != nil {
		return fmt.Errorf("find another admin: %w", err)
	}
	if !other {
		return umkm.ErrLastAdmin
	}
	return nil
}

const sqlDropGrants = `
DELETE FROM staff_grants WHERE account = $1 AND (role, region) NOT IN (SELECT * FROM unnest($2::text[], $3::text[]))`

const sqlAddGrants = `
INSERT INTO staff_grants (account, role, region, granted_by, at)
SELECT $1, role, region, nullif($4::bigint, 0), $5 FROM unnest($2::text[], $3::text[]) AS g (role, region)
ON CONFLICT DO NOTHING`

// queueGrants makes the grants an account's only ones; those it has keep
// their giver and date.
func queueGrants(batch *pgx.Batch, account, by int64, grants []umkm.Grant, at time.Time) {
	roles, regions := make([]string, len(grants)), make([]string, len(grants))
	for i, g := range grants {
		roles[i], regions[i] = string(g.Role), string(g.Region)
	}
	batch.Queue(sqlDropGrants, account, roles, regions)
	batch.Queue(sqlAddGrants, account, roles, regions, by, at)
}

func staffSubject(account int64) string { return "staff:" + strconv.FormatInt(account, 10) }
