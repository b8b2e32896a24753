package store

import "fmt"

// sealedColumn is a column of sealed values in a table whose key is id. bound
// says that a value is bound to its row by the id.
type sealedColumn struct {
	table, column, purpose string
	bound                  bool
}

func (c sealedColumn) String() string { return c.table + "." + c.column }

// sealedColumns are all there are in Postgres: what is not here is not sealed
// anew when keys change, nor looked for before one goes.
var sealedColumns = []sealedColumn{
	{"owners", "nik_sealed", sealNIK, true},
	{"changes", "before_sealed", sealChange, true},
	{"changes", "after_sealed", sealChange, true},
	{"dead_letters", "payload_sealed", sealDead, true},
	{"held_replies", "reply_sealed", sealHeld, true},
	{"files", "sealed", sealFile, true},
	{"documents", "number_sealed", sealDocumentNumber, true},
	{"documents", "mismatch_sealed", sealDocumentMismatch, true},
	{"missed_questions", "text_sealed", sealMissed, false},
	{"requests", "sealed", sealRequest, true},
	{"request_steps", "note_sealed", sealRequestNote, true},
	{"tickets", "name_sealed", sealTicketName, true},
	{"messages", "text_sealed", sealMessage, true},
	{"trainings", "seed_sealed", sealSeed, true},
	{"seats", "comment_sealed", sealFeedback, true},
}

// sqlKeysOf counts a column's values by the id of the key that sealed them.
func (c sealedColumn) sqlKeysOf() string {
	return fmt.Sprintf(`SELECT convert_from(substring(%[2]s FROM 2 FOR get_byte(%[2]s, 0)), 'UTF8'), count(*)
FROM %[1]s WHERE octet_length(%[2]s) > 1 GROUP BY 1`, c.table, c.column)
}
