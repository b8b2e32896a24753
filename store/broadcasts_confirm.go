package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

// Confirm has a draft go out at its time, umkm.BroadcastUndo from now at the
// soonest; to more people than one officer may decide on, once another one has
// confirmed the same version. The answer says what it has come to. Of one that
// is scheduled already it says the same again.
//
// umkm.ErrChanged: another version than the one seen. umkm.ErrSamePerson: by
// has confirmed it, and somebody else has to. umkm.ErrNobody. umkm.ErrBegun: it
// has, or is cancelled. umkm.ErrNoBroadcast, umkm.ErrForbidden.
func (s *Store) Confirm(ctx context.Context, by int64, id string, version int, at time.Time) (out umkm.Broadcast, err error) {
	err = s.atomically(ctx, func(tx pgx.Tx) error {
		b, who, err := lockBroadcastFor(ctx, tx, by, id)
		switch {
		case err != nil:
			return err
		case b.State == umkm.BroadcastBegun || b.State == umkm.BroadcastCancelled:
			return umkm.ErrBegun
		case b.Version != version:
			return umkm.ErrChanged
		case b.State == umkm.BroadcastWaiting && b.ConfirmedBy == by:
			return umkm.ErrSamePerson
		case b.State != umkm.BroadcastScheduled:
			if err := s.confirm(ctx, tx, b, who, at); err != nil {
				return err
			}
			if b, err = findBroadcast(ctx, tx, sqlBroadcast, id); err != nil {
				return err
			}
		}
		out = b.broadcast()
		return nil
	})
	if err != nil {
		return umkm.Broadcast{}, fmt.Errorf("confirm broadcast: %w", classify(err))
	}
	return out, nil
}

const (
	sqlConfirm = `UPDATE broadcasts SET state = $2, count = $3, confirmed_by = $4, confirmed_at = $5, begins_at = $6 WHERE id = $1`
	sqlSecond  = `UPDATE broadcasts SET state = $2, count = $3, seconded_by = $4, seconded_at = $5, begins_at = $6 WHERE id = $1`
)

// confirm notes one officer's yes to a locked broadcast.
func (s *Store) confirm(ctx context.Context, tx pgx.Tx, b broadcastRow, who umkm.Staff, at time.Time) error {
	c, err := s.chatsFor(ctx, tx, b.Segment, who.Regions(umkm.RoleOfficer), b.Urgent, at)
	if err != nil {
		return err
	}
	reached, err := c.count(ctx, tx)
	if err != nil {
		return err
	}
	if reached.People == 0 {
		return umkm.ErrNobody
	}
	sql, state, begins := sqlConfirm, umkm.BroadcastScheduled, at.Add(umkm.BroadcastUndo)
	if b.At != nil && b.At.After(begins) {
		begins = *b.At
	}
	switch {
	case b.State == umkm.BroadcastWaiting:
		sql = sqlSecond
	case s.secondOfficerAbove > 0 && reached.People > s.secondOfficerAbove:
		state = umkm.BroadcastWaiting
	}
	var when *time.Time
	if state == umkm.BroadcastScheduled {
		when = &begins
	}
	if _, err := tx.Exec(ctx, sql, b.ID, state, reached.People, who.Account, at, when); err != nil {
		return fmt.Errorf("write confirmation: %w", err)
	}
	err = addAudit(ctx, tx, auditEntry{
		Actor: accountActor(who.Account), Action: "broadcast.confirmed", Subject: broadcastSubject(b.ID), At: at,
		Details: map[string]any{"version": b.Version, "people": reached.People, "state": state, "regions": b.Segment.Regions},
	})
	switch {
	case err != nil:
		return err
	case when == nil:
		return s.noticeBroadcast(ctx, tx, b, umkm.NoticeSecond)
	}
	return s.scheduleBroadcast(ctx, tx, b, begins)
}

// scheduleBroadcast has a broadcast begin at a time.
func (s *Store) scheduleBroadcast(ctx context.Context, tx pgx.Tx, b broadcastRow, begins time.Time) error {
	job := umkm.BroadcastDue{Broadcast: b.ID.String(), Version: b.Version}
	if _, err := s.jobs.InsertTx(ctx, tx, job, &river.InsertOpts{ScheduledAt: begins}); err != nil {
		return fmt.Errorf("schedule: %w", err)
	}
	return nil
}

const sqlUnconfirm = `
UPDATE broadcasts SET state = 'draft', version = version + 1, begins_at = NULL, count = 0,
	confirmed_by = NULL, confirmed_at = NULL, seconded_by = NULL, seconded_at = NULL
WHERE id = $1`

// Unconfirm makes a draft, of another version, of one that has not begun. Where
// somebody else gives it back than who confirmed it, that is told. Of a draft it
// does nothing. umkm.ErrBegun: it has, or is cancelled.
// umkm.ErrNoBroadcast, umkm.ErrForbidden.
func (s *Store) Unconfirm(ctx context.Context, by int64, id string, at time.Time) error {
	return s.actOn(ctx, "unconfirm", by, id, func(tx pgx.Tx, b broadcastRow) error {
		switch b.State {
		case umkm.BroadcastDraft:
			return nil
		case umkm.BroadcastWaiting, umkm.BroadcastScheduled:
			if err := setBroadcast(ctx, tx, b, sqlUnconfirm, accountActor(by), "broadcast.unconfirmed", at); err != nil || b.ConfirmedBy == by {
				return err
			}
			b.Version++
			return s.noticeBroadcast(ctx, tx, b, umkm.NoticeReturned)
		default:
			return umkm.ErrBegun
		}
	})
}

// setBroadcast changes a locked broadcast and says who did it.
func setBroadcast(ctx context.Context, tx pgx.Tx, b broadcastRow, sql, actor, action string, at time.Time) error {
	if _, err := tx.Exec(ctx, sql, b.ID); err != nil {
		return fmt.Errorf("set state: %w", err)
	}
	return addAudit(ctx, tx, auditEntry{
		Actor: actor, Action: action, Subject: broadcastSubject(b.ID), At: at, Details: map[string]any{"version": b.Version},
	})
}
