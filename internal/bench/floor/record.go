package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/loadtest"
	"umkmbot/internal/umkm"
)

// The rows of one registration, as store.Register and store.Schedule write them.
const (
	sqlAccount = `INSERT INTO accounts (telegram_id, language, reachable_since, created_at, seen_at)
VALUES ($1, 'id', $2, $2, $2)
ON CONFLICT (telegram_id) DO UPDATE SET language = excluded.language, seen_at = excluded.seen_at`
	sqlOwner = `INSERT INTO owners (id, name, nik_sealed, nik_index, phone, created_at)
VALUES ($1, $2, $3, $4, '+6281200000000', $5)`
	sqlLink    = `INSERT INTO account_owners (account, owner, created_at) VALUES ($1, $2, $3)`
	sqlConsent = `INSERT INTO consents (id, owner, account, purpose, version, language, granted, at)
VALUES ($1, $2, $3, $4, 'v1', 'id', false, $5)`
	sqlAudit = `INSERT INTO audit_log (id, actor, action, subject, at, details)
VALUES ($1, $2, 'business.registered', $3, $4, $5)`
	sqlSequence = `INSERT INTO district_sequences AS s (district, last) VALUES ($1, 1)
ON CONFLICT (district) DO UPDATE SET last = s.last + 1`
	sqlBusiness = `INSERT INTO businesses (id, owner, account, dialog, number, name, village, registered_at,
	sector, product, since_year, workers, channels, nib_state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'food', 'Nasi uduk dan gorengan', 2019, 2, '{shop}', 'not_yet')`
	// The job that reminds of the draft outlives the registration by a day.
	sqlReminder = `INSERT INTO river_job (kind, args, max_attempts, priority, queue, state, created_at, scheduled_at, unique_key, unique_states)
VALUES ('draft_reminder', $1, 25, 1, 'default', 'scheduled', $2, $3, $4, B'11110101')`
)

// purposes are what a registration records a yes or no to.
var purposes = []string{"registration", "turnover", "programmes", "messages"}

// record writes the rows in one transaction and one round trip.
func (f *floor) record(ctx context.Context, chat int64) error {
	id := func() uuid.UUID { return uuid.Must(uuid.NewV7()) }
	owner, business, now := id(), id(), time.Now()
	sealed, index := make([]byte, 48), make([]byte, 32)
	_, _ = rand.Read(index) // never fails
	village := loadtest.VillageOf(chat).Code
	district := village[:len("36.04.05")]
	name := strconv.FormatInt(chat, 10)
	b := &pgx.Batch{}
	b.Queue(sqlAccount, chat, now)
	b.Queue(sqlOwner, owner, "Pemilik "+name, sealed, index, now)
	b.Queue(sqlLink, chat, owner, now)
	for _, purpose := range purposes {
		b.Queue(sqlConsent, id(), owner, chat, purpose, now)
	}
	b.Queue(sqlAudit, id(), "account:"+name, "business:"+business.String(), now, map[string]any{"district": district})
	b.Queue(sqlSequence, district)
	b.Queue(sqlBusiness, business, owner, chat, id().String(),
		fmt.Sprintf("360405-%06d", f.number.Add(1)), "Warung "+name, village, now)
	reminder := umkm.DraftReminder{Chat: chat, Dialog: business.String(), Nth: 1}
	b.Queue(sqlReminder, reminder, now, now.Add(24*time.Hour), index)
	if err := f.pool.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	return nil
}
