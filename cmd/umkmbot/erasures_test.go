package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/store"
)

// erasures runs one of the commands on a database.
func erasures(t *testing.T, database, command string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), append([]string{"erasures", command, "--database-url", database}, args...), &out)
	return out.String(), err
}

// logged is a database whose audit log has lines: time, action, subject.
func logged(t *testing.T, lines ...string) (database string) {
	t.Helper()
	database = embeddedtest.Database(t, store.Migrate)
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	for _, l := range append(lines, "2026-01-01T00:00:00Z staff.invited invite:1") {
		words := strings.Fields(l)
		_, err := conn.Exec(t.Context(), "INSERT INTO audit_log (id, actor, action, subject, at) VALUES ($1, 'system', $2, $3, $4::text::timestamptz)",
			uuid.Must(uuid.NewV7()), words[1], words[2], words[0])
		if err != nil {
			t.Fatal(err)
		}
	}
	return database
}

// TestErasuresAreSaved: the list gains what the database has and loses only what
// is older than all backups, whatever became of the database.
func TestErasuresAreSaved(t *testing.T) {
	t.Parallel()
	const (
		old   = "2026-10-01T08:00:00Z erasure.asked account:1\n"
		early = "2026-11-01T08:00:00Z erasure.asked account:2\n"
		done  = "2026-11-02T08:00:00.000001Z account.erased account:3\n"
		late  = "2026-11-03T08:00:00Z erasure.kept account:2\n"
	)
	file := filepath.Join(t.TempDir(), "erasures")
	saved := func() string {
		t.Helper()
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	live, restored, empty := logged(t, done, early, old), logged(t, late, early), logged(t)
	for _, c := range []struct{ what, database, since, want string }{
		{"the first time", live, "20260901T000000Z", old + early + done},
		{"again", live, "20260901T000000Z", old + early + done},
		{"an empty database", empty, "20260901T000000Z", old + early + done},
		{"an older backup of it", restored, "2026-09-01", old + early + done + late},
		{"within a day of the oldest backup", empty, "2026-10-02T08:00:00Z", old + early + done + late},
		{"older than a day before", live, "2026-10-02T08:00:01Z", early + done + late},
	} {
		if said, err := erasures(t, c.database, "save", "--since", c.since, file); err != nil || saved() != c.want {
			t.Errorf("%s: %v %s\n%s\nwant\n%s", c.what, err, said, saved(), c.want)
		}
	}
	whole := saved()
	for what, database := range map[string]string{
		"no database": "postgres://nobody@localhost:1/none", "one that was never migrated": embeddedtest.Database(t, nil),
	} {
		if said, err := erasures(t, database, "save", "--since", "2026-09-01", file); err == nil || saved() != whole {
			t.Errorf("%s: %v %s\n%s", what, err, said, saved())
		}
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
	if err := os.WriteFile(file, []byte(whole+"harmed\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := erasures(t, live, "save", "--since", "2026-09-01", file); err == nil || !strings.Contains(err.Error(), "line 4") || saved() != whole+"harmed\n" {
		t.Errorf("a harmed list: %v %s\n%s", err, said, saved())
	}
	if _, err := erasures(t, live, "again", file); err == nil || !strings.Contains(err.Error(), "line 4") {
		t.Errorf("a harmed list is taken up: %v", err)
	}
	if got, err := erasures(t, live, "list", "--since", "2026-11-02 15:00"); err != nil || got != done { // by the office's clock
		t.Errorf("list: %q, %v", got, err)
	}
	if _, err := erasures(t, live, "list", "--since", "yesterday"); err == nil {
		t.Error("no time: no error")
	}
}
