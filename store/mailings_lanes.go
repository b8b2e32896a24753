package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

const sqlLaneLeft = `
SELECT sending FROM mailing_lanes WHERE mailing = $1 AND lane = $2 AND wake = $3 AND NOT idle FOR UPDATE`

const sqlBeginLane = `
UPDATE mailing_lanes SET run = run + 1, sending = 0, uncertain = uncertain + sending
WHERE mailing = $1 AND lane = $2 RETURNING run`

// It reads the whole mailing, as there is no index of what is being sent; it
// is needed after a crash only.
const sqlLeftSending = `
UPDATE deliveries SET state = 'uncertain', at = $3
WHERE mailing = $1 AND lane = $2 AND state = 'sending'`

// BeginLane starts a run of a lane and ends the right of every earlier one to
// it. What an earlier one has left in sending becomes uncertain: nobody knows
// whether it went out. umkm.ErrNoMailing: there is no such lane, or the job's
// part in it is over.
func (s *Store) BeginLane(ctx context.Context, job umkm.SendMailing, at time.Time) (umkm.LaneRun, umkm.Mailing, error) {
	m, err := s.Mailing(ctx, job.Mailing)
	if err != nil {
		return umkm.LaneRun{}, umkm.Mailing{}, err
	}
	run := umkm.LaneRun{Mailing: m.ID, Lane: job.Lane}
	err = s.atomically(ctx, func(tx pgx.Tx) error {
		var left int64
		err := tx.QueryRow(ctx, sqlLaneLeft, m.ID, job.Lane, job.Wake).Scan(&left)
		if errors.Is(err, pgx.ErrNoRows) {
			return umkm.ErrNoMailing
		}
		if err == nil {
			err = tx.QueryRow(ctx, sqlBeginLane, m.ID, job.Lane).Scan(&run.Run)
		}
		if err != nil || left == 0 {
			return err
		}
		tag, err := tx.Exec(ctx, sqlLeftSending, m.ID, job.Lane, at)
		if err == nil && tag.RowsAffected() != left {
			err = fmt.Errorf("%d deliveries are being sent, the lane counts %d", tag.RowsAffected(), left)
		}
		return err
	})
	if err != nil {
		return umkm.LaneRun{}, umkm.Mailing{}, fmt.Errorf("begin lane of a mailing: %w", err)
	}
	return run, m, nil
}

const sqlLane = `
SELECT l.reached, m.state FROM mailing_lanes l JOIN mailings m ON m.id = l.mailing
WHERE l.mailing = $1 AND l.lane = $2 AND l.run = $3
FOR UPDATE OF l`

const sqlClaim = `
WITH next AS (
	SELECT n FROM deliveries WHERE mailing = $1 AND n > $2 AND state = 'planned'
	ORDER BY n LIMIT $3 FOR UPDATE SKIP LOCKED)
UPDATE deliveries d SET state = 'sending', lane = $4, at = $5
FROM next WHERE d.mailing = $1 AND d.n = next.n
RETURNING d.n, d.chat, coalesce(d.subject::text, '') AS subject, d.language, d.state, 0::bigint AS message, d.at`

const sqlClaimed = `UPDATE mailing_lanes SET sending = sending + $3, reached = $4 WHERE mailing = $1 AND lane = $2`

// Claim marks at most n deliveries as being sent by a lane and returns them,
// with the mailing's state: none when it is not running, or when nobody else
// is left. Lanes that claim at once get different ones. umkm.ErrLaneTaken.
func (s *Store) Claim(ctx context.Context, run umkm.LaneRun, n int, at time.Time) (claimed []umkm.Delivery, state umkm.MailingState, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var reached int
		reached, state, err = holdLane(ctx, tx, run)
		if err != nil || state != umkm.MailingRunning || n <= 0 {
			return err
		}
		claimed, err = claimBehind(ctx, tx, run, reached, n, at)
		if err == nil && len(claimed) == 0 && reached > 0 { // what others gave back lies before
			claimed, err = claimBehind(ctx, tx, run, 0, n, at)
		}
		if err != nil || len(claimed) == 0 {
			return err
		}
		for _, d := range claimed {
			reached = max(reached, d.N)
		}
		_, err = tx.Exec(ctx, sqlClaimed, run.Mailing, run.Lane, len(claimed), reached)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("claim deliveries: %w", err)
	}
	return claimed, state, nil
}

// holdLane locks a lane for the rest of the transaction, if it is still the
// run's.
func holdLane(ctx context.Context, tx pgx.Tx, run umkm.LaneRun) (reached int, state umkm.MailingState, err error) {
	err = tx.QueryRow(ctx, sqlLane, run.Mailing, run.Lane, run.Run).Scan(&reached, &state)
	if errors.Is(err, pgx.ErrNoRows) {
		err = umkm.ErrLaneTaken
	}
	return reached, state, err
}

