package umkm

import (
	"errors"
	"time"
)

// ErrNoMailing: there is no such mailing.
var ErrNoMailing = errors.New("umkm: no such mailing")

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

// MailingTraining is about a training; What is a TrainingMailing.
const MailingTraining MailingKind = "training"

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
	Chat     int64
	Subject  string // what it is about for them: an owner, a seat
	Language string
	State    DeliveryState
	Message  int64 // that told them; 0: none known
	At       time.Time
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

// DeliveryCounts counts a mailing's deliveries by state.
type DeliveryCounts struct {
	Planned, Sending, Sent, Blocked, Failed, Uncertain, Skipped int
}

// All is how many people a mailing is for.
func (c DeliveryCounts) All() int {
	return c.Planned + c.Sending + c.Sent + c.Blocked + c.Failed + c.Uncertain + c.Skipped
}
