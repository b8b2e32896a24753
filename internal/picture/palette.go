package picture

import (
	"image"
	"image/color"
)

// shades is how many steps lie between a ground and the letters on it.
const shades = 40

// palette holds every ground, what stands on it, and the shades between: a
// picture of few colours is a third of the size.
func palette() color.Palette {
	all := color.Palette{color.Black}
	for _, pair := range [][2]color.RGBA{
		{Paper, Ink}, {Paper, Pale}, {Paper, Deep}, {Deep, Paper}, {Deep, Accent}, {Foot, Deep},
	} {
		for i := range shades {
			all = append(all, mixed(pair[0], pair[1], i))
		}
	}
	return all
}

func mixed(a, b color.RGBA, i int) color.RGBA {
	mix := func(a, b uint8) uint8 {
		return uint8((int(a)*(shades-1-i) + int(b)*i) / (shades - 1))
	}
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 0xff}
}

// reduced is a picture in the palette's colours.
func reduced(from *image.RGBA) *image.Paletted {
	to := image.NewPaletted(from.Rect, palette())
	known := map[color.RGBA]uint8{}
	var last color.RGBA
	var index uint8
	for y := from.Rect.Min.Y; y < from.Rect.Max.Y; y++ {
		for x := from.Rect.Min.X; x < from.Rect.Max.X; x++ {
			c := from.RGBAAt(x, y)
			if c != last {
				i, ok := known[c]
				if !ok {
					i = uint8(to.Palette.Index(c))
					known[c] = i
				}
				last, index = c, i
			}
			to.SetColorIndex(x, y, index)
		}
	}
	return to
}
