package umkm

import "time"

// Seat is what an owner has to do with a training. An owner has one at most.
type Seat struct {
	ID             string // also what the owner's code says on the day
	Training       string
	Owner          string
	OwnerName      string
	Business       string
	BusinessName   string
	BusinessNumber Number // registration number
	Village        RegionCode
	Sector         string
	Account        int64 // that joined, or was invited
	Language       string
	Number         int // within the training, from 1; stands in the list of a draw
	Untrained      bool
	State          SeatState
	Place          int       // in the waiting list or, of a draw, by lot: from 1; 0: none
	Until          time.Time // by when an invitation is to be answered
	In, Out        time.Time // attendance; zero: not noted
	WalkIn         bool      // came without a seat
	Certificate    CertificateNumber
	Rating         int    // 1 to 5; 0: not said
	Comment        string // of the feedback
	At             time.Time
}

// SeatState is what an owner has.
type SeatState string

// The states. Only invited and seated take a place.
const (
	SeatCandidate SeatState = "candidate" // may be invited; has not heard of it
	SeatInvited   SeatState = "invited"
	SeatApplied   SeatState = "applied" // in a draw that has not been held
	SeatSeated    SeatState = "seated"
	SeatWaiting   SeatState = "waiting"
	SeatDeclined  SeatState = "declined"  // said no to an invitation
	SeatLapsed    SeatState = "lapsed"    // did not answer one in time
	SeatCancelled SeatState = "cancelled" // gave it back
	SeatLost      SeatState = "lost"      // cannot be reached any more
	SeatRemoved   SeatState = "removed"   // taken away by an officer
)

// Takes reports whether a seat in that state takes a place.
func (s SeatState) Takes() bool { return s == SeatSeated || s == SeatInvited }

// Live reports whether the owner may still come.
func (s SeatState) Live() bool {
	return s.Takes() || s == SeatApplied || s == SeatWaiting
}

// Joining is an owner's yes: to an announcement, an invitation or a draw.
type Joining struct {
	Training string
	Account  int64
	Owner    string // for whom; the account acts for them
	At       time.Time
}

// CheckInUndo is how long after it was noted attendance may be taken back.
const CheckInUndo = 10 * time.Minute

// Attendance is what was noted of somebody's coming or going.
type Attendance string

// What can be noted.
const (
	AttendIn  Attendance = "in"
	AttendOut Attendance = "out"
)

// CheckIn is somebody's coming or going as it is noted.
type CheckIn struct {
	Seat  Seat
	What  Attendance
	Again bool // it had been noted before
	Count int  // how many have come so far
}

// CertificateNumber names a certificate of attendance; it cannot be guessed.
type CertificateNumber string

// FeedbackSummary is what those who attended thought of a training.
type FeedbackSummary struct {
	Ratings  [5]int    // how many gave 1, 2, … 5
	Comments []Comment // the newest
}

// Comment is what one of them wrote, and how they rated; not who it was.
type Comment struct {
	Rating int
	Text   string
}

// Given is how many have rated.
func (f FeedbackSummary) Given() (n int) {
	for _, count := range f.Ratings {
		n += count
	}
	return n
}

// Average is the mean of the ratings; 0: nobody has rated.
func (f FeedbackSummary) Average() float64 {
	sum := 0
	for i, count := range f.Ratings {
		sum += (i + 1) * count
	}
	if sum == 0 {
		return 0
	}
	return float64(sum) / float64(f.Given())
}

// Certificate is what a certificate says, and what anybody who has its number
// may know.
type Certificate struct {
	Number   CertificateNumber
	Name     string // of the owner; "": their data have been erased since
	Business string // "" likewise
	Training string // title
	Starts   time.Time
	Ends     time.Time
	Place    string // "": online
	At       time.Time
}

// SeatEvent is what an owner is told of their seat alone.
type SeatEvent string

// The events.
const (
	EventInvited  SeatEvent = "invited"
	EventReminded SeatEvent = "reminded" // of an invitation, as they asked for
	EventPromoted SeatEvent = "promoted" // from the waiting list to a seat
	EventLapsed   SeatEvent = "lapsed"
	EventRemoved  SeatEvent = "removed"
)

// SeatNotice is what an owner is told of their seat.
type SeatNotice struct {
	Seat     Seat
	Training Training
	Chats    []NoticeChat // who may be told, best first
}

// TrainingMailing is what all who have to do with a training are told.
type TrainingMailing string

// The mailings.
const (
	MailAnnounce  TrainingMailing = "announce"  // to everybody who is meant
	MailMoved     TrainingMailing = "moved"     // another time or place
	MailCancelled TrainingMailing = "cancelled" //
	MailReminder3 TrainingMailing = "reminder3" // three days before
	MailReminder1 TrainingMailing = "reminder1" // one day before
	MailReminder0 TrainingMailing = "reminder0" // two hours before
	MailDrawn     TrainingMailing = "drawn"     // to all who applied, what came of it
	MailFeedback  TrainingMailing = "feedback"  // to all who came, with their certificate
)
