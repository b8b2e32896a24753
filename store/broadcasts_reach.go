package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// A message goes to a chat once, whomever it acts for. Almost every chat acts
// for one business; only the others need telling apart.
const (
	sqlCountChats = `
SELECT (SELECT count(*) FROM reach r WHERE ` + sqlReachable + ` AND r.sole AND %[1]s)
	+ (SELECT count(DISTINCT r.chat) FROM reach r WHERE ` + sqlReachable + ` AND NOT r.sole AND %[1]s)`

	sqlChats = `
SELECT r.chat, r.business AS subject, r.language FROM reach r WHERE ` + sqlReachable + ` AND r.sole AND %[1]s
UNION ALL (
	SELECT DISTINCT ON (r.chat) r.chat, r.business, r.language FROM reach r WHERE ` + sqlReachable + ` AND NOT r.sole AND %[1]s
	ORDER BY r.chat, r.business)`

	// What counts to the share of the week: mailings of it come first, then those
	// of them that are still being sent, then when the week began.
	deliveredLately = `d.mailing = ANY($%[2]d::uuid[]) AND (d.state IN ('sent', 'uncertain') AND d.at > $%[4]d::timestamptz
	OR d.state IN ('planned', 'sending') AND d.mailing = ANY($%[3]d::uuid[]))`

	hadTheirs = `SELECT d.chat FROM deliveries d WHERE ` + deliveredLately + ` GROUP BY d.chat HAVING count(*) >= $%[5]d`

	sqlChatsLeft = `SELECT each.* FROM (%[1]s) each WHERE NOT EXISTS (SELECT FROM (` + hadTheirs + `) "full" WHERE "full".chat = each.chat)`

	sqlCountLeft = `
SELECT count(*) - count("full".chat) AS people, count("full".chat) AS bounded
FROM (%[1]s) each LEFT JOIN (` + hadTheirs + `) "full" ON "full".chat = each.chat`
)

// broadcastWeek is what the bound of broadcasts is about.
const broadcastWeek = 7 * 24 * time.Hour

// chats are those a broadcast is for, as conditions on reach.
type chats struct {
	where string
	args  []any
	share *weekShare // nil: nobody can have had theirs
}

// weekShare is what somebody may have had lately.
type weekShare struct {
	mailings []uuid.UUID // of the week, urgent ones aside
	live     []uuid.UUID // of them, that are still being sent
	began    time.Time   // the week
	most     int
}

// What is still to be sent counts, lest broadcasts planned together make it
// more. Of a cancelled one nothing is.
const sqlRecentBroadcasts = `
SELECT id, state IN ('running', 'paused') AS live FROM mailings
WHERE kind = 'broadcast' AND NOT urgent AND (done_at IS NULL OR done_at > $1)`

type recentBroadcast struct {
	ID   uuid.UUID
	Live bool
}

// shareAt is the share of the week, nil where too few broadcasts have been sent
// for anybody to have had it.
func (s *Store) shareAt(ctx context.Context, q querier, at time.Time) (*weekShare, error) {
	share := weekShare{began: at.Add(-broadcastWeek), most: s.broadcastsAWeek}
	if share.most == 0 {
		return nil, nil
	}
	rows, _ := q.Query(ctx, sqlRecentBroadcasts, share.began)
	recent, err := pgx.CollectRows(rows, pgx.RowToStructByName[recentBroadcast])
	if err != nil {
		return nil, fmt.Errorf("find broadcasts of the week: %w", err)
	}
	if len(recent) < share.most {
		return nil, nil
	}
	for _, m := range recent {
		share.mailings = append(share.mailings, m.ID)
		if m.Live {
			share.live = append(share.live, m.ID)
		}
	}
	return &share, nil
}

// chatsFor says whom a segment means in the regions of an officer, and in no
// others, whatever the segment says.
func (s *Store) chatsFor(ctx context.Context, q querier, seg umkm.Segment, own []umkm.RegionCode, urgent bool, at time.Time) (chats, error) {
	c := &condition{first: 1, parts: []string{"true"}}
	s.narrow(c, seg)
	c.held(own)
	out := chats{where: strings.Join(c.parts, " AND "), args: c.args}
	if urgent {
		return out, nil
	}
	var err error
	out.share, err = s.shareAt(ctx, q, at)
	return out, err
}

// all selects everybody's chat, subject and language, the share of the week aside.
func (c chats) all() (sql string, args []any) { return fmt.Sprintf(sqlChats, c.where), c.args }

// left selects those of all who have not had their share.
func (c chats) left() (sql string, args []any) {
	if c.share == nil {
		return c.all()
	}
	return c.shared(sqlChatsLeft)
}

// shared is a statement about all and their share.
func (c chats) shared(statement string) (sql string, args []any) {
	sql, n := fmt.Sprintf(sqlChats, c.where), len(c.args)
	return fmt.Sprintf(statement, sql, n+1, n+2, n+3, n+4),
		append(c.args[:n:n], c.share.mailings, c.share.live, c.share.began, c.share.most)
}

// sqlRoom has some hundred thousand chats told apart in memory, and once:
// parallel workers would each group all deliveries of the week.
const sqlRoom = `SELECT set_config('work_mem', '64MB', true), set_config('max_parallel_workers_per_gather', '0', true)`

func (c chats) count(ctx context.Context, tx pgx.Tx) (r umkm.Reached, err error) {
	if c.share == nil {
		if err := tx.QueryRow(ctx, fmt.Sprintf(sqlCountChats, c.where), c.args...).Scan(&r.People); err != nil {
			return umkm.Reached{}, fmt.Errorf("count who is reached: %w", err)
		}
		return r, nil
	}
	if _, err := tx.Exec(ctx, sqlRoom); err != nil {
		return umkm.Reached{}, fmt.Errorf("count who has had their share: %w", err)
	}
	sql, args := c.shared(sqlCountLeft)
	if err := tx.QueryRow(ctx, sql, args...).Scan(&r.People, &r.Bounded); err != nil {
		return umkm.Reached{}, fmt.Errorf("count who has had their share: %w", err)
	}
	return r, nil
}

// CountReached says how many chats a broadcast would go to, and how many are
// passed over as they have had their share of the week. umkm.ErrForbidden: by
// is no officer in all regions of the segment.
func (s *Store) CountReached(ctx context.Context, by int64, seg umkm.Segment, urgent bool, at time.Time) (r umkm.Reached, err error) {
	err = pgx.BeginTxFunc(ctx, s.pool, oneMoment, func(tx pgx.Tx) error {
		own, err := officerRegions(ctx, tx, by, seg)
		if err != nil {
			return err
		}
		c, err := s.chatsFor(ctx, tx, seg, own, urgent, at)
		if err != nil {
			return err
		}
		r, err = c.count(ctx, tx)
		return err
	})
	if err != nil {
		return umkm.Reached{}, fmt.Errorf("count who is reached: %w", err)
	}
	return r, nil
}

// oneMoment is a transaction whose statements all read the same.
var oneMoment = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

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

// SampleReached picks at most ten of those whom CountReached counts, by chance,
// as somebody's view of personal data. umkm.ErrForbidden.
func (s *Store) SampleReached(ctx context.Context, by int64, seg umkm.Segment, urgent bool, at time.Time) (all []umkm.BroadcastSample, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		own, err := officerRegions(ctx, tx, by, seg)
		if err != nil {
			return err
		}
		c, err := s.chatsFor(ctx, tx, seg, own, urgent, at)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlRoom); err != nil {
			return err
		}
		sql, args := c.left()
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
