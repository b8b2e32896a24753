package inspect

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image/jpeg"
	"io"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"umkmbot/internal/inspect/sample"
	"umkmbot/internal/umkm"
)

// inspected looks at a file in a real child.
func inspected(t *testing.T, i *Inspector, f sample.File) umkm.StoredFile {
	t.Helper()
	got, err := i.Inspect(t.Context(), bytes.NewReader(f.Data), umkm.Upload{Name: f.Name})
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	return got
}

func TestEachBadFileIsRefusedForItsOwnReason(t *testing.T) {
	i := New(Config{Time: time.Minute})
	bad := sample.Bad()
	for key, f := range bad {
		t.Run(key, func(t *testing.T) {
			got := inspected(t, i, f)
			if got.Refused != key || len(got.Flaws) > 0 || got.Found != (umkm.Found{}) {
				t.Errorf("%+v", got)
			}
		})
	}
	for _, key := range Refusals() {
		if _, ok := bad[key]; !ok && key != Broken && key != TooComplex && !strings.HasPrefix(key, Table) {
			t.Errorf("no sample is refused as %q", key)
		}
	}
}

func TestGoodFilesAreTaken(t *testing.T) {
	i := New(Config{Time: time.Minute})
	for _, f := range sample.Usable() {
		got := inspected(t, i, f)
		sum := sha256.Sum256(f.Data)
		if got.Refused != "" || len(got.Flaws) > 0 || got.Pages != 1 || got.Size != int64(len(f.Data)) ||
			got.Hash != hex.EncodeToString(sum[:]) || got.Name != f.Name {
			t.Errorf("%+v", got)
		}
	}
	if got := inspected(t, i, sample.File{Name: "surat.docx", Data: sample.WebP(800, 700, true)}); got.Refused != "" || got.MIME != mimeWEBP {
		t.Errorf("a WebP named .docx: %+v", got)
	}
	if got := inspected(t, i, sample.File{Data: sample.Pages(30)}); got.Refused != "" || got.Pages != 30 {
		t.Errorf("30 pages: %+v", got)
	}
}

func TestSmallPhotosAreToldFromSmallFiles(t *testing.T) {
	i := New(Config{Time: time.Minute})
	small := sample.JPEG(sample.Shrink(sample.Photo(), 5))
	for compressed, want := range map[bool]string{true: SmallPhoto, false: Small} {
		got, err := i.Inspect(t.Context(), bytes.NewReader(small), umkm.Upload{Compressed: compressed})
		if err != nil || !slices.Contains(got.Flaws, want) {
			t.Errorf("compressed %v: %v, %v; want %s", compressed, got.Flaws, err, want)
		}
	}
}

func TestChildrenThatBehaveBadlyCostTheFileAlone(t *testing.T) {
	picture := sample.Card()
	for behaviour, want := range map[string]string{
		"hang": TooComplex, "deaf": TooComplex, "eat": Broken, "panic": Broken, "crash": Broken, "talk": Broken, "lie": Broken,
	} {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			limit := time.Minute
			if want == TooComplex {
				limit = 200 * time.Millisecond
			}
			i := New(Config{Command: []string{self(), behaviour}, Time: limit})
			got, err := i.Inspect(t.Context(), bytes.NewReader(picture), umkm.Upload{})
			if err != nil || got.Refused != want {
				t.Fatalf("%+v, %v", got, err)
			}
			sum := sha256.Sum256(picture)
			if got.Hash != hex.EncodeToString(sum[:]) || got.Size != int64(len(picture)) {
				t.Errorf("hash or size of what the child did not read: %+v", got)
			}
		})
	}
}

func TestWithoutChildrenNoFileIsBlamed(t *testing.T) {
	for _, command := range [][]string{{"/no/such/program"}, {self(), "mute"}, {self(), "fail"}} {
		got, err := New(Config{Command: command}).Inspect(t.Context(), bytes.NewReader(sample.Card()), umkm.Upload{})
		if err == nil || got.Refused != "" {
			t.Errorf("%v: %+v, %v", command, got, err)
		}
	}
}

