// Package report draws how a training went: its seats, who came, and from
// which districts; and whom a broadcast reached. Data goes in, a PNG comes out.
package report

import (
	"cmp"
	"errors"
	"image"
	"image/color"
	"slices"
	"strconv"

	"umkmbot/internal/picture"
)

// Training is what is drawn. Every text may hold anything.
type Training struct {
	Title     string
	When      string
	Quota     int
	Seated    int // have or had a seat on the day, those who walked in among them
	Came      int // of those
	Held      bool
	Districts []District // of those who are seated; in any order
	Words     Words
}

// District is a district's part.
type District struct {
	Name   string
	Seated int
	Came   int
}

// Words are the picture's own, in its reader's language.
type Words struct {
	Head      string
	Seats     string // how many of how many seats are taken, in one line
	Came      string // in front of how many
	Missing   string // in front of how many did not come
	Districts string
	Others    string // districts that have no line of their own
	Note      string // at the foot
}

// ErrReport: numbers that no training has.
var ErrReport = errors.New("report: not a training's numbers")

// Width is in pixels; the height depends on how many districts there are.
const Width = 1000

// most is how many districts have a line of their own.
const most = 12

const (
	margin = 56
	right  = Width - margin
	bar    = 190 // height of the head
	rows   = 540 // where the districts begin, once it was held
	row    = 56
	foot   = 76
	names  = 330 // width of the districts' names
	counts = 120 // width of their numbers, where they are small
)

// Picture draws it. The same training gives the same picture.
func Picture(t Training) ([]byte, error) {
	if t.Quota < 0 || t.Seated < 0 || t.Came < 0 || slices.ContainsFunc(t.Districts, func(d District) bool { return d.Seated < 0 || d.Came < 0 }) {
		return nil, ErrReport
	}
	districts := top(t.Districts, t.Words.Others)
	from := rows
	if !t.Held {
		from -= 130
	}
	ground := from + 66 + row*len(districts) + 24
	p := page{image.NewRGBA(image.Rect(0, 0, Width, ground+foot)), t.Held, counts}
	p.frame(ground, t.Words.Head, t.Title, t.When, t.Words.Note)
	p.seats(t)
	if t.Held {
		p.attendance(t)
	}
	p.write(margin, from, right, 44, 34, 1, true, picture.Ink, t.Words.Districts)
	p.districts(from+66, districts)
	return picture.PNG(p.RGBA)
}

// frame draws what stands at the head and, from ground on, at the foot.
func (p page) frame(ground int, head, title, when, note string) {
	picture.Fill(p, p.Rect, picture.Paper)
	picture.Fill(p, image.Rect(0, 0, Width, bar), picture.Deep)
	picture.Fill(p, image.Rect(0, bar, Width, bar+8), picture.Accent)
	picture.Fill(p, image.Rect(0, ground, Width, ground+foot), picture.Foot)
	p.write(margin, 22, right, 34, 28, 1, true, picture.Accent, head)
	p.write(margin, 62, right, 84, 46, 2, true, picture.Paper, title)
	p.write(margin, 150, right, 34, 26, 1, false, picture.Paper, when)
	p.write(margin, ground+20, right, 40, 26, 1, false, picture.Deep, note)
}

// top are the districts with the most seats, the rest of them together.
func top(all []District, others string) []District {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b District) int {
		return cmp.Or(cmp.Compare(b.Seated, a.Seated), cmp.Compare(b.Came, a.Came), cmp.Compare(a.Name, b.Name))
	})
	if len(all) <= most {
		return all
	}
	rest := District{Name: others}
	for _, d := range all[most:] {
		rest.Seated += d.Seated
		rest.Came += d.Came
	}
	return append(all[:most], rest)
}

type page struct {
	*image.RGBA
	held   bool
	counts int // width of the districts' numbers
}

// write sets a text between two columns, from a height on.
func (p page) write(left, upper, right, high, size, lines int, bold bool, c color.Color, text string) {
	picture.Box{
		At: image.Rect(left, upper, right, upper+high), Size: size, Least: min(size, 18), Lines: lines, Bold: bold, Colour: c,
	}.Write(p, picture.ByWord(text))
}

// part is how far of a width a share goes; of nothing, not at all.
func part(width, share, whole int) int {
	if whole <= 0 {
		return 0
	}
	return width * min(share, whole) / whole
}

// seats shows how many of the quota are taken.
func (p page) seats(t Training) {
	p.write(margin, 220, right, 48, 38, 1, true, picture.Ink, t.Words.Seats)
	track := image.Rect(margin, 278, right, 326)
	picture.Fill(p, track, picture.Foot)
	track.Max.X = track.Min.X + part(track.Dx(), t.Seated, t.Quota)
	picture.Fill(p, track, picture.Deep)
}

// attendance shows how many of those came.
func (p page) attendance(t Training) {
	missing := max(0, t.Seated-t.Came)
	middle := Width / 2
	p.legend(margin, 358, middle-20, picture.Deep, t.Words.Came, t.Came)
	p.legend(middle, 358, right, picture.Accent, t.Words.Missing, missing)
	p.split(image.Rect(margin, 424, right, 472), t.Came, missing)
}

// legend says what a colour is, and how many.
func (p page) legend(left, upper, right int, c color.Color, words string, n int) {
	picture.Fill(p, image.Rect(left, upper+10, left+32, upper+42), c)
	p.write(left+48, upper, right, 50, 38, 1, true, picture.Ink, words+" "+grouped(n))
}

// split is a bar of those who came, and behind it of those who did not.
func (p page) split(at image.Rectangle, came, missing int) {
	end := at.Min.X + part(at.Dx(), came, came+missing)
	if came+missing > 0 {
		picture.Fill(p, at, picture.Accent)
	}
	picture.Fill(p, image.Rect(at.Min.X, at.Min.Y, end, at.Max.Y), picture.Deep)
}

// districts draws a bar for each, the longest over the whole width.
func (p page) districts(from int, all []District) {
	longest := 0
	for _, d := range all {
		longest = max(longest, d.Seated, d.Came)
	}
	const left = margin + names + 20
	for i, d := range all {
		upper := from + i*row
		p.write(margin, upper+4, margin+names, 44, 28, 1, false, picture.Ink, d.Name)
		width := part(right-p.counts-left, max(d.Seated, d.Came), longest)
		came, count := d.Seated, grouped(d.Seated)
		if p.held {
			came, count = d.Came, grouped(d.Came)+"/"+count
		}
		p.split(image.Rect(left, upper+6, left+width, upper+row-10), came, max(0, d.Seated-came))
		p.write(left+width+14, upper+4, left+width+p.counts, 44, 28, 1, true, picture.Ink, count)
	}
}

// grouped writes a number as people do: 1.234.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "." + digits[i:]
	}
	return digits
}
