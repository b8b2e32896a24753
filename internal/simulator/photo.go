package simulator

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/gif" // photos may be GIF and PNG too
	"image/jpeg"
	_ "image/png"
)

const (
	maxPhoto      = 10 << 20 // bytes
	maxPhotoSides = 10000    // width and height together
	maxPhotoRatio = 20
)

// photoSize is one of the sizes a photo comes in.
type photoSize struct {
	data          []byte
	width, height int
}

// photoBounds are the longest sides of a photo's sizes; the last holds the
// largest one.
var photoBounds = []int{90, 320, 800, 1280, 2560}

// checkPhoto tells why a bot's photo is refused, before it is decoded.
func checkPhoto(data []byte) *apiError {
	if len(data) > maxPhoto {
		return badRequest(fmt.Sprintf("File of size %d bytes is too big for a photo; the maximum size is %d bytes", len(data), maxPhoto))
	}
	width, height := imageSize(data)
	if width == 0 || height == 0 {
		return badRequest("IMAGE_PROCESS_FAILED")
	}
	if width+height > maxPhotoSides || max(width, height) > maxPhotoRatio*min(width, height) {
		return badRequest("PHOTO_INVALID_DIMENSIONS")
	}
	return nil
}

// imageSize reads an image's size from its head; 0, 0 if it is none.
func imageSize(data []byte) (width, height int) {
	if config, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil {
		return config.Width, config.Height
	}
	return webpSize(data)
}

// webpSize reads the size of a WebP image, which the standard library lacks.
func webpSize(data []byte) (width, height int) {
	if len(data) < 30 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WEBP" {
		return 0, 0
	}
	little := binary.LittleEndian
	switch string(data[12:16]) {
	case "VP8 ":
		return int(little.Uint16(data[26:]) & 0x3fff), int(little.Uint16(data[28:]) & 0x3fff)
	case "VP8L":
		bits := little.Uint32(data[21:])
		return int(bits&0x3fff) + 1, int(bits>>14&0x3fff) + 1
	case "VP8X":
		wide := uint32(data[24]) | uint32(data[25])<<8 | uint32(data[26])<<16
		high := uint32(data[27]) | uint32(data[28])<<8 | uint32(data[29])<<16
		return int(wide) + 1, int(high) + 1
	}
	return 0, 0
}

// photoSizes makes a photo's sizes, small to large, as JPEG. A JPEG that is
// not too large keeps its bytes as the largest size.
func photoSizes(data []byte) ([]photoSize, error) {
	if width, height := webpSize(data); width > 0 {
		return []photoSize{{data, width, height}}, nil
	}
	picture, format, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("decode a photo: %w", err)
	}
	bounds := picture.Bounds()
	longest := max(bounds.Dx(), bounds.Dy())
	flat := image.NewRGBA(image.Rect(0, 0, bounds.Dx(), bounds.Dy()))
	draw.Draw(flat, flat.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), picture, bounds.Min, draw.Over)
	var sizes []photoSize
	for i, bound := range photoBounds {
		whole := longest <= bound
		if whole && format == "jpeg" {
			return append(sizes, photoSize{data, bounds.Dx(), bounds.Dy()}), nil
		}
		size, err := scaled(flat, min(bound, longest), longest)
		if err != nil {
			return nil, err
		}
		if sizes = append(sizes, size); whole || i == len(photoBounds)-1 {
			break
		}
	}
	return sizes, nil
}

// scaled makes a copy whose longest side is bound.
func scaled(from *image.RGBA, bound, longest int) (photoSize, error) {
	width := max(from.Rect.Dx()*bound/longest, 1)
	height := max(from.Rect.Dy()*bound/longest, 1)
	to := from
	if bound < longest {
		to = image.NewRGBA(image.Rect(0, 0, width, height))
		for y := range height {
			for x := range width {
				to.SetRGBA(x, y, average(from, x, y, width, height))
			}
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, to, &jpeg.Options{Quality: 87}); err != nil {
		return photoSize{}, fmt.Errorf("encode a photo: %w", err)
	}
	return photoSize{out.Bytes(), width, height}, nil
}

// average mixes four points of the square that becomes one pixel.
func average(from *image.RGBA, x, y, width, height int) color.RGBA {
	var r, g, b int
	for i := range 4 {
		px := (4*x + 1 + 2*(i%2)) * from.Rect.Dx() / (4 * width)
		py := (4*y + 1 + 2*(i/2)) * from.Rect.Dy() / (4 * height)
		c := from.RGBAAt(min(px, from.Rect.Dx()-1), min(py, from.Rect.Dy()-1))
		r, g, b = r+int(c.R), g+int(c.G), b+int(c.B)
	}
	return color.RGBA{uint8(r / 4), uint8(g / 4), uint8(b / 4), 255}
}
