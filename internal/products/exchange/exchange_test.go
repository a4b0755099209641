package exchange_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/exchange"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func TestBuyingAndSellingBookEachCurrencyByItself(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		b.usual()
		by, yuan := b.person(10_000_00)
		dollars := b.opens(by, "currency_usd")

		// 7.1 and 0.15 % is 7.11065; 100 dollars cost 711.065, half a fen up 711.07; the middle is 710.00.
		x := b.exchanged(by, yuan, dollars, usd(100_00))
		if x.Yuan != cny(711_07) || x.Value != cny(710_00) || x.Spread != cny(1_07) || x.Price.String() != "7.11065" || x.Dollars != usd(100_00) || x.On != b.today() {
			t.Errorf("bought %+v", x)
		}
		if b.booked(yuan) != cny(10_000_00-711_07) || b.booked(dollars) != usd(100_00) {
			t.Errorf("holds %v and %v", b.booked(yuan), b.booked(dollars))
		}
		if b.own(ledger.CurrencyPosition, money.USD) != 100_00 || b.own(ledger.CurrencyPosition, money.CNY) != -710_00 || b.own(ledger.ExchangeSpread, money.CNY) != -1_07 {
			t.Error("the bank's own accounts are not short of 100 dollars for 710 yuan, with a spread of 1.07")
		}

		// 7.1 less 0.15 % is 7.08935; 40 dollars bring 283.574, that is 283.57; the middle is 284.00.
		x = b.exchanged(by, dollars, yuan, usd(40_00))
		if x.Side != exchange.Sell || x.Yuan != cny(283_57) || x.Value != cny(284_00) || x.Spread != cny(43) || x.Purpose != "" {
			t.Errorf("sold %+v", x)
		}
		if b.own(ledger.CurrencyPosition, money.USD) != 60_00 || b.own(ledger.CurrencyPosition, money.CNY) != -426_00 || b.own(ledger.ExchangeSpread, money.CNY) != -1_50 {
			t.Error("the bank's own accounts do not follow the sale")
		}
		b.verify()

		all, err := b.List(t.Context(), by, "", 10)
		b.must(err)
		if len(all) != 2 || all[0] != x || all[1].Side != exchange.Buy || all[1].Purpose != "travel" {
			t.Errorf("list %+v", all)
		}
		if found, err := b.Exchange(t.Context(), by, x.ID); err != nil || found != x {
			t.Errorf("found %+v, %v", found, err)
		}
		other, _ := b.person(0)
		_, err = b.Exchange(t.Context(), other, x.ID)
		b.refused(err, exchange.ErrNotFound)
		if some, err := b.List(t.Context(), other, "", 0); err != nil || len(some) != 0 {
			t.Errorf("somebody else sees %v, %v", some, err)
		}
	})
}

func TestWhoTypesYuanPaysForWhatHeGets(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		b.usual()
		by, yuan := b.person(100_000_00)
		yen := b.opens(by, "currency_jpy")
		// The yen has no smaller unit: 0.0456 and 0.35 % is 0.04576; 1,000 yuan buy 21,853 yen, which cost 999.99.
		x := b.exchanged(by, yuan, yen, cny(1_000_00))
		if x.Amount != jpy(21_853) || x.Yuan != cny(999_99) || x.Price.Shown() != "4.5760" || !x.Spread.IsPositive() {
			t.Errorf("bought %+v", x)
		}
		// 0.0456 less 0.35 % is 0.045440; to get 500 yuan one sells 11,004 yen, which bring 500.02.
		x = b.exchanged(by, yen, yuan, cny(500_00))
		if x.Amount != jpy(11_004) || x.Yuan != cny(500_02) || x.Dollars.Currency() != money.USD || x.Dollars != usd(70_68) {
			t.Errorf("sold %+v", x)
		}
		// What is left is less than the least exchange, and may be sold whole.
		rest := b.booked(yen)
		b.exchanged(by, yen, yuan, jpy(rest.Minor()-5))
		_, err := b.exchanges(by, exchange.Draft{From: yen, To: yuan, Amount: jpy(4)})
		b.refused(err, exchange.ErrLeast)
		b.exchanged(by, yen, yuan, jpy(5))
		if !b.booked(yen).IsZero() {
			t.Errorf("%v left", b.booked(yen))
		}
		b.verify()
	})
}

