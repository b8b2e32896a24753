package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"umkmbot/internal/umkm"
)

// Erase erases what is due and returns who is to be told; again is when to look
// once more: it is not due, or others are not through with what they had begun.
// umkm.ErrNoErasure: it was taken back, is done, or there is none. It may be cut
// off anywhere: the records go in one transaction, the rest is done again until
// Forgotten says that all is through.
func (s *Store) Erase(ctx context.Context, erasure string, at time.Time) (done umkm.Erased, again time.Time, err error) {
	e, err := erasureRowOf(ctx, s.pool, erasure, "")
	if err == nil && e.State == erasureWaiting {
		if e.DueAt.After(at) {
			return umkm.Erased{}, e.DueAt, nil
		}
		e, err = s.eraseRecords(ctx, erasure, at)
	}
	if err == nil {
		again, err = s.eraseTraces(ctx, e, at)
	}
	if err != nil || !again.IsZero() {
		if err != nil {
			err = fmt.Errorf("erase: %w", classify(err))
		}
		return umkm.Erased{}, again, err
	}
	return umkm.Erased{Account: *e.Account, Language: e.Language, Whole: e.Whole}, time.Time{}, nil
}

const foreignKeyViolation = "23503"

// eraseRecords erases in one transaction. What somebody adds meanwhile, without
// waiting for its locks, refers to what is being deleted: then it is begun anew,
// and takes that along.
func (s *Store) eraseRecords(ctx context.Context, erasure string, at time.Time) (e erasureRow, err error) {
	for try := 1; ; try++ {
		var stands bool
		err = s.atomically(ctx, func(tx pgx.Tx) (err error) {
			e, stands, err = s.eraseIn(ctx, tx, erasure, at)
			return err
		})
		var pg *pgconn.PgError
		if try < mostTries && errors.As(err, &pg) && pg.Code == foreignKeyViolation {
			continue
		}
		if err == nil && !stands {
			err = umkm.ErrNoErasure
		}
		return e, err
	}
}

// erased is what is being erased, with all that has to be known to find it.
type erased struct {
	person
	accounts []int64 // of the owner, or the one alone
	gone     []int64 // of those the ones that act for nobody else and do not work for the office
	cases    []uuid.UUID
	files    []uuid.UUID
	at       time.Time
}

// eraseIn takes its locks in the order of everybody: accounts, the owner, the
// businesses, the trainings, then the cases. They are no stronger than what
// others need to refer to these rows, until the rows are deleted. stands is
// false where it is not to be erased after all, which is noted.
func (s *Store) eraseIn(ctx context.Context, tx pgx.Tx, erasure string, at time.Time) (e erasureRow, stands bool, err error) {
	e, err = erasureRowOf(ctx, tx, erasure, "")
	if err != nil {
		return e, false, err
	}
	w := erased{person: e.person(), at: at}
	if err := w.lock(ctx, tx); err != nil {
		return e, false, err
	}
	if e, err = erasureRowOf(ctx, tx, erasure, " FOR UPDATE"); err != nil || e.State != erasureWaiting {
		return e, err == nil, err
	}
	if word, err := w.heardOf(ctx, tx, e); err != nil || word {
		if err == nil {
			err = keepErasure(ctx, tx, e.ID, w.person, clockActor, at)
		}
		return e, false, err
	}
	if err := s.eraseSeats(ctx, tx, w); err != nil {
		return e, false, err
	}
	if err := w.find(ctx, tx); err != nil {
		return e, false, err
	}
	if err := w.erase(ctx, tx, e); err != nil {
		return e, false, err
	}
	e, err = erasureRowOf(ctx, tx, erasure, "")
	return e, true, err
}

