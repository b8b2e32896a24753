package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Pooler says what stands between the program and Postgres.
type Pooler string

const (
	NoPooler          Pooler = ""
	SessionPooler     Pooler = "session"     // a connection of its own for as long as the program is connected
	TransactionPooler Pooler = "transaction" // any connection for each transaction
)

// PostgresFacts are what can be told of the database before the program runs
// on it.
type PostgresFacts struct {
	Version int   // 170005 is 17.5
	Schema  int64 // of the newest migration of the records that is applied
	// Migrated is nil when the tables are as this program needs them, or
	// newer; else it says what is missing.
	Migrated error
	// Connections that the server allows to ordinary users, those in use by
	// anybody, and how many one replica takes at most. Behind a pooler they
	// are the server's, which the pooler shares out.
	Most, Used, Takes int
	Pooler            Pooler
	ReadOnly          bool          // a standby, or set so
	Clock             time.Duration // by how much the server's clock is ahead of this machine's
}

const sqlPostgresFacts = `
SELECT current_setting('server_version_num')::int,
	current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
	(SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::int,
	pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool`

// LookAtPostgres changes nothing there.
func LookAtPostgres(ctx context.Context, url string) (PostgresFacts, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return PostgresFacts{}, fmt.Errorf("database address: %w", err)
	}
	f := PostgresFacts{Takes: int(config.MaxConns)}
	// A pooler may not know of prepared statements.
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return f, fmt.Errorf("database: %w", err)
	}
	defer pool.Close()
	if f.Clock, err = postgresClock(ctx, pool); err != nil {
		return f, fmt.Errorf("database does not answer: %w", err)
	}
	if err := pool.QueryRow(ctx, sqlPostgresFacts).Scan(&f.Version, &f.Most, &f.Used, &f.ReadOnly); err != nil {
		return f, fmt.Errorf("ask the database: %w", err)
	}
	if f.Schema, err = appliedVersion(ctx, pool); err != nil {
		return f, fmt.Errorf("ask the database: %w", err)
	}
	f.Migrated = CheckMigrated(ctx, pool)
	f.Pooler, err = poolerOf(ctx, pool)
	return f, err
}

// postgresClock also sees that the server answers.
func postgresClock(ctx context.Context, pool *pgxpool.Pool) (time.Duration, error) {
	if err := pool.Ping(ctx); err != nil { // connecting would count as the answer's way
		return 0, err
	}
	var there time.Time
	asked := time.Now()
	if err := pool.QueryRow(ctx, "SELECT clock_timestamp()").Scan(&there); err != nil {
		return 0, err
	}
	return there.Sub(asked.Add(time.Since(asked) / 2)), nil
}

// poolerWait is how long a pooler that has no second connection to give is
// waited for.
const poolerWait = 2 * time.Second

// poolerTries is how many second connections are tried. Several poolers may
// stand behind one address, and one of them alone knows the first connection.
const poolerTries = 8

// poolerOf tells a pooler by the process it names at the start of a
// connection, which is not the server's. One in transaction mode gives a
// connection that was freed to whoever asks next: a second client gets the
// first one's, or the first one gets another while the second holds it.
func poolerOf(ctx context.Context, pool *pgxpool.Pool) (Pooler, error) {
	first, err := pool.Acquire(ctx)
	if err != nil {
		return NoPooler, fmt.Errorf("look for a pooler: %w", err)
	}
	defer first.Release()
	before, err := backendOf(ctx, first)
	if err != nil {
		return NoPooler, fmt.Errorf("look for a pooler: %w", err)
	}
	if before == first.Conn().PgConn().PID() {
		return NoPooler, nil
	}
	for range poolerTries {
		if mode, err := poolerMode(ctx, first, before); err != nil || mode == TransactionPooler {
			return mode, err
		}
	}
	return SessionPooler, nil
}

// poolerMode tries one second connection, which it takes past the pool: the
// pool would give the same one again.
func poolerMode(ctx context.Context, first *pgxpool.Conn, before uint32) (Pooler, error) {
	second, err := pgx.ConnectConfig(ctx, first.Conn().Config())
	if err != nil {
		return NoPooler, fmt.Errorf("look for a pooler: %w", err)
	}
	defer func() { _ = second.Close(ctx) }()
	mode := SessionPooler
	err = pgx.BeginFunc(ctx, second, func(tx pgx.Tx) error {
		other, err := backendOf(ctx, tx)
		if err != nil || other == before {
			mode = TransactionPooler
			return err
		}
		waiting, cancel := context.WithTimeout(ctx, poolerWait)
		defer cancel()
		after, err := backendOf(waiting, first)
		if err == nil && after != before || err != nil && errors.Is(waiting.Err(), context.DeadlineExceeded) {
			mode = TransactionPooler
			return nil
		}
		return err
	})
	if err != nil {
		return NoPooler, fmt.Errorf("look for a pooler: %w", err)
	}
	return mode, nil
}

// asker is a connection or a transaction.
type asker interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func backendOf(ctx context.Context, conn asker) (pid uint32, err error) {
	err = conn.QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&pid)
	return pid, err
}
