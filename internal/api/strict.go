package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/tongbao/tongbao/internal/platform/fault"
)

// depthMax bounds how deep a request's JSON may nest.
const depthMax = 16

// strictJSON reads requests without forgiveness: unknown, repeated and other-case keys, null, bad UTF-8, control and
// direction characters, and deep nesting are refused.
func strictJSON() huma.Format {
	return huma.Format{
		Marshal: func(w io.Writer, v any) error {
			return json.MarshalWrite(w, v, jsontext.EscapeForHTML(true), json.FormatNilSliceAsNull(false), json.Deterministic(true),
				jsonv1.OmitEmptyWithLegacySemantics(true))
		},
		Unmarshal: func(data []byte, v any) error {
			if loose, ok := v.(*any); ok {
				readLoose(data, loose)
				return nil
			}
			if err := json.Unmarshal(data, v, json.RejectUnknownMembers(true)); err != nil {
				return jsonFault(err)
			}
			return nil
		},
	}
}

// readLoose reads the tree that huma validates, after the checks that no schema can express. Huma keeps only the text
// of an error, so what is wrong takes the place of the tree: no schema allows it, and fromHuma finds it in the refusal.
func readLoose(data []byte, v *any) {
	err := checkTokens(data)
	if err == nil {
		err = json.Unmarshal(data, v)
	}
	if err != nil {
		*v = jsonFault(err)
	}
}

// foreign is where a request carries what a browser's API made (PublicKeyCredential.toJSON), which has nulls of its own.
const foreign = "/credential/"

// checkTokens refuses null wherever it stands: a field that has nothing to say is left out. So nobody wonders whether null
// takes a value away, leaves it, or counts as zero.
func checkTokens(data []byte) error {
	d := jsontext.NewDecoder(bytes.NewReader(data))
	for {
		t, err := d.ReadToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read JSON: %w", err)
		}
		if d.StackDepth() > depthMax {
			return ErrMalformed
		}
		switch t.Kind() {
		case '"':
			if !cleanText(t.String()) {
				return ErrText.At(plainPointer(string(d.StackPointer())))
			}
		case 'n':
			if at := string(d.StackPointer()); !strings.Contains(at, foreign) {
				return ErrNull.At(plainPointer(at))
			}
		}
	}
}

// plainPointer names a field only if its name looks like one of ours.
func plainPointer(p string) string {
	const longest = 64
	for _, r := range p {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '/' {
			return ""
		}
	}
	if len(p) > longest {
		return ""
	}
	return p
}

// jsonFault says what is wrong without the text that was wrong.
func jsonFault(err error) *fault.Error {
	if known, ok := fault.From(err); ok {
		return known
	}
	if errors.Is(err, jsontext.ErrDuplicateName) {
		return ErrDuplicate
	}
	if errors.Is(err, json.ErrUnknownName) {
		return ErrUnknownField
	}
	var semantic *json.SemanticError
	if errors.As(err, &semantic) {
		return ErrBadValue.At(plainPointer(string(semantic.JSONPointer)))
	}
	return ErrMalformed
}

// cleanText reports whether a text holds only what a person can see: no control, direction, invisible or private
// characters, and no noncharacters. Line breaks are allowed; fields that are one line say so themselves. Unassigned
// characters pass: the rare character of somebody's name may be younger than this program.
func cleanText(s string) bool {
	if plainText(s) {
		return true // nearly all that machines send: tokens, ids, amounts
	}
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if r == '\n' {
			continue
		}
		if unicode.IsControl(r) || unicode.In(r, unicode.Co, unicode.Noncharacter_Code_Point) || strings.ContainsRune(invisible, r) ||
			r == utf8.RuneError || r >= firstTag && r <= lastTag {
			return false
		}
	}
	return true
}

// plainText reports whether a text is printable ASCII, which needs no look at each character's class.
func plainText(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// invisible are direction marks, joiners and other characters that change how a text looks without being seen.
const invisible = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e" +
	"\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\u3164\ufeff\uffa0\ufff9\ufffa\ufffb"

// Tags spell a text that nobody sees.
const firstTag, lastTag = '\U000E0000', '\U000E007F'
