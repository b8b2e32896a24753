package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/store/files"
)

// drafted saves a chat in whose dialogs files are named, in every place where
// they can be.
func (d *drawer) drafted(chat int64, state dialog.State) {
	d.t.Helper()
	e := must(d.Chats.Enter(d.t.Context(), chat))
	e.State = state
	if err := d.Chats.Save(d.t.Context(), e); err != nil {
		d.t.Fatal(err)
	}
	d.Chats.Release(e, true)
}

func TestSweepStaged(t *testing.T) {
	d := openDrawer(t)
	b := d.business(6, ciruas)
	answer, working, aside, stray, others, document := d.keep(1, "a"), d.keep(2, "b"), d.keep(3, "c"), d.keep(4, "d"), d.keep(5, "e"), d.keep(6, "f")
	d.drafted(1, dialog.State{Dialog: &dialog.Dialog{ID: "d1", Answers: dialog.Answers{"pages": {Value: "x," + answer.ID}}}})
	d.drafted(2, dialog.State{Dialog: &dialog.Dialog{ID: "d2", Draft: dialog.Draft{Step: "pages", Working: working.ID}}})
	d.drafted(3, dialog.State{Dialog: &dialog.Dialog{ID: "d3"}, Aside: []dialog.Dialog{{ID: "d4", Answers: dialog.Answers{"pages": {Value: aside.ID}}}}})
	// Somebody else's draft keeps nobody's file.
	d.drafted(4, dialog.State{Dialog: &dialog.Dialog{ID: "d5", Answers: dialog.Answers{"pages": {Value: others.ID}}}})
	d.handIn(6, b, document.ID)
	d.wait(sweepAge - time.Second)
	d.sweep()
	if n := d.count("SELECT count(*) FROM files"); n != 6 {
		t.Fatalf("%d of 6 are left within the hour", n)
	}
	d.wait(2 * time.Second)
	d.sweep()
	for f, want := range map[*umkm.StoredFile]bool{&answer: true, &working: true, &aside: true, &document: true, &stray: false, &others: false} {
		row := d.count("SELECT count(*) FROM files WHERE id = $1", f.ID) == 1
		object := strings.Contains(d.objects(), f.ID)
		if row != want || object != want {
			t.Errorf("account %s: row %v, object %v, want %v", f.Name, row, object, want)
		}
	}
	d.drafted(1, dialog.State{})
	if err := d.Chats.Delete(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	d.sweep()
	if n := d.count("SELECT count(*) FROM files"); n != 2 || d.FileCounts().Swept != 4 {
		t.Errorf("%d files are left, counts %+v", n, d.FileCounts())
	}
}

// TestSweepLeavesDraftsOfAChatInUse: the sweeper does not take the chat, and
// whoever holds it is not disturbed.
func TestSweepLeavesDraftsOfAChatInUse(t *testing.T) {
	d := openDrawer(t)
	f := d.keep(1, "a")
	d.drafted(1, dialog.State{Dialog: &dialog.Dialog{ID: "d1", Answers: dialog.Answers{"pages": {Value: f.ID}}}})
	e := must(d.Chats.Enter(t.Context(), 1))
	d.wait(2 * sweepAge)
	d.sweep()
	if err := d.Chats.Save(t.Context(), e); err != nil {
		t.Errorf("the turn lost its chat: %v", err)
	}
	d.Chats.Release(e, true)
	if n := d.count("SELECT count(*) FROM files"); n != 1 {
		t.Error("the draft lost its file")
	}
}

// TestSweepAfterKills: whatever instruction a process died at, what it left is
// gone an hour later, or put where it belongs.
func TestSweepAfterKills(t *testing.T) {
	d := openDrawer(t)
	id := func() uuid.UUID { return must(newID()) }
	sealed := files.Seal(d.folder, d.keys)
	put := func(key string) {
		if _, err := sealed.Put(t.Context(), key, strings.NewReader("left")); err != nil {
			t.Fatal(err)
		}
	}
	// After the row; after the object; half-way through a discard; in the
	// middle of a write; after a restore of an older database.
	rowOnly, both, orphan, bad, lost := id(), id(), id(), id(), id()
	for _, one := range []uuid.UUID{rowOnly, both, bad} {
		if err := d.stage(t.Context(), one, umkm.Upload{Account: 1}); err != nil {
			t.Fatal(err)
		}
	}
	put(objectKey(areaFiles, both))
	put(objectKey(areaFiles, orphan))
	put(objectKey(areaQuarantine, lost))
	// Between the verdict and the move into quarantine.
	put(objectKey(areaFiles, bad))
	d.exec("UPDATE files SET state = 'quarantined', scan = 'infected' WHERE id = $1", bad)
	temp := filepath.Join(d.root, "files", "0192", ".tmp-1")
	if err := os.MkdirAll(filepath.Dir(temp), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(temp, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(temp, long, long); err != nil {
		t.Fatal(err)
	}
	// The folder's times are the machine's: the program's clock goes with it.
	d.clock.Store(int64(time.Since(noon) + 2*sweepAge))
	d.sweep()
	if got := d.objects(); got != objectKey(areaQuarantine, bad) {
		t.Errorf("left are %q", got)
	}
	if n := d.count("SELECT count(*) FROM files"); n != 1 {
		t.Errorf("%d rows are left", n)
	}
	if _, err := os.Stat(temp); err == nil {
		t.Error("the half-written file is left")
	}
	if c := d.FileCounts(); c.Orphans != 2 || c.Swept != 3 || c.Missing != 0 {
		t.Errorf("counts %+v", c)
	}
}

func TestSweepLeavesNewOrphans(t *testing.T) {
	d := openDrawer(t)
	d.clock.Store(int64(time.Since(noon)))
	key := objectKey(areaFiles, must(newID()))
	if _, err := d.folder.Put(t.Context(), key, strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	d.sweep()
	if d.objects() != key {
		t.Error("an object of this minute was removed")
	}
}

func TestMissingFilesAreReported(t *testing.T) {
	d := openDrawer(t)
	b := d.business(1, ciruas)
	f, g := d.keep(1, "a"), d.keep(1, "b")
	doc := d.handIn(1, b, f.ID, g.ID)
	if err := d.folder.Delete(t.Context(), "files/"+f.ID); err != nil {
		t.Fatal(err)
	}
	d.sweep()
	if d.FileCounts().Missing != 0 {
		t.Error("one of this minute is reported: it may be on its way")
	}
	d.wait(2 * sweepAge)
	d.sweep()
	if c := d.FileCounts(); c.Missing != 1 || d.count("SELECT count(*) FROM document_files WHERE document = $1", doc) != 2 {
		t.Errorf("counts %+v", c)
	}
}

// TestSweepGoesOnByParts: more files than a page, some of each kind at every
// place, and a run that is cut off goes on where it was.
func TestSweepGoesOnByParts(t *testing.T) {
	d := openDrawer(t)
	const n = 3*sweepPage + 7
	d.exec(`INSERT INTO files (id, account, state, scan, mime, size, pages, flaws, sealed, created_at, kept_at)
		SELECT ('0192abcd-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 1, CASE WHEN i % 3 = 0 THEN 'attached' ELSE 'staged' END,
			'', '', 1, 1, '{}', '', $1, $1 FROM generate_series(1, $2) i`, noon, n)
	for i := 1; i <= n; i++ {
		if i%9 == 0 {
			continue // attached, and missing
		}
		id := uuid.MustParse(fmt.Sprintf("0192abcd-0000-7000-8000-%012x", i))
		if _, err := d.folder.Put(t.Context(), objectKey(areaFiles, id), strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
	}
	for range 200 {
		if _, err := d.folder.Put(t.Context(), objectKey(areaFiles, must(newID())), strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
	}
	d.clock.Store(int64(time.Since(noon) + 2*sweepAge))
	d.sweep()
	attached := n / 3
	if c := d.FileCounts(); c.Swept != int64(n-attached) || c.Orphans != 200 || c.Missing != int64(n/9) {
		t.Errorf("counts %+v", c)
	}
	if left := d.count("SELECT count(*) FROM files WHERE state = 'attached'"); left != attached || d.count("SELECT count(*) FROM files") != attached {
		t.Errorf("%d attached files are left of %d", left, attached)
	}
}

// TestForeignObjectsStopTheSweep: where others' objects fill a page, nobody
// can tell what is missing, so nothing is touched.
func TestForeignObjectsStopTheSweep(t *testing.T) {
	d := openDrawer(t)
	for i := range sweepPage {
		if _, err := d.folder.Put(t.Context(), fmt.Sprintf("files/00000000-foto-%d", i), strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
	}
	d.clock.Store(int64(time.Since(noon) + 2*sweepAge))
	before := d.objects()
	if _, err := d.SweepFiles(t.Context(), noon); !errors.Is(err, errForeign) {
		t.Errorf("swept: %v", err)
	}
	if d.objects() != before {
		t.Error("somebody else's objects were removed")
	}
}
