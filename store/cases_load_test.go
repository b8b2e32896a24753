package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/internal/umkm"
)

// replica is a second program on the same records.
func (o *office) replica() *office {
	o.t.Helper()
	s, err := Open(o.t.Context(), Config{
		DatabaseURL: o.pool.Config().ConnString(), Pooled: behindPooler != nil, RedisURL: embeddedtest.Redis(o.t), Keys: o.keys, Now: o.now, Replica: "b",
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			o.t.Error(err)
		}
	})
	return &office{Store: s, t: o.t}
}

// shown notes which case was shown to whom.
type shown struct {
	mu sync.Mutex
	to map[string]int64
}

func (s *shown) note(id string, account int64) (other int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if was, ok := s.to[id]; ok {
		return was
	}
	s.to[id] = account
	return account
}

// TestThousandDocumentsAreDecidedOnce has two reviewers work off 1,000
// documents through two replicas each, all at once.
func TestThousandDocumentsAreDecidedOnce(t *testing.T) {
	a := openOffice(t)
	a.fillQueue(1000, 100)
	b := a.replica()
	reviewers := []int64{a.reviewer(9001, banten), a.reviewer(9002, banten)}
	seen := shown{to: map[string]int64{}}
	var wg sync.WaitGroup
	for n, o := range []*office{a, b, a, b} {
		account := reviewers[n/2]
		wg.Go(func() {
			for i := 0; ; i++ {
				c, found, err := o.TakeCase(t.Context(), account, umkm.CaseDocument, noon)
				if err != nil || !found {
					if err != nil {
						t.Error(err)
					}
					return
				}
				if other := seen.note(c.ID, account); other != account {
					t.Errorf("%s was shown to %d and to %d", c.ID, other, account)
				}
				d := umkm.Decision{
					Dialog: fmt.Sprintf("w%d-%d", n, i), Account: account, Case: c.ID, Version: c.Version,
					Verdict: umkm.VerdictReject, Reasons: []string{"blurred"}, At: noon,
				}
				// The person's other replica may have been quicker.
				if _, err := o.Decide(t.Context(), d); err != nil && !errors.Is(err, umkm.ErrNotHeld) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for what, sql := range map[string]string{
		"decided documents": "SELECT count(*) FROM documents WHERE state = 'rejected'",
		"reviews":           "SELECT count(*) FROM reviews",
		"cases reviewed":    `SELECT count(DISTINCT "case") FROM reviews`,
		"notices":           "SELECT count(*) FROM river_job WHERE kind = 'notice_decision'",
		"audit rows":        "SELECT count(*) FROM audit_log WHERE action = 'document.decided'",
		"leases":            "SELECT count(*) FROM audit_log WHERE action = 'case.taken'",
	} {
		if n := a.count(sql); n != 1000 {
			t.Errorf("%s: %d, want 1000", what, n)
		}
	}
	a.checkCounters()
}

// checkCounters compares what is counted with what waits.
func (o *office) checkCounters() {
	o.t.Helper()
	wrong := o.count(`
SELECT count(*) FROM case_counts c FULL JOIN (
	SELECT kind, role, size, region COLLATE "C" AS region, topic, case_day(since) AS day, count(*) AS waiting
	FROM cases CROSS JOIN LATERAL (VALUES (5, regency), (8, district)) r(size, region) WHERE state = 'waiting' GROUP BY 1, 2, 3, 4, 5, 6
) w USING (kind, role, size, region, topic, day)
WHERE c.waiting IS DISTINCT FROM w.waiting`)
	if wrong != 0 {
		o.t.Errorf("%d counters are wrong", wrong)
	}
}

// untilDone does something again and again, each time cut off at another
// moment, as a process that is killed and started anew would.
func untilDone(t *testing.T, do func(context.Context) error) {
	t.Helper()
	for try := range 300 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.IntN(12_000)+500*try)*time.Microsecond)
		err := do(ctx)
		cut := ctx.Err() != nil
		cancel()
		if err == nil {
			return
		}
		if !cut && !lostConnection(err) {
			t.Fatalf("attempt %d: %v", try, err)
		}
	}
	t.Fatal("never done")
}

// lostConnection is what is left of a statement whose connection was cut.
func lostConnection(err error) bool {
	return !errors.Is(err, umkm.ErrRefused) && !errors.Is(err, umkm.ErrNotHeld) && !errors.Is(err, umkm.ErrChanged) &&
		!errors.Is(err, umkm.ErrForbidden) && !errors.Is(err, umkm.ErrTooLate) && !errors.Is(err, umkm.ErrFileGone)
}

// cutsConnections ends those of the store's database now and then, until calm is
// called: what is asked from then on has connections that nobody cuts.
func (o *office) cutsConnections() (calm func()) {
	saboteur := o.replica()
	ctx, stop := context.WithCancel(o.t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(40 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				// Its own may be among those it cuts. One that is begun goes to its end.
				_, _ = saboteur.pool.Exec(context.WithoutCancel(ctx), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
					WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.5`)
			case <-ctx.Done():
				return
			}
		}
	})
	return func() {
		stop()
		wg.Wait()
		o.pool.Reset()
	}
}

// TestKilledAnywhereAllIsDoneOnce cuts each part of a document's way off at
// moments of chance, also by ending its connections, and does it again.
func TestKilledAnywhereAllIsDoneOnce(t *testing.T) {
	o := openOffice(t)
	siti := o.reviewer(900, serang)
	const rounds = 24
	subs := make([]umkm.Submission, rounds)
	for i := range subs {
		account := int64(i + 1)
		subs[i] = o.submission(account, o.business(account, ciruas), noon.Add(time.Duration(i)*time.Second))
	}
	calm := o.cutsConnections()
	for i, sub := range subs {
		at := noon.Add(oneHour)
		untilDone(t, func(ctx context.Context) error { return second(o.Submit(ctx, sub)) })
		var c umkm.Case
		untilDone(t, func(ctx context.Context) (err error) {
			var found bool
			if c, found, err = o.TakeCase(ctx, siti, umkm.CaseDocument, at); err == nil && !found {
				t.Fatal("nothing to take")
			}
			return err
		})
		untilDone(t, func(ctx context.Context) error { return second(o.Sheet(ctx, siti, c.ID, at)) })
		d := o.verdict(siti, c, umkm.VerdictApprove, at)
		var done umkm.Decided
		untilDone(t, func(ctx context.Context) (err error) { done, err = o.Decide(ctx, d); return err })
		if i%2 == 0 {
			untilDone(t, func(ctx context.Context) error { return o.UndoDecision(ctx, siti, done.Review, at) })
			untilDone(t, func(ctx context.Context) error {
				err := o.ReleaseCase(ctx, siti, c.ID, true, at)
				if errors.Is(err, umkm.ErrNotHeld) { // done by an attempt of which nobody heard
					return nil
				}
				return err
			})
		}
	}
	calm()
	for what, want := range map[string]int{
		"SELECT count(*) FROM documents":                                     rounds,
		"SELECT count(*) FROM documents WHERE state = 'approved'":            rounds / 2,
		"SELECT count(*) FROM reviews":                                       rounds,
		"SELECT count(*) FROM reviews WHERE undone_at IS NULL":               rounds / 2,
		"SELECT count(*) FROM river_job WHERE kind = 'notice_decision'":      rounds,
		"SELECT count(*) FROM river_job WHERE kind = 'notice_undone'":        rounds / 2,
		"SELECT count(*) FROM audit_log WHERE action = 'document.submitted'": rounds,
		"SELECT count(*) FROM audit_log WHERE action = 'document.decided'":   rounds,
		"SELECT count(*) FROM audit_log WHERE action = 'case.taken'":         rounds,
		"SELECT count(*) FROM cases WHERE state = 'waiting'":                 rounds / 2,
		"SELECT count(*) FROM files WHERE state = 'attached'":                rounds,
	} {
		if n := o.count(what); n != want {
			t.Errorf("%s: %d, want %d", what, n, want)
		}
	}
	o.checkCounters()
}
