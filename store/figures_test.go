package store

import (
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// Figures name the oldest of each kind, in the queue's own order or not.
func TestFigures(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	if f := must(o.Figures(t.Context(), noon)); len(f.Cases) != 0 || f.LettersLeft() != 0 || f.DeadLetters.Oldest != nil {
		t.Errorf("of an empty office: %+v", f)
	}
	first, second := o.business(1, ciruas), o.business(2, carita)
	o.submit(2, second, noon.Add(oneHour))
	o.submit(1, first, noon)
	o.exec("UPDATE cases SET returned = true WHERE account = 2") // goes first, is not the oldest
	if err := o.DeadLetters().Bury(t.Context(), 7, []byte("{}"), "panic", noon); err != nil {
		t.Fatal(err)
	}
	if err := o.Held().Hold(t.Context(), 1, []byte("x"), noon.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	f := must(o.Figures(t.Context(), noon.Add(2*oneHour)))
	if len(f.Cases) != 1 || f.Cases[0].Kind != string(umkm.CaseDocument) || f.Cases[0].State != "waiting" || f.Cases[0].Count != 2 || !f.Cases[0].Oldest.Equal(noon) {
		t.Errorf("cases: %+v", f.Cases)
	}
	if f.DeadLetters.Count != 1 || !f.DeadLetters.Oldest.Equal(noon) || f.HeldReplies.Count != 1 {
		t.Errorf("dead letters %+v, held replies %+v", f.DeadLetters, f.HeldReplies)
	}
	due := time.Time{}
	for _, j := range f.Jobs {
		if j.Kind == "send_held" && j.State == "scheduled" && j.Count == 1 && j.Oldest != nil {
			due = *j.Oldest
		}
	}
	if !due.Equal(noon.Add(time.Minute)) {
		t.Errorf("jobs: %+v", f.Jobs)
	}
}
