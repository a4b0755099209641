package deposit

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/interest"
	"github.com/tongbao/tongbao/internal/values/money"
)

// What an act on deposits is refused for, whatever it is.
var (
	// ErrDraft says that an act lacks what it needs, or names what it cannot.
	ErrDraft = fault.New(fault.Invalid, "deposit.bad_draft")
	// ErrQuote says that a quote is not one that the bank gave this customer.
	ErrQuote = fault.New(fault.Invalid, "deposit.bad_quote")
	// ErrQuoteOld says that a quote is over, or that what it says is no longer so: check again.
	ErrQuoteOld = fault.New(fault.Conflict, "deposit.quote_expired")
	// ErrProof says that a confirmation that proves nothing found nothing that was confirmed before.
	ErrProof = fault.New(fault.Unauthenticated, "deposit.proof_needed")
	// ErrQuoteUsed says that a quote was acted on before.
	ErrQuoteUsed = fault.New(fault.Conflict, "deposit.quote_used")
)

const (
	endOfDayWait = time.Minute
	quoteLife    = 5 * time.Minute // between check and confirm
	quoteBound   = "deposit.confirm"
)

// DraftKind is the kind of an act on a deposit.
type DraftKind string

// The acts.
const (
	DraftOpen     DraftKind = "open"     // a new deposit
	DraftAdd      DraftKind = "add"      // an instalment that was missed, or money for a pot
	DraftWithdraw DraftKind = "withdraw" // a part or all
	DraftOffer    DraftKind = "offer"    // a certificate to another customer
	DraftBuy      DraftKind = "buy"      // a certificate that was offered
	DraftPlan     DraftKind = "plan"     // what a pot saves towards and how
)

// Draft is an act on a deposit as it was filled in; each kind uses its own fields.
type Draft struct {
	Kind     DraftKind        `json:"kind"`
	Product  string           `json:"product,omitempty"` // open
	Linked   id.Account       `json:"linked,omitempty"`  // open, buy
	Deposit  id.Account       `json:"deposit,omitempty"` // all others
	Amount   money.Amount     `json:"amount,omitzero"`   // open, add, withdraw; the price of an offer
	Rollover catalog.Rollover `json:"rollover,omitempty"`
	Closes   bool             `json:"closes,omitempty"` // a pot is closed by a withdrawal
	Plan     Plan             `json:"plan"`             // open of a pot, plan
	Buyer    string           `json:"buyer,omitempty"`  // account number, of an offer
	Offer    string           `json:"offer,omitempty"`  // buy
}

// Outcome is what exactly an act would do.
type Outcome struct {
	Amount     money.Amount  `json:"amount"`   // that moves
	Interest   money.Amount  `json:"interest"` // paid with it, before tax
	Tax        money.Amount  `json:"tax"`
	Parts      []Part        `json:"parts,omitempty"` // how the interest explains itself
	Rate       interest.Rate `json:"rate"`            // of the contract
	MaturesOn  clock.Date    `json:"maturesOn"`
	AtMaturity money.Amount  `json:"atMaturity"` // interest of the whole term: of a new deposit, or of the amount that is taken out early
	Lost       money.Amount  `json:"lost"`       // of that, by taking it out early
	Closes     bool          `json:"closes,omitempty"`
	Buyer      id.Customer   `json:"buyer,omitempty"` // of an offer

	// Yield is what a certificate brings its buyer a year, at the price; Yields says whether there is such a figure. They
	// follow from the rest, so the quote that is sealed has them not.
	Yield  interest.Rate `json:"-"`
	Yields bool          `json:"-"`
}

// Quote is a checked act that awaits its proof. The client carries it sealed.
type Quote struct {
	ID        id.Intent   `json:"id"`
	Customer  id.Customer `json:"customer"`
	Session   id.Session  `json:"session"`
	Draft     Draft       `json:"draft"`
	Outcome   Outcome     `json:"outcome"`
	Day       clock.Date  `json:"day"` // what it says is so on this business date
	ExpiresAt time.Time   `json:"expiresAt"`

	Token string `json:"-"` // the sealed quote
}

