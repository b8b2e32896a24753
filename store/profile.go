package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"umkmbot/internal/umkm"
)

// record is a business with its owner as the tables hold them.
type record struct {
	ID, Owner                      uuid.UUID
	Name, Village                  string
	Sector, Product, Address       *string
	SinceYear, SinceMonth, Workers *int
	TurnoverRupiah                 *int64
	TurnoverPeriod                 *umkm.Period
	Channels                       []string
	NIBState                       *string `db:"nib_state"`
	NIB                            *string `db:"nib"`
	Community                      *string
	OwnerName                      string
	NIKSealed                      []byte `db:"nik_sealed"`
	Phone                          string
}

const sqlRecord = `
SELECT b.id, b.owner, b.name, b.village, b.sector, b.product, b.address, b.since_year, b.since_month, b.workers,
	b.turnover_rupiah, b.turnover_period, b.channels, b.nib_state, b.nib, b.community,
	o.name AS owner_name, o.nik_sealed, o.phone
FROM businesses b
JOIN owners o ON o.id = b.owner
JOIN account_owners a ON a.owner = b.owner AND a.account = $1
WHERE b.id = $2`

// Recorded returns a business and its owner as recorded, or umkm.ErrNotYours
// when the account does not act for the owner.
func (s *Store) Recorded(ctx context.Context, account int64, business string) (umkm.Owner, umkm.Business, error) {
	o, b, _, err := s.recorded(ctx, s.pool, account, business, "")
	return o, b, err
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

func (s *Store) recorded(ctx context.Context, q querier, account int64, business, lock string) (umkm.Owner, umkm.Business, uuid.UUID, error) {
	id, err := uuid.Parse(business)
	if err != nil {
		return umkm.Owner{}, umkm.Business{}, id, umkm.ErrNotYours
	}
	rows, _ := q.Query(ctx, sqlRecord+lock, account, id)
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[record])
	if errors.Is(err, pgx.ErrNoRows) {
		return umkm.Owner{}, umkm.Business{}, id, umkm.ErrNotYours
	}
	if err != nil {
		return umkm.Owner{}, umkm.Business{}, id, fmt.Errorf("find record: %w", err)
	}
	nik, err := s.keys.Open(sealNIK, r.Owner[:], r.NIKSealed)
	if err != nil {
		return umkm.Owner{}, umkm.Business{}, id, fmt.Errorf("open NIK: %w", err)
	}
	owner := umkm.Owner{ID: r.Owner.String(), Name: r.OwnerName, NIK: umkm.NIK(nik), Phone: umkm.Phone(r.Phone)}
	if owner.Consents, err = consentsOf(ctx, q, r.Owner); err != nil {
		return umkm.Owner{}, umkm.Business{}, id, err
	}
	return owner, r.business(), id, nil
}

func (r record) business() umkm.Business {
	b := umkm.Business{
		Name: r.Name, Village: umkm.RegionCode(r.Village), Sector: or(r.Sector), Product: or(r.Product), Address: or(r.Address),
		Since: umkm.Since{Year: or(r.SinceYear), Month: or(r.SinceMonth)}, Workers: r.Workers, Channels: r.Channels,
		NIBState: or(r.NIBState), NIB: umkm.NIB(or(r.NIB)), Community: or(r.Community),
	}
	if r.TurnoverRupiah != nil && r.TurnoverPeriod != nil {
		b.Turnover = &umkm.Turnover{Rupiah: *r.TurnoverRupiah, Per: *r.TurnoverPeriod}
	}
	return b
}

// or is the zero value for what was not told.
func or[T any](v *T) T {
	if v == nil {
		var none T
		return none
	}
	return *v
}

const sqlConsents = `
SELECT DISTINCT ON (purpose) purpose, version, granted FROM consents WHERE owner = $1 ORDER BY purpose, at DESC, id DESC`

// consentsOf gives the newest word on every purpose.
func consentsOf(ctx context.Context, q querier, owner uuid.UUID) ([]umkm.Consent, error) {
	rows, _ := q.Query(ctx, sqlConsents, owner)
	consents, err := pgx.CollectRows(rows, pgx.RowToStructByName[umkm.Consent])
	if err != nil {
		return nil, fmt.Errorf("find consents: %w", err)
	}
	return consents, nil
}

const sqlChangeBusiness = `
UPDATE businesses SET name = $2, sector = $3, product = $4, village = $5, address = $6, since_year = $7, since_month = $8,
	workers = $9, turnover_rupiah = $10, turnover_period = $11, channels = $12, nib_state = $13, nib = $14, community = $15
WHERE id = $1`

// Nothing is changed where another owner has the NIK.
const sqlChangeOwner = `
UPDATE owners SET name = $2, nik_sealed = $3, nik_index = $4, phone = $5
WHERE id = $1 AND NOT EXISTS (SELECT FROM owners o WHERE o.nik_index = ANY ($6) AND o.id <> $1)`

const sqlAddChange = `
INSERT INTO changes (id, dialog, business, account, fields, before_sealed, after_sealed, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (dialog) DO NOTHING`

const sealChange = "change"

