package rule_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/records/audit"
	records "github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/act/acttest"
	"github.com/tongbao/tongbao/internal/values/id"
)

// desk is the desk on real days; what it records is counted.
type desk struct {
	*rule.Desk
	t       *testing.T
	d       *db.DB
	clock   *clock.Fake
	rules   *rule.Rules
	records []audit.Record
}

func (k *desk) Append(_ context.Context, _ *db.Tx, records []audit.Record) error {
	k.records = append(k.records, records...)
	return nil
}

const tries = "auth.pin.tries_count"

func onDesks(t *testing.T, test func(t *testing.T, k *desk)) {
	t.Helper()
	now := clock.NewFake(time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC))
	dbtest.EachWith(t, db.Options{Clock: now}, []db.Migrations{records.Migrations(), rule.Migrations()}, func(t *testing.T, d *db.DB) {
		zone, err := clock.Zone("Asia/Shanghai")
		if err != nil {
			t.Fatal(err)
		}
		days := records.New(d, zone)
		if err := days.Open(t.Context(), clock.DateOf(now.Now(), zone)); err != nil {
			t.Fatal(err)
		}
		k := &desk{t: t, d: d, clock: now, rules: seeded(t, d)}
		k.Desk = rule.NewDesk(k.rules, days, k)
		test(t, k)
	})
}

func (k *desk) compare(c rule.Change) (out rule.Comparison, err error) {
	err = k.d.Read(k.t.Context(), func(tx *db.Tx) error {
		out, err = k.Compare(k.t.Context(), tx, c)
		return err
	})
	return out, err
}

func (k *desk) change(g act.Grant, c rule.Change) error {
	by := act.By{Kind: act.Staff, Actor: "stff_asks", Branch: act.HeadOffice}
	return k.d.Write(k.t.Context(), func(tx *db.Tx) error { return k.Change(k.t.Context(), tx, by, g, c) })
}

func wish(t *testing.T, value, from, to string) rule.Change {
	t.Helper()
	c := rule.Change{Key: tries, Value: value, From: day(t, from), Source: "a decision of the board", Grade: rule.GradeU}
	if to != "" {
		c.To = day(t, to)
	}
	return c
}

func TestAnApprovedChangeHoldsFromItsDay(t *testing.T) {
	t.Parallel()
	onDesks(t, func(t *testing.T, k *desk) {
		c := wish(t, "3", "2026-12-01", "")
		if err := k.change(nil, c); !errors.Is(err, act.ErrNotApproved) {
			t.Fatalf("changed without leave: %v", err)
		}
		if err := k.change(acttest.Granted{By: []id.Staff{"stff_a", "stff_b"}}, c); err != nil {
			t.Fatal(err)
		}
		for on, want := range map[string]int64{"2026-11-30": 5, "2026-12-01": 3} {
			if got, err := k.rules.Int(t.Context(), tries, day(t, on)); got != want || err != nil {
				t.Errorf("on %s: %d, %v", on, got, err)
			}
		}
		all, err := k.History(t.Context(), tries)
		if err != nil || len(all) != 2 || all[0].ChangedBy != "" {
			t.Fatalf("history %+v, %v", all, err)
		}
		if v := all[1]; v.ChangedBy != "stff_asks" || !slices.Equal(v.ApprovedBy, []string{"stff_a", "stff_b"}) || v.Request == "" || v.AddedAt.IsZero() {
			t.Errorf("kept as %+v", v)
		}
		figures, err := k.Figures(t.Context(), "auth.pin.")
		if err != nil || !slices.ContainsFunc(figures, func(f rule.Figure) bool {
			return f.Key == tries && f.InForce && f.Now.Value == "5" && f.Planned && f.Next.Value == "3" && f.Versions == 2
		}) {
			t.Errorf("figures %+v, %v", figures, err)
		}
		if len(k.records) != 1 || k.records[0].Act != rule.ActChange || k.records[0].Subject != tries {
			t.Errorf("records %+v", k.records)
		}
	})
}

func TestAnotherNodeReadsTheChange(t *testing.T) {
	t.Parallel()
	onDesks(t, func(t *testing.T, k *desk) {
		other := rule.New(k.d)
		if _, err := other.Int(t.Context(), tries, day(t, "2026-12-01")); err != nil {
			t.Fatal(err)
		}
		if err := k.change(acttest.Granted{}, wish(t, "3", "2026-12-01", "")); err != nil {
			t.Fatal(err)
		}
		other.Refresh(t.Context())
		if got, err := other.Int(t.Context(), tries, day(t, "2026-12-01")); got != 3 || err != nil {
			t.Errorf("the other node reads %d, %v", got, err)
		}
		stop := other.Follow(t.Context())
		stop() // returns when nothing reads any more
	})
}

func TestAComparisonShowsWhatStands(t *testing.T) {
	t.Parallel()
	onDesks(t, func(t *testing.T, k *desk) {
		if err := k.change(acttest.Granted{}, wish(t, "4", "2027-06-01", "")); err != nil {
			t.Fatal(err)
		}
		c, err := k.compare(wish(t, "3", "2026-12-01", ""))
		if err != nil || !c.InUse || c.Now.Value != "5" || c.Row.Unit != rule.Count || c.Next != day(t, "2027-06-01") || c.Known != 2 {
			t.Errorf("compared %+v, %v", c, err)
		}
	})
}

