package store

import (
	"errors"
	"os"
	"testing"

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
	if d.objects() != markKey {
		t.Errorf("the sweeper left %q", d.objects())
	}
	other.uploads.files = files.Seal(d.folder, d.keys)
	if err := other.CheckFiles(t.Context()); !errors.Is(err, ErrOtherFiles) {
		t.Errorf("another database's files: %v", err)
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
