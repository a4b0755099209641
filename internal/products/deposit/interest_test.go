package deposit_test

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// The bank of these tests opens on 2026-09-10; demand earns 0.05 %, a year's term 0.95 %.

func TestDemandDepositsSettleOnTheTwentiethAtTheRateOfThatDay(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, a := b.saver(1_000_000_00)
		b.until("2026-09-15")
		b.post("current_1", "2026-09-18", "0.001") // holds for the whole period, since it is the rate of its last day
		b.until("2026-09-21")
		// 10 to 20 September: 11 days of 1,000,000.00 at 0.1 %, a year of 360.
		if got := b.booked(a.ID); got != cny(100_000_000+3056) {
			t.Errorf("booked %s, want 3,055.56 fen rounded up", got)
		}
		paid := b.paid(by, a.ID)
		if len(paid) != 1 || paid[0].Days != 11 || paid[0].Base != 360 || paid[0].Rate != rateOf(t, "0.001") || paid[0].Interest != cny(3056) ||
			paid[0].ProductSum != cny(11*100_000_000) || paid[0].From != date(t, "2026-09-10") || paid[0].To != date(t, "2026-09-21") || paid[0].Kind != deposit.PartDemand {
			t.Errorf("it explains itself as %+v", paid)
		}
		b.until("2026-12-21")
		// 91 days of what is there since, interest included: 21 September to 20 December.
		if got := b.booked(a.ID); got != cny(100_003_056+25_279) {
			t.Errorf("booked %s after the next quarter", got)
		}
		b.verify()
	})
}

func (b *bank) post(product, from, rate string) {
	b.Helper()
	b.must(b.d.Write(b.Context(), func(tx *db.Tx) error {
		return b.prices.Post(b.Context(), tx, []catalog.Posted{{Product: product, From: date(b, from), Least: cny(0), Rate: rateOf(b, rate), Source: "test"}})
	}))
}

// valuedBack moves money with an earlier value date.
func (b *bank) valuedBack(account id.Account, minor int64, from string) {
	b.Helper()
	in, out := ledger.Credit, ledger.Debit
	if minor < 0 {
		in, out, minor = out, in, -minor
	}
	b.must(b.d.Write(b.Context(), func(tx *db.Tx) error {
		outcomes, err := b.books.Post(b.Context(), tx, []ledger.Journal{{Act: "test.back", By: act.Job("test"), ValueDate: date(b, from), Lines: []ledger.Line{
			{Account: string(account), Side: in, Amount: cny(minor)},
			{Account: ledger.Own(ledger.Cash, money.CNY, act.HeadOffice), Side: out, Amount: cny(minor)},
		}}})
		return errors.Join(err, outcomes[0].Err)
	}))
}

func TestEntriesThatAreValuedBackRecomputeAlsoSettledPeriods(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, a := b.saver(10_000_000_00)
		b.until("2026-09-15")
		b.valuedBack(a.ID, 10_000_000_00, "2026-09-12") // three days more in this period
		b.until("2026-09-25")
		// 5 days of 10 m and 6 of 20 m, and 12 to 14 September another 10 m: 5+12+3 = 20 days of 10 m at 0.05 %.
		if got := b.booked(a.ID); got != cny(2_000_000_000+27778) {
			t.Errorf("booked %s after settling", got)
		}
		b.valuedBack(a.ID, -3_000_000_00, "2026-09-19") // two days of a settled period, and four of this one
		b.until("2026-12-21")
		paid := b.paid(by, a.ID)
		var fixed, last deposit.Paid
		for _, p := range paid {
			switch {
			case p.Kind == deposit.PartCorrection:
				fixed = p
			case p.From == date(t, "2026-09-21"):
				last = p
			}
		}
		// 20 days of 10 m less 2 days of 3 m at 0.05 %: 269.44 instead of 277.78.
		if fixed.ProductSum != cny(-2*300_000_000) || fixed.Interest != cny(26944-27778) || fixed.Journal != "" {
			t.Errorf("correction %+v", fixed)
		}
		if last.ProductSum != cny(91*(2_000_027_778-300_000_000)) {
			t.Errorf("the next period counts %s", last.ProductSum)
		}
		if got, want := b.booked(a.ID), 1_700_027_778+last.Interest.Minor()+fixed.Interest.Minor(); got != cny(want) {
			t.Errorf("booked %s, want %d", got, want)
		}
		b.verify()
	})
}

