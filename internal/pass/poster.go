package pass

import (
	"image"

	"umkmbot/internal/picture"
)

// Poster is the room's code, printed or shown on a screen: each owner scans it
// with their own phone.
type Poster struct {
	Title string // of the training
	When  string
	Place string
	Code  string // the link in the QR code
	Out   bool   // for going; another look, so that nobody takes it for coming
	Words PosterWords
}

// PosterWords are the poster's own, in its readers' language.
type PosterWords struct {
	Head string // in one word, what it notes: coming or going
	How  string // what to do
	Note string // at the foot: what to do without a phone that can
}

// The poster's size in pixels: A4 upright at 150 to the inch.
const (
	PosterWidth  = 1240
	PosterHeight = 1754
)

const (
	side       = 80
	posterBar  = 236
	posterFoot = 1650
)

var (
	posterCode  = image.Rect(90, 390, 1150, 1450)
	posterHead  = picture.Box{At: image.Rect(side, 24, PosterWidth-side, 222), Size: 166, Least: 80, Lines: 1, Bold: true, Colour: picture.Paper, Centred: true}
	posterTitle = picture.Box{At: image.Rect(side, 258, PosterWidth-side, 378), Size: 50, Least: 30, Lines: 2, Bold: true, Colour: picture.Ink, Centred: true}
	posterHow   = picture.Box{At: image.Rect(side, 1442, PosterWidth-side, 1534), Size: 46, Least: 28, Lines: 2, Bold: true, Colour: picture.Deep, Centred: true}
	posterWhen  = picture.Box{At: image.Rect(side, 1544, PosterWidth-side, 1590), Size: 34, Least: 22, Lines: 1, Colour: picture.Pale, Centred: true}
	posterPlace = picture.Box{At: image.Rect(side, 1594, PosterWidth-side, 1640), Size: 34, Least: 20, Lines: 1, Colour: picture.Pale, Centred: true}
	posterNote  = picture.Box{At: image.Rect(side, posterFoot+24, PosterWidth-side, PosterHeight-20), Size: 38, Least: 22, Lines: 2, Colour: picture.Deep, Centred: true}
)

// PosterPicture draws a poster. The same poster gives the same picture.
func PosterPicture(p Poster) ([]byte, error) {
	code, err := picture.Encode(p.Code)
	if err != nil {
		return nil, err
	}
	ground, line := picture.Deep, picture.Accent
	if p.Out {
		ground, line = picture.Accent, picture.Deep
	}
	face := image.NewRGBA(image.Rect(0, 0, PosterWidth, PosterHeight))
	picture.Fill(face, face.Rect, picture.Paper)
	picture.Fill(face, image.Rect(0, 0, PosterWidth, posterBar), ground)
	picture.Fill(face, image.Rect(0, posterBar, PosterWidth, posterBar+12), line)
	picture.Fill(face, image.Rect(0, posterFoot, PosterWidth, PosterHeight), picture.Foot)
	code.Draw(face, posterCode)
	for _, t := range p.texts() {
		t.box.Write(face, picture.ByWord(t.text))
	}
	return picture.PNG(face)
}

func (p Poster) texts() []placed {
	head := posterHead
	if p.Out {
		head.Colour = picture.Deep
	}
	return []placed{
		{head, p.Words.Head},
		{posterTitle, p.Title},
		{posterHow, p.Words.How},
		{posterWhen, p.When},
		{posterPlace, p.Place},
		{posterNote, p.Words.Note},
	}
}
