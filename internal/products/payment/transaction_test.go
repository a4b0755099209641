package payment_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// pages reads a whole list page by page; between runs after each page.
func (b *paperBank) pages(p person, f payment.Filter, between func()) []payment.Transaction {
	b.Helper()
	var all []payment.Transaction
	for range 200 {
		page, err := b.Transactions(b.Context(), p.by(), f)
		b.must(err)
		all = append(all, page.Items...)
		if page.Next == "" {
			return all
		}
		f.Cursor = page.Next
		if between != nil {
			between()
		}
	}
	b.Fatal("the list does not end")
	return nil
}

func TestPagesGiveEachTransactionOnceInOrder(t *testing.T) {
	t.Parallel()
	onPaperBanks(t, func(t *testing.T, b *paperBank) {
		wang, li := b.person("王小明", 3), b.person("李文娜", 2)
		for i := range 25 {
			b.pay(wang.accounts[i%3], li.accounts[i%2], int64(100+i), fmt.Sprintf("memo %d", i))
		}
		b.pay(wang.accounts[0], wang.accounts[1], 5000, "save")
		want := 3 + 25 + 2 // opening funds, payments, both sides of the move between own accounts
		for _, limit := range []int{1, 3, 7, 100} {
			later := 0
			got := b.pages(wang, payment.Filter{Limit: limit}, func() {
				if later++; later <= 2 {
					b.pay(wang.accounts[2], li.accounts[0], 1, "booked between two pages")
				}
			})
			seen := map[string]bool{}
			for i, x := range got {
				if seen[x.ID] || x.Memo == "booked between two pages" && limit == 1 && i > 0 && got[0].Memo != x.Memo {
					t.Errorf("limit %d: %s comes twice or out of place", limit, x.ID)
				}
				seen[x.ID] = true
				if i > 0 && x.At.After(got[i-1].At) {
					t.Errorf("limit %d: %s is newer than the one before it", limit, x.ID)
				}
			}
			if len(got) < want {
				t.Errorf("limit %d: %d transactions, want at least %d", limit, len(got), want)
			}
			want = len(b.pages(wang, payment.Filter{Limit: 100}, nil))
		}
		one := b.pages(wang, payment.Filter{Account: wang.accounts[1], Limit: 4}, nil)
		for _, x := range one {
			if x.Account != wang.accounts[1] {
				t.Errorf("%s is of another account", x.ID)
			}
		}
		if len(one) != 1+8+1 {
			t.Errorf("one account has %d transactions, want 10", len(one))
		}
	})
}

