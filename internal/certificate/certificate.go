// Package certificate sets the certificate of attendance of a training: data
// goes in, a PDF comes out.
package certificate

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/math/fixed"

	"umkmbot/internal/picture"
)

// Certificate is what is certified. Every text may hold anything: what the
// font lacks is left out, and what is too long shrinks, wraps or is cut.
type Certificate struct {
	Office   string
	Number   string
	Name     string // of the holder
	Business string // "": not named
	Training string // its title
	When     string
	Place    string // "": online
	Link     string // in the QR code; leads to whom to ask whether it is true
	At       time.Time
	Words    Words
}

// Words are the certificate's own, in its reader's language.
type Words struct {
	Title    string
	Given    string // above the name
	Attended string // between the name and the training
	Number   string // in front of the number
	Check    string // how anybody checks it
}

// The page in points: A4 across.
const (
	width  = 842
	height = 595
)

// The lines that frame the page lie that far from its edge.
const (
	outer  = 22
	inner  = 30
	margin = 70
)

var (
	officeBox   = centred(56, 46, 20, 12, 2, true, picture.Deep)
	titleBox    = centred(108, 62, 50, 24, 1, true, picture.Deep)
	givenBox    = centred(182, 22, 15, 10, 1, false, picture.Pale)
	nameBox     = centred(206, 58, 40, 18, 2, true, picture.Ink)
	businessBox = centred(276, 24, 17, 10, 1, false, picture.Ink)
	attendedBox = centred(306, 22, 15, 10, 1, false, picture.Pale)
	trainingBox = centred(332, 62, 26, 16, 3, true, picture.Deep)
	whenBox     = centred(400, 22, 16, 10, 1, false, picture.Ink)
	placeBox    = centred(422, 30, 14, 10, 2, false, picture.Ink)
	labelBox    = left(482, 16, 11, 8, 1, false, picture.Pale)
	numberBox   = left(498, 26, 19, 10, 1, true, picture.Ink)
	checkBox    = left(526, 30, 11, 8, 2, false, picture.Pale)
	codeBox     = image.Rect(width-margin-104, 454, width-margin, 558)
)

// underline stands between the name and the business.
const underline = 270

func centred(top, high, size, least, lines int, bold bool, colour color.Color) picture.Box {
	return picture.Box{
		At: image.Rect(margin, top, width-margin, top+high), Size: size, Least: least, Lines: lines,
		Bold: bold, Colour: colour, Centred: true,
	}
}

// left stands beside the code.
func left(top, high, size, least, lines int, bold bool, colour color.Color) picture.Box {
	return picture.Box{
		At: image.Rect(margin, top, codeBoxLeft-20, top+high), Size: size, Least: least, Lines: lines,
		Bold: bold, Colour: colour,
	}
}

const codeBoxLeft = width - margin - 104

type placed struct {
	box  picture.Box
	text string
}

// texts places them. A name of which nothing can be shown gives way to the
// number, so that its place is not empty.
func (c Certificate) texts() []placed {
	return []placed{
		{officeBox, c.Office},
		{titleBox, c.Words.Title},
		{givenBox, c.Words.Given},
		{nameBox, picture.Name(c.Name, c.Number)},
		{businessBox, c.Business},
		{attendedBox, c.Words.Attended},
		{trainingBox, c.Training},
		{whenBox, c.When},
		{placeBox, c.Place},
		{labelBox, c.Words.Number},
		{numberBox, c.Number},
		{checkBox, c.Words.Check},
	}
}

// PDF sets a certificate on one page. The same certificate gives the same bytes.
func PDF(c Certificate) ([]byte, error) {
	code, err := picture.Encode(c.Link)
	if err != nil {
		return nil, err
	}
	pdf := fpdf.New("L", "pt", "A4", "")
	pdf.SetCreationDate(c.At.UTC())
	pdf.SetModificationDate(c.At.UTC())
	pdf.SetCatalogSort(true)
	pdf.SetTitle(picture.Printable(c.Words.Title+" "+c.Number), true)
	pdf.AddUTF8FontFromBytes("go", "", goregular.TTF)
	pdf.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddPage()
	frame(pdf)
	for _, t := range c.texts() {
		write(pdf, t)
	}
	dots(pdf, code)
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("write certificate: %w", err)
	}
	return out.Bytes(), nil
}

func frame(pdf *fpdf.Fpdf) {
	line := func(at, thick float64, c color.RGBA) {
		pdf.SetDrawColor(int(c.R), int(c.G), int(c.B))
		pdf.SetLineWidth(thick)
		pdf.Rect(at, at, width-2*at, height-2*at, "D")
	}
	line(outer, 5, picture.Deep)
	line(inner, 1.2, picture.Accent)
	pdf.SetLineWidth(1.5)
	pdf.Line(width/2-120, underline, width/2+120, underline)
}

func write(pdf *fpdf.Fpdf, t placed) {
	style := ""
	if t.box.Bold {
		style = "B"
	}
	lines, size := t.box.Set(picture.ByWord(t.text))
	r, g, b, _ := t.box.Colour.RGBA()
	pdf.SetFont("go", style, float64(size))
	pdf.SetTextColor(int(r>>8), int(g>>8), int(b>>8))
	for _, l := range lines {
		pdf.Text(points(l.At.X), points(l.At.Y), l.Text)
	}
}

func points(n fixed.Int26_6) float64 { return float64(n) / 64 }

// dots sets the code as squares, which stay sharp at any size.
func dots(pdf *fpdf.Fpdf, code picture.Code) {
	pdf.SetFillColor(0, 0, 0)
	each := float64(codeBox.Dx()) / float64(code.Size()+2*picture.Quiet)
	at := func(from, n int) float64 { return float64(from) + each*float64(picture.Quiet+n) }
	for y := range code.Size() {
		for x := 0; x < code.Size(); x++ {
			end := x
			for end < code.Size() && code.Dark(end, y) {
				end++
			}
			if end > x {
				pdf.Rect(at(codeBox.Min.X, x), at(codeBox.Min.Y, y), each*float64(end-x), each, "F")
				x = end
			}
		}
	}
}
