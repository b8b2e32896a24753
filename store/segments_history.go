package store

import (
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/umkm"
)

// What a segment asks of other records than reach. Each is read once, for all
// rows of reach together.
const (
	sqlGot = `r.business IN (SELECT q.business FROM requests q WHERE q.state = 'done' AND q.programme = ANY(%s))`

	sqlOfTraining = `r.owner IN (
	SELECT s.owner FROM seats s WHERE s.training = %s AND (s.in_at IS NOT NULL OR ` + stateLive + `))`

	sqlOfList = `r.business IN (SELECT l.business FROM segment_list_numbers l WHERE l.list = %s)`
)

// history adds what a segment asks of the past: programmes, days, a training,
// a list.
func (c *condition) history(seg umkm.Segment) {
	if len(seg.Got) > 0 {
		c.addf(sqlGot, seg.Got)
	}
	c.day("r.registered_at >= %s", seg.RegisteredFrom, 0)
	c.day("r.registered_at < %s", seg.RegisteredTo, 1)
	c.day("r.seen_at >= %s", seg.SeenFrom, 0)
	c.record(sqlOfTraining, seg.Training)
	c.record(sqlOfList, seg.List)
}

// day adds a comparison with the beginning of a day, or of one later. "" asks
// nothing; what is no day is met by nobody.
func (c *condition) day(part, day string, later int) {
	if day == "" {
		return
	}
	begins, err := time.ParseInLocation(time.DateOnly, day, officeZone)
	if err != nil {
		c.add("false")
		return
	}
	c.addf(part, begins.AddDate(0, 0, later))
}

// record adds a part about the record with an id. "" asks nothing; what is no
// id is met by nobody.
func (c *condition) record(part, id string) {
	if id == "" {
		return
	}
	parsed, err := uuid.Parse(id)
	if err != nil {
		c.add("false")
		return
	}
	c.addf(part, parsed)
}
