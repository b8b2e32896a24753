package store

import "umkmbot/internal/umkm"

// personalTable says what a table holds of people and what becomes of it. All
// tables together are the register of personal data: a test walks the schema
// and refuses a column that no table here names, so that none is forgotten by
// the copy, by erasure or by retention. docs/privacy.md has it in words.
type personalTable struct {
	name string

	// Of the copy that people may have: under which section the rows stand,
	// which are somebody's ($1 is the owner, NULL for the account alone, $2 the
	// account) and in which order. "": none is told, and each column says why.
	section, rows, order string
	told                 []toldColumn

	// untold is personal and not in the copy: the reason by column.
	untold map[string]string
	// plain are the columns that say nothing of anybody: times of machines,
	// keys of the program's own, what the office wrote about itself.
	plain string

	erased   erasing
	why      string // of what is kept, by what right
	retained string // the setting by which it goes with time, or one of the words below
}

// toldColumn is a column as the copy has it. expr is what is selected, the
// column itself when empty; of the table alias t. read makes fields of what a
// sealed column holds.
type toldColumn struct {
	column, field, expr string
	seal                string // its purpose: it is opened first, bound to the row's id
	read                func(plain []byte) ([]umkm.PersonalField, error)
}

// erasing says what becomes of somebody's rows when they are erased.
type erasing string

const (
	rowGone  erasing = "row deleted"
	emptied  erasing = "emptied"        // the row stays without what says whose it was
	kept     erasing = "kept"           // why says by what right
	nobodys  erasing = "nobody's"       // holds nothing of owners
	goesSoon erasing = "goes by itself" // within days, as retained says
)

// What ends records, beside the settings RETAIN_*.
const (
	withOwner = "with the owner"
	withStaff = "as long as the office's history names them"
	forGood   = "for good"
)

// The settings by which records go with time.
const (
	retainScans    = "RETAIN_SCANS"
	retainOwners   = "RETAIN_OWNERS"
	retainTickets  = "RETAIN_TICKETS"
	retainSeats    = "RETAIN_SEATS"
	retainFeedback = "RETAIN_FEEDBACK"
	retainLedgers  = "RETAIN_LEDGERS"
	retainChanges  = "RETAIN_CHANGES"
	retainAudit    = "RETAIN_AUDIT"
	retainLetters  = "RETAIN_DEAD_LETTERS"
)

// personalTables is the register.
func personalTables() []personalTable {
	var all []personalTable
	for _, part := range [][]personalTable{ownerTables, caseTables, trainingTables, chatTables, staffTables, plainTables} {
		all = append(all, part...)
	}
	return all
}

// col tells a column as it is.
func col(column, field string) toldColumn { return toldColumn{column: column, field: field} }

// as tells a column by an expression.
func as(column, field, expr string) toldColumn {
	return toldColumn{column: column, field: field, expr: expr}
}

// sealed tells what a column holds sealed, as it is.
func sealed(column, field, seal string) toldColumn {
	return toldColumn{column: column, field: field, seal: seal, read: func(plain []byte) ([]umkm.PersonalField, error) {
		return []umkm.PersonalField{{ID: field, Value: string(plain)}}, nil
	}}
}

// sealedAs tells what a column holds sealed, field by field.
func sealedAs(column, seal string, read func([]byte) ([]umkm.PersonalField, error)) toldColumn {
	return toldColumn{column: column, seal: seal, read: read}
}

// Whose rows are whose, in the words of SQL.
const (
	ofOwner       = `t.owner = $1`
	theirBusiness = `IN (SELECT id FROM businesses WHERE owner = $1)`
	theirCase     = `IN (SELECT id FROM cases WHERE owner = $1 OR owner IS NULL AND account = $2)`
	// An array is looked for in an index, a choice of two ways to be somebody's
	// is not.
	theirAccounts  = `= ANY(ARRAY(SELECT account FROM account_owners WHERE owner = $1 UNION ALL SELECT $2))`
	businessNumber = `(SELECT b.number FROM businesses b WHERE b.id = t.business)`
)
