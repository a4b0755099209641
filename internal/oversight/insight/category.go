package insight

import (
	_ "embed" // the list
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/products/payment"
)

// Category is what money was for: dining, salary. Its name is the text insight.category.<key>.
type Category string

// Categories that the program itself speaks of; the rest stands in categories.json alone.
const (
	Own      Category = "own" // between a person's own accounts: neither income nor spending
	Interest Category = "interest"
	Total    Category = "total" // of budgets: everything that is spent
)

//go:embed categories.json
var categoriesJSON []byte

// categoryRow says which way money of a category goes; either way when Direction is empty.
type categoryRow struct {
	Key       Category          `json:"key"`
	Direction payment.Direction `json:"direction"`
}

// ruleRow sends what fits all of its conditions to a category, from a business date on, until a day that no longer counts.
// A word fits when it stands in the memo: Chinese anywhere, others at the beginning of a word.
type ruleRow struct {
	From      clock.Date        `json:"from"`
	Until     clock.Date        `json:"until,omitzero"`
	Category  Category          `json:"category"`
	Direction payment.Direction `json:"direction,omitempty"`
	Kinds     []payment.Kind    `json:"kinds,omitempty"`
	Acts      []string          `json:"acts,omitempty"` // how the act of the journal begins
	Words     []string          `json:"words,omitempty"`
}

type ruleBook struct {
	Categories []categoryRow `json:"categories"`
	Rules      []ruleRow     `json:"rules"`
}

func readRules() (*ruleBook, error) {
	var b ruleBook
	if err := json.Unmarshal(categoriesJSON, &b); err != nil {
		return nil, fmt.Errorf("read categories.json: %w", err)
	}
	for i, r := range b.Rules {
		if !b.allows(r.Category, r.Direction) && r.Category != Own {
			return nil, fmt.Errorf("categories.json: rule %d: no category %q for that direction", i+1, r.Category)
		}
		if r.From.IsZero() {
			return nil, fmt.Errorf("categories.json: rule %d has no first day", i+1)
		}
	}
	return &b, nil
}

// allows says whether money that goes a way may be of a category; an unknown way is any.
func (b *ruleBook) allows(c Category, d payment.Direction) bool {
	return slices.ContainsFunc(b.Categories, func(row categoryRow) bool {
		return row.Key == c && (row.Direction == "" || d == "" || row.Direction == d)
	})
}

// of is the category that the rules give a transaction: the first that fits. The list ends with one for everything.
func (b *ruleBook) of(t payment.Transaction) Category {
	if t.Own {
		return Own
	}
	memo := strings.ToLower(t.Memo)
	for _, r := range b.Rules {
		if r.fits(t, memo) {
			return r.Category
		}
	}
	return Own
}

func (r ruleRow) fits(t payment.Transaction, memo string) bool {
	switch {
	case t.BusinessDate.Before(r.From), !r.Until.IsZero() && !t.BusinessDate.Before(r.Until):
		return false
	case r.Direction != "" && r.Direction != t.Direction:
		return false
	case len(r.Kinds) > 0 && !slices.Contains(r.Kinds, t.Kind):
		return false
	case len(r.Acts) > 0 && !slices.ContainsFunc(r.Acts, func(a string) bool { return strings.HasPrefix(t.Act, a) }):
		return false
	}
	return len(r.Words) == 0 || slices.ContainsFunc(r.Words, func(w string) bool { return speaksOf(memo, w) })
}

// speaksOf finds a word in a text, both in lower case. "rent" is not found in "parents".
func speaksOf(text, word string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:at+i])
		first, size := utf8.DecodeRuneInString(word)
		if first >= utf8.RuneSelf || !unicode.IsLetter(before) || before >= utf8.RuneSelf && unicode.Is(unicode.Han, before) {
			return true
		}
		at += i + size
	}
}

// Kind is a category that a person may choose, and which way its money goes; either way when Direction is empty.
type Kind struct {
	Category  Category
	Direction payment.Direction
}

// Categories are all categories, in the order in which people read them.
func (s *Service) Categories() []Kind {
	all := make([]Kind, len(s.rules.Categories))
	for i, row := range s.rules.Categories {
		all[i] = Kind{row.Key, row.Direction}
	}
	return all
}

// nameKey is the key of a category's name.
func nameKey(c Category) string { return "insight.category." + string(c) }
