package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const sectionAccesses = "accesses"

// accessesCopied is how many of the newest accesses stand in a copy.
const accessesCopied = 1000

// What the audit log may have about somebody: by their own records, and, of
// lists that they stand on, the looks at those. A training's and a broadcast's
// other entries are about the office's own doing.
const (
	sqlAccessSubjects = `
SELECT 'owner:' || $1::uuid WHERE $1::uuid IS NOT NULL
UNION ALL SELECT 'business:' || id FROM businesses WHERE owner = $1
UNION ALL SELECT kind || ':' || id FROM cases WHERE owner = $1 OR owner IS NULL AND account = $2
UNION ALL SELECT 'seat:' || id FROM seats WHERE owner = $1
UNION ALL SELECT 'account:' || $2::bigint WHERE $1::uuid IS NULL`

	sqlAccessLists = `
SELECT DISTINCT 'training:' || training FROM seats WHERE owner = $1
UNION SELECT DISTINCT 'broadcast:' || m.subject FROM deliveries t JOIN mailings m ON m.id = t.mailing
WHERE m.kind = 'broadcast' AND (`

	sqlAccesses = `
SELECT l.id, l.at, l.actor, l.action, l.subject
FROM audit_log l
WHERE (l.subject = ANY($1) OR l.subject = ANY($2) AND l.action = ANY($3))
	AND (l.at, l.id) < (coalesce((SELECT at FROM audit_log WHERE id = $4), 'infinity'), coalesce($4, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
ORDER BY l.at DESC, l.id DESC LIMIT $5`
)

// listLooks are the entries of a training or a broadcast that are looks at who
// stands on its lists.
var listLooks = []string{"training.listed", "training.searched", "training.exported", "training.feedback_viewed", "broadcast.listed"}

// PersonalAccesses lists who has looked at somebody's records or changed them,
// newest first, behind an entry; "" for the first page. Of staff it tells the
// role and regions that they had at the time, as far as the log knows.
// umkm.ErrNotYours.
func (s *Store) PersonalAccesses(ctx context.Context, account int64, owner, before string, limit int) (out []umkm.PersonalAccess, err error) {
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		who, err := personOf(ctx, tx, account, owner)
		if err == nil {
			out, err = s.accesses(ctx, tx, who, before, limit)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("personal accesses: %w", err)
	}
	return out, nil
}

type accessRow struct {
	ID      uuid.UUID
	At      time.Time
	Actor   string
	Action  string
	Subject string
}

func (s *Store) accesses(ctx context.Context, tx pgx.Tx, who person, before string, limit int) ([]umkm.PersonalAccess, error) {
	var behind *uuid.UUID
	if before != "" {
		id, err := uuid.Parse(before)
		if err != nil {
			return nil, nil // no button of ours says this
		}
		behind = &id
	}
	subjects, lists, err := accessSubjects(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	rows, _ := tx.Query(ctx, sqlAccesses, subjects, lists, listLooks, behind, limit)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[accessRow])
	if err != nil {
		return nil, fmt.Errorf("read accesses: %w", err)
	}
	own, err := ownAccounts(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	out := make([]umkm.PersonalAccess, len(found))
	for i, r := range found {
		if out[i], err = accessOf(ctx, tx, r, own); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func accessSubjects(ctx context.Context, tx pgx.Tx, who person) (subjects, lists []string, err error) {
	rows, _ := tx.Query(ctx, sqlAccessSubjects, who.owner, who.account)
	if subjects, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		return nil, nil, fmt.Errorf("find what the log may be about: %w", err)
	}
	rows, _ = tx.Query(ctx, sqlAccessLists+deliveriesTable().rows+")", who.owner, who.account)
	if lists, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		return nil, nil, fmt.Errorf("find what lists they stand on: %w", err)
	}
	return subjects, lists, nil
}

func deliveriesTable() personalTable {
	i := slices.IndexFunc(trainingTables, func(t personalTable) bool { return t.name == "deliveries" })
	return trainingTables[i]
}

const sqlOwnAccounts = `SELECT account FROM account_owners WHERE owner = $1 UNION SELECT $2::bigint`

// ownAccounts are those that act for the owner, and the one that asks.
func ownAccounts(ctx context.Context, q querier, who person) ([]int64, error) {
	rows, _ := q.Query(ctx, sqlOwnAccounts, who.owner, who.account)
	all, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("find the owner's accounts: %w", err)
	}
	return all, nil
}

