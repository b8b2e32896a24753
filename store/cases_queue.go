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

// queueRegions are the regions whose queue a person may see, by size; with a
// region within, only as much of them as lies in it.
func (s *Store) queueRegions(ctx context.Context, account int64, kind umkm.CaseKind, within umkm.RegionCode) (province bool, regencies, districts []umkm.RegionCode, err error) {
	staff, err := staffOf(ctx, s.pool, account)
	if err != nil {
		return false, nil, nil, err
	}
	regions := staff.Regions(caseRole(kind))
	if within != "" {
		regions = narrowed(regions, within)
	}
	if len(regions) == 0 {
		return false, nil, nil, umkm.ErrForbidden
	}
	province, regencies, districts = byRegionSize(regions)
	return province, regencies, districts, nil
}

// narrowed is what regions and one region have in common.
func narrowed(regions []umkm.RegionCode, within umkm.RegionCode) []umkm.RegionCode {
	var out []umkm.RegionCode
	for _, r := range regions {
		switch {
		case r.Contains(within):
			return []umkm.RegionCode{within}
		case within.Contains(r):
			out = append(out, r)
		}
	}
	return out
}

// What waits is counted as it changes; only what is held, and what came on the
// very day of the cut-off, is counted in the queue itself.
const (
	sqlCounters = `
SELECT n.region, n.topic, n.waiting, 0 AS held, CASE WHEN n.day < case_day($3) THEN n.waiting ELSE 0 END AS overdue, n.day
FROM case_counts n`
	sqlCountHeld = `
SELECT %[1]s, topic, 0, 1, 0, NULL::date FROM cases
WHERE kind = $1 AND holder IS NOT NULL AND held_until > $2 AND %[2]s`
	sqlCountDay = `
SELECT %[1]s, topic, 0, 0, 1, NULL::date FROM cases
WHERE kind = $1 AND state = 'waiting' AND returned = ANY('{true,false}')
	AND since >= case_day($3)::timestamp AT TIME ZONE 'Asia/Jakarta' AND since < $3 AND %[2]s`
	sqlCountAll = `
SELECT region, topic, sum(waiting)::bigint AS waiting, sum(held)::bigint AS held, sum(overdue)::bigint AS overdue,
	coalesce(min(day)::timestamp AT TIME ZONE 'Asia/Jakarta', $2) AS oldest
FROM (%s UNION ALL %s UNION ALL %s) parts
GROUP BY region, topic HAVING sum(waiting) > 0`
)

var (
	sqlCountProvince = countSQL("regency", "true", `
WHERE n.kind = $1 AND n.size = 5`)
	sqlCountRegencies = countSQL("district", "regency = ANY($4::text[])", `
JOIN unnest($4::text[]) r(code) ON n.region > r.code || '.' AND n.region < r.code || '/'
WHERE n.kind = $1 AND n.size = 8`)
	sqlCountDistricts = countSQL("district", "district = ANY($4::text[])", `
WHERE n.kind = $1 AND n.size = 8 AND n.region = ANY($4::text[])`)
)

// countSQL counts by a column of cases, in the counters that where finds and
// in the cases that within finds.
func countSQL(column, within, where string) string {
	return fmt.Sprintf(sqlCountAll, sqlCounters+where, fmt.Sprintf(sqlCountHeld, column, within), fmt.Sprintf(sqlCountDay, column, within))
}

// QueueCounts counts what waits in a person's regions: by regency for those
// who may act in the whole province, else by district. What has waited since
// before overdue counts as over age. umkm.ErrForbidden: they have no such role.
func (s *Store) QueueCounts(ctx context.Context, account int64, kind umkm.CaseKind, overdue, at time.Time) ([]umkm.QueueCount, error) {
	province, regencies, districts, err := s.queueRegions(ctx, account, kind, "")
	if err != nil {
		return nil, fmt.Errorf("count the queue: %w", err)
	}
	batch := &pgx.Batch{}
	var counts []umkm.QueueCount
	collect := func(rows pgx.Rows) error {
		some, err := pgx.CollectRows(rows, pgx.RowToStructByName[umkm.QueueCount])
		counts = append(counts, some...)
		return err
	}
	if province {
		batch.Queue(sqlCountProvince, kind, at, overdue).Query(collect)
	}
	if len(regencies) > 0 {
		batch.Queue(sqlCountRegencies, kind, at, overdue, regencies).Query(collect)
	}
	if len(districts) > 0 {
		batch.Queue(sqlCountDistricts, kind, at, overdue, districts).Query(collect)
	}
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
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
	return s.QueueListIn(ctx, account, kind, "", after, limit)
}

// QueueListIn is QueueList of one region, as far as the person's role reaches
// it. umkm.ErrForbidden: it does not.
func (s *Store) QueueListIn(ctx context.Context, account int64, kind umkm.CaseKind, region umkm.RegionCode, after umkm.QueueCursor, limit int) ([]umkm.QueueItem, error) {
	province, regencies, districts, err := s.queueRegions(ctx, account, kind, region)
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
