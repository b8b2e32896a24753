package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const (
	sealSeed = "draw seed" // never renamed
	seedSize = 32
)

// newSeed makes a draw's seed: its hash, which is announced, and the seed
// itself, sealed until the draw.
func (s *Store) newSeed(t trainingRow) (hash, sealed []byte) {
	seed := make([]byte, seedSize)
	_, _ = rand.Read(seed) // never fails: it would end the program
	sum := sha256.Sum256(seed)
	return sum[:], s.keys.Seal(sealSeed, t.ID[:], seed)
}

// openSeed opens it for the draw.
func (s *Store) openSeed(t trainingRow) ([]byte, error) {
	seed, err := s.keys.Open(sealSeed, t.ID[:], t.SeedSealed)
	if err != nil {
		return nil, fmt.Errorf("open the draw's seed: %w", err)
	}
	if sum := sha256.Sum256(seed); !bytes.Equal(sum[:], t.SeedHash) {
		return nil, errors.New("the draw's seed is not the one announced")
	}
	return seed, nil
}

const (
	sqlEntries = `SELECT number, cap AS key, untrained FROM seats WHERE training = $1 AND state = 'applied' ORDER BY number`

	// A seat of who cannot be reached goes on; they wait in front.
	sqlDrawn = `
UPDATE seats s SET drawn = n.nth, drawn_seat = n.nth <= $3, queue = n.nth, changed_at = $4, state = CASE
	WHEN n.nth <= $3 AND EXISTS (SELECT FROM reach r WHERE r.owner = s.owner AND r.chat IS NOT NULL) THEN 'seated' ELSE 'waiting' END
FROM unnest($2::integer[]) WITH ORDINALITY n(number, nth)
WHERE s.training = $1 AND s.number = n.number AND s.state = 'applied'`

	sqlDrawHeld = `
UPDATE trainings SET seed = $2, seed_sealed = NULL, drawn_at = $3, drawn_rules = $4, version = version + 1 WHERE id = $1`
)

// draw holds the draw of a locked training once registration is over: everybody
// who applied has a place in its order, those in front a seat. Its seed is told
// from now on. It is held once.
func (s *Store) draw(ctx context.Context, tx pgx.Tx, t *trainingRow, at time.Time) error {
	if t.Filling != umkm.FillDraw || t.DrawnAt != nil || at.Before(t.ClosesAt) {
		return nil
	}
	seed, err := s.openSeed(*t)
	if err != nil {
		return err
	}
	rows, _ := tx.Query(ctx, sqlEntries, t.ID)
	entries, err := pgx.CollectRows(rows, pgx.RowToStructByName[umkm.DrawEntry])
	if err != nil {
		return fmt.Errorf("find who applied: %w", err)
	}
	rules := umkm.DrawRules{Quota: t.Quota, Caps: t.Caps, UntrainedFirst: t.UntrainedFirst}
	seated, waiting := umkm.Draw(seed, entries, rules)
	batch := &pgx.Batch{}
	batch.Queue(sqlDrawHeld, t.ID, seed, at, rules)
	batch.Queue(sqlDrawn, t.ID, slices.Concat(seated, waiting), len(seated), at)
	err = queueAudit(batch, auditEntry{
		Actor: clockActor, Action: "training.drawn", Subject: trainingSubject(t.ID), At: at,
		Details: map[string]any{"seated": len(seated), "waiting": len(waiting), "seed_hash": umkm.SeedHash(seed)},
	})
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("hold the draw: %w", err)
	}
	t.DrawnAt = &at
	// All are told together; who moved up right away has their seat by the draw.
	if _, err := s.fill(ctx, tx, t, at); err != nil {
		return err
	}
	m := umkm.NewMailing{Key: "training:" + t.ID.String() + ":drawn", What: string(umkm.MailDrawn), At: at}
	_, err = s.mailSeats(ctx, tx, *t, m, `s.drawn IS NOT NULL`)
	return err
}
