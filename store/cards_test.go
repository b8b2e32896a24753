package store

import (
	"errors"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

func TestCardIsForWhoActsForTheOwner(t *testing.T) {
	s := openStore(t)
	id := registered(t, s, 7, "d1", "3604055501900001")
	registered(t, s, 8, "d2", "3604055501900002")
	c, err := s.Card(t.Context(), 7, id)
	if err != nil {
		t.Fatal(err)
	}
	want := umkm.Card{Number: "360405-000001", Owner: "Siti Aminah", Business: "Warung <b>Sari & Co</b> 😀", Village: "36.04.05.2001"}
	if c != want {
		t.Errorf("card %+v, want %+v", c, want)
	}
	for _, business := range []string{id, "", "nonsense", "0199f3a2-7b1c-7def-8123-456789abcdef"} {
		if c, err := s.Card(t.Context(), 8, business); !errors.Is(err, umkm.ErrNotYours) {
			t.Errorf("%q: %+v, %v", business, c, err)
		}
	}
	if _, err := s.pool.Exec(t.Context(), "DELETE FROM account_owners WHERE account = 7"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Card(t.Context(), 7, id); !errors.Is(err, umkm.ErrNotYours) {
		t.Errorf("an account that no longer acts for the owner: %v", err)
	}
}

func TestRegisteredKnowsNumbers(t *testing.T) {
	s := openStore(t)
	registered(t, s, 7, "d1", "3604055501900001")
	for number, want := range map[umkm.Number]bool{"360405-000001": true, "360405-000002": false, "": false} {
		if got := must(s.Registered(t.Context(), number)); got != want {
			t.Errorf("%q: %v", number, got)
		}
	}
}

func TestACardIsAskedForOnce(t *testing.T) {
	s := openStore(t)
	now := noon
	s.now = func() time.Time { return now }
	jobs := must(openJobs(s.pool, s.now))
	s.jobs = jobs
	ask := func(c umkm.DrawCard) int {
		t.Helper()
		if err := s.AskCard(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		return count(t, s, "SELECT count(*) FROM river_job WHERE kind = 'draw_card' AND queue = 'cards'")
	}
	done := func() {
		t.Helper()
		if _, err := s.pool.Exec(t.Context(), "UPDATE river_job SET state = 'completed', finalized_at = $1", now); err != nil {
			t.Fatal(err)
		}
	}
	steps := []struct {
		what string
		do   func()
		job  umkm.DrawCard
		want int
	}{
		{"first", nil, umkm.DrawCard{Chat: 7, Business: "a", Update: 1}, 1},
		{"redelivered", nil, umkm.DrawCard{Chat: 7, Business: "a", Update: 1}, 1},
		{"tapped again while it is drawn", func() { now = now.Add(time.Minute) }, umkm.DrawCard{Chat: 7, Business: "a", Update: 2}, 1},
		{"another business", nil, umkm.DrawCard{Chat: 7, Business: "b", Update: 3}, 2},
		{"another person", nil, umkm.DrawCard{Chat: 8, Business: "a", Update: 4}, 3},
		{"tapped again a moment later", func() { done(); now = now.Add(-58 * time.Second) }, umkm.DrawCard{Chat: 7, Business: "a", Update: 5}, 3},
		{"redelivered after it was drawn", func() { now = now.Add(time.Hour) }, umkm.DrawCard{Chat: 7, Business: "a", Update: 1}, 3},
		{"wanted again later", nil, umkm.DrawCard{Chat: 7, Business: "a", Update: 6}, 4},
	}
	for _, step := range steps {
		if step.do != nil {
			step.do()
		}
		if got := ask(step.job); got != step.want {
			t.Fatalf("%s: %d jobs, want %d", step.what, got, step.want)
		}
	}
}
