package deposit_test

import (
	"errors"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/act"
)

// What people see of their deposits: how it explains itself, what it will bring, what waits for them.

func (b *bank) waiting(by act.By) []deposit.Waiting {
	b.Helper()
	var all []deposit.Waiting
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) error {
		held, err := b.Contracts(b.Context(), tx, by.Customer())
		if err != nil {
			return err
		}
		all, err = b.Waiting(b.Context(), tx, by.Customer(), held)
		return err
	}))
	return all
}

func (b *bank) offers(by act.By) []deposit.Offer {
	b.Helper()
	var all []deposit.Offer
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) (err error) {
		all, err = b.Offers(b.Context(), tx, by.Customer())
		return err
	}))
	return all
}

func TestWhatIsAccruedExplainsItself(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, a := b.saver(100_000_00)
		account, _ := b.does(by, deposit.Draft{Kind: deposit.DraftOpen, Product: "term_1y", Linked: a.ID, Amount: cny(1_000_000)})
		if h := b.contract(by, account); len(h.Earning) != 0 {
			t.Errorf("on its first day: %+v", h.Earning)
		}
		b.until("2026-10-10")
		h := b.contract(by, account)
		if len(h.Earning) != 1 || h.Earning[0].Interest != h.Accrued || h.Earning[0].Principal != cny(1_000_000) || h.Earning[0].Rate != h.Rate {
			t.Errorf("accrued %s, explained by %+v", h.Accrued, h.Earning)
		}
		b.does(by, deposit.Draft{Kind: deposit.DraftWithdraw, Deposit: account, Amount: cny(1_000_000)})
		if h = b.contract(by, account); len(h.Earning) != 0 || !h.AtMaturity.IsZero() || h.ClosedOn != date(t, "2026-10-10") {
			t.Errorf("closed: %+v", h)
		}
	})
}

func TestAPlanSaysWhatItWillBringAsItStands(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, a := b.saver(2_000_00)
		account, q := b.does(by, deposit.Draft{Kind: deposit.DraftOpen, Product: "instalment_1y", Linked: a.ID, Amount: cny(100_000), Rollover: catalog.PayOut})
		if h := b.contract(by, account); h.AtMaturity != q.Outcome.AtMaturity {
			t.Errorf("opened for %s, now says %s", q.Outcome.AtMaturity, h.AtMaturity)
		}
		b.until("2026-10-25")
		if h := b.contract(by, account); h.AtMaturity != q.Outcome.AtMaturity {
			t.Errorf("two of two paid: %s, was %s", h.AtMaturity, q.Outcome.AtMaturity)
		}
		if all := b.waiting(by); len(all) != 0 {
			t.Errorf("nothing waits, but %+v", all)
		}
		b.until("2026-11-12") // that of 10 November was missed
		late := b.contract(by, account)
		if !late.AtMaturity.IsPositive() || late.AtMaturity.Minor() >= q.Outcome.AtMaturity.Minor() {
			t.Errorf("one missed: %s, was %s", late.AtMaturity, q.Outcome.AtMaturity)
		}
		if all := b.waiting(by); len(all) != 1 || all[0].Kind != deposit.WaitsInstalment || all[0].Days != 28 || all[0].Amount != cny(100_000) {
			t.Errorf("waits: %+v", all)
		}
		b.until("2026-12-12") // and that of December: it takes none any more
		h := b.contract(by, account)
		if !h.Breached || h.AtMaturity.Minor() >= late.AtMaturity.Minor() || len(b.waiting(by)) != 0 {
			t.Errorf("stopped: brings %s, was %s", h.AtMaturity, late.AtMaturity)
		}
		b.must(b.pay(a.ID, 1_000_000))
		b.until("2027-09-10")
		paid := b.paid(by, account)
		if len(paid) != 1 || paid[0].Interest != h.AtMaturity {
			t.Errorf("said %s, paid %+v", h.AtMaturity, paid)
		}
	})
}

