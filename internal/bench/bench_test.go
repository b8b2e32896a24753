package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestBench measures a few owners and chats: nobody's figures, but every part
// of the machinery.
func TestBench(t *testing.T) {
	t.Chdir("../..")
	out := filepath.Join(t.TempDir(), "tables.md")
	profiles := filepath.Join(t.TempDir(), "profiles")
	err := run(t.Context(), []string{
		"-quick", "-ingress", "webhook", "-at-once", "20", "-owners", "22", "-chats", "30", "-businesses", "400", "-dialogs", "50", "-markdown", out, "-profile", profiles,
	})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []string{
		`(?m)^\| webhook +\| 20 +\| real +\| [1-9]`,
		`(?m)^\| webhook +\| 20 +\| floor +\| [1-9]`,
		`(?m)^\| webhook +\| 30 +\| [1-9]`,
	} {
		if !regexp.MustCompile(row).Match(raw) {
			t.Errorf("no row like %s in\n%s", row, raw)
		}
	}
	roundTrips(t, string(raw))
	for _, name := range []string{"cpu-webhook-1.pb.gz", "allocs-webhook-1.pb.gz", "heap-webhook.pb.gz"} {
		if info, err := os.Stat(filepath.Join(profiles, name)); err != nil || info.Size() == 0 {
			t.Errorf("no profile: %v", err)
		}
	}
}

// roundTrips holds the real program to its promise: two awaited calls of Redis
// a turn, and a release that mostly travels with others. How much of it shares
// packets depends on the load.
func roundTrips(t *testing.T, tables string) {
	t.Helper()
	for line := range strings.Lines(tables) {
		cells := strings.Split(line, "|")
		if len(cells) < 13 || strings.TrimSpace(cells[3]) != real {
			continue
		}
		number := func(i int) float64 {
			n, err := strconv.ParseFloat(strings.TrimSpace(cells[i]), 64)
			if err != nil {
				t.Error(err)
			}
			return n
		}
		if requests := number(10); requests > 2.9 {
			t.Errorf("%v Redis requests a turn", requests)
		}
		if commands := number(11); commands < 2.5 || commands > 3.2 {
			t.Errorf("%v Redis commands a turn", commands)
		}
	}
}