func TestChildrenInheritNothing(t *testing.T) {
	t.Setenv("TELEGRAM_BOT_TOKEN", "secret")
	inherited(t)
	got, err := New(Config{Command: []string{self(), "spy"}}).Inspect(t.Context(), strings.NewReader("x"), umkm.Upload{})
	if err != nil {
		t.Fatal(err)
	}
	for _, given := range got.Flaws {
		name, _, _ := strings.Cut(given, "=")
		if !slices.Contains([]string{limitsVar, "GOMAXPROCS", "GOTRACEBACK", "PWD"}, name) {
			t.Errorf("a child was given %s", given)
		}
	}
	if len(got.Flaws) == 0 {
		t.Error("the spy saw nothing")
	}
}

// inherited opens a file that children would get, as those get which this
// program was started with.
func inherited(t *testing.T) {
	t.Helper()
	name := t.TempDir() + "/open"
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	fd, err := syscall.Open(name, syscall.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
}

// gated holds back its first byte until told, and says that it was asked.
type gated struct {
	asked chan struct{}
	open  chan struct{}
	now   *atomic.Int32
	io.Reader
}

func (g *gated) Read(p []byte) (int, error) {
	if g.asked != nil {
		g.now.Add(1)
		g.asked <- struct{}{}
		g.asked = nil
		<-g.open
		g.now.Add(-1)
	}
	return g.Reader.Read(p)
}

func TestAtMostTwoAtOnceAndTheOthersWait(t *testing.T) {
	i := New(Config{Time: time.Minute})
	asked, open, done := make(chan struct{}, 6), make(chan struct{}), make(chan error, 6)
	var now atomic.Int32
	for range 6 {
		go func() {
			src := &gated{asked, open, &now, bytes.NewReader(sample.GIF())}
			got, err := i.Inspect(t.Context(), src, umkm.Upload{})
			if err == nil && got.Refused != GIF {
				err = errors.New(got.Refused)
			}
			done <- err
		}()
	}
	<-asked
	<-asked
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := i.Inspect(ctx, strings.NewReader("x"), umkm.Upload{}); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting after all is over: %v", err)
	}
	if len(asked) > 0 || now.Load() != 2 {
		t.Errorf("%d at once", now.Load())
	}
	for range 6 {
		open <- struct{}{}
		if now.Load() > 2 {
			t.Errorf("%d at once", now.Load())
		}
	}
	for range 6 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestTheEndOfTheContextEndsTheChild(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := New(Config{Command: []string{self(), "hang"}}).Inspect(ctx, strings.NewReader("x"), umkm.Upload{})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestAFileThatCannotBeReadIsNotRefused(t *testing.T) {
	i := New(Config{Time: time.Minute})
	for name, src := range map[string]io.Reader{
		"at once":     failing{},
		"in the mid":  io.MultiReader(bytes.NewReader(sample.Card()), failing{}),
		"at the end?": io.MultiReader(bytes.NewReader(sample.GIF()), failing{}),
	} {
		if got, err := i.Inspect(t.Context(), src, umkm.Upload{}); !errors.Is(err, errNetwork) || got.Refused != "" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestASaidSizeSavesReading(t *testing.T) {
	got, err := New(Config{}).Inspect(t.Context(), failing{}, umkm.Upload{Size: 20<<20 + 1})
	if err != nil || got.Refused != TooBig {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTheParentKeepsNoFileInMemory(t *testing.T) {
	i := New(Config{Time: time.Minute})
	before := heap()
	for range 3 {
		src := &metered{Reader: io.MultiReader(bytes.NewReader(sample.Card()), repeated(strings.Repeat("x", 1<<20), 19))}
		got, err := i.Inspect(t.Context(), src, umkm.Upload{})
		if err != nil || got.Refused != "" || got.Size < 19<<20 {
			t.Fatalf("%+v, %v", got, err)
		}
		if grown := int64(src.most) - int64(before); src.most == 0 || grown > 3<<20 {
			t.Errorf("%d bytes live", grown)
		}
	}
}

// BenchmarkInspect is what the owner waits for, a child's start included.
func BenchmarkInspect(b *testing.B) {
	var photo bytes.Buffer // 3 MB
	if err := jpeg.Encode(&photo, sample.Camera(3000, 4000), &jpeg.Options{Quality: 96}); err != nil {
		b.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"photo of 12 megapixels": photo.Bytes(), "PDF of 3 pages": sample.Pages(3), "NIB": sample.NIB(), "refused": sample.GIF(),
	} {
		b.Run(name, func(b *testing.B) {
			i := New(Config{Time: time.Minute})
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := i.Inspect(b.Context(), bytes.NewReader(data), umkm.Upload{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
