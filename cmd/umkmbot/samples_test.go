package main

import (
	"sync"

	"umkmbot/internal/inspect/sample"
)

// samples are the files that scripts send by name: made when first asked for,
// for pictures take their time, and once for all tests.
var samples = func() map[string]func() []byte {
	out := map[string]func() []byte{
		"gelap.jpg":     func() []byte { return sample.JPEG(sample.Darken(sample.Photo(), 0.15)) },
		"kabur.jpg":     func() []byte { return sample.JPEG(sample.Blur(sample.Photo(), 9)) },
		"kecil.jpg":     func() []byte { return sample.JPEG(sample.Shrink(sample.Photo(), 5)) },
		"halaman-1.jpg": func() []byte { return sample.JPEG(sample.Camera(1200, 1600)) },
		"halaman-2.jpg": func() []byte { return sample.JPEG(sample.Camera(1300, 1700)) },
		"halaman-3.jpg": func() []byte { return sample.JPEG(sample.Camera(1350, 1800)) },
		"nib.pdf":       sample.NIB,
		"pirt.pdf":      sample.PIRT,
		"halal.pdf":     sample.Halal,
		"pindaian.pdf":  sample.Scan,
		"ktp.jpg":       func() []byte { return sample.JPEG(sample.KTP()) },
		"surat.pdf":     func() []byte { return sample.Pages(2) },
	}
	for _, f := range sample.Bad() {
		out[f.Name] = func() []byte { return f.Data }
	}
	for name, draw := range out {
		out[name] = sync.OnceValue(draw)
	}
	return out
}

var sampleFiles = sync.OnceValue(samples)

// sampleFile gives a sample by name.
func sampleFile(name string) ([]byte, bool) {
	draw, ok := sampleFiles()[name]
	if !ok {
		return nil, false
	}
	return draw(), true
}
