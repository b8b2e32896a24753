package sample

import (
	"bytes"
	"encoding/binary"
)

// WebP is a picture of one colour in WebP's lossless form, with the metadata
// phones write if located. Only the header and the codes take bytes: each of
// the five codes has a single symbol, so that pixels take none.
func WebP(width, height int, located bool) []byte {
	var w bitWriter
	w.put(0x2f, 8)
	w.put(uint32(width-1), 14)
	w.put(uint32(height-1), 14)
	w.put(0, 4) // no alpha, version 0
	w.put(0, 3) // no transforms, no cache of colours, one group of codes
	for _, symbol := range []uint32{200, 180, 190, 255, 0} {
		w.put(0b101, 3) // a simple code of one symbol of eight bits
		w.put(symbol, 8)
	}
	w.put(0, 8)
	var chunks bytes.Buffer
	if located {
		header := []byte{0x0c, 0, 0, 0} // EXIF and XMP
		header = append(header, little24(width-1)...)
		webpChunk(&chunks, "VP8X", append(header, little24(height-1)...))
	}
	webpChunk(&chunks, "VP8L", w.out)
	if located {
		webpChunk(&chunks, "EXIF", exif())
		webpChunk(&chunks, "XMP ", []byte("<x:xmpmeta>GPSLatitude 6,7S</x:xmpmeta>"))
	}
	out := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(chunks.Len()+4))
	return append(append(out, "WEBP"...), chunks.Bytes()...)
}

func little24(n int) []byte { return []byte{byte(n), byte(n >> 8), byte(n >> 16)} }

func webpChunk(b *bytes.Buffer, kind string, data []byte) {
	b.WriteString(kind)
	b.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(data))))
	b.Write(data)
	if len(data)%2 == 1 {
		b.WriteByte(0)
	}
}

// bitWriter puts bits together, the lowest first.
type bitWriter struct {
	out  []byte
	used int // bits of the last byte
}

func (w *bitWriter) put(v uint32, bits int) {
	for range bits {
		if w.used%8 == 0 {
			w.out = append(w.out, 0)
		}
		w.out[len(w.out)-1] |= byte(v&1) << (w.used % 8)
		v, w.used = v>>1, w.used+1
	}
}
