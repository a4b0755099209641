package blob

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"

	"github.com/tongbao/tongbao/internal/platform/fault"
)

const (
	// UploadMax is the largest picture file that CleanImage reads, in bytes.
	UploadMax = 10 << 20
	// PixelsMax is the largest picture that CleanImage decodes: a phone's 12 megapixels and some more.
	PixelsMax = 16_000_000

	sideMax = 16_384 // pixels
	quality = 88     // of the JPEG that is kept: papers stay legible, files small
)

var (
	// ErrImage refuses what is not a whole JPEG or PNG picture.
	ErrImage = fault.New(fault.Rejected, "blob.not_an_image")
	// ErrPixels refuses a picture of more than PixelsMax pixels, before it is decoded.
	ErrPixels = fault.New(fault.Rejected, "blob.too_many_pixels")
)

// CleanImage draws an uploaded picture anew and answers it with its content type. JPEG stays JPEG, turned upright as its
// camera asked; PNG stays PNG. Nothing else of the file survives. ErrEmpty, ErrTooLarge, ErrContentType for other
// formats, ErrPixels, ErrImage for a damaged file.
func CleanImage(upload []byte) ([]byte, string, error) {
	switch {
	case len(upload) == 0:
		return nil, "", ErrEmpty
	case len(upload) > UploadMax:
		return nil, "", ErrTooLarge
	}
	contentType := typeOf(upload)
	decodeHeader, decode := jpeg.DecodeConfig, jpeg.Decode
	switch contentType {
	case JPEG:
	case PNG:
		decodeHeader, decode = png.DecodeConfig, png.Decode
	default:
		return nil, "", ErrContentType
	}
	// A few hundred bytes can claim billions of pixels, so the header is asked before anything is allocated. The
	// decoders refuse a second header that says otherwise.
	header, err := decodeHeader(bytes.NewReader(upload))
	if err != nil {
		return nil, "", ErrImage.Because(err)
	}
	if header.Width > sideMax || header.Height > sideMax || header.Width*header.Height > PixelsMax {
		return nil, "", ErrPixels
	}
	picture, err := decode(bytes.NewReader(upload))
	if err != nil {
		return nil, "", ErrImage.Because(err)
	}
	clean, err := encode(picture, contentType, orientation(upload))
	if err != nil {
		return nil, "", fmt.Errorf("encode picture: %w", err)
	}
	if len(clean) > SizeMax {
		return nil, "", ErrTooLarge
	}
	return clean, contentType, nil
}

func encode(picture image.Image, contentType string, turn int) ([]byte, error) {
	var out bytes.Buffer
	if contentType == PNG {
		err := png.Encode(&out, picture)
		return out.Bytes(), err
	}
	if turn != upright {
		picture = turned(picture, turn)
	}
	err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: quality})
	return out.Bytes(), err
}

// turned draws a picture as its Exif orientation asks: 2 to 8 mirror it, turn it, or both.
func turned(picture image.Image, turn int) image.Image {
	b := picture.Bounds()
	from := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(from, from.Bounds(), picture, b.Min, draw.Src)
	w, h := b.Dx(), b.Dy()
	size := image.Rect(0, 0, w, h)
	if turn >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	to := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			tx, ty := target(turn, x, y, w, h)
			copy(to.Pix[to.PixOffset(tx, ty):][:4], from.Pix[from.PixOffset(x, y):][:4])
		}
	}
	return to
}

// target is where a pixel of a picture of w × h goes.
func target(turn, x, y, w, h int) (int, int) {
	switch turn {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}
