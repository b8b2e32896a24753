package umkm

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Programme is an offer that owners can ask for, as its content file has it.
// Every figure in its texts is the file's, with its source.
type Programme struct {
	ID string
	Source
	Order      int          // place in the list, the smallest first
	Name       Words        // on a button
	About      Words        // a few short lines
	After      Words        // what happens once it has been asked for
	Regions    []RegionCode // none: everywhere
	Classes    []string     // of size; none: every one, and unknown ones
	Sectors    []string     // none: every one
	From, To   time.Time    // days between which it may be asked for; zero: no border
	Quota      int          // requests; 0: no limit
	Handler    Role         // who handles requests
	Target     int          // working days until the first stage is reached
	Stages     []Stage      // after handing in; the last is the end
	Checks     []Check
	Papers     []Paper
	Questions  []ProgrammeQuestion
	Consents   []ProgrammeConsent
	Calculator string // id of a calculator to offer; "": none
}

// Stage is how far a request is.
type Stage struct {
	ID   string
	Name Words
}

// Check is a condition of a programme. One about a fact is not asked where
// the profile tells it; else age and class are asked as a yes or no.
type Check struct {
	ID      string
	Fact    string // one of Facts; "": asked as a yes or no
	Or      string // the next check, which decides where this one fails
	Want    string // of a yes or no: "yes" or "no"
	Min     int64  // of a fact that is a number
	Max     int64  // 0: no upper border
	OneOf   []string
	When    Condition
	Ask     Words
	Label   Words
	Example Words
	Fail    Words // what it means and what then
}

// Paper is a document that a programme needs: one of several kinds.
type Paper struct {
	Kinds []DocumentKind
	When  Condition
}

// ProgrammeQuestion is one more thing to be told; Field names a field of the
// dialogs: text, list, choice, choices, rupiah, count, date, yes_no.
type ProgrammeQuestion struct {
	ID       string
	Field    string
	Before   string // the check it is asked before; "": after all checks
	Min, Max int64  // of text, count and rupiah; of a list, Max entries
	Options  []Stage
	Optional bool
	When     Condition
	Ask      Words
	Label    Words
}

// ProgrammeConsent is asked apart: for handing data on.
type ProgrammeConsent struct {
	Purpose string
	Version string
	Needed  bool // without it nothing can be asked for
	When    Condition
	Ask     Words
	Label   Words
}

// Condition holds when an earlier answer is one of some, or a number between
// two borders; of several choices one is enough. The zero Condition always
// holds.
type Condition struct {
	Step string
	Is   []string
	Min  int64
	Max  int64 // 0: no upper border
}

// Holds reports whether the answer of Step, "" when there is none, fulfils it.
func (c Condition) Holds(answer func(step string) string) bool {
	if c.Step == "" {
		return true
	}
	value := answer(c.Step)
	if len(c.Is) > 0 {
		return slices.ContainsFunc(strings.Split(value, ","), func(v string) bool { return slices.Contains(c.Is, v) })
	}
	return between(value, c.Min, c.Max)
}

func between(value string, low, high int64) bool {
	n, err := strconv.ParseInt(value, 10, 64)
	return err == nil && n >= low && (high == 0 || n <= high)
}

// Passes reports whether an answer or a fact fulfils the check.
func (c Check) Passes(value string) bool {
	switch {
	case c.Fact == "":
		return value == c.Want
	case len(c.OneOf) > 0:
		return slices.Contains(c.OneOf, value)
	}
	return between(value, c.Min, c.Max)
}

// The facts that a profile tells and checks may be about.
const (
	FactTurnover = "turnover" // rupiah a year
	FactAge      = "age"      // whole months since the business began
	FactClass    = "class"
	FactSector   = "sector"
	FactNIB      = "nib" // "yes", "process" or "not_yet"
)

// Facts lists the names of facts.
func Facts() []string { return []string{FactTurnover, FactAge, FactClass, FactSector, FactNIB} }

// Sectors lists the lines of business. They are kept with the records: an id is
// never reused.
func Sectors() []string {
	return []string{"food", "fashion", "craft", "trade", "service", "farm", "other"}
}

