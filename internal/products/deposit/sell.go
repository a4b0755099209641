package deposit

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

var (
	// ErrNotTransferable says that a deposit cannot be sold, or not any more.
	ErrNotTransferable = fault.New(fault.Rejected, "deposit.not_transferable")
	// ErrBuyer says that there is no such customer to sell to.
	ErrBuyer = fault.New(fault.NotFound, "deposit.buyer_not_found")
	// ErrOffer says that there is no such offer any more.
	ErrOffer = fault.New(fault.NotFound, "deposit.offer_not_found")
	// ErrOffered says that the certificate is on offer already.
	ErrOffered = fault.New(fault.Conflict, "deposit.offered_already")
)

const (
	offerDays = 3 // days that an offer stands, the day of the offer included
	offersMax = 50
)

// States of an offer.
const (
	offerOpen      = "open"
	offerTaken     = "taken"
	offerWithdrawn = "withdrawn"
)

// Offer is a certificate that its holder offers to one other customer, at a price (大额存单转让). Both prove it, each on
// his own quote.
type Offer struct {
	ID        string
	Deposit   id.Account
	Seller    id.Customer
	Buyer     id.Customer
	Price     money.Amount
	State     string
	ExpiresOn clock.Date
	Bought    id.Account // the buyer's certificate

	Contract Contract // as it stands, for its buyer to look at
	Terms    catalog.Version
	Earns    money.Amount // interest that the buyer gets on its last day, before tax
	// Yield is what it brings its buyer a year, at the price; Yields says whether there is such a figure.
	Yield  interest.Rate
	Yields bool
}

// offering decides whether a certificate can be offered.
func (s *Service) offering(ctx context.Context, tx *db.Tx, c *Contract, d Draft, out Outcome, today clock.Date) (Outcome, error) {
	v, err := s.Catalog.Version(ctx, tx, c.Product, c.TermsVersion)
	if err != nil {
		return out, err
	}
	if !v.Terms.Deposit.Transferable || !today.Before(c.MaturesOn) {
		return out, ErrNotTransferable
	}
	to, found, err := s.FindByNumber(ctx, tx, d.Buyer)
	if err != nil {
		return out, err
	}
	if !found || to.Customer == c.Customer {
		return out, ErrBuyer.At("/buyerAccountNumber")
	}
	c.terms = v.Terms
	out.Buyer = to.Customer
	if out.AtMaturity, err = c.atMaturity(); err != nil {
		return out, err
	}
	out.Yield, out.Yields = c.yield(d.Amount, out.AtMaturity, today)
	return out, nil
}

// offer keeps an offer.
func (s *Service) offer(ctx context.Context, tx *db.Tx, _ act.By, c *Contract, q Quote, today clock.Date) error {
	out, err := s.offering(ctx, tx, c, q.Draft, q.Outcome, today)
	if err != nil {
		return err
	}
	expires := earlier(today.AddDays(offerDays-1), c.MaturesOn.AddDays(-1))
	if err := lapseOffers(ctx, tx, c.Account, today); err != nil {
		return err
	}
	err = insertOffer(ctx, tx, Offer{ID: id.Raw(tx.Now()), Deposit: c.Account, Seller: c.Customer, Buyer: out.Buyer, Price: q.Draft.Amount,
		State: offerOpen, ExpiresOn: expires})
	if db.IsUnique(err) {
		return ErrOffered
	}
	return err
}

// Offers are what others offer a customer and what he offers, as far as it still stands.
func (s *Service) Offers(ctx context.Context, tx *db.Tx, customer id.Customer) ([]Offer, error) {
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return nil, err
	}
	offers, err := offersOf(ctx, tx, customer, today, offersMax)
	if err != nil {
		return nil, err
	}
	for i := range offers {
		o := &offers[i]
		if err := s.look(ctx, tx, o); err != nil {
			return nil, err
		}
		o.Yield, o.Yields = o.Contract.yield(o.Price, o.Earns, today)
	}
	return offers, nil
}

// look reads what is offered.
func (s *Service) look(ctx context.Context, tx *db.Tx, o *Offer) error {
	rows, err := contractsOf(ctx, tx, o.Seller, o.Deposit)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return ErrOffer
	}
	o.Contract = rows[0]
	v, err := s.Catalog.Version(ctx, tx, o.Contract.Product, o.Contract.TermsVersion)
	if err != nil {
		return err
	}
	o.Contract.terms, o.Terms = v.Terms, v
	o.Price = money.New(o.Price.Minor(), o.Contract.Currency)
	o.Earns, err = o.Contract.atMaturity()
	return err
}

