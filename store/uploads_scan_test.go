package store

import (
	"errors"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// pending keeps a file while the scanner is away.
func (d *drawer) pending(account int64, content string) umkm.StoredFile {
	d.t.Helper()
	d.scanner.away.Store(true)
	f := d.keep(account, content)
	if f.Scan != umkm.ScanPending || f.Refused != "" {
		d.t.Fatalf("kept %+v", f)
	}
	return f
}

func (d *drawer) rescan(id string) time.Time {
	d.t.Helper()
	again, err := d.ScanFile(d.t.Context(), umkm.ScanFile{File: id})
	if err != nil {
		d.t.Fatal(err)
	}
	return again
}

func TestAScannerThatIsAwayHoldsTheDocument(t *testing.T) {
	d := openDrawer(t)
	b := d.business(1, ciruas)
	f := d.pending(1, "nib")
	if d.jobs("scan_file") != 1 {
		t.Error("no job scans it later")
	}
	if _, err := d.readFile(f.ID); !errors.Is(err, umkm.ErrFileHeld) {
		t.Errorf("it can be seen: %v", err)
	}
	doc := d.handIn(1, b, f.ID)
	d.state(doc, umkm.DocumentScanning)
	// The pauses grow to half an hour.
	var last time.Duration
	for range 40 {
		again := d.rescan(f.ID)
		pause := again.Sub(d.now())
		if pause < last || pause < rescanSoonest || pause > rescanLatest {
			t.Fatalf("a pause of %v after %v", pause, last)
		}
		last = pause
		d.wait(pause)
	}
	if last != rescanLatest {
		t.Errorf("the last pause is %v", last)
	}
	d.state(doc, umkm.DocumentScanning)
	d.scanner.away.Store(false)
	if again := d.rescan(f.ID); !again.IsZero() {
		t.Errorf("again at %v", again)
	}
	d.state(doc, umkm.DocumentWaiting)
	if got, err := d.readFile(f.ID); got != "nib" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	before := d.scanner.seen.Load()
	if again := d.rescan(f.ID); !again.IsZero() || d.scanner.seen.Load() != before {
		t.Error("a clean file is scanned again")
	}
}

func (d *drawer) state(document string, want umkm.DocumentState) {
	d.t.Helper()
	if n := d.count("SELECT count(*) FROM documents WHERE id = $1 AND state = $2", document, want); n != 1 {
		d.t.Errorf("the document is not %s", want)
	}
}

func TestFoundInfectedLater(t *testing.T) {
	d := openDrawer(t)
	b := d.business(1, ciruas)
	bad, good := d.pending(1, "EICAR"), d.pending(1, "page two")
	doc := d.handIn(1, b, good.ID, bad.ID)
	d.scanner.away.Store(false)
	d.rescan(good.ID)
	d.state(doc, umkm.DocumentScanning)
	d.rescan(bad.ID)
	d.state(doc, umkm.DocumentReturned)
	if d.objects() != "files/"+good.ID+" quarantine/"+bad.ID {
		t.Errorf("objects %q", d.objects())
	}
	if _, err := d.readFile(bad.ID); !errors.Is(err, umkm.ErrFileGone) {
		t.Errorf("it can be seen: %v", err)
	}
	if d.jobs("notice_decision") != 1 {
		t.Error("the owner is not told")
	}
	// Of a draft: the file is gone when it is handed in.
	d.pending(1, "EICAR again")
	draft := d.pending(1, "EICAR once more")
	d.scanner.away.Store(false)
	d.rescan(draft.ID)
	if _, err := d.Submit(t.Context(), umkm.Submission{Dialog: "z", Account: 1, Business: b, Kind: umkm.DocumentNPWP, Files: []string{draft.ID}, At: noon}); !errors.Is(err, umkm.ErrFileGone) {
		t.Errorf("handed in: %v", err)
	}
}

// TestVerdictsAtOnce: two pages judged at the same moment release their
// document once, and one infected page always returns it.
func TestVerdictsAtOnce(t *testing.T) {
	d := openDrawer(t)
	for i := range 10 {
		b := d.business(int64(i+1), ciruas)
		content := "page"
		if i%2 == 1 {
			content = "EICAR"
		}
		pages := []string{d.pending(int64(i+1), "one").ID, d.pending(int64(i+1), content).ID, d.pending(int64(i+1), "three").ID}
		doc := d.handIn(int64(i+1), b, pages...)
		d.scanner.away.Store(false)
		together(6, func(n int) {
			if _, err := d.ScanFile(t.Context(), umkm.ScanFile{File: pages[n%3]}); err != nil {
				t.Error(err)
			}
		})
		want := umkm.DocumentWaiting
		if i%2 == 1 {
			want = umkm.DocumentReturned
		}
		d.state(doc, want)
	}
}

func TestScanningWhatIsNotThere(t *testing.T) {
	d := openDrawer(t)
	for _, id := range []string{"", "x", "0192abcd-0000-7000-8000-000000000000"} {
		if again := d.rescan(id); !again.IsZero() {
			t.Errorf("%q is tried again", id)
		}
	}
	f := d.pending(1, "x")
	if err := d.folder.Delete(t.Context(), "files/"+f.ID); err != nil {
		t.Fatal(err)
	}
	d.scanner.away.Store(false)
	if again := d.rescan(f.ID); again.IsZero() || d.FileCounts().Missing != 1 {
		t.Errorf("an object that is gone counts as scanned: %+v", d.FileCounts())
	}
	// Where the scanner was taken out of service nothing is held for ever.
	g := d.pending(1, "y")
	d.uploads.scanner = nil
	if again := d.rescan(g.ID); !again.IsZero() || must(d.File(t.Context(), g.ID)).Scan != umkm.ScanNone {
		t.Error("held for a scanner that is not set up")
	}
}
