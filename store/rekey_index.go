package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const (
	sqlTakeIndexKey = `SELECT pg_advisory_xact_lock($1)`
	sqlMoveIndexes  = `UPDATE key_marks SET mark = $2 WHERE purpose = $1`
	sqlIndexesMoved = `DELETE FROM key_marks WHERE starts_with(purpose, 'nik was ')`
)

// moveIndexes has new blind indexes made with the current key from now on. It
// waits for those who are writing some, so that all that comes later is of the
// new key; what is older is still found by the key it was made with.
func (s *Store) moveIndexes(ctx context.Context) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlTakeIndexKey, int64(indexLock)); err != nil {
			return err
		}
		old, err := s.indexKey(ctx, tx)
		if err != nil || old == s.keys.current {
			return err
		}
		if _, err := tx.Exec(ctx, sqlMarkKey, movingFrom+old.id, old.indexMark()); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlMoveIndexes, indexNIK, s.keys.current.indexMark())
		return err
	})
	if err != nil {
		return fmt.Errorf("move indexes: %w", err)
	}
	s.keys.index.Store(s.keys.current)
	return nil
}

// indexed is a column of blind indexes and how to make one of a row.
type indexed struct {
	table, column, sql string
	of                 func(s *Store, id uuid.UUID, sealed []byte) (index []byte, err error)
}

// indexedColumns are those whose values must be found over the years. Those of
// missed questions only meet others of their day, and stay as they are.
var indexedColumns = []indexed{
	{
		"owners", "nik_index",
		`SELECT id, nik_index, nik_sealed FROM owners WHERE id > $1 ORDER BY id LIMIT $2`,
		func(s *Store, id uuid.UUID, sealed []byte) ([]byte, error) {
			nik, err := s.keys.Open(sealNIK, id[:], sealed)
			return s.keys.current.blindIndex(indexNIK, string(nik)), err
		},
	},
	{
		"files", "hash_index",
		`SELECT id, hash_index, sealed FROM files WHERE id > $1 AND hash_index IS NOT NULL ORDER BY id LIMIT $2`,
		func(s *Store, id uuid.UUID, sealed []byte) ([]byte, error) {
			plain, err := s.keys.Open(sealFile, id[:], sealed)
			if err != nil {
				return nil, err
			}
			var note fileNote
			err = json.Unmarshal(plain, &note)
			return s.keys.current.blindIndex(indexFileHash, note.Hash), err
		},
	},
}

// indexes makes all blind indexes anew while some are of another key, and says
// so in the database once none is.
func (r *Rekeying) indexes(ctx context.Context, tell func(RekeyPlace, error) error) error {
	moving, err := r.store.movingFrom(ctx)
	if err != nil || len(moving) == 0 {
		return err
	}
	failed := 0
	for _, c := range indexedColumns {
		place, err := r.index(ctx, c)
		failed += place.Failed
		if err := tell(place, err); err != nil {
			return err
		}
	}
	if failed > 0 || r.busy > 0 {
		return nil
	}
	if _, err := r.store.pool.Exec(ctx, sqlIndexesMoved); err != nil {
		return fmt.Errorf("note that indexes have moved: %w", err)
	}
	return nil
}

// index goes through a whole table: an index does not tell whose it is.
func (r *Rekeying) index(ctx context.Context, c indexed) (RekeyPlace, error) {
	place, after := RekeyPlace{Name: c.table + "." + c.column}, uuid.UUID{}
	for {
		sealed := map[uuid.UUID][]byte{}
		rows, _ := r.store.pool.Query(ctx, c.sql, after, rekeyPage)
		page, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (v value, err error) {
			var s []byte
			err = row.Scan(&v.id, &v.old, &s)
			sealed[v.id] = s
			return v, err
		})
		if err != nil {
			return place, fmt.Errorf("rekey %s: %w", place.Name, err)
		}
		if len(page) == 0 {
			return place, nil
		}
		after = page[len(page)-1].id
		var anew []value
		for _, v := range page {
			if v.new, err = c.of(r.store, v.id, sealed[v.id]); err != nil {
				r.cannot(ctx, &place, v.id.String(), err)
			} else if v.differs() {
				anew = append(anew, v)
			}
		}
		if err := r.replace(ctx, c.table, c.column, anew, &place); err != nil {
			return place, err
		}
	}
}
