package jobs

import (
	"time"

	"github.com/riverqueue/river/rivertype"
)

// retries is when a job that failed is tried again. Somebody may be waiting for
// it, and most troubles are short: at first after 1, 4, 9 … 100 s, which makes
// six minutes. Then after ten minutes and ever later, up to a day and a half;
// with River's 25 tries that makes a week.
type retries struct{ now func() time.Time }

// The tries that follow each other soon, and how the pauses grow after them.
const (
	soonTries  = 10
	laterBegin = 6
)

// NextRetry implements river.ClientRetryPolicy.
func (r retries) NextRetry(job *rivertype.JobRow) time.Time {
	n := len(job.Errors) + 1 // a job that asks to be done later has not failed
	if n <= soonTries {
		return r.now().Add(time.Duration(n*n) * time.Second)
	}
	n -= laterBegin
	return r.now().Add(time.Duration(n*n*n*n) * time.Second)
}
