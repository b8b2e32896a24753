package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const (
	sqlHoldAccount = `SELECT telegram_id FROM accounts WHERE telegram_id = $1 FOR NO KEY UPDATE`

	sqlMessageConsents = `
SELECT l.owner, coalesce((array_agg(c.granted ORDER BY c.at DESC, c.id DESC))[1], false) AS granted, coalesce(bool_or(c.granted), false) AS once
FROM account_owners l LEFT JOIN consents c ON c.owner = l.owner AND c.purpose = 'messages'
WHERE l.account = $1 GROUP BY l.owner ORDER BY l.owner`
)

// Purposes that can be agreed to at any time, and refused.
const (
	purposeRegistration = "registration"
	purposeTurnover     = "turnover"
	purposeMessages     = "messages"
)

// purposeVersions are the versions in force of the texts that are agreed to
// without a request.
var purposeVersions = map[string]string{
	purposeTurnover: umkm.TurnoverVersion, "programmes": umkm.ProgrammesVersion, purposeMessages: umkm.MessagesVersion,
}

// messageConsent is what an owner has said about being written to.
type messageConsent struct {
	Owner         uuid.UUID
	Granted, Once bool // now; at any time
}

// saidPurpose is a word on one purpose.
type saidPurpose struct {
	account           int64
	purpose, language string
	granted           bool
	at                time.Time
}

// Unsubscribe takes back, for every owner whom the account acts for, the
// consent to be written to. Done again it does nothing.
func (s *Store) Unsubscribe(ctx context.Context, account int64, language string, at time.Time) error {
	return s.sayMessages(ctx, saidPurpose{account, purposeMessages, language, false, at})
}

// Subscribe gives it again for those who had given it before; where none of
// them had, for all. Done again it does nothing.
func (s *Store) Subscribe(ctx context.Context, account int64, language string, at time.Time) error {
	return s.sayMessages(ctx, saidPurpose{account, purposeMessages, language, true, at})
}

func (s *Store) sayMessages(ctx context.Context, said saidPurpose) error {
	err := s.atomically(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlHoldAccount, said.account); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, sqlMessageConsents, said.account)
		all, err := pgx.CollectRows(rows, pgx.RowToStructByName[messageConsent])
		if err != nil {
			return err
		}
		batch := &pgx.Batch{}
		for _, owner := range toldMessages(all, said.granted) {
			if err := queuePurpose(batch, owner, said, umkm.MessagesVersion); err != nil {
				return err
			}
		}
		return tx.SendBatch(ctx, batch).Close()
	})
	if err != nil {
		return fmt.Errorf("consent to messages: %w", classify(err))
	}
	return nil
}

// toldMessages are the owners for whom something is said that does not hold yet.
func toldMessages(all []messageConsent, granted bool) (owners []uuid.UUID) {
	anybody := false // has given it at any time
	for _, c := range all {
		anybody = anybody || c.Once
	}
	for _, c := range all {
		if c.Granted != granted && (!granted || c.Once || !anybody) {
			owners = append(owners, c.Owner)
		}
	}
	return owners
}

// queuePurpose adds the word to an owner's, and to the audit log that there is one.
func queuePurpose(batch *pgx.Batch, owner uuid.UUID, said saidPurpose, version string) error {
	id, err := newID()
	if err != nil {
		return err
	}
	batch.Queue(sqlAddConsent, id, owner, said.account, said.purpose, version, said.language, said.granted, said.at)
	action := "consent.withdrawn"
	if said.granted {
		action = "consent.given"
	}
	return queueAudit(batch, auditEntry{
		Actor: accountActor(said.account), Action: action, Subject: ownerSubject(owner), At: said.at, Details: map[string]any{"purpose": said.purpose},
	})
}

func ownerSubject(id uuid.UUID) string { return "owner:" + id.String() }

const sqlPurposes = `
SELECT DISTINCT ON (purpose) purpose, version, granted, at FROM consents WHERE owner = $1 ORDER BY purpose, at DESC, id DESC`

