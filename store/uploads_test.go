package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/umkm"
	"umkmbot/store/files"
)

func TestKeepAFile(t *testing.T) {
	d := openDrawer(t)
	sent := "NIB 1234567890123 " + spot + " blur"
	got := d.keep(1, sent)
	hash := sha256.Sum256([]byte(sent))
	want := umkm.StoredFile{
		ID: got.ID, Name: "NIB Siti.jpg", MIME: "image/jpeg", Size: int64(len(sent) - len(spot)), Pages: 1, Hash: hex.EncodeToString(hash[:]),
		Flaws: []string{"blurred"}, Found: umkm.Found{Kind: umkm.DocumentNIB, Number: "1234567890123", Name: "Siti"}, Scan: umkm.ScanClean,
	}
	if !sameFile(got, want) {
		t.Errorf("kept   %+v\nwanted %+v", got, want)
	}
	if known := must(d.File(t.Context(), got.ID)); !sameFile(known, want) {
		t.Errorf("known  %+v\nwanted %+v", known, want)
	}
	if shown := must(d.readFile(got.ID)); shown != "NIB 1234567890123  blur" {
		t.Errorf("content %q", shown)
	}
	if d.objects() != "files/"+got.ID {
		t.Errorf("objects %q", d.objects())
	}
	// Nothing in the row can be read without the keys.
	var row string
	if err := d.pool.QueryRow(t.Context(), "SELECT files::text || encode(sealed, 'escape') FROM files").Scan(&row); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Siti", "1234567890123", got.Hash} {
		if strings.Contains(row, secret) {
			t.Errorf("%q stands in the row", secret)
		}
	}
}

func sameFile(a, b umkm.StoredFile) bool {
	return a.ID == b.ID && a.Name == b.Name && a.MIME == b.MIME && a.Size == b.Size && a.Pages == b.Pages && a.Hash == b.Hash &&
		strings.Join(a.Flaws, " ") == strings.Join(b.Flaws, " ") && a.Found == b.Found && a.Scan == b.Scan && a.Refused == b.Refused
}

func TestWhatIsRefusedLeavesNothing(t *testing.T) {
	d := openDrawer(t)
	for what, c := range map[string]struct {
		up   umkm.Upload
		open func(context.Context) (io.ReadCloser, error)
		want string
	}{
		"said to be too big": {umkm.Upload{Account: 1, Size: MaxFile + 1}, nil, "too_big"},
		"is too big": {umkm.Upload{Account: 1, Size: 10}, func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(io.LimitReader(zeros{}, MaxFile+1)), nil
		}, "too_big"},
		"a broken picture":      {umkm.Upload{Account: 1}, content("torn picture"), "picture_broken"},
		"refused on inspection": {umkm.Upload{Account: 1}, content("refuse:pdf_broken"), "pdf_broken"},
	} {
		f, err := d.Keep(t.Context(), c.up, c.open)
		if err != nil || f.Refused != c.want || f.ID != "" {
			t.Errorf("%s: %+v, %v", what, f, err)
		}
		d.nothingLeft(what)
	}
	whole, err := d.Keep(t.Context(), umkm.Upload{Account: 1}, func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(io.LimitReader(zeros{}, MaxFile)), nil
	})
	if err != nil || whole.Refused != "" || whole.Size != MaxFile {
		t.Errorf("20 MB to the byte: %+v, %v", whole, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestTroubleLeavesNothing: an error is not the file's fault; the update is
// tried again.
func TestTroubleLeavesNothing(t *testing.T) {
	d := openDrawer(t)
	torn := errors.New("torn")
	half := func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(bytes.NewReader(make([]byte, 300<<10)), iotest.ErrReader(torn))), nil
	}
	if _, err := d.Keep(t.Context(), umkm.Upload{Account: 1}, half); !errors.Is(err, torn) {
		t.Errorf("a torn download: %v", err)
	}
	d.nothingLeft("a torn download")
	short := func(context.Context) (io.ReadCloser, error) { // as net/http says that a connection was cut
		return io.NopCloser(io.MultiReader(strings.NewReader("half a picture"), iotest.ErrReader(io.ErrUnexpectedEOF))), nil
	}
	if f, err := d.Keep(t.Context(), umkm.Upload{Account: 1}, short); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a download that was cut: %+v, %v", f, err)
	}
	d.nothingLeft("a download that was cut")
	gone := func(context.Context) (io.ReadCloser, error) { return nil, torn }
	if _, err := d.Keep(t.Context(), umkm.Upload{Account: 1}, gone); !errors.Is(err, torn) {
		t.Errorf("no download: %v", err)
	}
	d.nothingLeft("no download")
	ctx, cancel := context.WithCancel(t.Context())
	d.inspect.during = cancel
	d.inspect.broken.Store(true)
	if _, err := d.Keep(ctx, umkm.Upload{Account: 1}, content("x")); !errors.Is(err, errBroken) {
		t.Errorf("a broken inspector: %v", err)
	}
	d.nothingLeft("a turn that was given up")
	if _, err := openStore(t).Keep(t.Context(), umkm.Upload{Account: 1}, content("x")); !errors.Is(err, errNoFiles) {
		t.Errorf("no place for files: %v", err)
	}
}

