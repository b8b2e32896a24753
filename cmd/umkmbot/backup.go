package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"

	"umkmbot/internal/mirror"
	"umkmbot/store"
	"umkmbot/store/files"
)

// filesCommand is what deploy/backup.sh and restore.sh do with the files. They
// are copied as they are, sealed: no key is needed, but for a new mark.
type filesCommand struct {
	Save    filesSaveCommand    `cmd:"" help:"Copy what is new into a folder of backups and list all there is."`
	Verify  filesVerifyCommand  `cmd:"" help:"See that everything of a list lies unharmed in a folder of backups."`
	Restore filesRestoreCommand `cmd:"" help:"Put everything of a list back where the bot looks for it."`
	Prune   filesPruneCommand   `cmd:"" help:"Remove from a folder of backups what no list names."`
}

// placeSetting says where the bot has its files.
type placeSetting struct {
	URL string `name:"files-url" env:"FILES_URL" required:"" placeholder:"file:///…" help:"Where the files lie that people send: file:///folder, or s3://…"`
}

func (p placeSetting) open() (files.Store, error) {
	address, err := files.ParseAddress(p.URL)
	if err != nil {
		return nil, fmt.Errorf("FILES_URL: %w", err)
	}
	place, err := address.Open()
	if err != nil {
		return nil, fmt.Errorf("FILES_URL: %w", err)
	}
	return place, nil
}

type filesSaveCommand struct {
	Place placeSetting `embed:""`
	To    string       `name:"to" required:"" placeholder:"FOLDER" help:"The folder of backups."`
	List  string       `name:"list" required:"" placeholder:"FILE" help:"Where the list goes."`
	Known string       `name:"known" placeholder:"FILE" help:"The list of an earlier backup: what has not changed since is not read again."`
}

// Run copies the files.
func (c filesSaveCommand) Run(ctx context.Context, out io.Writer) error {
	place, err := c.Place.open()
	if err != nil {
		return err
	}
	known := mirror.List{}
	if c.Known != "" {
		if known, err = readList(c.Known); err != nil {
			return err
		}
	}
	list, copied, err := mirror.Folder(c.To).Save(ctx, place, known)
	if err != nil {
		return fmt.Errorf("save files: %w", err)
	}
	if err := writeList(c.List, list); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d files, %d of them new\n", len(list), copied)
	return err
}

type filesVerifyCommand struct {
	From string `name:"from" required:"" placeholder:"FOLDER" help:"The folder of backups."`
	List string `name:"list" required:"" placeholder:"FILE" help:"A backup's list."`
}

// Run reads everything that the list names.
func (c filesVerifyCommand) Run(ctx context.Context, out io.Writer) error {
	list, err := readList(c.List)
	if err != nil {
		return err
	}
	if err := mirror.Folder(c.From).Verify(ctx, list); err != nil {
		return fmt.Errorf("verify files: %w", err)
	}
	_, err = fmt.Fprintf(out, "%d files are unharmed\n", len(list))
	return err
}

type filesRestoreCommand struct {
	Place placeSetting `embed:""`
	From  string       `name:"from" required:"" placeholder:"FOLDER" help:"The folder of backups."`
	List  string       `name:"list" required:"" placeholder:"FILE" help:"A backup's list."`
	Mark  string       `name:"mark" placeholder:"HEX" help:"The mark of the database that the files are for, in place of the backup's."`
	Keys  string       `name:"keys" env:"UMKMBOT_KEYS" placeholder:"id:base64,…" help:"What --mark is sealed under."`
}

// Run puts everything back that the list names; what else lies there stays. The
// mark comes first: broken off, a restore can be begun again.
func (c filesRestoreCommand) Run(ctx context.Context, out io.Writer) error {
	place, err := c.Place.open()
	if err != nil {
		return err
	}
	list, err := readList(c.List)
	if err != nil {
		return err
	}
	if c.Mark != "" {
		if err := c.mark(ctx, place); err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(i mirror.Item) bool { return i.Key == store.MarkKey })
	}
	if err := mirror.Folder(c.From).Restore(ctx, place, list); err != nil {
		return fmt.Errorf("restore files: %w", err)
	}
	_, err = fmt.Fprintf(out, "%d files are back\n", len(list))
	return err
}

func (c filesRestoreCommand) mark(ctx context.Context, place files.Store) error {
	keys, err := store.ParseKeys(c.Keys)
	if err != nil {
		return fmt.Errorf("UMKMBOT_KEYS: %w", err)
	}
	mark, err := hex.DecodeString(c.Mark)
	if err != nil {
		return fmt.Errorf("the mark: %w", err)
	}
	return store.MarkFiles(ctx, keys, place, mark)
}

type filesPruneCommand struct {
	From  string   `name:"from" required:"" placeholder:"FOLDER" help:"The folder of backups."`
	Lists []string `arg:"" placeholder:"FILE" help:"The lists of all backups that are kept."`
}

// Run removes what no list names. A list that cannot be read keeps everything.
func (c filesPruneCommand) Run(ctx context.Context, out io.Writer) error {
	var kept []mirror.List
	for _, name := range c.Lists {
		list, err := readList(name)
		if err != nil {
			return err
		}
		kept = append(kept, list)
	}
	n, err := mirror.Folder(c.From).Prune(ctx, kept)
	if err != nil {
		return fmt.Errorf("prune files: %w", err)
	}
	_, err = fmt.Fprintf(out, "%d files of ended backups removed\n", n)
	return err
}

func readList(name string) (mirror.List, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("list of files: %w", err)
	}
	defer f.Close() // only read
	list, err := mirror.ReadList(f)
	if err != nil {
		return nil, fmt.Errorf("list of files %s: %w", name, err)
	}
	return list, nil
}

func writeList(name string, list mirror.List) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("list of files: %w", err)
	}
	w := bufio.NewWriter(f)
	err = errors.Join(list.Write(w), w.Flush(), f.Sync(), f.Close())
	if err != nil {
		return fmt.Errorf("list of files: %w", err)
	}
	return nil
}

// libpqCommand translates DATABASE_URL for Postgres's own programs: without
// what only this program knows, and the password apart, so that nobody reads
// it in the list of processes.
type libpqCommand struct {
	DatabaseURL string `name:"database-url" env:"DATABASE_DIRECT_URL,DATABASE_URL" required:"" placeholder:"postgres://…" help:"The database's own address."`
}

// Run prints lines for a shell to evaluate.
func (c libpqCommand) Run(out io.Writer) error {
	u, err := url.Parse(c.DatabaseURL)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return errors.New("DATABASE_URL: want postgres://user:password@host/database")
	}
	password, _ := u.User.Password()
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	query := u.Query()
	for name := range query {
		if strings.HasPrefix(name, "pool_") || name == "default_query_exec_mode" {
			query.Del(name)
		}
	}
	u.RawQuery = query.Encode()
	_, err = fmt.Fprintf(out, "PGADDRESS=%s\nPGPASSWORD=%s\nexport PGPASSWORD\n", quoted(u.String()), quoted(password))
	return err
}

// quoted is a word that a shell takes as it is.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
