package inspect

import (
	"image"
	"image/color"
)

// greySide is the long side of the grey picture that is looked at, in pixels:
// enough for the small code in the corner of a photographed page.
const greySide = 2400

// greyOf is a picture's luminance, made smaller where it is larger than needed.
func greyOf(img image.Image) *image.Gray {
	switch src := img.(type) {
	case *image.YCbCr:
		return shrink(&image.Gray{Pix: src.Y, Stride: src.YStride, Rect: image.Rect(0, 0, src.Rect.Dx(), src.Rect.Dy())}, greySide)
	case *image.NYCbCrA:
		return greyOf(&src.YCbCr)
	case *image.Gray:
		return shrink(src, greySide)
	}
	b := img.Bounds()
	by := factor(b, greySide)
	return average(b.Dx()/by, b.Dy()/by, by, func(x, y int) int {
		return int(color.GrayModel.Convert(onWhite{img.At(b.Min.X+x, b.Min.Y+y)}).(color.Gray).Y)
	})
}

// onWhite is a colour laid on white paper.
type onWhite struct{ color.Color }

func (c onWhite) RGBA() (r, g, b, a uint32) {
	r, g, b, a = c.Color.RGBA()
	rest := 0xffff - a
	return r + rest, g + rest, b + rest, 0xffff
}

// shrink averages squares of pixels until the long side is at most side long.
func shrink(src *image.Gray, side int) *image.Gray {
	by := factor(src.Rect, side)
	if by == 1 {
		return src
	}
	return average(src.Rect.Dx()/by, src.Rect.Dy()/by, by, func(x, y int) int {
		return int(src.Pix[y*src.Stride+x])
	})
}

// factor is by how much to shrink; never to nothing.
func factor(r image.Rectangle, side int) int {
	by := (max(r.Dx(), r.Dy()) + side - 1) / side
	return max(1, min(by, r.Dx(), r.Dy()))
}

func average(width, height, by int, at func(x, y int) int) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			sum := 0
			for dy := range by {
				for dx := range by {
					sum += at(x*by+dx, y*by+dy)
				}
			}
			out.Pix[y*out.Stride+x] = uint8(sum / (by * by))
		}
	}
	return out
}