func claimBehind(ctx context.Context, tx pgx.Tx, run umkm.LaneRun, behind, n int, at time.Time) ([]umkm.Delivery, error) {
	rows, _ := tx.Query(ctx, sqlClaim, run.Mailing, behind, n, run.Lane, at)
	return pgx.CollectRows(rows, pgx.RowToStructByName[umkm.Delivery])
}

const sqlMark = `
WITH marked AS (
	UPDATE deliveries d SET state = r.state, message = nullif(r.message, 0), at = $6,
		lane = CASE WHEN r.state <> 'planned' THEN d.lane END
	FROM unnest($3::int[], $4::text[], $5::bigint[]) r(n, state, message)
	WHERE d.mailing = $1 AND d.n = r.n AND d.lane = $2 AND d.state = 'sending'
	RETURNING d.n, d.state)
SELECT state, count(*), min(n) FROM marked GROUP BY state`

// Mark notes what became of deliveries that a run has claimed: their state and,
// where one told them, the message. What is planned again is claimed anew, by
// this lane first. Either all are noted or none; what has been noted stays, so
// that it may be done again when its answer was lost. umkm.ErrLaneTaken.
func (s *Store) Mark(ctx context.Context, run umkm.LaneRun, done []umkm.Delivery, at time.Time) error {
	ns, states, messages := make([]int, len(done)), make([]string, len(done)), make([]int64, len(done))
	for i, d := range done {
		ns[i], states[i], messages[i] = d.N, string(d.State), d.Message
	}
	if err := s.settle(ctx, run, sqlMark, run.Mailing, run.Lane, ns, states, messages, at); err != nil {
		return fmt.Errorf("mark deliveries: %w", classify(err))
	}
	return nil
}

const sqlRelease = `
WITH released AS (
	UPDATE deliveries SET state = 'planned', lane = NULL, at = $3
	WHERE mailing = $1 AND lane = $2 AND state = 'sending' RETURNING n)
SELECT 'planned', count(*), min(n) FROM released HAVING count(*) > 0`

const sqlLaneSending = `SELECT sending FROM mailing_lanes WHERE mailing = $1 AND lane = $2 AND run = $3`

// Release gives back what a run has claimed and knows nothing of, as the answer
// to a claim was lost. All that it knows of is marked. umkm.ErrLaneTaken.
func (s *Store) Release(ctx context.Context, run umkm.LaneRun, at time.Time) error {
	var sending int
	err := s.pool.QueryRow(ctx, sqlLaneSending, run.Mailing, run.Lane, run.Run).Scan(&sending)
	if errors.Is(err, pgx.ErrNoRows) {
		err = umkm.ErrLaneTaken
	}
	if err == nil && sending > 0 {
		err = s.settle(ctx, run, sqlRelease, run.Mailing, run.Lane, at)
	}
	if err != nil {
		return fmt.Errorf("release deliveries: %w", err)
	}
	return nil
}

const sqlCount = `
UPDATE mailing_lanes SET sending = sending - $3, sent = sent + $4, blocked = blocked + $5, failed = failed + $6,
	uncertain = uncertain + $7, skipped = skipped + $8, reached = least(reached, $9)
WHERE mailing = $1 AND lane = $2`

// settle has a statement change a lane's deliveries and counts what it changed:
// it returns how many have come to each state, and the first of them.
func (s *Store) settle(ctx context.Context, run umkm.LaneRun, sql string, args ...any) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		reached, _, err := holdLane(ctx, tx, run)
		if err != nil {
			return err
		}
		var c umkm.DeliveryCounts
		var state umkm.DeliveryState
		var n, first int
		rows, _ := tx.Query(ctx, sql, args...)
		_, err = pgx.ForEachRow(rows, []any{&state, &n, &first}, func() error {
			c.Add(state, n)
			if state == umkm.DeliveryPlanned {
				reached = min(reached, first-1)
			}
			return nil
		})
		if err != nil || c.All() == 0 {
			return err
		}
		_, err = tx.Exec(ctx, sqlCount, run.Mailing, run.Lane, c.All(), c.Sent, c.Blocked, c.Failed, c.Uncertain, c.Skipped, reached)
		return err
	})
}

const sqlHoldMailing = `SELECT state FROM mailings WHERE id = $1 FOR NO KEY UPDATE`

const sqlPlannedLeft = `
SELECT m.total - sum(l.sending + l.sent + l.blocked + l.failed + l.uncertain + l.skipped)
FROM mailings m JOIN mailing_lanes l ON l.mailing = m.id WHERE m.id = $1 GROUP BY m.id`

const sqlIdle = `UPDATE mailing_lanes SET idle = true WHERE mailing = $1 AND lane = $2`

const sqlMailingDone = `
UPDATE mailings SET done_at = $2, state = CASE WHEN state = 'running' THEN 'done' ELSE state END
WHERE id = $1 AND done_at IS NULL AND state IN ('running', 'cancelled')
	AND total = (SELECT sum(sent + blocked + failed + uncertain + skipped) FROM mailing_lanes WHERE mailing = $1)`

