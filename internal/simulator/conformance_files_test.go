package simulator_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"path/filepath"
	"strconv"
	"strings"
)

// fixture makes the content of a file named like "shop.png", "320x200.png" or
// "data.pdf:20971521", the last with so many bytes. What follows a ">" is the
// name that is sent instead.
func fixture(name string) []byte {
	name, size, sized := strings.Cut(name, ":")
	name, _, _ = strings.Cut(name, ">")
	content := contentOf(name)
	if n, err := strconv.Atoi(size); sized && err == nil {
		grown := make([]byte, n)
		copy(grown, content)
		return grown
	}
	return content
}

func contentOf(name string) []byte {
	stem := strings.TrimSuffix(name, filepath.Ext(name))
	width, height := 320, 200
	if w, h, found := strings.Cut(stem, "x"); found {
		if n, err := strconv.Atoi(w); err == nil {
			width = n
			height, _ = strconv.Atoi(h)
		}
	}
	switch filepath.Ext(name) {
	case ".png":
		return []byte(pngOf(width, height))
	case ".jpg":
		return jpegOf(width, height)
	case ".gif":
		return []byte("GIF89a\x10\x00\x10\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x00\x00\x00\x00\x00," +
			"\x00\x00\x00\x00\x10\x00\x10\x00\x00\x02\x0e\x84\x8f\xa9\xcb\xed\x0f\xa3\x9c\xb4\xda\x8b\xb3>\x05\x00;")
	case ".mp4":
		return []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")
	case ".pdf":
		return []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
	case ".ogg":
		return []byte("OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00OpusHead")
	case ".webp":
		return []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00/\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")
	case ".empty":
		return nil
	}
	return []byte("isi berkas " + name)
}

func picture(width, height int) image.Image {
	img := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.White, color.RGBA{200, 30, 30, 255}})
	for x := range min(width, height) {
		img.SetColorIndex(x, x, 1)
	}
	return img
}

func pngOf(width, height int) string {
	out := &bytes.Buffer{}
	if err := png.Encode(out, picture(width, height)); err != nil {
		panic(err)
	}
	return out.String()
}

func jpegOf(width, height int) []byte {
	out := &bytes.Buffer{}
	if err := jpeg.Encode(out, picture(width, height), nil); err != nil {
		panic(err)
	}
	return out.Bytes()
}
