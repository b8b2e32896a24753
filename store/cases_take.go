package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// TakeCase gives a person the next case of their regions: those sent back
// before, then the oldest. While they hold one they get that again, prolonged.
// Nobody gets what concerns their own family, nor what they passed over within
// umkm.PassTime. umkm.ErrForbidden: the person has no such role.
func (s *Store) TakeCase(ctx context.Context, account int64, kind umkm.CaseKind, at time.Time) (c umkm.Case, found bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		row, ok, err := s.takeCase(ctx, tx, account, kind, "", at)
		c, found = row.Case, ok
		return err
	})
	if err != nil {
		return umkm.Case{}, false, fmt.Errorf("take case: %w", classify(err))
	}
	return c, found, nil
}

func (s *Store) takeCase(ctx context.Context, tx pgx.Tx, account int64, kind umkm.CaseKind, topic string, at time.Time) (caseRow, bool, error) {
	if err := lockHolder(ctx, tx, account); err != nil {
		return caseRow{}, false, err
	}
	staff, err := staffHeld(ctx, tx, account)
	if err != nil {
		return caseRow{}, false, err
	}
	if !staff.Has(caseRoles(kind)...) {
		return caseRow{}, false, umkm.ErrForbidden
	}
	if !forDesk(kind) {
		c, held, err := keepHeld(ctx, tx, staff, kind, at)
		if err != nil || held {
			return c, held, err
		}
	}
	c, found, err := nextCase(ctx, tx, search{kind: kind, topic: topic, staff: staff}, at)
	if err != nil || !found {
		return caseRow{}, false, err
	}
	if c, err = s.hold(ctx, tx, c, account, at); err != nil {
		return caseRow{}, false, err
	}
	return c, true, auditCase(ctx, tx, c, "case.taken", account, at)
}

// A person's takes follow one another, whatever replica they come through.
const sqlLockHolder = `SELECT pg_advisory_xact_lock(hashtextextended('cases of ' || $1::bigint, 0))`

func lockHolder(ctx context.Context, tx pgx.Tx, account int64) error {
	if _, err := tx.Exec(ctx, sqlLockHolder, account); err != nil {
		return fmt.Errorf("lock holder: %w", err)
	}
	return nil
}

func auditCase(ctx context.Context, tx pgx.Tx, c caseRow, action string, account int64, at time.Time) error {
	batch := &pgx.Batch{}
	err := queueAudit(batch, auditEntry{
		Actor: accountActor(account), Action: action, Subject: caseSubject(c), At: at,
		Details: map[string]any{"version": c.Version},
	})
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("audit case: %w", err)
	}
	return nil
}

const sqlLockHeld = `
SELECT ` + caseColumns + ` FROM cases c WHERE c.holder = $1 AND c.kind = $2 AND c.state = 'waiting' FOR UPDATE`

// heldBy locks what a person has in hand of a kind, lease over or not.
func heldBy(ctx context.Context, tx pgx.Tx, account int64, kind umkm.CaseKind) (caseRow, bool, error) {
	rows, _ := tx.Query(ctx, sqlLockHeld, account, kind)
	c, err := pgx.CollectExactlyOneRow(rows, caseOf)
	if errors.Is(err, pgx.ErrNoRows) {
		return caseRow{}, false, nil
	}
	if err != nil {
		return caseRow{}, false, fmt.Errorf("find held case: %w", err)
	}
	return c, true, nil
}

// keepHeld prolongs what the person holds already. What has left their
// regions goes back into the queue.
func keepHeld(ctx context.Context, tx pgx.Tx, staff umkm.Staff, kind umkm.CaseKind, at time.Time) (caseRow, bool, error) {
	c, held, err := heldBy(ctx, tx, staff.Account, kind)
	if err != nil || !held {
		return c, held, err
	}
	if !staff.May(c.Role, c.Village) {
		return caseRow{}, false, free(ctx, tx, c, "case.withdrawn", accountActor(staff.Account), at)
	}
	c.Until = lateOf(c, at)
	if _, err := tx.Exec(ctx, sqlProlongCase, c.key(), c.Until); err != nil {
		return caseRow{}, false, fmt.Errorf("prolong case: %w", err)
	}
	return c, true, nil
}

// barred is what a person does not get.
type barred struct {
	Owners   []uuid.UUID
	Accounts []int64 // whose uploads: their own and those who act for the same owners
	Passed   []uuid.UUID
}

const sqlBarred = `
WITH mine AS (SELECT owner FROM account_owners WHERE account = $1)
SELECT array(SELECT owner FROM mine) AS owners,
	array(SELECT account FROM account_owners WHERE owner IN (SELECT owner FROM mine) UNION SELECT $1::bigint) AS accounts,
	array(SELECT "case" FROM case_passes WHERE account = $1 AND at > $2) AS passed`

func barredFor(ctx context.Context, tx pgx.Tx, account int64, at time.Time) (barred, error) {
	rows, _ := tx.Query(ctx, sqlBarred, account, at.Add(-umkm.PassTime))
	b, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[barred])
	if err != nil {
		return b, fmt.Errorf("find family: %w", err)
	}
	return b, nil
}

// kin reports whether the case concerns the person's own family.
func (b barred) kin(c caseRow) bool {
	return slices.Contains(b.Owners, c.Owner) || slices.Contains(b.Accounts, c.Account)
}

