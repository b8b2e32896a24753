package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"umkmbot/internal/umkm"
	"umkmbot/store"
)

// erasuresCommand keeps what was asked, taken back and done about erasures apart
// from the database, and takes it up again after a restore: a backup does not know
// what came after it. It needs the database alone.
type erasuresCommand struct {
	List  erasuresListCommand  `cmd:"" help:"List what was asked, taken back and done about erasures, a line each: time, action, subject."`
	Save  erasuresSaveCommand  `cmd:"" help:"Add the list to a file, which keeps what the database has lost; deploy/backup.sh does it."`
	Again erasuresAgainCommand `cmd:"" help:"After a restore: take up again what such a file has and the records have not; deploy/restore.sh does it."`
	Add   erasuresAddCommand   `cmd:"" help:"Erase somebody who asks for it at the counter and cannot in the chat."`
}

// databaseSettings say where the records are. The bot's own address comes first:
// where a pooler stands before the database, a pod may reach nothing else.
type databaseSettings struct {
	URL    string `name:"database-url" env:"DATABASE_URL,DATABASE_DIRECT_URL" required:"" placeholder:"postgres://…" help:"The Postgres database of the records."`
	Pooled bool   `name:"database-pooled" env:"DATABASE_POOLED" help:"A pooler in transaction mode (PgBouncer) stands before the database."`
}

func (d databaseSettings) database() store.Database {
	return store.Database{URL: d.URL, Pooled: d.Pooled, Now: time.Now}
}

// databaseError names the setting where the server does not answer.
func databaseError(err error) error {
	var part *store.PartError
	if errors.As(err, &part) {
		return fmt.Errorf("DATABASE_URL: %w", err)
	}
	return err
}

// sinceSetting is a moment in any of the forms that people and scripts have.
type sinceSetting struct {
	Since string      `name:"since" required:"" placeholder:"TIME" help:"From when on: 2026-12-01, or 2026-12-01 09:30, by the office's clock; 2026-12-01T02:30:00Z; or a backup's name."`
	Zone  zoneSetting `embed:""`
}

// backupName is the form of a backup's name, its time in UTC.
const backupName = "20060102T150405Z"

func (s sinceSetting) moment() (time.Time, error) {
	for _, form := range []string{backupName, time.RFC3339} {
		if at, err := time.Parse(form, s.Since); err == nil {
			return at, nil
		}
	}
	zone, err := s.Zone.location()
	if err != nil {
		return time.Time{}, err
	}
	return moment("--since", s.Since, zone)
}

type erasuresListCommand struct {
	Database databaseSettings `embed:"" group:"Stores"`
	Since    sinceSetting     `embed:""`
}

// Run prints the list; it holds ids only.
func (c erasuresListCommand) Run(ctx context.Context, out io.Writer) error {
	since, err := c.Since.moment()
	if err != nil {
		return err
	}
	return databaseError(c.Database.database().Erasures(ctx, since, func(l store.ErasureLine) error {
		_, err := fmt.Fprintln(out, l)
		return err
	}))
}

type erasuresSaveCommand struct {
	Database databaseSettings `embed:"" group:"Stores"`
	Since    sinceSetting     `embed:""`
	File     string           `arg:"" placeholder:"FILE" help:"Where the list lies."`
}

// savedLonger is how much longer a line is kept than asked for: what was begun
// before a backup may be in the log only after it, and clocks differ.
const savedLonger = 24 * time.Hour

// Run adds to the file what the database has and drops what is too old. Nothing
// else goes from it: a database that was lost, and stands there empty or as an old
// backup has it, is not asked what the file may keep.
func (c erasuresSaveCommand) Run(ctx context.Context, out io.Writer) error {
	since, err := c.Since.moment()
	if err != nil {
		return err
	}
	since = since.Add(-savedLonger)
	lines, err := savedErasures(c.File)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err = c.Database.database().Erasures(ctx, since, func(l store.ErasureLine) error {
		lines = append(lines, l)
		return nil
	})
	if err != nil {
		return databaseError(err)
	}
	lines = tidyErasures(lines, since)
	if err := saveErasures(c.File, lines); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d lines about erasures lie in %s\n", len(lines), c.File)
	return err
}

