package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// retains runs the retention of so many days after noon.
func (w *whole) retains(r Retention, days int) {
	w.t.Helper()
	at := noon.AddDate(0, 0, days)
	w.Store.now, w.retention = func() time.Time { return at }, r
	if again, err := w.Retain(w.t.Context(), at); err != nil || !again.IsZero() {
		w.t.Fatalf("retain: again %s, %v", again, err)
	}
}

// TestRetain: each kind of record goes when its time is over, not before, and
// with 0 never.
func TestRetain(t *testing.T) {
	w := openWhole(t)
	neighbors := w.businessOf(sitisNeighbor)
	w.exec("UPDATE documents SET state = 'rejected', decided_at = $2 WHERE business = $1", neighbors, noon)
	w.exec("UPDATE trainings SET state = 'done', ended_at = $1", noon)
	w.exec("INSERT INTO erased_seats (id, training, certificate) VALUES ($1, $2, 'SERT-26-7K3M-9QXE')", must(newID()), w.training)
	rejected := `SELECT count(*) FROM document_files p JOIN documents d ON d.id = p.document WHERE d.state = 'rejected'`
	for name, c := range map[string]struct {
		keep Retention
		days int
		rows string
		left int
	}{
		"scans":    {Retention{Scans: 90}, 90, rejected, 0},
		"feedback": {Retention{Feedback: 365}, 365, "SELECT count(*) FROM seats WHERE rating IS NOT NULL OR comment_sealed IS NOT NULL", 0},
		"ledgers":  {Retention{Ledgers: 180}, 180, "SELECT count(*) FROM deliveries d JOIN mailings m ON m.id = d.mailing WHERE m.done_at IS NOT NULL", 0},
		"changes":  {Retention{Changes: 200}, 200, "SELECT count(*) FROM changes", 0},
		"letters":  {Retention{DeadLetters: 30}, 30, "SELECT count(*) FROM dead_letters", 0},
		"tickets":  {Retention{Tickets: 700}, 700, "SELECT count(*) FROM tickets", 2}, // those that are open
	} {
		t.Run(name, func(t *testing.T) {
			before := w.count(c.rows)
			w.retains(Retention{}, 40_000)
			w.retains(c.keep, c.days-1)
			if n := w.count(c.rows); n != before || before <= c.left {
				t.Errorf("%d rows a day before, want all %d", n, before)
			}
			w.retains(c.keep, c.days+1)
			if n := w.count(c.rows); n != c.left {
				t.Errorf("%d rows a day after, want %d", n, c.left)
			}
		})
	}
	w.retains(Retention{Seats: 1800}, 1801)
	if n := w.count("SELECT (SELECT count(*) FROM seats) + (SELECT count(*) FROM erased_seats)"); n != 0 {
		t.Errorf("%d seats and what was left of them", n)
	}
	if d := w.differs(); d != "" {
		t.Errorf("reach: %s", d)
	}
	w.checkCounters()
	if n := w.count("SELECT count(*) FROM documents WHERE state = 'rejected'"); n == 0 {
		t.Error("what was decided is gone with the scans")
	}
	w.sweep()
	if n := len(strings.Fields(w.objects())); n != 3 { // not the rejected one, nor what was said in the ticket
		t.Errorf("%d files are left", n)
	}
}

