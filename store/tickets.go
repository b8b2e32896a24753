package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const sealTicketName = "ticket name" // never renamed

// OpenTicket begins a conversation with the office; it enters the officers'
// queue. Of somebody who is not registered the account is kept from now on,
// and a name they give. One dialog opens one: called again it returns the
// same. umkm.ErrNotYours: the account does not act for the business.
// umkm.ErrRefused: neither text nor file, or too long. umkm.ErrFileGone.
func (s *Store) OpenTicket(ctx context.Context, n umkm.NewTicket) (umkm.Receipt, error) {
	if n.Text == "" && n.File == "" || utf8.RuneCountInString(n.Text) > umkm.MaxMessage {
		return umkm.Receipt{}, fmt.Errorf("open ticket: %w", umkm.ErrRefused)
	}
	var id uuid.UUID
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) (err error) {
		id, err = s.openTicket(ctx, tx, n)
		return err
	})
	if err != nil {
		return umkm.Receipt{}, fmt.Errorf("open ticket: %w", classify(err))
	}
	return s.receipt(ctx, id, n.At)
}

const sqlOpenedBy = `SELECT id FROM tickets WHERE dialog = $1 AND account = $2`

// openTicket: repeats of a dialog follow one another under the account's lock.
func (s *Store) openTicket(ctx context.Context, tx pgx.Tx, n umkm.NewTicket) (uuid.UUID, error) {
	if _, err := tx.Exec(ctx, sqlSeeAccount, n.Account, n.Language, n.At); err != nil {
		return uuid.UUID{}, fmt.Errorf("see account: %w", err)
	}
	if id, found, err := findID(ctx, tx, sqlOpenedBy, n.Dialog, n.Account); err != nil || found {
		return id, err
	}
	p := place{Village: cmp.Or(n.Village, umkm.Province)}
	if n.Business != "" {
		var err error
		if p, err = lockPlace(ctx, tx, n.Account, n.Business); err != nil {
			return uuid.UUID{}, err
		}
	}
	id, err := newID()
	if err != nil {
		return id, err
	}
	return id, s.addTicket(ctx, tx, id, p, n)
}

const (
	sqlAddTicketCase = `
INSERT INTO cases (id, kind, role, topic, business, owner, account, village, returned, since, state, due_at, unanswered)
VALUES ($1, 'ticket', 'officer', $2, $3, $4, $5, $6, false, $7, 'waiting', $8, true)`

	sqlAddTicket = `
INSERT INTO tickets (id, account, dialog, name_sealed, context, opened_at) VALUES ($1, $2, $3, $4, $5, $6)`
)

func (s *Store) addTicket(ctx context.Context, tx pgx.Tx, id uuid.UUID, p place, n umkm.NewTicket) error {
	batch := &pgx.Batch{}
	batch.Queue(sqlAddTicketCase, id, n.Topic, told(p.ID), told(p.Owner), n.Account, p.Village, n.At, told(n.Due))
	batch.Queue(sqlAddTicket, id, n.Account, n.Dialog, s.sealTold(sealTicketName, id, n.Name), n.Context, n.At)
	err := queueAudit(batch, auditEntry{
		Actor: accountActor(n.Account), Action: "ticket.opened", Subject: ticketSubject(id.String()), At: n.At,
		Details: map[string]any{"topic": n.Topic, "consents": n.Consents},
	})
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("add ticket: %w", err)
	}
	c := caseRow{Case: umkm.Case{ID: id.String()}}
	if _, err := s.addMessage(ctx, tx, c, newMessage{account: n.Account, key: n.Dialog, text: n.Text, file: n.File, at: n.At}); err != nil {
		return err
	}
	return s.watchDue(ctx, tx, id.String(), n.Due)
}

func ticketSubject(id string) string { return string(umkm.CaseTicket) + ":" + id }

const sqlTickets = `
SELECT t.id, c.topic, t.account, coalesce(c.business::text, '') AS business, c.village, t.context, c.state <> 'closed' AS open,
	c.version, coalesce(c.holder, 0) AS holder, t.opened_at, c.due_at, t.closed_at
FROM tickets t JOIN cases c ON c.id = t.id
`

type ticketRow struct {
	ID       uuid.UUID
	Topic    umkm.TicketTopic
	Account  int64
	Business string
	Village  umkm.RegionCode
	Context  string
	Open     bool
	Version  int
	Holder   int64
	OpenedAt time.Time
	DueAt    *time.Time
	ClosedAt *time.Time
}

func (r ticketRow) ticket() umkm.Ticket {
	return umkm.Ticket{
		ID: r.ID.String(), Topic: r.Topic, Account: r.Account, Business: r.Business, Village: r.Village, Context: r.Context,
		Open: r.Open, Version: r.Version, Holder: r.Holder, Taken: r.Holder != 0, Opened: r.OpenedAt, Due: or(r.DueAt), Closed: or(r.ClosedAt),
	}
}