func TestChangesOutOfOrderAreRefused(t *testing.T) {
	t.Parallel()
	onDesks(t, func(t *testing.T, k *desk) {
		if err := k.change(acttest.Granted{}, wish(t, "4", "2027-06-01", "")); err != nil {
			t.Fatal(err)
		}
		unknown, unsourced := wish(t, "3", "2026-12-01", ""), wish(t, "3", "2026-12-01", "")
		unknown.Key, unsourced.Source = "auth.pin.tries2_count", ""
		law := wish(t, "1000001", "2026-12-01", "")
		law.Key = "deposit.class_2.out_daily_minor"
		ratio := wish(t, "1.5", "2026-12-01", "")
		ratio.Key = "deposit.limit.reduced_ratio"
		for name, tc := range map[string]struct {
			c    rule.Change
			want error
		}{
			"today":                      {wish(t, "3", "2026-11-22", ""), rule.ErrTooSoon},
			"the past":                   {wish(t, "3", "2026-01-01", ""), rule.ErrTooSoon},
			"a key that nobody reads":    {unknown, rule.ErrNoKey},
			"no source":                  {unsourced, rule.ErrBadRow},
			"not in its unit":            {wish(t, "3.5", "2026-12-01", ""), rule.ErrBadRow},
			"more than good sense":       {wish(t, "11", "2026-12-01", ""), rule.ErrBounds},
			"none at all":                {wish(t, "0", "2026-12-01", ""), rule.ErrBounds},
			"more than the law allows":   {law, rule.ErrBounds},
			"more than the whole":        {ratio, rule.ErrBounds},
			"a day that is taken":        {wish(t, "3", "2027-06-01", ""), rule.ErrTaken},
			"what stands":                {wish(t, "5", "2026-12-01", ""), rule.ErrSame},
			"a span into the next row":   {wish(t, "3", "2026-12-01", "2027-07-01"), rule.ErrBadRow},
			"a span that ends too early": {wish(t, "3", "2026-12-01", "2026-11-30"), rule.ErrBadRow},
			"tomorrow":                   {wish(t, "3", "2026-11-23", ""), nil},
		} {
			if _, err := k.compare(tc.c); !errors.Is(err, tc.want) {
				t.Errorf("%s: %v, want %v", name, err, tc.want)
			}
			if tc.want == nil {
				continue
			}
			if err := k.change(acttest.Granted{}, tc.c); !errors.Is(err, tc.want) {
				t.Errorf("%s, approved: %v, want %v", name, err, tc.want)
			}
		}
	})
}

func TestAFigureIsThereBeforeItsDayBegins(t *testing.T) {
	t.Parallel()
	onDesks(t, func(t *testing.T, k *desk) {
		k.clock.Set(time.Date(2026, 11, 22, 15, 59, 30, 0, time.UTC)) // 30 seconds before midnight in Shanghai
		if _, err := k.compare(wish(t, "3", "2026-11-23", "")); !errors.Is(err, rule.ErrTooSoon) {
			t.Errorf("begins in 30 seconds: %v", err)
		}
		if _, err := k.compare(wish(t, "3", "2026-11-24", "")); err != nil {
			t.Errorf("begins in a day: %v", err)
		}
	})
}

// lastMonth notes what it was asked to foresee.
type lastMonth struct{ from, to clock.Date }

func (l *lastMonth) Simulate(_ context.Context, c rule.Comparison, from, to clock.Date) ([]rule.Effect, error) {
	l.from, l.to = from, to
	return []rule.Effect{{Name: c.Row.Value, Of: 9, Count: 2}}, nil
}

func TestAChangeIsForeseenByItsDomain(t *testing.T) {
	t.Parallel()
	onDesks(t, func(t *testing.T, k *desk) {
		near, far := &lastMonth{}, &lastMonth{}
		k.Simulate("auth.", far)
		k.Simulate("auth.pin.", near)
		effects, err := k.Foresee(t.Context(), wish(t, "3", "2026-12-01", ""))
		if err != nil || len(effects) != 1 || effects[0].Count != 2 || effects[0].Name != "3" {
			t.Errorf("foreseen %+v, %v", effects, err)
		}
		if near.from != day(t, "2026-10-22") || near.to != day(t, "2026-11-21") || !far.from.IsZero() {
			t.Errorf("asked about %s to %s, and %s", near.from, near.to, far.from)
		}
		other := wish(t, "100", "2026-12-01", "")
		other.Key = "customer.access_log.keep_months"
		if effects, err := k.Foresee(t.Context(), other); effects != nil || err != nil {
			t.Errorf("nobody foresees it: %+v, %v", effects, err)
		}
	})
}

func TestBoundsFitTheFiguresThatStand(t *testing.T) {
	t.Parallel()
	rows, err := rule.Figures()
	if err != nil {
		t.Fatal(err)
	}
	bounds, err := rule.Bounds()
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range bounds {
		if b.Source == "" || b.Grade == "" || b.Least == "" || b.Most == "" {
			t.Errorf("bound %q is not whole", b.Prefix)
		}
	}
	for _, r := range rows {
		if r.Unit == rule.Flag {
			continue // yes or no is bound enough
		}
		if _, found, err := r.Bound(); !found || err != nil {
			t.Errorf("%s in %s has no bound, %v", r.Key, r.Unit, err)
		}
	}
}