func TestWhatIsNoExchangeIsRefused(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		b.usual()
		by, yuan := b.person(1_000_000_00)
		dollars, euros := b.opens(by, "currency_usd"), b.opens(by, "currency_eur")
		second := b.opens(by, "current_2")
		other, _ := b.person(0)
		theirs := b.opens(other, "currency_usd")
		b.brings(euros, money.New(100_00, money.EUR))
		stopped, still := b.person(1_000_00)
		abroad := b.opens(stopped, "currency_usd")
		b.must(b.deposits.Stop(t.Context(), stopped, still))
		for name, tc := range map[string]struct {
			by    act.By
			draft exchange.Draft
			want  error
		}{
			"nothing":                     {by, exchange.Draft{From: yuan, To: dollars, Amount: usd(0)}, exchange.ErrDraft},
			"less than nothing":           {by, exchange.Draft{From: yuan, To: dollars, Amount: usd(-1)}, exchange.ErrDraft},
			"a third currency":            {by, exchange.Draft{From: yuan, To: dollars, Amount: jpy(1000)}, exchange.ErrDraft},
			"to the same account":         {by, exchange.Draft{From: yuan, To: yuan, Amount: cny(1000)}, exchange.ErrPair},
			"of two other currencies":     {by, exchange.Draft{From: euros, To: dollars, Amount: usd(1000)}, exchange.ErrPair},
			"from an account of class II": {by, exchange.Draft{From: second, To: dollars, Amount: usd(1000)}, exchange.ErrPair},
			"to another's account":        {by, exchange.Draft{From: yuan, To: theirs, Amount: usd(1000)}, deposit.ErrNotFound},
			"from another's account":      {by, exchange.Draft{From: theirs, To: yuan, Amount: usd(1000)}, deposit.ErrNotFound},
			"from a stopped account":      {stopped, exchange.Draft{From: still, To: abroad, Amount: usd(1000)}, ledger.ErrFrozen},
			"too little":                  {by, exchange.Draft{From: yuan, To: dollars, Amount: usd(9_99)}, exchange.ErrLeast},
			"more than there is":          {by, exchange.Draft{From: euros, To: yuan, Amount: money.New(100_01, money.EUR)}, ledger.ErrInsufficientFunds},
			"for no purpose":              {by, exchange.Draft{From: yuan, To: dollars, Amount: usd(1000), Purpose: "house"}, exchange.ErrPurpose},
			"more than a day allows":      {by, exchange.Draft{From: yuan, To: dollars, Amount: usd(20_000_01)}, exchange.ErrDay},
		} {
			if _, err := b.exchanges(tc.by, tc.draft); !errors.Is(err, tc.want) {
				t.Errorf("%s: %v, want %v", name, err, tc.want)
			}
		}
		b.blocked[by.Customer()] = ledger.ErrFrozen
		_, err := b.exchanges(by, exchange.Draft{From: yuan, To: dollars, Amount: usd(1000)})
		b.refused(err, ledger.ErrFrozen)
		if b.booked(yuan) != cny(1_000_000_00) || !b.booked(dollars).IsZero() {
			t.Error("a refusal moved money")
		}
		b.verify()
	})
}

