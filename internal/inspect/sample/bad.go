package sample

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"strings"
)

// Big is a JPEG over 20 MB: a small picture with as much behind it.
func Big() []byte {
	return append(bytes.Clone(Card()), bytes.Repeat([]byte(Mark), 20<<20/len(Mark)+1)...)
}

// GIF is a moving picture.
func GIF() []byte {
	palette := color.Palette{color.White, color.Black}
	frame := func() *image.Paletted { return image.NewPaletted(image.Rect(0, 0, 40, 40), palette) }
	var b bytes.Buffer
	err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame(), frame()}, Delay: []int{10, 10}})
	if err != nil {
		panic(fmt.Errorf("sample: %w", err))
	}
	return b.Bytes()
}

// ZIP is an archive with a document in it.
func ZIP() []byte { return archive(map[string][]byte{"NIB.pdf": NIB()}, "NIB.pdf") }

// Office is a Word document as far as anybody looks.
func Office() []byte {
	parts := map[string][]byte{
		"[Content_Types].xml": []byte(`<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`),
		"_rels/.rels":         []byte(`<?xml version="1.0"?><Relationships/>`),
		"word/document.xml":   []byte(`<?xml version="1.0"?><w:document>` + Mark + `</w:document>`),
	}
	return archive(parts, "[Content_Types].xml", "_rels/.rels", "word/document.xml")
}

func archive(parts map[string][]byte, order ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range order {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = w.Write(parts[name])
		}
		if err != nil {
			panic(fmt.Errorf("sample: %w", err))
		}
	}
	if err := z.Close(); err != nil {
		panic(fmt.Errorf("sample: %w", err))
	}
	return b.Bytes()
}

// Program is the beginning of a Windows program; it does nothing.
func Program() []byte {
	out := make([]byte, 512)
	copy(out, "MZ")
	out[0x3c] = 0x80
	copy(out[0x80:], "PE\x00\x00\x4c\x01")
	copy(out[0x100:], Mark)
	return out
}

// HEIC is the beginning of an iPhone's picture.
func HEIC() []byte {
	return []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + strings.Repeat(Mark, 20))
}

// Video is the beginning of a film.
func Video() []byte {
	return []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + strings.Repeat(Mark, 20))
}

// SVG is a drawing, which may hold scripts.
func SVG() []byte {
	return []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><text>` + Mark + `</text></svg>`)
}

// Bomb is a PNG of a few hundred bytes that claims 900 million pixels.
func Bomb() []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	header := binary.BigEndian.AppendUint32(nil, 30000)
	header = binary.BigEndian.AppendUint32(header, 30000)
	chunk(&b, "IHDR", append(header, 8, 6, 0, 0, 0))
	chunk(&b, "IDAT", []byte(strings.Repeat(Mark, 20)))
	chunk(&b, "IEND", nil)
	return b.Bytes()
}

func chunk(b *bytes.Buffer, kind string, data []byte) {
	b.Write(binary.BigEndian.AppendUint32(nil, uint32(len(data))))
	body := append([]byte(kind), data...)
	b.Write(body)
	b.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body)))
}

// Located is a JPEG with the metadata phones write: turned by 90 degrees, taken
// at a place in Serang, by a camera with a name, with a comment and XMP.
func Located(picture []byte) []byte {
	out := append([]byte{}, picture[:2]...)
	out = segment(out, 0xe1, append([]byte("Exif\x00\x00"), exif()...))
	out = segment(out, 0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>GPSLatitude 6,7S</x:xmpmeta>"))
	out = segment(out, 0xed, []byte("Photoshop 3.0\x008BIM\x04\x04Serang"))
	out = segment(out, 0xfe, []byte("rumah Siti"))
	return append(out, picture[2:]...)
}

func segment(out []byte, marker byte, data []byte) []byte {
	out = append(out, 0xff, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(len(data)+2))
	return append(out, data...)
}

// exif is a TIFF of two directories: orientation 6 and camera, then a position.
func exif() []byte {
	le := binary.LittleEndian
	out := []byte("II*\x00\x08\x00\x00\x00")
	entry := func(tag, kind uint16, count, value uint32) {
		out = le.AppendUint16(le.AppendUint16(out, tag), kind)
		out = le.AppendUint32(le.AppendUint32(out, count), value)
	}
	const ascii, short, long, rational = 2, 3, 4, 5
	const gpsAt = 8 + 2 + 3*12 + 4
	const data = gpsAt + 2 + 2*12 + 4
	out = le.AppendUint16(out, 3)
	entry(0x010f, ascii, 8, data)
	entry(0x0112, short, 1, 6)
	entry(0x8825, long, 1, gpsAt)
	out = le.AppendUint32(out, 0)
	out = le.AppendUint16(out, 2)
	entry(0x0001, ascii, 2, 'S')
	entry(0x0002, rational, 3, data+8)
	out = le.AppendUint32(out, 0)
	out = append(out, "KameraX\x00"...)
	for _, v := range []uint32{6, 1, 7, 1, 12, 1} {
		out = le.AppendUint32(out, v)
	}
	return out
}
