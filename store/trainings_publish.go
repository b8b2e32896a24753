package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// Publish announces a draft to everybody who is meant, or invites the first of
// them, and says to how many; of a draw the seed is made. Done again it does
// nothing.
//
// umkm.ErrChanged: another version than the one seen. umkm.ErrPlan: its times
// have passed. umkm.ErrNoTraining: there is none, or it is off.
// umkm.ErrForbidden.
func (s *Store) Publish(ctx context.Context, by int64, training string, version int, at time.Time) (said int, err error) {
	err = s.atomically(ctx, func(tx pgx.Tx) error {
		t, err := lockTrainingFor(ctx, tx, by, training)
		switch {
		case err != nil:
			return err
		case t.State == umkm.TrainingOpen:
			said, err = s.announce(ctx, tx, &t, by, at)
			return err
		case t.State != umkm.TrainingDraft:
			return umkm.ErrNoTraining
		case t.Version != version:
			return umkm.ErrChanged
		}
		if err := t.plan().Ahead(at); err != nil {
			return err
		}
		said, err = s.publish(ctx, tx, &t, by, at)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("publish training: %w", classify(err))
	}
	return said, nil
}

const sqlPublish = `
UPDATE trainings SET state = 'open', published_at = $2, seed_hash = $3, seed_sealed = $4, version = version + 1 WHERE id = $1`

func (s *Store) publish(ctx context.Context, tx pgx.Tx, t *trainingRow, by int64, at time.Time) (said int, err error) {
	if t.Filling == umkm.FillDraw {
		t.SeedHash, t.SeedSealed = s.newSeed(*t)
	}
	if _, err := tx.Exec(ctx, sqlPublish, t.ID, at, t.SeedHash, t.SeedSealed); err != nil {
		return 0, fmt.Errorf("open training: %w", err)
	}
	t.State, t.PublishedAt = umkm.TrainingOpen, &at
	if err := s.reschedule(ctx, tx, *t, at); err != nil {
		return 0, err
	}
	if t.Filling == umkm.FillInvite {
		if _, err := s.nominate(ctx, tx, *t, at); err != nil {
			return 0, err
		}
		if err := s.moveUp(ctx, tx, t, at); err != nil {
			return 0, err
		}
	}
	if said, err = s.announce(ctx, tx, t, by, at); err != nil {
		return 0, err
	}
	return said, addAudit(ctx, tx, auditEntry{
		Actor: accountActor(by), Action: "training.published", Subject: trainingSubject(t.ID), At: at,
		Details: map[string]any{"told": said},
	})
}

const sqlInvitedSoFar = `SELECT count(*) FROM seats WHERE training = $1::uuid AND state <> 'candidate'`

// announce tells everybody who is meant, once, and says how many that were. Of
// a training filled by invitation only those invited hear of it.
func (s *Store) announce(ctx context.Context, tx pgx.Tx, t *trainingRow, by int64, at time.Time) (said int, err error) {
	if t.Filling == umkm.FillInvite {
		if err := tx.QueryRow(ctx, sqlInvitedSoFar, t.ID).Scan(&said); err != nil {
			return 0, fmt.Errorf("count who is invited: %w", err)
		}
		return said, nil
	}
	meant, args := s.meantOwners(t.Segment, 1)
	return s.planMailing(ctx, tx, umkm.NewMailing{
		Key: "training:" + t.ID.String() + ":announce", Kind: umkm.MailingTraining, Subject: t.ID.String(), What: string(umkm.MailAnnounce), By: by, At: at,
	}, `SELECT m.chat, m.owner AS subject, m.language FROM (`+meant+`) m`, args...)
}

// Candidates are planned for so many seats over, and no fewer than the least.
const (
	candidatesEach  = 20
	candidatesLeast = 1000
)

const (
	sqlCountNew = `
SELECT count(*) FROM (%s) m WHERE NOT EXISTS (SELECT FROM seats s WHERE s.training = $1::uuid AND s.owner = m.owner)`

	// The order is by chance, so that nobody is first by the age of their
	// registration, but the same for a training whenever it is asked for.
	sqlNominate = `
INSERT INTO seats (id, training, owner, business, account, village, sector, cap, untrained, number, state, queue, changed_at)
SELECT ($2::uuid[])[m.nth], $1::uuid, m.owner, m.business, m.chat, m.village, m.sector,
	CASE $3::text WHEN 'district' THEN left(m.village, 8) WHEN 'sector' THEN m.sector ELSE '' END, NOT m.trained, 0, 'candidate',
	m.nth + (SELECT coalesce(max(queue), 0) FROM seats WHERE training = $1::uuid AND number = 0), $4::timestamptz
FROM (
	SELECT m.*, row_number() OVER (ORDER BY $5::boolean AND m.trained, md5($1::uuid::text || m.owner::text)) AS nth FROM (%s) m
	WHERE NOT EXISTS (SELECT FROM seats s WHERE s.training = $1::uuid AND s.owner = m.owner)
) m
WHERE m.nth <= cardinality($2::uuid[])`
)

// nominate plans further candidates among those who are meant and have nothing
// to do with the training yet, behind those there are.
func (s *Store) nominate(ctx context.Context, tx pgx.Tx, t trainingRow, at time.Time) (int, error) {
	meant, args := s.meantOwners(t.Segment, 2)
	var there int
	if err := tx.QueryRow(ctx, fmt.Sprintf(sqlCountNew, meant), append([]any{t.ID}, args...)...).Scan(&there); err != nil {
		return 0, fmt.Errorf("count candidates: %w", err)
	}
	ids := make([]uuid.UUID, min(there, max(candidatesLeast, candidatesEach*t.Quota)))
	for i := range ids {
		var err error
		if ids[i], err = newID(); err != nil {
			return 0, err
		}
	}
	meant, args = s.meantOwners(t.Segment, 6)
	all := append([]any{t.ID, ids, t.Caps.By, at, t.UntrainedFirst}, args...)
	tag, err := tx.Exec(ctx, fmt.Sprintf(sqlNominate, meant), all...)
	if err != nil {
		return 0, fmt.Errorf("plan candidates: %w", err)
	}
	return int(tag.RowsAffected()), nil
}

// InviteMore plans further candidates of a training filled by invitation, among
// those who have not heard of it, invites as many as there are places, and says
// how many candidates there are more. umkm.ErrNotTaking: it is not filled so,
// or has begun. umkm.ErrNoTraining, umkm.ErrForbidden.
func (s *Store) InviteMore(ctx context.Context, by int64, training string, at time.Time) (more int, err error) {
	err = s.atomically(ctx, func(tx pgx.Tx) error {
		t, err := lockTrainingFor(ctx, tx, by, training)
		switch {
		case err != nil:
			return err
		case t.State != umkm.TrainingOpen:
			return umkm.ErrNoTraining
		case t.Filling != umkm.FillInvite || t.began(at):
			return umkm.ErrNotTaking
		}
		if more, err = s.nominate(ctx, tx, t, at); err != nil {
			return err
		}
		err = addAudit(ctx, tx, auditEntry{
			Actor: accountActor(by), Action: "training.invited", Subject: trainingSubject(t.ID), At: at,
			Details: map[string]any{"candidates": more},
		})
		if err != nil {
			return err
		}
		return s.moveUp(ctx, tx, &t, at)
	})
	if err != nil {
		return 0, fmt.Errorf("invite more: %w", classify(err))
	}
	return more, nil
}
