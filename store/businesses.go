package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// Purposes of keys: never renamed.
const (
	sealNIK  = "nik"
	indexNIK = "nik"
)

// Register enrols a business and returns its number. One dialog makes one
// business: called again, even at the same time, it gives the same number.
// umkm.ErrNIKTaken: an account that does not act for the NIK's owner.
// umkm.ErrRefused: the records do not take the data.
func (s *Store) Register(ctx context.Context, r umkm.Registration) (umkm.Number, error) {
	var number umkm.Number
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) (err error) {
		number, err = s.register(ctx, tx, r)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("register business: %w", classify(err))
	}
	return number, nil
}

// register takes its locks in one order, account, owner, district, so that no
// two registrations wait for each other. The account's lock makes repeats of
// a dialog follow one another; the district's comes last and is held only for
// the numbering and the commit. Statements that need no answer of one another
// travel together.
func (s *Store) register(ctx context.Context, tx pgx.Tx, r umkm.Registration) (umkm.Number, error) {
	number, err := seeAccount(ctx, tx, r)
	if err != nil || number != "" {
		return number, err
	}
	owner, added, err := s.ownerOf(ctx, tx, r)
	if err != nil {
		return "", err
	}
	id, err := newID()
	if err != nil {
		return "", err
	}
	batch := &pgx.Batch{}
	if added {
		batch.Queue(sqlLinkOwner, r.Account, owner, r.At)
	}
	if err := queueConsents(batch, owner, r); err != nil {
		return "", err
	}
	err = queueAudit(batch, auditEntry{
		Actor: accountActor(r.Account), Action: "business.registered", Subject: "business:" + id.String(),
		At: r.At, Details: map[string]any{"district": r.Business.Village.District()},
	})
	if err != nil {
		return "", err
	}
	var nth int64
	batch.Queue(sqlNextInDistrict, r.Business.Village.District()).QueryRow(func(row pgx.Row) error { return row.Scan(&nth) })
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return "", fmt.Errorf("link, consents, audit and numbering: %w", err)
	}
	return addBusiness(ctx, tx, id, owner, umkm.NewNumber(r.Business.Village.District(), nth), r)
}

const sqlSeeAccount = `
INSERT INTO accounts (telegram_id, language, reachable_since, created_at, seen_at)
VALUES ($1, $2, $3, $3, $3)
ON CONFLICT (telegram_id) DO UPDATE SET language = excluded.language, seen_at = excluded.seen_at`

// Another account's dialog is not found, and then refused as a duplicate.
const sqlNumberOf = `SELECT number FROM businesses WHERE dialog = $1 AND account = $2`

// seeAccount notes the account and returns the number of the business that the
// dialog has made already, "" for none.
func seeAccount(ctx context.Context, tx pgx.Tx, r umkm.Registration) (number umkm.Number, err error) {
	batch := &pgx.Batch{}
	batch.Queue(sqlSeeAccount, r.Account, r.Language, r.At)
	batch.Queue(sqlNumberOf, r.Dialog, r.Account).QueryRow(func(row pgx.Row) error {
		if err := row.Scan(&number); !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		return nil
	})
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return "", fmt.Errorf("see account and its business: %w", err)
	}
	return number, nil
}

const sqlAddOwner = `
INSERT INTO owners (id, name, nik_sealed, nik_index, phone, created_at)
SELECT $1::uuid, $2::text, $3::bytea, $4::bytea, $5::text, $6::timestamptz WHERE NOT EXISTS (SELECT FROM owners WHERE nik_index = ANY ($7))
ON CONFLICT (nik_index) DO NOTHING`

const sqlLinkOwner = `INSERT INTO account_owners (account, owner, created_at) VALUES ($1, $2, $3)`

