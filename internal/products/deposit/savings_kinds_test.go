package deposit_test

import (
	"testing"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/event"
)

func TestANoticeDepositEarnsTheNoticeRateOnlyWithTheRightNotice(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, a := b.saver(500_000_00)
		account, _ := b.does(by, deposit.Draft{Kind: deposit.DraftOpen, Product: "notice_7d", Linked: a.ID, Amount: cny(20_000_000)})
		_, err := b.GiveNotice(t.Context(), by, account, cny(5_000_000), date(t, "2026-09-16"))
		refused(t, err, deposit.ErrNotice)
		given, err := b.GiveNotice(t.Context(), by, account, cny(5_000_000), date(t, "2026-10-10"))
		b.must(err)
		b.post("notice_7d", "2026-10-01", "0.0045") // the rate of the day of withdrawal counts
		b.until("2026-10-10")
		b.agrees()
		// 30 days of 50,000.00 at 0.45 %: 18.75.
		_, q := b.does(by, deposit.Draft{Kind: deposit.DraftWithdraw, Deposit: account, Amount: cny(5_000_000)})
		if q.Outcome.Interest != cny(1_875) || q.Outcome.Parts[0].Kind != deposit.PartNotice {
			t.Errorf("with notice: %+v", q.Outcome)
		}
		refused(t, b.CancelNotice(t.Context(), by, account, given.ID), deposit.ErrNoticeState)
		// Without notice: the demand rate, 2.08.
		_, q = b.does(by, deposit.Draft{Kind: deposit.DraftWithdraw, Deposit: account, Amount: cny(5_000_000)})
		if q.Outcome.Interest != cny(208) || q.Outcome.Parts[0].Kind != deposit.PartEarly {
			t.Errorf("without notice: %+v", q.Outcome)
		}
		_, err = b.Check(t.Context(), by, deposit.Draft{Kind: deposit.DraftWithdraw, Deposit: account, Amount: cny(6_000_000)})
		refused(t, err, deposit.ErrLeft)
		b.verify()
	})
}

func TestACertificateIsSoldAtAPriceAndGoesOnEarning(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		seller, a := b.saver(300_000_00)
		buyer, to := b.saver(300_000_00)
		_, err := b.Check(t.Context(), seller, deposit.Draft{Kind: deposit.DraftOpen, Product: "certificate_1y", Linked: a.ID, Amount: cny(19_999_999)})
		refused(t, err, deposit.ErrLeast)
		account, _ := b.does(seller, deposit.Draft{Kind: deposit.DraftOpen, Product: "certificate_1y", Linked: a.ID, Amount: cny(20_000_000)})
		b.until("2026-12-10")
		number := b.holding(buyer, to.ID).Number
		_, q := b.does(seller, deposit.Draft{Kind: deposit.DraftOffer, Deposit: account, Amount: cny(20_050_000), Buyer: number})
		if q.Outcome.Buyer != buyer.Customer() {
			t.Errorf("offered to %s", q.Outcome.Buyer)
		}
		var offers []deposit.Offer
		b.must(b.d.Read(t.Context(), func(tx *db.Tx) (err error) {
			offers, err = b.Offers(t.Context(), tx, buyer.Customer())
			return err
		}))
		if len(offers) != 1 || offers[0].Price != cny(20_050_000) || offers[0].Earns != cny(240_000) {
			t.Fatalf("offers %+v", offers)
		}
		bought, _ := b.does(buyer, deposit.Draft{Kind: deposit.DraftBuy, Offer: offers[0].ID, Linked: to.ID})
		b.agrees()
		if got := b.contract(buyer, bought); got.Principal != cny(20_000_000) || got.Balance.Booked != cny(20_000_000) || got.PeriodFrom != date(t, "2026-09-10") || got.Accrued.Minor() == 0 {
			t.Errorf("bought %+v", got.Position)
		}
		if got := b.contract(seller, account); got.State != deposit.Closed {
			t.Errorf("sold: %s", got.State)
		}
		_, err = b.Check(t.Context(), buyer, deposit.Draft{Kind: deposit.DraftBuy, Offer: offers[0].ID, Linked: to.ID})
		refused(t, err, deposit.ErrOffer)
		b.must(b.SetRollover(t.Context(), buyer, bought, catalog.PayOut))
		before := b.booked(to.ID)
		b.until("2027-09-10")
		settled := int64(0)
		for _, p := range b.paid(buyer, to.ID) {
			settled += p.Interest.Minor()
		}
		if got := b.booked(to.ID); got != cny(before.Minor()+20_000_000+240_000+settled) && got.Minor() < before.Minor()+20_240_000 {
			t.Errorf("paid out %s, was %s", got, before)
		}
		b.verify()
	})
}

