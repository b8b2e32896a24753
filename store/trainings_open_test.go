package store

import (
	"slices"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// Whoever is not registered sees what takes registrations, and nothing else.
func TestOpenTrainings(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	open := func(days int, change ...func(*umkm.TrainingPlan)) string {
		later := func(p *umkm.TrainingPlan) {
			p.Starts, p.Ends, p.Closes = p.Starts.AddDate(0, 0, days), p.Ends.AddDate(0, 0, days), p.Closes.AddDate(0, 0, days)
		}
		id := o.draft(rina, append(change, later)...)
		must(o.Publish(t.Context(), rina, id, 1, noon))
		return id
	}
	second, first, off := open(7), open(0), open(1)
	o.draft(rina)
	if err := o.CancelTraining(t.Context(), rina, off, "", noon); err != nil {
		t.Fatal(err)
	}
	listed := func(limit int, at time.Time) (ids []string) {
		for _, tr := range must(o.OpenTrainings(t.Context(), limit, at)) {
			ids = append(ids, tr.ID)
		}
		return ids
	}
	for _, c := range []struct {
		limit int
		at    time.Time
		want  []string
	}{
		{9, noon, []string{first, second}}, {1, noon, []string{first}}, {9, wib(8, 18, 0), []string{second}}, {9, wib(20, 0, 0), nil},
	} {
		if got := listed(c.limit, c.at); !slices.Equal(got, c.want) {
			t.Errorf("at %s: %v, want %v", c.at, got, c.want)
		}
	}
}
