package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/store"
)

// keeper backs an office up and restores it by the scripts.
type keeper struct {
	*office
	dir      string
	settings []string // environment
}

func newKeeper(t *testing.T, o *office) *keeper {
	t.Helper()
	k := &keeper{office: o, dir: t.TempDir()}
	k.write(filepath.Join("backups", "umkmbot-backups"), 0o600, "")
	identity := filepath.Join(k.dir, "identity")
	out, err := exec.CommandContext(t.Context(), "age-keygen", "-o", identity).CombinedOutput()
	if err != nil {
		t.Fatalf("age-keygen: %v: %s", err, out)
	}
	_, recipient, _ := strings.Cut(strings.TrimSpace(string(out)), "Public key: ")
	s := o.settings
	k.settings = []string{
		"PATH=" + os.Getenv("PATH"), "UMKMBOT=" + buildProgram(t), "BACKUP_DIR=" + filepath.Join(k.dir, "backups"),
		"BACKUP_RECIPIENT=" + recipient, "BACKUP_IDENTITY=" + identity,
		"DATABASE_URL=" + s.Store.DatabaseURL + "&pool_max_conns=3", "REDIS_URL=" + s.Store.RedisURL, "UMKMBOT_KEYS=" + s.Store.Keys, "FILES_URL=" + s.Files.URL,
		"TELEGRAM_BOT_TOKEN=" + s.Telegram.Token, "TELEGRAM_API_URL=" + o.url, "OFFICE_NAME=" + s.Office.Name, "OFFICE_CONTACT=" + s.Office.Contact,
	}
	return k
}

// write makes a file below the keeper's folder, and its folder.
func (k *keeper) write(name string, mode os.FileMode, content string) string {
	k.t.Helper()
	name = filepath.Join(k.dir, name)
	err := os.MkdirAll(filepath.Dir(name), 0o700)
	if err == nil {
		err = os.WriteFile(name, []byte(content), mode)
	}
	if err != nil {
		k.t.Fatal(err)
	}
	return name
}

// with has the scripts run in an altered environment until undo.
func (k *keeper) with(settings ...string) (undo func()) {
	was := k.settings
	k.settings = append(slices.Clone(was), settings...)
	return func() { k.settings = was }
}

// without takes a setting away until undo.
func (k *keeper) without(name string) (undo func()) {
	was := k.settings
	k.settings = slices.DeleteFunc(slices.Clone(was), func(s string) bool { return strings.HasPrefix(s, name+"=") })
	return func() { k.settings = was }
}

// client has the scripts find one of Postgres's programs of another version.
func (k *keeper) client(name, version string) (undo func()) {
	k.t.Helper()
	path := k.write(filepath.Join("bin-"+version, name), 0o700, "#!/bin/sh\necho '"+name+" (PostgreSQL) "+version+"'\n")
	return k.with("PATH=" + filepath.Dir(path) + string(os.PathListSeparator) + os.Getenv("PATH"))
}

// script runs one of deploy's; what it says is returned.
func (k *keeper) script(name string, args ...string) (string, error) {
	k.t.Helper()
	cmd := exec.CommandContext(k.t.Context(), "sh", append([]string{filepath.FromSlash("../../deploy/" + name)}, args...)...)
	cmd.Env = k.settings
	out, err := cmd.CombinedOutput()
	if strings.Contains(string(out), demoToken) || strings.Contains(string(out), k.office.settings.Store.Keys) {
		k.t.Errorf("%s says a secret", name)
	}
	return string(out), err
}

// backup makes one and returns its folder.
func (k *keeper) backup() string {
	k.t.Helper()
	said, err := k.script("backup.sh")
	if err != nil || !strings.Contains(said, "is complete") {
		k.t.Fatalf("backup.sh: %v\n%s", err, said)
	}
	all, err := filepath.Glob(filepath.Join(k.dir, "backups", "????????T??????Z"))
	if err != nil || len(all) == 0 {
		k.t.Fatalf("backups: %v, %v", all, err)
	}
	return all[len(all)-1]
}

