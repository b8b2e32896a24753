package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Database is the database alone, for commands that need neither chats nor keys.
type Database struct {
	URL    string
	Pooled bool // as Config has it
	Now    func() time.Time
}

// with opens the database for one piece of work.
func (d Database) with(ctx context.Context, work func(*Store) error) error {
	pool, err := openPool(ctx, d.URL, poolOptions{pooled: d.Pooled})
	if err != nil {
		return &PartError{Postgres, err}
	}
	defer pool.Close()
	jobs, err := openJobs(pool, d.Now)
	if err != nil {
		return err
	}
	return work(&Store{pool: pool, jobs: jobs, now: d.Now})
}

// migrated is with for a database of this version; ErrNotMigrated.
func (d Database) migrated(ctx context.Context, work func(*Store) error) error {
	return d.with(ctx, func(s *Store) error {
		if err := CheckMigrated(ctx, s.pool); err != nil {
			return err
		}
		return work(s)
	})
}

// What the audit log has about erasures.
const (
	actionAsked         = "erasure.asked"
	actionKept          = "erasure.kept"
	actionOwnerErased   = "owner.erased"
	actionAccountErased = "account.erased"

	// aboutErasures is the condition of the index audit_log_erasures.
	aboutErasures = `action IN ('` + actionAsked + `', '` + actionKept + `', '` + actionOwnerErased + `', '` + actionAccountErased + `')`
)

// ErasureLine is what the audit log has about one erasure: that it was asked
// for, taken back or done. A list of them lies beside the backups, for no backup
// knows what came after it.
type ErasureLine struct {
	At      time.Time
	Action  string
	Subject string // owner:<id>, or account:<Telegram's id>
}

// String is the line as a list has it. Postgres knows microseconds, so that the
// time is found again exactly.
func (l ErasureLine) String() string {
	return l.At.UTC().Format(time.RFC3339Nano) + " " + l.Action + " " + l.Subject
}

// erased reports whether it was carried out.
func (l ErasureLine) erased() bool {
	return l.Action == actionOwnerErased || l.Action == actionAccountErased
}

// parseErasureLine reads what String writes.
func parseErasureLine(text string) (l ErasureLine, err error) {
	words := strings.Fields(text)
	if len(words) != 3 {
		return l, errors.New("want a time, an action and a subject")
	}
	if l.At, err = time.Parse(time.RFC3339, words[0]); err != nil {
		return l, errors.New("the time is not in the form of RFC 3339")
	}
	l.At, l.Action, l.Subject = l.At.Truncate(time.Microsecond), words[1], words[2]
	who, err := personNamed(l.Subject)
	if err != nil {
		return l, err
	}
	switch l.Action {
	case actionAsked, actionKept:
	case actionOwnerErased, actionAccountErased:
		if (who.owner != nil) != (l.Action == actionOwnerErased) {
			return l, errors.New("the action is not about such a subject")
		}
	default:
		return l, errors.New("the action is not one of erasures")
	}
	return l, nil
}

// personNamed is whom a subject names; of an owner no account is known yet.
func personNamed(subject string) (person, error) {
	kind, key, _ := strings.Cut(subject, ":")
	if id, err := uuid.Parse(key); kind == "owner" && err == nil && ownerSubject(id) == subject {
		return person{owner: &id}, nil
	}
	if account, err := strconv.ParseInt(key, 10, 64); kind == "account" && err == nil && account > 0 && accountActor(account) == subject {
		return person{account: account}, nil
	}
	return person{}, errors.New("the subject is neither owner:<id> nor account:<id>")
}

// ReadErasures reads a list, one line each.
func ReadErasures(from io.Reader) (lines []ErasureLine, err error) {
	scanner := bufio.NewScanner(from)
	for n := 1; scanner.Scan(); n++ {
		if strings.TrimSpace(scanner.Text()) == "" {
			continue
		}
		l, err := parseErasureLine(scanner.Text())
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		lines = append(lines, l)
	}
	return lines, scanner.Err()
}

const sqlErasuresSince = `
SELECT at, action, subject FROM audit_log
WHERE ` + aboutErasures + ` AND at >= $1
ORDER BY at, id`

// Erasures reads what was asked, taken back and done about erasures since a
// time, in the order of time.
func (d Database) Erasures(ctx context.Context, since time.Time, each func(ErasureLine) error) error {
	return d.with(ctx, func(s *Store) error { return s.erasuresSince(ctx, since, each) })
}

func (s *Store) erasuresSince(ctx context.Context, since time.Time, each func(ErasureLine) error) error {
	rows, _ := s.pool.Query(ctx, sqlErasuresSince, since)
	var l ErasureLine
	_, err := pgx.ForEachRow(rows, []any{&l.At, &l.Action, &l.Subject}, func() error { return each(l) })
	if err != nil {
		return fmt.Errorf("list erasures: %w", err)
	}
	return nil
}
