package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// mostTries bounds how often a transaction that Postgres ended to resolve a
// deadlock is begun anew.
const mostTries = 5

// deadlockDetected is the SQLSTATE of a deadlock's victim.
const deadlockDetected = "40P01"

// atomically runs work in a transaction. The counters of what waits are locked
// at its end, case by case, and so are the owners whose rows of reach change:
// two transactions that move cases between the same regions in opposite
// directions, or that change two things of an owner in another order, may wait
// for one another. Postgres then ends one of them, which is begun anew; work
// must not count on running once.
func (s *Store) atomically(ctx context.Context, work func(pgx.Tx) error) error {
	return repeatedly(func() error { return pgx.BeginFunc(ctx, s.pool, work) })
}

// repeatedly runs a transaction anew that Postgres ended to resolve a deadlock.
func repeatedly(run func() error) error {
	for try := 1; ; try++ {
		err := run()
		var pg *pgconn.PgError
		if try == mostTries || !errors.As(err, &pg) || pg.Code != deadlockDetected {
			return err
		}
	}
}