func TestAQuoteHoldsForItsTimeForOneExchangeOfItsOwner(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		b.usual()
		by, yuan := b.person(10_000_00)
		dollars := b.opens(by, "currency_usd")
		d := exchange.Draft{From: yuan, To: dollars, Amount: usd(100_00), Purpose: "study"}
		q, err := b.Check(t.Context(), by, d)
		b.must(err)
		if q.ExpiresAt.Sub(b.clock.Now()) != time.Minute {
			t.Errorf("holds until %v, now %v", q.ExpiresAt, b.clock.Now())
		}

		wrong := b.confirmation(q)
		wrong.PIN = "000000"
		_, err = b.Confirm(t.Context(), by, wrong)
		b.refused(err, auth.ErrPINWrong)
		stranger, _ := b.person(0)
		_, err = b.Confirm(t.Context(), stranger, b.confirmation(q))
		b.refused(err, exchange.ErrQuote)
		elsewhere := by
		elsewhere.Session = id.New[id.Session](b.clock.Now())
		_, err = b.Confirm(t.Context(), elsewhere, b.confirmation(q))
		b.refused(err, exchange.ErrQuoteOld)
		broken := b.confirmation(q)
		broken.Quote += "x"
		_, err = b.Confirm(t.Context(), by, broken)
		b.refused(err, exchange.ErrQuote)
		nameless := b.confirmation(q)
		nameless.Key = ""
		_, err = b.Confirm(t.Context(), by, nameless)
		b.refused(err, once.ErrKey)

		// The rate moves, the quote does not.
		b.rates(map[money.Currency]string{money.USD: "7.3"})
		c := b.confirmation(q)
		x, err := b.Confirm(t.Context(), by, c)
		b.must(err)
		if x.Yuan != q.Terms.Yuan || x.Middle.String() != "7.1000" {
			t.Errorf("booked %+v, quoted %+v", x, q.Terms)
		}
		again, err := b.Confirm(t.Context(), by, c)
		if err != nil || again != x {
			t.Errorf("again %+v, %v", again, err)
		}
		_, err = b.Confirm(t.Context(), by, b.confirmation(q))
		b.refused(err, exchange.ErrQuoteUsed)

		late, err := b.Check(t.Context(), by, d)
		b.must(err)
		c.Quote = late.Token
		_, err = b.Confirm(t.Context(), by, c)
		b.refused(err, once.ErrReused)
		b.clock.Advance(time.Minute + time.Millisecond)
		_, err = b.Confirm(t.Context(), by, b.confirmation(late))
		b.refused(err, exchange.ErrQuoteOld)
		if b.booked(dollars) != usd(100_00) {
			t.Errorf("%v", b.booked(dollars))
		}
		b.verify()
	})
}

func TestOneQuoteSentManyTimesAtOnceIsBookedOnce(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		b.usual()
		by, yuan := b.person(10_000_00)
		dollars := b.opens(by, "currency_usd")
		q, err := b.Check(t.Context(), by, exchange.Draft{From: yuan, To: dollars, Amount: usd(100_00), Purpose: "visit"})
		b.must(err)
		const many = 8
		var wg sync.WaitGroup
		errs := make([]error, many)
		tries := make([]exchange.Confirmation, many)
		for i := range many {
			tries[i] = b.confirmation(q)
		}
		for i := range many {
			wg.Go(func() { _, errs[i] = b.Confirm(t.Context(), by, tries[i]) })
		}
		wg.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
			} else if !errors.Is(err, exchange.ErrQuoteUsed) {
				t.Error(err)
			}
		}
		if done != 1 || b.booked(dollars) != usd(100_00) {
			t.Errorf("%d were booked, %v arrived", done, b.booked(dollars))
		}
		b.verify()
	})
}

func TestRatesThatAreOldOrJumpAreNotQuoted(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, yuan := b.person(10_000_00)
		dollars := b.opens(by, "currency_usd")
		d := exchange.Draft{From: yuan, To: dollars, Amount: usd(100_00)}
		_, err := b.exchanges(by, d)
		b.refused(err, exchange.ErrNoRate)
		b.usual()
		b.clock.Advance(30*time.Minute + time.Second)
		_, err = b.exchanges(by, d)
		b.refused(err, exchange.ErrStale)

		b.silent = true
		_, err = b.Refresh(t.Context())
		b.refused(err, exchange.ErrSource)
		b.silent = false
		b.told[money.USD] = 8 * 100_000_000 // 12 % at once: somebody's mistake
		kept, err := b.Refresh(t.Context())
		b.refused(err, exchange.ErrJump)
		if kept != 4 {
			t.Errorf("kept %d: the other currencies are as good as ever", kept)
		}
		_, err = b.exchanges(by, d)
		b.refused(err, exchange.ErrStale)
		b.rates(map[money.Currency]string{money.USD: "7.2"})
		x := b.exchanged(by, yuan, dollars, usd(100_00))
		if x.Middle.String() != "7.2000" {
			t.Errorf("%+v", x)
		}

		var board []exchange.Price
		b.must(b.d.Read(t.Context(), func(tx *db.Tx) (err error) {
			board, err = b.Board(t.Context(), tx)
			return err
		}))
		if len(board) != 5 || board[0].Currency != money.EUR || board[0].Stale || board[0].Source != "test" || board[0].Bought >= board[0].Sold {
			t.Errorf("board %+v", board)
		}
		hours, err := b.History(t.Context(), money.USD, exchange.SpanDay)
		if err != nil || len(hours) != 2 || hours[0].Observed.Middle.String() != "7.1000" {
			t.Errorf("history %+v, %v", hours, err)
		}
		b.clock.Advance(24 * time.Hour)
		b.rates(map[money.Currency]string{money.USD: "7.25"})
		days, err := b.History(t.Context(), money.USD, exchange.SpanMonth)
		if err != nil || len(days) != 2 || days[0].Observed.Middle.String() != "7.2000" || days[1].Observed.Middle.String() != "7.2500" {
			t.Errorf("history %+v, %v", days, err)
		}
		_, err = b.History(t.Context(), money.CHF, exchange.SpanYear)
		b.refused(err, exchange.ErrPair)
	})
}

