// Package catalog keeps what the bank sells: products, and for each the dated versions of its terms.
//
// A contract keeps the version that it was made under for as long as it lives, unless its terms say otherwise; new
// contracts take the version in force on their day. Versions are only ever added.
//
//	version, err := catalog.InForce(ctx, tx, "current_1", today)
package catalog

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/money"
)

//go:embed migrations
var files embed.FS

//go:embed products.json
var seed []byte

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "catalog", Files: files} }

// ErrNoProduct says that no such product is sold on the day.
var ErrNoProduct = fault.New(fault.NotFound, "catalog.no_such_product")

// Kind is the kind of a product.
type Kind string

// Current is a deposit that can be drawn at any time (活期).
const Current Kind = "current"

// Version is a product's terms from a day on.
type Version struct {
	Product       string
	Kind          Kind
	Number        int
	EffectiveFrom clock.Date
	Terms         Terms
}

// Terms are what a customer agrees to.
type Terms struct {
	Class    int                    // of a personal account, 1 to 3 (银发〔2016〕261号)
	Currency money.Currency         // of the account
	Names    map[i18n.Locale]string // what people call it
	Notes    map[i18n.Locale]string // one sentence that says what it is for
}

// terms is how Terms are written down: the currency by its code.
type terms struct {
	Class    int                    `json:"class"`
	Currency string                 `json:"currency"`
	Names    map[i18n.Locale]string `json:"names"`
	Notes    map[i18n.Locale]string `json:"notes"`
}

// Name is the product's name in a language.
func (v Version) Name(l i18n.Locale) string { return v.Terms.Names[l] }

// Catalog answers what is sold.
type Catalog struct{ db *db.DB }

// New makes the catalog.
func New(d *db.DB) *Catalog { return &Catalog{d} }

// Seed adds the products and versions of the program's own list that the database lacks.
func (c *Catalog) Seed(ctx context.Context) error {
	var list []struct {
		Code          string          `json:"code"`
		Kind          Kind            `json:"kind"`
		Version       int             `json:"version"`
		EffectiveFrom string          `json:"effectiveFrom"`
		Terms         json.RawMessage `json:"terms"`
	}
	if err := json.Unmarshal(seed, &list); err != nil {
		return fmt.Errorf("read the seeded products: %w", err)
	}
	return c.db.Write(ctx, func(tx *db.Tx) error {
		for _, p := range list {
			if _, err := parseTerms(string(p.Terms)); err != nil {
				return fmt.Errorf("product %s: %w", p.Code, err)
			}
			if err := insert(ctx, tx, p.Code, p.Kind, p.Version, p.EffectiveFrom, string(p.Terms)); err != nil {
				return err
			}
		}
		return nil
	})
}

// InForce is the version that a contract made on a day takes, or ErrNoProduct.
func (c *Catalog) InForce(ctx context.Context, tx *db.Tx, product string, on clock.Date) (Version, error) {
	v, found, err := inForce(ctx, tx, product, on)
	if err == nil && !found {
		err = ErrNoProduct
	}
	return v, err
}

// List is what is sold on a day, in the order of the codes.
func (c *Catalog) List(ctx context.Context, tx *db.Tx, kind Kind, on clock.Date) ([]Version, error) {
	return list(ctx, tx, kind, on)
}

func parseTerms(text string) (Terms, error) {
	var t terms
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return Terms{}, fmt.Errorf("read terms: %w", err)
	}
	if t.Class < 1 || t.Class > 3 {
		return Terms{}, fmt.Errorf("terms have no class %d", t.Class)
	}
	c, err := money.ParseCurrency(t.Currency)
	if err != nil {
		return Terms{}, err
	}
	for _, l := range i18n.Locales() {
		if t.Names[l] == "" || t.Notes[l] == "" {
			return Terms{}, fmt.Errorf("terms have no name or note in %s", l)
		}
	}
	return Terms{Class: t.Class, Currency: c, Names: t.Names, Notes: t.Notes}, nil
}
