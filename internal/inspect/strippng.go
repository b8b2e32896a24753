package inspect

import (
	"encoding/binary"
	"math"
)

const pngHead = "\x89PNG\r\n\x1a\n"

// pngKept are the chunks needed to show the pixels as they were.
var pngKept = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true,
	"tRNS": true, "gAMA": true, "cHRM": true, "sRGB": true, "iCCP": true, "sBIT": true, "bKGD": true,
	"pHYs": true, "cICP": true, "mDCV": true, "cLLI": true,
}

// png copies the chunks that are kept, with their checksums.
func (s *stripper) png() {
	if head := s.read(len(pngHead)); string(head) != pngHead {
		s.broken()
		return
	}
	s.write([]byte(pngHead))
	for s.err == nil {
		head := s.read(8)
		if s.err != nil {
			return
		}
		size, kind := binary.BigEndian.Uint32(head), string(head[4:])
		if size > math.MaxInt32 {
			s.broken()
			return
		}
		rest := int64(size) + 4
		if !pngKept[kind] {
			s.skip(rest)
			continue
		}
		s.write(head)
		s.copy(rest)
		if kind == "IEND" {
			return
		}
	}
}

// webpKept are the chunks of the pixels and their colours.
var webpKept = map[string]bool{"VP8 ": true, "VP8L": true, "ALPH": true, "ANIM": true, "ANMF": true, "ICCP": true}

// webpXMP is the flag in the header of a file that has XMP.
const webpXMP = 0x04

// webp overwrites what goes instead of leaving it out: the file's size stands
// at its beginning. Readers pass over chunks they do not know.
func (s *stripper) webp() {
	head := s.read(12)
	if s.err != nil || string(head[:4]) != "RIFF" || string(head[8:]) != "WEBP" {
		s.broken()
		return
	}
	s.write(head)
	for left := int64(binary.LittleEndian.Uint32(head[4:])) - 4; left > 0 && s.err == nil; {
		chunk := s.read(8)
		if s.err != nil {
			return
		}
		size := int64(binary.LittleEndian.Uint32(chunk[4:]))
		size += size % 2 // chunks begin at even places
		if left -= 8 + size; left < 0 {
			s.broken()
			return
		}
		s.webpChunk(chunk, size)
	}
}

func (s *stripper) webpChunk(head []byte, size int64) {
	switch kind := string(head[:4]); {
	case webpKept[kind]:
		s.write(head)
		s.copy(size)
	case kind == "VP8X" && size == 10:
		data := s.read(int(size))
		if s.err == nil {
			data[0] &^= webpXMP
			s.write(head, data)
		}
	case kind == "EXIF":
		s.webpEXIF(head, size)
	default:
		copy(head, "JUNK")
		s.write(head)
		s.skip(size)
		s.zeros(size)
	}
}

// mostEXIF is where the way up stands at the latest, in bytes.
const mostEXIF = 64 << 10

// webpEXIF leaves the way up, and zeros behind it.
func (s *stripper) webpEXIF(head []byte, size int64) {
	first := s.read(int(min(size, mostEXIF)))
	s.skip(size - int64(len(first)))
	tiff := first
	if len(tiff) > 6 && string(tiff[:6]) == string(exifHead) {
		tiff = tiff[6:]
	}
	kept := tiffTurned(max(tiffOrientation(tiff), 1))
	if size < int64(len(kept)) {
		kept = nil
		copy(head, "JUNK")
	}
	s.write(head, kept)
	s.zeros(size - int64(len(kept)))
}

func (s *stripper) zeros(n int64) {
	block := make([]byte, min(n, 4<<10))
	for ; n > 0 && s.err == nil; n -= int64(len(block)) {
		block = block[:min(n, int64(len(block)))]
		s.write(block)
	}
}