// ownerOf adds the owner, or finds the one with this NIK if the account acts
// for them; one that was added is still to be linked.
func (s *Store) ownerOf(ctx context.Context, tx pgx.Tx, r umkm.Registration) (id uuid.UUID, added bool, err error) {
	if id, err = newID(); err != nil {
		return id, false, err
	}
	key, err := s.indexKey(ctx, tx)
	if err != nil {
		return id, false, err
	}
	index, known := key.blindIndex(indexNIK, string(r.Owner.NIK)), s.keys.BlindIndexes(indexNIK, string(r.Owner.NIK))
	sealed := s.keys.Seal(sealNIK, id[:], []byte(r.Owner.NIK))
	rows, err := tx.Exec(ctx, sqlAddOwner, id, r.Owner.Name, sealed, index, r.Owner.Phone, r.At, known)
	if err != nil {
		return id, false, fmt.Errorf("add owner: %w", err)
	}
	if rows.RowsAffected() == 1 {
		return id, true, nil
	}
	id, err = knownOwner(ctx, tx, known, r)
	return id, false, err
}

// The owner's latest word on name and phone holds.
const sqlKnownOwner = `
UPDATE owners SET name = $3, phone = $4
WHERE nik_index = ANY ($1) AND EXISTS (SELECT FROM account_owners WHERE account = $2 AND owner = owners.id)
RETURNING id`

func knownOwner(ctx context.Context, tx pgx.Tx, index [][]byte, r umkm.Registration) (uuid.UUID, error) {
	rows, _ := tx.Query(ctx, sqlKnownOwner, index, r.Account, r.Owner.Name, r.Owner.Phone)
	id, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[uuid.UUID])
	if errors.Is(err, pgx.ErrNoRows) {
		return id, umkm.ErrNIKTaken
	}
	if err != nil {
		return id, fmt.Errorf("find owner: %w", err)
	}
	return id, nil
}

const sqlAddConsent = `
INSERT INTO consents (id, owner, account, purpose, version, language, granted, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`

func queueConsents(batch *pgx.Batch, owner uuid.UUID, r umkm.Registration) error {
	for _, c := range r.Owner.Consents {
		id, err := newID()
		if err != nil {
			return err
		}
		batch.Queue(sqlAddConsent, id, owner, r.Account, c.Purpose, c.Version, r.Language, c.Granted, r.At)
	}
	return nil
}

const sqlNextInDistrict = `
INSERT INTO district_sequences AS s (district, last) VALUES ($1, 1)
ON CONFLICT (district) DO UPDATE SET last = s.last + 1
RETURNING last`

const sqlAddBusiness = `
INSERT INTO businesses (id, owner, account, dialog, number, registered_at, name, sector, product, village, address,
	since_year, since_month, workers, turnover_rupiah, turnover_period, channels, nib_state, nib, community)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`

func addBusiness(ctx context.Context, tx pgx.Tx, id, owner uuid.UUID, number umkm.Number, r umkm.Registration) (umkm.Number, error) {
	args := append([]any{id, owner, r.Account, r.Dialog, number, r.At}, details(r.Business)...)
	if _, err := tx.Exec(ctx, sqlAddBusiness, args...); err != nil {
		return "", fmt.Errorf("add business: %w", err)
	}
	return number, nil
}

// details are a business's columns from name on, what was not told as NULL.
func details(b umkm.Business) []any {
	var rupiah *int64
	var per *umkm.Period
	if b.Turnover != nil {
		rupiah, per = &b.Turnover.Rupiah, &b.Turnover.Per
	}
	return []any{
		b.Name, told(b.Sector), told(b.Product), b.Village, told(b.Address),
		told(b.Since.Year), told(b.Since.Month), b.Workers, rupiah, per,
		b.Channels, told(b.NIBState), told(b.NIB), told(b.Community),
	}
}

// told is nil for what was not.
func told[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

const sqlProfiles = `
SELECT b.id::text AS business_id, o.id::text AS owner_id, b.number, o.name AS owner_name, b.name AS business_name
FROM account_owners a
JOIN owners o ON o.id = a.owner
JOIN businesses b ON b.owner = a.owner
WHERE a.account = $1
ORDER BY b.id DESC
LIMIT 50`

// Profiles lists the newest businesses that an account acts for, newest first.
func (s *Store) Profiles(ctx context.Context, account int64) ([]umkm.Profile, error) {
	rows, _ := s.pool.Query(ctx, sqlProfiles, account)
	profiles, err := pgx.CollectRows(rows, pgx.RowToStructByName[umkm.Profile])
	if err != nil {
		return nil, fmt.Errorf("list profiles: %w", err)
	}
	return profiles, nil
}
