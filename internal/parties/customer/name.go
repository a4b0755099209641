package customer

import "unicode/utf8"

// Name is a real name. It prints masked; who needs it whole says so with Reveal.
type Name struct{ full string }

// NewName is the name of a text that ValidName accepts.
func NewName(full string) (Name, error) {
	if err := ValidName(full); err != nil {
		return Name{}, err
	}
	return Name{full: full}, nil
}

// Reveal is the whole name: for sealing, for the receipt of the person himself, for the provider.
func (n Name) Reveal() string { return n.full }

// Masked is the name as another person may see it: 李*娜, 王*, 阿******提. The first and the last character
// stay when there are three or more, else the first alone.
func (n Name) Masked() string { return MaskName(n.full) }

// String is Masked.
func (n Name) String() string { return n.Masked() }

// GoString is as String, so that %#v shows no more.
func (n Name) GoString() string { return n.Masked() }

// IsZero reports whether there is no name.
func (n Name) IsZero() bool { return n.full == "" }

// MaskName masks a real name as Name.Masked does. Very long names keep no more than six stars.
func MaskName(full string) string {
	const starsMax = 6
	runes := []rune(full)
	switch count := utf8.RuneCountInString(full); {
	case count == 0:
		return ""
	case count < 3:
		return string(runes[0]) + "*"
	default:
		stars := []rune("******")[:min(count-2, starsMax)]
		return string(runes[0]) + string(stars) + string(runes[count-1])
	}
}
