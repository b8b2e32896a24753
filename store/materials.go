package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// Bounds of a material, in characters.
const (
	maxMaterialTitle = 100
	maxMaterialLink  = 500
)

const (
	sqlMaterialBy = `SELECT id FROM materials WHERE dialog = $1 AND added_by = $2`

	sqlAddMaterial = `INSERT INTO materials (id, training, dialog, title, link, file, added_by, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
)

// AddMaterial adds a file that the officer has sent, or a link, for those who
// attended; one dialog adds one. umkm.ErrNoTraining: none that is announced, or
// it is cancelled. umkm.ErrFileGone; umkm.ErrForbidden; umkm.ErrRefused:
// neither a file nor an https link, or both, or no title.
func (s *Store) AddMaterial(ctx context.Context, dialog string, by int64, training string, m umkm.Material, at time.Time) error {
	if !materialFits(m) {
		return fmt.Errorf("add material: %w", umkm.ErrRefused)
	}
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		t, err := trainingFor(ctx, tx, sqlShareTraining, by, training)
		if err != nil {
			return err
		}
		if t.State != umkm.TrainingOpen && t.State != umkm.TrainingDone {
			return umkm.ErrNoTraining
		}
		if _, found, err := findID(ctx, tx, sqlMaterialBy, dialog, by); err != nil || found {
			return err
		}
		return addMaterial(ctx, tx, dialog, by, t.ID, m, at)
	})
	if err != nil {
		return fmt.Errorf("add material: %w", classify(err))
	}
	return nil
}

func materialFits(m umkm.Material) bool {
	title, link := utf8.RuneCountInString(m.Title), utf8.RuneCountInString(m.Link)
	return title > 0 && title <= maxMaterialTitle && link <= maxMaterialLink &&
		(m.Link == "") != (m.File == "") && (m.Link == "" || strings.HasPrefix(m.Link, "https://"))
}

func addMaterial(ctx context.Context, tx pgx.Tx, dialog string, by int64, training uuid.UUID, m umkm.Material, at time.Time) error {
	var file *uuid.UUID
	if m.File != "" {
		ids, err := parseIDs([]string{m.File})
		if err != nil {
			return err
		}
		if _, err := takeFiles(ctx, tx, by, ids); err != nil {
			return err
		}
		file = &ids[0]
	}
	id, err := newID()
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlAddMaterial, id, training, dialog, m.Title, m.Link, file, by, at); err != nil {
		return fmt.Errorf("write material: %w", err)
	}
	return addAudit(ctx, tx, auditEntry{
		Actor: accountActor(by), Action: "material.added", Subject: trainingSubject(training), At: at,
		Details: map[string]any{"material": id, "file": file != nil},
	})
}

const (
	sqlTrainingOfMaterial = `SELECT training FROM materials WHERE id = $1`
	sqlDropMaterial       = `DELETE FROM materials WHERE id = $1 RETURNING file`

	// What nothing names any more is the sweeper's.
	sqlGiveFileUp = `UPDATE files SET state = 'staged' WHERE id = $1 AND state = 'attached'`
)

// RemoveMaterial takes a material away, and its file with it. Done again it
// stays done. umkm.ErrForbidden.
func (s *Store) RemoveMaterial(ctx context.Context, by int64, material string, at time.Time) error {
	id, err := uuid.Parse(material)
	if err != nil {
		return nil // no button of ours says this
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		training, found, err := findID(ctx, tx, sqlTrainingOfMaterial, id)
		if err != nil || !found {
			return err
		}
		if _, err := trainingFor(ctx, tx, sqlTraining, by, training.String()); err != nil {
			return err
		}
		return dropMaterial(ctx, tx, by, training, id, at)
	})
	if err != nil {
		return fmt.Errorf("remove material: %w", classify(err))
	}
	return nil
}

func dropMaterial(ctx context.Context, tx pgx.Tx, by int64, training, id uuid.UUID, at time.Time) error {
	rows, _ := tx.Query(ctx, sqlDropMaterial, id)
	file, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[*uuid.UUID])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // a colleague was faster
	}
	if err != nil {
		return fmt.Errorf("drop material: %w", err)
	}
	if file != nil {
		if _, err := tx.Exec(ctx, sqlGiveFileUp, file); err != nil {
			return fmt.Errorf("give file up: %w", err)
		}
	}
	return addAudit(ctx, tx, auditEntry{
		Actor: accountActor(by), Action: "material.removed", Subject: trainingSubject(training), At: at,
		Details: map[string]any{"material": id},
	})
}

// materialsShown is how many materials of a training are listed.
const materialsShown = 30

const (
	sqlMaterials = `SELECT id::text, title, link, coalesce(file::text, '') AS file FROM materials WHERE training = $1 ORDER BY id LIMIT $2`

	sqlMaterial = `SELECT id::text, title, link, coalesce(file::text, '') AS file FROM materials WHERE id = $1`
)

// Materials lists what there is of a training, the first added first. Who may
// have them is asked by Material.
func (s *Store) Materials(ctx context.Context, training string) ([]umkm.Material, error) {
	id, err := uuid.Parse(training)
	if err != nil {
		return nil, nil
	}
	rows, _ := s.pool.Query(ctx, sqlMaterials, id, materialsShown)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[umkm.Material])
	if err != nil {
		return nil, fmt.Errorf("list materials: %w", err)
	}
	return all, nil
}

const sqlCame = `
SELECT EXISTS (
	SELECT FROM seats s JOIN account_owners o ON o.owner = s.owner AND o.account = $2
	WHERE s.training = $1 AND s.in_at IS NOT NULL)`

// Material returns one of a training that an owner of the account attended, or
// that the account sees to as an officer: umkm.ErrNoTraining.
func (s *Store) Material(ctx context.Context, account int64, material string) (umkm.Material, error) {
	m, err := s.material(ctx, account, material)
	if err != nil {
		return umkm.Material{}, fmt.Errorf("find material: %w", err)
	}
	return m, nil
}

func (s *Store) material(ctx context.Context, account int64, material string) (umkm.Material, error) {
	id, err := uuid.Parse(material)
	if err != nil {
		return umkm.Material{}, umkm.ErrNoTraining
	}
	training, found, err := findID(ctx, s.pool, sqlTrainingOfMaterial, id)
	if err != nil {
		return umkm.Material{}, err
	}
	if !found {
		return umkm.Material{}, umkm.ErrNoTraining
	}
	if err := s.mayHaveMaterial(ctx, account, training); err != nil {
		return umkm.Material{}, err
	}
	rows, _ := s.pool.Query(ctx, sqlMaterial, id)
	m, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[umkm.Material])
	if errors.Is(err, pgx.ErrNoRows) {
		err = umkm.ErrNoTraining // removed meanwhile
	}
	return m, err
}

func (s *Store) mayHaveMaterial(ctx context.Context, account int64, training uuid.UUID) error {
	var came bool
	if err := s.pool.QueryRow(ctx, sqlCame, training, account).Scan(&came); err != nil || came {
		return err
	}
	_, err := s.TrainingFor(ctx, account, training.String())
	if errors.Is(err, umkm.ErrForbidden) {
		return umkm.ErrNoTraining
	}
	return err
}