// Change replaces what is recorded of a business and its owner and keeps what
// it was. The number stays, also when the place moves to another district.
// changed is false when nothing differed. A repeat of the same dialog changes
// nothing more and gives the first one's answer.
func (s *Store) Change(ctx context.Context, business string, r umkm.Registration) (changed bool, err error) {
	err = s.atomically(ctx, func(tx pgx.Tx) error {
		changed, err = s.change(ctx, tx, business, r)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("change record: %w", classify(err))
	}
	return changed, nil
}

func (s *Store) change(ctx context.Context, tx pgx.Tx, business string, r umkm.Registration) (bool, error) {
	owner, old, id, err := s.recorded(ctx, tx, r.Account, business, " FOR UPDATE OF b, o")
	if err != nil {
		return false, err
	}
	done, err := changedBy(ctx, tx, r.Dialog)
	if err != nil || done {
		return done, err
	}
	before, after := flat(owner, old), flat(r.Owner, r.Business)
	fields := differing(before, after)
	consents := changedConsents(owner.Consents, r.Owner.Consents)
	if len(fields) == 0 && len(consents) == 0 {
		return false, nil
	}
	ownerID := uuid.MustParse(owner.ID)
	r.Owner.Consents = consents
	batch := &pgx.Batch{}
	if err := queueConsents(batch, ownerID, r); err != nil {
		return false, err
	}
	if err := s.queueChange(batch, id, r, fields, before, after); err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, sqlChangeBusiness, append([]any{id}, details(r.Business)...)...); err != nil {
		return false, fmt.Errorf("change business: %w", err)
	}
	if err := s.changeOwner(ctx, tx, ownerID, r.Owner); err != nil {
		return false, err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return false, fmt.Errorf("keep change: %w", err)
	}
	if old.Village == r.Business.Village {
		return true, nil
	}
	return true, s.followBusiness(ctx, tx, id)
}

const sqlChangedBy = `SELECT EXISTS (SELECT FROM changes WHERE dialog = $1)`

func changedBy(ctx context.Context, tx pgx.Tx, dialog string) (bool, error) {
	rows, _ := tx.Query(ctx, sqlChangedBy, dialog)
	done, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[bool])
	if err != nil {
		return false, fmt.Errorf("find change: %w", err)
	}
	return done, nil
}

func (s *Store) changeOwner(ctx context.Context, tx pgx.Tx, id uuid.UUID, o umkm.Owner) error {
	key, err := s.indexKey(ctx, tx)
	if err != nil {
		return err
	}
	done, err := tx.Exec(ctx, sqlChangeOwner, id, o.Name, s.keys.Seal(sealNIK, id[:], []byte(o.NIK)),
		key.blindIndex(indexNIK, string(o.NIK)), o.Phone, s.keys.BlindIndexes(indexNIK, string(o.NIK)))
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == uniqueViolation {
		return umkm.ErrNIKTaken
	}
	if err != nil {
		return fmt.Errorf("change owner: %w", err)
	}
	if done.RowsAffected() == 0 {
		return umkm.ErrNIKTaken
	}
	return nil
}

// queueChange records what differed, sealed, and in the audit log that it did.
func (s *Store) queueChange(batch *pgx.Batch, business uuid.UUID, r umkm.Registration, fields []string, before, after map[string]any) error {
	id, err := newID()
	if err != nil {
		return err
	}
	seal := func(values map[string]any) ([]byte, error) {
		only := map[string]any{}
		for _, f := range fields {
			only[f] = values[f]
		}
		plain, err := json.Marshal(only)
		return s.keys.Seal(sealChange, id[:], plain), err
	}
	was, err := seal(before)
	if err != nil {
		return fmt.Errorf("seal change: %w", err)
	}
	is, err := seal(after)
	if err != nil {
		return fmt.Errorf("seal change: %w", err)
	}
	batch.Queue(sqlAddChange, id, r.Dialog, business, r.Account, fields, was, is, r.At)
	return queueAudit(batch, auditEntry{
		Actor: accountActor(r.Account), Action: "business.changed", Subject: "business:" + business.String(),
		At: r.At, Details: map[string]any{"fields": fields},
	})
}

// flat is a record field by field, for comparing and keeping.
func flat(o umkm.Owner, b umkm.Business) map[string]any {
	values := map[string]any{
		"owner_name": o.Name, "nik": string(o.NIK), "phone": string(o.Phone), "business_name": b.Name, "sector": b.Sector,
		"product": b.Product, "place": string(b.Village), "address": b.Address, "since": b.Since.String(), "workers": b.Workers,
		"turnover": b.Turnover, "channels": b.Channels, "has_nib": b.NIBState, "nib": string(b.NIB), "community": b.Community,
	}
	return values
}

func differing(before, after map[string]any) []string {
	fields := []string{}
	for name, was := range before {
		a, _ := json.Marshal(was)
		b, _ := json.Marshal(after[name])
		if string(a) != string(b) {
			fields = append(fields, name)
		}
	}
	slices.Sort(fields)
	return fields
}

func changedConsents(old, now []umkm.Consent) []umkm.Consent {
	var out []umkm.Consent
	for _, c := range now {
		if !slices.Contains(old, c) {
			out = append(out, c)
		}
	}
	return out
}
