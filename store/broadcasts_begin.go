package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// BroadcastDue begins a broadcast that has come to its time; before that it
// returns when that is. One that has been taken back, changed or cancelled
// since is let be, and what has begun does not begin again. Where one of those
// who confirmed it is no officer in all its regions any more, or where it has
// grown beyond what one officer decides on, it is a draft again, which is told.
func (s *Store) BroadcastDue(ctx context.Context, job umkm.BroadcastDue) (again time.Time, err error) {
	at := s.now()
	err = s.atomically(ctx, func(tx pgx.Tx) error {
		again = time.Time{}
		b, err := findBroadcast(ctx, tx, sqlBroadcast, job.Broadcast)
		if err != nil || !b.due(job) {
			return ignore(err, umkm.ErrNoBroadcast)
		}
		if at.Before(or(b.BeginsAt)) {
			again = *b.BeginsAt
			return nil
		}
		own, may, err := confirmers(ctx, tx, b)
		if err != nil {
			return err
		}
		// The staff are held before the broadcast, as everywhere; meanwhile it
		// may have been taken back.
		if b, err = findBroadcast(ctx, tx, sqlLockBroadcast, job.Broadcast); err != nil || !b.due(job) {
			return err
		}
		if !may {
			return s.giveBack(ctx, tx, b, umkm.NoticeRevoked, at)
		}
		return s.begin(ctx, tx, b, own, at)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("begin broadcast: %w", classify(err))
	}
	return again, nil
}

// due reports whether a job is about a broadcast as it is.
func (b broadcastRow) due(job umkm.BroadcastDue) bool {
	return b.State == umkm.BroadcastScheduled && b.Version == job.Version
}

// ignore is an error unless it is a certain one.
func ignore(err, one error) error {
	if errors.Is(err, one) {
		return nil
	}
	return err
}

// confirmers holds those who confirmed a broadcast: may tells whether each is
// still an officer in all its regions, own where the first of them is one.
func confirmers(ctx context.Context, tx pgx.Tx, b broadcastRow) (own []umkm.RegionCode, may bool, err error) {
	for _, account := range []int64{b.ConfirmedBy, b.SecondedBy} {
		if account == 0 {
			continue
		}
		who, err := staffHeld(ctx, tx, account)
		if err != nil {
			return nil, false, err
		}
		regions := who.Regions(umkm.RoleOfficer)
		if !b.Segment.Within(regions) {
			return nil, false, nil
		}
		if own == nil {
			own = regions
		}
	}
	return own, own != nil, nil
}

// broadcastLock is the advisory lock under which one broadcast is planned at a
// time: each counts what the others have planned to the share of the week.
const broadcastLock = 0x62726f6164 // "broad"

const sqlLockBroadcasts = `SELECT pg_advisory_xact_lock($1)`

// grown reports whether a broadcast that one officer has confirmed reaches more
// people by now than one decides on.
func (s *Store) grown(ctx context.Context, tx pgx.Tx, b broadcastRow, c chats) (bool, error) {
	if s.secondOfficerAbove == 0 || b.SecondedBy != 0 {
		return false, nil
	}
	reached, err := c.count(ctx, tx)
	return reached.People > s.secondOfficerAbove, err
}

// giveBack makes a locked broadcast a draft again and has its writer told.
func (s *Store) giveBack(ctx context.Context, tx pgx.Tx, b broadcastRow, why umkm.BroadcastNotice, at time.Time) error {
	if err := setBroadcast(ctx, tx, b, sqlUnconfirm, clockActor, "broadcast.unconfirmed", at); err != nil {
		return err
	}
	b.Version++
	return s.noticeBroadcast(ctx, tx, b, why)
}

const sqlBegun = `UPDATE broadcasts SET state = 'begun', begun_at = $2 WHERE id = $1`

// begin plans the mailing of a locked broadcast.
func (s *Store) begin(ctx context.Context, tx pgx.Tx, b broadcastRow, own []umkm.RegionCode, at time.Time) error {
	if _, err := tx.Exec(ctx, sqlLockBroadcasts, int64(broadcastLock)); err != nil {
		return fmt.Errorf("lock broadcasts: %w", err)
	}
	if _, err := tx.Exec(ctx, sqlRoom); err != nil {
		return fmt.Errorf("make room: %w", err)
	}
	c, err := s.chatsFor(ctx, tx, b.Segment, own, b.Urgent, at)
	if err != nil {
		return err
	}
	switch grown, err := s.grown(ctx, tx, b, c); {
	case err != nil:
		return err
	case grown:
		return s.giveBack(ctx, tx, b, umkm.NoticeGrown, at)
	}
	sql, args := c.left()
	n, err := s.planMailing(ctx, tx, umkm.NewMailing{
		Key: broadcastSubject(b.ID), Kind: umkm.MailingBroadcast, Subject: b.ID.String(), By: b.ConfirmedBy, Urgent: b.Urgent, At: at,
	}, sql, args...)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlBegun, b.ID, at); err != nil {
		return fmt.Errorf("set state: %w", err)
	}
	return addAudit(ctx, tx, auditEntry{
		Actor: clockActor, Action: "broadcast.begun", Subject: broadcastSubject(b.ID), At: at,
		Details: map[string]any{"version": b.Version, "people": n, "by": b.ConfirmedBy},
	})
}
