package store

import (
	"slices"
	"testing"
	"time"
)

const sqlFleetingJobs = `SELECT count(*) FROM river_job WHERE kind = 'fleeting' AND args @> jsonb_build_object('subject', $1::text)`

// Messages of one subject go together, at the time kept last.
func TestFleeting(t *testing.T) {
	t.Parallel()
	s, ctx := openStore(t), t.Context()
	keep := func(messages []int, subject string, after time.Duration) {
		t.Helper()
		if err := s.KeepFleeting(ctx, 7, messages, subject, noon.Add(after)); err != nil {
			t.Fatal(err)
		}
	}
	due := func(subject string, after time.Duration) ([]int, time.Duration) {
		t.Helper()
		messages, next, err := s.DueFleeting(ctx, 7, subject, noon.Add(after))
		if err != nil {
			t.Fatal(err)
		}
		if next.IsZero() {
			return messages, 0
		}
		return messages, next.Sub(noon)
	}
	keep([]int{11, 12}, "a", time.Minute)
	keep([]int{13}, "a", time.Minute)
	keep([]int{14}, "b", time.Minute)
	if n := count(t, s, sqlFleetingJobs, "a"); n != 1 {
		t.Errorf("%d jobs for one subject and time", n)
	}
	if got, next := due("a", 59*time.Second); len(got) > 0 || next != time.Minute {
		t.Errorf("before their time: %v, next after %s", got, next)
	}
	keep(nil, "a", time.Hour) // prolonged
	if n := count(t, s, sqlFleetingJobs, "a"); n != 1 {
		t.Errorf("%d jobs once it was prolonged: the first looks again", n)
	}
	if got, next := due("a", time.Minute); len(got) > 0 || next != time.Hour {
		t.Errorf("prolonged: %v, next after %s", got, next)
	}
	if got, _ := due("b", time.Minute); !slices.Equal(got, []int{14}) {
		t.Errorf("another subject's time changed: %v", got)
	}
	for range 2 { // a turn may be taken again
		if got := must(s.TakeFleeting(ctx, 7, "a")); !slices.Equal(got, []int{11, 12, 13}) {
			t.Errorf("taken: %v", got)
		}
	}
	if got := must(s.TakeFleeting(ctx, 8, "a")); len(got) > 0 {
		t.Errorf("another chat's: %v", got)
	}
	got, next := due("a", time.Hour)
	if !slices.Equal(got, []int{11, 12, 13}) || next != 0 {
		t.Errorf("due: %v, next after %s", got, next)
	}
	if err := s.DropFleeting(ctx, 7, got); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s, `SELECT count(*) FROM fleeting`); n != 1 {
		t.Errorf("%d are left, want the other subject's", n)
	}
}
