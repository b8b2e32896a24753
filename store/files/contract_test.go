package files

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// every opens each kind of Store anew.
var every = map[string]func(testing.TB) Store{
	"folder": func(t testing.TB) Store { return openFolder(t) },
	"bucket": func(t testing.TB) Store { return openBucket(t) },
	"sealed folder": func(t testing.TB) Store {
		return Seal(openFolder(t), newKeys("k1"))
	},
	"sealed bucket": func(t testing.TB) Store {
		return Seal(openBucket(t), newKeys("k1"))
	},
}

func openFolder(t testing.TB) *Folder {
	t.Helper()
	f, err := OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func openBucket(t testing.TB) *Bucket {
	t.Helper()
	backend := s3mem.New()
	server := httptest.NewServer(gofakes3.New(backend, gofakes3.WithIntegrityCheck(true)).Server())
	if err := backend.CreateBucket("dokumen"); err != nil {
		t.Fatal(err)
	}
	transport := server.Client().Transport
	b, err := OpenBucket(Place{
		Host: strings.TrimPrefix(server.URL, "http://"), Bucket: "dokumen", Region: "us-east-1", Key: "key", Secret: "secret",
	}, transport)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return b
}

func read(t testing.TB, s Store, key string) []byte {
	t.Helper()
	r, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatalf("open %s: %v", key, err)
	}
	defer func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}()
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("read %s: %v", key, err)
	}
	return got
}