// records are all tables' rows, each table as a sum.
func (k *keeper) records() map[string]string {
	k.t.Helper()
	ctx := k.t.Context()
	conn, err := pgx.Connect(ctx, k.office.settings.Store.DatabaseURL)
	if err != nil {
		k.t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	sums := map[string]string{}
	for _, table := range k.tables(ctx, conn) {
		var sum string
		sql := fmt.Sprintf(`SELECT count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '') FROM %s t`, table)
		if table == "public.key_marks" {
			sql += ` WHERE purpose <> 'files'` // the one thing that a restore makes anew
		}
		if err := conn.QueryRow(ctx, sql).Scan(&sum); err != nil {
			k.t.Fatal(err)
		}
		sums[table] = sum
	}
	return sums
}

func (k *keeper) same(before map[string]string, what string) {
	k.t.Helper()
	after := k.records()
	for table, sum := range before {
		if after[table] != sum {
			k.t.Errorf("%s: %s is %s, was %s", what, table, after[table], sum)
		}
	}
	if len(after) != len(before) {
		k.t.Errorf("%s: %d tables, were %d", what, len(after), len(before))
	}
}

// Everything is lost and comes back from a backup: records to the last byte,
// files, and people who go on where they were. One that is harmed changes
// nothing.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1, webhook: true})
	siti := o.person()
	siti.register(answers{"Siti Aminah", nikOf(1), "Warung Siti"})
	siti.handsInNIB()
	o.settled()
	k := newKeeper(t, o)
	first := k.backup() // while the bot runs
	old := filepath.Join(filepath.Dir(first), "20200101T000000Z")
	if err := os.Rename(first, old); err != nil {
		t.Fatal(err)
	}
	o.stopAll()
	before := k.records()
	last := k.backup()
	if _, err := os.Stat(old); err == nil {
		t.Error("a backup of years ago is kept")
	}
	for name, harm := range map[string]func() (mend func()){
		"an altered dump":    k.alter(filepath.Join(last, "records.age")),
		"an altered list":    k.alter(filepath.Join(last, "files.list")),
		"an altered file":    k.alter(k.copyOf(last)),
		"another's identity": k.identity(),
		"sums made to fit":   k.resummed(last),
	} {
		mend := harm()
		if said, err := k.script("restore.sh", last); err == nil || !strings.Contains(said, "nothing was changed") {
			t.Errorf("%s: %v\n%s", name, err, said)
		}
		mend()
		k.same(before, name)
	}
	k.loseAll()
	said, err := k.script("restore.sh", last)
	if err != nil || !strings.Contains(said, "reads well") || strings.Contains(said, "wrong  ") {
		t.Fatalf("restore.sh: %v\n%s", err, said)
	}
	k.same(before, "restored")
	o.exec(`DELETE FROM consents`)
	if said, err := k.script("restore.sh", last); err != nil || strings.Contains(said, "NOTICE") {
		t.Fatalf("restore.sh over what is there: %v\n%s", err, said)
	}
	k.same(before, "restored over what is there")
	o.start(nil)
	if said, err := k.script("restore.sh", last); err == nil || !strings.Contains(said, "stop every replica") {
		t.Errorf("while a replica runs: %v\n%s", err, said)
	}
	siti.say("/berkas")
	siti.sees("NIB")
	other := o.person()
	other.upToReview(answers{"Orang Lain", nikOf(1), "Warung Lain"})
	other.press(confirm)
	other.sees("belum bisa dipakai")
}

