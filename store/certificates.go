package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

const sqlCertificate = `
SELECT s.certificate AS number, o.name, b.name AS business, t.title AS training, t.starts_at AS starts, t.ends_at AS ends,
	t.venue AS place, coalesce(t.ended_at, t.ends_at) AS at
FROM seats s
JOIN trainings t ON t.id = s.training
JOIN owners o ON o.id = s.owner
JOIN businesses b ON b.id = s.business
WHERE s.certificate = $1
UNION ALL
SELECT s.certificate, '', '', t.title, t.starts_at, t.ends_at, t.venue, coalesce(t.ended_at, t.ends_at)
FROM erased_seats s JOIN trainings t ON t.id = s.training
WHERE s.certificate = $1`

// CertificateOf finds a certificate by its number, for anybody: umkm.ErrNoSeat.
// At is when the training was over and certificates were given. Of who was
// erased since, neither name nor business is known.
func (s *Store) CertificateOf(ctx context.Context, n umkm.CertificateNumber) (umkm.Certificate, error) {
	rows, _ := s.pool.Query(ctx, sqlCertificate, n)
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[umkm.Certificate])
	if errors.Is(err, pgx.ErrNoRows) {
		return umkm.Certificate{}, umkm.ErrNoSeat
	}
	if err != nil {
		return umkm.Certificate{}, fmt.Errorf("find certificate: %w", err)
	}
	return c, nil
}

// trainingFileTries, with the queue's growing pauses, last a little over an hour.
const trainingFileTries = 8

// TrainingFileSoon has a file about a training made and sent. The same update
// asks once for one file.
func (s *Store) TrainingFileSoon(ctx context.Context, job umkm.TrainingFile) error {
	options := river.InsertOpts{MaxAttempts: trainingFileTries, UniqueOpts: river.UniqueOpts{ByArgs: true}}
	if _, err := s.jobs.Insert(ctx, job, &options); err != nil {
		return fmt.Errorf("ask for a file: %w", classify(err))
	}
	return nil
}
