package main

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"umkmbot/flows"
	"umkmbot/internal/transcript"
)

var update = flag.Bool("update", false, "rewrite what the transcripts expect")

// transcripts lie below this folder, one folder a flow.
const transcripts = "../../flows/testdata"

// besides are the folders that belong to no one flow: what is said outside of
// any, and what releases have saved.
var besides = []string{"words", "saved", "questions", "request", "desk", "apply", "pelatihan", "data_saya"}

// TestTranscripts plays every conversation through simulator, bot, Redis and
// Postgres; each in a world of its own.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join(transcripts, "*", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		flow, name := filepath.Base(filepath.Dir(path)), filepath.Base(path)
		t.Run(flow+"/"+name, func(t *testing.T) {
			t.Parallel()
			stage := newWorld(t, func(s *settings) { s.Broadcasts.SecondAbove, s.Retention.Owners = 2, 730 }).stage() // few enough to be played
			if !*update {
				if err := transcript.Play(t.Context(), path, stage); err != nil {
					t.Error(err)
				}
				return
			}
			changed, err := transcript.Update(t.Context(), path, stage)
			if err != nil {
				t.Error(err)
			}
			if changed {
				t.Logf("rewrote %s: read it before it is committed", path)
			}
		})
	}
}

// TestEveryFlowHasTranscripts: a conversation that nobody can read is not done.
func TestEveryFlowHasTranscripts(t *testing.T) {
	t.Parallel()
	for name := range flows.All(flows.Records{}) {
		scripts, err := filepath.Glob(filepath.Join(transcripts, name, "*.txt"))
		if err != nil || len(scripts) == 0 {
			t.Errorf("flows/testdata/%s has no transcript", name)
		}
	}
	folders, err := os.ReadDir(transcripts)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if _, ok := flows.All(flows.Records{})[f.Name()]; !ok && !slices.Contains(besides, f.Name()) {
			t.Errorf("flows/testdata/%s belongs to no flow", f.Name())
		}
	}
}