// A backup goes nowhere but where it was told to, and what stops one is said,
// with nothing left behind.
func TestBackupRefuses(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1})
	o.stopAll()
	k := newKeeper(t, o)
	elsewhere := filepath.Join(k.dir, "not-mounted")
	if err := os.Mkdir(elsewhere, 0o700); err != nil {
		t.Fatal(err)
	}
	said, err := k.script("backup.sh", "--help")
	if err == nil || !strings.Contains(said, "BACKUP_DIR") {
		t.Errorf("--help: %v\n%s", err, said)
	}
	for want, alter := range map[string]func() func(){
		"is the disk mounted":  func() func() { return k.with("BACKUP_DIR=" + elsewhere) },
		"pg_dump is of 14":     func() func() { return k.client("pg_dump", "14.9 (Debian 14.9-1)") },
		"pg_dump is of 99":     func() func() { return k.client("pg_dump", "99beta1") },
		"database does not an": func() func() { return k.with("DATABASE_URL=postgres://nobody@localhost:1/none") },
	} {
		undo := alter()
		if said, err := k.script("backup.sh"); err == nil || !strings.Contains(said, want) {
			t.Errorf("want %q: %v\n%s", want, err, said)
		}
		undo()
	}
	if left, err := filepath.Glob(filepath.Join(k.dir, "backups", "*Z")); err != nil || len(left) > 0 {
		t.Errorf("there are backups: %v, %v", left, err)
	}
	if left, _ := os.ReadDir(elsewhere); len(left) > 0 {
		t.Errorf("the folder that is no disk holds %v", left)
	}
	metrics := filepath.Join(k.dir, "umkmbot.prom")
	defer k.with("BACKUP_METRICS=" + metrics)()
	k.backup()
	text, err := os.ReadFile(metrics)
	if err != nil || !regexp.MustCompile(`(?m)^umkmbot_backup_complete_timestamp_seconds \d{10}$`).Match(text) {
		t.Errorf("the figure: %v\n%s", err, text)
	}
}

// keptOffice is an office that stands still, with a document, and its backup.
func keptOffice(t *testing.T) (o *office, k *keeper, backup string) {
	t.Helper()
	o = newOffice(t, plan{replicas: 1})
	siti := o.person()
	siti.register(answers{"Siti Aminah", nikOf(1), "Warung Siti"})
	siti.handsInNIB()
	o.settled()
	o.stopAll()
	k = newKeeper(t, o)
	return o, k, k.backup()
}

// What speaks against a restore is found before anything has changed, also by
// somebody who practises with a live office's settings.
func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	_, k, last := keptOffice(t)
	before, files := k.records(), k.files()
	younger := "young:" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{9}, 32))
	empty := embeddedtest.Database(t, nil)
	for name, c := range map[string]struct {
		want  string
		alter func() func()
	}{
		"no keys":             {"--keys", func() func() { return k.without("UMKMBOT_KEYS") }},
		"no token":            {"--telegram-bot-token", func() func() { return k.without("TELEGRAM_BOT_TOKEN") }},
		"a younger key alone": {`under key "test"`, func() func() { return k.with("UMKMBOT_KEYS=" + younger) }},
		"… and its meaning":   {"serve does not start", func() func() { return k.with("UMKMBOT_KEYS=" + younger) }},
		"a key of that name":  {"put it back", func() func() { return k.with("UMKMBOT_KEYS=test" + strings.TrimPrefix(younger, "young")) }},
		"an empty database":   {"INTO_EXISTING_FILES=yes", func() func() { return k.with("DATABASE_URL=" + empty) }},
		"a newer pg_restore":  {"pg_restore is of 99", func() func() { return k.client("pg_restore", "99.1") }},
		"a setting malformed": {"TELEGRAM_RATE", func() func() { return k.with("TELEGRAM_RATE=0") }},
		"no database":         {"does not answer", func() func() { return k.with("DATABASE_URL=postgres://nobody@localhost:1/none") }},
	} {
		undo := c.alter()
		if said, err := k.script("restore.sh", last); err == nil || !strings.Contains(said, c.want) || !strings.Contains(said, "nothing was changed") {
			t.Errorf("%s: want %q: %v\n%s", name, c.want, err, said)
		}
		undo()
		k.same(before, name)
		if now := k.files(); now != files {
			t.Errorf("%s: files are %s\nwere %s", name, now, files)
		}
	}
	// Records without their keys are there to be read, and no bot starts on them.
	undo := k.with("UMKMBOT_KEYS="+younger, "DESPITE_KEYS=yes", "INTO_EXISTING_FILES=yes")
	said, err := k.script("restore.sh", last)
	undo()
	if err == nil || !strings.Contains(said, "restore: done") || !strings.Contains(said, "wrong  keys         "+store.ErrIndexKey.Error()) {
		t.Errorf("without the keys: %v\n%s", err, said)
	}
	// On a new machine the bot's user may have another number.
	if said, err := k.script("restore.sh", last+"x"); err == nil || !strings.Contains(said, "may not read it; nothing was changed") {
		t.Errorf("a folder that cannot be entered: %v\n%s", err, said)
	}
}

