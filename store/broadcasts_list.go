package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const (
	// Every region of the segment must lie within one of the officer's.
	sqlBroadcastsOf = `
SELECT ` + broadcastColumns + ` FROM ` + broadcastTables + `
WHERE ($2::uuid IS NULL OR b.id < $2) AND NOT EXISTS (
	SELECT FROM unnest(b.regions) r WHERE NOT EXISTS (
		SELECT FROM unnest($1::text[]) own WHERE r = own OR r LIKE own || '.%'))
ORDER BY b.id DESC LIMIT $3`

	sqlBroadcastsBegun = `
SELECT ` + broadcastColumns + ` FROM ` + broadcastTables + `
WHERE b.begun_at >= $1 AND b.begun_at < $2 ORDER BY b.begun_at, b.id`
)

// BroadcastsOf lists those an officer may see, newest first, at most limit
// behind one; "": from the newest. Who is no officer has none.
func (s *Store) BroadcastsOf(ctx context.Context, by int64, after string, limit int) ([]umkm.Broadcast, error) {
	who, err := staffOf(ctx, s.pool, by)
	if err != nil {
		return nil, fmt.Errorf("list broadcasts: %w", err)
	}
	var from *uuid.UUID
	if after != "" {
		parsed, err := uuid.Parse(after)
		if err != nil {
			return nil, umkm.ErrNoBroadcast
		}
		from = &parsed
	}
	return s.listBroadcasts(ctx, sqlBroadcastsOf, who.Regions(umkm.RoleOfficer), from, limit)
}

// SentInMonth lists the broadcasts that began in the month of a time, in the
// office's zone, the first first.
func (s *Store) SentInMonth(ctx context.Context, month time.Time) ([]umkm.Broadcast, error) {
	month = month.In(officeZone)
	from := time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, officeZone)
	return s.listBroadcasts(ctx, sqlBroadcastsBegun, from, from.AddDate(0, 1, 0))
}

// listBroadcasts reads broadcasts with their mailings.
func (s *Store) listBroadcasts(ctx context.Context, sql string, args ...any) ([]umkm.Broadcast, error) {
	rows, _ := s.pool.Query(ctx, sql, args...)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[broadcastRow])
	if err != nil {
		return nil, fmt.Errorf("list broadcasts: %w", err)
	}
	ids := make([]uuid.UUID, len(found))
	for i, b := range found {
		ids[i] = b.ID
	}
	mailings, err := mailingsOf(ctx, s.pool, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]umkm.Broadcast, len(found))
	for i, b := range found {
		out[i] = b.broadcast()
		out[i].Mailings = mailings[out[i].ID]
	}
	return out, nil
}

var sqlMailingsOfBroadcasts = fmt.Sprintf(sqlMailing, `m.kind = 'broadcast' AND m.subject = ANY($1)`)

// mailingsOf lists the mailings of broadcasts, by broadcast, newest first.
func mailingsOf(ctx context.Context, q querier, broadcasts ...uuid.UUID) (map[string][]umkm.Mailing, error) {
	if len(broadcasts) == 0 {
		return nil, nil
	}
	rows, _ := q.Query(ctx, sqlMailingsOfBroadcasts, broadcasts)
	all, err := pgx.CollectRows(rows, scanMailing)
	if err != nil {
		return nil, fmt.Errorf("list mailings of broadcasts: %w", err)
	}
	out := map[string][]umkm.Mailing{}
	for _, m := range all {
		out[m.Subject] = append(out[m.Subject], m)
	}
	return out, nil
}

// BroadcastFor returns one with its mailings, for an officer of all its regions.
// umkm.ErrNoBroadcast, umkm.ErrForbidden.
func (s *Store) BroadcastFor(ctx context.Context, by int64, id string) (umkm.Broadcast, error) {
	b, err := s.broadcastFor(ctx, by, id)
	if err != nil {
		return umkm.Broadcast{}, err
	}
	mailings, err := mailingsOf(ctx, s.pool, b.ID)
	if err != nil {
		return umkm.Broadcast{}, err
	}
	out := b.broadcast()
	out.Mailings = mailings[out.ID]
	return out, nil
}

func (s *Store) broadcastFor(ctx context.Context, by int64, id string) (broadcastRow, error) {
	b, err := findBroadcast(ctx, s.pool, sqlBroadcast, id)
	if err != nil {
		return broadcastRow{}, err
	}
	_, err = officerRegions(ctx, s.pool, by, b.Segment)
	return b, err
}

// BroadcastSent returns what a broadcast says now, without its mailings, for
// those who send it: umkm.ErrNoBroadcast.
func (s *Store) BroadcastSent(ctx context.Context, id string) (umkm.Broadcast, error) {
	b, err := findBroadcast(ctx, s.pool, sqlBroadcast, id)
	if err != nil {
		return umkm.Broadcast{}, err
	}
	return b.broadcast(), nil
}

const sqlKeepFileID = `UPDATE broadcasts SET file_id = $3 WHERE id = $1 AND file_id = $2 AND file IS NOT NULL`

// KeepFileID notes under which name Telegram knows a broadcast's file, in the
// place of an older name; "": it had none. Where it has another one by now, that
// stays.
func (s *Store) KeepFileID(ctx context.Context, id, older, fileID string) error {
	parsed, err := uuid.Parse(id)
	if err != nil {
		return umkm.ErrNoBroadcast
	}
	if _, err := s.pool.Exec(ctx, sqlKeepFileID, parsed, older, fileID); err != nil {
		return fmt.Errorf("keep a file's name: %w", classify(err))
	}
	return nil
}

const sqlValues = `
SELECT b.id::text, o.name AS owner, b.name AS business
FROM reach r JOIN businesses b ON b.id = r.business JOIN owners o ON o.id = b.owner
WHERE r.business = ANY($1) AND r.messages`

type valuesRow struct {
	ID string
	umkm.BroadcastValues
}

// Values are what placeholders stand for, by business. Those are left out whose
// owners do not agree any more to be written to: they are not sent it.
func (s *Store) Values(ctx context.Context, businesses []string) (map[string]umkm.BroadcastValues, error) {
	ids := make([]uuid.UUID, 0, len(businesses))
	for _, b := range businesses {
		if id, err := uuid.Parse(b); err == nil {
			ids = append(ids, id)
		}
	}
	rows, _ := s.pool.Query(ctx, sqlValues, ids)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[valuesRow])
	if err != nil {
		return nil, fmt.Errorf("find values for placeholders: %w", err)
	}
	out := make(map[string]umkm.BroadcastValues, len(found))
	for _, v := range found {
		out[v.ID] = v.BroadcastValues
	}
	return out, nil
}
