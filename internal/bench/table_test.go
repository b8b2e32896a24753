package main

import (
	"strings"
	"testing"
)

// fixed are two rounds of everything: the real program at half the floor's
// speed and 1.5 times its CPU by polling, at target by webhook.
func fixed() results {
	all := results{}
	add := func(ingress, program string, speed, cpu float64) {
		c := cell{ingress, program, 200}
		all[c] = append(all[c], figures{TurnsPerSecond: speed, CPU: cpu, P50: 1, RoundTrips: 2})
	}
	all[cell{"polling", real, 20}] = []figures{{TurnsPerSecond: 1, CPU: 9}}
	all[cell{"polling", theFloor, 20}] = []figures{{TurnsPerSecond: 9, CPU: 1}}
	for range 2 {
		add("polling", real, 500, 300)
		add("polling", theFloor, 1000, 200)
		add("webhook", real, 800, 300)
		add("webhook", theFloor, 1000, 200)
	}
	return all
}

func TestTables(t *testing.T) {
	out := tables(fixed(), []footprint{{Chats: 100_000, Ingress: "polling", Now: 80, Most: 151, TurnsPerSecond: 900}})
	for _, want := range []string{"turns/s, real ÷ floor", "0.50–0.50", "0.80–0.80", "1.50–1.50", "100000"} {
		if !strings.Contains(out, want) {
			t.Errorf("%s is missing in\n%s", want, out)
		}
	}
	for prefix, verdict := range map[string]string{
		"| polling | 200            | 0.50": "missed", "| webhook | 200            | 0.80": "reached", "| polling | 100000": "missed",
		"| polling | 20             | 0.11": "–", // no target for few owners
	} {
		found := false
		for line := range strings.Lines(out) {
			if strings.HasPrefix(line, prefix) {
				found = true
				if !strings.Contains(line, verdict) {
					t.Errorf("want %s: %s", verdict, line)
				}
			}
		}
		if !found {
			t.Errorf("no line %q in\n%s", prefix, out)
		}
	}
}

// TestTablesAreMarkdown: every line of a table has as many cells as its head.
func TestTablesAreMarkdown(t *testing.T) {
	for table := range strings.SplitSeq(tables(fixed(), nil), "\n\n") {
		lines := strings.Split(strings.TrimSpace(table), "\n")
		for _, line := range lines {
			if strings.Count(line, "|") != strings.Count(lines[0], "|") || len([]rune(line)) != len([]rune(lines[0])) {
				t.Errorf("ragged: %s", line)
			}
		}
	}
}

func TestOneProgramAloneHasNoRatios(t *testing.T) {
	all := fixed()
	delete(all, cell{"polling", theFloor, 200})
	delete(all, cell{"webhook", theFloor, 200})
	delete(all, cell{"polling", theFloor, 20})
	if out := tables(all, nil); strings.Contains(out, "÷") {
		t.Error(out)
	}
}

func TestMedian(t *testing.T) {
	tests := []struct {
		in   []float64
		want float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 5}, 5}, {[]float64{4, 1, 2, 100}, 3}}
	for _, tt := range tests {
		if got := middle(tt.in); got != tt.want {
			t.Errorf("%v: %v, want %v", tt.in, got, tt.want)
		}
	}
}
