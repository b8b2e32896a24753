package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// ErrNotMigrated: the database is older than the program.
var ErrNotMigrated = errors.New("store: database is not migrated")

// migrateLock is the advisory lock under which one program migrates at a time.
const migrateLock = 0x756d6b6d626f74 // "umkmbot"

// migrateConns are the connections needed at once: the lock's, goose's two,
// the job queue's.
const migrateConns = 4

// Migrate brings a database up to this program: the job queue's tables, then
// ours. Safe to run from many places at once; there is no way down. url leads
// to the database itself, past any pooler: the lock is a session's.
func Migrate(ctx context.Context, url string) error {
	pool, err := openPool(ctx, url, poolOptions{atLeast: migrateConns})
	if err != nil {
		return err
	}
	defer pool.Close()
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer conn.Release()
	if err := takeMigrateLock(ctx, conn); err != nil {
		return fmt.Errorf("migrate: take the lock: %w", err)
	}
	// Closing the pool ends the connection and with it the lock, should this fail.
	defer func() {
		_, _ = conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrateLock))
	}()
	return migrate(ctx, pool)
}

// migrateAgain is the pause between two tries to take the lock.
const migrateAgain = 100 * time.Millisecond

// takeMigrateLock asks again and again: who waits within a statement for the
// lock is waited for by an index that is made concurrently under it.
func takeMigrateLock(ctx context.Context, conn *pgxpool.Conn) error {
	for {
		var taken bool
		if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", int64(migrateLock)).Scan(&taken); err != nil || taken {
			return err
		}
		select {
		case <-time.After(migrateAgain):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func migrate(ctx context.Context, pool *pgxpool.Pool) error {
	jobs, err := jobMigrator(pool)
	if err != nil {
		return err
	}
	if _, err := jobs.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate the job queue: %w", err)
	}
	records, err := recordMigrator(pool)
	if err != nil {
		return err
	}
	defer records.Close()
	if _, err := records.Up(ctx); err != nil {
		return fmt.Errorf("migrate the records: %w", err)
	}
	return nil
}

// CheckMigrated returns ErrNotMigrated while migrations are missing. A
// database that is ahead is fine: old replicas run on while new ones start.
func CheckMigrated(ctx context.Context, pool *pgxpool.Pool) error {
	records, err := recordMigrator(pool)
	if err != nil {
		return err
	}
	defer records.Close()
	have, want, err := recordVersions(ctx, pool, records)
	if err != nil {
		return fmt.Errorf("check migrations: %w", err)
	}
	if have < want {
		return fmt.Errorf("%w: it is at version %d, this program needs %d; run umkmbot migrate", ErrNotMigrated, have, want)
	}
	jobs, err := jobMigrator(pool)
	if err != nil {
		return err
	}
	found, err := jobs.Validate(ctx, nil)
	if err != nil {
		return fmt.Errorf("check the job queue's migrations: %w", err)
	}
	if !found.OK {
		return fmt.Errorf("%w: the job queue's tables are old; run umkmbot migrate", ErrNotMigrated)
	}
	return nil
}

// recordVersions asks without goose's version table being created on the way.
func recordVersions(ctx context.Context, pool *pgxpool.Pool, records *goose.Provider) (have, want int64, err error) {
	sources := records.ListSources()
	want = sources[len(sources)-1].Version
	have, err = appliedVersion(ctx, pool)
	return have, want, err
}

// appliedVersion is 0 for a database that was never migrated.
func appliedVersion(ctx context.Context, pool *pgxpool.Pool) (have int64, err error) {
	var exists bool
	if err := pool.QueryRow(ctx, "SELECT to_regclass('goose_db_version') IS NOT NULL").Scan(&exists); err != nil || !exists {
		return 0, err
	}
	err = pool.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&have)
	return have, err
}

func recordMigrator(pool *pgxpool.Pool) (*goose.Provider, error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, stdlib.OpenDBFromPool(pool), files,
		goose.WithSlog(slog.New(slog.DiscardHandler)), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return provider, nil
}

func jobMigrator(pool *pgxpool.Pool) (*rivermigrate.Migrator[pgxTx], error) {
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, fmt.Errorf("the job queue's migrations: %w", err)
	}
	return migrator, nil
}
