package umkm

import (
	"errors"
	"time"
)

// Training is what an office offers to owners: a day, a place, some seats.
type Training struct {
	ID      string
	Version int // raised by every change
	TrainingPlan
	State     TrainingState
	By        int64     // of the staff, who made it; owners never see
	Created   time.Time //
	Published time.Time // zero: not yet
	Reason    string    // why it was moved or cancelled, to owners
	// SeedHash and Seed are a draw's, in hexadecimal: the hash is known once
	// applications open, the seed, "" before, once it is drawn.
	SeedHash string
	Seed     string
	Drawn    time.Time
	// DrawnBy is what a draw that was held went by; the plan may have changed since.
	DrawnBy DrawRules
	Seats   SeatCounts
}

// TrainingState is how far a training is.
type TrainingState string

// The states.
const (
	TrainingDraft     TrainingState = "draft" // owners know nothing of it
	TrainingOpen      TrainingState = "open"  // announced
	TrainingDone      TrainingState = "done"  // over; certificates have been given
	TrainingCancelled TrainingState = "cancelled"
)

// TrainingPlan is what an officer says of a training, and may change.
type TrainingPlan struct {
	Title   string
	Topic   string // one of TrainingTopics
	About   string
	Online  bool
	Venue   string    // name and address; of one online ""
	Pin     *GeoPoint // where that is on a map; nil: not said
	Link    string    // of one online: https, seen by those who have a seat
	Starts  time.Time
	Ends    time.Time
	Quota   int
	Caps    Caps
	Who     Segment
	Filling Filling
	// UntrainedFirst: who has never attended a training goes first, of a draw
	// and of invitations.
	UntrainedFirst bool
	Closes         time.Time     // until when one can register or apply
	Answer         time.Duration // how long an invitation waits for an answer
	Bring          string        // what to bring; "": nothing
	Travel         string        // how to get there, what is paid; "": nothing said
}

// TrainingTopics lists what trainings are about. They are kept with the
// records: an id is never reused.
func TrainingTopics() []string {
	return []string{"packaging", "marketing", "finance", "legality", "production", "export", "other"}
}

// GeoPoint is a position in degrees (WGS 84).
type GeoPoint struct{ Latitude, Longitude float64 }

// Filling is how seats are given.
type Filling string

// The ways.
const (
	FillOpen   Filling = "open"   // first come, first served
	FillInvite Filling = "invite" // the bot invites as many as there are seats, and goes on where one says no
	FillDraw   Filling = "draw"   // by lot, among those who applied
)

// CapBy is what a cap counts by.
type CapBy string

// What caps count by; CapNone: there are none.
const (
	CapNone     CapBy = ""
	CapDistrict CapBy = "district"
	CapSector   CapBy = "sector"
)

// Caps bound how many of one district or sector have a seat.
type Caps struct {
	By   CapBy          `json:"by,omitempty"`
	Each int            `json:"each,omitempty"` // 0: only those in Of are bounded
	Of   map[string]int `json:"of,omitempty"`   // by district code or sector
}

// Key is what a business counts as, "" where nothing is bounded.
func (c Caps) Key(village RegionCode, sector string) string {
	switch c.By {
	case CapDistrict:
		return string(village.District())
	case CapSector:
		return sector
	default:
		return ""
	}
}

// Max is how many of a key may have a seat; bounded is false where any number may.
func (c Caps) Max(key string) (n int, bounded bool) {
	if c.By == CapNone {
		return 0, false
	}
	if n, ok := c.Of[key]; ok {
		return n, true
	}
	return c.Each, c.Each > 0
}

// NewTraining is a training as an officer makes it.
type NewTraining struct {
	Dialog string // id of the dialog; makes it idempotent
	By     int64
	Plan   TrainingPlan
	At     time.Time
}

// TrainingChange replaces a training's plan.
type TrainingChange struct {
	Dialog   string // id of the dialog; makes it idempotent
	By       int64
	Training string
	Version  int // the one it was made from
	Plan     TrainingPlan
	Reason   string // to owners; "": none given
	At       time.Time
}

// SeatCounts says how many there are of a training's seats.
type SeatCounts struct {
	Seated     int
	Invited    int // a place is kept for them until they answer
	Waiting    int
	Applied    int // in the draw
	Candidates int // may be invited when a place is free
	Attended   int
}

// Free is how many places nobody has; below zero after a quota was lowered.
func (t Training) Free() int { return t.Quota - t.Seats.Seated - t.Seats.Invited }

// Taking reports whether one can register for a seat at a time: owners may
// join, or wait.
func (t Training) Taking(at time.Time) bool {
	return t.State == TrainingOpen && at.Before(t.Closes) && t.Drawn.IsZero()
}

// Live reports whether the training is announced and not over.
func (t Training) Live(at time.Time) bool { return t.State == TrainingOpen && at.Before(t.Ends) }

// The day's times.
const (
	// CheckInBefore is how long before the beginning attendance may be noted.
	CheckInBefore = 2 * time.Hour
	// CheckInAfter is how long after the end it may; then the training is done
	// and certificates are given.
	CheckInAfter = 30 * time.Minute
)

// OnTheDay reports whether attendance may be noted.
func (t Training) OnTheDay(at time.Time) bool {
	return t.State == TrainingOpen && !at.Before(t.Starts.Add(-CheckInBefore)) && at.Before(t.Ends.Add(CheckInAfter))
}

// TrainingCursor is where a page of trainings ended; the zero value is its start.
type TrainingCursor struct {
	Starts time.Time
	ID     string
}

// TrainingOffer is a training that an owner may join, and for which of their
// businesses.
type TrainingOffer struct {
	Training
	Owner    string
	Business string
	Name     string // of the owner
	Agrees   bool   // to be written to, as far as they are meant
	Seat     *Seat  // what they have already; nil: nothing
}

// Material is a file or a page that those who attended may have.
type Material struct {
	ID    string
	Title string
	Link  string // "": a file
	File  string // id in the file store
}

// Errors of trainings.
var (
	// ErrNoTraining: there is none such, or not any more.
	ErrNoTraining = errors.New("umkm: no such training")
	// ErrNotTaking: one cannot register now: not yet, not any more, or never.
	ErrNotTaking = errors.New("umkm: the training takes nobody now")
	// ErrNotMeant: the training is for others.
	ErrNotMeant = errors.New("umkm: the training is not meant for this owner")
	// ErrNoSeat: there is no such seat, or it is of somebody else.
	ErrNoSeat = errors.New("umkm: no such seat")
	// ErrFull: every place is taken.
	ErrFull = errors.New("umkm: every place is taken")
	// ErrWrongTime: attendance is not noted at that time.
	ErrWrongTime = errors.New("umkm: not within the time")
	// ErrPlan: the plan is no plan: its end before its beginning, no seats.
	ErrPlan = errors.New("umkm: not a plan of a training")
)
