package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// A message goes to a chat once, whomever it acts for. Almost every chat acts
// for one business; only the others need telling apart.
const (
	sqlCountChats = `
SELECT (SELECT count(*) FROM reach r WHERE ` + sqlReachable + ` AND r.sole AND %[1]s)
	+ (SELECT count(DISTINCT r.chat) FROM reach r WHERE ` + sqlReachable + ` AND NOT r.sole AND %[1]s), 0`

	sqlChats = `
SELECT r.chat, r.business AS subject, r.language FROM reach r WHERE ` + sqlReachable + ` AND r.sole AND %[1]s
UNION ALL (
	SELECT DISTINCT ON (r.chat) r.chat, r.business, r.language FROM reach r WHERE ` + sqlReachable + ` AND NOT r.sole AND %[1]s
	ORDER BY r.chat, r.business)`

	// Who has had, or is on the way to getting, so many within the week. What
	// is still to be sent counts, lest broadcasts planned together make it more.
	sqlFull = `
SELECT d.chat FROM mailings m JOIN deliveries d ON d.mailing = m.id
WHERE m.kind = 'broadcast' AND NOT m.urgent AND (m.done_at IS NULL OR m.done_at > %[1]s)
	AND (d.state IN ('sent', 'uncertain') AND d.at > %[1]s OR d.state IN ('planned', 'sending') AND m.state IN ('running', 'paused'))
GROUP BY d.chat HAVING count(*) >= %[2]s`

	sqlCountFull = `
WITH "full" AS MATERIALIZED (%[2]s)
SELECT count(*) FILTER (WHERE f.chat IS NULL), count(f.chat) FROM (%[1]s) each LEFT JOIN "full" f USING (chat)`

	sqlChatsLeft = `
SELECT each.* FROM (%[1]s) each WHERE NOT EXISTS (SELECT FROM (%[2]s) "full" WHERE "full".chat = each.chat)`
)

// broadcastWeek is what the bound of broadcasts is about.
const broadcastWeek = 7 * 24 * time.Hour

// chats are those a broadcast is for, as conditions on reach.
type chats struct {
	where  string
	args   []any
	bound  bool // some may have had their share
	week   int
	behind time.Time // when the week began
}

const sqlRecentBroadcasts = `
SELECT count(*) FROM mailings WHERE kind = 'broadcast' AND NOT urgent AND (done_at IS NULL OR done_at > $1)`

// chatsFor says whom a segment means in the regions of an officer, and in no
// others, whatever the segment says.
func (s *Store) chatsFor(ctx context.Context, q querier, seg umkm.Segment, own []umkm.RegionCode, urgent bool, at time.Time) (chats, error) {
	c := &condition{first: 1, parts: []string{"true"}}
	s.narrow(c, seg)
	c.held(own)
	out := chats{where: strings.Join(c.parts, " AND "), args: c.args, week: s.broadcastsAWeek, behind: at.Add(-broadcastWeek)}
	if urgent || out.week == 0 {
		return out, nil
	}
	rows, _ := q.Query(ctx, sqlRecentBroadcasts, out.behind)
	recent, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[int])
	if err != nil {
		return chats{}, fmt.Errorf("find broadcasts of the week: %w", err)
	}
	out.bound = recent >= out.week
	return out, nil
}

// all selects everybody's chat, subject and language, the share of the week aside.
func (c chats) all() (sql string, args []any) { return fmt.Sprintf(sqlChats, c.where), c.args }

// full selects who has had their share, with further arguments.
func (c chats) full() (sql string, args []any) {
	n := len(c.args)
	return fmt.Sprintf(sqlFull, "$"+strconv.Itoa(n+1)+"::timestamptz", "$"+strconv.Itoa(n+2)), append(c.args[:n:n], c.behind, c.week)
}

// left selects those of all who have not had their share.
func (c chats) left() (sql string, args []any) {
	sql, args = c.all()
	if !c.bound {
		return sql, args
	}
	full, args := c.full()
	return fmt.Sprintf(sqlChatsLeft, sql, full), args
}

func (c chats) count(ctx context.Context, q querier) (umkm.Reached, error) {
	sql, args := fmt.Sprintf(sqlCountChats, c.where), c.args
	if c.bound {
		all, _ := c.all()
		full, more := c.full()
		sql, args = fmt.Sprintf(sqlCountFull, all, full), more
	}
	rows, _ := q.Query(ctx, sql, args...)
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[umkm.Reached])
	if err != nil {
		return umkm.Reached{}, fmt.Errorf("count who is reached: %w", err)
	}
	return r, nil
}

// CountReached says how many chats a broadcast would go to, and how many are
// passed over as they have had their share of the week. umkm.ErrForbidden: by
// is no officer in all regions of the segment.
func (s *Store) CountReached(ctx context.Context, by int64, seg umkm.Segment, urgent bool, at time.Time) (umkm.Reached, error) {
	own, err := officerRegions(ctx, s.pool, by, seg)
	if err != nil {
		return umkm.Reached{}, fmt.Errorf("count who is reached: %w", err)
	}
	c, err := s.chatsFor(ctx, s.pool, seg, own, urgent, at)
	if err != nil {
		return umkm.Reached{}, err
	}
	return c.count(ctx, s.pool)
}

// officerRegions are where somebody is an officer, all regions of a segment
// among them: umkm.ErrForbidden.
func officerRegions(ctx context.Context, q querier, by int64, seg umkm.Segment) ([]umkm.RegionCode, error) {
	who, err := staffOf(ctx, q, by)
	if err != nil {
		return nil, err
	}
	own := who.Regions(umkm.RoleOfficer)
	if !seg.Within(own) {
		return nil, umkm.ErrForbidden
	}
	return own, nil
}

// sampleSize is how many people a sample shows.
const sampleSize = 10

// The order is by chance, another one each second.
const sqlSample = `
SELECT o.name, b.name AS business, b.village, picked.language
FROM (SELECT each.* FROM (%s) each ORDER BY hashint8extended(each.chat, %s) LIMIT %d) picked
JOIN businesses b ON b.id = picked.subject JOIN owners o ON o.id = b.owner
ORDER BY b.village, o.name`

// SampleReached picks at most ten of those whom a segment means, by chance, as
// somebody's view of personal data. umkm.ErrForbidden.
func (s *Store) SampleReached(ctx context.Context, by int64, seg umkm.Segment, at time.Time) (all []umkm.BroadcastSample, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		own, err := officerRegions(ctx, tx, by, seg)
		if err != nil {
			return err
		}
		c, err := s.chatsFor(ctx, tx, seg, own, true, at)
		if err != nil {
			return err
		}
		sql, args := c.all()
		sql = fmt.Sprintf(sqlSample, sql, "$"+strconv.Itoa(len(args)+1), sampleSize)
		rows, _ := tx.Query(ctx, sql, append(args, at.Unix())...)
		if all, err = pgx.CollectRows(rows, pgx.RowToStructByName[umkm.BroadcastSample]); err != nil {
			return err
		}
		return addAudit(ctx, tx, auditEntry{
			Actor: accountActor(by), Action: "broadcast.sampled", Subject: staffSubject(by), At: at,
			Details: map[string]any{"regions": seg.Regions, "people": len(all)},
		})
	})
	if err != nil {
		return nil, fmt.Errorf("sample who is reached: %w", classify(err))
	}
	return all, nil
}
