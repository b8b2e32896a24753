// Package picture is what the bot's pictures are drawn with: colours, texts
// that fit their place whatever they are, QR codes, and a PNG of few bytes.
package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"
)

// The colours of all pictures: grounds, and what stands on them.
var (
	Paper  = color.RGBA{0xff, 0xff, 0xff, 0xff}
	Ink    = color.RGBA{0x17, 0x20, 0x26, 0xff}
	Pale   = color.RGBA{0x56, 0x64, 0x6e, 0xff}
	Deep   = color.RGBA{0x0b, 0x4f, 0x5c, 0xff}
	Accent = color.RGBA{0xf2, 0xb1, 0x34, 0xff}
	Foot   = color.RGBA{0xee, 0xf3, 0xf4, 0xff}
)

// Box is a place for a text: at most Lines lines of its width, from Size down
// to Least pixels high, centred or from the left.
type Box struct {
	At          image.Rectangle
	Size, Least int
	Lines       int
	Bold        bool
	Colour      color.Color
	Centred     bool
}

// ByWord parts a text into its words, which are kept whole where they can be.
func ByWord(s string) []string { return strings.Fields(Printable(s)) }

// ByPart keeps the words of each part of a place together.
func ByPart(s string) []string {
	var parts []string
	for part := range strings.SplitAfterSeq(Printable(s), ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// Fill gives a rectangle one colour.
func Fill(to draw.Image, r image.Rectangle, c color.Color) {
	draw.Draw(to, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// PNG encodes a picture that is drawn in the colours above.
func PNG(p *image.RGBA) ([]byte, error) {
	var out bytes.Buffer
	if err := png.Encode(&out, reduced(p)); err != nil {
		return nil, fmt.Errorf("encode a picture: %w", err)
	}
	return out.Bytes(), nil
}
