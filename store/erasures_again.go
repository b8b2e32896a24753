package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

// ErasuresAgain is what came of a list.
type ErasuresAgain struct {
	Erase  int // planned
	Kept   int // that stood, and were taken back
	Passed int // stand already, or are about nobody here
}

// EraseAgain has people go again who were erased after the backup from which
// the records come, and lets those stay who took it back after it.
//
// Lines that the audit log has were there before the backup, and the records are
// as they left them: they do nothing. So somebody who was erased, came back under
// the same Telegram id and is in the backup is not erased again. The others came
// after it and were lost. Of each subject the newest decides, unless the log knows
// a later one, as of who asked anew in the restored bot:
//
//   - taken back: an erasure that stood when they did so ends, also where they
//     asked anew afterwards;
//   - done: one is planned that is due now;
//   - asked: one is planned that is due when it was, and told as any;
//   - where one that was asked for stands then, due by then, it will do.
//
// Who is not in the records, or came to them after the line (an account under its
// old id), is passed over. An account that acts for an owner by now is left to
// Erase, which keeps it.
//
// The lines go into the audit log with their own times: the log proves again
// what the office did, and the same list does nothing a second time, also after
// the next loss. Lines from before the log's beginning are older than what it
// retains, so that whether it knew them cannot be told: they are passed over.
func (d Database) EraseAgain(ctx context.Context, lines []ErasureLine) (out ErasuresAgain, err error) {
	err = d.migrated(ctx, func(s *Store) (err error) {
		out, err = s.eraseAgain(ctx, lines)
		return err
	})
	return out, err
}

// A line that the log does not have.
type lostLine struct {
	ErasureLine
	Overtaken bool      // the log has a later one of the same subject
	TakenBack time.Time // when the subject did so last, this line included; zero: never
}

const sqlLostErasures = `
SELECT n.at, n.action, n.subject, EXISTS (
	SELECT FROM audit_log l WHERE l.subject = n.subject AND l.at > n.at AND l.` + aboutErasures + `) AS overtaken
FROM unnest($1::timestamptz[], $2::text[], $3::text[]) WITH ORDINALITY AS n (at, action, subject, nth)
WHERE NOT EXISTS (SELECT FROM audit_log l WHERE l.subject = n.subject AND l.at = n.at AND l.action = n.action)
	AND n.at >= coalesce((SELECT at FROM audit_log ORDER BY id LIMIT 1), '-infinity')
ORDER BY n.at, n.nth`

func (s *Store) eraseAgain(ctx context.Context, lines []ErasureLine) (out ErasuresAgain, err error) {
	err = s.atomically(ctx, func(tx pgx.Tx) error {
		out = ErasuresAgain{}
		lost, err := lostErasures(ctx, tx, lines)
		if err != nil {
			return err
		}
		for _, l := range newestOf(lost) {
			if err := s.takeUp(ctx, tx, l, &out); err != nil {
				return fmt.Errorf("%s: %w", l, err)
			}
		}
		return logAgain(ctx, tx, lost)
	})
	if err != nil {
		return ErasuresAgain{}, fmt.Errorf("erase again: %w", classify(err))
	}
	return out, nil
}