func TestInfected(t *testing.T) {
	d := openDrawer(t)
	f := d.keep(1, "EICAR")
	if f.Refused != "virus" || f.ID != "" {
		t.Errorf("got %+v", f)
	}
	var id string
	if err := d.pool.QueryRow(t.Context(), "SELECT id::text FROM files WHERE state = 'quarantined' AND scan = 'infected' AND account = 1").Scan(&id); err != nil {
		t.Fatal(err)
	}
	if d.objects() != "quarantine/"+id {
		t.Errorf("objects %q", d.objects())
	}
	if _, err := d.readFile(id); !errors.Is(err, umkm.ErrFileGone) {
		t.Errorf("it can be opened: %v", err)
	}
	b := d.business(1, ciruas)
	if _, err := d.Submit(t.Context(), umkm.Submission{Dialog: "x", Account: 1, Business: b, Kind: umkm.DocumentNIB, Files: []string{id}, At: noon}); !errors.Is(err, umkm.ErrFileGone) {
		t.Errorf("it can be handed in: %v", err)
	}
	// An operator can look at it under its other key; and it stays.
	sealed := files.Seal(d.folder, d.keys)
	if r, err := sealed.Open(t.Context(), "quarantine/"+id); err != nil || r.Close() != nil {
		t.Errorf("an operator cannot open it: %v", err)
	}
	d.wait(48 * time.Hour)
	d.sweep()
	if d.objects() != "quarantine/"+id || d.count("SELECT count(*) FROM files") != 1 {
		t.Errorf("it was swept: %q", d.objects())
	}
}

func TestOpenFile(t *testing.T) {
	d := openDrawer(t)
	for _, id := range []string{"", "x", uuid.NewString(), "' OR true --"} {
		if _, err := d.readFile(id); !errors.Is(err, umkm.ErrFileGone) {
			t.Errorf("%q: %v", id, err)
		}
	}
	f := d.keep(1, "x")
	if err := d.folder.Delete(t.Context(), "files/"+f.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := d.readFile(f.ID); !errors.Is(err, umkm.ErrFileGone) {
		t.Errorf("an object that is gone: %v", err)
	}
	d.inspect.during = func() {
		d.inspect.during = nil
		var half string
		if err := d.pool.QueryRow(t.Context(), "SELECT id::text FROM files WHERE kept_at IS NULL").Scan(&half); err != nil {
			t.Error(err)
		}
		if _, err := d.readFile(half); !errors.Is(err, umkm.ErrFileGone) {
			t.Errorf("one on its way: %v", err)
		}
	}
	d.keep(1, "y")
}

// TestSeen: the same content again, by the same account or another that acts
// for the same owner; a stranger learns nothing.
func TestSeen(t *testing.T) {
	d := openDrawer(t)
	b := d.business(1, ciruas)
	d.business(2, ciruas)
	d.business(3, ciruas)
	first := d.keep(1, "my nib")
	if first.Seen != nil || d.keep(1, "my nib").Seen != nil {
		t.Error("a file that was never handed in counts as seen")
	}
	d.handIn(1, b, first.ID)
	d.exec("INSERT INTO account_owners (account, owner, created_at) SELECT 2, owner, $2 FROM businesses WHERE id = $1", b, noon)
	for account, want := range map[int64]bool{1: true, 2: true, 3: false} {
		seen := d.keep(account, "my nib").Seen
		if (seen != nil) != want || seen != nil && (seen.Kind != umkm.DocumentNIB || seen.State != umkm.DocumentWaiting) {
			t.Errorf("account %d: %+v", account, seen)
		}
	}
	if d.keep(1, "another").Seen != nil {
		t.Error("another content counts as seen")
	}
}

func TestLongNames(t *testing.T) {
	d := openDrawer(t)
	f, err := d.Keep(t.Context(), umkm.Upload{Account: 1, Name: strings.Repeat("é", 5000)}, content("x"))
	if err != nil || f.Name != strings.Repeat("é", maxFileName) {
		t.Errorf("%d bytes, %v", len(f.Name), err)
	}
	for _, name := range []string{"\xff\x00.pdf", "../../../etc/passwd", `..\..\a.pdf`, "/etc/passwd", "a\r\nb: c"} {
		if f, err = d.Keep(t.Context(), umkm.Upload{Account: 1, Name: name}, content("x")); err != nil || must(d.File(t.Context(), f.ID)).ID != f.ID {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	d := openDrawer(t)
	together(20, func(i int) {
		text := strings.Repeat(string(rune('a'+i)), 100_000)
		f := d.keep(int64(i+1), text)
		if got, err := d.readFile(f.ID); got != text || err != nil {
			t.Errorf("file %d: %d bytes, %v", i, len(got), err)
		}
	})
	if got := d.FileCounts(); got.Kept != 20 || got != (FileCounts{Kept: 20}) {
		t.Errorf("counts %+v", got)
	}
}
