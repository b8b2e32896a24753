package inspect

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"slices"
	"testing"

	"umkmbot/internal/inspect/sample"
)

// flawsOf is what is said of a picture after it went through a camera's JPEG.
func flawsOf(t *testing.T, img image.Image) []string {
	t.Helper()
	data := sample.JPEG(img)
	r := lookPicture(data, mimeJPEG, Limits{}.withDefaults())
	if r.Refused != "" {
		t.Fatal(r.Refused)
	}
	return r.Flaws
}

func TestReadablePicturesPass(t *testing.T) {
	page, card := sample.Photo(), sample.KTP()
	for name, img := range map[string]image.Image{
		"a page":                         page,
		"a page of 7 megapixels":         sample.Camera(2250, 3000),
		"a page as Telegram makes it":    sample.Camera(960, 1280),
		"a page a little out of focus":   sample.Blur(page, 2),
		"a page barely readable":         sample.Blur(page, 3),
		"a page in the evening":          sample.Darken(page, 0.45),
		"a card":                         card,
		"a card a little out of focus":   sample.Blur(card, 2),
		"a small picture of a card":      sample.Shrink(sample.Blur(card, 1), 2),
		"an empty sheet":                 sheet(1200, 1600, color.Gray{240}),
		"a code on white":                sample.Code("contoh", 30),
		"a bright card on a black table": onBlack(card),
	} {
		if got := flawsOf(t, img); len(got) > 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestUnreadablePicturesAreNamed(t *testing.T) {
	page, card := sample.Photo(), sample.KTP()
	for _, c := range []struct {
		name string
		img  image.Image
		want []string
	}{
		{"a page out of focus", sample.Blur(page, 4), []string{Blurred}},
		{"a page far out of focus", sample.Blur(page, 12), []string{Blurred}},
		{"a large page out of focus", sample.Blur(sample.Camera(2250, 3000), 10), []string{Blurred}},
		{"a card out of focus", sample.Blur(card, 5), []string{Blurred}},
		{"a page in the dark", sample.Darken(page, 0.15), []string{Dark}},
		{"a card in the dark", sample.Darken(card, 0.2), []string{Dark}},
		{"a page in the dark out of focus", sample.Darken(sample.Blur(page, 8), 0.15), []string{Dark}},
		{"a stamp", sample.Shrink(card, 4), []string{Small}},
		{"a narrow strip", sheet(5000, 500, color.Gray{200}), []string{Small}},
	} {
		got := flawsOf(t, c.img)
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func sheet(width, height int, c color.Gray) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = c.Y
	}
	return img
}

// onBlack puts a picture in the middle of a table so black that the mean is dark.
func onBlack(img *image.RGBA) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, 3000, 2400))
	for i := range out.Pix {
		out.Pix[i] = uint8(10 + i%3)
	}
	for y := range img.Rect.Dy() - 440 {
		copy(out.Pix[(y+700)*out.Stride+4*800:], img.Pix[(y+220)*img.Stride+4*200:][:4*1200])
	}
	return out
}

func TestGreyOfEveryKindOfPicture(t *testing.T) {
	r := image.Rect(0, 0, 8, 6)
	for _, img := range []image.Image{
		fillAll(image.NewGray(r)), fillAll(image.NewRGBA(r)), fillAll(image.NewNRGBA(r)), fillAll(image.NewRGBA64(r)),
		fillAll(image.NewCMYK(r)), fillAll(image.NewPaletted(r, color.Palette{color.Black, color.Gray{200}})),
	} {
		if got := greyOf(img).GrayAt(3, 3).Y; got < 198 || got > 202 {
			t.Errorf("%T: %d", img, got)
		}
	}
	if got := greyOf(image.NewNRGBA(r)).GrayAt(1, 1).Y; got != 255 {
		t.Errorf("what is transparent lies on %d, not on white", got)
	}
}

type settable interface {
	image.Image
	Set(x, y int, c color.Color)
}

func fillAll(img settable) image.Image {
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			img.Set(x, y, color.Gray{200})
		}
	}
	return img
}

func TestShrinkNeverToNothing(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {1, 90000}, {90000, 1}, {2401, 3}, {2400, 2400}, {5000, 4999}} {
		got := greyOf(image.NewGray(image.Rect(0, 0, size.X, size.Y))).Rect
		if got.Dx() < 1 || got.Dy() < 1 || min(size.X, size.Y) > 2 && max(got.Dx(), got.Dy()) > greySide {
			t.Errorf("%v became %v", size, got)
		}
	}
}

// Dimensions are read before pixels: each of these would take gigabytes, or
// more time than there is.
func TestHugePicturesAreNotDecoded(t *testing.T) {
	limits := Limits{}.withDefaults()
	for name, data := range map[string][]byte{
		"a PNG of 30,000 by 30,000":  sample.Bomb(),
		"a WebP of 16,384 by 16,384": sample.WebP(16384, 16384, false),
		"a JPEG of 60,000 by 60,000": jpegClaiming(60000, 60000, 0xc0),
		"a progressive of 6,000²":    jpegClaiming(6000, 6000, 0xc2),
	} {
		_, refused := identify(data)
		if refused != "" {
			t.Errorf("%s: %s", name, refused)
		}
		if r := look(data, limits); r.Refused != PictureHuge {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if r := look(jpegClaiming(6000, 6000, 0xc0), limits); r.Refused != PictureBroken {
		t.Errorf("a baseline JPEG of 36 megapixels may be decoded: %+v", r)
	}
}

// jpegClaiming is a JPEG's head with the given size and kind of frame.
func jpegClaiming(width, height int, frame byte) []byte {
	var b bytes.Buffer
	b.Write([]byte{0xff, 0xd8, 0xff, 0xe0, 0, 16})
	b.WriteString("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
	b.Write([]byte{0xff, frame, 0, 17, 8, byte(height >> 8), byte(height), byte(width >> 8), byte(width), 3})
	b.Write([]byte{1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0})
	b.Write([]byte{0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0, 0xff, 0xd9})
	return b.Bytes()
}

func ExampleFlaws() {
	fmt.Println(Flaws())
	// Output: [dark blurred small small_photo]
}