func TestInstalmentsAreCollectedMissedAndMadeUp(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, a := b.saver(2_000_00)
		account, q := b.does(by, deposit.Draft{Kind: deposit.DraftOpen, Product: "instalment_1y", Linked: a.ID, Amount: cny(100_000), Rollover: catalog.PayOut})
		if q.Outcome.AtMaturity.Minor() == 0 {
			t.Errorf("what it brings: %+v", q.Outcome)
		}
		b.until("2026-11-10") // one was collected on 10 October; there is nothing for the next
		h := b.contract(by, account)
		if h.Balance.Booked != cny(200_000) || h.Collected != 2 || h.Pending != 1 {
			t.Fatalf("after two months %s, %d collected, %d missed", h.Balance.Booked, h.Collected, h.Pending)
		}
		b.must(b.pay(a.ID, 1_000_000))
		b.until("2026-12-10") // two at once
		if h = b.contract(by, account); h.Balance.Booked != cny(400_000) || h.Pending != 0 || h.Breached {
			t.Errorf("made up: %s, %d missed", h.Balance.Booked, h.Pending)
		}
		_, err := b.Check(t.Context(), by, deposit.Draft{Kind: deposit.DraftAdd, Deposit: account, Amount: cny(100_000)})
		refused(t, err, deposit.ErrAdd)
		b.until("2027-09-10")
		if h = b.contract(by, account); h.State != deposit.Closed || h.Collected != 12 {
			t.Errorf("after the last: %s, %d collected", h.State, h.Collected)
		}
		// Day by day, by product sum at 0.65 %: what was booked on each day.
		var sum int64
		booked := map[string]int64{"2026-09-10": 1, "2026-10-10": 2, "2026-12-10": 4, "2027-01-10": 5, "2027-02-10": 6, "2027-03-10": 7, "2027-04-10": 8,
			"2027-05-10": 9, "2027-06-10": 10, "2027-07-10": 11, "2027-08-10": 12}
		holds := int64(0)
		for on := date(t, "2026-09-10"); on.Before(date(t, "2027-09-10")); on = on.AddDays(1) {
			if n, ok := booked[on.String()]; ok {
				holds = n
			}
			sum += holds * 100_000
		}
		paid := b.paid(by, account)
		if len(paid) != 1 || paid[0].ProductSum != cny(sum) || paid[0].Interest != cny((sum*65/10_000*2/360+1)/2) {
			t.Errorf("paid %+v, want a sum of %d", paid, sum)
		}
		b.verify()
	})
}

func TestAPotSavesSmallChangeStandingSumsAndPaysWhenItIsClosed(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, a := b.saver(10_000_00)
		plan := deposit.Plan{Name: "自行车", Target: cny(200_000), RoundTo: cny(1_000), Monthly: cny(20_000), Day: 15}
		pot, _ := b.does(by, deposit.Draft{Kind: deposit.DraftOpen, Product: "pot_1", Linked: a.ID, Amount: cny(100), Plan: plan})
		settled := event.TransferSettled{Transfer: "trfr_1", Parties: event.Parties{PayerAccount: a.ID, PayerCustomer: by.Customer(), PayeeCustomer: "cust_2"},
			Amount: cny(1_234), Fee: cny(0), Channel: "mobile"}
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			e := event.New(tx.Now(), event.Header{Subject: "trfr_1"}, settled)
			return b.RoundUps().Handle(t.Context(), tx, bus.Event(e))
		}))
		if got := b.booked(pot); got != cny(100+766) {
			t.Errorf("12.34 rounded up to 20.00: the pot has %s", got)
		}
		b.until("2026-11-20")
		h := b.contract(by, pot)
		if h.Balance.Booked.Minor() < 100+766+3*20_000 || h.Plan.Name != "自行车" || h.Plan.Target != cny(200_000) {
			t.Errorf("with its standing sums %s of %s for %q", h.Balance.Booked, h.Plan.Target, h.Plan.Name)
		}
		_, q := b.does(by, deposit.Draft{Kind: deposit.DraftWithdraw, Deposit: pot, Amount: cny(10_000)})
		if !q.Outcome.Interest.IsZero() || q.Outcome.Closes {
			t.Errorf("a part: %+v", q.Outcome)
		}
		rest := b.booked(pot)
		_, q = b.does(by, deposit.Draft{Kind: deposit.DraftWithdraw, Deposit: pot, Amount: rest, Closes: true})
		if !q.Outcome.Closes || !q.Outcome.Interest.IsPositive() || b.contract(by, pot).State != deposit.Closed {
			t.Errorf("closed: %+v", q.Outcome)
		}
		b.verify()
	})
}

