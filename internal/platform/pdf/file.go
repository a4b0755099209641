package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/xml"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// ErrFile says that bytes are not a file that this package made.
var ErrFile = errors.New("pdf: not a file of this package")

// file is a PDF taken apart: objects by number, and what its trailer names. Only files as this package and gopdf write
// them are read: one cross-reference table, no object streams.
type file struct {
	objects [][]byte // object n stands at n-1: what is between "n 0 obj" and "endobj"
	trailer string   // entries beside /Size and /Root: /Info and /ID
}

const (
	catalogObject = 1 // gopdf writes the catalog first and the page tree second
	pagesObject   = 2
	objectsMax    = 100_000
	header        = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
)

// parse takes a file apart.
func parse(data []byte) (*file, error) {
	_, tail, ok := lastCut(data, "startxref\n")
	if !ok {
		return nil, ErrFile
	}
	at, err := strconv.Atoi(string(bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(tail), []byte("%%EOF")))))
	if err != nil || at < 0 || at >= len(data) {
		return nil, ErrFile
	}
	table, trailer, ok := bytes.Cut(data[at:], []byte("trailer\n"))
	lines := strings.Split(string(table), "\n")
	if !ok || len(lines) < 3 || lines[0] != "xref" || len(lines) > objectsMax {
		return nil, ErrFile
	}
	f := &file{}
	offsets := []int{}
	for _, line := range lines[3:] { // after xref, "0 n" and the entry of object 0
		if line == "" {
			continue
		}
		offset, err := strconv.Atoi(strings.SplitN(line, " ", 2)[0])
		if err != nil || offset < 0 || offset >= at {
			return nil, ErrFile
		}
		offsets = append(offsets, offset)
	}
	for i, offset := range offsets {
		end := at
		if i+1 < len(offsets) {
			end = offsets[i+1]
		}
		if end < offset {
			return nil, ErrFile
		}
		body, found := bytes.CutPrefix(data[offset:end], fmt.Appendf(nil, "%d 0 obj\n", i+1))
		body, _, closed := lastCut(body, "endobj")
		if !found || !closed {
			return nil, ErrFile
		}
		f.objects = append(f.objects, body)
	}
	if len(f.objects) < pagesObject {
		return nil, ErrFile
	}
	f.trailer = strings.Join(regexp.MustCompile(`/Info \d+ 0 R|/ID \[.*\]`).FindAllString(string(trailer), -1), "\n")
	return f, nil
}

// lastCut cuts around the last place of a separator.
func lastCut(data []byte, separator string) (before, after []byte, found bool) {
	i := bytes.LastIndex(data, []byte(separator))
	if i < 0 {
		return data, nil, false
	}
	return data[:i], data[i+len(separator):], true
}

// add appends an object and answers its number.
func (f *file) add(format string, args ...any) int {
	f.objects = append(f.objects, fmt.Appendf(nil, format+"\n", args...))
	return len(f.objects)
}

// extend puts entries into the dictionary of an object that is nothing but a dictionary.
func (f *file) extend(object int, entries string) error {
	before, _, ok := lastCut(f.objects[object-1], ">>")
	if !ok {
		return ErrFile
	}
	f.objects[object-1] = fmt.Appendf(nil, "%s%s\n>>\n", before, entries)
	return nil
}

