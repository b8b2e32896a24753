package inspect

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"runtime"
	"strings"
	"testing"

	"umkmbot/internal/inspect/sample"
)

// secrets are what the samples' metadata tell.
var secrets = []string{"KameraX", "GPS", "Serang", "rumah Siti", "xmpmeta"}

func TestStripDropsWhereAndKeepsPixels(t *testing.T) {
	jpeg := sample.JPEG(sample.Shrink(sample.KTP(), 4))
	for _, c := range []struct {
		name, mime string
		data       []byte
		way        int // orientation to be found afterwards
	}{
		{"a located JPEG", mimeJPEG, sample.Located(jpeg), 6},
		{"a plain JPEG", mimeJPEG, jpeg, 0},
		{"a JPEG with a film behind it", mimeJPEG, append(sample.Located(jpeg), "ftypmp42 GPS"...), 6},
		{"a located PNG", mimePNG, locatedPNG(t), 0},
		{"a located WebP", mimeWEBP, sample.WebP(700, 701, true), 6},
		{"a plain WebP", mimeWEBP, sample.WebP(64, 64, false), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := stripped(t, c.data, c.mime)
			for _, s := range secrets {
				if bytes.Contains(out, []byte(s)) {
					t.Errorf("still says %q", s)
				}
			}
			samePixels(t, c.data, out)
			if way := wayUp(out); way != c.way {
				t.Errorf("orientation %d, want %d", way, c.way)
			}
			if again := stripped(t, out, c.mime); !bytes.Equal(again, out) {
				t.Error("stripping twice changes the file")
			}
		})
	}
}

func stripped(t *testing.T, data []byte, mime string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Strip(&out, bytes.NewReader(data), mime); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func samePixels(t *testing.T, a, b []byte) {
	t.Helper()
	before, _, err := image.Decode(bytes.NewReader(a))
	if err != nil {
		t.Fatal(err)
	}
	after, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if before.Bounds() != after.Bounds() {
		t.Fatalf("%v became %v", before.Bounds(), after.Bounds())
	}
	for y := range before.Bounds().Dy() {
		for x := range before.Bounds().Dx() {
			if before.At(x, y) != after.At(x, y) {
				t.Fatalf("pixel %d,%d: %v became %v", x, y, before.At(x, y), after.At(x, y))
			}
		}
	}
}

// wayUp finds the orientation as a viewer would: in the EXIF behind its mark.
func wayUp(data []byte) int {
	at := bytes.Index(data, []byte("MM\x00*"))
	if at < 0 {
		return 0
	}
	return tiffOrientation(data[at:])
}

// locatedPNG has a comment in it, and EXIF.
func locatedPNG(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, sample.Code("contoh", 3)); err != nil {
		t.Fatal(err)
	}
	const header = 8 + 25
	comment := pngChunk("tEXt", "Comment\x00rumah Siti, Serang") + pngChunk("eXIf", "II*\x00 GPS KameraX")
	return []byte(b.String()[:header] + comment + b.String()[header:])
}

func pngChunk(kind, data string) string {
	sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(kind+data)))
	return string([]byte{0, 0, 0, byte(len(data))}) + kind + data + string(sum)
}

func TestStripPassesPDFs(t *testing.T) {
	pdf := sample.NIB()
	if out := stripped(t, pdf, mimePDF); !bytes.Equal(out, pdf) {
		t.Error("a PDF was changed")
	}
}