// The front of the queue. The order is that of the indexes, so that few rows
// are read however many wait. A %s is one of a topic, or nothing.
const (
	sqlFrontOf = `
SELECT c.id, c.returned, c.since FROM cases c
WHERE c.kind = $1 AND c.role = $6 AND c.state = 'waiting' AND c.holder IS NULL%[1]s
	AND (c.owner IS NULL OR c.owner <> ALL($2)) AND c.account <> ALL($3) AND c.id <> ALL($4)`
	sqlFrontOrder  = ` ORDER BY c.returned DESC, c.since, c.id LIMIT $5`
	sqlFrontTopic  = ` AND c.kind <> 'document' AND c.topic = $7`
	sqlFrontWithin = `SELECT f.* FROM unnest($%[2]d::text[]) r(code) CROSS JOIN LATERAL (` + sqlFrontOf + ` AND c.%[3]s = r.code` + sqlFrontOrder + `) f`
)

// frontSQL reads the front of the queue by a column of regions, "" for all.
type frontSQL struct{ everywhere, regencies, districts string }

var (
	sqlFront = frontSQL{
		fmt.Sprintf(sqlFrontOf, "") + sqlFrontOrder,
		fmt.Sprintf(sqlFrontWithin, "", 7, "regency"), fmt.Sprintf(sqlFrontWithin, "", 7, "district"),
	}
	sqlTopicFront = frontSQL{
		fmt.Sprintf(sqlFrontOf, sqlFrontTopic) + sqlFrontOrder,
		fmt.Sprintf(sqlFrontWithin, sqlFrontTopic, 8, "regency"), fmt.Sprintf(sqlFrontWithin, sqlFrontTopic, 8, "district"),
	}
)

// search is what somebody looks for in the queue.
type search struct {
	kind  umkm.CaseKind
	topic string // "": any
	staff umkm.Staff
}

// candidate is a case that may be taken unless somebody is quicker.
type candidate struct {
	ID       uuid.UUID
	Returned bool
	Since    time.Time
}

// byRegionSize sorts regions into province, regencies and districts.
func byRegionSize(regions []umkm.RegionCode) (province bool, regencies, districts []umkm.RegionCode) {
	for _, r := range regions {
		switch {
		case r == umkm.Province:
			province = true
		case r == r.Regency():
			regencies = append(regencies, r)
		default:
			districts = append(districts, r.District())
		}
	}
	return province, regencies, districts
}

// front lists the first n cases of each role and region, in the queue's order.
func (w search) front(ctx context.Context, tx pgx.Tx, b barred, n int) ([]candidate, error) {
	var all []candidate
	collect := func(rows pgx.Rows) error {
		some, err := pgx.CollectRows(rows, pgx.RowToStructByName[candidate])
		all = append(all, some...)
		return err
	}
	batch := &pgx.Batch{}
	for _, role := range caseRoles(w.kind) {
		sql, args := sqlFront, []any{w.kind, b.Owners, b.Accounts, b.Passed, n, role}
		if w.topic != "" {
			sql, args = sqlTopicFront, append(args, w.topic)
		}
		province, regencies, districts := byRegionSize(w.staff.Regions(role))
		if province {
			batch.Queue(sql.everywhere, args...).Query(collect)
		}
		if len(regencies) > 0 {
			batch.Queue(sql.regencies, append(slices.Clone(args), regencies)...).Query(collect)
		}
		if len(districts) > 0 {
			batch.Queue(sql.districts, append(slices.Clone(args), districts)...).Query(collect)
		}
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("read the queue: %w", err)
	}
	slices.SortFunc(all, func(a, b candidate) int {
		if a.Returned != b.Returned {
			if a.Returned {
				return -1
			}
			return 1
		}
		return cmp.Or(a.Since.Compare(b.Since), slices.Compare(a.ID[:], b.ID[:]))
	})
	return all, nil
}

// What others take at this moment is passed over; the conditions are looked at
// again once the row is locked.
const sqlLockNext = `
SELECT ` + caseColumns + ` FROM cases c
WHERE c.id = ANY($1) AND c.state = 'waiting' AND c.holder IS NULL
ORDER BY c.returned DESC, c.since, c.id LIMIT 1
FOR UPDATE SKIP LOCKED`

// nextCase locks the first case that nobody else is about to take. It looks at
// the front of the queue first and further back only when all of that is taken.
func nextCase(ctx context.Context, tx pgx.Tx, w search, at time.Time) (caseRow, bool, error) {
	b, err := barredFor(ctx, tx, w.staff.Account, at)
	if err != nil {
		return caseRow{}, false, err
	}
	for n := 16; ; n *= 16 {
		candidates, err := w.front(ctx, tx, b, n)
		if err != nil {
			return caseRow{}, false, err
		}
		ids := make([]uuid.UUID, len(candidates))
		for i, c := range candidates {
			ids[i] = c.ID
		}
		rows, _ := tx.Query(ctx, sqlLockNext, ids)
		c, err := pgx.CollectExactlyOneRow(rows, caseOf)
		if err == nil {
			return c, true, nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return caseRow{}, false, fmt.Errorf("lock next case: %w", err)
		}
		if len(candidates) < n {
			return caseRow{}, false, nil
		}
	}
}