// bytes is the file put together.
func (f *file) bytes() []byte {
	var out bytes.Buffer
	out.WriteString(header)
	offsets := make([]int, len(f.objects))
	for i, body := range f.objects {
		offsets[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%sendobj\n", i+1, body)
	}
	at := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(f.objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&out, "trailer\n<<\n/Size %d\n/Root %d 0 R\n%s\n>>\nstartxref\n%d\n%%%%EOF\n", len(f.objects)+1, catalogObject, f.trailer, at)
	return out.Bytes()
}

// finish gives gopdf's file what gopdf does not write: the language, title and metadata for readers and archives, an
// identity, and code points beyond U+FFFF in the map by which text is copied and searched.
func finish(data []byte, info Info) ([]byte, error) {
	f, err := parse(data)
	if err != nil {
		return nil, err
	}
	for i, body := range f.objects {
		if bytes.Contains(body, []byte("/CIDInit /ProcSet")) {
			f.objects[i] = unicodeMap(body)
		}
	}
	metadata := xmp(info)
	meta := f.add("<</Type /Metadata /Subtype /XML /Length %d>>\nstream\n%s\nendstream", len(metadata), metadata)
	entries := fmt.Sprintf("/Lang (%s)\n/ViewerPreferences <</DisplayDocTitle true>>\n/Metadata %d 0 R", plain(info.Language), meta)
	if err := f.extend(catalogObject, entries); err != nil {
		return nil, err
	}
	about := f.add("<<\n/Title %s\n/Author %s\n/Subject %s\n/Producer (Tongbao)\n/CreationDate (%s)\n/ModDate (%s)\n>>",
		unicodeText(info.Title), unicodeText(info.Author), unicodeText(info.Subject), instant(info.At), instant(info.At))
	sum := sha256.New()
	for _, body := range f.objects {
		sum.Write(body)
	}
	identity := sum.Sum(nil)[:16]
	f.trailer = fmt.Sprintf("/Info %d 0 R\n/ID [<%x> <%x>]", about, identity, identity)
	return f.bytes(), nil
}

// mapped is a line of gopdf's map: a glyph, and its code point in hexadecimal.
var mapped = regexp.MustCompile(`(?m)^<([0-9A-F]{4})><[0-9A-F]{4}><([0-9A-F]+)>$`)

// unicodeMap writes the map from glyphs to text again, in UTF-16 and with at most a hundred lines in a section, as
// ISO 32000-1, 9.10.3 and Adobe's technical note 5014 want it.
func unicodeMap(body []byte) []byte {
	const section = 100
	lines := mapped.FindAllSubmatch(body, -1)
	var out bytes.Buffer
	out.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	for len(lines) > 0 {
		n := min(len(lines), section)
		fmt.Fprintf(&out, "%d beginbfchar\n", n)
		for _, line := range lines[:n] {
			point, err := strconv.ParseInt(string(line[2]), 16, 32)
			if err != nil {
				point = '\ufffd'
			}
			fmt.Fprintf(&out, "<%s><%s>\n", line[1], hex16(string(rune(point))))
		}
		out.WriteString("endbfchar\n")
		lines = lines[n:]
	}
	out.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return fmt.Appendf(nil, "<<\n/Length %d\n>>\nstream\n%sendstream\n", out.Len(), out.Bytes())
}

// hex16 is a text in UTF-16, big-endian, in hexadecimal.
func hex16(s string) string {
	var out strings.Builder
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&out, "%04X", unit)
	}
	return out.String()
}

// unicodeText is a text string object.
func unicodeText(s string) string { return "<FEFF" + hex16(s) + ">" }

// plain keeps what may stand in a literal string without escapes.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0x20 && r < 0x7f && !strings.ContainsRune(`()\`, r) {
			return r
		}
		return -1
	}, s)
}

// instant is a date object's text (ISO 32000-1, 7.9.4).
func instant(t time.Time) string {
	zone := t.Format("-07:00")
	return "D:" + t.Format("20060102150405") + zone[:3] + "'" + zone[4:] + "'"
}

// xmp is the metadata as archives read it (ISO 16684-1).
func xmp(info Info) string {
	return fmt.Sprintf(`<?xpacket begin="`+"\ufeff"+`" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%[5]s</xmp:ModifyDate><pdf:Producer>Tongbao</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`, escaped(info.Title), escaped(info.Author), escaped(info.Subject), escaped(info.Language), info.At.Format(time.RFC3339))
}

func escaped(s string) string {
	var out bytes.Buffer
	_ = xml.EscapeText(&out, []byte(s)) // a buffer takes everything
	return out.String()
}
