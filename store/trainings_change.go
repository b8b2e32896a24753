package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// ChangeTraining replaces the plan. Where it is announced, who has a seat is
// told of another time or place, what is due moves with the times, and places
// that become free are given away; nobody loses a seat by it. Done again by the
// same dialog it stays done.
//
// umkm.ErrChanged: another version than the one seen. umkm.ErrNoTraining: it is
// over or cancelled. umkm.ErrPlan: it is no plan, a new time of it has passed,
// or the way of filling is another once it is announced. umkm.ErrForbidden: by
// is no officer in all regions, of the old plan and of the new.
func (s *Store) ChangeTraining(ctx context.Context, c umkm.TrainingChange) error {
	c.Plan = c.Plan.Tidy()
	err := s.atomically(ctx, func(tx pgx.Tx) error {
		t, err := lockTrainingFor(ctx, tx, c.By, c.Training)
		if err != nil {
			return err
		}
		if err := officerFor(ctx, tx, c.By, c.Plan.Who.Regions); err != nil {
			return err
		}
		switch {
		case t.ChangedBy == c.Dialog:
			return nil
		case t.State != umkm.TrainingDraft && t.State != umkm.TrainingOpen:
			return umkm.ErrNoTraining
		case t.Version != c.Version:
			return umkm.ErrChanged
		}
		if err := errors.Join(c.Plan.Check(), changeable(t, c)); err != nil {
			return err
		}
		return s.replan(ctx, tx, t, c)
	})
	if err != nil {
		return fmt.Errorf("change training: %w", classify(err))
	}
	return nil
}

// changeable says what of a change comes too late: umkm.ErrPlan.
func changeable(t trainingRow, c umkm.TrainingChange) error {
	if t.State == umkm.TrainingDraft {
		return c.Plan.Ahead(c.At)
	}
	if c.Plan.Filling != t.Filling {
		return fmt.Errorf("%w: filling is announced", umkm.ErrPlan)
	}
	if !c.Plan.Starts.Equal(t.StartsAt) && !c.Plan.Starts.After(c.At) || !c.Plan.Ends.After(c.At) {
		return fmt.Errorf("%w: new time is over", umkm.ErrPlan)
	}
	// The end of a registration that is over may come to lie before an earlier beginning.
	if !c.Plan.Closes.Equal(t.ClosesAt) && !c.Plan.Closes.After(c.At) && t.ClosesAt.After(c.At) {
		return fmt.Errorf("%w: new closing is over", umkm.ErrPlan)
	}
	return nil
}

// moved reports whether a plan's time or place is another.
func moved(a, b umkm.TrainingPlan) bool {
	if (a.Pin == nil) != (b.Pin == nil) || a.Pin != nil && *a.Pin != *b.Pin {
		return true
	}
	return !a.Starts.Equal(b.Starts) || !a.Ends.Equal(b.Ends) || a.Online != b.Online || a.Venue != b.Venue || a.Link != b.Link
}

const sqlChangeTraining = `
UPDATE trainings SET title = $2, topic = $3, about = $4, online = $5, venue = $6, latitude = $7, longitude = $8, link = $9,
	starts_at = $10, ends_at = $11, quota = $12, caps = $13, regions = $14, segment = $15, filling = $16, untrained_first = $17,
	closes_at = $18, answer_minutes = $19, bring = $20, travel = $21, changed_by = $22, reason = $23, schedule = $24, version = version + 1
WHERE id = $1
RETURNING version`

// sqlRecap has the seats count as what the caps now count by.
const sqlRecap = `
UPDATE seats SET cap = CASE $2::text WHEN 'district' THEN left(village, 8) WHEN 'sector' THEN sector ELSE '' END WHERE training = $1`

