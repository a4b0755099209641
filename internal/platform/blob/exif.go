package blob

import (
	"bytes"
	"encoding/binary"
)

const (
	upright        = 1
	orientationTag = 0x0112
	segmentsMax    = 64   // of a JPEG before its pixels
	entriesMax     = 1024 // of an Exif directory
)

// orientation reads how a camera was held, from the Exif segment of a JPEG (JEITA CP-3451, tag 0x0112): 1 to 8. What
// cannot be read is upright. Phones store pixels as the sensor lies and leave turning to the viewer, so an identity card
// would lie on its side once the segment is gone.
func orientation(upload []byte) int {
	if typeOf(upload) != JPEG {
		return upright
	}
	rest := upload[2:]
	for range segmentsMax {
		if len(rest) < 4 || rest[0] != 0xff {
			return upright
		}
		marker, size := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if marker == 0xda || size < 2 || 2+size > len(rest) { // the pixels begin
			return upright
		}
		if tiff, isExif := bytes.CutPrefix(rest[4:2+size], []byte("Exif\x00\x00")); marker == 0xe1 && isExif {
			return orientationIn(tiff)
		}
		rest = rest[2+size:]
	}
	return upright
}

// orientationIn reads the first directory of a TIFF header.
func orientationIn(tiff []byte) int {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(tiff, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(tiff, []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return upright
	}
	if len(tiff) < 8 {
		return upright
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return upright
	}
	entries := tiff[at+2:]
	for range min(int(order.Uint16(tiff[at:])), entriesMax) {
		if len(entries) < 12 {
			return upright
		}
		if order.Uint16(entries) == orientationTag {
			if turn := int(order.Uint16(entries[8:])); turn >= upright && turn <= 8 {
				return turn
			}
			return upright
		}
		entries = entries[12:]
	}
	return upright
}