func accessOf(ctx context.Context, q querier, r accessRow, own []int64) (umkm.PersonalAccess, error) {
	what, _, _ := strings.Cut(r.Subject, ":")
	a := umkm.PersonalAccess{ID: r.ID.String(), At: r.At, Who: umkm.AccessSystem, Action: r.Action, What: what}
	number, byAccount := strings.CutPrefix(r.Actor, "account:")
	account, err := strconv.ParseInt(number, 10, 64)
	if !byAccount || err != nil {
		return a, nil
	}
	if slices.Contains(own, account) {
		a.Who = umkm.AccessSelf
		return a, nil
	}
	grants, known, err := grantsAt(ctx, q, account, r.At)
	if err != nil {
		return a, err
	}
	a.Who = umkm.AccessSelf // who acted for them before
	if known {
		a.Who = umkm.AccessStaff
		a.Role, a.Region = roleFor(what, grants)
	}
	return a, nil
}

// What somebody might do at a time is what the last entry before says of them;
// without one, what the first entry after says that they might until then, else
// what they may do now, if they were of the staff already.
const sqlGrantsAt = `
SELECT coalesce(
	(SELECT CASE l.action WHEN 'staff.accepted' THEN l.details->'grants' ELSE l.details->'after' END
	FROM audit_log l
	WHERE (l.subject = 'staff:' || $1::bigint AND l.action IN ('staff.changed', 'staff.removed')
		OR l.actor = 'account:' || $1::bigint AND l.action = 'staff.accepted') AND l.at <= $2
	ORDER BY l.at DESC, l.id DESC LIMIT 1),
	(SELECT l.details->'before' FROM audit_log l
	WHERE l.subject = 'staff:' || $1::bigint AND l.action IN ('staff.changed', 'staff.removed') AND l.at > $2
	ORDER BY l.at, l.id LIMIT 1),
	(SELECT jsonb_agg(jsonb_build_object('role', g.role, 'region', g.region) ORDER BY g.role, g.region)
	FROM staff_grants g WHERE g.account = $1 AND g.at <= $2),
	'[]') AS grants, EXISTS (SELECT FROM staff WHERE telegram_id = $1) AS known`

// grantsAt are the roles of an account at a time; known is false for who never
// was of the staff.
func grantsAt(ctx context.Context, q querier, account int64, at time.Time) (grants []umkm.Grant, known bool, err error) {
	rows, _ := q.Query(ctx, sqlGrantsAt, account, at)
	type row struct {
		Grants []byte
		Known  bool
	}
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[row])
	if err == nil {
		err = json.Unmarshal(r.Grants, &grants)
	}
	if err != nil {
		return nil, false, fmt.Errorf("find roles at the time: %w", err)
	}
	return grants, r.Known, nil
}

// roleFor is in which of their roles somebody looks at a kind of record, and
// where: the kind's own, else the most powerful.
func roleFor(what string, grants []umkm.Grant) (umkm.Role, []string) {
	has := func(role umkm.Role) bool {
		return role != "" && slices.ContainsFunc(grants, func(g umkm.Grant) bool { return g.Role == role })
	}
	role := map[string]umkm.Role{
		"document": umkm.RoleReviewer, "ticket": umkm.RoleOfficer, "seat": umkm.RoleOfficer, "training": umkm.RoleOfficer, "broadcast": umkm.RoleOfficer,
	}[what]
	for _, r := range []umkm.Role{umkm.RoleAdmin, umkm.RoleOfficer, umkm.RoleReviewer} {
		if !has(role) {
			role = r
		}
	}
	if !has(role) {
		return "", nil
	}
	var regions []string
	for _, g := range grants {
		if g.Role == role {
			regions = append(regions, string(g.Region))
		}
	}
	slices.SortFunc(regions, cmp.Compare)
	return role, regions
}

// accessSection is the access list as a copy has it.
func accessSection(all []umkm.PersonalAccess) umkm.PersonalSection {
	out := umkm.PersonalSection{ID: sectionAccesses}
	for _, a := range all {
		row := umkm.PersonalRow{{ID: "at", Value: a.At}, {ID: "who", Value: string(a.Who)}}
		if a.Role != "" {
			row = append(row, umkm.PersonalField{ID: "role", Value: string(a.Role)})
		}
		row = append(row, listField("regions", a.Region)...)
		out.Rows = append(out.Rows, append(row, umkm.PersonalField{ID: "action", Value: a.Action}, umkm.PersonalField{ID: "what", Value: a.What}))
	}
	return out
}
