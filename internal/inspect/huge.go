package inspect

import (
	"encoding/binary"
	"image"
	"image/color"
)

// share of the memory limit that a picture's pixels may fill; the file itself
// and what is made of them need the rest.
const share = 0.7

// tooHuge reports whether a picture has too many pixels, or would take too
// much memory to read. It is asked before any pixel is read.
func tooHuge(c image.Config, data []byte, mime string, l Limits) bool {
	pixels := float64(c.Width) * float64(c.Height)
	return pixels > float64(l.Pixels) || pixels*bytesPerPixel(c.ColorModel, data, mime) > share*float64(l.Memory)
}

// bytesPerPixel estimates what Go's readers use.
func bytesPerPixel(m color.Model, data []byte, mime string) float64 {
	if mime == mimeJPEG {
		return jpegBytesPerPixel(data)
	}
	if _, ok := m.(color.Palette); ok {
		return 1
	}
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	case color.YCbCrModel, color.NYCbCrAModel:
		return 3
	default:
		return 4
	}
}

// jpegBytesPerPixel reads the frame's header: how finely colours are sampled,
// and whether all coefficients (4 bytes each) are kept to the end.
func jpegBytesPerPixel(data []byte) float64 {
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker, size := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == 0xff || marker == 0x01 || marker >= 0xd0 && marker <= 0xd8 {
			at++
			continue
		}
		if isFrame(marker) && at+2+size <= len(data) && size >= 8 {
			return frameBytes(data[at+4:at+2+size], marker == 0xc2)
		}
		at += 2 + size
	}
	return 15 // the most there is
}

func isFrame(marker byte) bool {
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
}

func frameBytes(frame []byte, progressive bool) float64 {
	var sum, most float64
	for c := 6; c+3 <= len(frame); c += 3 {
		factor := float64(frame[c+1]>>4) * float64(frame[c+1]&15)
		sum, most = sum+factor, max(most, factor)
	}
	perPixel := sum / max(most, 1)
	if progressive {
		perPixel *= 5
	}
	if len(frame) >= 6 && frame[5] == 4 { // CMYK is put together in a copy
		perPixel += 4
	}
	return perPixel
}