// WithdrawOffer takes an offer of the caller's back. Error: ErrOffer.
func (s *Service) WithdrawOffer(ctx context.Context, by act.By, offer string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		o, found, err := lockOffer(ctx, tx, offer)
		if err != nil {
			return err
		}
		if !found || o.Seller != by.Customer() || o.State != offerOpen {
			return ErrOffer
		}
		if err := endOffer(ctx, tx, o.ID, offerWithdrawn, ""); err != nil {
			return err
		}
		return s.noteDeposit(ctx, tx, by, o.Deposit, "deposit.withdraw_offer")
	})
}

// buying is what taking an offer comes to.
func (s *Service) buying(ctx context.Context, tx *db.Tx, by act.By, d Draft, today clock.Date) (Outcome, error) {
	offers, err := offersOf(ctx, tx, by.Customer(), today, offersMax)
	if err != nil {
		return Outcome{}, err
	}
	for _, o := range offers {
		if o.ID != d.Offer || o.Buyer != by.Customer() {
			continue
		}
		if err := s.look(ctx, tx, &o); err != nil {
			return Outcome{}, err
		}
		if _, err := s.linked(ctx, tx, by, d.Linked, o.Contract.Currency); err != nil {
			return Outcome{}, err
		}
		zero := money.Zero(o.Contract.Currency)
		out := Outcome{Amount: o.Price, Interest: zero, Tax: zero, Rate: o.Contract.Rate, MaturesOn: o.Contract.MaturesOn, AtMaturity: o.Earns, Lost: zero}
		out.Yield, out.Yields = o.Contract.yield(o.Price, o.Earns, today)
		return out, nil
	}
	return Outcome{}, ErrOffer
}

// buy moves a certificate to its buyer: a contract of his own that goes on where the seller's ends, with all that it has
// earned, against the price.
func (s *Service) buy(ctx context.Context, tx *db.Tx, by act.By, q Quote, entity id.Account, today clock.Date) error {
	found, ok, err := findOffer(ctx, tx, q.Draft.Offer)
	if err != nil {
		return err
	}
	if !ok || found.Buyer != by.Customer() {
		return ErrOffer
	}
	rows, err := lockContracts(ctx, tx, []string{string(found.Deposit)}) // before the offer, as whoever makes offers does
	if err != nil {
		return err
	}
	o, _, err := lockOffer(ctx, tx, found.ID)
	if err != nil {
		return err
	}
	if len(rows) == 0 || rows[0].State != Open || o.State != offerOpen || o.ExpiresOn.Before(today) {
		return ErrOffer
	}
	seller := &rows[0]
	linked, err := s.linked(ctx, tx, by, q.Draft.Linked, seller.Currency)
	if err != nil {
		return err
	}
	price := money.New(o.Price.Minor(), seller.Currency)
	if price != q.Outcome.Amount || seller.Rate != q.Outcome.Rate || seller.MaturesOn != q.Outcome.MaturesOn {
		return ErrQuoteOld
	}
	buyer := *seller
	buyer.Account, buyer.Customer, buyer.Linked, buyer.Branch, buyer.EarlyTaken, buyer.name = entity, by.Customer(), linked.ID, linked.Branch, 0, nil
	if err := s.keep(ctx, tx, &buyer); err != nil {
		return err
	}
	if err := s.handOver(ctx, tx, by, seller, &buyer, price); err != nil {
		return err
	}
	if err := endOffer(ctx, tx, o.ID, offerTaken, entity); err != nil {
		return err
	}
	zero := money.Zero(seller.Currency)
	seller.State, seller.ClosedOn, seller.Principal, seller.Accrued, seller.Matured = Closed, today, zero, zero, true
	if err := s.saveContracts(ctx, tx, []*Contract{seller}); err != nil {
		return err
	}
	return s.fact(ctx, tx, by, string(seller.Account), today, event.DepositSold{
		Deposit: seller.Account, Bought: entity, Seller: seller.Customer, Buyer: buyer.Customer, Price: price,
	})
}

// handOver books a sale: principal, price, and what was accrued where the two are kept in different branches.
func (s *Service) handOver(ctx context.Context, tx *db.Tx, by act.By, seller, buyer *Contract, price money.Amount) error {
	lines := (entries{}).
		debit(string(seller.Account), seller.Principal).credit(string(buyer.Account), seller.Principal).
		debit(string(buyer.Linked), price).credit(string(seller.Linked), price)
	if seller.Branch != buyer.Branch {
		lines = lines.debit(seller.pile().payable(), seller.Accrued).credit(buyer.pile().payable(), seller.Accrued)
	}
	if err := s.move(ctx, tx, ledger.Journal{Act: "deposit.sell", Reference: string(seller.Account), By: by, Lines: lines}); err != nil {
		return err
	}
	if err := s.Books.Close(ctx, tx, string(seller.Account)); err != nil {
		return fmt.Errorf("close a sold certificate: %w", notClosed(err))
	}
	return nil
}