func put(t testing.TB, s Store, key string, content []byte) {
	t.Helper()
	// One byte at a time at the start: no Store may count on full reads.
	r := io.MultiReader(iotest.OneByteReader(bytes.NewReader(content[:min(len(content), 100)])), bytes.NewReader(content[min(len(content), 100):]))
	n, err := s.Put(t.Context(), key, r)
	if err != nil || n != int64(len(content)) {
		t.Fatalf("put %s: %d bytes, %v; want %d", key, n, err, len(content))
	}
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

func key(area string, n int) string { return fmt.Sprintf("%s/0192abcd-%08d", area, n) }

func TestContract(t *testing.T) {
	for name, open := range every {
		t.Run(name, func(t *testing.T) {
			for what, test := range map[string]func(*testing.T, Store){
				"sizes": keepsEverySize, "missing": missesWhatIsNotThere, "overwrite": replaces, "broken": leavesNothingOfABrokenPut,
				"move": moves, "delete": deletes, "list": lists, "keys": refusesOddKeys, "at once": worksAtOnce, "check": checks,
			} {
				t.Run(what, func(t *testing.T) { test(t, open(t)) })
			}
		})
	}
}

func keepsEverySize(t *testing.T, s Store) {
	sizes := []int{1, 63, 64<<10 - 1, 64 << 10, 64<<10 + 1, 5<<20 + 3}
	if _, ok := s.(*Sealed); ok {
		sizes = append(sizes, 0)
	}
	for i, size := range sizes {
		content := random(size)
		put(t, s, key("files", i), content)
		if !bytes.Equal(read(t, s, key("files", i)), content) {
			t.Errorf("%d bytes came back otherwise", size)
		}
	}
}

func missesWhatIsNotThere(t *testing.T, s Store) {
	if _, err := s.Open(t.Context(), key("files", 1)); !errors.Is(err, ErrNotFound) {
		t.Errorf("open: %v", err)
	}
	if err := s.Move(t.Context(), key("files", 1), key("quarantine", 1)); !errors.Is(err, ErrNotFound) {
		t.Errorf("move: %v", err)
	}
	if err := s.Delete(t.Context(), key("files", 1)); err != nil {
		t.Errorf("delete: %v", err)
	}
}

func replaces(t *testing.T, s Store) {
	put(t, s, key("files", 1), []byte("the first, which is longer"))
	put(t, s, key("files", 1), []byte("the second"))
	if got := read(t, s, key("files", 1)); string(got) != "the second" {
		t.Errorf("got %q", got)
	}
}

// leavesNothingOfABrokenPut: neither a reader that fails nor an end of the
// caller's patience leaves anything, and what was there before stays.
func leavesNothingOfABrokenPut(t *testing.T, s Store) {
	torn := errors.New("torn")
	half := func() io.Reader { return io.MultiReader(bytes.NewReader(random(300<<10)), iotest.ErrReader(torn)) }
	if _, err := s.Put(t.Context(), key("files", 1), half()); !errors.Is(err, torn) {
		t.Errorf("error is %v, want the reader's", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	gone := io.MultiReader(bytes.NewReader(random(300<<10)), readerFunc(func([]byte) (int, error) { cancel(); return 0, nil }), half())
	if _, err := s.Put(ctx, key("files", 2), gone); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want the context's", err)
	}
	if found, err := s.List(t.Context(), "", 10); err != nil || len(found) != 0 {
		t.Errorf("%d objects are left, %v", len(found), err)
	}
	put(t, s, key("files", 3), []byte("whole"))
	if _, err := s.Put(t.Context(), key("files", 3), half()); err == nil {
		t.Error("a torn put is kept")
	}
	if got := read(t, s, key("files", 3)); string(got) != "whole" {
		t.Errorf("%q took the place of what was there", got)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func moves(t *testing.T, s Store) {
	from, to := key("files", 1), key("quarantine", 1)
	put(t, s, from, []byte("eicar"))
	for range 2 { // the second finds it moved already
		if err := s.Move(t.Context(), from, to); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Open(t.Context(), from); !errors.Is(err, ErrNotFound) {
		t.Errorf("it is still at its old place: %v", err)
	}
	if got := read(t, s, to); string(got) != "eicar" {
		t.Errorf("got %q", got)
	}
}

func deletes(t *testing.T, s Store) {
	put(t, s, key("files", 1), []byte("x"))
	put(t, s, key("files", 2), []byte("y"))
	for range 2 {
		if err := s.Delete(t.Context(), key("files", 1)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Open(t.Context(), key("files", 1)); !errors.Is(err, ErrNotFound) {
		t.Errorf("open after delete: %v", err)
	}
	if got := read(t, s, key("files", 2)); string(got) != "y" {
		t.Errorf("its neighbour is %q", got)
	}
}

func lists(t *testing.T, s Store) {
	want := []string{
		"files/00000000-1", "files/0192abcd-1", "files/0192abcd-10", "files/0192abcd-2", "files/0192b000-1",
		"files/zzzzzzzz", "marks/0192abcd-1", "quarantine/0192abcd-1",
	}
	for _, i := range []int{3, 0, 7, 5, 1, 6, 2, 4} {
		put(t, s, want[i], []byte(want[i]))
	}
	for _, limit := range []int{1, 3, 8, 100} {
		var got []string
		for after := ""; ; {
			page, err := s.List(t.Context(), after, limit)
			if err != nil || len(page) > limit {
				t.Fatalf("list: %d objects, %v", len(page), err)
			}
			if len(page) == 0 {
				break
			}
			for _, o := range page {
				got = append(got, o.Key)
				if o.Size < int64(len(o.Key)) || time.Since(o.At).Abs() > time.Hour {
					t.Errorf("%s has size %d, time %v", o.Key, o.Size, o.At)
				}
			}
			after = got[len(got)-1]
		}
		if !slices.Equal(got, want) {
			t.Errorf("by %d: %v, want %v", limit, got, want)
		}
	}
	// From between two keys, and from the beginning of an area.
	for after, first := range map[string]string{"files/0192abcd-11": want[3], "marks/": want[6], "quarantine/1": ""} {
		page, err := s.List(t.Context(), after, 1)
		if err != nil || first == "" && len(page) > 0 || first != "" && (len(page) != 1 || page[0].Key != first) {
			t.Errorf("after %s: %v, %v; want %q", after, page, err, first)
		}
	}
}

func refusesOddKeys(t *testing.T, s Store) {
	for _, odd := range []string{
		"", "files", "files/", "/etc/passwd", "files/../../etc/passwd", "../files/0192abcd", "files/0192abcd/x", "Files/0192abcd",
		"files/0192ABCD", "files/.tmp-0192abcd", "files/0192 abcd", "files/0192abcd\x00", "files/0192abcd\n", "files/short", "files/" + strings.Repeat("a", 65),
	} {
		if _, err := s.Put(t.Context(), odd, strings.NewReader("x")); err == nil {
			t.Errorf("put takes %q", odd)
		}
		if r, err := s.Open(t.Context(), odd); err == nil || errors.Is(err, ErrNotFound) {
			t.Errorf("open takes %q: %v, %v", odd, r, err)
		}
		if s.Delete(t.Context(), odd) == nil {
			t.Errorf("delete takes %q", odd)
		}
		if s.Move(t.Context(), odd, key("files", 1)) == nil || s.Move(t.Context(), key("files", 1), odd) == nil {
			t.Errorf("move takes %q", odd)
		}
	}
}

func worksAtOnce(t *testing.T, s Store) {
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			content := random(200<<10 + i)
			put(t, s, key("files", i), content)
			put(t, s, key("shared", 0), bytes.Repeat([]byte{byte(i)}, 100<<10))
			if !bytes.Equal(read(t, s, key("files", i)), content) {
				t.Errorf("file %d came back otherwise", i)
			}
		})
	}
	wg.Wait()
	got := read(t, s, key("shared", 0))
	if len(got) != 100<<10 || !bytes.Equal(got, bytes.Repeat(got[:1], len(got))) {
		t.Error("two writers' contents are mixed")
	}
}

func checks(t *testing.T, s Store) {
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if n, err := s.Sweep(t.Context(), 0); n != 0 || err != nil {
		t.Errorf("sweeping an empty store: %d, %v", n, err)
	}
}
