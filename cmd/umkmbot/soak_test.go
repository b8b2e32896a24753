package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"umkmbot/internal/soak"
)

var (
	soakFor    = flag.Duration("for", 12*time.Second, "how long people live in the soak")
	soakReport = flag.String("report", "", "the folder for the soak's report; empty: none is written")
)

// soaked is a ward that lives for long.
type soaked struct {
	*ward
	began    time.Time
	done     map[string]*atomic.Int32
	mu       sync.Mutex
	troubles []string
	wrong    []string
}

// soakLives are what people do all the time, side by side: one after another.
var soakLives = map[string]func(*soaked, context.Context, int){
	"owners registered":                    (*soaked).registers,
	"documents handed in":                  (*soaked).handsOneIn,
	"documents decided on":                 (*soaked).decides,
	"requests declined":                    (*soaked).declines,
	"trainings announced, joined and held": (*soaked).trains,
	"broadcasts sent":                      (*soaked).broadcasts,
}

// sqlAllUrgent has mailings go out at whatever hour the soak is held.
const sqlAllUrgent = `
CREATE FUNCTION at_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.urgent := true; RETURN NEW; END $$;
CREATE TRIGGER at_once BEFORE INSERT ON mailings FOR EACH ROW EXECUTE FUNCTION at_once()`

// sampleEvery is how often figures are taken, at most.
const sampleEvery = 5 * time.Second

// TestSoak has people live for a long time while things go wrong and replicas
// are killed. One of the three is never killed: it must not grow. In the end
// the records hold what people did. Alone it takes a few seconds, to see that
// it runs; `make soak` gives it half an hour.
func TestSoak(t *testing.T) {
	t.Parallel()
	s := &soaked{ward: newWard(t, buildProgram(t), true, 3), began: time.Now(), done: map[string]*atomic.Int32{}}
	s.office.exec(sqlAllUrgent)
	ctx := t.Context()
	var all sync.WaitGroup
	for name, live := range soakLives {
		n := &atomic.Int32{}
		s.done[name] = n
		all.Go(func() {
			for i := 0; i == 0 || s.goesOn(ctx); i++ {
				live(s, ctx, i)
				n.Add(1)
			}
		})
	}
	living, stop := context.WithTimeout(ctx, *soakFor)
	defer stop()
	var beside sync.WaitGroup
	beside.Go(func() { s.goWrong(living) })
	series := s.samples()
	tick := time.NewTicker(min(sampleEvery, *soakFor/10))
	defer tick.Stop()
	for living.Err() == nil {
		s.sample(series)
		select {
		case <-tick.C:
		case <-living.Done():
		}
	}
	beside.Wait()
	close(s.over)
	all.Wait()
	s.checks()
	s.reports(series)
}

// goWrong has one thing after the other go wrong, with pauses, and replicas die.
func (s *soaked) goWrong(ctx context.Context) {
	var may []trouble
	for _, tr := range troubles() {
		// What is counted and arranged beside goes to these servers themselves.
		if !slices.Contains([]string{"postgres/away", "postgres/killed", "postgres/read-only", "files/full"}, tr.name) {
			may = append(may, tr)
		}
	}
	for n := 0; ctx.Err() == nil; n++ {
		wait(ctx, *soakFor/60+rand.N(*soakFor/60))
		if n%3 == 2 {
			r := s.replicas[rand.IntN(len(s.replicas)-1)]
			s.notes("a replica is killed")
			r.kill()
			s.must(r.start(s.t.Context()))
			continue
		}
		tr := may[rand.IntN(len(may))]
		s.notes(tr.name)
		mend := s.starts(tr)
		wait(ctx, max(tr.lasts, troubleLasts))
		mend()
	}
}

func (s *soaked) notes(trouble string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.troubles = append(s.troubles, fmt.Sprintf("%s: %s", time.Since(s.began).Round(time.Second), trouble))
}

// isWrong notes what the test fails for in the end.
func (s *soaked) isWrong(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wrong = append(s.wrong, fmt.Sprintf(format, args...))
}

// checks hold the records against what people did.
func (s *soaked) checks() {
	s.settled()
	s.wait("no job is due", func() bool { return s.count(sqlJobsLeft) == 0 })
	none := map[string]string{
		"dead letters":                    buried,
		"replies held back":               `SELECT count(*) FROM held_replies`,
		"jobs given up":                   `SELECT count(*) FROM river_job WHERE state = 'discarded'`,
		"people with a business twice":    `SELECT count(*) FROM (SELECT owner FROM businesses GROUP BY owner HAVING count(*) > 1) twice`,
		"registration numbers twice":      `SELECT count(*) - count(DISTINCT number) FROM businesses`,
		"documents decided on twice":      `SELECT count(*) - count(DISTINCT "case") FROM reviews`,
		"requests moved twice":            `SELECT count(*) - count(DISTINCT request) FROM request_steps WHERE staff IS NOT NULL`,
		"trainings with too many seated":  `SELECT count(*) FROM trainings t WHERE t.quota < (SELECT count(*) FROM seats s WHERE s.training = t.id AND s.state = 'seated')`,
		"mailings that are not through":   `SELECT count(*) FROM mailings WHERE done_at IS NULL`,
		"letters without an end":          `SELECT count(*) FROM deliveries WHERE state IN ('planned', 'sending')`,
		"documents of one business twice": `SELECT count(*) FROM (SELECT business FROM documents GROUP BY business HAVING count(*) > 1) twice`,
	}
	for what, sql := range none {
		if n := s.count(sql); n != 0 {
			s.isWrong("%d %s", n, what)
		}
	}
	if n, want := s.count(`SELECT count(*) FROM request_steps WHERE staff IS NOT NULL`), int(s.done["requests declined"].Load()); n != want {
		s.isWrong("%d requests are declined, %d owners were told", n, want)
	}
	if n, want := s.count(sqlReviews), int(s.done["documents decided on"].Load()); n != want {
		s.isWrong("%d documents are decided on, a reviewer was told of %d", n, want)
	}
	s.filesAreThere()
}

const sqlJobsLeft = `SELECT count(*) FROM river_job
WHERE state IN ('available', 'running', 'retryable', 'pending') OR state = 'scheduled' AND scheduled_at <= now()`

// reports says how it was, and fails where something was wrong.
func (s *soaked) reports(series []*soak.Series) {
	s.t.Helper()
	r := soak.Report{Began: s.began, Took: time.Since(s.began), Troubles: s.troubles, Wrong: s.wrong, Series: series}
	for name, n := range s.done {
		r.Done = append(r.Done, fmt.Sprintf("%d %s", n.Load(), name))
	}
	if *soakReport != "" {
		s.must(soak.Write(*soakReport, r))
	}
	if err := r.Err(); err != nil {
		s.t.Error(err)
	}
	s.t.Logf("%s\n%s", strings.Join(r.Done, ", "), strings.Join(r.Troubles, "\n"))
}
