package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// ErrNoDeadLetter: there is none of that id.
var ErrNoDeadLetter = errors.New("store: no such dead letter")

// DeadLetters keep updates that cannot be handled.
type DeadLetters struct{ s *Store }

// DeadLetters gives access to them.
func (s *Store) DeadLetters() DeadLetters { return DeadLetters{s} }

// DeadLetter is one of them as a list shows it.
type DeadLetter struct {
	ID     uuid.UUID
	Update int64
	Reason string
	At     time.Time
}

const sealDead = "dead letter"

// maxReason is in characters; the column takes no more.
const maxReason = 500

const sqlBury = `
INSERT INTO dead_letters (id, update_id, reason, payload_sealed, at, chat) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (update_id) DO NOTHING`

// Bury keeps an update, sealed. The reason stays readable and must hold
// nothing personal. A second burial of the same update changes nothing.
func (d DeadLetters) Bury(ctx context.Context, update int64, raw []byte, reason string, at time.Time) error {
	id, err := newID()
	if err != nil {
		return err
	}
	sealed := d.s.keys.Seal(sealDead, id[:], raw)
	if _, err := d.s.pool.Exec(ctx, sqlBury, id, update, plainReason(reason), sealed, at, told(chatOf(raw))); err != nil {
		return fmt.Errorf("bury update: %w", classify(err))
	}
	return nil
}

// chatOf is whose update it is, 0 where that cannot be told.
func chatOf(raw []byte) int64 {
	type by struct {
		From struct{ ID int64 }
		Chat struct{ ID int64 }
	}
	var parts map[string]json.RawMessage
	if json.Unmarshal(raw, &parts) != nil {
		return 0
	}
	for _, part := range parts {
		var b by
		if json.Unmarshal(part, &b) != nil {
			continue // its number
		}
		if id := cmp.Or(b.From.ID, b.Chat.ID); id != 0 {
			return id
		}
	}
	return 0
}

// plainReason is never refused: whatever failed, its update must be buried.
func plainReason(reason string) string {
	out := make([]rune, 0, min(len(reason), maxReason))
	for _, r := range reason {
		if len(out) == maxReason {
			break
		}
		if r == 0 || r == utf8.RuneError {
			r = '?'
		}
		out = append(out, r)
	}
	if len(out) == 0 {
		return "unknown"
	}
	return string(out)
}

const sqlListDead = `
SELECT id, update_id AS update, reason, at FROM dead_letters WHERE id > $1 ORDER BY id LIMIT $2`

// List gives a page, oldest first; after is the last page's last id, or zero.
func (d DeadLetters) List(ctx context.Context, after uuid.UUID, limit int) ([]DeadLetter, error) {
	rows, _ := d.s.pool.Query(ctx, sqlListDead, after, limit)
	letters, err := pgx.CollectRows(rows, pgx.RowToStructByName[DeadLetter])
	if err != nil {
		return nil, fmt.Errorf("list dead letters: %w", err)
	}
	return letters, nil
}

const sqlGetDead = `SELECT payload_sealed FROM dead_letters WHERE id = $1`

// Get returns the update as it came, or ErrNoDeadLetter.
func (d DeadLetters) Get(ctx context.Context, id uuid.UUID) ([]byte, error) {
	rows, _ := d.s.pool.Query(ctx, sqlGetDead, id)
	sealed, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[[]byte])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrNoDeadLetter
	}
	if err != nil {
		return nil, fmt.Errorf("get dead letter: %w", err)
	}
	raw, err := d.s.keys.Open(sealDead, id[:], sealed)
	if err != nil {
		return nil, fmt.Errorf("open dead letter: %w", err)
	}
	return raw, nil
}

const sqlDeleteDead = `DELETE FROM dead_letters WHERE id = $1`

// Delete forgets one, or returns ErrNoDeadLetter.
func (d DeadLetters) Delete(ctx context.Context, id uuid.UUID) error {
	gone, err := d.s.pool.Exec(ctx, sqlDeleteDead, id)
	if err != nil {
		return fmt.Errorf("delete dead letter: %w", err)
	}
	if gone.RowsAffected() == 0 {
		return ErrNoDeadLetter
	}
	return nil
}
