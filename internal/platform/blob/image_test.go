package blob_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"runtime"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/blob"
)

// picture is wider than high, red on the left and blue on the right.
func picture(w, h int) image.Image {
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{B: 255, A: 255}
			if x < w/2 {
				c = color.RGBA{R: 255, A: 255}
			}
			p.SetRGBA(x, y, c)
		}
	}
	return p
}

func jpegFile(t testing.TB, w, h int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture(w, h), nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func pngFile(t testing.TB, w, h int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, picture(w, h)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// segment puts an application segment behind the start of a JPEG.
func segment(file []byte, marker byte, content []byte) []byte {
	head := []byte{0xff, 0xd8, 0xff, marker}
	head = binary.BigEndian.AppendUint16(head, uint16(len(content)+2))
	return append(append(head, content...), file[2:]...)
}

// exif is an Exif segment with an orientation and, behind it, the words of a place.
func exif(order binary.AppendByteOrder, mark string, orientation uint16) []byte {
	tiff := order.AppendUint16([]byte("Exif\x00\x00"+mark), 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2) // entries
	for _, e := range [][4]uint32{{0x010f, 3, 1, 7}, {0x0112, 3, 1, uint32(orientation)}} {
		tiff = order.AppendUint16(tiff, uint16(e[0]))
		tiff = order.AppendUint16(tiff, uint16(e[1]))
		tiff = order.AppendUint32(tiff, e[2])
		tiff = order.AppendUint16(tiff, uint16(e[3]))
		tiff = order.AppendUint16(tiff, 0)
	}
	return append(tiff, "GPSLatitude 31.2304N GPSLongitude 121.4737E"...)
}

func decoded(t *testing.T, file []byte) image.Image {
	t.Helper()
	p, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func isRed(c color.Color) bool {
	r, _, b, _ := c.RGBA()
	return r > 0xc000 && b < 0x4000
}

func TestAPictureKeepsItsPixelsAndType(t *testing.T) {
	t.Parallel()
	for want, file := range map[string][]byte{blob.JPEG: jpegFile(t, 64, 32), blob.PNG: pngFile(t, 64, 32)} {
		clean, contentType, err := blob.CleanImage(file)
		if err != nil || contentType != want {
			t.Fatalf("%s: %q, %v", want, contentType, err)
		}
		p := decoded(t, clean)
		if p.Bounds().Dx() != 64 || p.Bounds().Dy() != 32 || !isRed(p.At(4, 16)) || isRed(p.At(60, 16)) {
			t.Errorf("%s: the picture changed", want)
		}
	}
}

func TestThePlaceWhereAPictureWasTakenIsGone(t *testing.T) {
	t.Parallel()
	file := segment(jpegFile(t, 64, 32), 0xe1, exif(binary.BigEndian, "MM", 1))
	file = segment(file, 0xfe, []byte("a comment by the owner"))
	clean, _, err := blob.CleanImage(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, trace := range []string{"GPS", "Exif", "comment", "31.2304"} {
		if !bytes.Contains(file, []byte(trace)) {
			t.Fatalf("the upload itself lacks %q", trace)
		}
		if bytes.Contains(clean, []byte(trace)) {
			t.Errorf("%q survived", trace)
		}
	}
}

func TestAPictureIsTurnedUprightAsItsCameraAsked(t *testing.T) {
	t.Parallel()
	type corner struct{ x, y int } // of the clean picture, where the red half must be
	for orientation, want := range map[uint16]struct {
		w, h int
		red  corner
	}{
		0: {64, 32, corner{4, 16}}, 1: {64, 32, corner{4, 16}}, 2: {64, 32, corner{60, 16}}, 3: {64, 32, corner{60, 16}},
		4: {64, 32, corner{4, 16}}, 5: {32, 64, corner{16, 4}}, 6: {32, 64, corner{16, 4}}, 7: {32, 64, corner{16, 60}},
		8: {32, 64, corner{16, 60}}, 9: {64, 32, corner{4, 16}},
	} {
		for mark, order := range map[string]binary.AppendByteOrder{"MM": binary.BigEndian, "II": binary.LittleEndian} {
			clean, _, err := blob.CleanImage(segment(jpegFile(t, 64, 32), 0xe1, exif(order, mark, orientation)))
			if err != nil {
				t.Fatal(err)
			}
			p := decoded(t, clean)
			if p.Bounds().Dx() != want.w || p.Bounds().Dy() != want.h || !isRed(p.At(want.red.x, want.red.y)) {
				t.Errorf("%s orientation %d: %v, red at %v: %v", mark, orientation, p.Bounds(), want.red, isRed(p.At(want.red.x, want.red.y)))
			}
		}
	}
}

func TestNothingHiddenInAPictureSurvives(t *testing.T) {
	t.Parallel()
	const script = `<script>fetch("https://evil.example")</script>`
	const archive = "PK\x03\x04an archive"
	for name, file := range map[string][]byte{
		"a script behind a JPEG":  append(jpegFile(t, 64, 32), script...),
		"a script behind a PNG":   append(pngFile(t, 64, 32), script...),
		"an archive behind a PNG": append(pngFile(t, 64, 32), archive...),
		"a script in a comment":   segment(jpegFile(t, 64, 32), 0xfe, []byte(script)),
		"a script in a segment":   segment(jpegFile(t, 64, 32), 0xe5, []byte(script)),
		"a script in a PNG text":  chunk(pngFile(t, 64, 32), "tEXt", []byte("Comment\x00"+script)),
	} {
		clean, _, err := blob.CleanImage(file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if bytes.Contains(clean, []byte("script")) || bytes.Contains(clean, []byte("PK\x03\x04")) {
			t.Errorf("%s survived", name)
		}
	}
}

// chunk puts a chunk behind the header of a PNG.
func chunk(file []byte, kind string, content []byte) []byte {
	const header = 8 + 25
	c := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	body := append([]byte(kind), content...)
	c = binary.BigEndian.AppendUint32(append(c, body...), crc32.ChecksumIEEE(body))
	return append(append(bytes.Clone(file[:header]), c...), file[header:]...)
}

// bomb is a small file whose header claims a huge picture.
func pngBomb(t *testing.T, w, h uint32) []byte {
	t.Helper()
	file := pngFile(t, 1, 1)
	binary.BigEndian.PutUint32(file[16:], w)
	binary.BigEndian.PutUint32(file[20:], h)
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(file[12:29]))
	return file
}

func jpegBomb(t *testing.T, w, h uint16) []byte {
	t.Helper()
	file := jpegFile(t, 8, 8)
	at := bytes.Index(file, []byte{0xff, 0xc0}) // start of frame: length, precision, height, width
	if at < 0 {
		t.Fatal("no frame in the JPEG")
	}
	binary.BigEndian.PutUint16(file[at+5:], h)
	binary.BigEndian.PutUint16(file[at+7:], w)
	return file
}

func TestADecompressionBombIsRefusedBeforeItIsDecoded(t *testing.T) {
	for name, file := range map[string][]byte{
		"PNG of four gigapixels":  pngBomb(t, 65535, 65535),
		"PNG of a single line":    pngBomb(t, 1<<30, 1),
		"PNG a little too large":  pngBomb(t, 4001, 4000),
		"JPEG of four gigapixels": jpegBomb(t, 65535, 65535),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := blob.CleanImage(file)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, blob.ErrPixels) {
			t.Errorf("%s: %v", name, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 4<<20 {
			t.Errorf("%s: %d bytes were allocated for a file of %d", name, used, len(file))
		}
	}
}

func TestWhatIsNotAPictureIsRefused(t *testing.T) {
	t.Parallel()
	var moving bytes.Buffer
	if err := gif.Encode(&moving, picture(8, 8), nil); err != nil {
		t.Fatal(err)
	}
	whole := pngFile(t, 64, 32)
	for name, tc := range map[string]struct {
		file []byte
		want error
	}{
		"nothing":                   {nil, blob.ErrEmpty},
		"SVG":                       {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), blob.ErrContentType},
		"SVG behind an XML line":    {[]byte(`<?xml version="1.0"?><svg/>`), blob.ErrContentType},
		"GIF":                       {moving.Bytes(), blob.ErrContentType},
		"PDF":                       {pdf, blob.ErrContentType},
		"HTML":                      {[]byte("<!doctype html>"), blob.ErrContentType},
		"half a PNG":                {whole[:len(whole)/2], blob.ErrImage},
		"a PNG with a changed byte": {changed(whole, 45), blob.ErrImage},
		"only a PNG's first bytes":  {whole[:8], blob.ErrImage},
		"only a JPEG's first bytes": {[]byte("\xff\xd8\xff\xe0"), blob.ErrImage},
		"too many bytes":            {append(bytes.Clone(whole), make([]byte, blob.UploadMax)...), blob.ErrTooLarge},
	} {
		if _, _, err := blob.CleanImage(tc.file); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}

func changed(file []byte, at int) []byte {
	file = bytes.Clone(file)
	file[at] ^= 0xff
	return file
}

func FuzzCleanImage(f *testing.F) {
	f.Add(jpegFile(f, 16, 8))
	f.Add(pngFile(f, 16, 8))
	f.Add(segment(jpegFile(f, 16, 8), 0xe1, exif(binary.BigEndian, "MM", 6)))
	f.Add(segment(jpegFile(f, 16, 8), 0xe1, exif(binary.LittleEndian, "II", 8)))
	f.Fuzz(func(t *testing.T, file []byte) {
		clean, contentType, err := blob.CleanImage(file)
		if err != nil {
			return
		}
		if _, again, err := blob.CleanImage(clean); err != nil || again != contentType {
			t.Errorf("a clean picture is refused: %q, %v", again, err)
		}
	})
}