const (
	sqlLockAccounts = `SELECT telegram_id FROM accounts WHERE telegram_id = ANY($1) ORDER BY telegram_id FOR NO KEY UPDATE`
	sqlLockOwner    = `SELECT id FROM owners WHERE id = $1 FOR NO KEY UPDATE`
	sqlLockTheirs   = `SELECT id FROM businesses WHERE owner = $1 ORDER BY id FOR NO KEY UPDATE`

	sqlGoneAccounts = `
SELECT a FROM unnest($1::bigint[]) a
WHERE NOT EXISTS (SELECT FROM account_owners l WHERE l.account = a AND l.owner IS DISTINCT FROM $2)
	AND NOT EXISTS (SELECT FROM staff_grants g WHERE g.account = a)
ORDER BY a`
)

// lock finds whose accounts there are and locks the person.
func (w *erased) lock(ctx context.Context, tx pgx.Tx) error {
	w.accounts = []int64{w.account}
	if w.owner != nil {
		rows, _ := tx.Query(ctx, `SELECT account FROM account_owners WHERE owner = $1 ORDER BY account`, w.owner)
		all, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return fmt.Errorf("find the owner's accounts: %w", err)
		}
		w.accounts = all
	}
	for _, lock := range []struct {
		sql string
		arg any
	}{{sqlLockAccounts, w.accounts}, {sqlLockOwner, w.owner}, {sqlLockTheirs, w.owner}} {
		if _, err := tx.Exec(ctx, lock.sql, lock.arg); err != nil {
			return fmt.Errorf("lock who is to be erased: %w", err)
		}
	}
	rows, _ := tx.Query(ctx, sqlGoneAccounts, w.accounts, w.owner)
	gone, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return fmt.Errorf("find accounts that act for nobody else: %w", err)
	}
	w.gone = gone
	return nil
}

const (
	sqlSpoken = `SELECT EXISTS (SELECT FROM accounts WHERE telegram_id = ANY($1) AND seen_at > $2)`
)

// heardOf reports whether it is not to be erased after all: somebody has given
// a word since who was thought to have gone, or an account without an owner has
// one by now, or works for the office.
func (w *erased) heardOf(ctx context.Context, tx pgx.Tx, e erasureRow) (heard bool, err error) {
	if w.owner == nil && len(w.gone) == 0 {
		return true, nil
	}
	if e.Reason != umkm.ErasureRetired {
		return false, nil
	}
	if err := tx.QueryRow(ctx, sqlSpoken, w.accounts, e.AskedAt).Scan(&heard); err != nil {
		return false, fmt.Errorf("find whether they were heard of: %w", err)
	}
	return heard, nil
}

const (
	sqlErasedCases = `SELECT id FROM cases WHERE owner = $1 OR owner IS NULL AND account = ANY($2) ORDER BY id FOR UPDATE`

	// Files on their way to nothing of others.
	sqlErasedFiles = `
SELECT p.file FROM document_files p WHERE p.document = ANY($1)
UNION SELECT m.file FROM messages m WHERE m."case" = ANY($1) AND m.file IS NOT NULL
UNION SELECT f.id FROM files f WHERE f.account = ANY($2) AND f.state <> 'attached'`
)

// find locks the cases and lists the files.
func (w *erased) find(ctx context.Context, tx pgx.Tx) (err error) {
	rows, _ := tx.Query(ctx, sqlErasedCases, w.owner, w.gone)
	if w.cases, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID]); err != nil {
		return fmt.Errorf("find cases: %w", err)
	}
	rows, _ = tx.Query(ctx, sqlErasedFiles, w.cases, w.gone)
	if w.files, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID]); err != nil {
		return fmt.Errorf("find files: %w", err)
	}
	return nil
}

