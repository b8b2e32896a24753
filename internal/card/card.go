// Package card draws the card of a registered business: what an owner shows
// and an officer opens by its QR code. Data goes in, a PNG comes out.
package card

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"
)

// Card is what one shows. Every text may hold anything: what the font lacks
// is left out, and what is too long for its place shrinks, wraps or is cut.
type Card struct {
	Office   string
	Number   string
	Owner    string
	Business string
	Place    string // from small to large, parted by commas
	Link     string // in the QR code
	Words    Words
}

// Words are the card's own, in its reader's language.
type Words struct {
	Title, Number, Business, Owner, Place string
	Scan                                  string // under the QR code
	Note                                  string // at the foot
}

// Width and Height are in pixels; a phone shows the card about 300 points wide.
const (
	Width  = 1000
	Height = 630
)

var (
	paper  = color.RGBA{0xff, 0xff, 0xff, 0xff}
	ink    = color.RGBA{0x17, 0x20, 0x26, 0xff}
	pale   = color.RGBA{0x56, 0x64, 0x6e, 0xff}
	deep   = color.RGBA{0x0b, 0x4f, 0x5c, 0xff}
	accent = color.RGBA{0xf2, 0xb1, 0x34, 0xff}
	foot   = color.RGBA{0xee, 0xf3, 0xf4, 0xff}
)

const (
	margin = 48
	bar    = 128 // height of the head
	ground = 572 // where the foot begins
	column = 568 // width of the texts beside the code
)

// box is a place for a text: at most lines lines of its width, from size down
// to least pixels high, centred or from the left.
type box struct {
	at          image.Rectangle
	size, least int
	lines       int
	bold        bool
	colour      color.Color
	centred     bool
}

// label is a small heading; it stands above its value.
func label(top int) box {
	return box{at: image.Rect(margin, top, margin+column, top+28), size: 24, least: 16, lines: 1, colour: pale}
}

func value(top, height, size, least, lines int, bold bool) box {
	return box{
		at: image.Rect(margin, top, margin+column, top+height), size: size, least: least, lines: lines,
		bold: bold, colour: ink,
	}
}

var (
	titleBox  = box{at: image.Rect(margin, 16, Width-margin, 50), size: 26, least: 16, lines: 1, bold: true, colour: accent}
	officeBox = box{at: image.Rect(margin, 52, Width-margin, 124), size: 42, least: 24, lines: 2, bold: true, colour: paper}
	scanBox   = box{at: image.Rect(616, 474, 976, 534), size: 25, least: 16, lines: 2, colour: pale, centred: true}
	noteBox   = box{at: image.Rect(margin, ground+14, Width-margin, Height-14), size: 24, least: 16, lines: 1, colour: deep}
	codeBox   = image.Rect(632, 142, 960, 470)
)

// Draw makes the card's picture. The same card gives the same picture.
func Draw(c Card) ([]byte, error) {
	code, err := encode(c.Link)
	if err != nil {
		return nil, err
	}
	picture := image.NewRGBA(image.Rect(0, 0, Width, Height))
	fill(picture, picture.Rect, paper)
	fill(picture, image.Rect(0, 0, Width, bar), deep)
	fill(picture, image.Rect(0, bar, Width, bar+6), accent)
	fill(picture, image.Rect(0, ground, Width, Height), foot)
	code.draw(picture, codeBox)
	for _, t := range c.texts() {
		t.box.write(picture, t.units)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, reduced(picture)); err != nil {
		return nil, fmt.Errorf("encode the card: %w", err)
	}
	return out.Bytes(), nil
}

type placed struct {
	box   box
	units []string // the text's words, or what else is best kept together
}

// texts places them. A name of which nothing can be shown gives way to the
// number, so that no place is empty.
func (c Card) texts() []placed {
	number := value(178, 72, 60, 36, 1, true)
	number.colour = deep
	return []placed{
		{titleBox, byWord(c.Words.Title)},
		{officeBox, byWord(c.Office)},
		{label(150), byWord(c.Words.Number)},
		{number, byWord(c.Number)},
		{label(258), byWord(c.Words.Business)},
		{value(286, 78, 42, 24, 2, true), byWord(name(c.Business, c.Number))},
		{label(368), byWord(c.Words.Owner)},
		{value(396, 66, 36, 22, 2, false), byWord(name(c.Owner, c.Number))},
		{label(468), byWord(c.Words.Place)},
		{value(496, 72, 30, 20, 2, false), byPart(c.Place)},
		{scanBox, byWord(c.Words.Scan)},
		{noteBox, byWord(c.Words.Note)},
	}
}

func byWord(s string) []string { return strings.Fields(Printable(s)) }

// byPart keeps the words of each part of a place together.
func byPart(s string) []string {
	var parts []string
	for part := range strings.SplitAfterSeq(Printable(s), ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

func fill(to draw.Image, r image.Rectangle, c color.Color) {
	draw.Draw(to, r, image.NewUniform(c), image.Point{}, draw.Src)
}
