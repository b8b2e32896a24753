package inspect

import (
	"bytes"
	"encoding/binary"
)

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	markerSOI   = 0xd8
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerAPP0  = 0xe0
	markerAPP1  = 0xe1
	markerAPP2  = 0xe2
	markerAPP14 = 0xee
)

var exifHead = []byte("Exif\x00\x00")

// jpeg copies segments until the end of the image. Of the application's own
// only those stay that say how to show the pixels.
func (s *stripper) jpeg() {
	if head := s.read(2); s.err != nil || head[0] != 0xff || head[1] != markerSOI {
		s.broken()
		return
	}
	s.write([]byte{0xff, markerSOI})
	turned := false
	for marker := s.marker(); s.err == nil; {
		if marker == markerEOI {
			s.write([]byte{0xff, markerEOI})
			return
		}
		data := s.segment()
		if way := orientation(marker, data); way > 1 && !turned {
			turned = true
			s.writeSegment(markerAPP1, append(bytes.Clone(exifHead), tiffTurned(way)...))
		}
		if keeps(marker, data) {
			s.writeSegment(marker, data)
		}
		if marker == markerSOS {
			marker = s.scan()
		} else {
			marker = s.marker()
		}
	}
}

// marker reads the next marker.
func (s *stripper) marker() byte {
	if b := s.read(1); s.err != nil || b[0] != 0xff {
		s.broken()
		return 0
	}
	return s.markerBehind()
}

// markerBehind reads a marker whose 0xff was read; any number of them may follow.
func (s *stripper) markerBehind() byte {
	b := s.read(1)
	for s.err == nil && b[0] == 0xff {
		b = s.read(1)
	}
	if s.err != nil || b[0] < 0xc0 || b[0] >= 0xd0 && b[0] <= markerSOI {
		s.broken()
		return 0
	}
	return b[0]
}

func (s *stripper) segment() []byte {
	size := s.read(2)
	if s.err != nil {
		return nil
	}
	n := int(binary.BigEndian.Uint16(size))
	if n < 2 {
		s.broken()
		return nil
	}
	return s.read(n - 2)
}

func (s *stripper) writeSegment(marker byte, data []byte) {
	s.write([]byte{0xff, marker}, binary.BigEndian.AppendUint16(nil, uint16(len(data)+2)), data)
}

// keeps reports whether a segment is needed to show the pixels as they were.
func keeps(marker byte, data []byte) bool {
	switch {
	case marker == markerAPP0:
		return bytes.HasPrefix(data, []byte("JFIF\x00")) && len(data) >= 14 && data[12] == 0 && data[13] == 0 // without a small picture
	case marker == markerAPP2:
		return bytes.HasPrefix(data, []byte("ICC_PROFILE\x00"))
	case marker == markerAPP14:
		return bytes.HasPrefix(data, []byte("Adobe"))
	default:
		return marker < markerAPP0
	}
}

// scan copies a scan's data and returns the marker behind it. Within it 0xff
// stands before 0 or a restart marker.
func (s *stripper) scan() byte {
	for s.err == nil {
		part, err := s.from.ReadSlice(0xff)
		if err != nil && len(part) == 0 {
			s.fail(err)
			return 0
		}
		if part[len(part)-1] != 0xff {
			s.write(part) // the buffer is full, or the file over
			continue
		}
		s.write(part[:len(part)-1])
		next, err := s.from.Peek(1)
		if err != nil {
			s.fail(err)
			return 0
		}
		if next[0] != 0 && (next[0] < 0xd0 || next[0] > 0xd7) {
			return s.markerBehind()
		}
		s.write([]byte{0xff, next[0]})
		s.skip(1)
	}
	return 0
}

// orientation reads the way up (1–8) from an EXIF segment; 0 when there is none.
func orientation(marker byte, data []byte) int {
	tiff, ok := bytes.CutPrefix(data, exifHead)
	if marker != markerAPP1 || !ok {
		return 0
	}
	return tiffOrientation(tiff)
}
