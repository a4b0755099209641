package catalog_test

import (
	"errors"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/values/money"
)

func day(t *testing.T, s string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAContractTakesTheTermsInForceOnItsDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Migrations{catalog.Migrations()}, func(t *testing.T, d *db.DB) {
		c := catalog.New(d)
		for range 2 { // seeding again adds nothing
			if err := c.Seed(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			terms := `{"class":1,"currency":"CNY","names":{"zh-Hans":"新","zh-Hant":"新","en":"New"},"notes":{"zh-Hans":"新","zh-Hant":"新","en":"New"}}`
			_, err := tx.Exec(t.Context(), `INSERT INTO catalog_version (product, version, effective_from, terms, made_at) VALUES ($1, $2, $3, $4, $5)`,
				"current_1", 2, "2026-12-01", terms, tx.Now())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			for on, want := range map[string]int{"2026-11-30": 1, "2026-12-01": 2} {
				v, err := c.InForce(t.Context(), tx, "current_1", day(t, on))
				if err != nil || v.Number != want {
					t.Errorf("on %s: version %d, %v", on, v.Number, err)
				}
			}
			if _, err := c.InForce(t.Context(), tx, "current_1", day(t, "2016-11-30")); !errors.Is(err, catalog.ErrNoProduct) {
				t.Errorf("before it was sold: %v", err)
			}
			sold, err := c.List(t.Context(), tx, catalog.Current, day(t, "2026-12-01"))
			if err != nil || len(sold) != 8 || sold[0].Name(i18n.En) != "New" || sold[1].Terms.Class != 2 || sold[3].Terms.Currency != money.EUR {
				t.Errorf("sold: %+v, %v", sold, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
