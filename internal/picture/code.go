package picture

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// quiet is the empty border that readers of QR codes need, in modules.
const quiet = 4

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

// Draw puts the code into the middle of a box, each module a whole number of
// pixels wide so that edges stay sharp.
func (c Code) Draw(to draw.Image, in image.Rectangle) {
	bounds := c.modules.Bounds()
	scale := max(1, in.Dx()/(bounds.Dx()+2*quiet))
	left := in.Min.X + (in.Dx()-scale*bounds.Dx())/2
	top := in.Min.Y + (in.Dy()-scale*bounds.Dy())/2
	for y := range bounds.Dy() {
		for x := range bounds.Dx() {
			if c.modules.At(bounds.Min.X+x, bounds.Min.Y+y) == color.Black {
				at := image.Pt(left+x*scale, top+y*scale)
				Fill(to, image.Rectangle{Min: at, Max: at.Add(image.Pt(scale, scale))}, color.Black)
			}
		}
	}
}