func TestTheQuotaOfAYearIsCountedInDollarsEachWay(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		b.usual()
		by, yuan := b.person(1_000_000_00)
		euros := b.opens(by, "currency_eur")
		euro := func(minor int64) money.Amount { return money.New(minor, money.EUR) }
		buy := func(minor int64) error {
			_, err := b.exchanges(by, exchange.Draft{From: yuan, To: euros, Amount: euro(minor)})
			return err
		}
		for range 2 { // 17,000 euros are 19,633.81 dollars
			b.must(buy(17_000_00))
			b.refused(buy(1_000_00), exchange.ErrDay)
			b.night()
			b.usual()
		}
		b.refused(buy(10_000_00), exchange.ErrQuota)
		var left []exchange.Allowance
		b.must(b.d.Read(t.Context(), func(tx *db.Tx) (err error) {
			left, err = b.Allowances(t.Context(), tx, by.Customer())
			return err
		}))
		if left[0].Left != usd(20_000_00) || left[1].Used != usd(39_267_62) || left[1].Left != usd(10_732_38) || left[2].Left != usd(50_000_00) {
			t.Errorf("left %+v", left)
		}
		_, err := b.exchanges(by, exchange.Draft{From: euros, To: yuan, Amount: euro(10_000_00)})
		b.must(err) // selling has a quota of its own
		b.verify()
	})
}

func TestAccountsInOtherCurrenciesStandBesideOneInYuan(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, yuan := b.person(0)
		opens := func(product string) error {
			_, err := b.deposits.Open(t.Context(), by, deposit.Opening{Customer: by.Customer(), Product: product})
			return err
		}
		b.must(errors.Join(opens("currency_usd"), opens("currency_jpy")))
		b.refused(opens("currency_usd"), deposit.ErrCount)
		b.must(b.d.Read(t.Context(), func(tx *db.Tx) error {
			a, found, err := b.deposits.FindForIncoming(t.Context(), tx, by.Customer())
			if !found || a.ID != yuan {
				t.Errorf("payments arrive on %+v", a)
			}
			return err
		}))
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			return b.rules.Add(t.Context(), tx, []rule.Row{{Key: "deposit.currency.gbp_offered", Value: "no", Unit: rule.Flag, From: b.today(), Source: "test", Grade: rule.GradeU}})
		}))
		b.refused(opens("currency_gbp"), deposit.ErrCurrencyOffer)
		b.must(b.deposits.CloseAccount(t.Context(), by, yuan, ""))
		b.refused(opens("currency_eur"), deposit.ErrHomeFirst)
	})
}

func TestEveryRefusalHasItsText(t *testing.T) {
	t.Parallel()
	texts := i18n.NewCatalog(exchange.Texts())
	for _, problem := range texts.Missing() {
		t.Error(problem)
	}
	for _, err := range []interface{ Code() string }{
		exchange.ErrNoRate, exchange.ErrStale, exchange.ErrPair, exchange.ErrLeast, exchange.ErrDraft, exchange.ErrPurpose, exchange.ErrQuote,
		exchange.ErrQuoteOld, exchange.ErrQuoteUsed, exchange.ErrDay, exchange.ErrQuota, exchange.ErrNotFound, exchange.ErrRate, exchange.ErrJump, exchange.ErrSource,
	} {
		if !texts.Has(err.Code()) || !strings.HasPrefix(err.Code(), "exchange.") {
			t.Errorf("%s has no text", err.Code())
		}
	}
}
