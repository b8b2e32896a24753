package store

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryColumnIsNamed walks the schema: a column that the register of
// personal data does not name would be forgotten by the copy that people get,
// by erasure and by retention.
func TestEveryColumnIsNamed(t *testing.T) {
	s := openStore(t)
	have := map[string][]string{}
	rows, _ := s.pool.Query(t.Context(), `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'`)
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		have[table] = append(have[table], column)
	}
	if rows.Err() != nil {
		t.Fatal(rows.Err())
	}
	for _, table := range personalTables() {
		named := table.columns()
		for _, column := range have[table.name] {
			if named[column] != 1 {
				t.Errorf("%s.%s is named %d times: is it personal? Say in store/personal_columns*.go how the copy has it, how it is erased and when it goes",
					table.name, column, named[column])
			}
			delete(named, column)
		}
		for column := range named {
			t.Errorf("%s.%s does not exist", table.name, column)
		}
		if _, there := have[table.name]; !there {
			t.Errorf("table %s is named twice, or does not exist", table.name)
		}
		delete(have, table.name)
	}
	for table := range have {
		t.Errorf("table %s is not in the register", table)
	}
}

// columns counts how often each is named.
func (t personalTable) columns() map[string]int {
	out := map[string]int{}
	for _, c := range t.told {
		out[c.column]++
	}
	for column := range t.untold {
		out[column]++
	}
	for column := range strings.FieldsSeq(t.plain) {
		out[column]++
	}
	return out
}

// TestTheRegisterSaysAll: a table says what becomes of it, and by what right it
// stays.
func TestTheRegisterSaysAll(t *testing.T) {
	for _, table := range personalTables() {
		personal := len(table.told)+len(table.untold) > 0
		switch {
		case table.erased == "" || table.retained == "":
			t.Errorf("%s does not say how it is erased, or when it goes", table.name)
		case table.erased == nobodys && personal:
			t.Errorf("%s is nobody's and has personal columns", table.name)
		case slices.Contains([]erasing{kept, emptied, goesSoon}, table.erased) && table.why == "":
			t.Errorf("%s stays and does not say why", table.name)
		case len(table.told) > 0 && (table.section == "" || table.rows == "" || table.order == ""):
			t.Errorf("%s is told without saying which rows under what", table.name)
		}
		for column, why := range table.untold {
			if why == "" {
				t.Errorf("%s.%s is kept from people without a reason", table.name, column)
			}
		}
	}
}

// TestRetentionIsInTheRegister: each setting is some table's, and each table's a
// setting.
func TestRetentionIsInTheRegister(t *testing.T) {
	settings := map[string]bool{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Retention]()) {
		name := regexp.MustCompile(`(.)([A-Z])`).ReplaceAllString(f.Name, "${1}_$2")
		settings["RETAIN_"+strings.ToUpper(name)] = false
	}
	for _, table := range personalTables() {
		if !strings.HasPrefix(table.retained, "RETAIN_") {
			continue
		}
		if _, is := settings[table.retained]; !is {
			t.Errorf("%s goes by %s, which is no setting", table.name, table.retained)
		}
		settings[table.retained] = true
	}
	settings[retainFeedback] = true // of seats, which go later
	for name, used := range settings {
		if !used {
			t.Errorf("nothing goes by %s", name)
		}
	}
}
