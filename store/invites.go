package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const (
	// tokenSize is an invitation token's randomness in bytes.
	tokenSize = 18
	// inviteMisses within inviteRest and an account's tries are not looked at
	// any more.
	inviteMisses = 10
	inviteRest   = time.Hour
)

// The same dialog made anew, as after a crash, gets another token in place of
// the one nobody has seen.
const sqlAddInvite = `
INSERT INTO invites (id, dialog, token_hash, name, grants, invited_by, created_at, expires_at)
VALUES ($1, nullif($2, ''), $3, $4, $5, nullif($6::bigint, 0), $7, $8)
ON CONFLICT (dialog) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at
WHERE invites.used_at IS NULL AND invites.invited_by = excluded.invited_by
RETURNING id`

// Invite makes an invitation and returns the token that accepts it once,
// within umkm.InviteLife. umkm.ErrForbidden: the inviter is no admin.
func (s *Store) Invite(ctx context.Context, i umkm.Invitation) (token string, err error) {
	i.Grants = umkm.Tidy(i.Grants)
	id, err := newID()
	if err != nil {
		return "", err
	}
	token, hash := newToken()
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := mayInvite(ctx, tx, i.By); err != nil {
			return err
		}
		row := tx.QueryRow(ctx, sqlAddInvite, id, i.Dialog, hash, i.Name, i.Grants, i.By, i.At, i.At.Add(umkm.InviteLife))
		if err := row.Scan(&id); err != nil {
			return err
		}
		batch := &pgx.Batch{}
		err := queueAudit(batch, auditEntry{
			Actor: staffActor(i.By), Action: "staff.invited", Subject: inviteSubject(id), At: i.At,
			Details: map[string]any{"grants": i.Grants},
		})
		if err != nil {
			return err
		}
		return tx.SendBatch(ctx, batch).Close()
	})
	if err != nil {
		return "", fmt.Errorf("invite: %w", classify(err))
	}
	return token, nil
}

func newToken() (token string, hash []byte) {
	random := make([]byte, tokenSize)
	_, _ = rand.Read(random) // never fails
	token = base64.RawURLEncoding.EncodeToString(random)
	return token, hashToken(token)
}

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// mayInvite lets the command line and admins invite.
func mayInvite(ctx context.Context, tx pgx.Tx, by int64) error {
	if by == 0 {
		return nil
	}
	staff, err := staffHeld(ctx, tx, by)
	if err == nil && !staff.Has(umkm.RoleAdmin) {
		err = umkm.ErrForbidden
	}
	return err
}

// invite is a row of invites.
type invite struct {
	ID        uuid.UUID
	Name      string
	Grants    []umkm.Grant
	InvitedBy *int64
	ExpiresAt time.Time
	UsedBy    *int64
}

// AcceptInvite gives an account the roles of an invitation, beside those it
// has. umkm.ErrInvite: the token is unknown, used by somebody else or too old,
// its inviter is no admin any more, or the account has guessed too often.
// Accepting twice changes nothing, and gives nothing back that was taken away.
func (s *Store) AcceptInvite(ctx context.Context, account int64, token string, at time.Time) (staff umkm.Staff, err error) {
	if err := s.checkMisses(ctx, account, at); err != nil {
		return umkm.Staff{}, err
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) (err error) {
		staff, err = accept(ctx, tx, account, token, at)
		return err
	})
	switch {
	case errors.Is(err, umkm.ErrInvite):
		if err := s.missed(ctx, account, at); err != nil {
			return umkm.Staff{}, err
		}
		return umkm.Staff{}, umkm.ErrInvite
	case err != nil:
		return umkm.Staff{}, fmt.Errorf("accept invitation: %w", classify(err))
	}
	return staff, nil
}

func accept(ctx context.Context, tx pgx.Tx, account int64, token string, at time.Time) (umkm.Staff, error) {
	i, err := takeInvite(ctx, tx, token)
	if err != nil {
		return umkm.Staff{}, err
	}
	was, err := staffOf(ctx, tx, account)
	if err != nil {
		return umkm.Staff{}, err
	}
	if i.UsedBy != nil {
		if *i.UsedBy != account || len(was.Grants) == 0 {
			return umkm.Staff{}, umkm.ErrInvite
		}
		return was, nil
	}
	if err := i.good(ctx, tx, at); err != nil {
		return umkm.Staff{}, err
	}
	if err := i.join(ctx, tx, was, at); err != nil {
		return umkm.Staff{}, err
	}
	return staffOf(ctx, tx, account)
}

