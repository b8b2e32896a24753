package sample

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"sync"

	"github.com/boombuler/barcode/qr"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Photo is a page as a phone takes it: not quite white, grainy, on a table.
// It is drawn once: do not write on it.
var Photo = sync.OnceValue(func() *image.RGBA { return Camera(1500, 2000) })

// KTP is a photo of an identity card on a table. It is drawn once: do not
// write on it.
var KTP = sync.OnceValue(card)

func card() *image.RGBA {
	img := table(1600, 1200)
	card := image.Rect(200, 210, 1400, 966) // as wide to high as a real one
	fill(img, card, color.RGBA{170, 205, 230, 255})
	p := pen{img, color.RGBA{20, 20, 40, 255}}
	p.text(image.Pt(500, 280), 40, "PROVINSI BANTEN")
	p.text(image.Pt(520, 330), 36, "KABUPATEN SERANG")
	for i, line := range []string{
		"NIK              : " + NIKNumber, "Nama             : " + Owner, "Tempat/Tgl Lahir : SERANG, 12-03-1985",
		"Jenis Kelamin    : PEREMPUAN", "Alamat           : KP. CONTOH", "Pekerjaan        : WIRASWASTA",
		"Kewarganegaraan  : WNI", "Berlaku Hingga   : SEUMUR HIDUP",
	} {
		p.text(image.Pt(240, 410+60*i), 34, line)
	}
	fill(img, image.Rect(1090, 400, 1330, 720), color.RGBA{200, 60, 60, 255})
	pen{img, color.RGBA{190, 40, 40, 255}}.text(image.Pt(520, 930), 60, Mark)
	return grain(img, 6)
}

// Camera is the page of Photo in another size.
func Camera(width, height int) *image.RGBA { return photoOf(NIBPaper(), width, height) }

func photoOf(p Paper, width, height int) *image.RGBA {
	img := table(width, height)
	page := img.Bounds().Inset(width / 20)
	fill(img, page, color.RGBA{228, 226, 220, 255})
	black := pen{img, color.RGBA{45, 45, 50, 255}}
	unit := width / 60 // about the height of a printed line
	at := page.Min.Add(image.Pt(3*unit, 5*unit))
	for _, line := range append(append([]string{Mark}, p.Head...), "") {
		black.text(at, float64(unit)*1.3, line)
		at.Y += 2 * unit
	}
	for _, f := range p.Fields {
		black.text(at, float64(unit), f[0])
		black.text(at.Add(image.Pt(17*unit, 0)), float64(unit), ": "+f[1])
		at.Y += 2 * unit
	}
	for _, line := range p.Foot {
		black.text(at, float64(unit), line)
		at.Y += 2 * unit
	}
	if p.Link != "" {
		code := Code(p.Link, max(unit/4, 2))
		to := image.Rectangle{Min: at, Max: at.Add(code.Bounds().Size())}
		draw.Draw(img, to, code, image.Point{}, draw.Src)
	}
	return grain(img, 6)
}

// table is a brown ground.
func table(width, height int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	fill(img, img.Rect, color.RGBA{120, 90, 60, 255})
	return img
}

func fill(img draw.Image, r image.Rectangle, c color.Color) {
	draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// pen writes on a picture.
type pen struct {
	img draw.Image
	ink color.Color
}

var letters = sync.OnceValue(func() *opentype.Font {
	parsed, err := opentype.Parse(goregular.TTF)
	if err != nil {
		panic(fmt.Errorf("sample: %w", err))
	}
	return parsed
})

func (p pen) text(at image.Point, size float64, s string) {
	face, err := opentype.NewFace(letters(), &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(fmt.Errorf("sample: %w", err))
	}
	d := font.Drawer{Dst: p.img, Src: image.NewUniform(p.ink), Face: face, Dot: fixed.P(at.X, at.Y)}
	d.DrawString(s)
}

// Code is a QR code with its quiet border, each module scale pixels wide.
func Code(text string, scale int) *image.Gray {
	modules, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		panic(fmt.Errorf("sample: %w", err))
	}
	const quiet = 4
	n := modules.Bounds().Dx()
	out := image.NewGray(image.Rect(0, 0, (n+2*quiet)*scale, (n+2*quiet)*scale))
	fill(out, out.Rect, color.White)
	for y := range n {
		for x := range n {
			at := image.Pt((x+quiet)*scale, (y+quiet)*scale)
			fill(out, image.Rectangle{Min: at, Max: at.Add(image.Pt(scale, scale))}, modules.At(x, y))
		}
	}
	return out
}

