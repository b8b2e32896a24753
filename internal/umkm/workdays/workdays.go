// Package workdays counts the days on which the office works: Monday to
// Friday less the holidays of a calendar.
package workdays

import "time"

// Holiday is a day on which the office does not work.
type Holiday struct {
	Year  int
	Month time.Month
	Day   int
}

// on is the day of a moment in a zone.
func on(at time.Time, zone *time.Location) Holiday {
	at = at.In(zone)
	return Holiday{at.Year(), at.Month(), at.Day()}
}

// Calendar is the office's. The zero value is not ready; use New.
type Calendar struct {
	zone     *time.Location
	holidays map[Holiday]bool
}

// New makes a calendar of the holidays in the office's zone.
func New(zone *time.Location, holidays ...Holiday) Calendar {
	c := Calendar{zone: zone, holidays: make(map[Holiday]bool, len(holidays))}
	for _, h := range holidays {
		c.holidays[h] = true
	}
	return c
}

// IsWorkday tells whether the office works on the day of a moment.
func (c Calendar) IsWorkday(at time.Time) bool {
	switch at.In(c.zone).Weekday() {
	case time.Saturday, time.Sunday:
		return false
	default:
		return !c.holidays[on(at, c.zone)]
	}
}

// AddWorkdays is the nth working day after a moment's day, at the same hour;
// before it when n is negative. The day itself is never counted. n = 0 is
// the day itself if the office works, else the next working day.
func (c Calendar) AddWorkdays(at time.Time, n int) time.Time {
	at = at.In(c.zone)
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	if n == 0 && !c.IsWorkday(at) {
		n = 1
	}
	for n > 0 {
		at = at.AddDate(0, 0, step)
		if c.IsWorkday(at) {
			n--
		}
	}
	return at
}

// WorkdaysBetween counts the working days after the day of from, up to and
// with the day of to; negative when to is the earlier. It is how often
// somebody who asked on from has seen the office open by the end of to.
func (c Calendar) WorkdaysBetween(from, to time.Time) int {
	from, to = midday(from, c.zone), midday(to, c.zone)
	if to.Before(from) {
		return -c.WorkdaysBetween(to, from)
	}
	n := 0
	for day := from.AddDate(0, 0, 1); !day.After(to); day = day.AddDate(0, 0, 1) {
		if c.IsWorkday(day) {
			n++
		}
	}
	return n
}

// midday stands for a day, clear of any change of the clocks.
func midday(at time.Time, zone *time.Location) time.Time {
	d := on(at, zone)
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, zone)
}
