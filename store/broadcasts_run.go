package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const sqlCancelBroadcast = `UPDATE broadcasts SET state = 'cancelled', begins_at = NULL WHERE id = $1`

// CancelBroadcast ends one: what has not been sent is not. Done again it stays
// done. umkm.ErrBegun: all of it is sent. umkm.ErrNoBroadcast,
// umkm.ErrForbidden.
func (s *Store) CancelBroadcast(ctx context.Context, by int64, id string, at time.Time) error {
	return s.actOn(ctx, "cancel", by, id, func(tx pgx.Tx, b broadcastRow) error {
		switch b.State {
		case umkm.BroadcastCancelled:
			return nil
		case umkm.BroadcastBegun:
			return s.turnBegun(ctx, tx, b, umkm.MailingCancelled, by, "broadcast.cancelled", at)
		default:
			return setBroadcast(ctx, tx, b, sqlCancelBroadcast, accountActor(by), "broadcast.cancelled", at)
		}
	})
}

// PauseBroadcast stops the sending within a second. Done again it stays done.
// umkm.ErrChanged: it has not begun. umkm.ErrBegun: nothing is being sent any
// more. umkm.ErrNoBroadcast, umkm.ErrForbidden.
func (s *Store) PauseBroadcast(ctx context.Context, by int64, id string, at time.Time) error {
	return s.turn(ctx, "pause", by, id, umkm.MailingPaused, "broadcast.paused", at)
}

// ResumeBroadcast has the sending go on; its errors are PauseBroadcast's.
func (s *Store) ResumeBroadcast(ctx context.Context, by int64, id string, at time.Time) error {
	return s.turn(ctx, "resume", by, id, umkm.MailingRunning, "broadcast.resumed", at)
}

func (s *Store) turn(ctx context.Context, what string, by int64, id string, to umkm.MailingState, action string, at time.Time) error {
	return s.actOn(ctx, what, by, id, func(tx pgx.Tx, b broadcastRow) error {
		switch b.State {
		case umkm.BroadcastBegun:
			return s.turnBegun(ctx, tx, b, to, by, action, at)
		case umkm.BroadcastCancelled:
			return umkm.ErrBegun
		default:
			return umkm.ErrChanged
		}
	})
}

// turnBegun is turnMailings as somebody's act: umkm.ErrBegun: all are over,
// and otherwise than asked for.
func (s *Store) turnBegun(ctx context.Context, tx pgx.Tx, b broadcastRow, to umkm.MailingState, by int64, action string, at time.Time) error {
	turned, already, err := s.turnMailings(ctx, tx, b, to)
	switch {
	case err != nil:
		return err
	case turned > 0:
		return addAudit(ctx, tx, auditEntry{Actor: accountActor(by), Action: action, Subject: broadcastSubject(b.ID), At: at})
	case already == 0:
		return umkm.ErrBegun
	}
	return nil
}

// turnMailings gives those mailings of a locked broadcast another state that
// are not over; already counts those that have it.
func (s *Store) turnMailings(ctx context.Context, tx pgx.Tx, b broadcastRow, to umkm.MailingState) (turned, already int, err error) {
	all, err := mailingsOf(ctx, tx, b.ID)
	if err != nil {
		return 0, 0, err
	}
	for _, m := range all[b.ID.String()] {
		if m.State == to {
			already++
		}
		if !onTheWay(m) || m.State == to {
			continue
		}
		err := s.setMailingState(ctx, tx, uuid.MustParse(m.ID), to)
		if errors.Is(err, umkm.ErrMailingOver) { // the last was sent meanwhile
			continue
		}
		if err != nil {
			return 0, 0, fmt.Errorf("set a mailing's state: %w", err)
		}
		turned++
	}
	return turned, already, nil
}