func TestATermDepositEarnsItsRateAndTheDemandRateWhatIsTakenEarly(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, a := b.saver(50_000_00)
		account, q := b.does(by, deposit.Draft{Kind: deposit.DraftOpen, Product: "term_1y", Linked: a.ID, Amount: cny(4_000_000), Rollover: catalog.PayOut})
		if q.Outcome.AtMaturity != cny(38_000) || q.Outcome.MaturesOn != date(t, "2027-09-10") || b.booked(a.ID) != cny(1_000_000) || b.booked(account) != cny(4_000_000) {
			t.Errorf("opened: %+v, left %s", q.Outcome, b.booked(a.ID))
		}
		b.post("term_1y", "2026-09-20", "0.02") // does not touch a term that has begun
		b.until("2026-10-10")
		b.agrees()
		_, q = b.does(by, deposit.Draft{Kind: deposit.DraftWithdraw, Deposit: account, Amount: cny(1_000_000)})
		// 30 days of 10,000.00 at 0.05 %: 0.42 instead of 95.00.
		if q.Outcome.Interest != cny(42) || q.Outcome.AtMaturity != cny(9_500) || q.Outcome.Lost != cny(9_458) || q.Outcome.Closes {
			t.Errorf("early: %+v", q.Outcome)
		}
		b.agrees()
		_, err := b.Check(t.Context(), by, deposit.Draft{Kind: deposit.DraftWithdraw, Deposit: account, Amount: cny(1_000_000)})
		refused(t, err, deposit.ErrPartial)
		b.until("2027-09-09")
		if h := b.contract(by, account); h.Accrued != cny(28_500) { // 11 months and 30 days: by 对年对月对日 a 31st earns nothing of its own
			t.Errorf("a day before the end %s", h.Accrued)
		}
		before := b.booked(a.ID)
		b.until("2027-09-10")
		if got := b.booked(a.ID); got != cny(before.Minor()+3_000_000+28_500) {
			t.Errorf("paid out: %s, was %s", got, before)
		}
		if h := b.contract(by, account); h.State != deposit.Closed || !h.Balance.Closed || h.Accrued.Minor() != 0 {
			t.Errorf("after the end: %+v", h.Contract)
		}
		b.verify()
	})
}

func TestATermRollsOverOrStaysAndThenEarnsTheDemandRate(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, a := b.saver(100_000_00)
		open := func(r catalog.Rollover) id.Account {
			account, _ := b.does(by, deposit.Draft{Kind: deposit.DraftOpen, Product: "term_3m", Linked: a.ID, Amount: cny(1_000_000), Rollover: r})
			b.clock.Advance(time.Millisecond)
			return account
		}
		stays, principal, all := open(catalog.StayPut), open(catalog.RollPrincipal), open(catalog.RollAll)
		b.post("term_3m", "2026-12-01", "0.01")
		b.until("2026-12-10")
		// 10,000.00 for three months at 0.65 %: 16.25.
		if h := b.contract(by, principal); h.Principal != cny(1_000_000) || h.Rate != rateOf(t, "0.01") || h.MaturesOn != date(t, "2027-03-10") || h.Accrued.Minor() != 0 {
			t.Errorf("principal rolled over: %+v", h.Position)
		}
		if h := b.contract(by, all); h.Principal != cny(1_001_625) || h.Balance.Booked != cny(1_001_625) || h.AtMaturity != cny(2_504) {
			t.Errorf("all rolled over: %+v", h.Position)
		}
		if p := b.paid(by, all); len(p) != 1 || p[0].Interest != cny(1_625) || p[0].PaidTo != all || p[0].Kind != deposit.PartTerm {
			t.Errorf("paid %+v", p)
		}
		b.until("2027-01-09") // 30 days too long
		b.agrees()
		_, q := b.does(by, deposit.Draft{Kind: deposit.DraftWithdraw, Deposit: stays, Amount: cny(1_000_000)})
		if len(q.Outcome.Parts) != 2 || q.Outcome.Parts[1].Kind != deposit.PartOverdue || q.Outcome.Parts[1].Days != 30 || q.Outcome.Interest != cny(1_625+42) || !q.Outcome.Closes {
			t.Errorf("overdue: %+v", q.Outcome)
		}
		b.must(b.SetRollover(t.Context(), by, all, catalog.PayOut))
		b.until("2027-03-11")
		if h := b.contract(by, all); h.State != deposit.Closed {
			t.Errorf("paid out at its second end: %s", h.State)
		}
		b.verify()
	})
}

func TestAQuoteServesOnceForItsHolderAndOnItsDay(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, a := b.saver(50_000_00)
		draft := deposit.Draft{Kind: deposit.DraftOpen, Product: "term_1y", Linked: a.ID, Amount: cny(1_000_000)}
		q, err := b.Check(t.Context(), by, draft)
		b.must(err)
		x := confirmation(b, q)
		wrong := x
		wrong.PIN = "000000"
		_, err = b.Confirm(t.Context(), by, wrong)
		refused(t, err, auth.ErrPINWrong)
		stranger := b.person(3)
		_, err = b.Confirm(t.Context(), stranger, x)
		refused(t, err, deposit.ErrQuote)
		first, err := b.Confirm(t.Context(), by, x)
		b.must(err)
		again, err := b.Confirm(t.Context(), by, x)
		b.must(err)
		if again != first || b.booked(a.ID) != cny(4_000_000) {
			t.Errorf("confirmed twice: %s and %s, left %s", first, again, b.booked(a.ID))
		}
		x.Key = "another"
		_, err = b.Confirm(t.Context(), by, x)
		refused(t, err, deposit.ErrQuoteUsed)
		_, err = b.Check(t.Context(), stranger, draft)
		refused(t, err, deposit.ErrNotFound)
		_, err = b.Check(t.Context(), stranger, deposit.Draft{Kind: deposit.DraftWithdraw, Deposit: first, Amount: cny(100)})
		refused(t, err, deposit.ErrDeposit)
		q, err = b.Check(t.Context(), by, draft)
		b.must(err)
		b.endDay()
		_, err = b.Confirm(t.Context(), by, confirmation(b, q))
		refused(t, err, deposit.ErrQuoteOld)
		b.verify()
	})
}