// EndLane lays a lane to rest that has nothing more to claim. seen is the
// mailing's state as Claim told it: where it has changed since, or something
// was given back, the lane is to go on, which more says. The last lane closes
// the mailing; of a cancelled one what has not been sent is skipped.
// umkm.ErrLaneTaken.
func (s *Store) EndLane(ctx context.Context, run umkm.LaneRun, seen umkm.MailingState, at time.Time) (more bool, err error) {
	for skipped := seen == umkm.MailingCancelled; skipped; {
		if skipped, err = s.skip(ctx, run, at); err != nil {
			return false, fmt.Errorf("end lane of a mailing: %w", err)
		}
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var state umkm.MailingState
		if err := tx.QueryRow(ctx, sqlHoldMailing, run.Mailing).Scan(&state); err != nil {
			return err
		}
		if _, _, err := holdLane(ctx, tx, run); err != nil {
			return err
		}
		var left int
		if err := tx.QueryRow(ctx, sqlPlannedLeft, run.Mailing).Scan(&left); err != nil {
			return err
		}
		more = state != seen && state != umkm.MailingDone || state == umkm.MailingRunning && left > 0
		if more {
			return nil
		}
		if _, err := tx.Exec(ctx, sqlIdle, run.Mailing, run.Lane); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlMailingDone, run.Mailing, at)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("end lane of a mailing: %w", err)
	}
	return more, nil
}

const sqlSkip = `
WITH next AS (
	SELECT n FROM deliveries WHERE mailing = $1 AND n > $2 AND state = 'planned'
	ORDER BY n LIMIT $3 FOR UPDATE SKIP LOCKED),
gone AS (UPDATE deliveries d SET state = 'skipped', lane = $4, at = $5 FROM next WHERE d.mailing = $1 AND d.n = next.n RETURNING d.n)
SELECT coalesce(max(n), 0), count(*) FROM gone`

const sqlSkipped = `UPDATE mailing_lanes SET skipped = skipped + $3, reached = $4 WHERE mailing = $1 AND lane = $2`

// skipAtOnce bounds what one transaction skips of a cancelled mailing.
const skipAtOnce = 10_000

// skip ends deliveries of a cancelled mailing and tells whether there were any.
func (s *Store) skip(ctx context.Context, run umkm.LaneRun, at time.Time) (skipped bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		reached, _, err := holdLane(ctx, tx, run)
		if err != nil {
			return err
		}
		var last, n int
		for _, behind := range []int{reached, 0} {
			if err := tx.QueryRow(ctx, sqlSkip, run.Mailing, behind, skipAtOnce, run.Lane, at).Scan(&last, &n); err != nil {
				return err
			}
			if n > 0 {
				break
			}
		}
		skipped = n > 0
		_, err = tx.Exec(ctx, sqlSkipped, run.Mailing, run.Lane, n, max(reached, last))
		return err
	})
	return skipped, err
}

const sqlSetMailingState = `UPDATE mailings SET state = $2 WHERE id = $1`

const sqlWakeLanes = `
UPDATE mailing_lanes SET idle = false, wake = wake + 1 WHERE mailing = $1 AND idle
RETURNING mailing::text, lane, wake`

// SetMailingState pauses, resumes or cancels a mailing; whoever calls has seen
// to it that it may be done. Lanes look before each claim, so that it takes
// effect within a second. umkm.ErrNoMailing, umkm.ErrMailingOver.
func (s *Store) SetMailingState(ctx context.Context, mailing string, state umkm.MailingState) error {
	id, err := uuid.Parse(mailing)
	if err != nil {
		return umkm.ErrNoMailing
	}
	err = s.atomically(ctx, func(tx pgx.Tx) error { return s.setMailingState(ctx, tx, id, state) })
	if err != nil {
		return fmt.Errorf("set a mailing's state: %w", err)
	}
	return nil
}

func (s *Store) setMailingState(ctx context.Context, tx pgx.Tx, id uuid.UUID, state umkm.MailingState) error {
	var now umkm.MailingState
	err := tx.QueryRow(ctx, sqlHoldMailing, id).Scan(&now)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return umkm.ErrNoMailing
	case err != nil || now == state:
		return err
	case now == umkm.MailingDone || now == umkm.MailingCancelled:
		return umkm.ErrMailingOver
	}
	if _, err := tx.Exec(ctx, sqlSetMailingState, id, state); err != nil {
		return classify(err)
	}
	if state == umkm.MailingPaused {
		return nil
	}
	rows, _ := tx.Query(ctx, sqlWakeLanes, id)
	lanes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[umkm.SendMailing])
	if err != nil {
		return err
	}
	return s.mailingJobs(ctx, tx, lanes)
}
