// Package pass draws the codes of a training's day: the pass that an owner
// shows, and the room's posters that owners scan. Data goes in, a PNG comes
// out.
package pass

import (
	"image"

	"umkmbot/internal/picture"
)

// Pass is what an owner shows at the door. Every text may hold anything: what
// the font lacks is left out, and what is too long shrinks, wraps or is cut.
type Pass struct {
	Title string // of the training
	Name  string // of the owner
	When  string
	Place string // "": online
	Code  string // the link in the QR code
	Words Words
}

// Words are the pass's own, in its reader's language.
type Words struct {
	Head  string // what this is
	Show  string // under the code: whom to show it
	When  string // in front of the time
	Place string
	Note  string // at the foot
}

// The pass's size in pixels: upright, as a phone is held, so that the code is
// as large as the screen lets it be.
const (
	Width  = 1000
	Height = 1630
)

const (
	margin = 56
	bar    = 216 // height of the head
	ground = 1554
)

var (
	headBox  = picture.Box{At: image.Rect(margin, 28, Width-margin, 66), Size: 32, Least: 18, Lines: 1, Bold: true, Colour: picture.Accent}
	titleBox = picture.Box{At: image.Rect(margin, 76, Width-margin, 206), Size: 54, Least: 30, Lines: 3, Bold: true, Colour: picture.Paper}
	codeBox  = image.Rect(30, 226, 970, 1166)
	showBox  = picture.Box{At: image.Rect(margin, 1168, Width-margin, 1210), Size: 32, Least: 20, Lines: 1, Colour: picture.Pale, Centred: true}
	nameBox  = picture.Box{At: image.Rect(margin, 1222, Width-margin, 1330), Size: 60, Least: 32, Lines: 2, Bold: true, Colour: picture.Ink, Centred: true}
	noteBox  = picture.Box{At: image.Rect(margin, ground+18, Width-margin, Height-18), Size: 30, Least: 18, Lines: 1, Colour: picture.Deep, Centred: true}
)

// label stands above its value.
func label(top int) picture.Box {
	return picture.Box{At: image.Rect(margin, top, Width-margin, top+34), Size: 28, Least: 18, Lines: 1, Colour: picture.Pale}
}

func value(top, height, lines int) picture.Box {
	return picture.Box{At: image.Rect(margin, top, Width-margin, top+height), Size: 38, Least: 24, Lines: lines, Colour: picture.Ink}
}

type placed struct {
	box  picture.Box
	text string
}

// Picture draws a pass. The same pass gives the same picture.
func Picture(p Pass) ([]byte, error) {
	code, err := picture.Encode(p.Code)
	if err != nil {
		return nil, err
	}
	face := image.NewRGBA(image.Rect(0, 0, Width, Height))
	picture.Fill(face, face.Rect, picture.Paper)
	picture.Fill(face, image.Rect(0, 0, Width, bar), picture.Deep)
	picture.Fill(face, image.Rect(0, bar, Width, bar+8), picture.Accent)
	picture.Fill(face, image.Rect(0, ground, Width, Height), picture.Foot)
	code.Draw(face, codeBox)
	for _, t := range p.texts() {
		t.box.Write(face, picture.ByWord(t.text))
	}
	return picture.PNG(face)
}

func (p Pass) texts() []placed {
	all := []placed{
		{headBox, p.Words.Head},
		{titleBox, p.Title},
		{showBox, p.Words.Show},
		{nameBox, p.Name},
		{label(1346), p.Words.When},
		{value(1380, 48, 1), p.When},
		{noteBox, p.Words.Note},
	}
	if p.Place == "" {
		return all
	}
	return append(all,
		placed{label(1440), p.Words.Place},
		placed{value(1474, 72, 2), p.Place})
}
