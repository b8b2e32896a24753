package store

import (
	"maps"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river/rivermigrate"

	"umkmbot/internal/embedded/embeddedtest"
)

// walks makes as many walks through one town as there are workers.
func walks(o *office, workers int) []*town {
	o.t.Helper()
	seed := rand.Uint64()
	o.t.Logf("seed %d", seed)
	training, clock := o.trainingRow(), &atomic.Int64{}
	all := make([]*town, workers)
	for i := range all {
		staff := o.officer(int64(900+i), banten)
		o.exec("INSERT INTO staff_grants (account, role, region, at) VALUES ($1, 'reviewer', '36', $2)", staff, noon)
		all[i] = &town{office: o, rnd: rand.New(rand.NewPCG(seed, uint64(i))), staff: staff, training: training, clock: clock}
	}
	return all
}

// townLife is what must have been in the rows once, for the walk to say something.
var townLife = []string{
	"nobody", "messages=true", "messages=false", "halal=2", "=2027", "=infinity", "other=", "programmes=[brand", "trained=true",
	"trained=false", "sole=true", "sole=false", " - ",
}

// TestReachFollowsTheRecords compares after every step, until everything has
// been done and seen.
func TestReachFollowsTheRecords(t *testing.T) {
	w := walks(openOffice(t), 1)[0]
	missing := map[string]bool{}
	for name := range w.steps() {
		missing[name] = true
	}
	for _, what := range townLife {
		missing[what] = true
	}
	for n := 0; n < 300 || len(missing) > 0; n++ {
		if n == 5000 {
			t.Fatalf("in %d steps there was none of %v", n, missing)
		}
		name, done, err := w.step(t.Context())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if done {
			delete(missing, name)
		}
		if wrong := w.differs(); wrong != "" {
			t.Fatalf("after %s:%s", name, wrong)
		}
		lines := strings.Join(reachByRecords(w.office), "\n")
		maps.DeleteFunc(missing, func(what string, _ bool) bool { return strings.Contains(lines, what) })
	}
}

// TestReachFollowsManyAtOnce compares whenever all have come to rest.
func TestReachFollowsManyAtOnce(t *testing.T) {
	all := walks(openOffice(t), 4)
	for round := range 6 {
		var wg sync.WaitGroup
		for _, w := range all {
			wg.Go(func() {
				for range 50 {
					if name, _, err := w.step(t.Context()); err != nil {
						t.Errorf("%s: %v", name, err)
					}
				}
			})
		}
		wg.Wait()
		if wrong := all[0].differs(); wrong != "" {
			t.Fatalf("round %d:%s", round, wrong)
		}
	}
}

// beforeReach is the migration before the one that makes reach.
const beforeReach = 14

// TestReachIsFilledAsItIsKept has the town live before the migration.
func TestReachIsFilledAsItIsKept(t *testing.T) {
	url := embeddedtest.Database(t, nil)
	pool := must(openPool(t.Context(), url, poolOptions{atLeast: migrateConns}))
	defer pool.Close()
	must(must(jobMigrator(pool)).Migrate(t.Context(), rivermigrate.DirectionUp, nil))
	records := must(recordMigrator(pool))
	must(records.UpTo(t.Context(), beforeReach))
	s := must(Open(t.Context(), Config{
		DatabaseURL: url, RedisURL: embeddedtest.Redis(t), Keys: testKeys(t), Now: func() time.Time { return noon }, Replica: "a",
	}))
	t.Cleanup(func() { must(0, s.Close()) })
	w := walks(&office{Store: s, t: t}, 1)[0]
	for range 200 {
		if name, _, err := w.step(t.Context()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	must(records.Up(t.Context()))
	if err := records.Close(); err != nil {
		t.Fatal(err)
	}
	if n := w.count("SELECT count(*) FROM reach"); n == 0 {
		t.Error("nothing was filled in")
	}
	if wrong := w.differs(); wrong != "" {
		t.Error(wrong)
	}
}

// TestReachOfTwoAtOnce lets a change come to its end, but for the commit, before
// another that concerns the same owner begins: neither may miss the other.
func TestReachOfTwoAtOnce(t *testing.T) {
	const (
		consent  = `INSERT INTO consents SELECT gen_random_uuid(), 'ONE', 1, 'messages', '1', 'id', false, $1`
		away     = `UPDATE accounts SET reachable = false, reachable_since = $1 WHERE telegram_id = 4`
		link     = `INSERT INTO account_owners VALUES (4, 'ONE', $1)`
		other    = `INSERT INTO account_owners VALUES (4, 'THREE', $1)`
		unlink   = `DELETE FROM account_owners WHERE account = 1 AND owner = 'ONE' AND created_at <= $1`
		business = `INSERT INTO businesses (id, owner, account, dialog, number, name, village, registered_at)
			SELECT gen_random_uuid(), 'ONE', 1, n, '360405-' || n, 'Toko', '36.04.05.2001', $1 FROM (SELECT lpad((random() * 1e9)::int::text, 10, '0')) r(n)`
		moved    = `UPDATE businesses SET village = '36.01.05.2001' WHERE owner = 'ONE' AND registered_at <= $1`
		approval = `INSERT INTO documents (id, business, kind, state, account, dialog, submitted_at, decided_at)
			SELECT gen_random_uuid(), id, 'nib', 'approved', 1, 'two', $1, $1 FROM businesses WHERE owner = 'ONE' ORDER BY id LIMIT 1`
	)
	for name, c := range map[string][2]string{
		"link, away": {link, away}, "away, link": {away, link}, "link, link": {link, other}, "unlink, consent": {unlink, consent},
		"consent, business": {consent, business}, "business, consent": {business, consent}, "business, business": {business, business},
		"moved, approval": {moved, approval}, "approval, unlink": {approval, unlink}, "link, business": {link, business},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			_, one := o.enrol(1, 1, nil)
			o.exec("INSERT INTO accounts VALUES (4, 'en', true, $1, $1, $2)", noon, noon.Add(time.Hour)) // nobody's yet
			_, three := o.enrol(3, 3, nil)
			owners := strings.NewReplacer("ONE", one.String(), "THREE", three.String())
			first := must(o.pool.Begin(t.Context()))
			defer func() { _ = first.Rollback(t.Context()) }()
			must(first.Exec(t.Context(), owners.Replace(c[0]), noon))
			must(first.Exec(t.Context(), "SET CONSTRAINTS ALL IMMEDIATE"))
			end := make(chan error, 1)
			go func() {
				_, err := o.pool.Exec(t.Context(), owners.Replace(c[1]), noon)
				end <- err
			}()
			eventually(t, "the second waits for the first", func() bool {
				return len(end) > 0 || o.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") > 0
			})
			if err := first.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := <-end; err != nil {
				t.Fatal(err)
			}
			if wrong := o.differs(); wrong != "" {
				t.Error(wrong)
			}
		})
	}
}
