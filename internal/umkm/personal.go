package umkm

import (
	"errors"
	"time"
)

// ErasureCooling is how long an erasure that somebody asked for can be taken
// back.
const ErasureCooling = 3 * 24 * time.Hour

// RetireNotice is how long before it somebody of whom nothing was heard for long
// is told that their records are to go. Any word of theirs ends it.
const RetireNotice = 30 * 24 * time.Hour

// PersonalCopy is all that is held of an owner, or of an account that acts for
// nobody (Pasal 7 and 13 UU 27/2022: access and portability).
type PersonalCopy struct {
	At       time.Time
	Account  int64
	Owner    string // id; empty: of the account alone
	Name     string // of the owner
	Sections []PersonalSection
	Files    []PersonalFile
}

// PersonalSection is what one kind of record holds, in the order of reading.
// What is empty is left out.
type PersonalSection struct {
	ID   string // its title is the message personal.section.<id>
	Rows []PersonalRow
}

// PersonalRow is one record.
type PersonalRow []PersonalField

// PersonalField is one value of a record.
type PersonalField struct {
	ID    string // its label is the message personal.field.<id>
	Value any    // string, int64, bool, time.Time or []string; never empty
}

// PersonalFile is one of the files that they have sent; its content is read as
// that of any upload.
type PersonalFile struct {
	ID      string // of the upload
	Name    string // a safe file name, unique in the copy, with what it is and its ending
	Size    int64  // bytes
	Section string
}

// PersonalAccess is one look at, or one change of, what is held of somebody.
type PersonalAccess struct {
	ID     string // of the entry: what the next page begins behind
	At     time.Time
	Who    AccessBy
	Role   Role     // of staff at the time; empty when not known
	Region []string // codes that the staff member saw to; may be empty
	Action string   // as the audit log has it
	What   string   // what was looked at: "document", "request", "ticket", "seat" …
}

// AccessBy says on whose part somebody looked.
type AccessBy string

// Who looks.
const (
	AccessSelf   AccessBy = "self"
	AccessStaff  AccessBy = "staff"
	AccessSystem AccessBy = "system"
)

// PurposeState is whether something is agreed to: registration, turnover, programmes,
// messages, or a programme's own.
type PurposeState struct {
	Purpose string
	Version string
	Granted bool
	At      time.Time
}

// Erasure is that what is held of somebody is to go, or has gone.
type Erasure struct {
	ID      string
	Account int64
	Owner   string // id; empty: the account alone
	Name    string // of the owner, while it is held
	Reason  ErasureReason
	AskedAt time.Time
	DueAt   time.Time // until then it can be taken back
}

// ErasureReason says who wants it.
type ErasureReason string

// Why something is erased.
const (
	ErasureAsked   ErasureReason = "asked"   // Pasal 8 UU 27/2022
	ErasureRetired ErasureReason = "retired" // nothing was heard of them for the time that the office has set
)

// NewErasure asks for one.
type NewErasure struct {
	Dialog  string // id of the dialog; makes it idempotent
	Account int64
	Owner   string // id; empty: the account alone
	At      time.Time
}

// Erased is what is known once somebody's records are gone.
type Erased struct {
	Account  int64
	Language string
	Whole    bool // the account's own records went with them: it acts for nobody else
}

// EraseDue erases, when the cooling-off is over, unless it was taken back.
type EraseDue struct {
	Erasure string `json:"erasure"`
}

// Kind names the job in the queue.
func (EraseDue) Kind() string { return "erase_due" }

var (
	// ErrNoErasure: there is none such, or it was taken back or is done.
	ErrNoErasure = errors.New("umkm: no such erasure")
	// ErrStillStaff: who works for the office is removed by an admin first.
	ErrStillStaff = errors.New("umkm: the account belongs to the staff")
)
