package inspect

import "encoding/binary"

const tagOrientation = 0x0112

// tiffOrientation reads the way up (1–8) from EXIF's TIFF; 0 when there is none.
func tiffOrientation(tiff []byte) int {
	if len(tiff) < 14 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 0
		}
		if way := int(order.Uint16(entries[8:])); order.Uint16(entries) == tagOrientation && way >= 1 && way <= 8 {
			return way
		}
		entries = entries[12:]
	}
	return 0
}

// tiffTurned is EXIF's TIFF with nothing but the way up in it.
func tiffTurned(way int) []byte {
	be := binary.BigEndian
	out := []byte("MM\x00*\x00\x00\x00\x08\x00\x01")
	out = be.AppendUint16(out, tagOrientation)
	out = be.AppendUint16(out, 3) // a short
	out = be.AppendUint32(out, 1)
	out = be.AppendUint16(out, uint16(way))
	return append(out, 0, 0, 0, 0, 0, 0) // the value's rest; no directory follows
}
