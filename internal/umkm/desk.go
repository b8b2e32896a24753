package umkm

import (
	"errors"
	"time"
)

// Kinds of cases that a member of the staff has on their desk until they are
// closed or handed over. Several may lie there.
const (
	CaseRequest CaseKind = "request" // the topic is the programme's id
	CaseTicket  CaseKind = "ticket"  // the topic is a TicketTopic
)

// DeskLease is how long a case lies on a desk without anything being done
// about it, before it goes back into the queue.
const DeskLease = 7 * 24 * time.Hour

// RequestState is where a request for a programme stands.
type RequestState string

// The states. An open request is at a stage of its programme.
const (
	RequestOpen      RequestState = "open"
	RequestDone      RequestState = "done"      // at its programme's last stage
	RequestDeclined  RequestState = "declined"  // by the office, with a reason
	RequestCancelled RequestState = "cancelled" // by the owner
)

// Request is what an owner has asked for.
type Request struct {
	ID        string // of the case too
	Programme string
	Business  string
	Name      string // of the business
	Account   int64
	Answers   []RequestAnswer
	Consents  []Consent
	State     RequestState
	Stage     string // "": received
	Version   int    // of the case
	Holder    int64  // owners never see it
	Taken     bool   // somebody of the staff has it
	Asked     time.Time
	Moved     time.Time
	Due       time.Time     // by when the first stage is meant to be reached; zero: it has been, or not said
	Steps     []RequestStep // newest first
}

// RequestStep is one thing that happened to a request.
type RequestStep struct {
	ID    string
	State RequestState
	Stage string
	Note  string // to the owner
	By    string // name of the member of the staff; "": the owner or nobody
	At    time.Time
}

// RequestMove is what a member of the staff does to a request.
type RequestMove struct {
	Dialog  string // id of the dialog; makes it idempotent
	Account int64
	Case    string
	Version int
	State   RequestState // open with a stage, done or declined
	Stage   string
	Note    string // declined never without one
	At      time.Time
}

// TicketTopic is why somebody wants to talk to the office.
type TicketTopic string

// The topics.
const (
	TicketHelp      TicketTopic = "help"
	TicketComplaint TicketTopic = "complaint" // pengaduan
)

// Ticket is a conversation between somebody and the office.
type Ticket struct {
	ID       string // of the case too
	Topic    TicketTopic
	Account  int64
	Business string     // "": nobody registered
	Village  RegionCode // or a regency, or the province
	Context  string     // what the person was doing: a flow and step, a programme
	Open     bool
	Version  int
	Holder   int64 // owners never see it
	Taken    bool  // somebody of the staff has it
	Opened   time.Time
	Due      time.Time // by when the office means to answer; zero: it has
	Closed   time.Time
}

// NewTicket is a ticket as somebody opens it.
type NewTicket struct {
	Dialog   string // id of the dialog; makes it idempotent
	Account  int64
	Language string
	Name     string    // as the person gives it; kept sealed
	Consents []Consent // of who is not registered
	Topic    TicketTopic
	Business string
	Village  RegionCode // of who has no business: a regency or the province
	Context  string
	Text     string
	File     string // id in the file store
	Due      time.Time
	At       time.Time
}

// Message is one thing said about a case, by its owner or the staff.
type Message struct {
	ID      string
	Case    string
	Staff   bool   // said by the office
	Account int64  // who said it; of the staff owners never see it
	Author  string // name of the member of the staff
	Event   MessageEvent
	Text    string
	File    *StoredFile
	At      time.Time
}

// MessageEvent is what happened to a case between what was said.
type MessageEvent string

// The events. Of a case handed over the text is the note to the colleague,
// which owners never see.
const (
	EventNone       MessageEvent = ""
	EventHandedOver MessageEvent = "handed_over"
	EventClosed     MessageEvent = "closed"
	EventReopened   MessageEvent = "reopened"
)

// MaxMessage is how many characters one message may have: Telegram's limit.
const MaxMessage = 4096

// ReopenTime is how long a closed ticket opens again when its owner writes.
const ReopenTime = 7 * 24 * time.Hour

// Saying is a message on its way in.
type Saying struct {
	Key     string // of the update or dialog; makes it idempotent
	Account int64
	Case    string
	Staff   bool
	Text    string
	File    string    // id in the file store
	Due     time.Time // of an owner's to a ticket: by when the office means to answer; zero: not said
	At      time.Time
}

// DeskItem is one case in the list of a desk.
type DeskItem struct {
	Case
	BusinessName string // "": not registered
	Stage        string // of a request
	Due          time.Time
	Overdue      bool
	Unanswered   bool // the last word is the owner's
}

// RequestNotice is what an owner is told of a step of their request.
type RequestNotice struct {
	Request      string
	Programme    string
	Business     string
	BusinessName string
	Step         RequestStep
	Chats        []NoticeChat // who may be told, best first
}

// MessageNotice is what somebody is told of a message.
type MessageNotice struct {
	Message      Message
	Case         Case
	Open         bool
	BusinessName string       // "": not registered
	Person       string       // who opened it, of somebody not registered
	Chats        []NoticeChat // who may be told, best first; none: nobody holds the case
}

// OverdueNotice is what the staff are told of a case that waits for too long.
type OverdueNotice struct {
	Case         Case
	BusinessName string // "": not registered
	Due          time.Time
	Chats        []NoticeChat // all are told; none: it is settled by now
}

// DeskSheet is all that a member of the staff sees of a case on their desk.
type DeskSheet struct {
	Case     Case
	Request  *Request // of a request
	Ticket   *Ticket  // of a ticket
	Owner    Owner    // NIK to be masked; zero: not registered
	Person   string   // name that an unregistered person gave
	Profile  Business
	Number   Number
	Papers   []Document // the wallet's newest versions
	Messages []Message  // newest first, at most twenty
}

// Errors of desks.
var (
	// ErrClosed: the case is closed.
	ErrClosed = errors.New("umkm: the case is closed")
	// ErrNoColleague: the colleague has no role there.
	ErrNoColleague = errors.New("umkm: the colleague's role does not reach the case")
)
