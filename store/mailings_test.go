package store

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// everybody is who a test's mailing goes to: chats from 1, each with a subject.
const everybody = `SELECT n AS chat, ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS subject, 'id' AS language
FROM generate_series(1::bigint, $1::bigint) n`

const aTraining = "00000000-0000-7000-8000-00000000abcd"

func newMailing(key string) umkm.NewMailing {
	return umkm.NewMailing{Key: key, Kind: umkm.MailingTraining, Subject: aTraining, What: string(umkm.MailAnnounce), At: noon}
}

// plan plans a mailing in a transaction of its own.
func plan(t testing.TB, s *Store, m umkm.NewMailing, recipients string, args ...any) (n int) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), s.pool, func(tx pgx.Tx) (err error) {
		n, err = s.planMailing(t.Context(), tx, m, recipients, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// newest is the mailing planned last about the training of the tests.
func newest(t testing.TB, s *Store) umkm.Mailing {
	t.Helper()
	all := must(s.MailingsAbout(t.Context(), umkm.MailingTraining, aTraining))
	if len(all) == 0 {
		t.Fatal("no mailing")
	}
	return all[0]
}

func TestMailingIsPlannedOnce(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if n := plan(t, s, newMailing("a"), everybody, 1200); n != 1200 {
				t.Errorf("planned %d, want 1200", n)
			}
		})
	}
	wg.Wait()
	if n := plan(t, s, newMailing("a"), everybody, 7); n != 1200 {
		t.Errorf("done again: %d, want the first 1200", n)
	}
	m := newest(t, s)
	if m.Counts != (umkm.DeliveryCounts{Planned: 1200}) || m.State != umkm.MailingRunning || !m.At.Equal(noon) || m.What != "announce" {
		t.Errorf("planned as %+v", m)
	}
	for sql, want := range map[string]int{
		"SELECT count(*) FROM mailings":                                           1,
		"SELECT count(*) FROM deliveries WHERE state = 'planned'":                 1200,
		"SELECT count(DISTINCT chat) FROM deliveries":                             1200,
		"SELECT max(n) - min(n) + 1 FROM deliveries":                              1200,
		"SELECT count(*) FROM mailing_lanes":                                      3,
		"SELECT count(*) FROM river_job WHERE queue = 'mailings'":                 3,
		"SELECT count(DISTINCT args->>'lane') FROM river_job":                     3,
		"SELECT count(*) FROM river_job WHERE args->>'mailing' <> '" + m.ID + "'": 0,
	} {
		if got := count(t, s, sql); got != want {
			t.Errorf("%s: %d, want %d", sql, got, want)
		}
	}
}

func TestNobodyIsPlannedTwice(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	const twice = `SELECT chat, subject, language FROM (VALUES
		(1::bigint, $1::uuid, 'id'), (1, $1, 'en'), (1, $2::uuid, 'id'), (2, $1, 'id'), (3, NULL, 'id'), (3, NULL, 'id')) v(chat, subject, language)`
	if n := plan(t, s, newMailing("a"), twice, uuid.New(), uuid.New()); n != 4 {
		t.Errorf("planned %d, want 4", n)
	}
}

func TestMailingToNobodyIsDone(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	if n := plan(t, s, newMailing("a"), everybody, 0); n != 0 {
		t.Errorf("planned %d", n)
	}
	if m := newest(t, s); m.State != umkm.MailingDone || !m.Done.Equal(noon) {
		t.Errorf("%+v", m)
	}
	if n := count(t, s, "SELECT count(*) FROM river_job"); n != 0 {
		t.Errorf("%d jobs for nobody", n)
	}
}

func TestMailingsAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	for _, key := range []string{"a", "b"} {
		m := newMailing(key)
		m.What = key
		plan(t, s, m, everybody, 2)
	}
	all := must(s.MailingsAbout(t.Context(), umkm.MailingTraining, aTraining))
	if len(all) != 2 || all[0].What != "b" || all[1].What != "a" {
		t.Errorf("%+v", all)
	}
	if one := must(s.Mailing(t.Context(), all[1].ID)); one != all[1] {
		t.Errorf("%+v, want %+v", one, all[1])
	}
	for _, id := range []string{"", "x", aTraining} {
		if _, err := s.Mailing(t.Context(), id); !errors.Is(err, umkm.ErrNoMailing) {
			t.Errorf("mailing %q: %v", id, err)
		}
	}
}
