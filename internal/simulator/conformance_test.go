package simulator_test

import "testing"

// TestConformance plays every row: how the simulator answers is how Telegram
// answers. The rows stand in the conformance_*_test.go files, by subject.
func TestConformance(t *testing.T) {
	seen := map[string]bool{}
	total := 0
	for _, part := range []struct {
		name string
		rows []row
	}{
		{"requests", requestRows()},
		{"getUpdates", pollingRows()},
		{"webhook", webhookRows()},
		{"sendMessage", sendRows()},
		{"formatting", formattingRows()},
		{"keyboards", keyboardRows()},
		{"edit and delete", editRows()},
		{"callbacks", callbackRows()},
		{"people", peopleRows()},
		{"files", fileRows()},
		{"albums", albumRows()},
		{"commands", commandRows()},
		{"groups", groupRows()},
		{"limits and faults", limitRows()},
	} {
		total += len(part.rows)
		for _, r := range part.rows {
			if name := part.name + r.behaviour; seen[name] {
				t.Errorf("two rows are called %s", r.behaviour)
			} else {
				seen[name] = true
			}
		}
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			table(t, part.rows)
		})
	}
	if total < 150 {
		t.Errorf("only %d rows", total)
	}
}
