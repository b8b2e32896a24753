package store

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/internal/umkm"
	"umkmbot/store/files"
)

// passing reads files two at a time, as the real inspector does, and keeps none.
type passing chan struct{}

func (p passing) Inspect(_ context.Context, file io.Reader, _ umkm.Upload) (umkm.StoredFile, error) {
	p <- struct{}{}
	defer func() { <-p }()
	n, err := io.Copy(io.Discard, file)
	return umkm.StoredFile{MIME: "application/pdf", Pages: 1, Size: n}, err
}

func (p passing) Scan(_ context.Context, file io.Reader) (bool, string, error) {
	_, err := io.Copy(io.Discard, file)
	return false, "", err
}

func copyAll(dst io.Writer, src io.Reader) error {
	_, err := io.Copy(dst, src)
	return err
}

// resident is this process's memory in bytes, as the system counts it.
func resident(t testing.TB) int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	var kb int
	_, after, _ := bytes.Cut(status, []byte("VmRSS:"))
	if _, err := fmt.Sscan(string(after), &kb); err != nil {
		t.Fatal(err)
	}
	return kb << 10
}

// highest samples the resident memory while f runs.
func highest(t testing.TB, f func()) int {
	stop, most := make(chan struct{}), make(chan int)
	go func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		top := 0
		for {
			top = max(top, resident(t))
			select {
			case <-tick.C:
			case <-stop:
				most <- top
				return
			}
		}
	}()
	f()
	close(stop)
	return <-most
}

// TestTwentyLargeFilesAtOnce: moving 20 files of 20 MB at a time, fetched over
// HTTP, sealed, inspected, scanned and read again, adds under 100 MB.
func TestTwentyLargeFilesAtOnce(t *testing.T) {
	const size, atOnce = MaxFile, 20
	telegram := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.CopyN(w, zeros{}, size)
	}))
	defer telegram.Close()
	open := func(ctx context.Context) (io.ReadCloser, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, telegram.URL, nil)
		if err != nil {
			return nil, err
		}
		answer, err := telegram.Client().Do(r)
		if err != nil {
			return nil, err
		}
		return answer.Body, nil
	}
	look := make(passing, 2)
	s, err := Open(t.Context(), Config{
		DatabaseURL: embeddedtest.Database(t, Migrate), RedisURL: embeddedtest.Redis(t), Keys: testKeys(t), Now: time.Now, Replica: "a",
		Uploads: Uploads{Files: must(files.OpenFolder(t.TempDir())), Inspect: look, Strip: copyAll, Scanner: look},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	runtime.GC()
	debug.FreeOSMemory()
	before := resident(t)
	most := highest(t, func() {
		together(atOnce, func(i int) {
			f, err := s.Keep(t.Context(), umkm.Upload{Account: int64(i + 1), Size: size}, open)
			if err != nil || f.Refused != "" || f.Size != size {
				t.Errorf("keep: %+v, %v", f, err)
				return
			}
			_, r, err := s.OpenFile(t.Context(), f.ID)
			if err != nil {
				t.Errorf("open: %v", err)
				return
			}
			n, err := io.Copy(io.Discard, r)
			if _ = r.Close(); n != size || err != nil {
				t.Errorf("read %d bytes, %v", n, err)
			}
		})
	})
	t.Logf("%d MB before, at most %d MB more", before>>20, (most-before)>>20)
	if added := most - before; added > 100<<20 {
		t.Errorf("moving %d files of %d MB adds %d MB, more than 100", atOnce, size>>20, added>>20)
	}
}
