package picturetest

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"testing"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
)

// Photo is a picture as somebody's phone takes it of another's screen: turned
// by some degrees on a table, smaller, out of focus by some pixels, and packed
// hard on its way.
func Photo(t testing.TB, picture image.Image, degrees, scale float64, blur, quality int) image.Image {
	t.Helper()
	photo := blurred(turned(picture, degrees, scale), blur)
	var raw bytes.Buffer
	if err := jpeg.Encode(&raw, photo, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	out, err := jpeg.Decode(&raw)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// turned lies in the middle of a grey square that holds it at any angle.
func turned(picture image.Image, degrees, scale float64) *image.RGBA {
	from := image.NewRGBA(picture.Bounds())
	draw.Draw(from, from.Rect, picture, from.Rect.Min, draw.Src)
	width, height := float64(from.Rect.Dx()), float64(from.Rect.Dy())
	side := int(math.Hypot(width, height)*scale) + 40
	to := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.Draw(to, to.Rect, image.NewUniform(color.Gray{0x70}), image.Point{}, draw.Src)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	sin, cos = sin*scale, cos*scale
	left := (float64(side) - cos*width + sin*height) / 2
	top := (float64(side) - sin*width - cos*height) / 2
	draw.BiLinear.Transform(to, f64.Aff3{cos, -sin, left, sin, cos, top}, from, from.Rect, draw.Over, nil)
	return to
}

// blurred takes the mean of a square around each pixel, in grey.
func blurred(from *image.RGBA, by int) *image.Gray {
	to := image.NewGray(from.Rect)
	for y := from.Rect.Min.Y; y < from.Rect.Max.Y; y++ {
		for x := from.Rect.Min.X; x < from.Rect.Max.X; x++ {
			around := image.Rect(x-by, y-by, x+by+1, y+by+1).Intersect(from.Rect)
			to.Pix[to.PixOffset(x, y)] = mean(from, around)
		}
	}
	return to
}

func mean(from *image.RGBA, in image.Rectangle) uint8 {
	sum := 0
	for y := in.Min.Y; y < in.Max.Y; y++ {
		at := from.PixOffset(in.Min.X, y)
		for range in.Dx() {
			sum += int(from.Pix[at]) + 2*int(from.Pix[at+1]) + int(from.Pix[at+2])
			at += 4
		}
	}
	return uint8(sum / 4 / (in.Dx() * in.Dy()))
}
