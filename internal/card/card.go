// Package card draws the card of a registered business: what an owner shows
// and an officer opens by its QR code. Data goes in, a PNG comes out.
package card

import (
	"image"

	"umkmbot/internal/picture"
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

const (
	margin = 48
	bar    = 128 // height of the head
	ground = 572 // where the foot begins
	column = 568 // width of the texts beside the code
)

// label is a small heading; it stands above its value.
func label(top int) picture.Box {
	return picture.Box{At: image.Rect(margin, top, margin+column, top+28), Size: 24, Least: 16, Lines: 1, Colour: picture.Pale}
}

func value(top, height, size, least, lines int, bold bool) picture.Box {
	return picture.Box{
		At: image.Rect(margin, top, margin+column, top+height), Size: size, Least: least, Lines: lines,
		Bold: bold, Colour: picture.Ink,
	}
}

var (
	titleBox  = picture.Box{At: image.Rect(margin, 16, Width-margin, 50), Size: 26, Least: 16, Lines: 1, Bold: true, Colour: picture.Accent}
	officeBox = picture.Box{At: image.Rect(margin, 52, Width-margin, 124), Size: 42, Least: 24, Lines: 2, Bold: true, Colour: picture.Paper}
	scanBox   = picture.Box{At: image.Rect(616, 474, 976, 534), Size: 25, Least: 16, Lines: 2, Colour: picture.Pale, Centred: true}
	noteBox   = picture.Box{At: image.Rect(margin, ground+14, Width-margin, Height-14), Size: 24, Least: 16, Lines: 1, Colour: picture.Deep}
	codeBox   = image.Rect(632, 142, 960, 470)
)

// Draw makes the card's picture. The same card gives the same picture.
func Draw(c Card) ([]byte, error) {
	code, err := picture.Encode(c.Link)
	if err != nil {
		return nil, err
	}
	face := image.NewRGBA(image.Rect(0, 0, Width, Height))
	picture.Fill(face, face.Rect, picture.Paper)
	picture.Fill(face, image.Rect(0, 0, Width, bar), picture.Deep)
	picture.Fill(face, image.Rect(0, bar, Width, bar+6), picture.Accent)
	picture.Fill(face, image.Rect(0, ground, Width, Height), picture.Foot)
	code.Draw(face, codeBox)
	for _, t := range c.texts() {
		t.box.Write(face, t.units)
	}
	return picture.PNG(face)
}

type placed struct {
	box   picture.Box
	units []string // the text's words, or what else is best kept together
}

// texts places them. A name of which nothing can be shown gives way to the
// number, so that no place is empty.
func (c Card) texts() []placed {
	number := value(178, 72, 60, 36, 1, true)
	number.Colour = picture.Deep
	return []placed{
		{titleBox, picture.ByWord(c.Words.Title)},
		{officeBox, picture.ByWord(c.Office)},
		{label(150), picture.ByWord(c.Words.Number)},
		{number, picture.ByWord(c.Number)},
		{label(258), picture.ByWord(c.Words.Business)},
		{value(286, 78, 42, 24, 2, true), picture.ByWord(picture.Name(c.Business, c.Number))},
		{label(368), picture.ByWord(c.Words.Owner)},
		{value(396, 66, 36, 22, 2, false), picture.ByWord(picture.Name(c.Owner, c.Number))},
		{label(468), picture.ByWord(c.Words.Place)},
		{value(496, 72, 30, 20, 2, false), picture.ByPart(c.Place)},
		{scanBox, picture.ByWord(c.Words.Scan)},
		{noteBox, picture.ByWord(c.Words.Note)},
	}
}
