package inspect

import (
	"bytes"
	"compress/zlib"
	"image"
	"image/jpeg"
	"io"
	"strconv"
	"strings"

	"github.com/ledongthuc/pdf"
)

// Bounds of the pictures in a PDF that are searched for codes.
const (
	mostImages  = 12
	smallestQR  = 21 // modules on a side, a pixel each
	deepestForm = 3
)

// codesOn reads the QR codes in the pictures on a PDF's pages.
func codesOn(pages []pdf.Page, data []byte, l Limits) []string {
	s := &imageSearch{data: data, limits: l, left: mostImages}
	for _, p := range pages {
		s.page(p)
	}
	return s.codes
}

type imageSearch struct {
	data   []byte
	limits Limits
	left   int
	codes  []string
}

// page survives the reader's panics: a code is a bonus.
func (s *imageSearch) page(p pdf.Page) {
	defer func() { _ = recover() }()
	s.resources(p.Resources(), 0)
}

func (s *imageSearch) resources(v pdf.Value, depth int) {
	objects := v.Key("XObject")
	for _, key := range objects.Keys() {
		if s.left <= 0 || depth > deepestForm {
			return
		}
		switch x := objects.Key(key); x.Key("Subtype").Name() {
		case "Form":
			s.resources(x.Key("Resources"), depth+1)
		case "Image":
			s.left--
			if grey := s.image(x); grey != nil {
				s.codes = append(s.codes, codesIn(grey)...)
			}
		}
	}
}

// image decodes the pictures that documents hold in practice; nil for others.
func (s *imageSearch) image(x pdf.Value) *image.Gray {
	width, height := x.Key("Width").Int64(), x.Key("Height").Int64()
	most := s.limits.Pixels / 2 // there may be three bytes a pixel, and what is made of them
	if min(width, height) < smallestQR || width > most || height > most/width {
		return nil
	}
	switch filterOf(x) {
	case "DCTDecode":
		return s.jpeg(s.raw(x))
	case "FlateDecode":
		return flate(s.raw(x), x, int(width), int(height))
	}
	return nil
}

// filterOf is a stream's only filter, or "".
func filterOf(x pdf.Value) string {
	f := x.Key("Filter")
	if f.Kind() == pdf.Array && f.Len() == 1 {
		f = f.Index(0)
	}
	return f.Name()
}

// raw is a stream as it stands in the file. The reader tells where that is
// only in what it prints: "<<…>>@offset".
func (s *imageSearch) raw(x pdf.Value) []byte {
	text := x.String()
	start, err := strconv.ParseInt(text[strings.LastIndexByte(text, '@')+1:], 10, 64)
	size := x.Key("Length").Int64()
	if err != nil || start < 0 || size < 0 || start > int64(len(s.data)) || size > int64(len(s.data))-start {
		return nil
	}
	return s.data[start : start+size]
}

func (s *imageSearch) jpeg(data []byte) *image.Gray {
	config, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil || tooHuge(config, data, mimeJPEG, s.limits) {
		return nil
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	return greyOf(img)
}

// flate unpacks a picture of grey or coloured pixels, one bit or one byte each.
func flate(packed []byte, x pdf.Value, width, height int) *image.Gray {
	colours := coloursOf(x.Key("ColorSpace"))
	bits := int(x.Key("BitsPerComponent").Int64())
	if colours == 0 || bits != 8 && (bits != 1 || colours != 1) {
		return nil
	}
	row := (width*colours*bits + 7) / 8
	predicted := paramsOf(x).Key("Predictor").Int64() >= 10
	stride := row
	if predicted {
		stride++
	}
	plain := make([]byte, stride*height)
	unpacked, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	if _, err := io.ReadFull(unpacked, plain); err != nil {
		return nil
	}
	if predicted {
		plain = unpredict(plain, row, (colours*bits+7)/8)
	}
	return average(width, height, 1, func(x, y int) int { return luminance(plain[y*row:], x, colours, bits) })
}

// coloursOf is the number of components of the colour spaces that are read.
func coloursOf(space pdf.Value) int {
	name := space.Name()
	if space.Kind() == pdf.Array {
		name = space.Index(0).Name()
		if name == "ICCBased" {
			return int(space.Index(1).Key("N").Int64()) % 4
		}
	}
	switch name {
	case "DeviceGray", "CalGray":
		return 1
	case "DeviceRGB", "CalRGB":
		return 3
	}
	return 0
}

func paramsOf(x pdf.Value) pdf.Value {
	p := x.Key("DecodeParms")
	if p.Kind() == pdf.Array {
		return p.Index(0)
	}
	return p
}

// luminance of a pixel; green stands for the three, as codes are black and white.
func luminance(row []byte, x, colours, bits int) int {
	if bits == 1 {
		return int(row[x/8]>>(7-x%8)&1) * 255
	}
	if colours == 3 {
		return int(row[3*x+1])
	}
	return int(row[x*colours])
}

// unpredict undoes PNG's filters (RFC 2083, 6) row by row.
func unpredict(data []byte, row, pixel int) []byte {
	out := make([]byte, 0, len(data))
	before := make([]byte, row)
	for at := 0; at+row < len(data); at += row + 1 {
		line := data[at+1 : at+1+row]
		for i := range line {
			var left, corner byte
			if i >= pixel {
				left, corner = line[i-pixel], before[i-pixel]
			}
			line[i] += predicted(data[at], left, before[i], corner)
		}
		before = line
		out = append(out, line...)
	}
	return out
}

func predicted(filter, left, up, corner byte) byte {
	switch filter {
	case 1:
		return left
	case 2:
		return up
	case 3:
		return byte((int(left) + int(up)) / 2)
	case 4:
		return paeth(left, up, corner)
	}
	return 0
}

func paeth(left, up, corner byte) byte {
	p := int(left) + int(up) - int(corner)
	toLeft, toUp, toCorner := abs(p-int(left)), abs(p-int(up)), abs(p-int(corner))
	switch {
	case toLeft <= toUp && toLeft <= toCorner:
		return left
	case toUp <= toCorner:
		return up
	}
	return corner
}

func abs(n int) int { return max(n, -n) }
