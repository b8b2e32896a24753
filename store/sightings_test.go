package store

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestWhoSaw: what the staff did in a time, each with everybody concerned.
func TestWhoSaw(t *testing.T) {
	w := openWhole(t)
	saw := func(from, to time.Time, actor int64) (lines []string) {
		t.Helper()
		err := w.WhoSaw(t.Context(), from, to, actor, func(s Sighting) error {
			lines = append(lines, fmt.Sprintf("%d %s %s %s", s.Account, s.Name, s.Action, s.Whose))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return lines
	}
	hers, neighbors := string(w.number(w.business)), string(w.number(w.businessOf(sitisNeighbor)))
	later := noon.AddDate(1, 0, 0)
	all := saw(noon.Add(-time.Hour), later, 0)
	for _, want := range []string{
		"901 Petugas 901 document.decided " + hers, "900 Petugas 900 training.exported " + hers, "900 Petugas 900 training.exported " + neighbors,
		fmt.Sprintf("900 Petugas 900 case.taken account %d", sitisChat), "900 Petugas 900 training.created ",
	} {
		if !slices.Contains(all, want) {
			t.Errorf("%q is not among\n%q", want, all)
		}
	}
	if budi := saw(noon.Add(-time.Hour), later, w.budi); len(budi) == 0 || len(budi) >= len(all) ||
		slices.ContainsFunc(budi, func(l string) bool { return l[:3] != "901" }) {
		t.Errorf("of one: %q", budi)
	}
	if own := saw(noon.Add(-time.Hour), later, sitisChat); len(own) == 0 || slices.ContainsFunc(all, func(l string) bool { return l[:3] == "710" }) {
		t.Errorf("of an account that is not of the staff: %q", own)
	}
	if early := saw(noon.Add(-2*time.Hour), noon.Add(-time.Hour), 0); len(early) != 0 {
		t.Errorf("before: %q", early)
	}
	if n := w.audits("audit.read"); n != 4 {
		t.Errorf("it was read %d times by the audit log", n)
	}
	if err := w.WhoSaw(t.Context(), later, noon, 0, func(Sighting) error { return nil }); err == nil {
		t.Error("a time that ends before it begins")
	}
}
