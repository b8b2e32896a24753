package umkm

import (
	"errors"
	"time"
)

// Broadcast is what an officer announces to many owners.
type Broadcast struct {
	ID      string
	Version int // raised by every change
	BroadcastPlan
	State     BroadcastState
	By        int64 // of the staff, who wrote it
	Author    string
	Confirmer string // who confirmed it; "": nobody, or nobody else was needed
	Created   time.Time
	Begins    time.Time // when it goes out, once confirmed; until then it can be undone
	Count     int       // people it was to go to when it was confirmed
	FileID    string    // under which Telegram knows the file; "": not sent yet
	Mailings  []Mailing // newest first; none before it has begun
}

// BroadcastState is how far a broadcast is.
type BroadcastState string

// The states. What becomes of one that has begun, its newest mailing tells.
const (
	BroadcastDraft     BroadcastState = "draft"
	BroadcastWaiting   BroadcastState = "waiting"   // for a second officer's yes
	BroadcastScheduled BroadcastState = "scheduled" // confirmed; goes out at Begins
	BroadcastBegun     BroadcastState = "begun"
	BroadcastCancelled BroadcastState = "cancelled" // before it began
)

// BroadcastPlan is what an officer says of a broadcast.
type BroadcastPlan struct {
	// Texts are the message by language; Indonesian is always there, and stands
	// in where another lacks. They may hold placeholders: ReadPlaceholders.
	Texts   map[string]string
	File    string // id in the file store: a photo or a document above the text; "": none
	Picture bool   // the file is a photo
	Buttons []BroadcastButton
	Urgent  bool // also in the quiet hours, and beside the bound of a week
	Who     Segment
	At      time.Time // when to begin; zero: once it is confirmed
}

// BroadcastButton opens something.
type BroadcastButton struct {
	Opens ButtonTarget `json:"o"`
	Ref   string       `json:"r,omitempty"` // a training, a programme, a link, a command's id
	Label string       `json:"l,omitempty"` // "": the target's own name
}

// ButtonTarget is what a broadcast's button opens.
type ButtonTarget string

// The targets.
const (
	ButtonCommand   ButtonTarget = "command"
	ButtonTraining  ButtonTarget = "training"
	ButtonProgramme ButtonTarget = "programme"
	ButtonLink      ButtonTarget = "link" // https
)

// MostButtons bounds the buttons of a broadcast.
const MostButtons = 4

// BroadcastUndo is how long a confirmed broadcast waits before it begins.
const BroadcastUndo = 30 * time.Second

// NewBroadcast is a broadcast as an officer makes it.
type NewBroadcast struct {
	Dialog string // id of the dialog; makes it idempotent
	By     int64
	Plan   BroadcastPlan
	At     time.Time
}

// BroadcastSample is one of the people that a broadcast would go to.
type BroadcastSample struct {
	Name     string // of the owner, to be shortened
	Business string
	Village  RegionCode
	Language string
}

// Recipient's values for placeholders.
type BroadcastValues struct {
	Owner    string
	Business string
}

// SavedSegment is a segment under a name, for the officers of its regions.
type SavedSegment struct {
	ID      string
	Name    string
	Segment Segment
	By      int64
	At      time.Time
}

// BroadcastTemplate is a text under a name.
type BroadcastTemplate struct {
	ID    string
	Name  string
	Texts map[string]string
	By    int64
	At    time.Time
}

// Errors of broadcasts.
var (
	// ErrNoBroadcast: there is none such.
	ErrNoBroadcast = errors.New("umkm: no such broadcast")
	// ErrSamePerson: a second officer has to confirm it.
	ErrSamePerson = errors.New("umkm: somebody else has to confirm it")
	// ErrBegun: it has begun, or is over.
	ErrBegun = errors.New("umkm: the broadcast has begun")
	// ErrNobody: the segment means nobody.
	ErrNobody = errors.New("umkm: nobody is meant")
	// ErrList: a file is no list of registration numbers that can be read.
	ErrList = errors.New("umkm: not a list of numbers")
	// ErrListLong: a list has too many numbers.
	ErrListLong = errors.New("umkm: too many numbers in a list")
)

