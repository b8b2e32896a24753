package store

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// ErrIndexKey: blind indexes were made with another key than the configured
// list's last.
var ErrIndexKey = errors.New("store: the last key is not the one that NIK indexes were made with; put that one last again")

const sqlMarkKey = `INSERT INTO key_marks (purpose, mark) VALUES ($1, $2) ON CONFLICT (purpose) DO NOTHING`

const sqlKeyMark = `SELECT mark FROM key_marks WHERE purpose = $1`

// CheckKeys returns ErrIndexKey when the key of blind indexes has changed:
// every NIK would seem new. The first call on a database remembers the key by
// an index of a fixed word.
func (s *Store) CheckKeys(ctx context.Context) error {
	want := s.keys.BlindIndex("key mark", indexNIK)
	if _, err := s.pool.Exec(ctx, sqlMarkKey, indexNIK, want); err != nil {
		return fmt.Errorf("remember key: %w", err)
	}
	have, err := s.keyMark(ctx, indexNIK)
	if err != nil {
		return fmt.Errorf("check key: %w", err)
	}
	return s.matchMark(have)
}

// keyMark reads a mark; pgx.ErrNoRows when there is none.
func (s *Store) keyMark(ctx context.Context, purpose string) ([]byte, error) {
	rows, _ := s.pool.Query(ctx, sqlKeyMark, purpose)
	return pgx.CollectExactlyOneRow(rows, pgx.RowTo[[]byte])
}

func (s *Store) matchMark(have []byte) error {
	if subtle.ConstantTimeCompare(have, s.keys.BlindIndex("key mark", indexNIK)) != 1 {
		return ErrIndexKey
	}
	return nil
}