// TestOnlyRetentionEndsTheAuditLog: it goes by its function alone, the oldest
// first, and never what is younger than a year.
func TestOnlyRetentionEndsTheAuditLog(t *testing.T) {
	w := openWhole(t)
	for _, sql := range []string{
		"DELETE FROM audit_log", "TRUNCATE audit_log", "UPDATE audit_log SET actor = 'x'",
		"DO $$ BEGIN DELETE FROM audit_log; END $$",
		"DO $$ BEGIN EXECUTE 'DELETE FROM audit_log /*\nPL/pgSQL function audit_log_retain(timestamp with time zone,integer) line 8 at SQL statement*/'; END $$",
		"DO $$ BEGIN PERFORM audit_log_retain('2000-01-01', 1); DELETE FROM audit_log; END $$",
	} {
		if _, err := w.pool.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", sql, err)
		}
	}
	all := w.count("SELECT count(*) FROM audit_log")
	if _, err := w.pool.Exec(t.Context(), "SELECT audit_log_retain($1, 10)", noon.Add(time.Hour)); err == nil || !strings.Contains(err.Error(), "for a year") {
		t.Errorf("of the last year: %v", err)
	}
	w.exec("INSERT INTO audit_log (id, actor, action, subject, at) VALUES ($1, 'system', 'x.y', 'z', $2)", must(newID()), noon.AddDate(5, 0, 0))
	w.retains(Retention{Audit: 1825}, 1824)
	if n := w.count("SELECT count(*) FROM audit_log"); n != all+1 || w.count("SELECT count(*) FROM erasures") != 1 {
		t.Errorf("%d entries of %d a day before", n, all+1)
	}
	w.retains(Retention{Audit: 1825}, 1830)
	if n := w.count("SELECT count(*) FROM audit_log"); n != 1 || w.count("SELECT count(*) FROM erasures") != 0 {
		t.Errorf("%d entries are left, want the young one", n)
	}
}

// TestRetire: who was not heard of for long is told, and erased a month later
// unless they say a word; who is being looked after stays.
func TestRetire(t *testing.T) {
	o := openOffice(t)
	w := &whole{drawer: &drawer{office: o}}
	silent, speaks := o.owner(1, ciruas), o.owner(2, ciruas)
	o.link(11, o.businessOf(1))
	o.exec("UPDATE accounts SET seen_at = $1 WHERE telegram_id = 11", noon.Add(time.Hour))
	o.submit(3, o.business(3, ciruas), noon) // waits for the office
	o.open(o.ticket(4, noon))
	o.exec("UPDATE cases SET state = 'closed' WHERE kind = 'ticket'")
	o.officer(900, serang)
	o.exec("INSERT INTO accounts (telegram_id, language, reachable_since, created_at, seen_at) VALUES (900, 'id', $1, $1, $1)", noon)
	standing := func() (n int) {
		return o.count("SELECT count(*) FROM erasures WHERE state = 'waiting' AND reason = 'retired'")
	}
	keep := Retention{Owners: 730}
	w.retains(keep, 729)
	if n := standing(); n != 0 {
		t.Fatalf("%d a day before", n)
	}
	for range 2 {
		w.retains(keep, 732)
		if n := standing(); n != 3 || o.jobs("notice_erasure") != 3 || o.jobs("erase_due") != 3 {
			t.Fatalf("%d are to go, %d are told", n, o.jobs("notice_erasure"))
		}
	}
	of := must(o.Erasures(t.Context(), 11))
	if len(of) != 1 || of[0].Account != 11 || of[0].Owner != silent || of[0].Reason != umkm.ErasureRetired || of[0].DueAt.Sub(of[0].AskedAt) != umkm.RetireNotice {
		t.Errorf("told is not who was heard of last: %+v", of)
	}
	second := must(o.Erasures(t.Context(), 2))[0]
	o.Seen().Note(2, second.AskedAt.Add(24*time.Hour))
	if err := o.Seen().Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.Erase(t.Context(), second.ID, second.DueAt); !errors.Is(err, umkm.ErrNoErasure) || o.audits("erasure.kept") != 1 {
		t.Errorf("after a word: %v", err)
	}
	o.erased(of[0].ID, of[0].DueAt)
	if n := o.count("SELECT count(*) FROM owners WHERE id = ANY($1)", []string{silent, speaks}); n != 1 {
		t.Errorf("%d of two owners are left", n)
	}
	w.retains(keep, 760)
	if n := standing(); n != 1 { // of the ticket alone
		t.Errorf("%d are to go after the word", n)
	}
}
