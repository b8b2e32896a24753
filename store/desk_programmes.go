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
	sqlKnowProgramme = `INSERT INTO programmes (id) VALUES ($1) ON CONFLICT DO NOTHING`
	sqlLockProgramme = `SELECT closed, quota, asked FROM programmes WHERE id = $1 FOR UPDATE`
	sqlTakePlace     = `UPDATE programmes SET asked = asked + 1 WHERE id = $1`
	sqlGivePlace     = `UPDATE programmes SET asked = asked - 1 WHERE id = $1 AND asked > 0`
)

// takePlace gives one of a programme's places; quota is its file's. It is
// locked until the transaction ends.
func takePlace(ctx context.Context, tx pgx.Tx, programme string, quota int) error {
	if _, err := tx.Exec(ctx, sqlKnowProgramme, programme); err != nil {
		return fmt.Errorf("note programme: %w", err)
	}
	rows, _ := tx.Query(ctx, sqlLockProgramme, programme)
	state, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[umkm.ProgrammeState])
	if err != nil {
		return fmt.Errorf("lock programme: %w", err)
	}
	switch state.Standing(umkm.Programme{Quota: quota}) {
	case umkm.StandingClosed:
		return umkm.ErrProgrammeClosed
	case umkm.StandingFull:
		return umkm.ErrProgrammeFull
	default:
	}
	if _, err := tx.Exec(ctx, sqlTakePlace, programme); err != nil {
		return fmt.Errorf("take a place: %w", err)
	}
	return nil
}

const sqlAsked = `SELECT programme FROM requests WHERE business = $1 AND state = 'open' ORDER BY programme`

// Asked lists the programmes that a business has asked for and waits for.
func (s *Store) Asked(ctx context.Context, business string) ([]string, error) {
	id, err := uuid.Parse(business)
	if err != nil {
		return nil, nil // of no business
	}
	rows, _ := s.pool.Query(ctx, sqlAsked, id)
	asked, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("find what was asked for: %w", err)
	}
	return asked, nil
}

const sqlProgrammes = `SELECT id, closed, quota, asked FROM programmes`

// ProgrammeStates is what the office has set of each programme, and how many
// have a place in it: those whose request is open or done. One that nobody has
// touched is not in it.
func (s *Store) ProgrammeStates(ctx context.Context) (map[string]umkm.ProgrammeState, error) {
	type row struct {
		ID string
		umkm.ProgrammeState
	}
	rows, _ := s.pool.Query(ctx, sqlProgrammes)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, fmt.Errorf("read the programmes' states: %w", err)
	}
	out := make(map[string]umkm.ProgrammeState, len(all))
	for _, r := range all {
		out[r.ID] = r.ProgrammeState
	}
	return out, nil
}

const sqlSetProgramme = `
UPDATE programmes SET closed = coalesce($2, closed), quota = CASE WHEN $3::integer IS NULL THEN quota WHEN $3 < 0 THEN NULL ELSE $3 END
WHERE id = $1`

// SetProgramme closes or opens a programme and sets its quota; nil leaves as it
// is. A quota of 0 is none, one below it the file's again. umkm.ErrForbidden:
// by is neither an officer of the whole province nor an admin.
func (s *Store) SetProgramme(ctx context.Context, by int64, programme string, closed *bool, quota *int, at time.Time) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		staff, err := staffHeld(ctx, tx, by)
		if err != nil {
			return err
		}
		if !staff.May(umkm.RoleOfficer, umkm.Province) {
			return umkm.ErrForbidden
		}
		batch := &pgx.Batch{}
		batch.Queue(sqlKnowProgramme, programme)
		batch.Queue(sqlSetProgramme, programme, closed, quota)
		details := map[string]any{}
		if closed != nil {
			details["closed"] = *closed
		}
		if quota != nil {
			details["quota"] = *quota
		}
		err = queueAudit(batch, auditEntry{
			Actor: accountActor(by), Action: "programme.set", Subject: "programme:" + programme, At: at, Details: details,
		})
		if err != nil {
			return err
		}
		return tx.SendBatch(ctx, batch).Close()
	})
	if err != nil {
		return fmt.Errorf("set programme: %w", classify(err))
	}
	return nil
}
