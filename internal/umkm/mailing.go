package umkm

import (
	"errors"
	"time"
)

// What can be wrong with a mailing.
var (
	// ErrNoMailing: there is no such mailing.
	ErrNoMailing = errors.New("umkm: no such mailing")
	// ErrMailingOver: it is done or cancelled.
	ErrMailingOver = errors.New("umkm: mailing is over")
	// ErrLaneTaken: a later run works the lane; this one's time is over.
	ErrLaneTaken = errors.New("umkm: lane of a mailing taken over")
)

// Mailing is one message to many people, each told once. The ledger says of
// each what happened.
type Mailing struct {
	ID      string
	Kind    MailingKind
	Subject string // id of the record it is about
	What    string // which of the kind's messages
	By      int64  // of the staff, who caused it; 0: nobody
	Urgent  bool   // goes out in the quiet hours, too
	State   MailingState
	At      time.Time // planned
	Done    time.Time // every delivery has come to its end; zero: not yet
	Counts  DeliveryCounts
}

// MailingKind says who makes the message of it.
type MailingKind string

// The kinds. Of a training What is a TrainingMailing. Of a broadcast it is the
// state that had it sent once more, or "" the first time, and each delivery's
// Subject is the first business of the chat's that was meant.
const (
	MailingTraining  MailingKind = "training"
	MailingBroadcast MailingKind = "broadcast"
)

// MailingState is how far a mailing is.
type MailingState string

// The states.
const (
	MailingRunning   MailingState = "running"
	MailingPaused    MailingState = "paused"
	MailingCancelled MailingState = "cancelled" // what had not been sent is not
	MailingDone      MailingState = "done"
)

// NewMailing is a mailing as it is planned.
type NewMailing struct {
	Key     string // makes it idempotent: one mailing a key
	Kind    MailingKind
	Subject string
	What    string
	By      int64
	Urgent  bool // goes out in the quiet hours, too
	At      time.Time
}

// Delivery is one person's part of a mailing.
type Delivery struct {
	N        int // within the mailing, from 1
	Chat     int64
	Subject  string // what it is about for them: an owner, a seat
	Language string
	State    DeliveryState
	Message  int64 // that told them; 0: none known
	At       time.Time
}

// LaneRun is one run of a lane of a mailing. A later run of the same lane ends
// its right to it.
type LaneRun struct {
	Mailing   string
	Lane, Run int
}

// DeliveryState is what happened to one person's part.
type DeliveryState string

// The states: every one but planned and sending is final.
const (
	DeliveryPlanned   DeliveryState = "planned"
	DeliverySending   DeliveryState = "sending"
	DeliverySent      DeliveryState = "sent"
	DeliveryBlocked   DeliveryState = "blocked"   // blocked the bot, or gone
	DeliveryFailed    DeliveryState = "failed"    // refused by Telegram
	DeliveryUncertain DeliveryState = "uncertain" // a crash hid whether it went out
	DeliverySkipped   DeliveryState = "skipped"   // not due any more when its turn came
)

// DeliveryStates are all of them.
func DeliveryStates() []DeliveryState {
	return []DeliveryState{
		DeliveryPlanned, DeliverySending, DeliverySent, DeliveryBlocked, DeliveryFailed, DeliveryUncertain, DeliverySkipped,
	}
}

// DeliveryCounts counts a mailing's deliveries by state.
type DeliveryCounts struct {
	Planned, Sending, Sent, Blocked, Failed, Uncertain, Skipped int
}

// All is how many people a mailing is for.
func (c DeliveryCounts) All() int {
	return c.Planned + c.Sending + c.Sent + c.Blocked + c.Failed + c.Uncertain + c.Skipped
}

// Add counts n more in a state.
func (c *DeliveryCounts) Add(s DeliveryState, n int) {
	switch s {
	case DeliveryPlanned:
		c.Planned += n
	case DeliverySending:
		c.Sending += n
	case DeliverySent:
		c.Sent += n
	case DeliveryBlocked:
		c.Blocked += n
	case DeliveryFailed:
		c.Failed += n
	case DeliveryUncertain:
		c.Uncertain += n
	case DeliverySkipped:
		c.Skipped += n
	}
}
