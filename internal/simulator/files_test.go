package simulator

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

func TestCleanName(t *testing.T) {
	for name, want := range map[string]string{
		"surat izin.pdf":                    "surat izin.pdf",
		"../../etc/passwd":                  "passwd",
		`C:\Dokumen\KTP.jpg`:                "KTP.jpg",
		"NIB 🎉 baru.pdf":                    "NIB  baru.pdf",
		"a<b>:c?.txt":                       "a b  c.txt",
		".bashrc":                           "bashrc",
		"":                                  "file",
		"🎉":                                 "file",
		"a\xffb.txt":                        "file",
		"arsip.tar.gz":                      "arsip.tar.gz",
		strings.Repeat("x", 90) + ".pdf":    strings.Repeat("x", 64) + ".pdf",
		"berkas." + strings.Repeat("y", 40): "berkas." + strings.Repeat("y", 20),
		"Sertifikat Halal №5 (asli).PDF":    "Sertifikat Halal 5 (asli).PDF",
	} {
		if got := cleanName(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

func TestMimeFollowsTheName(t *testing.T) {
	for name, want := range map[string]string{
		"a.PDF": "application/pdf", "a.tar.gz": "application/gzip", "a": "application/octet-stream", "a.unknown": "application/octet-stream",
	} {
		if got := mimeOf(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

func drawn(width, height int) image.Image {
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		picture.Set(x, x%height, color.RGBA{200, 30, 30, 255})
	}
	return picture
}

func TestPhotoSizes(t *testing.T) {
	for _, test := range []struct {
		width, height int
		want          [][2]int
	}{
		{50, 40, [][2]int{{50, 40}}},
		{200, 100, [][2]int{{90, 45}, {200, 100}}},
		{1000, 500, [][2]int{{90, 45}, {320, 160}, {800, 400}, {1000, 500}}},
		{3000, 1500, [][2]int{{90, 45}, {320, 160}, {800, 400}, {1280, 640}, {2560, 1280}}},
	} {
		var source bytes.Buffer
		if err := png.Encode(&source, drawn(test.width, test.height)); err != nil {
			t.Fatal(err)
		}
		sizes, err := photoSizes(source.Bytes())
		if err != nil || len(sizes) != len(test.want) {
			t.Fatalf("%dx%d: %d sizes, %v", test.width, test.height, len(sizes), err)
		}
		for i, size := range sizes {
			config, err := jpeg.DecodeConfig(bytes.NewReader(size.data))
			got := [2]int{config.Width, config.Height}
			if err != nil || got != test.want[i] || got != [2]int{size.width, size.height} {
				t.Errorf("%dx%d: size %d is %v, %v, want %v", test.width, test.height, i, got, err, test.want[i])
			}
		}
	}
}

func TestJPEGKeepsItsBytes(t *testing.T) {
	var source bytes.Buffer
	if err := jpeg.Encode(&source, drawn(640, 480), nil); err != nil {
		t.Fatal(err)
	}
	sizes, err := photoSizes(source.Bytes())
	if err != nil || !bytes.Equal(sizes[len(sizes)-1].data, source.Bytes()) {
		t.Errorf("the largest size was made anew, %v", err)
	}
}

func TestWrongFileID(t *testing.T) {
	const about = "Wrong remote file identifier specified: "
	for id, want := range map[string]string{
		"abcd====": "Wrong string padding",
		"abcde=":   "Wrong padding length",
		"abcde":    "Wrong string length",
		"ab cd+/x": "Wrong character in the string",
		"abcdeB":   "Wrong padding in the string",
		"abcdeQ":   "can't unserialize it. Wrong last symbol",
		"abcdefgh": "can't unserialize it. Wrong last symbol",
	} {
		if got := wrongFileID(id); got != about+want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
}

func TestWebPSize(t *testing.T) {
	lossy := append([]byte("RIFF\x00\x00\x00\x00WEBPVP8 \x00\x00\x00\x00\x00\x00\x00\x9d\x01\x2a"), 0x40, 0x01, 0xf0, 0x00)
	extended := append([]byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00"), 0x3f, 0x01, 0x00, 0xef, 0x00, 0x00)
	for name, data := range map[string][]byte{"VP8": lossy, "VP8X": extended} {
		if w, h := webpSize(data); w != 320 || h != 240 {
			t.Errorf("%s: %dx%d", name, w, h)
		}
	}
	if w, h := webpSize([]byte("RIFF")); w != 0 || h != 0 {
		t.Errorf("a stub is %dx%d", w, h)
	}
}

// FuzzImageSize looks for panics in reading an image's head.
func FuzzImageSize(f *testing.F) {
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00/\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if w, h := imageSize(data); w < 0 || h < 0 {
			t.Errorf("%dx%d", w, h)
		}
	})
}
