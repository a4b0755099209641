package catalog_test

import (
	"errors"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/act/acttest"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/interest"
)

// term is a change of a year's term deposit that can be.
func term(t *testing.T, from string) catalog.NewVersion {
	t.Helper()
	rate, err := interest.ParseRate("0.012")
	if err != nil {
		t.Fatal(err)
	}
	return catalog.NewVersion{
		Product: "term_1y", From: day(t, from),
		Terms: &catalog.TermsChange{LeastMinor: 100_000, LeastLeftMinor: 5_000, EarlyPartial: 2, Rollovers: []catalog.Rollover{catalog.RollAll, catalog.PayOut}},
		Tiers: []catalog.RateTier{{Rate: rate}, {LeastMinor: 10_000_000, Rate: rate + 1000}},
	}
}

func TestANewVersionHoldsFromItsDayAndKeepsItsHistory(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Migrations{catalog.Migrations()}, func(t *testing.T, d *db.DB) {
		c, today := catalog.New(d), day(t, "2026-11-30")
		if err := c.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
		by := act.By{Kind: act.Staff, Actor: "stff_asks"}
		grant := acttest.Granted{By: []id.Staff{"stff_one", "stff_two"}}
		add := func(n catalog.NewVersion) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return c.AddVersion(t.Context(), tx, by, grant, n, today) })
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return c.AddVersion(t.Context(), tx, by, nil, term(t, "2026-12-05"), today) }); !errors.Is(err, act.ErrNotApproved) {
			t.Errorf("without leave: %v", err)
		}
		if err := add(term(t, "2026-12-05")); err != nil {
			t.Fatal(err)
		}
		if err := add(term(t, "2026-12-05")); !errors.Is(err, catalog.ErrVersionDay) {
			t.Errorf("a second one on the same day: %v", err)
		}
		other := catalog.New(d) // another node
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			for on, want := range map[string]struct {
				version int
				least   int64
				rate    string
			}{"2026-12-04": {1, 5_000, "0.0095"}, "2026-12-05": {2, 100_000, "0.012"}} {
				v, err := other.InForce(t.Context(), tx, "term_1y", day(t, on))
				if err != nil || v.Number != want.version || v.Terms.Deposit.Least.Minor() != want.least {
					t.Errorf("on %s: version %d from %s, %v", on, v.Number, v.Terms.Deposit.Least, err)
				}
				rates, err := other.Rates(t.Context(), tx, day(t, on))
				if err != nil || rates.Floating("term_1y").String() != want.rate {
					t.Errorf("on %s the rate is %s, want %s (%v)", on, rates.Floating("term_1y"), want.rate, err)
				}
			}
			all, err := other.Versions(t.Context(), tx, "term_1y")
			if err != nil || len(all) != 2 || all[0].AskedBy != "stff_asks" || len(all[0].ApprovedBy) != 2 || all[0].Request != "aprv_test" || all[1].AskedBy != "" {
				t.Errorf("history %+v, %v", all, err)
			}
			offers, err := other.Offers(t.Context(), tx, today)
			planned := 0
			for _, o := range offers {
				if o.Next == day(t, "2026-12-05") && o.Product == "term_1y" && o.Number == 1 {
					planned++
				}
			}
			if err != nil || planned != 1 {
				t.Errorf("it is planned %d times, %v", planned, err)
			}
			_, err = other.Versions(t.Context(), tx, "term_9y")
			if !errors.Is(err, catalog.ErrNoProduct) {
				t.Errorf("of no product: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestAVersionThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Migrations{catalog.Migrations()}, func(t *testing.T, d *db.DB) {
		c, today := catalog.New(d), day(t, "2026-11-30")
		if err := c.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
		for name, x := range map[string]struct {
			change func(*catalog.NewVersion)
			want   error
		}{
			"of no product":            {func(n *catalog.NewVersion) { n.Product = "term_9y" }, catalog.ErrNoProduct},
			"from today":               {func(n *catalog.NewVersion) { n.From = today }, catalog.ErrVersionDay},
			"without a least amount":   {func(n *catalog.NewVersion) { n.Terms.LeastMinor = 0 }, catalog.ErrTerms},
			"without a choice":         {func(n *catalog.NewVersion) { n.Terms.Rollovers = nil }, catalog.ErrTerms},
			"with an unknown choice":   {func(n *catalog.NewVersion) { n.Terms.Rollovers = []catalog.Rollover{"perhaps"} }, catalog.ErrTerms},
			"that leaves less than 0":  {func(n *catalog.NewVersion) { n.Terms.LeastLeftMinor = -1 }, catalog.ErrTerms},
			"with a tier twice":        {func(n *catalog.NewVersion) { n.Tiers[1].LeastMinor = 0 }, catalog.ErrRates},
			"of an account with terms": {func(n *catalog.NewVersion) { n.Product = "current_1" }, catalog.ErrTerms},
			"that floats with tiers":   {func(n *catalog.NewVersion) { n.Product, n.Terms = "current_1", nil }, catalog.ErrRates},
			"that changes nothing":     {func(n *catalog.NewVersion) { n.Terms, n.Tiers = nil, nil }, catalog.ErrSameTerms},
		} {
			n := term(t, "2026-12-05")
			x.change(&n)
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				_, err := c.PlanVersion(t.Context(), tx, n, today)
				return err
			})
			if !errors.Is(err, x.want) {
				t.Errorf("%s: %v, want %v", name, err, x.want)
			}
		}
	})
}
