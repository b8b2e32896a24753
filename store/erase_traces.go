package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"umkmbot/internal/dialog"
)

const (
	// eraseAgain is when to look again whether others are through.
	eraseAgain = 2 * time.Second
	// eraseWaits is how long transactions are waited for that had begun before
	// the records went: longer ones were not ours, or it was another server.
	eraseWaits = time.Hour
)

const (
	sqlOlderGone = `SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > $1`

	sqlStillActs = `
SELECT c FROM unnest($1::bigint[]) c
WHERE EXISTS (SELECT FROM account_owners WHERE account = c) OR EXISTS (SELECT FROM staff_grants WHERE account = c)`
)

// eraseTraces clears away what the records' own transaction does not hold: what
// is open in the chats, what passes through them, and whom ledgers name. It
// begins once whoever had begun before is through, for a plan of letters to
// many might still bring them in; done again it does nothing more. again is when
// to try again.
func (s *Store) eraseTraces(ctx context.Context, e erasureRow, at time.Time) (again time.Time, err error) {
	if e.Xact != nil && e.EndedAt != nil && at.Before(e.EndedAt.Add(eraseWaits)) {
		var through bool
		if err := s.pool.QueryRow(ctx, sqlOlderGone, *e.Xact).Scan(&through); err != nil {
			return time.Time{}, fmt.Errorf("wait for older transactions: %w", err)
		}
		if !through {
			return at.Add(eraseAgain), nil
		}
	}
	rows, _ := s.pool.Query(ctx, sqlStillActs, e.Chats)
	acting, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return time.Time{}, fmt.Errorf("find who still acts for somebody: %w", err)
	}
	gone := []int64{}
	for _, chat := range e.Chats {
		keep := slices.Contains(acting, chat)
		if !keep {
			gone = append(gone, chat)
		}
		free, err := s.Chats.forget(ctx, chat, keep || chat == *e.Account, keep)
		if err != nil {
			return time.Time{}, err
		}
		if !free {
			return at.Add(eraseAgain), nil
		}
	}
	return time.Time{}, s.erasePassing(ctx, e, gone)
}

const (
	sqlEraseHeld = `DELETE FROM held_replies WHERE chat = ANY($1)`
	sqlEraseDead = `DELETE FROM dead_letters WHERE chat = ANY($1)`

	// What takes messages from the chat does its work; what runs ends by itself.
	sqlEraseJobs = `DELETE FROM river_job WHERE args @> ANY($1::jsonb[]) AND state <> 'running' AND kind <> 'fleeting'`

	// Of chats that go all; of others what was about somebody who is no more.
	// A letter that has not been sent will not be, and is counted as left out.
	sqlEmptyDeliveries = `
WITH theirs AS (
	SELECT d.mailing, d.n, d.state FROM deliveries d
	WHERE d.chat = ANY($1) AND d.at <= $3 AND (d.chat = ANY($2) OR d.subject IS NOT NULL AND NOT EXISTS (SELECT FROM businesses WHERE id = d.subject)
		AND NOT EXISTS (SELECT FROM owners WHERE id = d.subject) AND NOT EXISTS (SELECT FROM seats WHERE id = d.subject))
	FOR UPDATE),
emptied AS (
	UPDATE deliveries d SET chat = 0, subject = NULL, message = NULL,
		state = CASE theirs.state WHEN 'planned' THEN 'skipped' ELSE theirs.state END, lane = CASE theirs.state WHEN 'planned' THEN 0 ELSE d.lane END
	FROM theirs WHERE d.mailing = theirs.mailing AND d.n = theirs.n)
UPDATE mailing_lanes l SET skipped = l.skipped + p.n
FROM (SELECT mailing, count(*) AS n FROM theirs WHERE state = 'planned' GROUP BY mailing) p
WHERE l.mailing = p.mailing AND l.lane = 0`

	sqlLockLanes = `
SELECT l.mailing FROM mailing_lanes l
WHERE l.lane = 0 AND l.mailing IN (SELECT mailing FROM deliveries WHERE chat = ANY($1) AND state = 'planned') ORDER BY l.mailing FOR UPDATE`
)