// Hash is what a passkey signs: of every field of the quote.
func (q Quote) Hash() ([]byte, error) {
	text, err := json.Marshal(q)
	if err != nil {
		return nil, fmt.Errorf("hash quote: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}

// Check says what exactly an act would do, as things stand, and seals it. Nothing is used up.
func (s *Service) Check(ctx context.Context, by act.By, d Draft) (Quote, error) {
	if err := d.check(); err != nil {
		return Quote{}, err
	}
	var q Quote
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := s.Days.Current(ctx, tx)
		if err != nil {
			return err
		}
		out, err := s.outcome(ctx, tx, by, d, today)
		q = Quote{ID: id.New[id.Intent](tx.Now()), Customer: by.Customer(), Session: by.Session, Draft: d, Outcome: out, Day: today,
			ExpiresAt: tx.Now().Add(quoteLife)}
		return err
	})
	if err != nil {
		return Quote{}, err
	}
	text, err := json.Marshal(q)
	if err != nil {
		return Quote{}, fmt.Errorf("seal quote: %w", err)
	}
	q.Token = s.Tokens.SealToken(crypto.Intent, text, quoteBound)
	return q, nil
}

// OpenQuote reads a quote that Check sealed, or refuses it with ErrQuote.
func (s *Service) OpenQuote(token string) (Quote, error) {
	text, err := s.Tokens.OpenToken(crypto.Intent, token, quoteBound)
	if err != nil {
		return Quote{}, ErrQuote.At("/quote")
	}
	var q Quote
	if err := json.Unmarshal(text, &q); err != nil {
		return Quote{}, fmt.Errorf("read quote: %w", err)
	}
	q.Token = token
	return q, nil
}

func (d Draft) check() error {
	moves := d.Kind == DraftOpen || d.Kind == DraftAdd || d.Kind == DraftWithdraw || d.Kind == DraftOffer
	switch {
	case moves && !d.Amount.IsPositive() && !(d.Kind == DraftWithdraw && d.Closes && d.Amount.IsZero()):
		return ErrDraft.At("/amount")
	case d.Kind == DraftOpen && (d.Product == "" || d.Linked == ""):
		return ErrDraft.At("/productCode")
	case d.Kind == DraftBuy && (d.Offer == "" || d.Linked == ""):
		return ErrDraft.At("/offerId")
	case d.Kind != DraftOpen && d.Kind != DraftBuy && d.Deposit == "":
		return ErrDraft.At("/depositId")
	case d.Kind == DraftOffer && d.Buyer == "":
		return ErrDraft.At("/buyerAccountNumber")
	}
	return d.Plan.check()
}

// outcome decides an act without doing it.
func (s *Service) outcome(ctx context.Context, tx *db.Tx, by act.By, d Draft, today clock.Date) (Outcome, error) {
	switch d.Kind {
	case DraftOpen:
		c, err := s.newContract(ctx, tx, by, d, today, "")
		if err != nil {
			return Outcome{}, err
		}
		return c.opening(d.Amount)
	case DraftBuy:
		return s.buying(ctx, tx, by, d, today)
	}
	rows, err := contractsOf(ctx, tx, by.Customer(), d.Deposit)
	if err != nil {
		return Outcome{}, err
	}
	if len(rows) == 0 {
		return Outcome{}, ErrDeposit
	}
	c := &rows[0]
	if c.State != Open {
		return Outcome{}, ErrClosed
	}
	zero := money.Zero(c.Currency)
	plain := Outcome{Amount: d.Amount, Interest: zero, Tax: zero, Rate: c.Rate, MaturesOn: c.MaturesOn, AtMaturity: zero, Lost: zero}
	switch d.Kind {
	case DraftAdd:
		return plain, c.mayAdd(d.Amount)
	case DraftPlan:
		plain.Amount = zero
		return plain, c.mayPlan()
	case DraftOffer:
		return s.offering(ctx, tx, c, d, plain, today)
	}
	return s.withdrawing(ctx, tx, c, d, today)
}

// opening is what a new deposit would come to.
func (c *Contract) opening(amount money.Amount) (Outcome, error) {
	zero := money.Zero(c.Currency)
	out := Outcome{Amount: amount, Interest: zero, Tax: zero, Rate: c.Rate, MaturesOn: c.MaturesOn, AtMaturity: zero, Lost: zero}
	var err error
	switch c.Kind {
	case catalog.Term, catalog.Certificate:
		out.AtMaturity, err = c.atMaturity()
	case catalog.Instalment:
		out.AtMaturity, err = c.planned()
	}
	return out, err
}

// planned is the interest of an instalment plan whose every sum comes on its date.
func (c *Contract) planned() (money.Amount, error) {
	sum := money.Zero(c.Currency)
	for month := range c.terms.Deposit.Months {
		days := c.MaturesOn.Sub(c.PeriodFrom.AddMonths(month))
		more, err := c.Monthly.MulFraction(int64(days), 1, money.Down)
		if err != nil {
			return sum, err
		}
		if sum, err = sum.Add(more); err != nil {
			return sum, err
		}
	}
	part, err := c.sumPart(PartTerm, sum, c.PeriodFrom, c.MaturesOn, c.Rate)
	return part.Interest, err
}

// withdrawing is what taking an amount out would come to, and what is lost by not waiting.
func (s *Service) withdrawing(ctx context.Context, tx *db.Tx, c *Contract, d Draft, today clock.Date) (Outcome, error) {
	was := c.Position
	how, err := s.noticed(ctx, tx, c, d, today)
	if err != nil {
		return Outcome{}, err
	}
	w, err := s.withdrawal(ctx, tx, c, d.Amount, today, how)
	if err != nil {
		return Outcome{}, err
	}
	zero := money.Zero(c.Currency)
	out := Outcome{Amount: w.amount, Interest: w.payout.earned, Tax: w.payout.tax, Parts: w.parts, Rate: was.Rate, MaturesOn: was.MaturesOn,
		AtMaturity: zero, Lost: zero, Closes: w.closes}
	early := !was.MaturesOn.IsZero() && today.Before(was.MaturesOn)
	if !early || c.terms.Interest.Method != catalog.ByContract {
		return out, nil
	}
	was.terms, was.Principal = c.terms, d.Amount
	if out.AtMaturity, err = was.atMaturity(); err != nil {
		return out, err
	}
	out.Lost, err = out.AtMaturity.Sub(out.Interest)
	return out, err
}

// newContract is a contract under today's terms and rates, not kept yet.
func (s *Service) newContract(ctx context.Context, tx *db.Tx, by act.By, d Draft, today clock.Date, account id.Account) (Contract, error) {
	linked, err := s.linked(ctx, tx, by, d.Linked, d.Amount.Currency())
	if err != nil {
		return Contract{}, err
	}
	v, err := s.Catalog.InForce(ctx, tx, d.Product, today)
	if err != nil {
		return Contract{}, err
	}
	terms := v.Terms.Deposit
	switch {
	case v.Kind == catalog.Current:
		return Contract{}, catalog.ErrNoProduct.At("/productCode")
	case v.Terms.Currency != linked.Currency:
		return Contract{}, ErrLinked.At("/accountId")
	case d.Amount.Minor() < terms.Least.Minor():
		return Contract{}, ErrLeast.At("/amount").With("least", terms.Least.String())
	}
	rollover := d.Rollover
	if rollover == "" {
		rollover = terms.Rollovers[0]
	}
	if !slices.Contains(terms.Rollovers, rollover) {
		return Contract{}, ErrRollover.At("/rollover")
	}
	rates, err := s.Catalog.Rates(ctx, tx, today)
	if err != nil {
		return Contract{}, err
	}
	rate, found := rates.For(d.Product, d.Amount)
	if !found {
		return Contract{}, catalog.ErrNoRate.At("/amount")
	}
	zero := money.Zero(v.Terms.Currency)
	c := Contract{Linked: linked.ID, Rollover: rollover, OpenedOn: today, Monthly: zero, Position: Position{
		Account: account, Customer: by.Customer(), Product: v.Product, TermsVersion: v.Number, Kind: v.Kind, Currency: v.Terms.Currency,
		Branch: linked.Branch, State: Open, Principal: zero, Rate: rate, Demand: rates.Floating(terms.Demand), terms: v.Terms,
	}}
	c.begin(today)
	c.AccruedTo = clock.Date{}
	c.arrange(d, today)
	return c, nil
}

// arrange sets what depends on the kind of deposit.
func (c *Contract) arrange(d Draft, today clock.Date) {
	zero := money.Zero(c.Currency)
	c.Plan = Plan{Target: zero, RoundTo: zero, Monthly: zero}
	terms := c.terms.Deposit
	if c.terms.Interest.Method == catalog.ByContract {
		c.Principal = d.Amount
	}
	if terms.Months > 0 {
		c.MaturesOn = interest.Maturity(today, terms.Months)
	}
	switch c.Kind {
	case catalog.Instalment:
		c.Monthly, c.CollectOn, c.Collected = d.Amount, today.AddMonths(1), 1
	case catalog.Pot:
		c.setPlan(d.Plan, today)
	}
}

// linked is the current account that a deposit comes from and goes to: the caller's own, open, of class I or II.
func (s *Service) linked(ctx context.Context, tx *db.Tx, by act.By, account id.Account, currency money.Currency) (Account, error) {
	row, found, err := accountOf(ctx, tx, by.Customer(), account)
	if err != nil {
		return Account{}, err
	}
	if !found {
		return Account{}, ErrNotFound.At("/accountId")
	}
	const classMost = 2 // class III buys no deposits (银发〔2016〕261号)
	if row.State != Open || row.Class > classMost || row.Currency != currency {
		return Account{}, ErrLinked.At("/accountId")
	}
	return row.Account, nil
}