// replan writes a change of a locked training and what follows from it.
func (s *Store) replan(ctx context.Context, tx pgx.Tx, was trainingRow, c umkm.TrainingChange) error {
	t, p := was, c.Plan
	later := !p.Starts.Equal(was.StartsAt) || !p.Ends.Equal(was.EndsAt) || !p.Closes.Equal(was.ClosesAt)
	if later {
		t.Schedule++
	}
	t.StartsAt, t.EndsAt, t.ClosesAt, t.Quota, t.Caps = p.Starts, p.Ends, p.Closes, p.Quota, p.Caps
	t.Segment, t.UntrainedFirst, t.AnswerMinutes = p.Who, p.UntrainedFirst, int(p.Answer/time.Minute)
	args := append([]any{t.ID}, planArgs(p)...)
	batch := &pgx.Batch{}
	batch.Queue(sqlChangeTraining, append(args, c.Dialog, c.Reason, t.Schedule)...).QueryRow(func(row pgx.Row) error { return row.Scan(&t.Version) })
	if p.Caps.By != was.Caps.By {
		batch.Queue(sqlRecap, t.ID, p.Caps.By)
	}
	err := queueAudit(batch, auditEntry{
		Actor: accountActor(c.By), Action: "training.changed", Subject: trainingSubject(t.ID), At: c.At,
		Details: map[string]any{"regions": p.Who.Regions, "quota": p.Quota, "starts": p.Starts, "closes": p.Closes},
	})
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("change plan: %w", err)
	}
	if t.State == umkm.TrainingDraft {
		return nil
	}
	if later {
		if err := s.shift(ctx, tx, t, c.At); err != nil {
			return err
		}
	}
	if moved(was.plan(), p) {
		if err := s.tellMoved(ctx, tx, was, t, c); err != nil {
			return err
		}
	}
	return s.moveUp(ctx, tx, &t, c.At)
}

const sqlShorten = `
UPDATE seats SET answer_until = $2 WHERE training = $1 AND state = 'invited' AND answer_until > $2`

// shift moves what is due to a training's new times. Invitations keep the time
// they were given, but none outlasts the beginning.
func (s *Store) shift(ctx context.Context, tx pgx.Tx, t trainingRow, at time.Time) error {
	if err := s.reschedule(ctx, tx, t, at); err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, sqlShorten, t.ID, t.StartsAt)
	if err != nil {
		return fmt.Errorf("shorten invitations: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return nil
	}
	return s.schedule(ctx, tx, t, []due{{umkm.DueAnswers, t.StartsAt}})
}

// urgentWithin is how soon a training must begin, by its old times or its new
// ones, for a change to be told in the quiet hours, too.
const urgentWithin = 24 * time.Hour

func (t trainingRow) soon(at time.Time) bool { return t.StartsAt.Before(at.Add(urgentWithin)) }

func (s *Store) tellMoved(ctx context.Context, tx pgx.Tx, was, t trainingRow, c umkm.TrainingChange) error {
	_, err := s.mailSeats(ctx, tx, t, umkm.NewMailing{
		Key: fmt.Sprintf("training:%s:moved:%d", t.ID, t.Version), What: string(umkm.MailMoved), By: c.By,
		Urgent: was.soon(c.At) || t.soon(c.At), At: c.At,
	}, stateLive)
	return err
}

const sqlCancelTraining = `
UPDATE trainings SET state = 'cancelled', ended_at = $2, reason = $3, version = version + 1 WHERE id = $1`

// CancelTraining calls it off, whatever is due of it, and tells everybody who
// has a seat or waits. Done again it stays done. umkm.ErrNoTraining: there is
// none, or it is over. umkm.ErrForbidden.
func (s *Store) CancelTraining(ctx context.Context, by int64, training, reason string, at time.Time) error {
	err := s.atomically(ctx, func(tx pgx.Tx) error {
		t, err := lockTrainingFor(ctx, tx, by, training)
		switch {
		case err != nil || t.State == umkm.TrainingCancelled:
			return err
		case t.State == umkm.TrainingDone, t.State == umkm.TrainingOpen && !at.Before(t.EndsAt):
			return umkm.ErrNoTraining
		}
		batch := &pgx.Batch{}
		batch.Queue(sqlCancelTraining, t.ID, at, reason)
		err = queueAudit(batch, auditEntry{
			Actor: accountActor(by), Action: "training.cancelled", Subject: trainingSubject(t.ID), At: at,
		})
		if err != nil {
			return err
		}
		if err := tx.SendBatch(ctx, batch).Close(); err != nil || t.State == umkm.TrainingDraft {
			return err
		}
		_, err = s.mailSeats(ctx, tx, t, umkm.NewMailing{
			Key: "training:" + t.ID.String() + ":cancelled", What: string(umkm.MailCancelled), By: by, Urgent: t.soon(at), At: at,
		}, stateLive)
		return err
	})
	if err != nil {
		return fmt.Errorf("cancel training: %w", classify(err))
	}
	return nil
}
