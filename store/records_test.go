package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/internal/umkm"
)

func TestMigrateFromManyPlacesAtOnce(t *testing.T) {
	url := embeddedtest.Database(t, nil)
	pool, err := openPool(t.Context(), url, poolOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if err := CheckMigrated(t.Context(), pool); !errors.Is(err, ErrNotMigrated) {
		t.Errorf("an empty database: %v, want ErrNotMigrated", err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := Migrate(t.Context(), url+"&pool_max_conns=1"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := CheckMigrated(t.Context(), pool); err != nil {
		t.Errorf("after migrating: %v", err)
	}
	if _, err := pool.Exec(t.Context(), "DELETE FROM river_migration WHERE version = (SELECT max(version) FROM river_migration)"); err != nil {
		t.Fatal(err)
	}
	if err := CheckMigrated(t.Context(), pool); !errors.Is(err, ErrNotMigrated) {
		t.Errorf("an old job queue: %v, want ErrNotMigrated", err)
	}
}

// TestForeignKeysAreIndexed keeps deletions and joins from scanning tables.
func TestForeignKeysAreIndexed(t *testing.T) {
	s := openStore(t)
	rows, err := s.pool.Query(t.Context(), `
SELECT c.conrelid::regclass || '.' || a.attname FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND NOT EXISTS (
    SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		t.Errorf("foreign key without an index: %v", must(rows.Values()))
	}
}

func TestAuditLogIsAppendOnly(t *testing.T) {
	s := openStore(t)
	must(s.Register(t.Context(), registration(1, "d1", "3604055501900001")))
	for _, sql := range []string{"UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log"} {
		if _, err := s.pool.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestOpenNeedsItsServers(t *testing.T) {
	database, redis := embeddedtest.Database(t, Migrate), embeddedtest.Redis(t)
	good := Config{DatabaseURL: database, RedisURL: redis, Keys: testKeys(t), Now: time.Now, Replica: "a"}
	cases := map[string]func(*Config){
		"no keys":           func(c *Config) { c.Keys = nil },
		"no clock":          func(c *Config) { c.Now = nil },
		"no replica":        func(c *Config) { c.Replica = "" },
		"redis address":     func(c *Config) { c.RedisURL = "x" },
		"database address":  func(c *Config) { c.DatabaseURL = "postgres://u:hunter2@h:port/db" },
		"database does not": func(c *Config) { c.DatabaseURL = "postgres://u:hunter2@127.0.0.1:1/db" },
	}
	for want, spoil := range cases {
		c := good
		spoil(&c)
		_, err := Open(t.Context(), c)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestPingNamesTheDependency(t *testing.T) {
	s := openStore(t)
	for name, err := range s.Ping(t.Context()) {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := s.Ping(ctx); got["postgres"] == nil || got["redis"] == nil {
		t.Errorf("without time to answer: %v", got)
	}
}

func TestOutageIsNotRefusal(t *testing.T) {
	s := openStore(t)
	s.pool.Close()
	if _, err := s.Register(t.Context(), registration(1, "d1", "3604055501900001")); err == nil || IsRefused(err) {
		t.Errorf("error %v: an outage is no refusal", err)
	}
}

func TestAccounts(t *testing.T) {
	s := openStore(t)
	for _, err := range []error{s.SetLanguage(t.Context(), 1, "en"), s.MarkUnreachable(t.Context(), 1, noon)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, s, "SELECT count(*) FROM accounts"); n != 0 {
		t.Fatal("something was stored before consent")
	}
	must(s.Register(t.Context(), registration(1, "d1", "3604055501900001")))
	steps := []struct {
		mark func(context.Context, int64, time.Time) error
		at   time.Duration
		want int // unreachable accounts afterwards
	}{
		{s.MarkUnreachable, time.Hour, 1},
		{s.MarkReachable, time.Minute, 1}, // older than what is known
		{s.MarkReachable, 2 * time.Hour, 0},
		{s.MarkReachable, 3 * time.Hour, 0},
	}
	for i, step := range steps {
		if err := step.mark(t.Context(), 1, noon.Add(step.at)); err != nil {
			t.Fatal(err)
		}
		if n := count(t, s, "SELECT count(*) FROM accounts WHERE NOT reachable"); n != step.want {
			t.Errorf("step %d: %d unreachable, want %d", i, n, step.want)
		}
	}
	if err := s.SetLanguage(t.Context(), 1, "en"); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s, "SELECT count(*) FROM accounts WHERE language = 'en' AND reachable_since = $1", noon.Add(2*time.Hour)); n != 1 {
		t.Error("language or the time of reachability is wrong")
	}
	if err := s.SetLanguage(t.Context(), 1, "Bahasa"); !IsRefused(err) {
		t.Errorf("error %v, want umkm.ErrRefused", err)
	}
}

func TestDeadLetters(t *testing.T) {
	s := openStore(t)
	dead := s.DeadLetters()
	raw := []byte(`{"message":{"text":"rahasia"}}`)
	for i := range int64(5) {
		for range 2 {
			if err := dead.Bury(t.Context(), 100+i, raw, "panic\x00 (string)"+strings.Repeat("é", 600), noon); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := dead.Bury(t.Context(), 1, nil, "", noon); err != nil {
		t.Errorf("without reason and payload: %v", err)
	}
	var seen []int64
	var last uuid.UUID
	for {
		page := must(dead.List(t.Context(), last, 2))
		if len(page) == 0 {
			break
		}
		for _, l := range page {
			seen, last = append(seen, l.Update), l.ID
		}
	}
	if fmt.Sprint(seen) != "[100 101 102 103 104 1]" {
		t.Errorf("listed %v", seen)
	}
	first := must(dead.List(t.Context(), uuid.UUID{}, 1))[0]
	if got := must(dead.Get(t.Context(), first.ID)); !bytes.Equal(got, raw) || !first.At.Equal(noon) {
		t.Errorf("got %q of %v", got, first.At)
	}
	if n := count(t, s, "SELECT count(*) FROM dead_letters WHERE position('rahasia'::bytea in payload_sealed) > 0"); n != 0 {
		t.Error("a payload is readable")
	}
	if err := dead.Delete(t.Context(), first.ID); err != nil {
		t.Fatal(err)
	}
	if err := dead.Delete(t.Context(), first.ID); !errors.Is(err, ErrNoDeadLetter) {
		t.Errorf("deleted twice: %v", err)
	}
	if _, err := dead.Get(t.Context(), first.ID); !errors.Is(err, ErrNoDeadLetter) {
		t.Errorf("got a deleted one: %v", err)
	}
}

func TestHeldRepliesKeepTheirOrder(t *testing.T) {
	s := openStore(t)
	held := s.Held()
	must(s.Chats.Enter(t.Context(), 7))
	for _, reply := range []string{"satu", "dua", "tiga"} {
		if err := held.Hold(t.Context(), 7, []byte(reply), noon.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if e := must(s.Chats.Enter(t.Context(), 7)); !e.Held {
		t.Error("the chat is not marked")
	}
	if n := count(t, s, "SELECT count(*) FROM river_job WHERE kind = 'send_held' AND state = 'scheduled' AND args->>'chat' = '7' AND scheduled_at = $1", noon.Add(time.Minute)); n != 3 {
		t.Errorf("%d jobs, want 3", n)
	}
	if n := count(t, s, "SELECT count(*) FROM held_replies WHERE position('satu'::bytea in reply_sealed) > 0"); n != 0 {
		t.Error("a reply is readable")
	}
	for _, want := range []string{"satu", "dua", "tiga"} {
		id, reply, err := held.Oldest(t.Context(), 7)
		if err != nil || string(reply) != want {
			t.Fatalf("oldest %q, %v; want %q", reply, err, want)
		}
		if err := held.Done(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	if id, _, err := held.Oldest(t.Context(), 7); id != "" || err != nil {
		t.Errorf("nothing is left, but %q, %v", id, err)
	}
	if err := held.Clear(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	if e := must(s.Chats.Enter(t.Context(), 7)); e.Held {
		t.Error("the mark stayed")
	}
	if err := held.Done(t.Context(), "no id"); !IsRefused(err) && err == nil {
		t.Errorf("a malformed id: %v", err)
	}
}

func TestDraftRemindersAreScheduledOnce(t *testing.T) {
	s := openStore(t)
	at := noon.Add(24 * time.Hour)
	for _, r := range []umkm.DraftReminder{{Chat: 7, Dialog: "d1", Nth: 1}, {Chat: 7, Dialog: "d1", Nth: 1}, {Chat: 7, Dialog: "d1", Nth: 2}} {
		if err := s.Schedule(t.Context(), r, at); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, s, "SELECT count(*) FROM river_job WHERE kind = 'draft_reminder' AND scheduled_at = $1 AND created_at = $2", at, noon); n != 2 {
		t.Errorf("%d reminders by the program's clock, want 2", n)
	}
}
