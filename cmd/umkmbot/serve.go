package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"umkmbot/store"
)

type serveCommand struct {
	settings `embed:""`
}

// Run serves until the program is told to stop.
func (c serveCommand) Run(ctx context.Context) error {
	a, err := newApp(ctx, c.settings, c.Log.logger(os.Stderr), time.Now)
	if err != nil {
		return err
	}
	return a.run(ctx)
}

type migrateCommand struct {
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" required:"" placeholder:"postgres://…" help:"The Postgres database of the records; past a connection pooler, its direct address."`
}

// Run migrates; any number of them may run at once.
func (c migrateCommand) Run(ctx context.Context) error {
	if err := store.Migrate(ctx, c.DatabaseURL); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	fmt.Println("the database is up to date")
	return nil
}