func TestStripOfBrokenFiles(t *testing.T) {
	jpeg, png, webp := sample.Located(sample.JPEG(sample.Code("contoh", 2))), locatedPNG(t), sample.WebP(20, 20, true)
	for name, c := range map[string]struct {
		data []byte
		mime string
	}{
		"no JPEG":        {png, mimeJPEG},
		"no PNG":         {jpeg, mimePNG},
		"no WebP":        {jpeg, mimeWEBP},
		"nothing":        {nil, mimeJPEG},
		"half a JPEG":    {jpeg[:len(jpeg)-40], mimeJPEG},
		"a JPEG's head":  {jpeg[:100], mimeJPEG},
		"half a PNG":     {png[:len(png)-20], mimePNG},
		"half a WebP":    {webp[:len(webp)-9], mimeWEBP},
		"a wrong marker": {[]byte("\xff\xd8\xff\x01"), mimeJPEG},
		"no length":      {[]byte("\xff\xd8\xff\xe1\x00\x01"), mimeJPEG},
	} {
		if err := Strip(io.Discard, bytes.NewReader(c.data), c.mime); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Strip(io.Discard, bytes.NewReader(nil), "text/plain"); err == nil || errors.Is(err, ErrBroken) {
		t.Errorf("a text: %v", err)
	}
}

// failing reads a bit, then fails as a network does; or does not take anything.
type failing struct{}

var errNetwork = errors.New("network")

func (failing) Read([]byte) (int, error)  { return 0, errNetwork }
func (failing) Write([]byte) (int, error) { return 0, errNetwork }

func TestStripTellsAFaultOfTheNetworkFromABrokenFile(t *testing.T) {
	jpeg := sample.Card()
	for _, mime := range []string{mimeJPEG, mimePDF} {
		err := Strip(io.Discard, io.MultiReader(bytes.NewReader(jpeg[:2000]), failing{}), mime)
		if !errors.Is(err, errNetwork) || errors.Is(err, ErrBroken) {
			t.Errorf("%s, reading: %v", mime, err)
		}
		if err := Strip(failing{}, bytes.NewReader(jpeg), mime); !errors.Is(err, errNetwork) {
			t.Errorf("%s, writing: %v", mime, err)
		}
	}
}

// metered counts what lives on the heap while it is read from.
type metered struct {
	io.Reader
	reads int
	most  uint64
}

func (m *metered) Read(p []byte) (int, error) {
	if m.reads++; m.reads%100 == 0 {
		m.most = max(m.most, heap())
	}
	return m.Reader.Read(p)
}

// heap is what lives, in bytes.
func heap() uint64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}

// repeated reads a text n times.
func repeated(text string, n int) io.Reader {
	parts := make([]io.Reader, n)
	for i := range parts {
		parts[i] = strings.NewReader(text)
	}
	return io.MultiReader(parts...)
}

func TestStripKeepsLittleInMemory(t *testing.T) {
	comment := "\xff\xfe\xff\xff" + strings.Repeat("a", 65533)
	src := &metered{Reader: io.MultiReader(strings.NewReader("\xff\xd8"), repeated(comment, 600))} // 39 MB
	before := heap()
	if err := Strip(io.Discard, src, mimeJPEG); !errors.Is(err, ErrBroken) {
		t.Error(err)
	}
	if grown := int64(src.most) - int64(before); src.most == 0 || grown > 1<<20 {
		t.Errorf("%d bytes live", grown)
	}
}

func FuzzStrip(f *testing.F) {
	small := sample.JPEG(sample.Code("contoh", 1))
	f.Add(sample.Located(small), 0)
	f.Add(sample.PNG(sample.Code("contoh", 1)), 1)
	f.Add(sample.WebP(30, 20, true), 2)
	mimes := []string{mimeJPEG, mimePNG, mimeWEBP}
	f.Fuzz(func(t *testing.T, data []byte, kind int) {
		mime := mimes[(kind%3+3)%3]
		var once, twice bytes.Buffer
		if Strip(&once, bytes.NewReader(data), mime) != nil {
			return
		}
		if once.Len() > len(data)+len(tiffTurned(1))+10 {
			t.Errorf("%d bytes became %d", len(data), once.Len())
		}
		if err := Strip(&twice, bytes.NewReader(once.Bytes()), mime); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Errorf("stripping twice: %v", err)
		}
	})
}