// FactsOf says what is known of a business; what is not known is left out.
func FactsOf(b Business, classes Classes, at time.Time) map[string]string {
	out := map[string]string{}
	if b.Turnover != nil {
		out[FactTurnover] = strconv.FormatInt(b.Turnover.Yearly(), 10)
		out[FactClass] = classes.Of(b.Turnover)
	}
	if months, ok := b.Since.Months(at); ok {
		out[FactAge] = strconv.Itoa(months)
	}
	for name, value := range map[string]string{FactSector: b.Sector, FactNIB: b.NIBState} {
		if value != "" {
			out[name] = value
		}
	}
	return out
}

// Months counts the whole months since then. Where only the year is known it
// takes the year's end, so that nothing is promised too early; ok is false
// where that is not over, or the year is unknown.
func (s Since) Months(at time.Time) (n int, ok bool) {
	if s.Year == 0 {
		return 0, false
	}
	month := s.Month
	if month == 0 {
		month = 12
	}
	n = (at.Year()-s.Year)*12 + int(at.Month()) - month
	return n, n >= 0
}

// Standing is whether a programme can be asked for.
type Standing string

// The standings.
const (
	StandingOpen      Standing = "open"
	StandingEarly     Standing = "early"  // not yet
	StandingOver      Standing = "over"   // not any more
	StandingElsewhere Standing = "region" // not in this region
	StandingClass     Standing = "class"  // not for this class of business
	StandingSector    Standing = "sector" // not for this line of business
	StandingClosed    Standing = "closed" // by an officer
	StandingFull      Standing = "full"
	StandingAsked     Standing = "asked" // the business waits for it
)

// Standing of the programme for a business on a day. What is not known of the
// business keeps it out of nothing.
func (p Programme) Standing(village RegionCode, facts map[string]string, at time.Time) Standing {
	within := func(r RegionCode) bool { return r.Contains(village) }
	lacks := func(list []string, fact string) bool {
		return len(list) > 0 && facts[fact] != "" && !slices.Contains(list, facts[fact])
	}
	// A file's days have no zone: they are those of whoever asks.
	day := func(d time.Time, plus int) time.Time {
		return time.Date(d.Year(), d.Month(), d.Day()+plus, 0, 0, 0, 0, at.Location())
	}
	switch {
	case !p.From.IsZero() && at.Before(day(p.From, 0)):
		return StandingEarly
	case !p.To.IsZero() && !at.Before(day(p.To, 1)):
		return StandingOver
	case len(p.Regions) > 0 && !slices.ContainsFunc(p.Regions, within):
		return StandingElsewhere
	case lacks(p.Classes, FactClass):
		return StandingClass
	case lacks(p.Sectors, FactSector):
		return StandingSector
	}
	return StandingOpen
}

// Application is a request as its owner hands it in.
type Application struct {
	Dialog    string // id of the dialog; makes it idempotent
	Account   int64
	Business  string
	Programme string
	Handler   Role      // the programme's
	Quota     int       // the programme's; 0: no limit
	Due       time.Time // by when its first stage is meant to be reached; zero: not said
	Answers   []RequestAnswer
	Consents  []Consent
	At        time.Time
}

// RequestAnswer is what a step of a programme was answered with.
type RequestAnswer struct {
	Step  string `json:"s"`
	Value string `json:"v"`
}

// Errors of programmes.
var (
	// ErrAsked: the business has asked for the programme and waits.
	ErrAsked = errors.New("umkm: asked for already")
	// ErrProgrammeClosed: it takes no requests now.
	ErrProgrammeClosed = errors.New("umkm: the programme is closed")
	// ErrProgrammeFull: its quota is used up.
	ErrProgrammeFull = errors.New("umkm: the programme's quota is used up")
)

// ProgrammeState is what the office has set of a programme, and how many have
// asked for it.
type ProgrammeState struct {
	Closed bool
	Quota  *int // nil: the file's
	Asked  int
}

// Standing tells whether the office lets the programme be asked for.
func (s ProgrammeState) Standing(p Programme) Standing {
	quota := p.Quota
	if s.Quota != nil {
		quota = *s.Quota
	}
	switch {
	case s.Closed:
		return StandingClosed
	case quota > 0 && s.Asked >= quota:
		return StandingFull
	}
	return StandingOpen
}
