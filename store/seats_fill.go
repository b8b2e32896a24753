package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

// places are those of a locked training that nobody has.
type places struct {
	caps  umkm.Caps
	free  int // below zero after a quota was lowered
	taken map[string]int
}

const sqlTaken = `
SELECT cap, count(*) FROM seats WHERE training = $1 AND state IN ('seated', 'invited') GROUP BY cap`

// placesOf counts them from the seats themselves.
func placesOf(ctx context.Context, tx pgx.Tx, t trainingRow) (places, error) {
	p := places{caps: t.Caps, free: t.Quota, taken: map[string]int{}}
	rows, _ := tx.Query(ctx, sqlTaken, t.ID)
	var key string
	var n int
	_, err := pgx.ForEachRow(rows, []any{&key, &n}, func() error {
		p.taken[key] = n
		p.free -= n
		return nil
	})
	if err != nil {
		return p, fmt.Errorf("count places: %w", err)
	}
	return p, nil
}

// open reports whether one more of a key may have a place, if there is one.
func (p places) open(key string) bool {
	most, bounded := p.caps.Max(key)
	return !bounded || p.taken[key] < most
}

// full lists the keys of which nobody more may have a place.
func (p places) full() []string {
	keys := []string{}
	for key := range p.taken {
		if !p.open(key) {
			keys = append(keys, key)
		}
	}
	for key := range p.caps.Of {
		if p.taken[key] == 0 && !p.open(key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// take gives a place away; false: none is left for the key.
func (p *places) take(key string) bool {
	if p.free <= 0 || !p.open(key) {
		return false
	}
	p.free--
	p.taken[key]++
	return true
}

// fill gives the free places of a locked training to those next in line: a seat
// to who waits, in order, then an invitation to candidates. Passed over is who
// is of a key whose cap is reached, or whom no account reaches. Nobody loses
// anything by it, and it goes on until the training begins. It returns who has
// got a seat; they are still to be told.
func (s *Store) fill(ctx context.Context, tx pgx.Tx, t *trainingRow, at time.Time) (promoted []uuid.UUID, err error) {
	if t.State != umkm.TrainingOpen || t.began(at) || t.Filling == umkm.FillDraw && t.DrawnAt == nil {
		return nil, nil
	}
	p, err := placesOf(ctx, tx, *t)
	if err != nil {
		return nil, err
	}
	promoted, err = serve(ctx, tx, t.ID, &p, sqlWaitingNext, func(ids []uuid.UUID) error { return giveSeats(ctx, tx, ids, at) })
	if err != nil || t.Filling != umkm.FillInvite {
		return promoted, err
	}
	_, err = serve(ctx, tx, t.ID, &p, sqlCandidatesNext, func(ids []uuid.UUID) error { return s.invite(ctx, tx, t, ids, at) })
	return promoted, err
}

// Those at the front, whose key is none of some.
const (
	sqlWaitingNext = `
SELECT s.id, s.cap FROM seats s
WHERE s.training = $1 AND s.state = 'waiting' AND s.cap <> ALL($2) AND EXISTS (SELECT FROM reach r WHERE r.owner = s.owner AND r.chat IS NOT NULL)
ORDER BY s.queue, s.id LIMIT $3`

	sqlCandidatesNext = `
SELECT s.id, s.cap FROM seats s
WHERE s.training = $1 AND s.state = 'candidate' AND s.cap <> ALL($2)
	AND EXISTS (SELECT FROM reach r WHERE r.owner = s.owner AND ` + sqlReachable + `)
ORDER BY s.queue, s.id LIMIT $3`
)

// serve gives places to those at the front of a line, which has to move them out
// of it, until no place or nobody is left.
func serve(ctx context.Context, tx pgx.Tx, training uuid.UUID, p *places, sql string, give func([]uuid.UUID) error) (all []uuid.UUID, err error) {
	type next struct {
		ID  uuid.UUID
		Cap string
	}
	for p.free > 0 {
		rows, _ := tx.Query(ctx, sql, training, p.full(), p.free)
		front, err := pgx.CollectRows(rows, pgx.RowToStructByName[next])
		if err != nil {
			return nil, fmt.Errorf("find who is next: %w", err)
		}
		if len(front) == 0 {
			break
		}
		var ids []uuid.UUID
		for _, n := range front {
			if p.take(n.Cap) {
				ids = append(ids, n.ID)
			}
		}
		if err := give(ids); err != nil {
			return nil, err
		}
		all = append(all, ids...)
	}
	return all, nil
}

const sqlGiveSeats = `UPDATE seats SET state = 'seated', changed_at = $2 WHERE id = ANY($1)`

// giveSeats gives those who wait a seat.
func giveSeats(ctx context.Context, tx pgx.Tx, ids []uuid.UUID, at time.Time) error {
	batch := &pgx.Batch{}
	batch.Queue(sqlGiveSeats, ids, at)
	if err := queueSeatAudits(batch, "seat.seated", clockActor, ids, at); err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("give seats: %w", err)
	}
	return nil
}

func queueSeatAudits(batch *pgx.Batch, action, actor string, ids []uuid.UUID, at time.Time) error {
	for _, id := range ids {
		if err := queueAudit(batch, seatAudit(action, actor, id, at)); err != nil {
			return err
		}
	}
	return nil
}

const sqlInvite = `
UPDATE seats s SET state = 'invited', answer_until = $2, number = $3 + n.nth, changed_at = $4, remind_at = NULL
FROM unnest($1::uuid[]) WITH ORDINALITY n(id, nth) WHERE s.id = n.id`

// invite keeps places for candidates until they answer, and has them told.
func (s *Store) invite(ctx context.Context, tx pgx.Tx, t *trainingRow, ids []uuid.UUID, at time.Time) error {
	until := t.answerUntil(at)
	batch := &pgx.Batch{}
	batch.Queue(sqlInvite, ids, until, t.Joined, at)
	t.Joined += len(ids)
	batch.Queue(sqlJoined, t.ID, t.Joined)
	if err := queueSeatAudits(batch, "seat.invited", clockActor, ids, at); err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	if err := s.tellSeats(ctx, tx, ids, umkm.EventInvited, at); err != nil {
		return err
	}
	return s.schedule(ctx, tx, *t, []due{{umkm.DueAnswers, until}})
}

// answerUntil is when an invitation of now lapses: before registration ends or,
// once it has, before the training begins.
func (t trainingRow) answerUntil(at time.Time) time.Time {
	end := t.ClosesAt
	if !at.Before(end) {
		end = t.StartsAt
	}
	until := at.Add(time.Duration(t.AnswerMinutes) * time.Minute).Add(time.Second - 1).Truncate(time.Second)
	if until.After(end) {
		return end
	}
	return until
}

// tellSeats has the owners of seats told of what happened to them.
func (s *Store) tellSeats(ctx context.Context, tx pgx.Tx, ids []uuid.UUID, event umkm.SeatEvent, at time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	jobs := make([]river.InsertManyParams, len(ids))
	for i, id := range ids {
		jobs[i] = river.InsertManyParams{Args: umkm.NoticeSeat{Seat: id.String(), Event: event, At: at.Unix()}}
	}
	if _, err := s.jobs.InsertManyTx(ctx, tx, jobs); err != nil {
		return fmt.Errorf("schedule notices of seats: %w", err)
	}
	return nil
}
