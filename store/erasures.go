package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

// States of an erasure.
const (
	erasureWaiting = "waiting" // can be taken back
	erasureKept    = "kept"    // was taken back
	erasureWorking = "working" // the records are gone, chat and ledgers may not be
	erasureDone    = "done"    // and they have been told
)

const (
	sqlErasureBy = `
SELECT e.id, e.account, coalesce(e.owner::text, '') AS owner, coalesce(o.name, '') AS name, e.reason, e.asked_at, e.due_at
FROM erasures e LEFT JOIN owners o ON o.id = e.owner
`
	whereErasureOf     = `WHERE e.state = 'waiting' AND (e.owner = $1 OR $1::uuid IS NULL AND e.owner IS NULL AND e.account = $2)`
	whereErasureDialog = `WHERE e.dialog = $1 AND e.account = $2`

	sqlAddErasure = `
INSERT INTO erasures (id, dialog, account, owner, language, reason, state, asked_at, due_at)
VALUES ($1, $2, $3, $4, (SELECT language FROM accounts WHERE telegram_id = $3), $5, 'waiting', $6, $7)`

	sqlKeepErasure = `UPDATE erasures SET state = 'kept', ended_at = $2 WHERE id = $1 AND state = 'waiting'`
)

// AskErasure has what is held of somebody erased after umkm.ErasureCooling.
// While one stands that was asked for, it returns that one, whichever of the
// owner's accounts asked. umkm.ErrNotYours; umkm.ErrStillStaff.
func (s *Store) AskErasure(ctx context.Context, n umkm.NewErasure) (umkm.Erasure, error) {
	var e umkm.Erasure
	err := s.atomically(ctx, func(tx pgx.Tx) (err error) {
		e, err = s.askErasure(ctx, tx, n)
		return err
	})
	if err != nil {
		return umkm.Erasure{}, fmt.Errorf("ask for an erasure: %w", classify(err))
	}
	return e, nil
}

func (s *Store) askErasure(ctx context.Context, tx pgx.Tx, n umkm.NewErasure) (umkm.Erasure, error) {
	staff, err := staffHeld(ctx, tx, n.Account)
	switch {
	case err != nil:
		return umkm.Erasure{}, err
	case len(staff.Grants) > 0:
		return umkm.Erasure{}, umkm.ErrStillStaff
	}
	if _, err := tx.Exec(ctx, sqlHoldAccount, n.Account); err != nil {
		return umkm.Erasure{}, err
	}
	if again, found, err := erasureBy(ctx, tx, whereErasureDialog, n.Dialog, n.Account); err != nil || found {
		return again, err
	}
	who, err := personOf(ctx, tx, n.Account, n.Owner)
	if err != nil {
		return umkm.Erasure{}, err
	}
	stands, found, err := erasureBy(ctx, tx, whereErasureOf, who.owner, who.account)
	if err != nil || found && stands.Reason == umkm.ErasureAsked {
		return stands, err
	}
	if found { // their own word is sooner
		if _, err := tx.Exec(ctx, sqlKeepErasure, stands.ID, n.At); err != nil {
			return umkm.Erasure{}, err
		}
	}
	id, err := s.addErasure(ctx, tx, who, umkm.ErasureAsked, told(n.Dialog), n.At, n.At.Add(umkm.ErasureCooling))
	if err != nil {
		return umkm.Erasure{}, err
	}
	e, _, err := erasureBy(ctx, tx, `WHERE e.id = $1`, id)
	return e, err
}

// addErasure plans one and says so to the audit log.
func (s *Store) addErasure(ctx context.Context, tx pgx.Tx, who person, why umkm.ErasureReason, dialog *string, at, due time.Time) (uuid.UUID, error) {
	id, err := s.planErasure(ctx, tx, who, why, dialog, at, due)
	if err != nil {
		return id, err
	}
	actor, action := accountActor(who.account), actionAsked
	if why == umkm.ErasureRetired {
		actor, action = clockActor, "erasure.retiring"
	}
	return id, addAudit(ctx, tx, auditEntry{Actor: actor, Action: action, Subject: who.subject(), At: at, Details: map[string]any{"due": due}})
}

// planErasure plans one, with the job that is due then.
func (s *Store) planErasure(ctx context.Context, tx pgx.Tx, who person, why umkm.ErasureReason, dialog *string, at, due time.Time) (uuid.UUID, error) {
	id, err := newID()
	if err != nil {
		return id, err
	}
	if _, err := tx.Exec(ctx, sqlAddErasure, id, dialog, who.account, who.owner, why, at, due); err != nil {
		return id, fmt.Errorf("plan an erasure: %w", err)
	}
	if _, err := s.jobs.InsertTx(ctx, tx, umkm.EraseDue{Erasure: id.String()}, &river.InsertOpts{ScheduledAt: due}); err != nil {
		return id, fmt.Errorf("schedule an erasure: %w", err)
	}
	return id, nil
}

// subject is whom the audit log names.
func (p person) subject() string {
	if p.owner == nil {
		return accountActor(p.account)
	}
	return ownerSubject(*p.owner)
}

