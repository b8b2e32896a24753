package store

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const sealMessage = "message" // never renamed

// newMessage is one to be added to a case's thread.
type newMessage struct {
	staff   int64 // of the office; 0: of the owner's side
	account int64 // of the owner's side
	key     string
	event   umkm.MessageEvent
	text    string
	file    string
	at      time.Time
	tell    bool // somebody is to be told
}

const sqlAddMessage = `
INSERT INTO messages (id, "case", account, staff, key, event, text_sealed, file, at)
VALUES ($1, $2, nullif($3, 0::bigint), nullif($4, 0::bigint), nullif($5, ''), $6, $7, $8, $9)`

// addMessage adds to the thread of a locked case.
func (s *Store) addMessage(ctx context.Context, tx pgx.Tx, c caseRow, m newMessage) (string, error) {
	var file *uuid.UUID
	if m.file != "" {
		ids, err := parseIDs([]string{m.file})
		if err != nil {
			return "", err
		}
		if _, err := takeFiles(ctx, tx, m.staff+m.account, ids); err != nil {
			return "", err
		}
		file = &ids[0]
	}
	id, err := newID()
	if err != nil {
		return "", err
	}
	sealed := s.sealTold(sealMessage, id, m.text)
	if _, err := tx.Exec(ctx, sqlAddMessage, id, c.key(), m.account, m.staff, m.key, m.event, sealed, file, m.at); err != nil {
		return "", fmt.Errorf("add message: %w", err)
	}
	if m.tell {
		if _, err := s.jobs.InsertTx(ctx, tx, umkm.NoticeMessage{Message: id.String()}, nil); err != nil {
			return "", fmt.Errorf("schedule notice: %w", err)
		}
	}
	return id.String(), nil
}

// Say adds to what is said about a case, and whoever is on the other side is
// told. One key says one thing: called again it returns the same message. The
// staff's first word on a ticket is what was due; its owner's, within
// umkm.ReopenTime of its end, opens it again.
//
// For the staff: umkm.ErrNotHeld, umkm.ErrForbidden, umkm.ErrOwnDocument. For
// the owner's side umkm.ErrNotYours. umkm.ErrClosed; umkm.ErrFileGone;
// umkm.ErrRefused: neither text nor file, or too long.
func (s *Store) Say(ctx context.Context, say umkm.Saying) (message string, err error) {
	if say.Text == "" && say.File == "" || say.Key == "" || utf8.RuneCountInString(say.Text) > umkm.MaxMessage {
		return "", fmt.Errorf("say: %w", umkm.ErrRefused)
	}
	if say.Staff {
		message, err = s.sayStaff(ctx, say)
	} else {
		message, err = s.sayOwner(ctx, say)
	}
	if err != nil {
		return "", fmt.Errorf("say: %w", classify(err))
	}
	return message, nil
}

const sqlSaidBy = `SELECT id FROM messages WHERE key = $1 AND "case" = $2 AND coalesce(staff, account) = $3`

// said finds what the same key has said; "" for nothing.
func said(ctx context.Context, q querier, say umkm.Saying) (string, error) {
	key, err := uuid.Parse(say.Case)
	if err != nil {
		return "", nil
	}
	id, found, err := findID(ctx, q, sqlSaidBy, say.Key, key, say.Account)
	if err != nil || !found {
		return "", err
	}
	return id.String(), nil
}

// sqlAnswered: what was due on a ticket is an answer.
const sqlAnswered = `
UPDATE cases SET unanswered = false, held_until = $2,
	due_at = CASE kind WHEN 'ticket' THEN NULL ELSE due_at END, overdue_at = CASE kind WHEN 'ticket' THEN NULL ELSE overdue_at END
WHERE id = $1`

// sayStaff: a repeat is found under the case's lock, or, where the case has
// been closed or given away since, after all.
func (s *Store) sayStaff(ctx context.Context, say umkm.Saying) (message string, err error) {
	err = s.atDesk(ctx, say.Account, say.Case, say.At, func(tx pgx.Tx, c caseRow) (err error) {
		if message, err = said(ctx, tx, say); err != nil || message != "" {
			return err
		}
		m := newMessage{staff: say.Account, key: say.Key, text: say.Text, file: say.File, at: say.At, tell: true}
		if message, err = s.addMessage(ctx, tx, c, m); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlAnswered, c.key(), lateOf(c, say.At))
		return err
	})
	if !offDesk(err) {
		return message, err
	}
	if before, lookErr := said(ctx, s.pool, say); lookErr != nil || before != "" {
		return before, lookErr
	}
	return "", err
}

const (
	sqlUnanswered = `UPDATE cases SET unanswered = true WHERE id = $1`
	sqlAnswerDue  = `
UPDATE cases SET due_at = $2, overdue_at = NULL WHERE id = $1 AND kind = 'ticket' AND due_at IS NULL AND state <> 'closed'`
)

func (s *Store) sayOwner(ctx context.Context, say umkm.Saying) (message string, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		c, err := lockOwn(ctx, tx, say.Account, say.Case)
		if err != nil {
			return err
		}
		if message, err = said(ctx, tx, say); err != nil || message != "" {
			return err
		}
		if c.State == caseClosed {
			if err := s.reopenTicket(ctx, tx, c, say); err != nil {
				return err
			}
		}
		m := newMessage{account: say.Account, key: say.Key, text: say.Text, file: say.File, at: say.At, tell: c.Holder != 0}
		if message, err = s.addMessage(ctx, tx, c, m); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlUnanswered, c.key()); err != nil {
			return err
		}
		if say.Due.IsZero() {
			return nil
		}
		due, err := tx.Exec(ctx, sqlAnswerDue, c.key(), say.Due)
		if err != nil || due.RowsAffected() == 0 {
			return err
		}
		return s.watchDue(ctx, tx, c.ID, say.Due)
	})
	return message, err
}

const sqlOwns = `SELECT EXISTS (SELECT FROM account_owners WHERE account = $1 AND owner = $2)`

// owns reports whether a case is of the account's side: it acts for the owner,
// or opened the ticket.
func owns(ctx context.Context, q querier, account int64, c caseRow) (bool, error) {
	if c.Kind == umkm.CaseTicket && c.Account == account {
		return true, nil
	}
	rows, _ := q.Query(ctx, sqlOwns, account, c.Owner)
	return pgx.CollectExactlyOneRow(rows, pgx.RowTo[bool])
}

// lockOwn is lockCase of a case of the account's side, else umkm.ErrNotYours.
func lockOwn(ctx context.Context, tx pgx.Tx, account int64, id string) (caseRow, error) {
	c, err := lockCase(ctx, tx, id)
	if errors.Is(err, umkm.ErrNotHeld) {
		return caseRow{}, umkm.ErrNotYours
	}
	if err != nil {
		return caseRow{}, err
	}
	own, err := owns(ctx, tx, account, c)
	if err == nil && (!own || !forDesk(c.Kind)) {
		err = umkm.ErrNotYours
	}
	return c, err
}
