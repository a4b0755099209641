package rule

import (
	_ "embed" // bounds.json
	"encoding/json"
	"fmt"
	"strings"

	"github.com/govalues/decimal"
)

//go:embed bounds.json
var bounds []byte

// Bound is between what a figure may be changed: by the longest prefix of its key and, if the bound names one, its unit.
type Bound struct {
	Prefix string `json:"prefix"`
	Unit   Unit   `json:"unit"`
	Least  string `json:"least"`
	Most   string `json:"most"`
	Source string `json:"source"`
	Grade  Grade  `json:"grade"`
}

// Bounds are the bounds that come with the program.
func Bounds() ([]Bound, error) {
	var all []Bound
	if err := json.Unmarshal(bounds, &all); err != nil {
		return nil, fmt.Errorf("read bounds.json: %w", err)
	}
	return all, nil
}

// Bound is the one that counts for a row; false for flags, words and currencies that have none.
func (r Row) Bound() (Bound, bool, error) {
	all, err := Bounds()
	if err != nil {
		return Bound{}, false, err
	}
	var best Bound
	found := false
	for _, b := range all {
		fits := strings.HasPrefix(r.Key, b.Prefix) && (b.Unit == "" || b.Unit == r.Unit)
		if fits && (!found || len(b.Prefix) > len(best.Prefix)) {
			best, found = b, true
		}
	}
	return best, found, nil
}

// withinBounds refuses a figure that a law or good sense forbids, with ErrBounds.
func (r Row) withinBounds() error {
	b, found, err := r.Bound()
	if err != nil || !found {
		return err
	}
	least, err := decimal.Parse(b.Least)
	if err != nil {
		return fmt.Errorf("read bounds of %s: %w", r.Key, err)
	}
	most, err := decimal.Parse(b.Most)
	if err != nil {
		return fmt.Errorf("read bounds of %s: %w", r.Key, err)
	}
	value, err := decimal.Parse(r.Value)
	if err != nil || value.Less(least) || most.Less(value) {
		return ErrBounds.At("/value").With("least", b.Least).With("most", b.Most).With("source", b.Source)
	}
	return nil
}