func (s *Store) erasePassing(ctx context.Context, e erasureRow, gone []int64) error {
	if err := s.knowDead(ctx); err != nil {
		return err
	}
	about := []string{}
	for _, chat := range gone {
		n := strconv.FormatInt(chat, 10)
		about = append(about, `{"chat": `+n+`}`, `{"account": `+n+`}`)
	}
	err := s.atomically(ctx, func(tx pgx.Tx) error {
		// Lanes before deliveries, as who works a mailing off has them.
		if _, err := tx.Exec(ctx, sqlLockLanes, e.Chats); err != nil {
			return err
		}
		batch := &pgx.Batch{}
		batch.Queue(sqlEraseHeld, gone)
		// Nobody can tell for whom of a shared phone a dead letter was.
		batch.Queue(sqlEraseDead, e.Chats)
		batch.Queue(sqlEraseJobs, about)
		batch.Queue(sqlEmptyDeliveries, e.Chats, gone, e.EndedAt)
		return tx.SendBatch(ctx, batch).Close()
	})
	if err != nil {
		return fmt.Errorf("erase what passes through chats: %w", err)
	}
	return nil
}

const (
	sqlUnknownDead = `SELECT id, payload_sealed FROM dead_letters WHERE chat IS NULL AND id > $1 ORDER BY id LIMIT 100`
	sqlKnowDead    = `UPDATE dead_letters SET chat = $2 WHERE id = $1`
)

// knowDead notes whose the dead letters are that were kept before that was
// noted, as far as they can be opened.
func (s *Store) knowDead(ctx context.Context) error {
	type letter struct {
		ID     uuid.UUID
		Sealed []byte
	}
	for after := (uuid.UUID{}); ; {
		rows, _ := s.pool.Query(ctx, sqlUnknownDead, after)
		page, err := pgx.CollectRows(rows, pgx.RowToStructByPos[letter])
		if err != nil {
			return fmt.Errorf("find dead letters: %w", err)
		}
		for _, l := range page {
			after = l.ID
			raw, err := s.keys.Open(sealDead, l.ID[:], l.Sealed)
			if err != nil {
				continue // its key is gone: nobody can read it any more
			}
			if chat := chatOf(raw); chat != 0 {
				if _, err := s.pool.Exec(ctx, sqlKnowDead, l.ID, chat); err != nil {
					return fmt.Errorf("note whose dead letter it is: %w", err)
				}
			}
		}
		if len(page) == 0 {
			return nil
		}
	}
}

// Forgets what a person said unless a turn holds the chat, which would bring it
// back. What else is kept of the chat stays as long as Telegram may deliver an
// update again. ARGV: that time in s, the state to put in its place or "".
// Returns 0 while a turn holds the chat.
var forgetScript = redis.NewScript(`
local c = redis.call('HMGET', KEYS[1], 'lease', 'until')
local t = redis.call('TIME')
if c[1] and tonumber(c[2]) > t[1] * 1000 + math.floor(t[2] / 1000) then return 0 end
redis.call('HDEL', KEYS[1], 'state', 'replies', 'held', 'away', 'faults', 'noted')
if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'state', ARGV[2]) end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
`)

// forget empties a chat that no turn holds; with speaks its language and what
// is on its screen stay, for the last word, or with stays as long as any chat's.
// free is false while a turn holds it.
func (c *Chats) forget(ctx context.Context, chat int64, speaks, stays bool) (free bool, err error) {
	state, life := "", erasedLife
	if stays {
		life = chatLife
	}
	if speaks {
		was, err := c.peek(ctx, chat)
		if err != nil {
			return false, err
		}
		plain, err := json.Marshal(dialog.State{Language: was.Language, Keyboard: was.Keyboard})
		if err != nil {
			return false, fmt.Errorf("write chat's state: %w", err)
		}
		state = string(c.keys.Seal(sealChat, chatAAD(chat, 's'), plain))
	}
	n, err := forgetScript.Run(ctx, c.client, []string{chatKey(chat)}, int64(life/time.Second), state).Int()
	if err != nil {
		return false, fmt.Errorf("empty a chat: %w", err)
	}
	return n == 1, nil
}
