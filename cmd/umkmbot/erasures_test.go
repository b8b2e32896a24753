package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

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

// TestErasuresLieAsLongAsBackups: backup.sh keeps a line for as long as the oldest
// backup may need it, though backups have failed for months, and writes the list
// while another backup runs. It says what keeps it from that.
func TestErasuresLieAsLongAsBackups(t *testing.T) {
	t.Parallel()
	folder, database, program := t.TempDir(), logged(t), buildProgram(t)
	now := time.Now().UTC().Truncate(time.Second)
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	line := func(days int) string { return ago(days).Format(time.RFC3339) + " erasure.asked account:1\n" }
	list := filepath.Join(folder, "erasures")
	days := "30"
	listed := func() string {
		t.Helper()
		// As backup.sh has it for as long as a backup takes.
		cmd := exec.CommandContext(t.Context(), "flock", filepath.Join(folder, ".lock"), "sh", filepath.FromSlash("../../deploy/backup.sh"), "erasures")
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "UMKMBOT=" + program, "BACKUP_DIR=" + folder, "BACKUP_DAYS=" + days, "DATABASE_URL=" + database}
		if said, err := cmd.CombinedOutput(); err != nil {
			return string(said)
		}
		raw, err := os.ReadFile(list)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	if said := listed(); !strings.Contains(said, "is the disk mounted") {
		t.Errorf("into a folder that is not marked: %s", said)
	}
	old := filepath.Join(folder, ago(60).Format(backupName))
	for name, content := range map[string]string{"umkmbot-backups": "", "erasures": line(62) + line(59) + line(29)} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, backup := range []string{old, filepath.Join(folder, ago(1).Format(backupName))} {
		if err := os.Mkdir(backup, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := listed(), line(59)+line(29); got != want {
		t.Errorf("beside a backup of 60 days ago:\n%s\nwant\n%s", got, want)
	}
	if err := os.Remove(old); err != nil {
		t.Fatal(err)
	}
	if got, want := listed(), line(29); got != want {
		t.Errorf("beside one of yesterday:\n%s\nwant\n%s", got, want)
	}
	days = "-3" // would let all backups but the newest go
	if said := listed(); !strings.Contains(said, "BACKUP_DAYS") {
		t.Errorf("no number of days: %s", said)
	}
	days = ""
	lock := filepath.Join(folder, ".erasures.lock")
	if err := os.Remove(lock); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(lock, 0o700); err != nil { // which keeps root out, too
		t.Fatal(err)
	}
	if said := listed(); !strings.Contains(said, "may not write into "+folder) {
		t.Errorf("a folder of somebody else's: %s", said)
	}
}