func tickets(ctx context.Context, q querier, where string, args ...any) ([]umkm.Ticket, error) {
	rows, _ := q.Query(ctx, sqlTickets+where, args...)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[ticketRow])
	if err != nil {
		return nil, fmt.Errorf("find tickets: %w", err)
	}
	out := make([]umkm.Ticket, len(found))
	for i, r := range found {
		out[i] = r.ticket()
	}
	return out, nil
}

// ticketsShown is how many of an account's tickets are listed.
const ticketsShown = 50

// TicketsOf lists the newest tickets that an account has opened, newest first.
func (s *Store) TicketsOf(ctx context.Context, account int64) ([]umkm.Ticket, error) {
	all, err := tickets(ctx, s.pool, `WHERE t.account = $1 ORDER BY t.opened_at DESC, t.id DESC LIMIT $2`, account, ticketsShown)
	if err != nil {
		return nil, fmt.Errorf("list tickets: %w", err)
	}
	for i := range all {
		all[i].Holder = 0
	}
	return all, nil
}

// CloseTicket ends a conversation, for the staff from their desk, else from the
// owner's side; one that is closed stays so. The owner is told when the staff
// close it. For the staff umkm.ErrNotHeld, umkm.ErrForbidden,
// umkm.ErrOwnDocument; else umkm.ErrNotYours.
func (s *Store) CloseTicket(ctx context.Context, account int64, id string, staff bool, at time.Time) error {
	var err error
	if staff {
		err = s.atDesk(ctx, account, id, at, func(tx pgx.Tx, c caseRow) error { return s.closeTicket(ctx, tx, c, account, true, at) })
	} else {
		err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
			c, err := lockOwn(ctx, tx, account, id)
			if err != nil || c.State == caseClosed {
				return err
			}
			return s.closeTicket(ctx, tx, c, account, false, at)
		})
	}
	if staff && errors.Is(err, umkm.ErrClosed) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("close ticket: %w", classify(err))
	}
	return nil
}

const sqlCloseTicket = `UPDATE tickets SET closed_at = $2 WHERE id = $1`

func (s *Store) closeTicket(ctx context.Context, tx pgx.Tx, c caseRow, account int64, staff bool, at time.Time) error {
	if c.Kind != umkm.CaseTicket {
		return umkm.ErrRefused
	}
	m := newMessage{account: account, event: umkm.EventClosed, at: at}
	if staff {
		m = newMessage{staff: account, event: umkm.EventClosed, at: at, tell: true}
	}
	if _, err := s.addMessage(ctx, tx, c, m); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	batch.Queue(sqlCloseTicket, c.key(), at)
	batch.Queue(sqlCloseCase, c.key())
	err := queueAudit(batch, auditEntry{
		Actor: accountActor(account), Action: "ticket.closed", Subject: caseSubject(c), At: at, Details: map[string]any{"staff": staff},
	})
	if err != nil {
		return err
	}
	return tx.SendBatch(ctx, batch).Close()
}

const (
	sqlClosedAt     = `SELECT closed_at FROM tickets WHERE id = $1 AND closed_at IS NOT NULL`
	sqlReopenTicket = `UPDATE tickets SET closed_at = NULL WHERE id = $1`
	sqlReopenDesk   = `
UPDATE cases SET state = 'waiting', returned = true, since = $2, overdue_at = NULL, version = version + 1 WHERE id = $1`
)

// reopenTicket puts a closed ticket back into the queue, in front.
// umkm.ErrClosed: it is no ticket, or has been closed for too long.
func (s *Store) reopenTicket(ctx context.Context, tx pgx.Tx, c caseRow, say umkm.Saying) error {
	if c.Kind != umkm.CaseTicket {
		return umkm.ErrClosed
	}
	rows, _ := tx.Query(ctx, sqlClosedAt, c.key())
	closed, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[time.Time])
	if err != nil {
		return fmt.Errorf("find the ticket's end: %w", err)
	}
	if say.At.After(closed.Add(umkm.ReopenTime)) {
		return umkm.ErrClosed
	}
	batch := &pgx.Batch{}
	batch.Queue(sqlReopenTicket, c.key())
	batch.Queue(sqlReopenDesk, c.key(), say.At)
	err = queueAudit(batch, auditEntry{
		Actor: accountActor(say.Account), Action: "ticket.reopened", Subject: caseSubject(c), At: say.At, Details: map[string]any{},
	})
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("reopen ticket: %w", err)
	}
	_, err = s.addMessage(ctx, tx, c, newMessage{account: say.Account, event: umkm.EventReopened, at: say.At})
	return err
}
