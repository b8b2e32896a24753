package store

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

var (
	// ErrIndexKey: blind indexes were made with a key that is not configured.
	ErrIndexKey = errors.New("store: the key that NIK indexes were made with is not there; put it back behind the others")
	// ErrIndexMoving: some blind indexes are still of a key that is not
	// configured.
	ErrIndexMoving = errors.New("store: some NIKs are still found by a key that is not there; put it back behind the others until umkmbot rekey is through")
)

const (
	sqlMarkKey = `INSERT INTO key_marks (purpose, mark) VALUES ($1, $2) ON CONFLICT (purpose) DO NOTHING`
	sqlKeyMark = `SELECT mark FROM key_marks WHERE purpose = $1`
	// A key that indexes move away from keeps a mark of its own until all have.
	sqlIndexMarks = `SELECT purpose, mark FROM key_marks WHERE purpose = 'nik' OR starts_with(purpose, 'nik was ')`
)

// movingFrom is the purpose of the mark of a key that indexes move away from.
const movingFrom = indexNIK + " was "

// indexMark is how the database knows the key of its blind indexes: an index
// of a fixed word.
func (k *key) indexMark() []byte { return k.blindIndex("key mark", indexNIK) }

// marked finds the key of a mark; nil: it is not configured.
func (k *Keys) marked(mark []byte) *key {
	for _, id := range k.order {
		if one := k.byID[id]; subtle.ConstantTimeCompare(mark, one.indexMark()) == 1 {
			return one
		}
	}
	return nil
}

// CheckKeys finds the key of blind indexes, wherever it stands in the list, and
// returns ErrIndexKey or ErrIndexMoving when one is missing: every NIK would
// seem new, or some. A new database takes the list's last key and remembers it.
func (s *Store) CheckKeys(ctx context.Context) error {
	if _, err := s.pool.Exec(ctx, sqlMarkKey, indexNIK, s.keys.last().indexMark()); err != nil {
		return fmt.Errorf("remember key: %w", err)
	}
	return s.findIndexKey(ctx)
}

// findIndexKey is CheckKeys without remembering anything.
func (s *Store) findIndexKey(ctx context.Context) error {
	rows, _ := s.pool.Query(ctx, sqlIndexMarks)
	var purpose string
	var mark []byte
	missing := error(nil)
	_, err := pgx.ForEachRow(rows, []any{&purpose, &mark}, func() error {
		missing = s.keys.judgeMark(purpose, mark, missing)
		return nil
	})
	if err != nil {
		return fmt.Errorf("check keys: %w", err)
	}
	return missing
}

// judgeMark takes the key of a mark for indexes when it is theirs; missing is what
// is said of the marks before, and is made worse by one whose key is not there.
func (k *Keys) judgeMark(purpose string, mark []byte, missing error) error {
	one := k.marked(mark)
	switch {
	case one == nil && purpose == indexNIK:
		return ErrIndexKey
	case one == nil && missing == nil:
		return fmt.Errorf("%w: %s", ErrIndexMoving, strings.TrimPrefix(purpose, movingFrom))
	case one != nil && purpose == indexNIK:
		k.index.Store(one)
	}
	return missing
}

// keyMark reads a mark; pgx.ErrNoRows when there is none.
func (s *Store) keyMark(ctx context.Context, purpose string) ([]byte, error) {
	rows, _ := s.pool.Query(ctx, sqlKeyMark, purpose)
	return pgx.CollectExactlyOneRow(rows, pgx.RowTo[[]byte])
}

// indexLock is the advisory lock under which the key of blind indexes stays
// what it is: shared by those who write some, alone by who changes it.
const indexLock = 0x756d6b6d6b6579 // "umkmkey"

const sqlHoldIndexKey = `SELECT pg_advisory_xact_lock_shared($1)`

// indexKey is the key that blind indexes are to be written with. It stays so
// until the transaction ends: whoever changes it waits, so that every index
// is of the new key or was there before.
func (s *Store) indexKey(ctx context.Context, tx pgx.Tx) (*key, error) {
	batch, mark := &pgx.Batch{}, []byte(nil)
	batch.Queue(sqlHoldIndexKey, int64(indexLock))
	batch.Queue(sqlKeyMark, indexNIK).QueryRow(func(row pgx.Row) error {
		if err := row.Scan(&mark); !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		return nil // nobody has asked CheckKeys yet
	})
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("find the key of indexes: %w", err)
	}
	if mark == nil {
		return s.keys.index.Load(), nil
	}
	one := s.keys.marked(mark)
	if one == nil {
		return nil, ErrIndexKey
	}
	s.keys.index.Store(one)
	return one, nil
}
