package deposit_test

import (
	"testing"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

func date(t testing.TB, s string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestLimitsAreThoseOfClassChannelAndDay(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		for name, tc := range map[string]struct {
			class   int
			channel act.Channel
			on      string
			minor   int64
			change  func(*deposit.Outgoing)
			most    map[deposit.LimitKind]int64
			err     *fault.Error
		}{
			"class I counts by channel alone": {class: 1, channel: act.Mobile, on: "2026-09-10", minor: 1,
				most: map[deposit.LimitKind]int64{"mobile_day": 200_000_00, "mobile_year": 5_000_000_00}},
			"class II counts across channels too": {class: 2, channel: act.Branch, on: "2026-09-10", minor: 1,
				most: map[deposit.LimitKind]int64{"branch_day": 5_000_000_00, "branch_year": 50_000_000_00, deposit.ClassOutDay: 10_000_00, deposit.ClassOutYear: 200_000_00}},
			"class III had other limits before 2018": {class: 3, channel: act.Mobile, on: "2020-01-01", minor: 1,
				most: map[deposit.LimitKind]int64{"mobile_day": 200_000_00, "mobile_year": 5_000_000_00, deposit.ClassOutDay: 2_000_00, deposit.ClassOutYear: 50_000_00}},
			"a single payment is limited by itself": {class: 1, channel: act.Mobile, on: "2026-09-10", minor: 50_000_01, err: deposit.ErrSingle},
			"own limits are those of the app": {class: 1, channel: act.Mobile, on: "2026-09-10", minor: 1,
				change: func(o *deposit.Outgoing) { o.Own = deposit.OwnLimits{Set: true, Single: 5, Daily: 7} },
				most:   map[deposit.LimitKind]int64{"mobile_day": 7, "mobile_year": 5_000_000_00}},
			"a changed factor leaves a tenth": {class: 1, channel: act.Mobile, on: "2026-09-10", minor: 1,
				change: func(o *deposit.Outgoing) { o.Reduced = true }, most: map[deposit.LimitKind]int64{"mobile_day": 20_000_00, "mobile_year": 5_000_000_00}},
			"a tenth of a single payment too": {class: 1, channel: act.Mobile, on: "2026-09-10", minor: 5_000_01,
				change: func(o *deposit.Outgoing) { o.Reduced = true }, err: deposit.ErrSingle},
			"without a PIN a day is small": {class: 1, channel: act.Mobile, on: "2026-09-10", minor: 1,
				change: func(o *deposit.Outgoing) { o.Small = true },
				most:   map[deposit.LimitKind]int64{"mobile_day": 200_000_00, "mobile_year": 5_000_000_00, deposit.SmallDay: 500_00}},
		} {
			o := deposit.Outgoing{Account: deposit.Account{ID: "acct_1", Customer: "cust_1", Class: tc.class}, Amount: money.New(tc.minor, money.CNY), Channel: tc.channel}
			if tc.change != nil {
				tc.change(&o)
			}
			uses, err := b.OutUses(t.Context(), o, date(t, tc.on))
			if tc.err != nil {
				refused(t, err, tc.err)
				continue
			}
			if err != nil || len(uses) != len(tc.most) {
				t.Errorf("%s: %+v, %v", name, uses, err)
			}
			for _, u := range uses {
				if u.Most != tc.most[u.Kind] || u.Err == nil || u.Amount != tc.minor {
					t.Errorf("%s: %s is %d of %d", name, u.Kind, u.Amount, u.Most)
				}
			}
		}
		_, err := b.OutUses(t.Context(), deposit.Outgoing{Channel: "pigeon", Amount: money.New(1, money.CNY)}, date(t, "2026-09-10"))
		if fault.KindOf(err) != fault.Internal {
			t.Errorf("a channel without limits: %v", err)
		}
	})
}