// grain adds the noise of a camera, always the same.
func grain(img *image.RGBA, strength int) *image.RGBA {
	r := rand.New(rand.NewPCG(1, 2))
	var noise [256]float64
	for i := range noise {
		noise[i] = r.NormFloat64() * float64(strength) / 2
	}
	for i := 0; i+3 < len(img.Pix); i += 4 {
		random := r.Uint32()
		for c := range 3 {
			img.Pix[i+c] = clamp(float64(img.Pix[i+c]) + noise[byte(random>>(8*c))])
		}
	}
	return img
}

func clamp(v float64) uint8 { return uint8(math.Round(min(max(v, 0), 255))) }

// Darken is the picture with less light, factor 1 being all of it.
func Darken(img *image.RGBA, factor float64) *image.RGBA {
	out := image.NewRGBA(img.Rect)
	for i, v := range img.Pix {
		out.Pix[i] = v
		if i%4 != 3 {
			out.Pix[i] = clamp(float64(v) * factor)
		}
	}
	return out
}

// Shrink is the picture by times smaller on each side.
func Shrink(img *image.RGBA, by int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, img.Rect.Dx()/by, img.Rect.Dy()/by))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.Set(x, y, img.At(x*by, y*by))
		}
	}
	return out
}

// Blur is the picture out of focus by about radius pixels: three box filters
// one after another come close to a lens.
func Blur(img *image.RGBA, radius int) *image.RGBA {
	out := img
	for range 3 {
		out = box(out, radius, 4, 4*out.Rect.Dx())
		out = box(out, radius, out.Stride, 0)
	}
	return out
}

// box averages along one direction: step bytes from pixel to pixel, lines of
// length bytes, or columns if 0.
func box(img *image.RGBA, radius, step, length int) *image.RGBA {
	out := image.NewRGBA(img.Rect)
	fill(out, out.Rect, color.Black)
	lines, n, next := img.Rect.Dy(), img.Rect.Dx(), img.Stride
	if length == 0 {
		lines, n, next = img.Rect.Dx(), img.Rect.Dy(), 4
	}
	for line := range lines {
		for channel := range 3 {
			average(img.Pix[line*next+channel:], out.Pix[line*next+channel:], n, step, radius)
		}
	}
	return out
}

// average writes means of 2·radius+1 values, the ends repeated.
func average(from, to []uint8, n, step, radius int) {
	last := (n - 1) * step
	sum := int(from[0]) * (radius + 1)
	for i := 1; i <= radius; i++ {
		sum += int(from[min(i*step, last)])
	}
	for i := range n {
		to[i*step] = uint8(sum / (2*radius + 1))
		sum += int(from[min((i+radius+1)*step, last)]) - int(from[max((i-radius)*step, 0)])
	}
}

// JPEG packs a picture as phones do.
func JPEG(img image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 85}); err != nil {
		panic(fmt.Errorf("sample: %w", err))
	}
	return b.Bytes()
}

// PNG packs a picture without loss.
func PNG(img image.Image) []byte {
	var b bytes.Buffer
	if err := quick.Encode(&b, img); err != nil {
		panic(fmt.Errorf("sample: %w", err))
	}
	return b.Bytes()
}