func lostErasures(ctx context.Context, tx pgx.Tx, lines []ErasureLine) ([]lostLine, error) {
	var at []time.Time
	var actions, subjects []string
	known := map[string]bool{}
	for _, l := range lines {
		if text := l.String(); !known[text] {
			known[text] = true
			at, actions, subjects = append(at, l.At), append(actions, l.Action), append(subjects, l.Subject)
		}
	}
	rows, _ := tx.Query(ctx, sqlLostErasures, at, actions, subjects)
	var lost []lostLine
	var l lostLine
	_, err := pgx.ForEachRow(rows, []any{&l.At, &l.Action, &l.Subject, &l.Overtaken}, func() error {
		lost = append(lost, l)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find what the log has lost: %w", err)
	}
	return lost, nil
}

// newestOf are the lines that decide.
func newestOf(lost []lostLine) (out []lostLine) {
	newest, takenBack := map[string]int{}, map[string]time.Time{}
	for i, l := range lost {
		newest[l.Subject] = i
		if l.Action == actionKept {
			takenBack[l.Subject] = l.At
		}
	}
	for i, l := range lost {
		if newest[l.Subject] == i && !l.Overtaken {
			l.TakenBack = takenBack[l.Subject]
			out = append(out, l)
		}
	}
	return out
}

// takeUp does what one line says.
func (s *Store) takeUp(ctx context.Context, tx pgx.Tx, l lostLine, out *ErasuresAgain) error {
	who, stands, err := standing(ctx, tx, l.Subject)
	known := false
	if err == nil {
		known, err = knownThen(ctx, tx, who, l.At)
	}
	switch {
	case errors.Is(err, ErrNobody), err == nil && !known:
		out.Passed++
		return nil
	case err != nil:
		return err
	}
	ends := stands != nil && !stands.AskedAt.After(l.TakenBack)
	if ends {
		if _, err := tx.Exec(ctx, sqlKeepErasure, stands.ID, l.TakenBack); err != nil {
			return err
		}
		stands = nil
	}
	if l.Action == actionKept {
		if ends {
			out.Kept++
		} else {
			out.Passed++
		}
		return nil
	}
	due := s.now()
	if !l.erased() {
		due = l.At.Add(umkm.ErasureCooling)
	}
	if willDo(stands, due) {
		out.Passed++
		return nil
	}
	out.Erase++
	return s.replaceErasure(ctx, tx, who, stands, l.At, due)
}

// willDo reports whether one that stands, if any does, erases by then. One of who
// was silent for long would end with any word of theirs.
func willDo(stands *umkm.Erasure, due time.Time) bool {
	return stands != nil && stands.Reason == umkm.ErasureAsked && !stands.DueAt.After(due)
}

// replaceErasure plans one that is due then in the place of one that stands, and
// says nothing of it to the audit log.
func (s *Store) replaceErasure(ctx context.Context, tx pgx.Tx, who person, stands *umkm.Erasure, at, due time.Time) error {
	if stands != nil {
		if _, err := tx.Exec(ctx, sqlKeepErasure, stands.ID, s.now()); err != nil {
			return err
		}
	}
	id, err := s.planErasure(ctx, tx, who, umkm.ErasureAsked, nil, at, due)
	if err != nil || !due.After(s.now()) {
		return err
	}
	notice := umkm.NoticeErasure{Chat: who.account, Erasure: id.String()}
	_, err = s.jobs.InsertTx(ctx, tx, notice, &river.InsertOpts{ScheduledAt: due.Add(-umkm.ErasureNotice)})
	return err
}

// ErrNobody: the records know nobody whom a subject names.
var ErrNobody = errors.New("store: nobody is known by that name")

const (
	sqlAccountThen = `SELECT EXISTS (SELECT FROM accounts WHERE telegram_id = $1 AND created_at <= $2)`

	// Of an owner's accounts one is told.
	sqlToldOf = `
SELECT coalesce(CASE WHEN $1::uuid IS NULL THEN (SELECT telegram_id FROM accounts WHERE telegram_id = $2)
	ELSE (SELECT min(account) FROM account_owners WHERE owner = $1) END, 0)`
)

// standing is whom a subject names, with the account that is told, and the erasure
// that waits for them, if there is one. ErrNobody. Their account is locked, as by
// whoever asks for one.
func standing(ctx context.Context, tx pgx.Tx, subject string) (who person, stands *umkm.Erasure, err error) {
	if who, err = personNamed(subject); err != nil {
		return who, nil, err
	}
	if err := tx.QueryRow(ctx, sqlToldOf, who.owner, who.account).Scan(&who.account); err != nil {
		return who, nil, fmt.Errorf("find whom it is about: %w", err)
	}
	if who.account == 0 {
		return who, nil, ErrNobody
	}
	if _, err := tx.Exec(ctx, sqlHoldAccount, who.account); err != nil {
		return who, nil, fmt.Errorf("hold the account: %w", err)
	}
	e, found, err := erasureBy(ctx, tx, whereErasureOf, who.owner, who.account)
	if err != nil || !found {
		return who, nil, err
	}
	return who, &e, nil
}

// knownThen reports whether they may be whom a line of then was about: an account
// keeps its id when it comes again, an owner does not.
func knownThen(ctx context.Context, tx pgx.Tx, who person, then time.Time) (known bool, err error) {
	if who.owner != nil {
		return true, nil
	}
	if err := tx.QueryRow(ctx, sqlAccountThen, who.account, then).Scan(&known); err != nil {
		return false, fmt.Errorf("find since when it is known: %w", err)
	}
	return known, nil
}

// logAgain puts lines back into the audit log. Who did it was lost with them.
func logAgain(ctx context.Context, tx pgx.Tx, lost []lostLine) error {
	if len(lost) == 0 {
		return nil
	}
	batch := &pgx.Batch{}
	for _, l := range lost {
		err := queueAudit(batch, auditEntry{
			Actor: staffActor(0), Action: l.Action, Subject: l.Subject, At: l.At, Details: map[string]any{"again": true},
		})
		if err != nil {
			return err
		}
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("put lines back into the log: %w", err)
	}
	return nil
}
