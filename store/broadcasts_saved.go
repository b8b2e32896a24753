package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// savedShown is how many saved segments, and templates, are listed.
const savedShown = 100

const (
	sqlSaveSegment = `
INSERT INTO saved_segments (id, name, regions, segment, created_by, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (created_by, name) DO UPDATE SET regions = excluded.regions, segment = excluded.segment, at = excluded.at
RETURNING id`

	sqlSaveTemplate = `
INSERT INTO broadcast_templates (id, name, texts, created_by, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (created_by, name) DO UPDATE SET texts = excluded.texts, at = excluded.at
RETURNING id`
)

// SaveSegment keeps a segment under a name, in place of what the officer had
// under it. umkm.ErrForbidden: by is no officer in all its regions.
// umkm.ErrPlan: it has no name.
func (s *Store) SaveSegment(ctx context.Context, by int64, name string, seg umkm.Segment, at time.Time) error {
	seg = umkm.BroadcastPlan{Who: seg}.Tidy().Who
	return s.save(ctx, by, seg.Regions, "segment", name, at, func(tx pgx.Tx, id uuid.UUID, name string) pgx.Row {
		return tx.QueryRow(ctx, sqlSaveSegment, id, name, seg.Regions, seg, by, at)
	})
}

// SaveTemplate keeps texts under a name, in place of what the officer had under
// it. umkm.ErrForbidden: by is no officer. umkm.ErrPlan: it has no name, or
// nothing is said.
func (s *Store) SaveTemplate(ctx context.Context, by int64, name string, texts map[string]string, at time.Time) error {
	plan := umkm.BroadcastPlan{Texts: texts}.Tidy()
	if err := plan.CheckTexts(); err != nil {
		return fmt.Errorf("save template: %w", err)
	}
	return s.save(ctx, by, nil, "template", name, at, func(tx pgx.Tx, id uuid.UUID, name string) pgx.Row {
		return tx.QueryRow(ctx, sqlSaveTemplate, id, name, plan.Texts, by, at)
	})
}

// save has an officer of all regions, or of any where there are none, keep
// something.
func (s *Store) save(
	ctx context.Context, by int64, regions []umkm.RegionCode, what, name string, at time.Time, write func(pgx.Tx, uuid.UUID, string) pgx.Row,
) error {
	if name = strings.TrimSpace(name); name == "" {
		return fmt.Errorf("save %s: %w: no name", what, umkm.ErrPlan)
	}
	id, err := newID()
	if err != nil {
		return err
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		who, err := staffHeld(ctx, tx, by)
		if err != nil {
			return err
		}
		if !mayKeep(who, regions) {
			return umkm.ErrForbidden
		}
		if err := write(tx, id, name).Scan(&id); err != nil {
			return err
		}
		return addAudit(ctx, tx, auditEntry{
			Actor: accountActor(by), Action: what + ".saved", Subject: what + ":" + id.String(), At: at, Details: map[string]any{"regions": regions},
		})
	})
	if err != nil {
		return fmt.Errorf("save %s: %w", what, classify(err))
	}
	return nil
}

// mayKeep: an officer in all regions; of what has none, in any.
func mayKeep(who umkm.Staff, regions []umkm.RegionCode) bool {
	if regions == nil {
		return who.Has(umkm.RoleOfficer)
	}
	return umkm.Segment{Regions: regions}.Within(who.Regions(umkm.RoleOfficer))
}

const (
	// Every region of the segment must lie within one of the officer's.
	sqlSegments = `
SELECT s.id::text, s.name, s.segment, s.created_by AS by, s.at FROM saved_segments s
WHERE NOT EXISTS (
	SELECT FROM unnest(s.regions) r WHERE NOT EXISTS (
		SELECT FROM unnest($1::text[]) own WHERE r = own OR r LIKE own || '.%'))
ORDER BY lower(s.name), s.id LIMIT $2`

	sqlTemplates = `
SELECT id::text, name, texts, created_by AS by, at FROM broadcast_templates ORDER BY lower(name), id LIMIT $1`
)

// Segments lists the saved segments of an officer's regions, by name.
func (s *Store) Segments(ctx context.Context, by int64) ([]umkm.SavedSegment, error) {
	who, err := staffOf(ctx, s.pool, by)
	if err != nil {
		return nil, fmt.Errorf("list segments: %w", err)
	}
	rows, _ := s.pool.Query(ctx, sqlSegments, who.Regions(umkm.RoleOfficer), savedShown)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[umkm.SavedSegment])
	if err != nil {
		return nil, fmt.Errorf("list segments: %w", err)
	}
	return all, nil
}

// Templates lists the texts that officers have saved, by name; who is no
// officer has none.
func (s *Store) Templates(ctx context.Context, by int64) ([]umkm.BroadcastTemplate, error) {
	who, err := staffOf(ctx, s.pool, by)
	if err != nil || !who.Has(umkm.RoleOfficer) {
		return nil, err
	}
	rows, _ := s.pool.Query(ctx, sqlTemplates, savedShown)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[umkm.BroadcastTemplate])
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	return all, nil
}

const (
	sqlLockSegment  = `SELECT regions, created_by FROM saved_segments WHERE id = $1 FOR UPDATE`
	sqlDropSegment  = `DELETE FROM saved_segments WHERE id = $1`
	sqlLockTemplate = `SELECT NULL::text[], created_by FROM broadcast_templates WHERE id = $1 FOR UPDATE`
	sqlDropTemplate = `DELETE FROM broadcast_templates WHERE id = $1`
)

// RemoveSegment removes a saved segment. Done again it stays done.
// umkm.ErrForbidden: by is no officer in all its regions.
func (s *Store) RemoveSegment(ctx context.Context, by int64, id string, at time.Time) error {
	return s.unsave(ctx, by, id, "segment", sqlLockSegment, sqlDropSegment, at)
}

// RemoveTemplate removes a saved text. Done again it stays done.
// umkm.ErrForbidden: by is no officer.
func (s *Store) RemoveTemplate(ctx context.Context, by int64, id string, at time.Time) error {
	return s.unsave(ctx, by, id, "template", sqlLockTemplate, sqlDropTemplate, at)
}

func (s *Store) unsave(ctx context.Context, by int64, id, what, lock, drop string, at time.Time) error {
	parsed, err := uuid.Parse(id)
	if err != nil {
		return nil // no button of ours says this
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		who, err := staffHeld(ctx, tx, by)
		if err != nil {
			return err
		}
		var regions []umkm.RegionCode
		var author int64
		switch err := tx.QueryRow(ctx, lock, parsed).Scan(&regions, &author); {
		case errors.Is(err, pgx.ErrNoRows):
			return nil // a colleague was faster
		case err != nil:
			return err
		case !mayKeep(who, regions):
			return umkm.ErrForbidden
		}
		if _, err := tx.Exec(ctx, drop, parsed); err != nil {
			return err
		}
		return addAudit(ctx, tx, auditEntry{
			Actor: accountActor(by), Action: what + ".removed", Subject: what + ":" + id, At: at, Details: map[string]any{"by": author},
		})
	})
	if err != nil {
		return fmt.Errorf("remove %s: %w", what, classify(err))
	}
	return nil
}