// Who practises has a copy of the office that the office's files do not open
// to; the office goes on with its own.
func TestPractisedRestoreIsApart(t *testing.T) {
	t.Parallel()
	o, k, last := keptOffice(t)
	live := k.files()
	undo := k.with("DATABASE_URL="+embeddedtest.Database(t, nil), "FILES_URL=file://"+filepath.Join(k.dir, "practice"))
	for range 2 { // into nothing, and over what the last practice left
		if said, err := k.script("restore.sh", last); err != nil || strings.Contains(said, "wrong  ") {
			t.Fatalf("practice: %v\n%s", err, said)
		}
	}
	again := k.with("FILES_URL=" + o.settings.Files.URL)
	if said, err := k.script("restore.sh", last); err == nil || !strings.Contains(said, "INTO_EXISTING_FILES") {
		t.Errorf("an older practice copy with the office's files: %v\n%s", err, said)
	}
	said, err := k.program("check")
	if err == nil || !strings.Contains(said, "belong to another database") {
		t.Errorf("check of a practice copy with the office's files: %v\n%s", err, said)
	}
	again()
	undo()
	if k.files() != live {
		t.Error("practice changed the office's files")
	}
	if said, err := k.program("check"); err != nil {
		t.Errorf("the office after a practice: %v\n%s", err, said)
	}
}

// The database is lost and its files are not: said so, they are taken.
func TestRestoreBesideFilesThatAreLeft(t *testing.T) {
	t.Parallel()
	_, k, last := keptOffice(t)
	before := k.records()
	k.loseRecords()
	defer k.with("INTO_EXISTING_FILES=yes")()
	if said, err := k.script("restore.sh", last); err != nil || strings.Contains(said, "wrong  ") {
		t.Fatalf("restore.sh: %v\n%s", err, said)
	}
	k.same(before, "restored")
}

// Compose and Kubernetes keep files in buckets: they go into backups and back
// likewise, and one that is not empty is refused.
func TestBackupOfABucket(t *testing.T) {
	t.Parallel()
	_, k, fromFolder := keptOffice(t)
	backend := s3mem.New()
	server := httptest.NewServer(gofakes3.New(backend, gofakes3.WithIntegrityCheck(true)).Server())
	t.Cleanup(server.Close)
	bucket := func(name string) (setting string) {
		if err := backend.CreateBucket(name); err != nil {
			t.Fatal(err)
		}
		return "FILES_URL=s3://key:secret@" + strings.TrimPrefix(server.URL, "http://") + "/" + name + "?tls=false&region=us-east-1"
	}
	restore := func(backup, place string) {
		t.Helper()
		k.with("DATABASE_URL="+embeddedtest.Database(t, nil), place)
		if said, err := k.script("restore.sh", backup); err != nil || !strings.Contains(said, "1 files are back") || strings.Contains(said, "wrong  ") {
			t.Fatalf("restore.sh: %v\n%s", err, said)
		}
	}
	first := bucket("first")
	restore(fromFolder, first)
	fromBucket := k.backup()
	k.with("DATABASE_URL=" + embeddedtest.Database(t, nil))
	if said, err := k.script("restore.sh", fromBucket); err == nil || !strings.Contains(said, "INTO_EXISTING_FILES") {
		t.Errorf("into a bucket that is not empty: %v\n%s", err, said)
	}
	restore(fromBucket, bucket("second"))
}

// files names all that lies at FILES_URL, with sizes and times.
func (k *keeper) files() string {
	k.t.Helper()
	u, err := url.Parse(k.office.settings.Files.URL)
	if err != nil {
		k.t.Fatal(err)
	}
	var all strings.Builder
	err = filepath.WalkDir(u.Path, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			fmt.Fprintln(&all, path, info.Size(), info.ModTime().UnixNano())
		}
		return err
	})
	if err != nil || all.Len() == 0 {
		k.t.Fatalf("files: %v", err)
	}
	return all.String()
}

