package dialog

import "testing"

func TestHandled(t *testing.T) {
	var ids []int64
	for id := range int64(KeepHandled + 8) {
		if id != 20 {
			ids = remember(ids, 1000+id)
		}
	}
	for update, want := range map[int64]bool{
		1039: true,  // the newest
		1020: false, // overtaken on another connection
		1000: true,  // forgotten, in the same unconfirmed batch
		1040: false, // new
		100:  true,
		-1:   false, // a new run of ids after a quiet week
	} {
		if got := handled(ids, update); got != want {
			t.Errorf("update %d handled: %v", update, got)
		}
	}
	// A job that takes an update up again has its id below zero, and leaves what
	// is known of the others.
	ids = remember(ids, -1039)
	for update, want := range map[int64]bool{-1039: true, -1040: false, 1004: true, 1041: false} {
		if got := handled(ids, update); got != want {
			t.Errorf("update %d handled behind a job: %v", update, got)
		}
	}
	if handled(ids[:3], 999) {
		t.Error("a chat that is little known remembers everything")
	}
}