// What goes, in this order: what refers to a row before the row. $1 is the
// owner, $2 the accounts that go, $3 the cases, $4 the files.
var sqlErase = []string{
	`UPDATE programmes p SET asked = greatest(0, p.asked - r.n)
	FROM (SELECT programme, count(*) AS n FROM requests WHERE id = ANY($3) AND state IN ('open', 'done') GROUP BY programme) r WHERE p.id = r.programme`,
	`DELETE FROM messages WHERE "case" = ANY($3)`,
	`DELETE FROM request_steps WHERE request = ANY($3)`,
	`DELETE FROM requests WHERE id = ANY($3)`,
	`DELETE FROM tickets WHERE id = ANY($3)`,
	`DELETE FROM reviews WHERE "case" = ANY($3)`,
	`DELETE FROM case_passes WHERE "case" = ANY($3)`,
	`DELETE FROM document_files WHERE document = ANY($3)`,
	`DELETE FROM documents WHERE id = ANY($3)`,
	`DELETE FROM cases WHERE id = ANY($3)`,
	// The sweeper takes the objects away: staged ones at once, those in
	// quarantine once they have no row.
	`UPDATE files SET state = 'staged', created_at = 'epoch' WHERE id = ANY($4) AND state <> 'quarantined'`,
	`DELETE FROM files WHERE id = ANY($4) AND state = 'quarantined'`,
	`DELETE FROM changes WHERE business ` + theirBusiness,
	`DELETE FROM segment_list_numbers WHERE business ` + theirBusiness,
	`DELETE FROM consents WHERE owner = $1`,
	`DELETE FROM businesses WHERE owner = $1`, // reach follows
	`DELETE FROM account_owners WHERE owner = $1`,
	`DELETE FROM owners WHERE id = $1`,
	// An account that others' records name, as who handed something in for them
	// once, stays for their sake.
	`DELETE FROM accounts a WHERE a.telegram_id = ANY($2)
		AND NOT EXISTS (SELECT FROM businesses WHERE account = a.telegram_id) AND NOT EXISTS (SELECT FROM cases WHERE account = a.telegram_id)
		AND NOT EXISTS (SELECT FROM documents WHERE account = a.telegram_id) AND NOT EXISTS (SELECT FROM consents WHERE account = a.telegram_id)
		AND NOT EXISTS (SELECT FROM changes WHERE account = a.telegram_id) AND NOT EXISTS (SELECT FROM requests WHERE account = a.telegram_id)
		AND NOT EXISTS (SELECT FROM tickets WHERE account = a.telegram_id) AND NOT EXISTS (SELECT FROM messages WHERE account = a.telegram_id)
		AND NOT EXISTS (SELECT FROM seats WHERE account = a.telegram_id)`,
}

const (
	// Of those that were taken back nothing stays, of those that were carried
	// out only that they were.
	sqlErasedBefore = `DELETE FROM erasures WHERE state IN ('kept', 'waiting') AND id <> $1 AND (owner = $2 OR owner IS NULL AND account = ANY($3))`

	sqlErased = `
UPDATE erasures SET state = 'working', ended_at = $2, owner = NULL, dialog = NULL, whole = account = ANY($3), chats = $4,
	xact = pg_current_xact_id()::text::bigint
WHERE id = $1`
)

// erase deletes, and leaves the proof that it did.
func (w *erased) erase(ctx context.Context, tx pgx.Tx, e erasureRow) error {
	used := `SELECT $1::uuid, $2::bigint[], $3::uuid[], $4::uuid[]`
	for _, sql := range sqlErase {
		// All four are given each time, so that the list above can be read.
		if _, err := tx.Exec(ctx, "WITH args AS ("+used+") "+sql, w.owner, w.gone, w.cases, w.files); err != nil {
			return fmt.Errorf("erase: %w", err)
		}
	}
	batch := &pgx.Batch{}
	batch.Queue(sqlErasedBefore, e.ID, w.owner, w.gone)
	batch.Queue(sqlErased, e.ID, w.at, w.gone, w.accounts)
	action := actionOwnerErased
	if w.owner == nil {
		action = actionAccountErased
	}
	err := queueAudit(batch, auditEntry{
		Actor: clockActor, Action: action, Subject: w.subject(), At: w.at,
		Details: map[string]any{"erasure": e.ID, "reason": e.Reason, "cases": len(w.cases), "files": len(w.files)},
	})
	if err != nil {
		return err
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("note the erasure: %w", err)
	}
	return nil
}
