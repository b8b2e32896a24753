package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/store"
)

func TestWhoSawCommand(t *testing.T) {
	s := storeSettings{DatabaseURL: embeddedtest.Database(t, store.Migrate), RedisURL: embeddedtest.Redis(t), Keys: "k:" + strings.Repeat("A", 43) + "="}
	records, err := openStore(t.Context(), s, nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		"INSERT INTO staff (telegram_id, name, since) VALUES (900, '=Rina', '2026-01-01')",
		`INSERT INTO audit_log (id, actor, action, subject, at) VALUES
			('00000000-0000-7000-8000-000000000001', 'account:900', 'training.created', 'training:x', '2026-12-01T02:30:00Z'),
			('00000000-0000-7000-8000-000000000002', 'account:900', 'training.created', 'training:y', '2026-12-01T03:30:00Z')`,
	} {
		if _, err := records.Pool().Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if err := records.Close(); err != nil {
		t.Fatal(err)
	}
	saw := func(args ...string) (string, error) {
		var out bytes.Buffer
		base := []string{"who-saw", "--database-url", s.DatabaseURL, "--redis-url", s.RedisURL, "--keys", s.Keys}
		err := run(t.Context(), append(base, args...), &out)
		return out.String(), err
	}
	got, err := saw("--from", "2026-12-01 09:30", "--to", "2026-12-01 10:30")
	want := "time,account,name,action,subject,number\n2026-12-01 09:30:00,900,'=Rina,training.created,training:x,\n"
	if err != nil || got != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	for _, wrong := range [][]string{{"--from", "yesterday", "--to", "2026-12-01"}, {"--from", "2026-12-02", "--to", "2026-12-01"}} {
		if _, err := saw(wrong...); err == nil {
			t.Errorf("%v: no error", wrong)
		}
	}
}
