package jobs

import (
	"testing"
	"time"

	"github.com/riverqueue/river/rivertype"
)

func TestRetriesGrowApart(t *testing.T) {
	now := time.Date(2026, 12, 1, 2, 0, 0, 0, time.UTC)
	policy := retries{func() time.Time { return now }}
	var soon, all, before time.Duration
	for n := range 24 {
		pause := policy.NextRetry(&rivertype.JobRow{Attempt: 3 * n, Errors: make([]rivertype.AttemptError, n)}).Sub(now)
		if pause <= before {
			t.Errorf("after %d failures the pause is %s, after one less %s", n+1, pause, before)
		}
		before = pause
		if n < soonTries {
			soon += pause
		}
		all += pause
	}
	if soon < 5*time.Minute || soon > 10*time.Minute || all < 4*24*time.Hour || all > 10*24*time.Hour {
		t.Errorf("ten tries within %s, all of them within %s", soon, all)
	}
	if first := policy.NextRetry(&rivertype.JobRow{Attempt: 1}).Sub(now); first != time.Second {
		t.Errorf("the first is tried again after %s", first)
	}
}
