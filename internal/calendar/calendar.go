// Package calendar writes a training's entry for a phone's calendar: data goes
// in, the text of an .ics file comes out.
package calendar

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"umkmbot/internal/umkm"
)

// Event is a training as it stands in a calendar. Its texts may hold anything.
type Event struct {
	ID      string // of the training: calendars replace the entry of the same one
	Version int    // the higher one replaces the lower
	Title   string
	About   string
	Place   string
	Pin     *umkm.GeoPoint // nil: not said
	Starts  time.Time
	Ends    time.Time
	Link    string // https; "": none
	At      time.Time
	// Cancelled takes the entry out of calendars that have it.
	Cancelled bool
	Words     Words
}

// Words are what the alarms say, in the reader's language.
type Words struct {
	Tomorrow string // a day before
	Soon     string // two hours before
}

// ErrEvent: what is no event cannot be written: no id, an end before the
// beginning, a link that is none.
var ErrEvent = errors.New("calendar: not an event")

// ICS writes an event. The same event gives the same text.
func ICS(e Event) ([]byte, error) {
	if e.ID == "" || strings.ContainsFunc(e.ID, unicode.IsControl) || !e.Ends.After(e.Starts) {
		return nil, ErrEvent
	}
	if at, err := url.Parse(e.Link); e.Link != "" && (err != nil || at.Scheme != "https" || at.Host == "") {
		return nil, ErrEvent
	}
	c := ics.NewCalendar()
	c.SetProductId("-//umkmbot//trainings//ID")
	method, status := ics.MethodPublish, ics.ObjectStatusConfirmed
	if e.Cancelled {
		method, status = ics.MethodCancel, ics.ObjectStatusCancelled
	}
	c.SetMethod(method)
	event := c.AddEvent(e.ID + "@umkmbot")
	event.SetStatus(status)
	fill(event, e)
	if !e.Cancelled {
		alarm(event, "-P1D", e.Words.Tomorrow)
		alarm(event, "-PT2H", e.Words.Soon)
	}
	return []byte(c.Serialize(ics.WithNewLineWindows)), nil
}

func fill(to *ics.VEvent, e Event) {
	to.SetSequence(e.Version)
	to.SetDtStampTime(e.At)
	to.SetModifiedAt(e.At)
	to.SetStartAt(e.Starts)
	to.SetEndAt(e.Ends)
	to.SetSummary(clean(e.Title))
	if about := clean(e.About); about != "" {
		to.SetDescription(about)
	}
	if place := clean(e.Place); place != "" {
		to.SetLocation(place)
	}
	if e.Pin != nil {
		to.SetProperty(ics.ComponentPropertyGeo, fmt.Sprintf("%.6f;%.6f", e.Pin.Latitude, e.Pin.Longitude))
	}
	if e.Link != "" {
		to.SetURL(e.Link)
	}
}

func alarm(of *ics.VEvent, before, words string) {
	a := of.AddAlarm()
	a.SetAction(ics.ActionDisplay)
	a.SetTrigger(before)
	a.SetDescription(clean(words))
}

// clean leaves of what controls lines only the plain line feed, which the
// library writes as text; a carriage return it would let through.
func clean(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(strings.ToValidUTF8(s, ""))
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp)) {
			return -1
		}
		return r
	}, s))
}
