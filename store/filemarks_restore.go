package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"umkmbot/store/files"
)

// ErrFilesThere: files lie there, and the database is not known to be theirs.
var ErrFilesThere = errors.New("store: files lie there that are not known to be this database's")

// LookBeforeRestore says whether files may be put into a place: nil when it is
// empty, or when the database at an address bears its mark; else ErrFilesThere.
// Records that were put beside another's files would have the sweeper drop what
// they do not name.
func LookBeforeRestore(ctx context.Context, databaseURL string, keys *Keys, place files.Store) error {
	empty, err := emptyPlace(ctx, place)
	if err != nil || empty {
		return err
	}
	have, err := readMark(ctx, files.Seal(place, keys))
	if err != nil && !errors.Is(err, files.ErrNotFound) && !errors.Is(err, files.ErrSealed) {
		return fmt.Errorf("look at the files' mark: %w", err)
	}
	want, err := markAt(ctx, databaseURL)
	if err != nil {
		return err
	}
	if len(have) == 0 || !bytes.Equal(have, want) {
		return ErrFilesThere
	}
	return nil
}

// probes are what umkmbot check keeps for a moment.
const probes = "probe/"

func emptyPlace(ctx context.Context, place files.Store) (bool, error) {
	found, err := place.List(ctx, "", sweepPage)
	if err != nil {
		return false, fmt.Errorf("look at the files: %w", err)
	}
	for _, o := range found {
		if !strings.HasPrefix(o.Key, probes) {
			return false, nil
		}
	}
	return true, nil
}

const sqlHasMarks = `SELECT to_regclass('public.key_marks') IS NOT NULL`

// markAt is the mark of a database that may be empty, nil when it has none.
func markAt(ctx context.Context, databaseURL string) (mark []byte, err error) {
	config, err := pgxpool.ParseConfig(databaseURL)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err)
	}
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec // a pooler may not know of prepared statements
	conn, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	var there bool
	if err := conn.QueryRow(ctx, sqlHasMarks).Scan(&there); err != nil || !there {
		return nil, err
	}
	err = conn.QueryRow(ctx, sqlKeyMark, markFiles).Scan(&mark)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return mark, err
}

// MarkFiles has a place name a database, which bears the same mark.
func MarkFiles(ctx context.Context, keys *Keys, place files.Store, mark []byte) error {
	if err := writeMark(ctx, files.Seal(place, keys), mark); err != nil {
		return fmt.Errorf("mark files: %w", err)
	}
	return nil
}
