package store

import (
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// firstHeld is the first migration that is held to the rules: earlier ones came
// before there was a release.
const firstHeld = 17

// held is what a statement may not do while replicas of the release before run
// on, or while it takes long on a full table, unless a line "-- safe: …" before
// it says why it may here.
var held = []struct {
	rule  *regexp.Regexp
	why   string
	fine  *regexp.Regexp // in the same statement: allowed
	fresh bool           // allowed on a table that the migration itself makes
}{
	{rule: sqlRule(`DROP (TABLE|VIEW|COLUMN|TYPE|FUNCTION|SEQUENCE)\b`), why: "replicas of the release before may read it"},
	{rule: sqlRule(`\bRENAME\b`), why: "replicas of the release before know the old name"},
	{rule: sqlRule(`ALTER (COLUMN )?\w+ (SET DATA )?TYPE\b`), why: "the table is rewritten under a lock, and statements know the old type"},
	{rule: sqlRule(`\bSET NOT NULL\b`), why: "replicas of the release before may leave it out, and the table is read under a lock"},
	{rule: sqlRule(`\bDROP DEFAULT\b`), why: "replicas of the release before may leave it out"},
	{rule: sqlRule(`ADD (COLUMN )?(IF NOT EXISTS )?\w+ [^,]*\bNOT NULL\b`), fine: sqlRule(`\bDEFAULT\b`), why: "replicas of the release before do not write it: give it a default"},
	{rule: sqlRule(`ADD (CONSTRAINT|CHECK|FOREIGN KEY|UNIQUE|PRIMARY KEY)\b`), fine: sqlRule(`\bNOT VALID\b`), fresh: true, why: "the table is read under a lock: add it NOT VALID and validate it in a later migration"},
	{rule: sqlRule(`^CREATE (UNIQUE )?INDEX\b`), fine: sqlRule(`\bCONCURRENTLY\b`), fresh: true, why: "nobody writes to the table meanwhile: CREATE INDEX CONCURRENTLY, in a migration of its own with -- +goose NO TRANSACTION"},
	{rule: sqlRule(`^(TRUNCATE|LOCK|VACUUM FULL|CLUSTER|REINDEX)\b`), why: "nobody reads or writes the table meanwhile"},
	{rule: sqlRule(`^(UPDATE|DELETE)\b`), why: "on a full table it takes minutes in one transaction: do it by pieces, in a job"},
}

func sqlRule(text string) *regexp.Regexp { return regexp.MustCompile(`(?is)` + text) }

var (
	madeTable = sqlRule(`^CREATE TABLE (IF NOT EXISTS )?(\w+)`)
	tableOf   = sqlRule(`^(?:ALTER TABLE (?:ONLY )?|CREATE (?:UNIQUE )?INDEX .*?\bON )(\w+)`)
	safe      = regexp.MustCompile(`(?m)^-- safe: \S`)
	body      = regexp.MustCompile(`(?s)\$(\w*)\$.*?\$\w*\$`)
	comment   = regexp.MustCompile(`--[^\n]*`)
)

// breaches names what a migration does that it may not.
func breaches(migration string) (out []string) {
	up, _, _ := strings.Cut(migration, "-- +goose Down")
	made := map[string]bool{}
	up = comment.ReplaceAllStringFunc(body.ReplaceAllString(up, "$$$$"), func(c string) string {
		if safe.MatchString(c) {
			return strings.ReplaceAll(c, ";", ",")
		}
		return ""
	})
	for whole := range strings.SplitSeq(up, ";") {
		statement := strings.Join(strings.Fields(comment.ReplaceAllString(whole, "")), " ")
		if m := madeTable.FindStringSubmatch(statement); m != nil {
			made[m[2]] = true
		}
		if safe.MatchString(whole) {
			continue
		}
		table := ""
		if m := tableOf.FindStringSubmatch(statement); m != nil {
			table = m[1]
		}
		for _, h := range held {
			if h.rule.MatchString(statement) && (h.fine == nil || !h.fine.MatchString(statement)) && (!h.fresh || !made[table]) {
				out = append(out, strings.TrimSpace(statement)+": "+h.why)
			}
		}
	}
	return out
}

// TestMigrationsExpand: replicas of the release before run on while and after
// migrations run. docs/operations.md, "Migrations", has the rules.
func TestMigrationsExpand(t *testing.T) {
	all, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range all {
		number, _, _ := strings.Cut(path.Base(name), "_")
		if n, err := strconv.Atoi(number); err != nil || n < firstHeld {
			continue
		}
		raw, err := migrationFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range breaches(string(raw)) {
			t.Errorf("%s: %s\n(or say why it does no harm here, in a line before it: -- safe: …)", name, b)
		}
	}
}

func TestBreaches(t *testing.T) {
	for sql, want := range map[string]int{
		"ALTER TABLE owners DROP COLUMN email":                                                1,
		"ALTER TABLE owners\n    RENAME COLUMN a TO b":                                        1,
		"ALTER TABLE owners ALTER COLUMN a TYPE bigint":                                       1,
		"ALTER TABLE owners ALTER a SET NOT NULL":                                             1,
		"ALTER TABLE owners ADD COLUMN a text NOT NULL":                                       1,
		"ALTER TABLE owners ADD COLUMN a text NOT NULL DEFAULT ''":                            0,
		"ALTER TABLE owners ADD COLUMN a text":                                                0,
		"ALTER TABLE owners ADD CONSTRAINT c CHECK (a > 0)":                                   1,
		"ALTER TABLE owners ADD CONSTRAINT c CHECK (a > 0) NOT VALID":                         0,
		"CREATE INDEX i ON owners (a)":                                                        1,
		"CREATE INDEX CONCURRENTLY i ON owners (a)":                                           0,
		"CREATE TABLE new (a int NOT NULL);\nCREATE INDEX i ON new (a)":                       0,
		"CREATE TABLE new (a int);\nCREATE INDEX i ON owners (a)":                             1,
		"-- safe: a hundred rows\nCREATE INDEX i ON programmes (a)":                           0,
		"-- safe: a hundred rows\nCREATE INDEX i ON programmes (a);\nCREATE INDEX j ON o (a)": 1,
		"UPDATE owners SET a = 1":                                                             1,
		"-- one; two\nCREATE INDEX i ON owners (a); -- three; four":                           1,
		"DROP TABLE old; -- DROP TABLE older":                                                 1,
		"CREATE FUNCTION f() RETURNS int AS $$ DELETE FROM x; UPDATE y SET z = 1; $$":         0,
		"CREATE OR REPLACE VIEW v AS SELECT 1":                                                0,
	} {
		if got := breaches("-- +goose Up\n" + sql + ";\n"); len(got) != want {
			t.Errorf("%s: %q, want %d", sql, got, want)
		}
	}
	raw, err := migrationFiles.ReadFile("migrations/00016_broadcasts.sql")
	if err != nil || len(breaches(string(raw))) == 0 {
		t.Errorf("a migration of before the rules breaks none: %v", err)
	}
}
