package cash_test

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/products/cash"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/act/acttest"
	"github.com/tongbao/tongbao/internal/values/id"
)

const branch = "0213"

func TestCashMovesBetweenCustomerTillAndBooks(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		teller, till := b.counter(cash.Pieces{"CNY_note_50": 10})
		a := b.account(1)
		in, err := b.PayIn(t.Context(), teller, b.order(till, a, cash.Pieces{"CNY_note_100": 3, "CNY_coin_0.5": 2}))
		b.must(err)
		if in.Amount.String() != "301.00" || in.Large || in.Journal == "" || in.Customer != a.Customer || b.booked(a) != 301_00 {
			t.Errorf("paid in %+v, the account has %d", in, b.booked(a))
		}
		wrong := b.order(till, a, cash.Pieces{"CNY_note_100": 1, "CNY_note_50": 2})
		wrong.PIN = "000000"
		_, err = b.PayOut(t.Context(), teller, wrong)
		b.want(err, auth.ErrPINWrong)
		wrong.PIN = pin // the key is still free
		out, err := b.PayOut(t.Context(), teller, wrong)
		b.must(err)
		if out.Pieces["CNY_note_50"] != -2 || b.booked(a) != 101_00 {
			t.Errorf("paid out %+v, the account has %d", out, b.booked(a))
		}
		b.ties(branch)
		all, err := b.Movements(t.Context(), branch, till, "", 0)
		if err != nil || len(all) != 3 || all[0].ID != out.ID || !maps.Equal(all[1].Pieces, in.Pieces) {
			t.Errorf("movements %+v, %v", all, err)
		}
		_, err = b.Movements(t.Context(), "0001", till, "", 0)
		b.want(err, cash.ErrNoTill)
		mine, err := b.Mine(t.Context(), teller)
		if err != nil || mine.ID != till {
			t.Errorf("his till %+v, %v", mine, err)
		}
		b.must(b.d.Read(t.Context(), func(tx *db.Tx) error {
			name, data, err := b.Export(t.Context(), tx, a.Customer)
			if name != "cash" || data == nil {
				t.Errorf("export %s %v", name, data)
			}
			return err
		}))
	})
}

func TestTheSameKeyPaysOnce(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		teller, till := b.counter(change())
		a := b.account(1)
		o := b.order(till, a, cash.Pieces{"CNY_note_100": 3})
		first, err := b.PayIn(t.Context(), teller, o)
		b.must(err)
		second, err := b.PayIn(t.Context(), teller, o)
		if err != nil || second.ID != first.ID || b.booked(a) != 300_00 {
			t.Errorf("again %+v, %v; the account has %d", second, err, b.booked(a))
		}
		o.Pieces = cash.Pieces{"CNY_note_100": 4}
		_, err = b.PayIn(t.Context(), teller, o)
		b.want(err, once.ErrReused)
		o.Key = ""
		_, err = b.PayIn(t.Context(), teller, o)
		b.want(err, once.ErrKey)
	})
}

// change is a little change to begin with.
func change() cash.Pieces { return cash.Pieces{"CNY_coin_1": 2} }

func TestTheCounterRefuses(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		teller, till := b.counter(cash.Pieces{"CNY_note_100": 100})
		other := b.teller(branch)
		theirs := b.till(other, "two")
		a := b.account(1)
		_, err := b.PayIn(t.Context(), teller, b.order(till, a, cash.Pieces{"CNY_note_100": 1}))
		b.must(err)
		hundred := cash.Pieces{"CNY_note_100": 1}
		frozen := b.account(1)
		b.blocked[frozen.Customer] = customer.ErrFrozen
		for name, tc := range map[string]struct {
			by   act.By
			o    cash.Order
			want error
		}{
			"by a customer":           {act.Person("cust_1", act.Mobile), b.order(till, a, hundred), cash.ErrStaff},
			"from another's till":     {teller, b.order(theirs, a, hundred), cash.ErrState},
			"from another branch":     {b.teller("0001"), b.order(till, a, hundred), cash.ErrNoTill},
			"from no till":            {teller, b.order("till_none", a, hundred), cash.ErrNoTill},
			"to no account":           {teller, b.order(till, deposit.Account{ID: "acct_none"}, hundred), cash.ErrAccount},
			"nothing":                 {teller, b.order(till, a, nil), cash.ErrPieces},
			"an unknown note":         {teller, b.order(till, a, cash.Pieces{"CNY_note_99": 1}), cash.ErrPieces},
			"less than no notes":      {teller, b.order(till, a, cash.Pieces{"CNY_note_100": -1}), cash.ErrPieces},
			"notes that are not here": {teller, b.order(till, a, cash.Pieces{"CNY_note_20": 1}), cash.ErrStock},
			"more than he has":        {teller, b.order(till, a, cash.Pieces{"CNY_note_100": 2}), ledger.ErrInsufficientFunds},
			"who is frozen":           {teller, b.order(till, frozen, hundred), customer.ErrFrozen},
		} {
			if _, err := b.PayOut(t.Context(), tc.by, tc.o); !errors.Is(err, tc.want) {
				t.Errorf("%s: %v, want %v", name, err, tc.want)
			}
		}
		if b.booked(a) != 100_00 {
			t.Errorf("the account has %d", b.booked(a))
		}
		b.ties(branch)
	})
}

