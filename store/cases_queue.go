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

// reach is where a role may act, by the size of regions.
type reach struct {
	role                 umkm.Role
	province             bool
	regencies, districts []umkm.RegionCode
}

// queueReach is whose queues of a kind a person may see, and where; with a
// region within, only as much of that as lies in it.
func (s *Store) queueReach(ctx context.Context, account int64, kind umkm.CaseKind, within umkm.RegionCode) ([]reach, error) {
	staff, err := staffOf(ctx, s.pool, account)
	if err != nil {
		return nil, err
	}
	var all []reach
	for _, role := range caseRoles(kind) {
		regions := staff.Regions(role)
		if within != "" {
			regions = narrowed(regions, within)
		}
		if len(regions) == 0 {
			continue
		}
		r := reach{role: role}
		r.province, r.regencies, r.districts = byRegionSize(regions)
		all = append(all, r)
	}
	if len(all) == 0 {
		return nil, umkm.ErrForbidden
	}
	return all, nil
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

// What waits is counted as it changes; only what is held (of kinds that are not
// for desks: what lies there does not wait), and what came on the
// very day of the cut-off, is counted in the queue itself.
const (
	sqlCounters = `
SELECT n.region, n.topic, n.waiting, 0 AS held, CASE WHEN n.day < case_day($3) THEN n.waiting ELSE 0 END AS overdue, n.day
FROM case_counts n`
	sqlCountHeld = `
SELECT %[1]s, topic, 0, 1, 0, NULL::date FROM cases
WHERE kind = $1 AND $1 = 'document' AND role = $4 AND state = 'waiting' AND holder IS NOT NULL AND held_until > $2 AND %[2]s`
	sqlCountDay = `
SELECT %[1]s, topic, 0, 0, 1, NULL::date FROM cases
WHERE kind = $1 AND role = $4 AND state = 'waiting' AND returned = ANY('{true,false}')
	AND since >= case_day($3)::timestamp AT TIME ZONE 'Asia/Jakarta' AND since < $3 AND %[2]s`
	sqlCountAll = `
SELECT region, topic, sum(waiting)::bigint AS waiting, sum(held)::bigint AS held, sum(overdue)::bigint AS overdue,
	coalesce(min(day)::timestamp AT TIME ZONE 'Asia/Jakarta', $2) AS oldest
FROM (%s UNION ALL %s UNION ALL %s) parts
GROUP BY region, topic HAVING sum(waiting) > 0`
)

var (
	sqlCountProvince = countSQL("regency", "true", `
WHERE n.kind = $1 AND n.role = $4 AND n.size = 5`)
	sqlCountRegencies = countSQL("district", "regency = ANY($5::text[])", `
JOIN unnest($5::text[]) r(code) ON n.region >= r.code AND n.region < r.code || '/'
WHERE n.kind = $1 AND n.role = $4 AND n.size = 8`)
	sqlCountDistricts = countSQL("district", "district = ANY($5::text[])", `
WHERE n.kind = $1 AND n.role = $4 AND n.size = 8 AND n.region = ANY($5::text[])`)
)

// countSQL counts by a column of cases, in the counters that where finds and
// in the cases that within finds.
func countSQL(column, within, where string) string {
	return fmt.Sprintf(sqlCountAll, sqlCounters+where, fmt.Sprintf(sqlCountHeld, column, within), fmt.Sprintf(sqlCountDay, column, within))
}

// QueueCounts counts what waits in a person's regions: by regency for those
// who may act in the whole province, else by district. What has waited since
// before overdue counts as over age. What has no district, or no regency, is
// counted under the region that it has. umkm.ErrForbidden: they have no such role.
func (s *Store) QueueCounts(ctx context.Context, account int64, kind umkm.CaseKind, overdue, at time.Time) ([]umkm.QueueCount, error) {
	reaches, err := s.queueReach(ctx, account, kind, "")
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
	for _, r := range reaches {
		if r.province {
			batch.Queue(sqlCountProvince, kind, at, overdue, r.role).Query(collect)
		}
		if len(r.regencies) > 0 {
			batch.Queue(sqlCountRegencies, kind, at, overdue, r.role, r.regencies).Query(collect)
		}
		if len(r.districts) > 0 {
			batch.Queue(sqlCountDistricts, kind, at, overdue, r.role, r.districts).Query(collect)
		}
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
	return summed(counts), nil
}

// summed makes one of the counts of a topic in a region that more than one
// role looks at.
func summed(counts []umkm.QueueCount) []umkm.QueueCount {
	var out []umkm.QueueCount
	for _, c := range counts {
		if n := len(out) - 1; n >= 0 && out[n].Region == c.Region && out[n].Topic == c.Topic {
			out[n].Waiting, out[n].Held, out[n].Overdue = out[n].Waiting+c.Waiting, out[n].Held+c.Held, out[n].Overdue+c.Overdue
			if c.Oldest.Before(out[n].Oldest) {
				out[n].Oldest = c.Oldest
			}
			continue
		}
		out = append(out, c)
	}
	return out
}

// A page of each role and region and of both kinds of places in the queue,
// then the oldest of them all: each part is read in the order of its index. %s
// is one topic, or nothing.
const (
	sqlListPart = `
SELECT c.id, c.since FROM cases c
WHERE c.kind = $1 AND c.role = w.role AND c.state = 'waiting' AND c.returned = v.returned AND (c.since, c.id) > ($2, $3)%[1]s`
	sqlListOrder = ` ORDER BY since, id LIMIT $4`
	sqlListTopic = ` AND c.kind <> 'document' AND c.topic = $11`
	sqlListAny   = `
SELECT ` + caseColumns + `, coalesce(b.name, '') AS business_name, coalesce(h.name, '') AS holder_name
FROM (
	SELECT p.* FROM (VALUES (true), (false)) v(returned) CROSS JOIN unnest($5::text[]) w(role)
		CROSS JOIN LATERAL (` + sqlListPart + sqlListOrder + `) p
	UNION ALL
	SELECT p.* FROM (VALUES (true), (false)) v(returned) CROSS JOIN unnest($6::text[], $7::text[]) w(role, code)
		CROSS JOIN LATERAL (` + sqlListPart + ` AND c.regency = w.code` + sqlListOrder + `) p
	UNION ALL
	SELECT p.* FROM (VALUES (true), (false)) v(returned) CROSS JOIN unnest($8::text[], $9::text[]) w(role, code)
		CROSS JOIN LATERAL (` + sqlListPart + ` AND c.district = w.code` + sqlListOrder + `) p
	` + sqlListOrder + `
) p
JOIN cases c ON c.id = p.id
LEFT JOIN businesses b ON b.id = c.business
LEFT JOIN staff h ON h.telegram_id = c.holder AND c.held_until > $10
ORDER BY c.since, c.id`
)

var (
	sqlListPage      = fmt.Sprintf(sqlListAny, "")
	sqlListTopicPage = fmt.Sprintf(sqlListAny, sqlListTopic)
)

// listArgs are the arguments of sqlListPage.
func listArgs(kind umkm.CaseKind, reaches []reach, since time.Time, from uuid.UUID, limit int, at time.Time) []any {
	var everywhere, inRegencies, inDistricts []umkm.Role
	var regencies, districts []umkm.RegionCode
	for _, r := range reaches {
		if r.province {
			everywhere = append(everywhere, r.role)
		}
		inRegencies = append(inRegencies, slices.Repeat([]umkm.Role{r.role}, len(r.regencies))...)
		inDistricts = append(inDistricts, slices.Repeat([]umkm.Role{r.role}, len(r.districts))...)
		regencies, districts = append(regencies, r.regencies...), append(districts, r.districts...)
	}
	return []any{kind, since, from, limit, everywhere, inRegencies, regencies, inDistricts, districts, at}
}

// QueueList lists what waits in a person's regions, what has waited longest
// first, with who has it in hand. after is where the page before ended.
// umkm.ErrForbidden: they have no such role.
func (s *Store) QueueList(ctx context.Context, account int64, kind umkm.CaseKind, after umkm.QueueCursor, limit int) ([]umkm.QueueItem, error) {
	return s.QueueListOf(ctx, account, kind, "", "", after, limit)
}

// QueueListIn is QueueList of one region, as far as the person's role reaches
// it. umkm.ErrForbidden: it does not.
func (s *Store) QueueListIn(ctx context.Context, account int64, kind umkm.CaseKind, region umkm.RegionCode, after umkm.QueueCursor, limit int) ([]umkm.QueueItem, error) {
	return s.QueueListOf(ctx, account, kind, "", region, after, limit)
}

// QueueListOf is QueueListIn of one topic, such as a programme; "" is any, and
// for documents the only one.
func (s *Store) QueueListOf(ctx context.Context, account int64, kind umkm.CaseKind, topic string, region umkm.RegionCode, after umkm.QueueCursor, limit int) ([]umkm.QueueItem, error) {
	reaches, err := s.queueReach(ctx, account, kind, region)
	if err != nil {
		return nil, fmt.Errorf("list the queue: %w", err)
	}
	var from uuid.UUID
	if after.ID != "" {
		if from, err = uuid.Parse(after.ID); err != nil {
			return nil, fmt.Errorf("list the queue: cursor: %w", err)
		}
	}
	sql, args := sqlListPage, listArgs(kind, reaches, after.Since, from, limit, s.now())
	if topic != "" {
		sql, args = sqlListTopicPage, append(args, topic)
	}
	type item struct {
		caseRow
		BusinessName, HolderName string
	}
	rows, _ := s.pool.Query(ctx, sql, args...)
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
