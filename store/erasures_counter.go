package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// Named is whom an operator means, to be looked at before they are erased.
type Named struct {
	Subject    string // owner:<id>, or account:<Telegram's id>
	Name       string // of the owner
	Businesses []string
	Accounts   int // that act for the owner
}

// ErrActsForOwner: an account alone was named, and it acts for an owner.
var ErrActsForOwner = errors.New("store: the account acts for an owner, who is to be named instead")

const (
	sqlOwnerOfNumber = `SELECT owner FROM businesses WHERE number = $1`

	sqlNamedOwner = `
SELECT o.name, ARRAY(SELECT number || ' ' || name FROM businesses WHERE owner = o.id ORDER BY number) AS businesses,
	(SELECT count(*) FROM account_owners WHERE owner = o.id) AS accounts
FROM owners o WHERE o.id = $1`

	sqlNamedAccount = `SELECT EXISTS (SELECT FROM account_owners WHERE account = $1) FROM accounts WHERE telegram_id = $1`
)

// Named finds whom somebody means by a subject, or by the registration number of
// a business. ErrNobody; ErrActsForOwner; umkm.ErrStillStaff.
func (d Database) Named(ctx context.Context, name string) (n Named, err error) {
	err = d.with(ctx, func(s *Store) error {
		return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) (err error) {
			n, err = findNamed(ctx, tx, name)
			return err
		})
	})
	return n, err
}

// EraseNow has somebody erased at once, whom Named found, for who asks at the
// counter and cannot in the chat. Called again it does nothing more. Errors as
// Named.
func (d Database) EraseNow(ctx context.Context, name string) error {
	return d.migrated(ctx, func(s *Store) error { return s.eraseNow(ctx, name) })
}

func findNamed(ctx context.Context, tx pgx.Tx, name string) (n Named, err error) {
	who, err := personNamed(name)
	if err != nil { // a number, then
		if err = tx.QueryRow(ctx, sqlOwnerOfNumber, name).Scan(&who.owner); err != nil {
			return n, nobody(err)
		}
	}
	n.Subject = who.subject()
	if who.owner != nil {
		return n, nobody(tx.QueryRow(ctx, sqlNamedOwner, who.owner).Scan(&n.Name, &n.Businesses, &n.Accounts))
	}
	var acts bool
	if err := tx.QueryRow(ctx, sqlNamedAccount, who.account).Scan(&acts); err != nil {
		return n, nobody(err)
	}
	staff, err := staffHeld(ctx, tx, who.account)
	switch {
	case err != nil:
		return n, err
	case acts:
		return n, ErrActsForOwner
	case len(staff.Grants) > 0:
		return n, umkm.ErrStillStaff
	}
	return n, nil
}

// nobody makes ErrNobody of finding no row.
func nobody(err error) error {
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return ErrNobody
	case err != nil:
		return fmt.Errorf("find who is meant: %w", err)
	}
	return nil
}

func (s *Store) eraseNow(ctx context.Context, name string) error {
	err := s.atomically(ctx, func(tx pgx.Tx) error {
		n, err := findNamed(ctx, tx, name)
		if err != nil {
			return err
		}
		at := s.now()
		who, stands, err := standing(ctx, tx, n.Subject)
		if err != nil || willDo(stands, at) {
			return err
		}
		if err := s.replaceErasure(ctx, tx, who, stands, at, at); err != nil {
			return err
		}
		return addAudit(ctx, tx, auditEntry{Actor: staffActor(0), Action: actionAsked, Subject: n.Subject, At: at, Details: map[string]any{"due": at}})
	})
	if err != nil {
		return fmt.Errorf("erase now: %w", classify(err))
	}
	return nil
}