func TestClosingACurrentAccountPaysItsInterest(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, a := b.saver(100_000_00)
		b.until("2026-09-15")
		b.must(b.pay(a.ID, -10_000_000))
		refused(t, b.CloseAccount(t.Context(), by, a.ID, ""), deposit.ErrInterestPaid)
		// 5 days of 100,000.00 at 0.05 %: 0.69.
		if got := b.booked(a.ID); got != cny(69) {
			t.Errorf("interest %s", got)
		}
		b.must(b.pay(a.ID, -69))
		b.must(b.CloseAccount(t.Context(), by, a.ID, ""))
		b.endDay()
		b.verify()
	})
}

func TestWhatIsInsuredAndWhatComesIsShown(t *testing.T) {
	t.Parallel()
	b := newBank(t, "sqlite:"+t.TempDir()+"/bank.db")
	by, a := b.saver(600_000_00)
	b.does(by, deposit.Draft{Kind: deposit.DraftOpen, Product: "term_1y", Linked: a.ID, Amount: cny(10_000_000)})
	b.must(b.d.Read(t.Context(), func(tx *db.Tx) error {
		i, err := b.Insurance(t.Context(), tx, by.Customer())
		if err != nil || i.Held != cny(60_000_000) || i.Covered != cny(50_000_000) || i.Beyond != cny(10_000_000) || i.PayoutDays != 7 {
			t.Errorf("insured %+v, %v", i, err)
		}
		coming, err := b.Calendar(t.Context(), tx, by.Customer())
		if err != nil || len(coming) != 2 || coming[0].Kind != deposit.ComesSettlement || coming[1].Kind != deposit.ComesMaturity || coming[1].Interest != cny(95_000) {
			t.Errorf("coming %+v, %v", coming, err)
		}
		for product, want := range map[string]int64{"term_1y": 950, "term_3m": 163, "notice_7d": 0, "pot_1": 51} {
			c, err := b.Calculate(t.Context(), tx, by, product, cny(100_000))
			if product == "notice_7d" {
				refused(t, err, deposit.ErrLeast)
			} else if err != nil || c.Interest != cny(want) {
				t.Errorf("%s brings %s, %v", product, c.Interest, err)
			}
		}
		return nil
	}))
}

func TestAnAccountThatNobodyUsesRestsAndWakes(t *testing.T) {
	t.Parallel()
	b := newBank(t, "sqlite:"+t.TempDir()+"/bank.db")
	_, a := b.saver(100_000_00)
	b.until("2027-11-01")
	if !b.rests(string(a.ID)) {
		t.Error("after a year without use it does not rest")
	}
	b.must(b.pay(a.ID, 1))
	b.until("2027-12-10")
	if b.rests(string(a.ID)) {
		t.Error("it still rests after it was used")
	}
}

// rests reads whether an account rests.
func (b *bank) rests(account string) bool {
	b.Helper()
	var on string
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) (err error) {
		on, err = db.One(b.Context(), tx, db.Value[string], `SELECT COALESCE(dormant_on, '') FROM deposit_rest WHERE account = $1`, account)
		return err
	}))
	return on != ""
}
