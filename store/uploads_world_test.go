package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/internal/umkm"
	"umkmbot/store/files"
)

// drawer is an office whose files lie in a folder of its own, with a clock, an
// inspector and a scanner that do as they are told.
type drawer struct {
	*office
	folder  *files.Folder
	root    string
	clock   atomic.Int64 // nanoseconds since noon
	inspect inspector
	scanner scanner
}

func openDrawer(t testing.TB) *drawer {
	t.Helper()
	d := &drawer{root: t.TempDir()}
	d.folder = must(files.OpenFolder(d.root))
	d.scanner.virus = []byte("EICAR")
	config := Config{
		DatabaseURL: embeddedtest.Database(t, Migrate), RedisURL: embeddedtest.Redis(t),
		Keys: testKeys(t), Now: d.now, Replica: "a",
		Uploads: Uploads{Files: d.folder, Inspect: &d.inspect, Strip: dropSpot, Scanner: &d.scanner},
	}
	config.pool()
	s, err := Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	d.office = &office{Store: s, t: t}
	return d
}

func (d *drawer) now() time.Time          { return noon.Add(time.Duration(d.clock.Load())) }
func (d *drawer) wait(pass time.Duration) { d.clock.Add(int64(pass)) }

// inspector refuses what says so, and finds a number in the rest.
type inspector struct {
	broken atomic.Bool
	during func() // called while it looks
}

func (i *inspector) Inspect(_ context.Context, file io.Reader, up umkm.Upload) (umkm.StoredFile, error) {
	content, err := io.ReadAll(file)
	if err != nil {
		return umkm.StoredFile{}, err
	}
	if i.during != nil {
		i.during()
	}
	if i.broken.Load() {
		return umkm.StoredFile{}, errBroken
	}
	f := umkm.StoredFile{Name: up.Name, MIME: "image/jpeg", Pages: 1, Size: int64(len(content)), Hash: "of what is kept"}
	if why, ok := strings.CutPrefix(string(content), "refuse:"); ok {
		f.Refused = why
	}
	if bytes.Contains(content, []byte("blur")) {
		f.Flaws = []string{"blurred"}
	}
	f.Found = umkm.Found{Kind: umkm.DocumentNIB, Number: "1234567890123", Name: "Siti"}
	return f, nil
}

var errBroken = errors.New("out of order")

// spot stands for where a picture was taken.
const spot = "<-6.1,106.1>"

// dropSpot stands for the stripping of metadata; a picture that ends early is
// broken to it.
func dropSpot(dst io.Writer, src io.Reader) error {
	content, err := io.ReadAll(src)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("strip: %w", ErrNoPicture)
	}
	if err != nil {
		return err
	}
	if bytes.HasPrefix(content, []byte("torn picture")) {
		return fmt.Errorf("strip: %w", ErrNoPicture)
	}
	_, err = dst.Write(bytes.ReplaceAll(content, []byte(spot), nil))
	return err
}

// scanner finds one virus, unless it is away.
type scanner struct {
	virus []byte
	away  atomic.Bool
	seen  atomic.Int64
}

func (s *scanner) Scan(_ context.Context, file io.Reader) (bool, string, error) {
	s.seen.Add(1)
	if s.away.Load() {
		return false, "", errBroken
	}
	content, err := io.ReadAll(file)
	return bytes.Contains(content, s.virus), "Eicar", err
}

// content opens what a person sends.
func content(s string) func(context.Context) (io.ReadCloser, error) {
	return func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(s)), nil }
}

func (d *drawer) keep(account int64, s string) umkm.StoredFile {
	d.t.Helper()
	f, err := d.Keep(d.t.Context(), umkm.Upload{Account: account, Name: "NIB Siti.jpg"}, content(s))
	if err != nil {
		d.t.Fatal(err)
	}
	return f
}

// objects lists the keys in the folder, but for the mark that sweeping makes.
func (d *drawer) objects() string {
	d.t.Helper()
	found, err := d.folder.List(d.t.Context(), "", 1000)
	if err != nil {
		d.t.Fatal(err)
	}
	var keys []string
	for _, o := range found {
		if o.Key != MarkKey {
			keys = append(keys, o.Key)
		}
	}
	return strings.Join(keys, " ")
}

func (d *drawer) nothingLeft(what string) {
	d.t.Helper()
	if objects, rows := d.objects(), d.count("SELECT count(*) FROM files"); objects != "" || rows != 0 {
		d.t.Errorf("%s: left are %q and %d rows", what, objects, rows)
	}
}

// readFile gives a file's content as it would be shown.
func (d *drawer) readFile(id string) (string, error) {
	_, r, err := d.OpenFile(d.t.Context(), id)
	if err != nil {
		return "", err
	}
	defer r.Close() // only read
	got, err := io.ReadAll(r)
	return string(got), err
}

func (d *drawer) sweep() {
	d.t.Helper()
	if _, err := d.SweepFiles(d.t.Context(), d.now()); err != nil {
		d.t.Fatal(err)
	}
}

// handIn submits a NIB with files that were kept.
func (d *drawer) handIn(account int64, business string, ids ...string) string {
	d.t.Helper()
	sub := umkm.Submission{
		Dialog: fmt.Sprintf("doc-%d", d.dialog.Add(1)), Account: account, Business: business, Kind: umkm.DocumentNIB,
		Number: "1234567890123", Files: ids, At: d.now(),
	}
	return must(d.Submit(d.t.Context(), sub)).Document
}

// together runs functions at once and waits for them.
func together(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}
