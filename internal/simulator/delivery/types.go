package delivery

import (
	"encoding/json"
	"time"
)

// The lifetimes of updates, from their date.
const (
	MessageLife  = 24 * time.Hour // messages, edits and membership
	CallbackLife = 150 * time.Second
)

// Line names a sequence of updates that a webhook receives one at a time.
// Lines run side by side.
type Line struct {
	Of string `json:"of"` // "chat", "callback" or "member"
	ID int64  `json:"id"`
}

// ChatLine is the line of a chat's messages and edits.
func ChatLine(chatID int64) Line { return Line{"chat", chatID} }

// CallbackLine is the line of a person's callback queries.
func CallbackLine(userID int64) Line { return Line{"callback", userID} }

// MemberLine is the line of a chat's my_chat_member and chat_member updates.
func MemberLine(chatID int64) Line { return Line{"member", chatID} }

// Update is an update about to be queued.
type Update struct {
	Kind    string          // the name of its field: "message", "callback_query" …
	Line    Line            // what it must not overtake
	Chat    int64           // where it happened, for faults aimed at one chat
	Date    time.Time       // lifetimes count from here
	Payload json.RawMessage // the value of the field named by Kind
}

// Args looks up a call's argument, "" when it is absent. Nested JSON comes as
// its text.
type Args func(name string) string

// Answer is a successful reply.
type Answer struct {
	Result      json.RawMessage
	Description string // only the webhook methods have one
}

// Error is a refusal, worded as Telegram words it, prefix included.
type Error struct {
	Code        int
	Description string
	RetryAfter  int  // seconds; 0 when not given
	late        bool // answered after a penalty
}

// Error returns the description.
func (e *Error) Error() string { return e.Description }

// Fault is what goes wrong with one webhook delivery.
type Fault struct {
	Delay     time.Duration // waited before the request
	Duplicate bool          // delivered twice in a row, as if the first reply was lost
	Late      time.Duration // a second copy arrives this long after the first, behind the line's later updates
}

// Stats counts updates. Delivered ones were confirmed by an offset or by a 2xx
// reply; lost ones expired, were dropped on request or found the queue full.
type Stats struct {
	Pending   int   `json:"pending"`
	Delivered int64 `json:"delivered"`
	Lost      int64 `json:"lost"`
	Polling   bool  `json:"polling"` // a getUpdates call waits
}

// Config is what a Queue needs from its surroundings. Only Now is required.
type Config struct {
	// Now is the simulator's clock.
	Now func() time.Time

	// Local accepts webhooks over HTTP, on any address and port, as the real
	// server does with --local. Without it only plain http://127.0.0.1 and
	// http://localhost are let through besides HTTPS on Telegram's ports.
	Local bool

	// Call carries out a method that a webhook's reply asked for; params is
	// the whole reply, the field "method" included. It may be called from
	// several goroutines at once, one a line.
	Call func(method string, params json.RawMessage)

	// Fault is asked before every webhook delivery.
	Fault func(chatID int64) Fault

	// Journal receives every change while the queue is locked: it must not
	// call the queue, and the order of its calls is the order of the changes.
	Journal func(Record)
}

// Record is one change of a queue's state. Exactly one field is set.
type Record struct {
	Add     *Pending `json:"add,omitempty"`
	Forget  int64    `json:"forget,omitempty"`  // every update below this id is gone
	Gone    int64    `json:"gone,omitempty"`    // this update was delivered by webhook
	Webhook *Webhook `json:"webhook,omitempty"` // its new state; an empty URL removes it
	Allowed *Allowed `json:"allowed,omitempty"`
}

// Allowed is the list of kinds the bot asked for.
type Allowed struct {
	Kinds []string `json:"kinds"` // nil: the default
}

// Pending is an update not yet confirmed.
type Pending struct {
	ID      int64           `json:"id"`
	Kind    string          `json:"kind"`
	Line    Line            `json:"line"`
	Chat    int64           `json:"chat"`
	Expires int64           `json:"expires"` // Unix seconds
	Payload json.RawMessage `json:"payload"`
}

// Webhook is where updates are pushed to, with the outcome of the last failure.
type Webhook struct {
	URL            string `json:"url"`
	Secret         string `json:"secret,omitempty"`
	Certificate    []byte `json:"certificate,omitempty"` // PEM
	MaxConnections int    `json:"max_connections"`
	IPAddress      string `json:"ip_address,omitempty"`
	FixedIP        bool   `json:"fixed_ip,omitempty"`        // the address was given, not found
	LastErrorDate  int64  `json:"last_error_date,omitempty"` // Unix seconds
	LastError      string `json:"last_error,omitempty"`
	GoneSince      int64  `json:"gone_since,omitempty"` // first 410 of an unbroken row, Unix seconds
}

// State is all a queue keeps across a restart.
type State struct {
	NextID  int64     `json:"next_id"`
	Allowed []string  `json:"allowed,omitempty"`
	Webhook Webhook   `json:"webhook"`
	Pending []Pending `json:"pending,omitempty"`
}
