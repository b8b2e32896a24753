package store

import (
	"errors"
	"os"
	"testing"
	"time"

	"umkmbot/store/files"
)

func TestCheckFiles(t *testing.T) {
	d, other := openDrawer(t), openDrawer(t)
	for range 2 { // the first makes the mark
		if err := d.CheckFiles(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	d.sweep()
	if _, err := readMark(t.Context(), d.uploads.files); err != nil {
		t.Errorf("the sweeper took the mark: %v", err)
	}
	other.uploads.files = files.Seal(d.folder, d.keys)
	if err := other.CheckFiles(t.Context()); !errors.Is(err, ErrOtherFiles) {
		t.Errorf("another database's files: %v", err)
	}
	kept := d.keep(1, "a")
	other.clock.Store(int64(time.Since(noon) + 2*sweepAge))
	if _, err := other.SweepFiles(t.Context(), noon); !errors.Is(err, ErrOtherFiles) || d.objects() != "files/"+kept.ID {
		t.Errorf("another database's files are swept: %v, left %q", err, d.objects())
	}
	other.uploads.files = files.Seal(d.folder, other.keys)
	if err := other.CheckFiles(t.Context()); !errors.Is(err, files.ErrSealed) {
		t.Errorf("with other keys: %v", err)
	}
	if err := openStore(t).CheckFiles(t.Context()); err != nil {
		t.Errorf("no files: %v", err)
	}
	if err := os.RemoveAll(d.root); err != nil {
		t.Fatal(err)
	}
	if d.CheckFiles(t.Context()) == nil {
		t.Error("a folder that is gone")
	}
}
