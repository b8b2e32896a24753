package inspect

import (
	"image"
	"slices"
)

// What makes a picture flawed, found by trying on pages of text drawn, blurred
// and darkened (flaws_test.go). A flaw is only pointed out, so a picture that
// can be read must pass, whatever a bad one does.
const (
	smallSide  = 600 // pixels on the short side; text of a document cannot be read below
	darkMean   = 60  // of 255
	darkBright = 110 // of 255; what 95 % of the pixels stay under
	sharpSide  = 1000
	tileSide   = 50
	tileSpread = 100   // luminance variance above which something is drawn on a tile
	sharpRatio = 0.025 // of the Laplacian's variance to the luminance's, below: blurred
	fewTiles   = 4     // with something on them are needed to judge
)

// flaws lists what is wrong with a picture of the given original size.
func flaws(grey *image.Gray, original image.Rectangle) []string {
	var out []string
	if min(original.Dx(), original.Dy()) < smallSide {
		out = append(out, Small)
	}
	if dark(grey) {
		out = append(out, Dark)
	}
	if blurred(shrink(grey, sharpSide)) {
		out = append(out, Blurred)
	}
	return out
}

// dark asks for the brightest parts too: a white card on a black table is fine.
func dark(grey *image.Gray) bool {
	var counts [256]int
	sum, n := 0, 0
	for y := range grey.Rect.Dy() {
		for _, v := range grey.Pix[y*grey.Stride:][:grey.Rect.Dx()] {
			counts[v]++
			sum += int(v)
			n++
		}
	}
	bright, below := 0, 0
	for v, count := range counts {
		if below += count; below*100 >= n*95 {
			bright = v
			break
		}
	}
	return sum < n*darkMean && bright < darkBright
}

// blurred looks at the tiles on which something is drawn: how much of their
// contrast lies between neighbouring pixels. The sharper ones decide, since a
// background may well be out of focus.
func blurred(grey *image.Gray) bool {
	var ratios []float64
	for y := 1; y+tileSide < grey.Rect.Dy(); y += tileSide {
		for x := 1; x+tileSide < grey.Rect.Dx(); x += tileSide {
			if spread, edges := tile(grey, x, y); spread > tileSpread {
				ratios = append(ratios, edges/spread)
			}
		}
	}
	if len(ratios) < fewTiles {
		return false
	}
	slices.Sort(ratios)
	return ratios[len(ratios)*3/4] < sharpRatio
}

// tile returns the variances of luminance and of its Laplacian.
func tile(grey *image.Gray, left, top int) (spread, edges float64) {
	var sum, squares, lsum, lsquares int
	for y := top; y < top+tileSide; y++ {
		row := y * grey.Stride
		for x := left; x < left+tileSide; x++ {
			at := row + x
			v := int(grey.Pix[at])
			l := int(grey.Pix[at-1]) + int(grey.Pix[at+1]) + int(grey.Pix[at-grey.Stride]) + int(grey.Pix[at+grey.Stride]) - 4*v
			sum, squares = sum+v, squares+v*v
			lsum, lsquares = lsum+l, lsquares+l*l
		}
	}
	return variance(sum, squares), variance(lsum, lsquares)
}

func variance(sum, squares int) float64 {
	const n = tileSide * tileSide
	mean := float64(sum) / n
	return float64(squares)/n - mean*mean
}
