package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

// Times of what is due.
const (
	reminderHour = 9 // of the day, for reminders days before
	morningHour  = 7 // before that nobody is reminded of the same day
	reminderLast = 2 * time.Hour
)

// due is what a training comes to at a time.
type due struct {
	what string
	when time.Time
}

// reminders lists when those with a seat are reminded, the first first.
func (t trainingRow) reminders() []due {
	day := t.StartsAt.In(officeZone)
	on := func(days, hour int) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day()+days, hour, 0, 0, 0, officeZone)
	}
	all := []due{{umkm.DueReminder3, on(-3, reminderHour)}, {umkm.DueReminder1, on(-1, reminderHour)}}
	last := t.StartsAt.Add(-reminderLast)
	if morning := on(0, morningHour); last.Before(morning) {
		last = morning
	}
	if last.Before(t.StartsAt) {
		all = append(all, due{umkm.DueReminder0, last})
	}
	return all
}

// timely reports whether a reminder is still of use: until the next one is
// due, or the training begins.
func (t trainingRow) timely(what string, at time.Time) bool {
	all := t.reminders()
	for i, r := range all {
		if r.what != what {
			continue
		}
		if i+1 < len(all) {
			return at.Before(all[i+1].when)
		}
		return at.Before(t.StartsAt)
	}
	return false
}

// reschedule has what a training comes to by its times done, the answers to
// invitations apart. Reminders whose time has passed are left out; a draw and
// the end are not.
func (s *Store) reschedule(ctx context.Context, tx pgx.Tx, t trainingRow, at time.Time) error {
	all := []due{{umkm.DueFinish, t.EndsAt.Add(umkm.CheckInAfter)}}
	if t.Filling == umkm.FillDraw && t.DrawnAt == nil {
		all = append(all, due{umkm.DueClose, t.ClosesAt})
	}
	for _, r := range t.reminders() {
		if r.when.After(at) {
			all = append(all, r)
		}
	}
	return s.schedule(ctx, tx, t, all)
}

// schedule has something done about a training, each time once.
func (s *Store) schedule(ctx context.Context, tx pgx.Tx, t trainingRow, all []due) error {
	jobs := make([]river.InsertManyParams, len(all))
	for i, d := range all {
		jobs[i] = river.InsertManyParams{
			Args:       umkm.TrainingDue{Training: t.ID.String(), What: d.what, Schedule: t.Schedule, At: d.when.Unix()},
			InsertOpts: &river.InsertOpts{ScheduledAt: d.when, UniqueOpts: river.UniqueOpts{ByArgs: true}},
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	if _, err := s.jobs.InsertManyTx(ctx, tx, jobs); err != nil {
		return fmt.Errorf("schedule what is due of a training: %w", err)
	}
	return nil
}

// TrainingDue does what a training has come to; before its time it returns
// that. What was scheduled before the training was moved, or of one that is
// off, does nothing, and what was done already stays done.
func (s *Store) TrainingDue(ctx context.Context, job umkm.TrainingDue) (again time.Time, err error) {
	at := s.now()
	if when := time.Unix(job.At, 0); at.Before(when) {
		return when, nil
	}
	err = s.atomically(ctx, func(tx pgx.Tx) error {
		t, err := lockTraining(ctx, tx, job.Training)
		switch {
		case errors.Is(err, umkm.ErrNoTraining):
			return nil
		case err != nil || t.State != umkm.TrainingOpen:
			return err
		case job.What == umkm.DueAnswers: // as long as the invitation itself says
			return s.lapse(ctx, tx, &t, at)
		case job.Schedule != t.Schedule:
			return nil
		}
		return s.comeDue(ctx, tx, &t, job.What, at)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("training's %s: %w", job.What, classify(err))
	}
	return time.Time{}, nil
}

// mailOf are the mailings that remind.
var mailOf = map[string]umkm.TrainingMailing{
	umkm.DueReminder3: umkm.MailReminder3, umkm.DueReminder1: umkm.MailReminder1, umkm.DueReminder0: umkm.MailReminder0,
}

func (s *Store) comeDue(ctx context.Context, tx pgx.Tx, t *trainingRow, what string, at time.Time) error {
	switch what {
	case umkm.DueClose:
		return s.draw(ctx, tx, t, at)
	case umkm.DueFinish:
		return s.finish(ctx, tx, *t, at)
	}
	mail, known := mailOf[what]
	if !known || !t.timely(what, at) {
		return nil
	}
	key := fmt.Sprintf("training:%s:%d:%s", t.ID, t.Schedule, what)
	_, err := s.mailSeats(ctx, tx, *t, umkm.NewMailing{Key: key, What: string(mail), Urgent: what == umkm.DueReminder0, At: at}, `s.state = 'seated'`)
	return err
}

// Each owner is told once, where they can be reached, or else where they were
// last: the ledger then says that they could not be.
const sqlSeatRecipients = `
SELECT a.telegram_id AS chat, s.id AS subject, a.language
FROM seats s CROSS JOIN LATERAL (
	SELECT a.telegram_id, a.language FROM account_owners l JOIN accounts a ON a.telegram_id = l.account
	WHERE l.owner = s.owner ORDER BY NOT a.reachable, a.telegram_id <> s.account, a.telegram_id LIMIT 1
) a
WHERE s.training = $1 AND `

const stateLive = `s.state IN ('invited', 'applied', 'seated', 'waiting')`

// mailSeats plans a mailing to those whose seats are so.
func (s *Store) mailSeats(ctx context.Context, tx pgx.Tx, t trainingRow, m umkm.NewMailing, which string) (int, error) {
	m.Kind, m.Subject = umkm.MailingTraining, t.ID.String()
	return s.planMailing(ctx, tx, m, sqlSeatRecipients+which, t.ID)
}

const sqlLapsed = `
SELECT id FROM seats WHERE training = $1 AND state = 'invited' AND answer_until <= $2 ORDER BY queue, id`

// lapse takes their places from those invited who have not answered in time.
func (s *Store) lapse(ctx context.Context, tx pgx.Tx, t *trainingRow, at time.Time) error {
	rows, _ := tx.Query(ctx, sqlLapsed, t.ID, at)
	lapsed, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil || len(lapsed) == 0 {
		return err
	}
	if err := endSeats(ctx, tx, lapsed, endOf{umkm.SeatLapsed, "seat.lapsed", clockActor, at}); err != nil {
		return err
	}
	if err := s.tellSeats(ctx, tx, lapsed, umkm.EventLapsed, at); err != nil {
		return err
	}
	return s.moveUp(ctx, tx, t, at)
}
