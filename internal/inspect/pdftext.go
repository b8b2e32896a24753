package inspect

import (
	"math"
	"slices"
	"strings"

	"github.com/ledongthuc/pdf"
)

// textPages is how many pages are read: a document says at its beginning what
// it is.
const textPages = 5

// linesOf puts the text of the first pages back into lines. Columns far apart
// are divided by a tab.
func linesOf(pages []pdf.Page) []string {
	var out []string
	for _, p := range pages[:min(len(pages), textPages)] {
		out = append(out, pageLines(p)...)
	}
	return out
}

// pageLines survives the reader's panics: text is a bonus.
func pageLines(p pdf.Page) (out []string) {
	defer func() {
		if recover() != nil {
			out = nil
		}
	}()
	glyphs := p.Content().Text
	glyphs = slices.DeleteFunc(glyphs, func(t pdf.Text) bool { return t.S == "\n" })
	slices.SortStableFunc(glyphs, func(a, b pdf.Text) int { return sign(b.Y - a.Y) })
	for len(glyphs) > 0 {
		n := 1
		for n < len(glyphs) && glyphs[n-1].Y-glyphs[n].Y < 0.3*size(glyphs[0]) {
			n++
		}
		line := glyphs[:n]
		slices.SortStableFunc(line, func(a, b pdf.Text) int { return sign(a.X - b.X) })
		if s := lineOf(line); s != "" {
			out = append(out, s)
		}
		glyphs = glyphs[n:]
	}
	return out
}

func sign(f float64) int {
	switch {
	case f < 0:
		return -1
	case f > 0:
		return 1
	default:
		return 0
	}
}

func size(t pdf.Text) float64 { return max(math.Abs(t.FontSize), 1) }

// Gaps between glyphs, in parts of the font's size.
const (
	wordGap   = 0.2
	columnGap = 2.0
	narrow    = 0.5 // width of a glyph of unknown width
)

// lineOf joins the glyphs of one line, left to right.
func lineOf(glyphs []pdf.Text) string {
	var b strings.Builder
	end, at := glyphs[0].X, math.Inf(-1)
	for _, t := range glyphs {
		gap := (t.X - end) / size(t)
		switch {
		case t.X == at: // of one run whose widths are unknown
		case gap > columnGap:
			b.WriteByte('\t')
		case gap > wordGap:
			b.WriteByte(' ')
		}
		b.WriteString(t.S)
		if t.X == at {
			end += narrow * size(t)
			continue
		}
		width := t.W
		if width <= 0 {
			width = narrow * size(t)
		}
		end, at = t.X+width, t.X
	}
	columns := strings.Split(b.String(), "\t")
	for i, c := range columns {
		columns[i] = strings.Join(strings.Fields(c), " ")
	}
	return strings.Trim(strings.Join(columns, "\t"), "\t ")
}
