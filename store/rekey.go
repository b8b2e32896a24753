package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Rekeying seals anew, while replicas run, what is sealed under another key
// than the current one. It works through pages of things that are not as they
// should be, each by itself, so that it may be killed at any moment and simply
// begins again. Every replica must know the current key, and have it in front.
type Rekeying struct {
	store *Store
	// Pause is how long servers and disks are left alone after each page.
	Pause time.Duration
	// Tell is called after each place has been gone through.
	Tell func(RekeyPlace)

	busy int // values of this round that somebody held or changed: for the next
}

// RekeyPlace says what was done in one place.
type RekeyPlace struct {
	Name         string
	Done, Failed int // values; failed ones could not be opened
}

// Rekeying begins nothing yet.
func (s *Store) Rekeying() *Rekeying {
	return &Rekeying{store: s, Tell: func(RekeyPlace) {}}
}

const (
	// rekeyPage is how many values are sealed anew at once.
	rekeyPage = 200
	// rekeyRounds is how often everything is gone through while others hold or
	// change some of it, before somebody has to look.
	rekeyRounds = 5
)

// ErrRekeyLeft: something could not be sealed anew.
var ErrRekeyLeft = errors.New("store: some values are left under other keys")

// Run returns what is in use of the keys once everything is sealed under the
// current one and indexed by it, or with ErrRekeyLeft what is left.
func (r *Rekeying) Run(ctx context.Context) (KeyFacts, error) {
	if err := r.store.CheckKeys(ctx); err != nil {
		return KeyFacts{}, err
	}
	if err := r.store.moveIndexes(ctx); err != nil {
		return KeyFacts{}, err
	}
	for round := 1; ; round++ {
		failed, err := r.round(ctx)
		if err != nil {
			return KeyFacts{}, err
		}
		facts, err := r.store.LookAtKeys(ctx)
		switch {
		case err != nil:
			return facts, err
		case failed == 0 && r.busy == 0 && len(facts.MovingFrom) == 0 && facts.only(r.store.keys.current.id):
			return facts, nil
		case failed > 0 || round == rekeyRounds:
			return facts, ErrRekeyLeft
		}
	}
}

// only: nothing is under another key.
func (f KeyFacts) only(id string) bool {
	for other := range f.Used {
		if other != id {
			return false
		}
	}
	return f.Unknown == 0
}

// round goes through everything once. Indexes go first: what is sealed anew
// can be opened all the same.
func (r *Rekeying) round(ctx context.Context) (failed int, err error) {
	r.busy = 0
	tell := func(p RekeyPlace, err error) error {
		failed += p.Failed
		if err == nil && p.Done+p.Failed > 0 {
			r.Tell(p)
		}
		return err
	}
	if err := r.indexes(ctx, tell); err != nil {
		return failed, err
	}
	for _, c := range sealedColumns {
		if err := tell(r.column(ctx, c)); err != nil {
			return failed, err
		}
	}
	if err := tell(r.chats(ctx)); err != nil {
		return failed, err
	}
	return failed, tell(r.files(ctx))
}

// value is one that is to become another.
type value struct {
	id       uuid.UUID
	old, new []byte
}

// sqlUnder finds a page of what is sealed under another key than one.
func (c sealedColumn) sqlUnder() string {
	return fmt.Sprintf(`SELECT id, %[2]s FROM %[1]s
WHERE id > $1 AND octet_length(%[2]s) > 1 AND substring(%[2]s FROM 1 FOR octet_length($2::bytea)) <> $2::bytea ORDER BY id LIMIT $3`, c.table, c.column)
}

// column seals a column's values anew.
func (r *Rekeying) column(ctx context.Context, c sealedColumn) (RekeyPlace, error) {
	place := RekeyPlace{Name: c.String()}
	keys, after := r.store.keys, uuid.UUID{}
	for {
		rows, _ := r.store.pool.Query(ctx, c.sqlUnder(), after, keys.current.prefix, rekeyPage)
		page, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (v value, err error) { return v, row.Scan(&v.id, &v.old) })
		if err != nil {
			return place, fmt.Errorf("rekey %s: %w", c, err)
		}
		if len(page) == 0 {
			return place, nil
		}
		after = page[len(page)-1].id
		var anew []value
		for _, v := range page {
			var aad []byte
			if c.bound {
				aad = v.id[:]
			}
			plain, err := keys.Open(c.purpose, aad, v.old)
			if err != nil {
				r.cannot(ctx, &place, v.id.String(), err)
				continue
			}
			v.new = keys.Seal(c.purpose, aad, plain)
			anew = append(anew, v)
		}
		if err := r.replace(ctx, c.table, c.column, anew, &place); err != nil {
			return place, err
		}
	}
}

func (r *Rekeying) cannot(ctx context.Context, place *RekeyPlace, id string, err error) {
	place.Failed++
	r.store.log.LogAttrs(ctx, slog.LevelError, "rekey: cannot be opened",
		slog.String("place", place.Name), slog.String("id", id), slog.String("cause", err.Error()))
}

// sqlReseal changes what is still as it was read. Rows that others hold are
// left for the next round: whoever never waits is in no deadlock.
const sqlReseal = `
WITH free AS (SELECT id FROM %[1]s WHERE id = ANY ($1) FOR UPDATE SKIP LOCKED)
UPDATE %[1]s AS t SET %[2]s = v.new
FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS v (id, old, new) JOIN free ON free.id = v.id
WHERE t.id = v.id AND t.%[2]s = v.old`

func (r *Rekeying) replace(ctx context.Context, table, column string, values []value, place *RekeyPlace) error {
	if len(values) > 0 {
		ids, old, anew := make([]uuid.UUID, len(values)), make([][]byte, len(values)), make([][]byte, len(values))
		for i, v := range values {
			ids[i], old[i], anew[i] = v.id, v.old, v.new
		}
		done, err := r.store.pool.Exec(ctx, fmt.Sprintf(sqlReseal, table, column), ids, old, anew)
		if err != nil {
			return fmt.Errorf("rekey %s: %w", place.Name, err)
		}
		place.Done += int(done.RowsAffected())
		r.busy += len(values) - int(done.RowsAffected())
	}
	return r.pause(ctx)
}

func (r *Rekeying) pause(ctx context.Context) error {
	if r.Pause == 0 {
		return ctx.Err()
	}
	return pause(ctx, r.Pause)
}

// differs leaves out what is already as it should be.
func (v value) differs() bool { return !bytes.Equal(v.old, v.new) }
