package api

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Money is an amount on the wire: an exact decimal string and its currency.
type Money struct {
	Amount   string `json:"amount" pattern:"^-?[0-9]{1,15}(\\.[0-9]{1,4})?$" maxLength:"21" example:"12.50" doc:"Exact decimal"`
	Currency string `json:"currency" pattern:"^[A-Z]{3}$" example:"CNY" doc:"ISO 4217"`
}

// MoneyOf writes an amount.
func MoneyOf(a money.Amount) Money {
	return Money{Amount: a.String(), Currency: a.Currency().Code()}
}

// Parse reads an amount; a fault points at the field.
func (m Money) Parse(pointer string) (money.Amount, error) {
	c, err := money.ParseCurrency(m.Currency)
	if err != nil {
		return money.Amount{}, at(err, pointer+"/currency")
	}
	a, err := money.Parse(m.Amount, c)
	if err != nil {
		return money.Amount{}, at(err, pointer+"/amount")
	}
	return a, nil
}

// Page is one page of a list, and the cursor of the next.
type Page[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next" doc:"Cursor of the next page, or null on the last"`
}

// PageOf makes a page; next is empty on the last one.
func PageOf[T any](items []T, next string) Page[T] {
	p := Page[T]{Items: items}
	if items == nil {
		p.Items = []T{}
	}
	if next != "" {
		p.Next = &next
	}
	return p
}

// Instant writes an instant, or nothing when there is none.
func Instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// ParseDate reads a civil date of a query; empty is the zero date.
func ParseDate(s, name string) (clock.Date, error) {
	if s == "" {
		return clock.Date{}, nil
	}
	d, err := clock.ParseDate(s)
	if err != nil {
		return d, ErrBadValue.At(name)
	}
	return d, nil
}

// Line refuses a text that is empty after trimming, longer than max characters or has line breaks.
func Line(s, pointer string, longest int) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", ErrRequired.At(pointer)
	}
	if strings.ContainsRune(s, '\n') || utf8.RuneCountInString(s) > longest {
		return "", ErrBadValue.At(pointer)
	}
	return s, nil
}

// at points a fault at a field.
func at(err error, pointer string) error {
	if e, ok := fault.From(err); ok {
		return e.At(pointer)
	}
	return err
}
