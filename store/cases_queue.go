package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// queueRegions are the regions whose queue a person may see, by size.
func (s *Store) queueRegions(ctx context.Context, account int64, kind umkm.CaseKind) (province bool, regencies, districts []umkm.RegionCode, err error) {
	staff, err := staffOf(ctx, s.pool, account)
	if err != nil {
		return false, nil, nil, err
	}
	regions := staff.Regions(caseRole(kind))
	if len(regions) == 0 {
		return false, nil, nil, umkm.ErrForbidden
	}
	province, regencies, districts = byRegionSize(regions)
	return province, regencies, districts, nil
}

const (
	sqlCountRegencies = `
SELECT regency AS region, topic, count(*) AS waiting, count(*) FILTER (WHERE held_until > $2) AS held,
	count(*) FILTER (WHERE since < $3) AS overdue, min(since) AS oldest
FROM cases WHERE kind = $1 AND state = 'waiting'
GROUP BY regency, topic`

	sqlCountDistricts = `
SELECT district AS region, topic, count(*) AS waiting, count(*) FILTER (WHERE held_until > $2) AS held,
	count(*) FILTER (WHERE since < $3) AS overdue, min(since) AS oldest
FROM cases WHERE kind = $1 AND state = 'waiting' AND (regency = ANY($4) OR district = ANY($5))
GROUP BY district, topic`
)

// QueueCounts counts what waits in a person's regions: by regency for those
// who may act in the whole province, else by district. What has waited since
// before overdue counts as over age. umkm.ErrForbidden: they have no such role.
func (s *Store) QueueCounts(ctx context.Context, account int64, kind umkm.CaseKind, overdue, at time.Time) ([]umkm.QueueCount, error) {
	province, regencies, districts, err := s.queueRegions(ctx, account, kind)
	if err != nil {
		return nil, fmt.Errorf("count the queue: %w", err)
	}
	sql, args := sqlCountDistricts, []any{kind, at, overdue, regencies, districts}
	if province {
		sql, args = sqlCountRegencies, args[:3]
	}
	rows, _ := s.pool.Query(ctx, sql, args...)
	counts, err := pgx.CollectRows(rows, pgx.RowToStructByName[umkm.QueueCount])
	if err != nil {
		return nil, fmt.Errorf("count the queue: %w", err)
	}
	slices.SortFunc(counts, func(a, b umkm.QueueCount) int {
		if by := strings.Compare(string(a.Region), string(b.Region)); by != 0 {
			return by
		}
		return strings.Compare(a.Topic, b.Topic)
	})
	return counts, nil
}

// A page of each region and of both kinds of places in the queue, then the
// oldest of them all: each part is read in the order of its index.
const (
	sqlListPart = `
SELECT c.id, c.since FROM cases c
WHERE c.kind = $1 AND c.state = 'waiting' AND c.returned = v.returned AND (c.since, c.id) > ($2, $3)`
	sqlListOrder = ` ORDER BY since, id LIMIT $4`
	sqlListPage  = `
SELECT ` + caseColumns + `, b.name AS business_name, coalesce(h.name, '') AS holder_name
FROM (
	SELECT p.* FROM (VALUES (true), (false)) v(returned) CROSS JOIN LATERAL (` + sqlListPart + ` AND $5` + sqlListOrder + `) p
	UNION ALL
	SELECT p.* FROM (VALUES (true), (false)) v(returned) CROSS JOIN unnest($6::text[]) r(code)
		CROSS JOIN LATERAL (` + sqlListPart + ` AND c.regency = r.code` + sqlListOrder + `) p
	UNION ALL
	SELECT p.* FROM (VALUES (true), (false)) v(returned) CROSS JOIN unnest($7::text[]) r(code)
		CROSS JOIN LATERAL (` + sqlListPart + ` AND c.district = r.code` + sqlListOrder + `) p
	` + sqlListOrder + `
) p
JOIN cases c ON c.id = p.id
JOIN businesses b ON b.id = c.business
LEFT JOIN staff h ON h.telegram_id = c.holder AND c.held_until > $8
ORDER BY c.since, c.id`
)

// QueueList lists what waits in a person's regions, what has waited longest
// first, with who has it in hand. after is where the page before ended.
// umkm.ErrForbidden: they have no such role.
func (s *Store) QueueList(ctx context.Context, account int64, kind umkm.CaseKind, after umkm.QueueCursor, limit int) ([]umkm.QueueItem, error) {
	province, regencies, districts, err := s.queueRegions(ctx, account, kind)
	if err != nil {
		return nil, fmt.Errorf("list the queue: %w", err)
	}
	var from uuid.UUID
	if after.ID != "" {
		if from, err = uuid.Parse(after.ID); err != nil {
			return nil, fmt.Errorf("list the queue: cursor: %w", err)
		}
	}
	type item struct {
		caseRow
		BusinessName, HolderName string
	}
	rows, _ := s.pool.Query(ctx, sqlListPage, kind, after.Since, from, limit, province, regencies, districts, s.now())
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[item])
	if err != nil {
		return nil, fmt.Errorf("list the queue: %w", err)
	}
	out := make([]umkm.QueueItem, len(found))
	for i, f := range found {
		if f.HolderName == "" {
			f.Holder, f.Until = 0, time.Time{}
		}
		out[i] = umkm.QueueItem{Case: f.Case, BusinessName: f.BusinessName, HolderName: f.HolderName}
	}
	return out, nil
}