func TestClassesLimitCash(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		teller, till := b.counter(cash.Pieces{"CNY_note_100": 400})
		second, third := b.account(2), b.account(3)
		notes := func(n int64) cash.Pieces { return cash.Pieces{"CNY_note_100": n} }
		_, err := b.PayIn(t.Context(), teller, b.order(till, third, notes(21)))
		b.want(err, deposit.ErrBalance) // may hold 2,000
		_, err = b.PayIn(t.Context(), teller, b.order(till, third, notes(20)))
		b.must(err)
		_, err = b.PayIn(t.Context(), teller, b.order(till, second, notes(101)))
		b.want(err, deposit.ErrIncomingDay) // may take 10,000 a day
		_, err = b.PayIn(t.Context(), teller, b.order(till, second, notes(100)))
		b.must(err)
		_, err = b.PayOut(t.Context(), teller, b.order(till, second, notes(101)))
		b.want(err, deposit.ErrClassDay)
		b.ties(branch)
	})
}

func TestLargeCashIsIdentifiedAndApproved(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		teller, till := b.counter(change())
		a := b.account(1)
		notes := func(n int64) cash.Pieces { return cash.Pieces{"CNY_note_100": n} }
		m, err := b.PayIn(t.Context(), teller, b.order(till, a, notes(499)))
		if b.must(err); m.Large {
			t.Error("49,900 is large")
		}
		more := b.order(till, a, notes(1)) // the day's cash reaches 50,000, inclusive
		_, err = b.PayIn(t.Context(), teller, more)
		b.want(err, cash.ErrIdentify)
		more = b.order(till, a, notes(1))
		more.Identified = true
		m, err = b.PayIn(t.Context(), teller, more)
		if b.must(err); !m.Large {
			t.Error("50,000 of a day is not large")
		}
		out := b.order(till, a, notes(500))
		out.Identified = true
		_, err = b.PayOut(t.Context(), teller, out)
		b.want(err, cash.ErrApproval)
		err = b.d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := b.PayOutApproved(t.Context(), tx, teller, nil, out)
			return err
		})
		b.want(err, act.ErrNotApproved)
		out.Key = ""
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			_, who, amount, err := b.Payable(t.Context(), tx, out)
			if who != a.Customer || amount.String() != "50000.00" {
				t.Errorf("shown for %s: %s", who, amount)
			}
			if err == nil {
				m, err = b.PayOutApproved(t.Context(), tx, teller, acttest.Granted{}, out)
			}
			return err
		}))
		if !m.Large || b.booked(a) != 0 {
			t.Errorf("%+v; the account has %d", m, b.booked(a))
		}
		b.ties(branch)
	})
}

func TestCountingBooksTheDifference(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		teller, till := b.counter(cash.Pieces{"CNY_note_100": 10})
		for _, step := range []struct {
			name  string
			count cash.Pieces
			kind  cash.Kind
			minor int64
		}{
			{"as it should be", cash.Pieces{"CNY_note_100": 10}, "", 0},
			{"one too many", cash.Pieces{"CNY_note_100": 11}, cash.Over, 100_00},
			{"two too few", cash.Pieces{"CNY_note_100": 9}, cash.Short, 200_00},
			{"other pieces", cash.Pieces{"CNY_note_100": 8, "CNY_note_50": 2}, cash.Swapped, 0},
		} {
			c, err := b.Count(t.Context(), teller, till, step.count)
			if err != nil || c.Movement.Kind != step.kind || c.Movement.Amount.Minor() != step.minor {
				t.Errorf("%s: %+v, %v", step.name, c, err)
			}
			b.ties(branch)
		}
		c, err := b.CloseTill(t.Context(), teller, till, cash.Pieces{"CNY_note_100": 8})
		if err != nil || c.Movement.Kind != cash.Short || c.Till.State != cash.Closed || c.Expected.String() != "900.00" {
			t.Errorf("closed %+v, %v", c, err)
		}
		_, err = b.Count(t.Context(), teller, till, nil)
		b.want(err, cash.ErrState)
		_, err = b.Mine(t.Context(), teller)
		b.want(err, cash.ErrNoTill)
		c, err = b.OpenTill(t.Context(), b.teller(branch), till, cash.Pieces{"CNY_note_100": 8})
		if err != nil || c.Movement.Kind != "" || c.Till.OpenedAt.IsZero() {
			t.Errorf("the next teller %+v, %v", c, err)
		}
		b.ties(branch)
	})
}

