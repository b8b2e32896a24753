package store

import (
	"log/slog"
	"reflect"
	"sync"
	"testing"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/embedded/embeddedtest"
)

func passage(step string, e dialog.Event, seconds int64) dialog.Passage {
	return dialog.Passage{At: noon, Flow: "register", Step: step, Event: e, Seconds: seconds}
}

// countAll counts passages and writes them.
func countAll(t *testing.T, f *Funnel, passages ...dialog.Passage) {
	t.Helper()
	for _, p := range passages {
		f.Count(p)
	}
	if err := f.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestFunnelAddsUp(t *testing.T) {
	s := openStore(t)
	f := s.Funnel()
	countAll(t, f, passage("", dialog.Started, 0), passage("nik", dialog.Answered, 20), passage("nik", dialog.Answered, 40))
	countAll(t, f, passage("nik", dialog.Answered, 5))
	countAll(t, f)
	yesterday := passage("nik", dialog.Answered, 100)
	yesterday.At = noon.AddDate(0, 0, -1)
	countAll(t, f, yesterday)

	got := must(f.Sum(t.Context(), noon, noon))
	want := []FunnelRow{{"register", "", "started", 1, 0}, {"register", "nik", "answered", 3, 65}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("today: %+v, want %+v", got, want)
	}
	if got := must(f.Sum(t.Context(), noon.AddDate(0, 0, -1), noon)); got[1].Count != 4 || got[1].Seconds != 165 {
		t.Errorf("two days: %+v", got)
	}
	if got := must(f.Sum(t.Context(), noon.AddDate(0, 0, 1), noon.AddDate(0, 0, 2))); len(got) != 0 {
		t.Errorf("days to come: %+v", got)
	}
}

// A day is the office's: noon's zone is WIB, and two o'clock is still
// yesterday in London.
func TestFunnelDay(t *testing.T) {
	s := openStore(t)
	p := passage("", dialog.Started, 0)
	p.At = time.Date(2026, 3, 2, 2, 0, 0, 0, noon.Location())
	countAll(t, s.Funnel(), p)
	if n := count(t, s, "SELECT count(*) FROM funnel WHERE day = '2026-03-02'"); n != 1 {
		t.Error("the day is not the office's")
	}
}

func TestFunnelFromManyReplicasAtOnce(t *testing.T) {
	s := openStore(t)
	const replicas, rounds = 4, 20
	var all sync.WaitGroup
	for range replicas {
		f := openFunnel(s.pool, quiet, time.Hour)
		defer f.close()
		all.Go(func() {
			for range rounds {
				f.Count(passage("nik", dialog.Answered, 1))
				f.Count(passage("phone", dialog.Answered, 1))
				f.Count(passage("", dialog.Started, 0))
				if err := f.Flush(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := count(t, s, "SELECT sum(count) FROM funnel"); n != replicas*rounds*3 {
		t.Errorf("%d counted, want %d", n, replicas*rounds*3)
	}
}

func TestFunnelIsWrittenByItselfAndAtTheEnd(t *testing.T) {
	s := openStore(t)
	f := openFunnel(s.pool, quiet, time.Millisecond)
	f.Count(passage("nik", dialog.Reached, 0))
	eventually(t, "the count is in the records", func() bool { return count(t, s, "SELECT coalesce(sum(count), 0) FROM funnel") == 1 })
	f.close()
	last := openFunnel(s.pool, quiet, time.Hour)
	last.Count(passage("nik", dialog.Reached, 0))
	last.close()
	if n := count(t, s, "SELECT sum(count) FROM funnel"); n != 2 {
		t.Errorf("%d counted after the end, want 2", n)
	}
}

// While the database is down counts wait in memory, and none is lost.
func TestFunnelSurvivesAnOutage(t *testing.T) {
	services := embeddedtest.OwnServices(t)
	if err := Migrate(t.Context(), services.DatabaseURL()); err != nil {
		t.Fatal(err)
	}
	pool, err := openPool(t.Context(), services.DatabaseURL(), poolOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	f := openFunnel(pool, quiet, time.Hour)
	defer f.close()
	if _, err := pool.Exec(t.Context(), "ALTER TABLE funnel RENAME TO away"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		f.Count(passage("nik", dialog.Answered, 10))
		if err := f.Flush(t.Context()); err == nil {
			t.Fatal("written to a table that is away")
		}
	}
	if _, err := pool.Exec(t.Context(), "ALTER TABLE away RENAME TO funnel"); err != nil {
		t.Fatal(err)
	}
	if err := services.RestartPostgres(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	f.Count(passage("nik", dialog.Answered, 10))
	eventually(t, "the counts are written", func() bool { return f.Flush(t.Context()) == nil })
	got := must(f.Sum(t.Context(), noon, noon))
	if len(got) != 1 || got[0].Count != 4 || got[0].Seconds != 40 {
		t.Errorf("after the outage: %+v", got)
	}
}

func TestFunnelIsBounded(t *testing.T) {
	f := &Funnel{counts: map[funnelKey]funnelCount{}, flusher: &flusher{log: slog.New(slog.DiscardHandler)}}
	day := noon
	for range funnelMost + 10 {
		p := passage("nik", dialog.Reached, 0)
		p.At, day = day, day.AddDate(0, 0, 1)
		f.Count(p)
	}
	f.Count(passage("nik", dialog.Reached, 0)) // known already: still counted
	taken, lost := f.take()
	if len(taken) != funnelMost || lost != 10 || taken[funnelKey{"2026-03-02", "register", "nik", "reached"}].count != 2 {
		t.Errorf("%d kept, %d lost", len(taken), lost)
	}
}