func TestCountersConsumeAllOrNothingAndGiveBack(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		day := deposit.Use{Subject: "a", Kind: "day", Period: "2026-09-10", Amount: 60, Most: 100, Err: deposit.ErrClassDay}
		year := deposit.Use{Subject: "a", Kind: "x_year", Period: "2026", Amount: 60, Most: 150, Times: 2, Err: deposit.ErrClassYear}
		other := deposit.Use{Subject: "b", Kind: "day", Period: "2026-09-10", Amount: 60, Most: 100, Err: deposit.ErrClassDay}
		used := func(u deposit.Use, wantAmount, wantTimes int64) {
			t.Helper()
			b.must(b.d.Read(t.Context(), func(tx *db.Tx) error {
				c, err := deposit.PeekCounters(t.Context(), tx, []deposit.Use{u})
				if err != nil {
					return err
				}
				if amount, times := c.Used(u); amount != wantAmount || times != wantTimes {
					t.Errorf("%s of %s: %d used %d times, want %d and %d", u.Kind, u.Subject, amount, times, wantAmount, wantTimes)
				}
				return nil
			}))
		}
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			c, err := deposit.LockCounters(t.Context(), tx, []deposit.Use{day, year, other})
			if err != nil {
				return err
			}
			b.must(c.Try([]deposit.Use{day, year}))
			refused(t, c.Try([]deposit.Use{other, day}), deposit.ErrClassDay) // and other is not consumed
			if c.Returned([]deposit.Use{day}) || c.Left(day) != 40 {
				t.Errorf("%d left", c.Left(day))
			}
			b.must(c.Try([]deposit.Use{other}))
			c.Undo([]deposit.Use{other})
			if !c.Returned([]deposit.Use{day, other}) || c.Returned([]deposit.Use{day}) {
				t.Error("what came back is not told")
			}
			return c.Save(tx)
		}))
		used(day, 60, 1)
		used(year, 60, 1)
		used(other, 0, 0)
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error { return deposit.GiveBack(t.Context(), tx, []deposit.Use{day, other}) }))
		used(day, 0, 0)
		used(other, 0, 0) // never below nothing
		used(year, 60, 1)

		// Of each kind the two latest periods are kept, in whatever order they come.
		for _, period := range []string{"2026-09-12", "2026-09-11", "2026-09-13"} {
			next := day
			next.Period = period
			b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
				c, err := deposit.LockCounters(t.Context(), tx, []deposit.Use{next})
				if err != nil {
					return err
				}
				b.must(c.Try([]deposit.Use{next}))
				return c.Save(tx)
			}))
		}
		for period, want := range map[string]int64{"2026-09-10": 0, "2026-09-11": 0, "2026-09-12": 60, "2026-09-13": 60} {
			next := day
			next.Period = period
			used(next, want, want/60)
		}
		used(year, 60, 1)
	})
}

func TestOwnLimitsAreLoweredFreelyAndRaisedWithAProof(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by := b.person(customer.LevelFace)
		set := func(single, daily, small int64, proof deposit.Proof) error {
			return b.SetOwnLimits(t.Context(), by, deposit.OwnLimits{Single: single, Daily: daily, Small: small}, proof)
		}
		b.must(set(1000_00, 2000_00, 0, ""))
		refused(t, set(1000_01, 2000_00, 0, ""), auth.ErrStepUp)
		refused(t, set(1000_00, 2000_00, 1, "bad"), auth.ErrStepUp)
		b.must(set(500_000_00, 1_000_000_00, 1000_00, "good"))
		for name, w := range map[string][3]int64{
			"negative": {-1, 0, 0}, "above the most": {500_000_01, 1_000_000_00, 0}, "a day above the most": {1, 1_000_000_01, 0},
			"small above the most": {1, 1, 1000_01}, "one payment above the day": {3, 2, 0},
		} {
			if err := set(w[0], w[1], w[2], "good"); fault.CodeOf(err) != deposit.ErrOwnLimit.Code() {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestAllLimitsOfAnAccountAreShown(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by := b.person(customer.LevelFace)
		a := b.opened(by, 3)
		b.must(b.pay(a.ID, 300_00))
		b.must(b.SetOwnLimits(t.Context(), by, deposit.OwnLimits{Single: 100_00, Daily: 200_00, Small: 50_00}, "good"))
		want := map[deposit.LimitKind][3]int64{ // most, used, left
			"mobile_day": {200_00, 80_00, 120_00}, "mobile_year": {5_000_000_00, 80_00, 4_999_920_00}, deposit.SmallDay: {500_00, 80_00, 420_00},
			deposit.ClassOutDay: {2000_00, 80_00, 1920_00}, deposit.ClassOutYear: {50_000_00, 80_00, 49_920_00},
			deposit.ClassInDay: {5000_00, 0, 5000_00}, deposit.ClassInYear: {100_000_00, 0, 100_000_00}, deposit.BalanceCap: {2000_00, 300_00, 1700_00},
		}
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			o := deposit.Outgoing{Account: a, Amount: money.New(80_00, money.CNY), Channel: act.Mobile, Small: true, Own: deposit.OwnLimits{Set: true, Single: 100_00, Daily: 200_00}}
			uses, err := b.OutUses(t.Context(), o, date(t, "2026-09-10"))
			if err != nil {
				return err
			}
			c, err := deposit.LockCounters(t.Context(), tx, uses)
			if err != nil {
				return err
			}
			b.must(c.Try(uses))
			return c.Save(tx)
		}))
		b.must(b.d.Read(t.Context(), func(tx *db.Tx) error {
			states, err := b.LimitStates(t.Context(), tx, a, false)
			if err != nil {
				return err
			}
			receiving, err := b.ReceivingStates(t.Context(), tx, a)
			states = append(states, receiving...)
			if len(states) != len(want) {
				t.Errorf("%d limits", len(states))
			}
			for _, s := range states {
				if got := [3]int64{s.Most.Minor(), s.Used.Minor(), s.Left.Minor()}; got != want[s.Kind] || s.ResetsAt.IsZero() != (s.Kind == deposit.BalanceCap) {
					t.Errorf("%s: %v, resets %s", s.Kind, got, s.ResetsAt)
				}
			}
			return err
		}))
	})
}
