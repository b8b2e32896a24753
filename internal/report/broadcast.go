package report

import (
	"image"
	"image/color"
	"slices"

	"umkmbot/internal/picture"
)

// Broadcast is what is drawn of one: whom it reached. Every text may hold
// anything.
type Broadcast struct {
	Title   string
	When    string
	States  []State    // what became of whose part; the first is drawn as reached
	Regions []District // Seated are those it was for, Came those it reached
	Words   BroadcastWords
}

// State is how many people's part came to something.
type State struct {
	Name  string
	Count int
}

// BroadcastWords are the picture's own, in its reader's language.
type BroadcastWords struct {
	Head    string
	People  string // how many people of how many were reached, in one line
	Regions string
	Others  string // regions that have no line of their own
	Note    string // at the foot
}

// perState is the height of a row of states, of which two stand side by side.
const perState = 62

// BroadcastPicture draws it. The same broadcast gives the same picture.
func BroadcastPicture(b Broadcast) ([]byte, error) {
	bad := func(d District) bool { return d.Seated < 0 || d.Came < 0 }
	if slices.ContainsFunc(b.Regions, bad) || slices.ContainsFunc(b.States, func(s State) bool { return s.Count < 0 }) {
		return nil, ErrReport
	}
	regions := top(b.Regions, b.Words.Others)
	const states = 352
	from := states + perState*((len(b.States)+1)/2) + 30
	ground := from + 66 + row*len(regions) + 24
	p := page{image.NewRGBA(image.Rect(0, 0, Width, ground+foot)), true, 240}
	p.frame(ground, b.Words.Head, b.Title, b.When, b.Words.Note)
	p.write(margin, 220, right, 48, 38, 1, true, picture.Ink, b.Words.People)
	reached, others := 0, 0
	for i, s := range b.States {
		colour := color.Color(picture.Accent)
		if i == 0 {
			reached, colour = s.Count, picture.Deep
		} else {
			others += s.Count
		}
		left, to := margin, Width/2-20
		if i%2 == 1 {
			left, to = Width/2, right
		}
		p.legend(left, states+perState*(i/2), to, colour, s.Name, s.Count)
	}
	p.split(image.Rect(margin, 278, right, 326), reached, others)
	p.write(margin, from, right, 44, 34, 1, true, picture.Ink, b.Words.Regions)
	p.districts(from+66, regions)
	return picture.PNG(p.RGBA)
}