func savedErasures(name string) ([]store.ErasureLine, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("list of erasures: %w", err)
	}
	defer f.Close() // only read
	lines, err := store.ReadErasures(f)
	if err != nil {
		return nil, fmt.Errorf("list of erasures %s: %w", name, err)
	}
	return lines, nil
}

// tidyErasures puts lines in the order of time, each once, without those that
// are too old.
func tidyErasures(lines []store.ErasureLine, since time.Time) []store.ErasureLine {
	lines = slices.DeleteFunc(lines, func(l store.ErasureLine) bool { return l.At.Before(since) })
	slices.SortFunc(lines, func(a, b store.ErasureLine) int {
		if d := a.At.Compare(b.At); d != 0 {
			return d
		}
		return strings.Compare(a.String(), b.String())
	})
	return slices.CompactFunc(lines, func(a, b store.ErasureLine) bool { return a.String() == b.String() })
}

// saveErasures puts a list in the place of another in one step, once it is whole
// on the disk.
func saveErasures(name string, lines []store.ErasureLine) error {
	var text strings.Builder
	for _, l := range lines {
		fmt.Fprintln(&text, l)
	}
	f, err := os.OpenFile(filepath.Clean(name)+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("list of erasures: %w", err)
	}
	_, err = f.WriteString(text.String())
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("list of erasures: %w", err)
	}
	return nil
}

type erasuresAgainCommand struct {
	Database databaseSettings `embed:"" group:"Stores"`
	File     string           `arg:"" placeholder:"FILE" help:"The list."`
}

// Run takes the list up, all of it or nothing.
func (c erasuresAgainCommand) Run(ctx context.Context, out io.Writer) error {
	lines, err := savedErasures(c.File)
	if err != nil {
		return err
	}
	done, err := c.Database.database().EraseAgain(ctx, lines)
	if err != nil {
		return databaseError(err)
	}
	_, err = fmt.Fprintf(out, "erasures: %d to be erased, %d taken back; %d more wait already or are about nobody in these records\n", done.Erase, done.Kept, done.Passed)
	return err
}

type erasuresAddCommand struct {
	Database databaseSettings `embed:"" group:"Stores"`
	Yes      bool             `name:"yes" help:"Do it. Without this the command only says whom it would erase."`
	Who      string           `arg:"" placeholder:"WHO" help:"The registration number of one of their businesses, owner:<id>, or account:<Telegram's id> of who has registered nothing."`
}

// Run says who is meant; a number is soon mistyped, and nobody comes back.
func (c erasuresAddCommand) Run(ctx context.Context, out io.Writer) error {
	d := c.Database.database()
	n, err := d.Named(ctx, c.Who)
	if err == nil && c.Yes {
		err = d.EraseNow(ctx, n.Subject)
	}
	switch {
	case errors.Is(err, store.ErrNobody):
		return fmt.Errorf("%q is neither a registration number, nor owner:<id> or account:<id> of anybody in the records", c.Who)
	case errors.Is(err, store.ErrActsForOwner):
		return fmt.Errorf("%s acts for an owner: give the registration number of their business", c.Who)
	case errors.Is(err, umkm.ErrStillStaff):
		return fmt.Errorf("%s belongs to the staff: an admin removes it first (/petugas)", c.Who)
	case err != nil:
		return databaseError(err)
	}
	what := "Nothing is done yet. If these are the ones, the same with --yes erases all that is theirs, at once and for good."
	if c.Yes {
		what = "All that is theirs is erased as soon as a replica runs, within a minute where one does."
	}
	_, err = fmt.Fprintf(out, "%s\n%s\n", describe(n), what)
	return err
}

func describe(n store.Named) string {
	if len(n.Name) == 0 {
		return n.Subject + ": has registered nothing"
	}
	return fmt.Sprintf("%s: %s; %s; accounts that act for them: %d", n.Subject, n.Name, strings.Join(n.Businesses, ", "), n.Accounts)
}
