package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"umkmbot/internal/inspect/sample"
	"umkmbot/internal/umkm"
	"umkmbot/store"
)

// clamd stands for the virus scanner, which may be away.
type clamd struct {
	address string
	away    atomic.Bool
	most    atomic.Int64 // bytes of a file; 0: any number
}

func startClamd(t *testing.T) *clamd {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &clamd{address: l.Addr().String()}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { c.judge(conn) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); wg.Wait() })
	return c
}

func (c *clamd) judge(conn net.Conn) {
	defer conn.Close()
	if c.away.Load() {
		return
	}
	in := bufio.NewReader(conn)
	if command, _ := in.ReadString(0); command == "zVERSION\x00" {
		_, _ = io.WriteString(conn, "ClamAV 1.4.3/27800/Sat Nov 28 08:25:42 2026\x00")
		return
	}
	var content bytes.Buffer
	for {
		var size uint32
		if binary.Read(in, binary.BigEndian, &size) != nil {
			return
		}
		if size == 0 {
			break
		}
		if _, err := io.CopyN(&content, in, int64(size)); err != nil {
			return
		}
		if most := c.most.Load(); most > 0 && int64(content.Len()) > most {
			_, _ = io.WriteString(conn, "INSTREAM size limit exceeded. ERROR\x00")
			return
		}
	}
	verdict := "stream: OK\x00"
	if bytes.Contains(content.Bytes(), []byte("VIRUS")) {
		verdict = "stream: Uji FOUND\x00"
	}
	_, _ = io.WriteString(conn, verdict)
}

// sent opens what a person sends.
func sent(content []byte) func(context.Context) (io.ReadCloser, error) {
	return func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
}

func shown(t *testing.T, s *store.Store, id string) []byte {
	t.Helper()
	_, r, err := s.OpenFile(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		t.Fatal(err)
	}
	return content
}

// Every sample goes the way of a real upload: stripped, sealed, inspected by a
// child, scanned.
func TestSamplesAreTakenInOrRefused(t *testing.T) {
	t.Parallel()
	scanner := startClamd(t)
	o := newOffice(t, plan{settings: func(s *settings) { s.Files.ClamAV = scanner.address }})
	a, err := newApp(t.Context(), o.settings, o.log.logger(), o.now)
	if err != nil {
		t.Fatal(err)
	}
	defer a.store.Close()
	for _, f := range append(sample.Usable(), sample.Flawed()...) {
		got, err := a.store.Keep(t.Context(), umkm.Upload{Account: 1, Name: f.Name}, sent(f.Data))
		if err != nil || got.Refused != "" || got.ID == "" || got.Scan != umkm.ScanClean {
			t.Errorf("%s: %+v, %v", f.Name, got, err)
		}
	}
	for want, f := range sample.Bad() {
		got, err := a.store.Keep(t.Context(), umkm.Upload{Account: 1, Name: f.Name}, sent(f.Data))
		if err != nil || got.Refused != want || got.ID != "" {
			t.Errorf("%s: refused as %q, want %q; %v", f.Name, got.Refused, want, err)
		}
	}
	photo := sample.JPEG(sample.Photo())
	located, err := a.store.Keep(t.Context(), umkm.Upload{Account: 1, Compressed: true}, sent(sample.Located(photo)))
	if err != nil || located.Refused != "" {
		t.Fatalf("a photo with a place: %+v, %v", located, err)
	}
	kept := shown(t, a.store, located.ID)
	for _, trace := range []string{"GPS", "Serang", "rumah Siti"} {
		if bytes.Contains(kept, []byte(trace)) {
			t.Errorf("%q is kept of a photo", trace)
		}
	}
	if !bytes.HasSuffix(kept, photo[len(photo)-1000:]) {
		t.Error("its pixels are not what was sent")
	}
}

// A scanner that is away holds a file; the job that comes back by the
// program's clock lets it go, or puts it into quarantine.
func TestScannerComesBack(t *testing.T) {
	t.Parallel()
	scanner := startClamd(t)
	scanner.away.Store(true)
	o := newOffice(t, plan{replicas: 1, settings: func(s *settings) { s.Files.ClamAV = scanner.address }})
	if !strings.Contains(o.log.text(), "clamav does not answer") {
		t.Error("nobody is warned at the start")
	}
	a, err := newApp(t.Context(), o.settings, o.log.logger(), o.now)
	if err != nil {
		t.Fatal(err)
	}
	defer a.store.Close()
	ids, nib := map[umkm.Scan]string{}, sample.NIB()
	for scan, content := range map[umkm.Scan][]byte{umkm.ScanClean: nib, umkm.ScanInfected: []byte(string(nib) + "\n%VIRUS\n")} {
		f, err := a.store.Keep(t.Context(), umkm.Upload{Account: 1, Name: "NIB.pdf"}, sent(content))
		if err != nil || f.Refused != "" || f.Scan != umkm.ScanPending {
			t.Fatalf("kept %+v, %v", f, err)
		}
		ids[scan] = f.ID
	}
	o.pass(time.Minute)
	o.wait("a second try", func() bool { return strings.Count(o.log.text(), "gives no verdict") >= 4 })
	scanner.away.Store(false)
	o.pass(30 * time.Minute)
	for scan, id := range ids {
		o.wait("the verdict "+string(scan), func() bool { return o.count("SELECT count(*) FROM files WHERE id = $1 AND scan = $2", id, scan) == 1 })
	}
	if _, _, err := a.store.OpenFile(t.Context(), ids[umkm.ScanInfected]); !errors.Is(err, umkm.ErrFileGone) {
		t.Errorf("the infected file can be opened: %v", err)
	}
	if !bytes.Equal(shown(t, a.store, ids[umkm.ScanClean]), nib) {
		t.Error("the clean file came back otherwise")
	}
	// An hour and a sweep later nobody has named it in a form.
	o.pass(2 * time.Hour)
	o.wait("the sweeper", func() bool { return o.count("SELECT count(*) FROM files") == 1 })
}

// What lies on the disk says nothing to whoever reads it.
func TestFilesOnTheDiskAreSealed(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{})
	a, err := newApp(t.Context(), o.settings, o.log.logger(), o.now)
	if err != nil {
		t.Fatal(err)
	}
	defer a.store.Close()
	if f, err := a.store.Keep(t.Context(), umkm.Upload{Account: 1, Name: "NIB Siti.pdf"}, sent(sample.NIB())); err != nil || f.Refused != "" {
		t.Fatalf("%+v, %v", f, err)
	}
	n := 0
	root := strings.TrimPrefix(o.settings.Files.URL, "file://")
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		n++
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte("PDF")) || bytes.Contains(content, []byte("Siti")) {
			t.Errorf("%s can be read", path)
		}
		return err
	})
	if err != nil || n != 2 { // the file and the mark
		t.Errorf("%d files, %v", n, err)
	}
}
