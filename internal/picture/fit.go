package picture

import (
	"image"
	"image/draw"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

const ellipsis = "…"

// leading is a line's height as a share of the letters' size, in percent.
const leading = 118

// Line is one of a text, and where its baseline begins.
type Line struct {
	Text string
	At   fixed.Point26_6
}

// Write draws a text into its box, from the top or, centred, in the middle.
func (b Box) Write(to draw.Image, units []string) {
	face, lines, size := b.fit(units)
	defer func() { _ = face.Close() }()
	for _, line := range b.placed(face, lines, size) {
		pen := font.Drawer{Dst: to, Src: image.NewUniform(b.Colour), Face: face, Dot: line.At}
		pen.DrawString(line.Text)
	}
}

// Set says how Write would, for those who draw with something else but the
// same fonts.
func (b Box) Set(units []string) (lines []Line, size int) {
	face, texts, size := b.fit(units)
	defer func() { _ = face.Close() }()
	return b.placed(face, texts, size), size
}

func (b Box) placed(face font.Face, texts []string, size int) []Line {
	height := size * leading / 100
	metrics := face.Metrics()
	// The baseline lies so that ascent and descent share a line's height.
	down := (fixed.I(height) + metrics.Ascent - metrics.Descent) / 2
	lines := make([]Line, len(texts))
	for i, text := range texts {
		left := b.At.Min.X
		if b.Centred {
			left += (b.At.Dx() - font.MeasureString(face, text).Ceil()) / 2
		}
		lines[i] = Line{text, fixed.Point26_6{X: fixed.I(left), Y: fixed.I(b.At.Min.Y+i*height) + down}}
	}
	return lines
}

// fit finds the largest size at which a text fits into its box with every
// unit whole; at the least size units break, and what is too much is cut. The
// face is the caller's to close.
func (b Box) fit(units []string) (face font.Face, lines []string, size int) {
	for size = b.Size; ; size -= 2 {
		face = b.face(size)
		room := min(b.Lines, max(1, b.At.Dy()*100/(size*leading)))
		lines, whole := wrap(face, units, b.At.Dx())
		if len(lines) <= room && whole {
			return face, lines, size
		}
		if size-2 < b.Least {
			return face, shorten(face, lines, room, b.At.Dx()), size
		}
		_ = face.Close()
	}
}

func (b Box) face(size int) font.Face {
	f := regular()
	if b.Bold {
		f = bold()
	}
	// Unhinted, so that the same text gets the same picture on every machine.
	// With these options it cannot fail.
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(err)
	}
	return face
}

// wrap breaks a text into lines of a width, between its units where it can;
// whole says that it could.
func wrap(face font.Face, units []string, width int) (lines []string, whole bool) {
	line := ""
	whole = true
	for _, unit := range units {
		if joined := strings.TrimSpace(line + " " + unit); fits(face, joined, width) {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for !fits(face, unit, width) {
			head := prefix(face, unit, "", width)
			lines = append(lines, head)
			unit, whole = unit[len(head):], false
		}
		line = unit
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines, whole
}

// shorten keeps as many lines as there is room for, the last with an ellipsis.
func shorten(face font.Face, lines []string, room, width int) []string {
	if len(lines) <= room {
		return lines
	}
	lines = lines[:room]
	last := strings.TrimRight(prefix(face, lines[room-1], ellipsis, width), " ,.")
	lines[room-1] = last + ellipsis
	return lines
}

// prefix is the longest start of a text that fits with tail behind it, at
// least one character long.
func prefix(face font.Face, text, tail string, width int) string {
	end := len(text)
	for i := range text {
		if i > 0 && !fits(face, text[:i]+tail, width) {
			break
		}
		end = i
	}
	if fits(face, text+tail, width) {
		return text
	}
	return text[:max(end, firstLen(text))]
}

func firstLen(text string) int {
	for i := range text {
		if i > 0 {
			return i
		}
	}
	return len(text)
}

func fits(face font.Face, text string, width int) bool {
	return font.MeasureString(face, text) <= fixed.I(width)
}