func TestATransactionTellsWhatItsHolderMayKnow(t *testing.T) {
	t.Parallel()
	onPaperBanks(t, func(t *testing.T, b *paperBank) {
		wang, li := b.person("王小明", 2), b.person("李文娜", 1)
		transfer := b.payWithFee(wang.accounts[0], li.accounts[0], 1250, 50, "房租")
		b.reverse(transfer, wang)
		b.pay(wang.accounts[0], wang.accounts[1], 700, "save")

		list := b.pages(wang, payment.Filter{}, nil)
		var kinds []string
		for _, x := range list {
			kinds = append(kinds, string(x.Kind))
		}
		if !slices.Contains(kinds, "fee") || strings.Count(strings.Join(kinds, " "), "reversal") != 2 {
			t.Fatalf("kinds %v", kinds)
		}
		for _, x := range list {
			switch {
			case x.Kind == payment.TransferOut && x.Transfer == transfer:
				if x.Counterparty != "李*娜" || x.Memo != "房租" || !x.Reversed || x.Amount != yuan(1250) || x.After != yuan(998_750) ||
					x.Direction != payment.Out || x.Tail != b.people.holding(wang.accounts[0]).Tail || x.BusinessDate != b.date("2026-09-10") {
					t.Errorf("payment: %+v", x)
				}
			case x.Kind == payment.Fee:
				if x.Counterparty != "" || x.Memo != "" || x.Amount != yuan(50) || !x.Reversed {
					t.Errorf("fee: %+v", x)
				}
			case x.Kind == payment.Reversal:
				if x.Reversed || x.Direction != payment.In {
					t.Errorf("reversal: %+v", x)
				}
			case x.Kind == payment.OtherIn:
				if x.Transfer != "" || x.Counterparty != "" {
					t.Errorf("funds: %+v", x)
				}
			}
			if strings.Contains(fmt.Sprintf("%+v", x), "李文娜") {
				t.Errorf("a whole name stands in %+v", x)
			}
			one, err := b.Transaction(t.Context(), wang.by(), x.ID)
			if b.must(err); one != x {
				t.Errorf("alone it is %+v, in the list %+v", one, x)
			}
			if _, err := b.Transaction(t.Context(), li.by(), x.ID); !errors.Is(err, payment.ErrTransaction) {
				t.Errorf("another's transaction: %v", err)
			}
		}
		if saved := list[0]; saved.Kind != payment.TransferIn && saved.Kind != payment.TransferOut || saved.CounterpartyAccount == "" {
			t.Errorf("between own accounts: %+v", saved)
		}
		for _, bad := range []string{"", ".", "acct_x.1", string(wang.accounts[0]), string(wang.accounts[0]) + ".0", string(wang.accounts[0]) + ".999",
			string(wang.accounts[0]) + ".-1", string(wang.accounts[0]) + ".01", string(wang.accounts[0]) + ".9223372036854775807", "\xff.1"} {
			if _, err := b.Transaction(t.Context(), wang.by(), bad); !errors.Is(err, payment.ErrTransaction) {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}

func TestFiltersChoose(t *testing.T) {
	t.Parallel()
	onPaperBanks(t, func(t *testing.T, b *paperBank) {
		wang, li := b.person("王小明", 2), b.person("李文娜", 1)
		b.pay(wang.accounts[0], li.accounts[0], 1000, "Breakfast 早餐")
		b.to("2026-10-02")
		b.pay(wang.accounts[1], li.accounts[0], 2000, "房租")
		b.to("2026-11-22")
		b.pay(li.accounts[0], wang.accounts[0], 3000, "还款 breakfast")
		tail := b.people.holding(li.accounts[0]).Tail
		for name, tc := range map[string]struct {
			f    payment.Filter
			want int
		}{
			"everything":               {payment.Filter{}, 5},
			"what came in":             {payment.Filter{Direction: payment.In}, 3},
			"what went out":            {payment.Filter{Direction: payment.Out}, 2},
			"at least":                 {payment.Filter{Min: yuan(2000)}, 4},
			"at most":                  {payment.Filter{Max: yuan(2000)}, 2},
			"exactly":                  {payment.Filter{Min: yuan(2000), Max: yuan(2000)}, 1},
			"in another currency":      {payment.Filter{Min: money.New(1, money.USD)}, 0},
			"from a day":               {payment.Filter{From: b.date("2026-10-02")}, 2},
			"up to a day":              {payment.Filter{To: b.date("2026-10-02")}, 4},
			"one day":                  {payment.Filter{From: b.date("2026-10-02"), To: b.date("2026-10-02")}, 1},
			"a memo, in any case":      {payment.Filter{Query: " BREAKfast "}, 2},
			"Chinese in a memo":        {payment.Filter{Query: "租"}, 1},
			"the masked name":          {payment.Filter{Query: "李*"}, 3},
			"the whole name":           {payment.Filter{Query: "李文娜"}, 3},
			"the end of an account":    {payment.Filter{Query: tail}, 3},
			"a name that hides behind": {payment.Filter{Query: "文"}, 0},
			"nothing like it":          {payment.Filter{Query: "xyzzy"}, 0},
			"all together": {payment.Filter{Account: wang.accounts[0], Query: "breakfast", Direction: payment.In, Min: yuan(3000),
				From: b.date("2026-11-01"), To: b.date("2026-11-30")}, 1},
		} {
			if got := b.pages(wang, tc.f, nil); len(got) != tc.want {
				t.Errorf("%s: %d transactions, want %d", name, len(got), tc.want)
			}
		}
	})
}

func TestALongSearchGoesOnInTheNextRequest(t *testing.T) {
	t.Parallel()
	b := newPaperBank(t, "sqlite:"+t.TempDir()+"/bank.db")
	wang, li := b.person("王小明", 1), b.person("李文娜", 1)
	b.pay(wang.accounts[0], li.accounts[0], 100, "needle")
	for range 1200 {
		b.pay(wang.accounts[0], li.accounts[0], 1, "hay")
	}
	f := payment.Filter{Query: "needle", Limit: 5}
	page, err := b.Transactions(t.Context(), wang.by(), f)
	if b.must(err); len(page.Items) != 0 || page.Next == "" {
		t.Errorf("the first request read everything: %d found, next %q", len(page.Items), page.Next)
	}
	f.Cursor = page.Next
	page, err = b.Transactions(t.Context(), wang.by(), f)
	if b.must(err); len(page.Items) != 1 || page.Next != "" {
		t.Errorf("the second request: %d found, next %q", len(page.Items), page.Next)
	}
}

func TestBadFiltersAndForeignCursorsAreRefused(t *testing.T) {
	t.Parallel()
	onPaperBanks(t, func(t *testing.T, b *paperBank) {
		wang, li := b.person("王小明", 1), b.person("李文娜", 1)
		b.pay(wang.accounts[0], li.accounts[0], 1000, "")
		first, err := b.Transactions(t.Context(), wang.by(), payment.Filter{Limit: 1})
		b.must(err)
		for name, tc := range map[string]struct {
			f    payment.Filter
			want error
		}{
			"another's account":      {payment.Filter{Account: wang.accounts[0]}, deposit.ErrNotFound},
			"no account of the bank": {payment.Filter{Account: id.New[id.Account](b.clock.Now())}, deposit.ErrNotFound},
			"another's cursor":       {payment.Filter{Cursor: first.Next}, payment.ErrCursor},
			"no cursor":              {payment.Filter{Cursor: "AAAA"}, payment.ErrCursor},
			"dates the wrong way":    {payment.Filter{From: b.date("2026-09-10"), To: b.date("2026-09-09")}, payment.ErrFilter},
			"amounts the wrong way":  {payment.Filter{Min: yuan(2), Max: yuan(1)}, payment.ErrFilter},
			"a negative amount":      {payment.Filter{Min: yuan(-1)}, payment.ErrFilter},
			"no direction":           {payment.Filter{Direction: "up"}, payment.ErrFilter},
			"a long search":          {payment.Filter{Query: strings.Repeat("长", 51)}, payment.ErrFilter},
			"broken text":            {payment.Filter{Query: "a\xff"}, payment.ErrFilter},
		} {
			if _, err := b.Transactions(t.Context(), li.by(), tc.f); !errors.Is(err, tc.want) || fault.KindOf(err) == fault.Internal {
				t.Errorf("%s: %v, want %v", name, err, tc.want)
			}
		}
	})
}

func TestMonthsSumWhatCameAndWent(t *testing.T) {
	t.Parallel()
	onPaperBanks(t, func(t *testing.T, b *paperBank) {
		wang, li := b.person("王小明", 2), b.person("李文娜", 1)
		b.pay(wang.accounts[0], li.accounts[0], 1000, "")
		b.to("2026-10-31")
		b.pay(wang.accounts[0], li.accounts[0], 2000, "")
		b.pay(wang.accounts[1], li.accounts[0], 500, "")
		b.pay(wang.accounts[0], wang.accounts[1], 7700, "save")
		b.to("2026-11-01")
		b.pay(li.accounts[0], wang.accounts[1], 3000, "")

		all, err := b.Months(t.Context(), wang.by(), payment.Filter{})
		b.must(err)
		want := []payment.Month{
			{Month: "2026-11", Currency: money.CNY, In: payment.Sum{Amount: yuan(3000), Count: 1}, Out: payment.Sum{Amount: yuan(0)}},
			{Month: "2026-10", Currency: money.CNY, In: payment.Sum{Amount: yuan(0)}, Out: payment.Sum{Amount: yuan(2500), Count: 2}},
			{Month: "2026-09", Currency: money.CNY, In: payment.Sum{Amount: yuan(2_000_000), Count: 2}, Out: payment.Sum{Amount: yuan(1000), Count: 1}},
		}
		if !slices.Equal(all, want) {
			t.Errorf("all accounts: %+v\nwant %+v", all, want)
		}
		one, err := b.Months(t.Context(), wang.by(), payment.Filter{Account: wang.accounts[0], From: b.date("2026-10-01")})
		if b.must(err); len(one) != 1 || one[0].Out != (payment.Sum{Amount: yuan(9700), Count: 2}) {
			t.Errorf("one account: %+v", one)
		}
		if _, err := b.Months(t.Context(), wang.by(), payment.Filter{From: b.date("2025-10-31"), To: b.date("2026-10-31")}); !errors.Is(err, payment.ErrPeriod) {
			t.Errorf("more than a year: %v", err)
		}
		if _, err := b.Months(t.Context(), li.by(), payment.Filter{Account: wang.accounts[0]}); !errors.Is(err, deposit.ErrNotFound) {
			t.Errorf("another's account: %v", err)
		}
	})
}
