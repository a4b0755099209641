// Package catalog keeps what the bank sells: products, and for each the dated versions of its terms.
//
// A contract keeps the version that it was made under for as long as it lives, unless its terms say otherwise; new
// contracts take the version in force on their day. Versions are only ever added.
//
// Beside the terms stand the rates that the bank posts (挂牌利率): for a product, from a day on, by amount. A contract
// with a fixed rate takes the one posted on its first day; one that floats follows the posted rate.
//
//	version, err := catalog.InForce(ctx, tx, "term_1y", today)
//	rates, err := catalog.Rates(ctx, tx, today)
//	rate, found := rates.For("term_1y", amount)
package catalog

import (
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

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

// The kinds of deposits.
const (
	Current     Kind = "current"     // can be drawn at any time (活期)
	Term        Kind = "term"        // one sum for a term (整存整取)
	Notice      Kind = "notice"      // drawn after notice (通知存款)
	Certificate Kind = "certificate" // a large sum for a term, can be sold (大额存单)
	Instalment  Kind = "instalment"  // a fixed sum each month (零存整取)
	Pot         Kind = "pot"         // saved towards a goal (目标储蓄, 存钱罐)
)

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
	Class    int                    // of a personal current account, 1 to 3 (银发〔2016〕261号)
	Currency money.Currency         // of the account
	Names    map[i18n.Locale]string // what people call it
	Notes    map[i18n.Locale]string // one sentence that says what it is for
	Interest Interest               // how it earns
	Deposit  Deposit                // what binds a deposit; nothing for current accounts
}

// Name is the product's name in a language.
func (v Version) Name(l i18n.Locale) string { return v.Terms.Names[l] }

// Catalog answers what is sold. It is safe for concurrent use.
type Catalog struct {
	db       *db.DB
	versions sync.Map // version{product, number} → Version: terms never change, so they are read once
}

// New makes the catalog.
func New(d *db.DB) *Catalog { return &Catalog{db: d} }

// Seed adds the products, versions and posted rates of the program's own lists that the database lacks.
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
			if _, err := parseTerms(p.Kind, string(p.Terms)); err != nil {
				return fmt.Errorf("product %s: %w", p.Code, err)
			}
			if err := insert(ctx, tx, p.Code, p.Kind, p.Version, p.EffectiveFrom, string(p.Terms)); err != nil {
				return err
			}
		}
		return c.seedRates(ctx, tx)
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

// version names a version of a product's terms.
type version struct {
	product string
	number  int
}

// Version is the version that a contract was made under, or ErrNoProduct.
func (c *Catalog) Version(ctx context.Context, tx *db.Tx, product string, number int) (Version, error) {
	key := version{product, number}
	if v, ok := c.versions.Load(key); ok {
		return v.(Version), nil //nolint:forcetypeassert // only versions are stored
	}
	v, found, err := versionOf(ctx, tx, product, number)
	if err != nil {
		return Version{}, err
	}
	if !found {
		return Version{}, ErrNoProduct
	}
	c.versions.Store(key, v)
	return v, nil
}

// Shelf is every deposit product but current accounts that is sold on a day: kind by kind, the shortest first.
func (c *Catalog) Shelf(ctx context.Context, tx *db.Tx, on clock.Date) ([]Version, error) {
	var all []Version
	for _, kind := range []Kind{Term, Notice, Certificate, Instalment, Pot} {
		some, err := list(ctx, tx, kind, on)
		if err != nil {
			return nil, err
		}
		slices.SortStableFunc(some, func(a, b Version) int {
			x, y := a.Terms.Deposit, b.Terms.Deposit
			return cmp.Or(cmp.Compare(x.Months, y.Months), cmp.Compare(x.NoticeDays, y.NoticeDays))
		})
		all = append(all, some...)
	}
	return all, nil
}

// List is what is sold on a day: what is kept in yuan first, then in the order of the codes.
func (c *Catalog) List(ctx context.Context, tx *db.Tx, kind Kind, on clock.Date) ([]Version, error) {
	all, err := list(ctx, tx, kind, on)
	slices.SortStableFunc(all, func(a, b Version) int { return cmp.Compare(foreign(a), foreign(b)) })
	return all, err
}

// foreign sorts what is kept in yuan before what is not.
func foreign(v Version) int {
	if v.Terms.Currency == money.CNY {
		return 0
	}
	return 1
}