func TestADepositWaitsForItsHolderBeforeAndAfterItsLastDay(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, a := b.saver(300_000_00)
		term, _ := b.does(by, deposit.Draft{Kind: deposit.DraftOpen, Product: "term_3m", Linked: a.ID, Amount: cny(1_000_000)})
		notice, _ := b.does(by, deposit.Draft{Kind: deposit.DraftOpen, Product: "notice_1d", Linked: a.ID, Amount: cny(10_000_000)})
		b.until("2026-12-02")
		if all := b.waiting(by); len(all) != 0 {
			t.Errorf("eight days before: %+v", all)
		}
		_, err := b.GiveNotice(t.Context(), by, notice, cny(5_000_000), date(t, "2026-12-03"))
		b.must(err)
		b.until("2026-12-03")
		all := b.waiting(by)
		if len(all) != 2 || all[0].Kind != deposit.WaitsNotice || all[1].Kind != deposit.WaitsMaturity || all[1].Deposit != term || all[1].Days != 7 {
			t.Errorf("seven days before: %+v", all)
		}
		b.until("2026-12-15")
		if all = b.waiting(by); len(all) != 1 || all[0].Kind != deposit.WaitsTaking {
			t.Errorf("five days after: %+v", all)
		}
	})
}

func TestAnOfferSaysWhatItYieldsItsBuyer(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		seller, a := b.saver(300_000_00)
		buyer, to := b.saver(300_000_00)
		account, _ := b.does(seller, deposit.Draft{Kind: deposit.DraftOpen, Product: "certificate_1y", Linked: a.ID, Amount: cny(20_000_000)})
		number := b.holding(buyer, to.ID).Number
		offer := func(price int64) (deposit.Quote, error) {
			return b.Check(t.Context(), seller, deposit.Draft{Kind: deposit.DraftOffer, Deposit: account, Amount: cny(price), Buyer: number})
		}
		for name, tc := range map[string]struct {
			price int64
			yield string
			known bool
		}{
			"at its principal on its first day it yields its own rate": {20_000_000, "0.012", true},
			"below it more": {19_900_000, "0.01708543", true},
			"above all that it brings nothing: a loss": {20_300_000, "-0.00295567", true},
			"a slip of the keys has no figure":         {2_000, "0", false},
		} {
			q, err := offer(tc.price)
			b.must(err)
			if q.Outcome.Yields != tc.known || q.Outcome.Yield != rateOf(t, tc.yield) {
				t.Errorf("%s: %s, %t", name, q.Outcome.Yield, q.Outcome.Yields)
			}
			opened, err := b.OpenQuote(q.Token) // what is sealed can be read again, whatever the price
			b.must(err)
			first, err := q.Hash()
			second, again := opened.Hash()
			b.must(errors.Join(err, again))
			if string(first) != string(second) {
				t.Errorf("%s: another hash when it comes back", name)
			}
		}
		b.does(seller, deposit.Draft{Kind: deposit.DraftOffer, Deposit: account, Amount: cny(19_900_000), Buyer: number})
		if all := b.offers(buyer); len(all) != 1 || !all[0].Yields || all[0].Yield != rateOf(t, "0.01708543") {
			t.Errorf("offers %+v", all)
		}
		if all := b.waiting(buyer); len(all) != 1 || all[0].Kind != deposit.WaitsOffer || all[0].Days != 2 {
			t.Errorf("waits %+v", all)
		}
		if all := b.waiting(seller); len(all) != 0 {
			t.Errorf("the seller waits for himself: %+v", all)
		}
	})
}

func TestWhoLostAnAnswerAsksWithoutAProof(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, a := b.saver(10_000_00)
		q, err := b.Check(t.Context(), by, deposit.Draft{Kind: deposit.DraftOpen, Product: "term_1y", Linked: a.ID, Amount: cny(100_000)})
		b.must(err)
		sent := confirmation(b, q)
		asked := deposit.Confirmation{Key: sent.Key, Quote: sent.Quote, Method: deposit.MethodNone}
		_, err = b.Confirm(t.Context(), by, asked)
		refused(t, err, deposit.ErrProof)
		made, err := b.Confirm(t.Context(), by, sent)
		b.must(err)
		again, err := b.Confirm(t.Context(), by, asked)
		b.must(err)
		if again != made || b.booked(a.ID) != cny(900_000) {
			t.Errorf("made %s, then %s; %s are left", made, again, b.booked(a.ID))
		}
	})
}
