package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const (
	sqlAttended = `SELECT id FROM seats WHERE training = $1 AND state = 'seated' AND in_at IS NOT NULL AND certificate IS NULL ORDER BY number`

	sqlCertify = `UPDATE seats s SET certificate = n.number FROM unnest($1::uuid[], $2::text[]) n(id, number) WHERE s.id = n.id`

	sqlFinish = `UPDATE trainings SET state = 'done', ended_at = $2, version = version + 1 WHERE id = $1`
)

// finish ends a training: who attended gets a certificate and is asked what
// they thought.
func (s *Store) finish(ctx context.Context, tx pgx.Tx, t trainingRow, at time.Time) error {
	rows, _ := tx.Query(ctx, sqlAttended, t.ID)
	attended, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return fmt.Errorf("find who attended: %w", err)
	}
	numbers := make([]umkm.CertificateNumber, len(attended))
	for i := range numbers {
		var random [5]byte
		_, _ = rand.Read(random[:]) // never fails: it would end the program
		numbers[i] = umkm.NewCertificateNumber(t.StartsAt.In(officeZone).Year(), random)
	}
	batch := &pgx.Batch{}
	batch.Queue(sqlCertify, attended, numbers)
	batch.Queue(sqlFinish, t.ID, at)
	err = queueAudit(batch, auditEntry{
		Actor: clockActor, Action: "training.finished", Subject: trainingSubject(t.ID), At: at,
		Details: map[string]any{"attended": len(attended)},
	})
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("finish training: %w", err)
	}
	m := umkm.NewMailing{Key: "training:" + t.ID.String() + ":feedback", What: string(umkm.MailFeedback), At: at}
	_, err = s.mailSeats(ctx, tx, t, m, `s.state = 'seated' AND s.in_at IS NOT NULL`)
	return err
}
