package store

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// maxFeedback is how long a comment may be, in characters.
const maxFeedback = umkm.MaxMessage

// commentsShown is how many comments officers see.
const commentsShown = 20

const sqlGiveFeedback = `
UPDATE seats s SET rating = $3, comment_sealed = $4, rated_at = $5
WHERE s.id = $1 AND s.in_at IS NOT NULL AND EXISTS (SELECT FROM account_owners o WHERE o.owner = s.owner AND o.account = $2)
RETURNING s.training`

// GiveFeedback notes what an owner who attended thought; the latest word holds.
// umkm.ErrNoSeat: they did not attend, or the account does not act for them.
// umkm.ErrRefused: no rating from 1 to 5, or a comment that is too long.
func (s *Store) GiveFeedback(ctx context.Context, account int64, seat string, rating int, comment string, at time.Time) error {
	id, err := uuid.Parse(seat)
	if err != nil {
		return fmt.Errorf("give feedback: %w", umkm.ErrNoSeat)
	}
	if rating < 1 || rating > 5 || utf8.RuneCountInString(comment) > maxFeedback {
		return fmt.Errorf("give feedback: %w", umkm.ErrRefused)
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		training, found, err := findID(ctx, tx, sqlGiveFeedback, id, account, rating, s.sealTold(sealFeedback, id, comment), at)
		if err != nil {
			return fmt.Errorf("note feedback: %w", err)
		}
		if !found {
			return umkm.ErrNoSeat
		}
		return addAudit(ctx, tx, auditEntry{
			Actor: accountActor(account), Action: "seat.rated", Subject: seatSubject(id), At: at,
			Details: map[string]any{"training": training, "comment": comment != ""},
		})
	})
	if err != nil {
		return fmt.Errorf("give feedback: %w", classify(err))
	}
	return nil
}

const (
	sqlRatings = `SELECT rating, count(*) FROM seats WHERE training = $1 AND rating IS NOT NULL GROUP BY rating`

	sqlComments = `
SELECT id, rating, comment_sealed FROM seats
WHERE training = $1 AND comment_sealed IS NOT NULL
ORDER BY rated_at DESC, id DESC LIMIT $2`
)

// Feedback is what those who attended thought, for officers of the training:
// how many rated how, and the last comments, without names. Each look is
// written in the audit log. umkm.ErrNoTraining, umkm.ErrForbidden.
func (s *Store) Feedback(ctx context.Context, by int64, training string) (umkm.FeedbackSummary, error) {
	var sum umkm.FeedbackSummary
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		t, err := trainingFor(ctx, tx, sqlTraining, by, training)
		if err != nil {
			return err
		}
		if sum.Ratings, err = ratings(ctx, tx, t.ID); err != nil {
			return err
		}
		if sum.Comments, err = s.comments(ctx, tx, t.ID); err != nil {
			return err
		}
		return addAudit(ctx, tx, auditEntry{
			Actor: accountActor(by), Action: "training.feedback_viewed", Subject: trainingSubject(t.ID), At: s.now(),
			Details: map[string]any{},
		})
	})
	if err != nil {
		return umkm.FeedbackSummary{}, fmt.Errorf("read feedback: %w", classify(err))
	}
	return sum, nil
}

func ratings(ctx context.Context, q querier, training uuid.UUID) (out [5]int, err error) {
	type row struct{ Rating, Count int }
	rows, _ := q.Query(ctx, sqlRatings, training)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	if err != nil {
		return out, fmt.Errorf("count ratings: %w", err)
	}
	for _, r := range found {
		out[r.Rating-1] = r.Count
	}
	return out, nil
}

func (s *Store) comments(ctx context.Context, q querier, training uuid.UUID) ([]umkm.Comment, error) {
	type row struct {
		ID     uuid.UUID
		Rating int
		Sealed []byte
	}
	rows, _ := q.Query(ctx, sqlComments, training, commentsShown)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	if err != nil {
		return nil, fmt.Errorf("read comments: %w", err)
	}
	out := make([]umkm.Comment, len(found))
	for i, r := range found {
		out[i].Rating = r.Rating
		if out[i].Text, err = s.openTold(sealFeedback, r.ID, r.Sealed); err != nil {
			return nil, err
		}
	}
	return out, nil
}
