package files

import (
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestManyLargePutsIntoABucket: 20 files of 20 MB at a time stay far from
// being held in memory. The service here only reads.
func TestManyLargePutsIntoABucket(t *testing.T) {
	const size, atOnce = 20 << 20, 20
	var arrived atomic.Int64
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		arrived.Add(n)
		w.Header().Set("ETag", `"x"`)
	}))
	defer service.Close()
	b, err := OpenBucket(Place{
		Host: strings.TrimPrefix(service.URL, "http://"), Bucket: "dokumen", Region: "x", Key: "key", Secret: "secret",
	}, service.Client().Transport)
	if err != nil {
		t.Fatal(err)
	}
	s := Seal(b, newKeys("k1"))
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var wg sync.WaitGroup
	var look sync.Mutex
	var most uint64
	// Each looks when its content has been read, while others are on their way.
	ending := readerFunc(func([]byte) (int, error) {
		look.Lock()
		defer look.Unlock()
		runtime.ReadMemStats(&now)
		most = max(most, now.HeapInuse+now.StackInuse)
		return 0, io.EOF
	})
	for i := range atOnce {
		wg.Go(func() {
			n, err := s.Put(t.Context(), key("files", i), io.MultiReader(io.LimitReader(zeros{}, size), ending))
			if n != size || err != nil {
				t.Errorf("put %d bytes, %v", n, err)
			}
		})
	}
	wg.Wait()
	if arrived.Load() < atOnce*size {
		t.Errorf("%d bytes arrived", arrived.Load())
	}
	added := int64(most) - int64(before.HeapInuse+before.StackInuse)
	t.Logf("at most %d MB more", added>>20)
	if added > 50<<20 {
		t.Errorf("the heap grew by %d MB", added>>20)
	}
}
