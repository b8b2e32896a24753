package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

// Held keeps replies that Telegram asked to hold back.
type Held struct{ s *Store }

// Held gives access to them.
func (s *Store) Held() Held { return Held{s} }

const sealHeld = "held reply"

const sqlHold = `
INSERT INTO held_replies (id, chat, reply_sealed, send_after, created_at) VALUES ($1, $2, $3, $4, $5)`

// Hold keeps a reply, sealed, with a job that is due at until; both or
// neither. The chat is marked first: a mark too many is taken away by the next
// job, one too few would let later replies overtake. To be called by whoever
// holds the chat.
func (h Held) Hold(ctx context.Context, chat int64, reply []byte, until time.Time) error {
	if err := h.s.Chats.SetHeld(ctx, chat); err != nil {
		return err
	}
	id, err := newID()
	if err != nil {
		return err
	}
	sealed := h.s.keys.Seal(sealHeld, id[:], reply)
	err = pgx.BeginFunc(ctx, h.s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlHold, id, chat, sealed, until, h.s.now()); err != nil {
			return err
		}
		job := umkm.SendHeld{Chat: chat, Reply: id.String()}
		_, err := h.s.jobs.InsertTx(ctx, tx, job, &river.InsertOpts{ScheduledAt: until})
		return err
	})
	if err != nil {
		return fmt.Errorf("hold reply: %w", classify(err))
	}
	return nil
}

const sqlOldestHeld = `SELECT id, reply_sealed FROM held_replies WHERE chat = $1 ORDER BY position LIMIT 1`

type heldRow struct {
	ID     uuid.UUID
	Sealed []byte
}

// Oldest returns the chat's oldest held reply; id is "" when there is none.
func (h Held) Oldest(ctx context.Context, chat int64) (id string, reply []byte, err error) {
	rows, _ := h.s.pool.Query(ctx, sqlOldestHeld, chat)
	row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[heldRow])
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, fmt.Errorf("find held reply: %w", err)
	}
	if reply, err = h.s.keys.Open(sealHeld, row.ID[:], row.Sealed); err != nil {
		return "", nil, fmt.Errorf("open held reply: %w", err)
	}
	return row.ID.String(), reply, nil
}

const sqlDoneHeld = `DELETE FROM held_replies WHERE id = $1`

// Done forgets a held reply.
func (h Held) Done(ctx context.Context, id string) error {
	if _, err := h.s.pool.Exec(ctx, sqlDoneHeld, id); err != nil {
		return fmt.Errorf("forget held reply: %w", classify(err))
	}
	return nil
}

// Clear takes Hold's mark off the chat, for whoever holds it and found no
// reply left.
func (h Held) Clear(ctx context.Context, chat int64) error { return h.s.Chats.ClearHeld(ctx, chat) }
