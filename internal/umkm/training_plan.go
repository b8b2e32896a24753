package umkm

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Bounds of a training's plan.
const (
	MaxTrainingTitle = 120 // characters
	MaxTrainingAbout = 1000
	MaxTrainingVenue = 300
	MaxTrainingNote  = 500 // what to bring, how to get there, a link, a reason
	MaxQuota         = 100_000
	// MaxTrainingLasts is the longest from the beginning to the end.
	MaxTrainingLasts = 60 * 24 * time.Hour
	// MaxAnswer is the longest that an invitation waits for an answer.
	MaxAnswer = 60 * 24 * time.Hour
)

// regionCode matches the province and what lies in it, down to a village.
var regionCode = regexp.MustCompile(`^36(\.\d{2}(\.\d{2}(\.\d{4})?)?)?$`)

// Tidy is the plan as it is kept: the province where no region is named, what
// its way of meeting or of filling has no use for left out, times to the second.
func (p TrainingPlan) Tidy() TrainingPlan {
	p.Title, p.About, p.Venue = strings.TrimSpace(p.Title), strings.TrimSpace(p.About), strings.TrimSpace(p.Venue)
	p.Link, p.Bring, p.Travel = strings.TrimSpace(p.Link), strings.TrimSpace(p.Bring), strings.TrimSpace(p.Travel)
	if len(p.Who.Regions) == 0 || slices.Contains(p.Who.Regions, Province) {
		p.Who.Regions = []RegionCode{Province}
	}
	if p.Online {
		p.Venue, p.Pin = "", nil
	} else {
		p.Link = ""
	}
	if p.Caps.By == CapNone {
		p.Caps = Caps{}
	}
	if p.Filling != FillInvite {
		p.Answer = 0
	}
	p.Starts, p.Ends, p.Closes = p.Starts.Truncate(time.Second), p.Ends.Truncate(time.Second), p.Closes.Truncate(time.Second)
	p.Answer = p.Answer.Truncate(time.Minute)
	return p
}

// Check says what is wrong with a tidy plan: ErrPlan. Whether its times are
// still to come is another matter (Ahead).
func (p TrainingPlan) Check() error {
	switch {
	case p.Title == "" || utf8.RuneCountInString(p.Title) > MaxTrainingTitle:
		return badPlan("title")
	case !slices.Contains(TrainingTopics(), p.Topic):
		return badPlan("topic")
	case utf8.RuneCountInString(p.About) > MaxTrainingAbout:
		return badPlan("about")
	case utf8.RuneCountInString(p.Bring) > MaxTrainingNote || utf8.RuneCountInString(p.Travel) > MaxTrainingNote:
		return badPlan("what to bring, travel")
	case !p.Ends.After(p.Starts) || p.Ends.Sub(p.Starts) > MaxTrainingLasts:
		return badPlan("end")
	case p.Closes.After(p.Starts):
		return badPlan("closing")
	}
	if err := p.checkPlace(); err != nil {
		return err
	}
	return p.checkSeats()
}

// Ahead says whether a plan's beginning and the end of its registration are
// still to come: ErrPlan.
func (p TrainingPlan) Ahead(at time.Time) error {
	if !p.Starts.After(at) {
		return badPlan("beginning is over")
	}
	if !p.Closes.After(at) {
		return badPlan("closing is over")
	}
	return nil
}

func (p TrainingPlan) checkPlace() error {
	if p.Online {
		u, err := url.Parse(p.Link)
		if err != nil || u.Scheme != "https" || u.Host == "" || utf8.RuneCountInString(p.Link) > MaxTrainingNote {
			return badPlan("link")
		}
		return nil
	}
	if p.Venue == "" || utf8.RuneCountInString(p.Venue) > MaxTrainingVenue {
		return badPlan("venue")
	}
	if p.Pin != nil && !p.Pin.onEarth() {
		return badPlan("pin")
	}
	return nil
}

// onEarth is false of NaN, too.
func (p GeoPoint) onEarth() bool {
	return p.Latitude >= -90 && p.Latitude <= 90 && p.Longitude >= -180 && p.Longitude <= 180
}

func (p TrainingPlan) checkSeats() error {
	switch p.Filling {
	case FillOpen, FillDraw:
	case FillInvite:
		if p.Answer < time.Minute || p.Answer > MaxAnswer {
			return badPlan("time for an answer")
		}
	default:
		return badPlan("filling")
	}
	if p.Quota < 1 || p.Quota > MaxQuota {
		return badPlan("quota")
	}
	if !slices.Contains([]CapBy{CapNone, CapDistrict, CapSector}, p.Caps.By) || p.Caps.Each < 0 {
		return badPlan("caps")
	}
	for _, n := range p.Caps.Of {
		if n < 0 {
			return badPlan("caps")
		}
	}
	for _, r := range p.Who.Regions {
		if !regionCode.MatchString(string(r)) {
			return badPlan("region")
		}
	}
	return nil
}

// badPlan names the part that is wrong, never what it says.
func badPlan(what string) error { return fmt.Errorf("%w: %s", ErrPlan, what) }
