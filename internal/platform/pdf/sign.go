package pdf

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

var (
	// ErrSigned refuses to sign a file that carries a signature: writing it again would break that one.
	ErrSigned = errors.New("pdf: signed already")
	// ErrUnsigned says that a file carries no signature over all of its bytes.
	ErrUnsigned = errors.New("pdf: no signature over the whole file")
	// ErrLargeSignature says that a signature needs more room than a file keeps for it.
	ErrLargeSignature = errors.New("pdf: signature too large")
)

// signatureMax is the room for a signature in bytes: keys and certificates of today take a third of it.
const signatureMax = 8 << 10

// Signer makes a detached CMS message over content, with the signer's certificate inside (crypto.SignCMS).
type Signer interface {
	SignCMS(content []byte) ([]byte, error)
}

// Signing is what a reader's window shows about the signature.
type Signing struct {
	Name   string // who signs
	Reason string // why; may be empty
	Place  string // where; may be empty
	At     time.Time
}

// rangeRoom is a ByteRange wide enough for any file, before its numbers are known.
const rangeRoom = "[0 0000000000 0000000000 0000000000]"

// Sign puts an invisible signature field into a file that this package made, and signs all bytes but the signature's
// own. Whoever changes one of them breaks it.
func Sign(data []byte, signer Signer, about Signing) ([]byte, error) {
	f, err := parse(data)
	if err != nil {
		return nil, err
	}
	if bytes.Contains(f.objects[catalogObject-1], []byte("/AcroForm")) {
		return nil, ErrSigned
	}
	if err := f.addSignature(about); err != nil {
		return nil, err
	}
	out := f.bytes()
	_, rest, _ := bytes.Cut(out, []byte("/Contents <"+hexZeros()+">"))
	end := len(out) - len(rest)                // after the closing >
	begin := end - len(hexZeros()) - len("<>") // before the opening <
	place := []byte("/ByteRange " + rangeRoom)
	numbers := fmt.Appendf(nil, "/ByteRange [0 %d %d %d]", begin, end, len(out)-end)
	at := bytes.Index(out, place)
	if len(rest) == 0 || at < 0 || len(numbers) > len(place) {
		return nil, ErrFile
	}
	copy(out[at:], append(numbers, bytes.Repeat([]byte(" "), len(place)-len(numbers))...))

	message, err := signer.SignCMS(append(append([]byte{}, out[:begin]...), out[end:]...))
	if err != nil {
		return nil, fmt.Errorf("sign PDF: %w", err)
	}
	if len(message) > signatureMax {
		return nil, ErrLargeSignature
	}
	hex.Encode(out[begin+1:], message)
	return out, nil
}

func hexZeros() string { return string(bytes.Repeat([]byte("0"), 2*signatureMax)) }

var firstKid = regexp.MustCompile(`/Kids\s*\[\s*(\d+) 0 R`)

// addSignature adds the signature dictionary, with room for what is not known yet, and its field on the first page.
func (f *file) addSignature(about Signing) error {
	kid := firstKid.FindSubmatch(f.objects[pagesObject-1])
	if kid == nil {
		return ErrFile
	}
	page, err := strconv.Atoi(string(kid[1]))
	if err != nil || page < 1 || page > len(f.objects) {
		return ErrFile
	}
	signature := f.add("<<\n/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /adbe.pkcs7.detached\n/Name %s\n/Reason %s\n/Location %s\n/M (%s)\n"+
		"/ByteRange %s\n/Contents <%s>\n>>", unicodeText(about.Name), unicodeText(about.Reason), unicodeText(about.Place), instant(about.At),
		rangeRoom, hexZeros())
	const hiddenLocked = 2 | 128 // annotation flags (ISO 32000-1, 12.5.3)
	field := f.add("<<\n/Type /Annot\n/Subtype /Widget\n/FT /Sig\n/T (signature)\n/Rect [0 0 0 0]\n/F %d\n/P %d 0 R\n/V %d 0 R\n>>",
		hiddenLocked, page, signature)
	body := f.objects[page-1]
	if before, after, found := bytes.Cut(body, []byte("/Annots [")); found {
		f.objects[page-1] = fmt.Appendf(nil, "%s/Annots [%d 0 R %s", before, field, after)
	} else if err := f.extend(page, fmt.Sprintf("/Annots [%d 0 R]", field)); err != nil {
		return err
	}
	return f.extend(catalogObject, fmt.Sprintf("/AcroForm <</Fields [%d 0 R] /SigFlags 3>>", field))
}

var signatureAt = regexp.MustCompile(`/ByteRange \[0 (\d+) (\d+) (\d+)\] *\n/Contents <`)

// Signature takes the signature out of a signed file: the CMS message and the content that it signs, which is all of
// the file but the message. ErrUnsigned for a file without one, or whose signature leaves other bytes out.
func Signature(data []byte) (message, content []byte, err error) {
	m := signatureAt.FindSubmatch(data)
	if m == nil {
		return nil, nil, ErrUnsigned
	}
	var numbers [3]int
	for i := range numbers {
		if numbers[i], err = strconv.Atoi(string(m[i+1])); err != nil {
			return nil, nil, ErrUnsigned
		}
	}
	begin, end := numbers[0], numbers[1]
	if begin < 0 || end <= begin+1 || end > len(data) || numbers[2] != len(data)-end || data[begin] != '<' || data[end-1] != '>' {
		return nil, nil, ErrUnsigned
	}
	padded := make([]byte, hex.DecodedLen(end-begin-2))
	if _, err := hex.Decode(padded, data[begin+1:end-1]); err != nil {
		return nil, nil, ErrUnsigned
	}
	var raw asn1.RawValue
	if _, err := asn1.Unmarshal(padded, &raw); err != nil {
		return nil, nil, ErrUnsigned
	}
	return raw.FullBytes, append(append([]byte{}, data[:begin]...), data[end:]...), nil
}
