package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

// Purposes of keys: never renamed.
const (
	sealRequest     = "request"
	sealRequestNote = "request note"
)

// requestTold is what a request's row keeps sealed.
type requestTold struct {
	Answers  []umkm.RequestAnswer `json:"a"`
	Consents []umkm.Consent       `json:"c"`
}

// Apply hands in a request for a programme; it enters the queue of the role
// that handles it. One dialog asks once: called again it returns the same.
//
// umkm.ErrNotYours: the account does not act for the business. umkm.ErrAsked:
// the business waits for the programme already. umkm.ErrProgrammeClosed and
// umkm.ErrProgrammeFull: by what the office has set; of the last place of a
// quota the first comer gets it.
func (s *Store) Apply(ctx context.Context, a umkm.Application) (umkm.Receipt, error) {
	var id uuid.UUID
	err := s.atomically(ctx, func(tx pgx.Tx) (err error) {
		id, err = s.apply(ctx, tx, a)
		return err
	})
	if err != nil {
		return umkm.Receipt{}, fmt.Errorf("apply: %w", classify(err))
	}
	return s.receipt(ctx, id, a.At)
}

const (
	sqlAppliedBy = `SELECT id FROM requests WHERE dialog = $1 AND account = $2`
	sqlAskedFor  = `SELECT id FROM requests WHERE business = $1 AND programme = $2 AND state = 'open'`
)

// apply takes its locks in one order: the business, under which its requests
// follow one another, then the programme, which gives the places.
func (s *Store) apply(ctx context.Context, tx pgx.Tx, a umkm.Application) (uuid.UUID, error) {
	p, err := lockPlace(ctx, tx, a.Account, a.Business)
	if err != nil {
		return uuid.UUID{}, err
	}
	if id, found, err := findID(ctx, tx, sqlAppliedBy, a.Dialog, a.Account); err != nil || found {
		return id, err
	}
	if _, found, err := findID(ctx, tx, sqlAskedFor, p.ID, a.Programme); err != nil || found {
		return uuid.UUID{}, cmp.Or(err, umkm.ErrAsked)
	}
	if err := takePlace(ctx, tx, a.Programme, a.Quota); err != nil {
		return uuid.UUID{}, err
	}
	id, err := newID()
	if err != nil {
		return id, err
	}
	return id, s.addRequest(ctx, tx, id, p, a)
}

// findID finds at most one row by its id.
func findID(ctx context.Context, q querier, sql string, args ...any) (id uuid.UUID, found bool, err error) {
	rows, _ := q.Query(ctx, sql, args...)
	id, err = pgx.CollectExactlyOneRow(rows, pgx.RowTo[uuid.UUID])
	if errors.Is(err, pgx.ErrNoRows) {
		return id, false, nil
	}
	return id, err == nil, err
}

const (
	sqlAddRequestCase = `
INSERT INTO cases (id, kind, role, topic, business, owner, account, village, returned, since, state, due_at)
VALUES ($1, 'request', $2, $3, $4, $5, $6, $7, false, $8, 'waiting', $9)`

	sqlAddRequest = `
INSERT INTO requests (id, programme, business, account, dialog, sealed, state, asked_at, moved_at)
VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $7)`

	sqlAddRequestConsent = `
INSERT INTO consents (id, owner, account, purpose, version, language, granted, at)
SELECT $1, $2, telegram_id, $4, $5, language, $6, $7 FROM accounts WHERE telegram_id = $3`
)

func (s *Store) addRequest(ctx context.Context, tx pgx.Tx, id uuid.UUID, p place, a umkm.Application) error {
	sealed, err := s.sealJSON(sealRequest, id, requestTold{a.Answers, a.Consents})
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	batch.Queue(sqlAddRequestCase, id, cmp.Or(a.Handler, umkm.RoleReviewer), a.Programme, p.ID, p.Owner, a.Account, p.Village, a.At, told(a.Due))
	batch.Queue(sqlAddRequest, id, a.Programme, p.ID, a.Account, a.Dialog, sealed, a.At)
	for _, c := range a.Consents {
		consent, err := newID()
		if err != nil {
			return err
		}
		batch.Queue(sqlAddRequestConsent, consent, p.Owner, a.Account, c.Purpose, c.Version, c.Granted, a.At)
	}
	err = queueAudit(batch, auditEntry{
		Actor: accountActor(a.Account), Action: "request.submitted", Subject: requestSubject(id), At: a.At,
		Details: map[string]any{"programme": a.Programme},
	})
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("add request: %w", err)
	}
	return s.watchDue(ctx, tx, id.String(), a.Due)
}

// watchDue schedules the look at whether the office has acted; not for a time
// that is not said.
func (s *Store) watchDue(ctx context.Context, tx pgx.Tx, id string, due time.Time) error {
	if due.IsZero() {
		return nil
	}
	if _, err := s.jobs.InsertTx(ctx, tx, umkm.CaseDue{Case: id}, &river.InsertOpts{ScheduledAt: due}); err != nil {
		return fmt.Errorf("schedule the look at what is due: %w", err)
	}
	return nil
}

func requestSubject(id uuid.UUID) string { return string(umkm.CaseRequest) + ":" + id.String() }

func (s *Store) sealJSON(purpose string, id uuid.UUID, v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", purpose, err)
	}
	return s.keys.Seal(purpose, id[:], plain), nil
}