// program runs one of its commands as the scripts do.
func (k *keeper) program(args ...string) (string, error) {
	k.t.Helper()
	cmd := exec.CommandContext(k.t.Context(), buildProgram(k.t), args...)
	cmd.Env = k.settings
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// alter flips a bit in the middle of a file.
func (k *keeper) alter(name string) func() func() {
	return func() func() {
		k.t.Helper()
		whole, err := os.ReadFile(name)
		if err != nil {
			k.t.Fatal(err)
		}
		harmed := bytes.Clone(whole)
		harmed[len(harmed)/2] ^= 1
		write := func(content []byte) {
			if err := os.WriteFile(name, content, 0o600); err != nil {
				k.t.Fatal(err)
			}
		}
		write(harmed)
		return func() { write(whole) }
	}
}

// resummed alters the dump and makes its sum fit, as somebody would who means to.
func (k *keeper) resummed(backup string) func() func() {
	return func() func() {
		k.t.Helper()
		mend := k.alter(filepath.Join(backup, "records.age"))()
		sums := filepath.Join(backup, "SHA256SUMS")
		whole, err := os.ReadFile(sums)
		if err != nil {
			k.t.Fatal(err)
		}
		cmd := exec.CommandContext(k.t.Context(), "sh", "-c", "sha256sum records.age files.list >SHA256SUMS")
		cmd.Dir = backup
		if err := cmd.Run(); err != nil {
			k.t.Fatal(err)
		}
		return func() {
			mend()
			if err := os.WriteFile(sums, whole, 0o600); err != nil {
				k.t.Fatal(err)
			}
		}
	}
}

// copyOf is a file that a backup's list names.
func (k *keeper) copyOf(backup string) string {
	k.t.Helper()
	list, err := readList(filepath.Join(backup, "files.list"))
	if err != nil || len(list) < 2 {
		k.t.Fatalf("%d files listed, %v", len(list), err)
	}
	return filepath.Join(k.dir, "backups", "files", list[0].Hash[:2], list[0].Hash)
}

// identity has the scripts use a key that the backup was not made for.
func (k *keeper) identity() func() func() {
	return func() func() {
		k.t.Helper()
		other := filepath.Join(k.dir, "other")
		if out, err := exec.CommandContext(k.t.Context(), "age-keygen", "-o", other).CombinedOutput(); err != nil {
			k.t.Fatalf("age-keygen: %v: %s", err, out)
		}
		return k.with("BACKUP_IDENTITY=" + other)
	}
}

func (k *keeper) loseRecords() {
	k.t.Helper()
	k.exec(`DROP SCHEMA public CASCADE`)
	k.exec(`CREATE SCHEMA public`)
}

// loseAll leaves an empty database and no files.
func (k *keeper) loseAll() {
	k.t.Helper()
	k.loseRecords()
	u, err := url.Parse(k.office.settings.Files.URL)
	if err != nil {
		k.t.Fatal(err)
	}
	if err := os.RemoveAll(u.Path); err != nil {
		k.t.Fatal(err)
	}
	if err := k.redis().FlushDB(k.t.Context()).Err(); err != nil {
		k.t.Fatal(err)
	}
}

// Postgres's programs are given an address they understand, and the password
// where nobody sees it.
func TestAddressForPostgresPrograms(t *testing.T) {
	var out bytes.Buffer
	err := libpqCommand{DatabaseURL: "postgres://bot:it%27s%20secret@db:5433/umkm?pool_max_conns=20&sslmode=require"}.Run(&out)
	want := "PGADDRESS='postgres://bot@db:5433/umkm?sslmode=require'\nPGPASSWORD='it'\\''s secret'\nexport PGPASSWORD\n"
	if err != nil || out.String() != want {
		t.Errorf("%v\n%s\nwant\n%s", err, out.String(), want)
	}
	if err := (libpqCommand{DatabaseURL: "mysql://u:rahasia9@h"}).Run(&out); err == nil || strings.Contains(err.Error(), "rahasia9") {
		t.Errorf("another server's address: %v", err)
	}
}
