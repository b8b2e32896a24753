package umkm

import "time"

// Clock is the program's time in the form the job queue takes. NowOrNil never
// says nil, so that the queue's SQL does not fall back on the database's now().
type Clock func() time.Time

// Now is the program's time.
func (c Clock) Now() time.Time { return c() }

// NowOrNil is Now; never nil.
func (c Clock) NowOrNil() *time.Time { t := c(); return &t }
