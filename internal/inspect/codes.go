package inspect

import (
	"image"
	"slices"

	"github.com/makiuchi-d/gozxing"
	multi "github.com/makiuchi-d/gozxing/multi/qrcode"
)

// codeSides are the long sides at which QR codes are looked for, in pixels: a
// code that fills the picture is found in a small one, one in its corner needs
// a large one.
var codeSides = []int{1000, greySide}

// mostCode is more than a QR code can hold, in bytes.
const mostCode = 4 << 10

// codesIn reads the QR codes in a picture.
func codesIn(grey *image.Gray) []string {
	for _, side := range codeSides {
		if found := codesAt(shrink(grey, side)); len(found) > 0 {
			return found
		}
		if max(grey.Rect.Dx(), grey.Rect.Dy()) <= side {
			break
		}
	}
	return nil
}

// codesAt survives the reader's panics: a code is a bonus.
func codesAt(grey *image.Gray) (out []string) {
	defer func() { _ = recover() }()
	width, height := grey.Rect.Dx(), grey.Rect.Dy()
	source, err := gozxing.NewPlanarYUVLuminanceSource(packed(grey), width, height, 0, 0, width, height, false)
	if err != nil {
		return nil
	}
	bitmap, err := gozxing.NewBinaryBitmap(gozxing.NewHybridBinarizer(source))
	if err != nil {
		return nil
	}
	results, err := multi.NewQRCodeMultiReader().DecodeMultiple(bitmap, nil)
	if err != nil {
		return nil
	}
	for _, r := range results {
		if text := r.GetText(); len(text) <= mostCode && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// packed is a picture's pixels without gaps between its rows.
func packed(grey *image.Gray) []byte {
	width, height := grey.Rect.Dx(), grey.Rect.Dy()
	if grey.Stride == width {
		return grey.Pix[:width*height]
	}
	out := make([]byte, 0, width*height)
	for y := range height {
		out = append(out, grey.Pix[y*grey.Stride:][:width]...)
	}
	return out
}