func TestEndOfDayMayBeRepeatedAndMissedDaysAreMadeUp(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, a := b.saver(7_777_777)
		account, _ := b.does(by, deposit.Draft{Kind: deposit.DraftOpen, Product: "term_6m", Linked: a.ID, Amount: cny(3_333_333)})
		for range 5 {
			closed := b.today()
			b.endDay()
			b.step(closed) // nothing twice
		}
		b.agrees()
		want := b.contract(by, account).Accrued
		// 5 days of 33,333.33 at 0.85 %, a year of 360: 3.935 yuan
		if want != cny(394) {
			t.Errorf("accrued %s", want)
		}
		b.verify()
	})
}

// independent recomputes an account's year from its movements, in exact rationals.
type independent struct {
	moves map[clock.Date]int64
	rates map[clock.Date]interest.Rate // posted, from a day on
}

func (x independent) rate(on clock.Date) interest.Rate {
	var best clock.Date
	for from := range x.rates {
		if !from.After(on) && !from.Before(best) {
			best = from
		}
	}
	return x.rates[best]
}

// run returns the balance after each settlement's credit.
func (x independent) run(from, until clock.Date) int64 {
	balance, sum := int64(0), new(big.Int)
	credit := int64(0)
	for on := from; on.Before(until); on = on.AddDays(1) {
		balance += credit + x.moves[on]
		credit = 0
		sum.Add(sum, big.NewInt(balance))
		if on.Day() == 20 && on.Month()%3 == 0 {
			exact := new(big.Rat).SetFrac(new(big.Int).Mul(sum, big.NewInt(int64(x.rate(on)))), big.NewInt(100_000_000*360))
			doubled := new(big.Int).Add(new(big.Int).Mul(exact.Num(), big.NewInt(2)), exact.Denom()) // half up
			credit = new(big.Int).Div(doubled, new(big.Int).Mul(exact.Denom(), big.NewInt(2))).Int64()
			sum.SetInt64(0)
		}
	}
	return balance + credit
}

func TestAYearOfRandomAccountsEqualsAnIndependentCalculation(t *testing.T) {
	t.Parallel()
	accounts := 60
	if os.Getenv("TONGBAO_TEST_LONG") != "" {
		accounts = 10_000
	}
	b := newBank(t, "sqlite:"+t.TempDir()+"/bank.db")
	b.slice = 2000
	random := rand.New(rand.NewPCG(20260910, 1))
	first, end := b.today(), date(t, "2027-09-10")
	rates := map[clock.Date]interest.Rate{date(t, "2025-05-20"): rateOf(t, "0.0005"), date(t, "2026-11-05"): rateOf(t, "0.0035"),
		date(t, "2027-03-20"): rateOf(t, "0.002"), date(t, "2027-03-21"): rateOf(t, "0.0001"), date(t, "2027-07-01"): rateOf(t, "0")}
	for from, r := range rates {
		if from.After(first) {
			b.post("current_1", from.String(), r.String())
		}
	}
	all := make(map[id.Account]independent, accounts)
	balances := make(map[id.Account]int64)
	var order []id.Account
	for range accounts {
		_, a := b.saver(0)
		all[a.ID] = independent{make(map[clock.Date]int64), rates}
		order = append(order, a.ID)
	}
	for on := first; on.Before(end); on = on.AddDays(1) {
		var journals []ledger.Journal
		for _, account := range order {
			if random.IntN(30) > 0 && on != first {
				continue
			}
			minor := random.Int64N(10_000_000_00) + 1
			side, other := ledger.Credit, ledger.Debit
			if on != first && random.IntN(2) == 0 {
				minor = min(minor, balances[account])
				side, other = other, side
			}
			if minor == 0 {
				continue
			}
			signed := minor
			if side == ledger.Debit {
				signed = -minor
			}
			balances[account] += signed
			all[account].moves[on] += signed
			journals = append(journals, ledger.Journal{Act: "test.cash", By: act.Job("test"), Lines: []ledger.Line{
				{Account: string(account), Side: side, Amount: cny(minor)},
				{Account: ledger.Own(ledger.Cash, money.CNY, act.HeadOffice), Side: other, Amount: cny(minor)},
			}})
		}
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			outcomes, err := b.books.Post(t.Context(), tx, journals)
			for _, o := range outcomes {
				err = errors.Join(err, o.Err)
			}
			return err
		}))
		b.endDay()
	}
	for account, x := range all {
		if got, want := b.booked(account), x.run(first, end); got != cny(want) {
			t.Errorf("%s holds %s after a year, independently %d", account, got, want)
		}
	}
	b.verify()
}