const sqlTakeInvite = `
SELECT id, name, grants, invited_by, expires_at, used_by FROM invites WHERE token_hash = $1 FOR UPDATE`

func takeInvite(ctx context.Context, tx pgx.Tx, token string) (invite, error) {
	if _, err := tx.Exec(ctx, sqlLockStaff, int64(staffLock)); err != nil {
		return invite{}, fmt.Errorf("lock the staff: %w", err)
	}
	rows, _ := tx.Query(ctx, sqlTakeInvite, hashToken(token))
	i, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[invite])
	if errors.Is(err, pgx.ErrNoRows) {
		return invite{}, umkm.ErrInvite
	}
	if err != nil {
		return invite{}, fmt.Errorf("find invitation: %w", err)
	}
	return i, nil
}

// good refuses an invitation that is too old, or whose inviter could not
// invite today.
func (i invite) good(ctx context.Context, tx pgx.Tx, at time.Time) error {
	if !at.Before(i.ExpiresAt) {
		return umkm.ErrInvite
	}
	if i.InvitedBy == nil {
		return nil
	}
	err := mayInvite(ctx, tx, *i.InvitedBy)
	if errors.Is(err, umkm.ErrForbidden) {
		return umkm.ErrInvite
	}
	return err
}

const sqlJoinStaff = `
INSERT INTO staff (telegram_id, name, since) VALUES ($1, $2, $3)
ON CONFLICT (telegram_id) DO UPDATE SET name = excluded.name, since = CASE WHEN $4 THEN excluded.since ELSE staff.since END`

const sqlUseInvite = `UPDATE invites SET used_at = $2, used_by = $3 WHERE id = $1`

// join adds the invitation's roles to those that the account had.
func (i invite) join(ctx context.Context, tx pgx.Tx, was umkm.Staff, at time.Time) error {
	by := int64(0)
	if i.InvitedBy != nil {
		by = *i.InvitedBy
	}
	batch := &pgx.Batch{}
	batch.Queue(sqlJoinStaff, was.Account, i.Name, at, len(was.Grants) == 0)
	queueGrants(batch, was.Account, by, umkm.Tidy(append(was.Grants, i.Grants...)), at)
	batch.Queue(sqlUseInvite, i.ID, at, was.Account)
	err := queueAudit(batch, auditEntry{
		Actor: accountActor(was.Account), Action: "staff.accepted", Subject: inviteSubject(i.ID), At: at,
		Details: map[string]any{"grants": i.Grants},
	})
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("join the staff: %w", err)
	}
	return nil
}

const actionMissed = "staff.invite_missed"

const sqlMisses = `
SELECT count(*) FROM (
	SELECT FROM audit_log WHERE actor = $1 AND at > $2 AND action = $3 LIMIT $4) AS misses`

// checkMisses ends guessing: whoever missed too often waits, with a good
// token too.
func (s *Store) checkMisses(ctx context.Context, account int64, at time.Time) error {
	var misses int
	row := s.pool.QueryRow(ctx, sqlMisses, accountActor(account), at.Add(-inviteRest), actionMissed, inviteMisses)
	if err := row.Scan(&misses); err != nil {
		return fmt.Errorf("count missed invitations: %w", err)
	}
	if misses >= inviteMisses {
		return umkm.ErrInvite
	}
	return nil
}

func (s *Store) missed(ctx context.Context, account int64, at time.Time) error {
	batch := &pgx.Batch{}
	err := queueAudit(batch, auditEntry{
		Actor: accountActor(account), Action: actionMissed, Subject: "invite", At: at, Details: map[string]any{},
	})
	if err != nil {
		return err
	}
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("note a missed invitation: %w", err)
	}
	return nil
}

// staffActor is an account, or the command line.
func staffActor(by int64) string {
	if by == 0 {
		return "command line"
	}
	return accountActor(by)
}

func inviteSubject(id uuid.UUID) string { return "invite:" + id.String() }

// Invite makes an invitation: the command line's way to the first admin.
func (d Database) Invite(ctx context.Context, i umkm.Invitation) (token string, err error) {
	err = d.migrated(ctx, func(s *Store) (err error) {
		token, err = s.Invite(ctx, i)
		return err
	})
	return token, err
}
