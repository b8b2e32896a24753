package loadtest

import (
	"testing"

	"umkmbot/internal/umkm/regions"
)

// TestVillagesAreUnderstood: an owner confirms the only guess.
func TestVillagesAreUnderstood(t *testing.T) {
	districts := map[string]bool{}
	for id := range int64(len(villages)) {
		v := VillageOf(id)
		found := regions.Banten().Search("", v.Typed, 5)
		if !regions.Clear(found) || string(found[0].Code) != v.Code {
			t.Errorf("%s is understood as %v", v.Typed, found)
		}
		districts[v.Code[:8]] = true
	}
	if len(districts) != len(villages) {
		t.Errorf("%d villages in %d districts", len(villages), len(districts))
	}
}