// Who moved away from the officer's regions since, took the consent back or
// uses another chat is left out.
const (
	sqlResendTo = `
SELECT d.chat, d.subject, d.language FROM deliveries d JOIN reach r ON r.business = d.subject AND r.chat = d.chat AND r.messages
WHERE `

	sqlSomeToResend = `
SELECT EXISTS (%[1]s) AND NOT EXISTS (SELECT FROM mailings WHERE key = $%[2]d)`
)

// Resend sends once more to those whose part of a sending that is over came to
// a state, failed or uncertain, and says to how many. Of a sending each state
// is sent again once: done again it does nothing. umkm.ErrRefused: another
// state. umkm.ErrChanged: it has not begun. umkm.ErrNoBroadcast,
// umkm.ErrForbidden.
func (s *Store) Resend(ctx context.Context, by int64, id string, what umkm.DeliveryState, at time.Time) (people int, err error) {
	if what != umkm.DeliveryFailed && what != umkm.DeliveryUncertain {
		return 0, fmt.Errorf("resend broadcast: %w: what is %q", umkm.ErrRefused, what)
	}
	err = s.atomically(ctx, func(tx pgx.Tx) error {
		b, who, err := lockBroadcastFor(ctx, tx, by, id)
		if err == nil && b.State != umkm.BroadcastBegun {
			err = umkm.ErrChanged
		}
		if err != nil {
			return err
		}
		people, err = s.resend(ctx, tx, b, who, what, at)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("resend broadcast: %w", classify(err))
	}
	return people, nil
}

// resend plans a mailing for each of a locked broadcast that is done.
func (s *Store) resend(ctx context.Context, tx pgx.Tx, b broadcastRow, who umkm.Staff, what umkm.DeliveryState, at time.Time) (people int, err error) {
	all, err := mailingsOf(ctx, tx, b.ID)
	if err != nil {
		return 0, err
	}
	for _, m := range all[b.ID.String()] {
		if m.State != umkm.MailingDone || !came(m.Counts, what) {
			continue
		}
		n, err := s.resendOne(ctx, tx, b, m, who, what, at)
		if err != nil {
			return 0, err
		}
		people += n
	}
	if people == 0 {
		return 0, nil
	}
	return people, addAudit(ctx, tx, auditEntry{
		Actor: accountActor(who.Account), Action: "broadcast.resent", Subject: broadcastSubject(b.ID), At: at,
		Details: map[string]any{"what": what, "people": people},
	})
}

// came reports whether some came to a state that is sent again.
func came(c umkm.DeliveryCounts, what umkm.DeliveryState) bool {
	return what == umkm.DeliveryFailed && c.Failed > 0 || what == umkm.DeliveryUncertain && c.Uncertain > 0
}

// resendOne plans a mailing to those of another whose part came to a state,
// unless that was done before.
func (s *Store) resendOne(
	ctx context.Context, tx pgx.Tx, b broadcastRow, m umkm.Mailing, who umkm.Staff, what umkm.DeliveryState, at time.Time,
) (int, error) {
	key := broadcastSubject(b.ID) + ":" + string(what) + ":" + m.ID
	c := &condition{first: 1}
	c.held(who.Regions(umkm.RoleOfficer))
	c.addf("d.mailing = %s", uuid.MustParse(m.ID))
	c.addf("d.state = %s", what)
	sql := sqlResendTo + strings.Join(c.parts, " AND ")
	var some bool
	err := tx.QueryRow(ctx, fmt.Sprintf(sqlSomeToResend, sql, len(c.args)+1), append(c.args[:len(c.args):len(c.args)], key)...).Scan(&some)
	if err != nil {
		return 0, fmt.Errorf("find whom to send it again: %w", err)
	}
	if !some {
		return 0, nil
	}
	return s.planMailing(ctx, tx, umkm.NewMailing{
		Key: key, Kind: umkm.MailingBroadcast, Subject: b.ID.String(), What: string(what), By: who.Account, Urgent: b.Urgent, At: at,
	}, sql, c.args...)
}