// Purposes lists the newest word on every purpose that an owner has said
// anything about, in the order of their names; none of the account alone.
// umkm.ErrNotYours.
func (s *Store) Purposes(ctx context.Context, account int64, owner string) ([]umkm.PurposeState, error) {
	who, err := personOf(ctx, s.pool, account, owner)
	if err != nil {
		return nil, fmt.Errorf("purposes: %w", err)
	}
	rows, _ := s.pool.Query(ctx, sqlPurposes, who.owner)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[umkm.PurposeState])
	if err != nil {
		return nil, fmt.Errorf("purposes: %w", err)
	}
	return all, nil
}

// SayPurpose agrees to a purpose for an owner, or takes that back. Said again it
// does nothing. Without the consent to turnover none stays recorded; what it was
// is kept as every change is. What is agreed to with a request can only be taken
// back here. umkm.ErrNotYours. umkm.ErrRefused: the registration's own, which an
// erasure takes back, or a purpose that is nobody's.
func (s *Store) SayPurpose(ctx context.Context, account int64, owner, purpose, language string, granted bool, at time.Time) error {
	said := saidPurpose{account, purpose, language, granted, at}
	err := s.atomically(ctx, func(tx pgx.Tx) error { return s.sayPurpose(ctx, tx, owner, said) })
	if err != nil {
		return fmt.Errorf("say a purpose: %w", classify(err))
	}
	return nil
}

func (s *Store) sayPurpose(ctx context.Context, tx pgx.Tx, owner string, said saidPurpose) error {
	if _, err := tx.Exec(ctx, sqlHoldAccount, said.account); err != nil {
		return err
	}
	who, err := personOf(ctx, tx, said.account, owner)
	switch {
	case err != nil:
		return err
	case who.owner == nil || said.purpose == purposeRegistration:
		return umkm.ErrRefused
	}
	rows, _ := tx.Query(ctx, sqlPurposes, who.owner)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[umkm.PurposeState])
	if err != nil {
		return err
	}
	var last umkm.PurposeState
	if i := slices.IndexFunc(all, func(p umkm.PurposeState) bool { return p.Purpose == said.purpose }); i >= 0 {
		last = all[i]
	}
	version, free := purposeVersions[said.purpose]
	switch {
	case last.Granted == said.granted:
		return nil
	case !free && said.granted:
		return umkm.ErrRefused
	case !free || !said.granted:
		version = last.Version
	}
	batch := &pgx.Batch{}
	if err := queuePurpose(batch, *who.owner, said, version); err != nil {
		return err
	}
	if said.purpose == purposeTurnover && !said.granted {
		if err := s.emptyTurnover(ctx, tx, batch, *who.owner, said); err != nil {
			return err
		}
	}
	return tx.SendBatch(ctx, batch).Close()
}

const (
	sqlTurnovers = `
SELECT id, turnover_rupiah AS rupiah, turnover_period AS per FROM businesses
WHERE owner = $1 AND turnover_rupiah IS NOT NULL ORDER BY id FOR NO KEY UPDATE`

	sqlEmptyTurnover = `UPDATE businesses SET turnover_rupiah = NULL, turnover_period = NULL WHERE id = $1`
)

// emptyTurnover takes an owner's turnover out of the records, each as a change.
func (s *Store) emptyTurnover(ctx context.Context, tx pgx.Tx, batch *pgx.Batch, owner uuid.UUID, said saidPurpose) error {
	type turnover struct {
		ID     uuid.UUID
		Rupiah int64
		Per    umkm.Period
	}
	rows, _ := tx.Query(ctx, sqlTurnovers, owner)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[turnover])
	if err != nil {
		return fmt.Errorf("find turnover: %w", err)
	}
	for _, t := range all {
		dialog, err := newID()
		if err != nil {
			return err
		}
		r := umkm.Registration{Dialog: dialog.String(), Account: said.account, At: said.at}
		before := map[string]any{"turnover": umkm.Turnover{Rupiah: t.Rupiah, Per: t.Per}}
		after := map[string]any{"turnover": (*umkm.Turnover)(nil)}
		if err := s.queueChange(batch, t.ID, r, []string{"turnover"}, before, after); err != nil {
			return err
		}
		batch.Queue(sqlEmptyTurnover, t.ID)
	}
	return nil
}
