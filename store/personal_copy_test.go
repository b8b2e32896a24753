package store

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

// TestPersonalCopyHoldsAll: what the register says is told stands in the copies
// of those whose it is, value by value, and no row of anybody is left out.
func TestPersonalCopyHoldsAll(t *testing.T) {
	w := openWhole(t)
	told, rows := map[string]map[string][]string{}, map[string]int{}
	mine := must(w.PersonalCopy(t.Context(), sitisChat, w.owner, noon))
	copied(mine, told, rows)
	for _, c := range []umkm.PersonalCopy{
		must(w.PersonalCopy(t.Context(), sitisNeighbor, w.neighbor, noon)),
		must(w.PersonalCopy(t.Context(), w.rina, "", noon)), must(w.PersonalCopy(t.Context(), w.budi, "", noon)),
	} {
		copied(c, told, rows)
	}
	for _, table := range personalTables() {
		if len(table.told) == 0 {
			continue
		}
		if n := w.count(`SELECT count(*) FROM ` + table.name); n == 0 || rows[table.section] != n {
			t.Errorf("%s: %d rows, %d in the copies", table.name, n, rows[table.section])
		}
		for _, c := range table.told {
			if c.field != "" && len(told[table.section][c.field]) == 0 {
				t.Errorf("%s.%s is in no copy: fill it in openWhole, if it was left out there", table.name, c.column)
			}
			if c.seal == "" && c.expr == "" {
				w.inCopies(table, c, told[table.section][c.field])
			}
		}
	}
	for field, want := range map[string]string{
		"owner nik": sitisNIK, "documents document_number": "1234567890123", "documents mismatch": "Siti Nur Janah", "changes before": "business_name: Warung Nurjanah",
		"changes after": "business_name: Warung Bu Nurjanah", "files file_name": "NIB Siti.jpg", "files found": "name: Siti", "tickets name": sitisName,
		"requests answers": "amount: 25000000", "requests consents": "share_bank 1: true", "steps note": "Catatan rahasia", "messages text": "Nomor saya " + sitisPhone, "seats comment": "Bagus, kata Nurjanah",
		"unhandled text": "NIK saya " + sitisNIK, "chat draft": "nik: " + sitisNIK, "chat form": "register", "accesses role": "reviewer", "accesses action": "training.exported",
	} {
		section, id, _ := strings.Cut(field, " ")
		if !slices.ContainsFunc(told[section][id], func(v string) bool { return strings.Contains(v, want) }) {
			t.Errorf("%s: %q, want %q", field, told[section][id], want)
		}
	}
	if mine.Name != sitisName || mine.Owner != w.owner {
		t.Errorf("whose it is: %s, %s", mine.Name, mine.Owner)
	}
	w.words(told)
	w.files(mine)
}

// inCopies sees that each value of a column stands in a copy.
func (w *whole) inCopies(table personalTable, c toldColumn, told []string) {
	w.t.Helper()
	rows, err := w.pool.Query(w.t.Context(), `SELECT DISTINCT `+c.selected()+` FROM `+table.name+` t`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		v := personalValue(must(rows.Values())[0])
		if v != nil && !slices.Contains(told, inWords(v)) {
			w.t.Errorf("%s.%s: %v is in no copy", table.name, c.column, v)
		}
	}
}

// words: PersonalIDs lists every section and field.
func (w *whole) words(told map[string]map[string][]string) {
	w.t.Helper()
	sections, fields := PersonalIDs()
	for section, of := range told {
		if !slices.Contains(sections, section) {
			w.t.Errorf("section %s has no id", section)
		}
		for field := range of {
			if !slices.Contains(fields, field) {
				w.t.Errorf("field %s of %s has no id", field, section)
			}
		}
	}
}

// files: each can be opened, and no two are called the same.
func (w *whole) files(c umkm.PersonalCopy) {
	w.t.Helper()
	var names []string
	for _, f := range c.Files {
		names = append(names, f.Section+"/"+f.Name)
		if _, err := w.readFile(f.ID); err != nil || f.Size == 0 {
			w.t.Errorf("%s: %d bytes, %v", f.Name, f.Size, err)
		}
	}
	if got := strings.Join(names, " "); got != "documents/nib-1.jpg documents/nib-2.jpg documents/nib-3.jpg messages/message-1.jpg" {
		w.t.Errorf("files %s", got)
	}
}

// TestPersonalCopyIsOfOne: nothing of anybody else, and of nobody for whom the
// account does not act.
func TestPersonalCopyIsOfOne(t *testing.T) {
	w := openWhole(t)
	told, rows := map[string]map[string][]string{}, map[string]int{}
	copied(must(w.PersonalCopy(t.Context(), sitisNeighbor, w.neighbor, noon)), told, rows)
	for section, of := range told {
		for field, values := range of {
			if all := strings.Join(values, "\n"); strings.Contains(all, "Nurjanah") || strings.Contains(all, sitisNIK) || strings.Contains(all, "7100000") {
				t.Errorf("%s.%s of the neighbor: %s", section, field, all)
			}
		}
	}
	for _, owner := range []string{w.owner, "x"} {
		if _, err := w.PersonalCopy(t.Context(), sitisNeighbor, owner, noon); !errors.Is(err, umkm.ErrNotYours) {
			t.Errorf("a copy of another's: %v", err)
		}
		if _, err := w.PersonalAccesses(t.Context(), sitisNeighbor, owner, "", 10); !errors.Is(err, umkm.ErrNotYours) {
			t.Errorf("accesses to another's: %v", err)
		}
		if _, err := w.Purposes(t.Context(), sitisNeighbor, owner); !errors.Is(err, umkm.ErrNotYours) {
			t.Errorf("purposes of another: %v", err)
		}
		if err := w.SayPurpose(t.Context(), sitisNeighbor, owner, "messages", "id", false, noon); !errors.Is(err, umkm.ErrNotYours) {
			t.Errorf("saying another's: %v", err)
		}
	}
	if c := must(w.PersonalCopy(t.Context(), 4242, "", noon)); len(c.Sections)+len(c.Files) != 0 {
		t.Errorf("of nobody: %+v", c)
	}
}

// fewRows are tables that may be read as a whole: they grow with the office.
var fewRows = regexp.MustCompile(` on (staff|staff_grants|mailings|trainings|erasures) `)

// TestPersonalCopyByIndexes: a copy is looked at in a turn, and no table that
// grows with people is read as a whole for it, nor for erasing somebody.
func TestPersonalCopyByIndexes(t *testing.T) {
	w := openWhole(t)
	owner := uuid.MustParse(w.owner)
	queries := map[string]string{}
	for _, table := range personalTables() {
		if len(table.told) > 0 {
			queries[table.name] = table.query()
		}
	}
	queries["the files"] = fmt.Sprintf(sqlCopyFiles, filesTable().rows)
	queries["the log's subjects"], queries["the lists"] = sqlAccessSubjects, sqlAccessLists+deliveriesTable().rows+")"
	for name, sql := range queries {
		err := pgx.BeginFunc(t.Context(), w.pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), "SET LOCAL enable_seqscan = off"); err != nil {
				return err
			}
			rows, _ := tx.Query(t.Context(), "EXPLAIN "+sql, owner, int64(sitisChat))
			plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
			for _, line := range plan {
				if strings.Contains(line, "Seq Scan") && !fewRows.MatchString(line) {
					t.Errorf("%s: %s\n%s", name, line, strings.Join(plan, "\n"))
				}
			}
			return err
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}
