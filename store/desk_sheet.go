package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// sheetMessages is how much of a thread a sheet shows.
const sheetMessages = 20

// DeskSheet is all that a member of the staff sees of a case on their desk;
// that they saw it is written in the audit log. umkm.ErrNotHeld,
// umkm.ErrClosed, umkm.ErrForbidden, umkm.ErrOwnDocument.
func (s *Store) DeskSheet(ctx context.Context, account int64, id string, at time.Time) (umkm.DeskSheet, error) {
	var sheet umkm.DeskSheet
	err := s.atDesk(ctx, account, id, at, func(tx pgx.Tx, c caseRow) (err error) {
		if sheet, err = s.deskSheet(ctx, tx, c); err != nil {
			return err
		}
		return auditCase(ctx, tx, c, string(c.Kind)+".viewed", account, at)
	})
	if err != nil {
		return umkm.DeskSheet{}, fmt.Errorf("open desk sheet: %w", err)
	}
	return sheet, nil
}

func (s *Store) deskSheet(ctx context.Context, tx pgx.Tx, c caseRow) (sheet umkm.DeskSheet, err error) {
	sheet.Case = c.Case
	if c.Kind == umkm.CaseRequest {
		err = s.fillRequest(ctx, tx, c, &sheet)
	} else {
		err = s.fillTicket(ctx, tx, c, &sheet)
	}
	if err != nil {
		return sheet, err
	}
	if c.Business != "" {
		if sheet.Owner, sheet.Profile, sheet.Number, err = s.profileOf(ctx, tx, c.Business); err != nil {
			return sheet, err
		}
		if sheet.Papers, err = s.documents(ctx, tx, sqlWallet, c.Business); err != nil {
			return sheet, err
		}
	}
	sheet.Messages, err = s.messages(ctx, tx, sqlThread, c.key(), true, nil, sheetMessages)
	return sheet, err
}

func (s *Store) fillRequest(ctx context.Context, tx pgx.Tx, c caseRow, sheet *umkm.DeskSheet) error {
	found, err := s.requests(ctx, tx, "WHERE r.id = $1", c.key())
	if err != nil {
		return err
	}
	if len(found) != 1 {
		return errors.New("store: a case without its request")
	}
	sheet.Request = &found[0]
	return nil
}

const sqlTicketName = `SELECT name_sealed FROM tickets WHERE id = $1`

func (s *Store) fillTicket(ctx context.Context, tx pgx.Tx, c caseRow, sheet *umkm.DeskSheet) error {
	found, err := tickets(ctx, tx, "WHERE t.id = $1", c.key())
	if err != nil {
		return err
	}
	if len(found) != 1 {
		return errors.New("store: a case without its ticket")
	}
	sheet.Ticket = &found[0]
	sheet.Person, err = s.ticketName(ctx, tx, c)
	return err
}

// ticketName is what somebody who is not registered wants to be called.
func (s *Store) ticketName(ctx context.Context, q querier, c caseRow) (string, error) {
	rows, _ := q.Query(ctx, sqlTicketName, c.key())
	sealed, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[[]byte])
	if err != nil {
		return "", fmt.Errorf("read ticket's name: %w", err)
	}
	return s.openTold(sealTicketName, c.key(), sealed)
}
