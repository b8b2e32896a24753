package main

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"umkmbot/store"
)

type serveCommand struct {
	settings `embed:""`
}

// Run serves until the program is told to stop.
func (c serveCommand) Run(ctx context.Context) error {
	collectLess()
	a, err := newApp(ctx, c.settings, c.Log.logger(os.Stderr), time.Now)
	if err != nil {
		return err
	}
	a.hearHangups()
	return a.run(ctx)
}

// spareMemory is how much the heap may grow, in per cent, before it is
// collected. What lives in it is about ten megabytes, which Go's default
// would go through every few hundred turns: an eighth of a turn's work.
const spareMemory = 400

// softMemory is what the program stays below, in bytes, as long as what lives in
// it lets it: with the pages of the program itself less than 100 MB resident.
const softMemory = 60 << 20

// collectLess trades some memory for speed, unless GOGC and GOMEMLIMIT say how
// much.
func collectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(spareMemory)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softMemory)
	}
}

type migrateCommand struct {
	DatabaseURL string `name:"database-url" env:"DATABASE_DIRECT_URL,DATABASE_URL" required:"" placeholder:"postgres://…" help:"The Postgres database of the records; past a pooler, its direct address."`
}

// Run migrates; any number of them may run at once.
func (c migrateCommand) Run(ctx context.Context) error {
	if err := store.Migrate(ctx, c.DatabaseURL); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	fmt.Println("the database is up to date")
	return nil
}