// Reached is how many people a segment reaches.
type Reached struct {
	People  int // chats that the broadcast would go to
	Bounded int // further ones, passed over as they have had their share of the week
}

// LedgerRow is one person's part of a broadcast, for the report. Who was sent
// it once more has a further row.
type LedgerRow struct {
	N        int           // goes on from one sending to the next
	Again    DeliveryState // the state that had it sent once more; "": the first time
	Number   Number        // of the first business that the segment meant
	District RegionCode
	State    DeliveryState
	Message  int64
	At       time.Time
}

// BroadcastChange replaces a broadcast's plan.
type BroadcastChange struct {
	Dialog    string // id of the dialog; makes it idempotent
	By        int64
	Broadcast string
	Version   int // the one it was made from
	Plan      BroadcastPlan
	At        time.Time
}

// ImportedList is what was read of an uploaded list of registration numbers.
type ImportedList struct {
	ID        string
	Taken     int
	Unknown   int // no business has the number
	Elsewhere int // outside the officer's regions
	Doubled   int
}

// BroadcastDue begins a broadcast at its time.
type BroadcastDue struct {
	Broadcast string `json:"broadcast"`
	Version   int    `json:"version"` // of the broadcast as it was confirmed; an older one is off
}

// Kind names the job in the queue.
func (BroadcastDue) Kind() string { return "broadcast_due" }

// ShowBroadcast keeps a message up to date while a broadcast runs.
type ShowBroadcast struct {
	Chat      int64  `json:"chat"`
	Message   int    `json:"message"`
	Broadcast string `json:"broadcast"`
	Language  string `json:"language"` // the officer's
}

// Kind names the job in the queue.
func (ShowBroadcast) Kind() string { return "show_broadcast" }

// BroadcastFile draws a file about a broadcast and sends it.
type BroadcastFile struct {
	Chat      int64  `json:"chat"`
	What      string `json:"what"` // BroadcastLedger and so on
	Broadcast string `json:"broadcast"`
	Update    int64  `json:"update"`   // that asked for it; makes the job distinct
	Language  string `json:"language"` // the officer's
}

// Kind names the job in the queue.
func (BroadcastFile) Kind() string { return "broadcast_file" }

// The files about a broadcast; a preview is the broadcast itself, as others
// will see it.
const (
	BroadcastLedger  = "ledger"
	BroadcastReport  = "report"
	BroadcastPreview = "preview"
)

// NoticeBroadcast tells the staff what they have to see to about a broadcast:
// a job that finds who, and one for each of them.
type NoticeBroadcast struct {
	Broadcast string          `json:"broadcast"`
	Version   int             `json:"version"` // of the broadcast as it was confirmed; of an older one nothing is said
	What      BroadcastNotice `json:"what"`
	Account   int64           `json:"account,omitempty"` // who is told; 0: find out
}

// Kind names the job in the queue.
func (NoticeBroadcast) Kind() string { return "notice_broadcast" }

// BroadcastNotice is what the staff are told.
type BroadcastNotice string

// The notices.
const (
	NoticeSecond   BroadcastNotice = "second"   // waits for a second officer's yes
	NoticeHalted   BroadcastNotice = "halted"   // paused, as Telegram refuses its file
	NoticeReturned BroadcastNotice = "returned" // a second officer gave it back
	NoticeRevoked  BroadcastNotice = "revoked"  // who confirmed it is no officer there any more: a draft again
	NoticeGrown    BroadcastNotice = "grown"    // it would reach more people than one officer decides on: a draft again
)

// BroadcastMonth tells one of the admins what was sent in a month.
type BroadcastMonth struct {
	Account int64  `json:"account"`
	Month   string `json:"month"` // 2006-01
}

// Kind names the job in the queue.
func (BroadcastMonth) Kind() string { return "broadcast_month" }
