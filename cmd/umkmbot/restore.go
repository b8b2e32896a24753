package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"umkmbot/store"
)

// mayRestoreCommand finds what speaks against a restore while nothing has
// changed yet: settings that are missing or wrong, files of another database,
// keys that the backup needs and that are not there. It reads the records on
// standard input, as pg_restore writes them.
type mayRestoreCommand struct {
	settings     `embed:""`
	DirectURL    string `name:"database-direct-url" env:"DATABASE_DIRECT_URL" help:"Past a pooler, the database's own address."`
	IntoExisting bool   `name:"into-existing-files" env:"INTO_EXISTING_FILES" help:"The files at FILES_URL are this office's own, although the database there is now does not know them."`
	DespiteKeys  bool   `name:"despite-keys" env:"DESPITE_KEYS" help:"Keys that the backup needs are lost."`
}

const (
	filesThere = "FILES_URL: files lie there, and they are not those of the database that is there now. " +
		"To practise, give an empty folder or bucket: a bot on the practice copy would remove what an office's files have that the backup has not. " +
		"Where the database is lost and these are this office's own files, set INTO_EXISTING_FILES=yes"
	keysGone = "put the keys that the backup was made with behind the others in UMKMBOT_KEYS. " +
		"Where they are lost for good, set DESPITE_KEYS=yes: what is sealed under them stays unreadable, and without the key of the NIK indexes serve does not start"
)

// Run changes nothing.
func (c mayRestoreCommand) Run(ctx context.Context) error {
	if err := c.check(); err != nil {
		return err
	}
	keys, err := store.ParseKeys(c.Store.Keys)
	if err != nil {
		return fmt.Errorf("UMKMBOT_KEYS: %w", err)
	}
	// Keys first: the mark of the files is sealed, too.
	if err := c.lookAtKeys(keys); err != nil {
		return err
	}
	return c.lookAtFiles(ctx, keys)
}

func (c mayRestoreCommand) lookAtKeys(keys *store.Keys) error {
	facts, err := keys.LookAtDump(os.Stdin)
	if err != nil || c.DespiteKeys {
		return err
	}
	gone := facts.Index
	for id, n := range facts.Used {
		if !slices.Contains(keys.IDs(), id) {
			gone = errors.Join(gone, fmt.Errorf("%d values are sealed under key %q, which is not given", n, id))
		}
	}
	if gone != nil {
		return errors.Join(gone, errors.New(keysGone))
	}
	return nil
}

func (c mayRestoreCommand) lookAtFiles(ctx context.Context, keys *store.Keys) error {
	place, err := placeSetting{c.Files.URL}.open()
	if err != nil || c.IntoExisting {
		return err
	}
	database := c.DirectURL
	if database == "" {
		database = c.Store.DatabaseURL
	}
	err = store.LookBeforeRestore(ctx, database, keys, place)
	if errors.Is(err, store.ErrFilesThere) {
		return errors.New(filesThere)
	}
	return err
}
