package picture

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// Quiet is the empty border that readers of QR codes need, in modules.
const Quiet = 4

// Code is a QR code.
type Code struct{ modules barcode.Barcode }

// Encode makes a QR code that stays readable with 15 % of it damaged, as on a
// scratched screen.
func Encode(content string) (Code, error) {
	modules, err := qr.Encode(content, qr.M, qr.Auto)
	if err != nil {
		return Code{}, fmt.Errorf("encode a QR code: %w", err)
	}
	return Code{modules}, nil
}

// Size is how many modules wide and high the code is, without its border.
func (c Code) Size() int { return c.modules.Bounds().Dx() }

// Dark reports whether a module is; they count from the upper left.
func (c Code) Dark(x, y int) bool {
	from := c.modules.Bounds().Min
	return c.modules.At(from.X+x, from.Y+y) == color.Black
}

// Draw puts the code into the middle of a box, each module a whole number of
// pixels wide so that edges stay sharp.
func (c Code) Draw(to draw.Image, in image.Rectangle) {
	scale := max(1, in.Dx()/(c.Size()+2*Quiet))
	left := in.Min.X + (in.Dx()-scale*c.Size())/2
	top := in.Min.Y + (in.Dy()-scale*c.Size())/2
	for y := range c.Size() {
		for x := range c.Size() {
			if c.Dark(x, y) {
				at := image.Pt(left+x*scale, top+y*scale)
				Fill(to, image.Rectangle{Min: at, Max: at.Add(image.Pt(scale, scale))}, color.Black)
			}
		}
	}
}
