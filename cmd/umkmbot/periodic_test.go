package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/jobs"
)

// cameRound is a row of the table of what comes round: name and when.
var cameRound = regexp.MustCompile("(?m)^  \\| `([a-z_]+)` \\| ([^|]+?) \\|")

// docs/operations.md lists what comes round, and when.
func TestPeriodicWorkIsListed(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, row := range cameRound.FindAllStringSubmatch(string(raw), -1) {
		listed[row[1]] = row[2]
	}
	all := (&app{zone: time.UTC}).periodic()
	for _, p := range all {
		due := p.Next(time.Date(2026, 11, 2, 12, 0, 1, 0, time.UTC)).Format("15.04")
		switch when, ok := listed[p.Name]; {
		case !ok:
			t.Errorf("operations.md does not list %s", p.Name)
		case !strings.Contains(when, due) && !strings.HasPrefix(when, "every "):
			t.Errorf("operations.md says of %s %q, and it comes at %s", p.Name, when, due)
		}
		delete(listed, p.Name)
	}
	for name := range listed {
		t.Errorf("operations.md lists %s, which does not come round", name)
	}
	if !slices.ContainsFunc(all, func(p jobs.Periodic) bool { return p.Name == "digest" }) {
		t.Error("nothing comes round")
	}
}