func TestATellerHasOneTillAndABranchOneVault(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		teller, till := b.counter(change())
		_, err := b.Create(t.Context(), teller, cash.NewTill{Branch: branch, Place: cash.InVault, Name: "second"})
		b.want(err, cash.ErrTaken)
		free, err := b.Create(t.Context(), teller, cash.NewTill{Branch: branch, Place: cash.InTill, Name: "two"})
		b.must(err)
		_, err = b.OpenTill(t.Context(), teller, free.ID, nil)
		b.want(err, cash.ErrTaken)
		_, err = b.OpenTill(t.Context(), b.teller(branch), till, nil)
		b.want(err, cash.ErrState)

		tellers := make([]act.By, 4)
		for i := range tellers {
			tellers[i] = b.teller(branch)
		}
		errs := make([]error, len(tellers))
		var all sync.WaitGroup
		for i, by := range tellers {
			all.Go(func() { _, errs[i] = b.OpenTill(t.Context(), by, free.ID, nil) })
		}
		all.Wait()
		if n := len(slices.DeleteFunc(errs, func(err error) bool { return errors.Is(err, cash.ErrState) })); n != 1 || errs[0] != nil {
			t.Errorf("%d tellers have the till: %v", n, errs)
		}
	})
}

func TestHandOversStayInTheBranch(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		teller, till := b.counter(cash.Pieces{"CNY_note_100": 5})
		far := b.teller("0001")
		abroad := b.till(far, "one")
		note := cash.Pieces{"CNY_note_100": 1}
		_, err := b.Hand(t.Context(), teller, till, abroad, note)
		b.want(err, cash.ErrBranch)
		_, err = b.Hand(t.Context(), teller, till, till, note)
		b.want(err, cash.ErrNoTill)
		other := b.teller(branch)
		theirs := b.till(other, "two")
		_, err = b.Hand(t.Context(), b.teller(branch), till, theirs, note) // neither is his
		b.want(err, cash.ErrState)
		_, err = b.Hand(t.Context(), teller, till, theirs, cash.Pieces{"CNY_note_100": 6})
		b.want(err, cash.ErrStock)
		m, err := b.Hand(t.Context(), other, till, theirs, note)
		if err != nil || m.Journal != "" {
			t.Errorf("handed over %+v, %v", m, err)
		}
		b.ties(branch)
	})
}

func TestDeliveriesNeedLeave(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		teller, till := b.counter(change())
		holdings, err := b.Tills(t.Context(), branch)
		b.must(err)
		vault := holdings[0]
		if vault.Place != cash.InVault {
			t.Fatalf("first is %+v", vault)
		}
		d := cash.Delivery{Vault: vault.ID, Pieces: cash.Pieces{"CNY_note_100": 5}, Reference: "PBC 2"}
		err = b.d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := b.Deliver(t.Context(), tx, teller, nil, d)
			return err
		})
		b.want(err, act.ErrNotApproved)
		b.must(b.deliver(teller, d))
		d.Back, d.Pieces = true, cash.Pieces{"CNY_note_100": 6}
		b.want(b.deliver(teller, d), cash.ErrStock)
		d.Pieces = cash.Pieces{"CNY_note_100": 5}
		b.must(b.deliver(teller, d))
		d.Vault = till
		b.want(b.deliver(teller, d), cash.ErrNoTill)
		d.Vault = id.Till("till_none")
		b.want(b.deliver(teller, d), cash.ErrNoTill)
		b.ties(branch)
	})
}

func TestTextsAreWhole(t *testing.T) {
	t.Parallel()
	if problems := i18n.NewCatalog(cash.Texts()).Missing(); len(problems) > 0 {
		t.Error(problems)
	}
}
