package umkm

import (
	"errors"
	"time"
)

// CaseKind is what waits in the staff's queue.
type CaseKind string

// CaseDocument is a legality document to be reviewed.
const CaseDocument CaseKind = "document"

// CaseLease is how long a member of the staff holds a case without doing
// anything about it.
const CaseLease = 15 * time.Minute

// UndoTime is how long a decision can be taken back.
const UndoTime = time.Minute

// Case is something that waits for a member of the staff. Exactly one holds
// it at a time, for CaseLease after the last thing they did.
type Case struct {
	ID       string // of the document too
	Kind     CaseKind
	Topic    string // the document's kind
	Business string
	Village  RegionCode
	Returned bool // handed in again after being sent back: goes first
	Since    time.Time
	Version  int // raised by every change; decisions name the one they saw
	Holder   int64
	Until    time.Time // end of the holder's lease
}

// PassTime is how long a case that somebody passed over is not shown to them.
const PassTime = 8 * time.Hour

// QueueCount is how much of one topic waits in one region.
type QueueCount struct {
	Region  RegionCode // a regency for those who may act in the whole province, else a district
	Topic   string
	Waiting int       // those held included
	Held    int       // by somebody right now
	Overdue int       // waiting since before the cut-off
	Oldest  time.Time // the day since which the oldest waits: its first moment in Banten
}

// QueueItem is one case in the list of what waits.
type QueueItem struct {
	Case
	BusinessName string
	HolderName   string // "" when nobody has it
}

// QueueCursor is where a page of the list ended; the zero value is its start.
type QueueCursor struct {
	Since time.Time
	ID    string
}

// Errors of cases.
var (
	// ErrNotHeld: the person does not hold the case, or not any more.
	ErrNotHeld = errors.New("umkm: the case is not held by this person")
	// ErrChanged: the case is not what it was when the decision was made.
	ErrChanged = errors.New("umkm: the case has changed")
	// ErrTooLate: what was to be undone is history.
	ErrTooLate = errors.New("umkm: too late to undo")
)