func erasureBy(ctx context.Context, q querier, where string, args ...any) (umkm.Erasure, bool, error) {
	all, err := erasuresBy(ctx, q, where, args...)
	if err != nil || len(all) == 0 {
		return umkm.Erasure{}, false, err
	}
	return all[0], true, nil
}

func erasuresBy(ctx context.Context, q querier, where string, args ...any) ([]umkm.Erasure, error) {
	type row struct {
		ID      uuid.UUID
		Account int64
		Owner   string
		Name    string
		Reason  umkm.ErasureReason
		AskedAt time.Time
		DueAt   time.Time
	}
	rows, _ := q.Query(ctx, sqlErasureBy+where, args...)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, fmt.Errorf("find erasures: %w", err)
	}
	out := make([]umkm.Erasure, len(found))
	for i, r := range found {
		out[i] = umkm.Erasure{ID: r.ID.String(), Account: r.Account, Owner: r.Owner, Name: r.Name, Reason: r.Reason, AskedAt: r.AskedAt, DueAt: r.DueAt}
	}
	return out, nil
}

const whereErasuresFor = `
WHERE e.state = 'waiting' AND (e.account = $1 AND e.owner IS NULL OR e.owner IN (SELECT owner FROM account_owners WHERE account = $1))
ORDER BY e.due_at, e.id`

// Erasures lists what stands of the account and of the owners it acts for, the
// soonest first: whoever acts for an owner may take theirs back.
func (s *Store) Erasures(ctx context.Context, account int64) ([]umkm.Erasure, error) {
	all, err := erasuresBy(ctx, s.pool, whereErasuresFor, account)
	if err != nil {
		return nil, fmt.Errorf("list erasures: %w", err)
	}
	return all, nil
}

const sqlHoldErasure = `SELECT id FROM erasures WHERE id = $1 FOR UPDATE`

// KeepAfterAll takes an erasure back. umkm.ErrNoErasure: there is none that
// stands, or it is nobody's for whom the account acts.
func (s *Store) KeepAfterAll(ctx context.Context, account int64, erasure string, at time.Time) error {
	id, err := uuid.Parse(erasure)
	if err != nil {
		return fmt.Errorf("keep after all: %w", umkm.ErrNoErasure)
	}
	err = s.atomically(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlHoldErasure, id); err != nil {
			return err
		}
		all, err := erasuresBy(ctx, tx, whereErasuresFor, account)
		i := slices.IndexFunc(all, func(e umkm.Erasure) bool { return e.ID == id.String() })
		if err != nil || i < 0 {
			return cmp.Or(err, umkm.ErrNoErasure)
		}
		who := person{account: account}
		if owner, err := uuid.Parse(all[i].Owner); err == nil {
			who.owner = &owner
		}
		return keepErasure(ctx, tx, id, who, accountActor(account), at)
	})
	if err != nil {
		return fmt.Errorf("keep after all: %w", classify(err))
	}
	return nil
}

func keepErasure(ctx context.Context, tx pgx.Tx, id uuid.UUID, who person, actor string, at time.Time) error {
	if _, err := tx.Exec(ctx, sqlKeepErasure, id, at); err != nil {
		return err
	}
	return addAudit(ctx, tx, auditEntry{Actor: actor, Action: actionKept, Subject: who.subject(), At: at})
}

const sqlErasureRow = `
SELECT id, account, owner, coalesce(language, '') AS language, reason, state, asked_at, due_at, ended_at, whole, chats, xact FROM erasures WHERE id = $1`

// erasureRow is one as the table holds it.
type erasureRow struct {
	ID             uuid.UUID
	Account        *int64
	Owner          *uuid.UUID
	Language       string
	Reason         umkm.ErasureReason
	State          string
	AskedAt, DueAt time.Time
	EndedAt        *time.Time
	Whole          bool
	Chats          []int64
	Xact           *int64
}

func erasureRowOf(ctx context.Context, q querier, id, lock string) (erasureRow, error) {
	key, err := uuid.Parse(id)
	if err != nil {
		return erasureRow{}, umkm.ErrNoErasure
	}
	rows, _ := q.Query(ctx, sqlErasureRow+lock, key)
	e, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[erasureRow])
	if errors.Is(err, pgx.ErrNoRows) {
		return e, umkm.ErrNoErasure
	}
	if err != nil {
		return e, fmt.Errorf("find erasure: %w", err)
	}
	if e.Account == nil || e.State == erasureKept || e.State == erasureDone {
		return e, umkm.ErrNoErasure
	}
	return e, nil
}

// person is whose records it is about, while they are there.
func (e erasureRow) person() person { return person{account: *e.Account, owner: e.Owner} }

const sqlForgotten = `
UPDATE erasures SET state = 'done', account = NULL, language = NULL, chats = '{}' WHERE id = $1 AND state = 'working'`

// Forgotten drops the chat and language by which the person was to be told:
// what stays is that and when the office erased. Done again it does nothing.
func (s *Store) Forgotten(ctx context.Context, erasure string) error {
	id, err := uuid.Parse(erasure)
	if err != nil {
		return nil
	}
	if _, err := s.pool.Exec(ctx, sqlForgotten, id); err != nil {
		return fmt.Errorf("forget whom to tell: %w", classify(err))
	}
	return nil
}
