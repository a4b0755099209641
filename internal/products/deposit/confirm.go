package deposit

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Confirmation proves a quote.
type Confirmation struct {
	Key        string      // the client's, made when the form opened
	Quote      string      // sealed
	Method     auth.Method // MethodNone asks what became of a confirmation whose answer was lost
	PIN        crypto.Secret
	Challenge  id.Challenge // of a passkey
	Credential []byte       // the passkey's answer
}

// MethodNone proves nothing: with it a repeated confirmation is answered, and a first one refused with ErrProof.
const MethodNone auth.Method = "none"

// Operations of package once.
const (
	confirmOperation = "deposit.confirm"
	quoteOperation   = "deposit.quote"
)

// Confirm does what a quote says, once, when it is proved, and answers the deposit. Repeating the key answers the same
// deposit, without a proof too: whoever lost an answer asks again so. A refusal uses neither key nor quote up: a wrong PIN
// is counted, and nothing else of it is kept.
func (s *Service) Confirm(ctx context.Context, by act.By, x Confirmation) (id.Account, error) {
	q, err := s.OpenQuote(x.Quote)
	if err != nil {
		return "", err
	}
	if q.Customer != by.Customer() {
		return "", ErrQuote.At("/quote")
	}
	hash, err := q.Hash()
	if err != nil {
		return "", err
	}
	var done id.Account
	var refused error
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		today, err := s.Days.Today(ctx, tx)
		if err != nil {
			return err
		}
		entity := q.entity(tx)
		keys := q.keys(x.Key, entity)
		if err := keys[0].Check(); err != nil {
			return err
		}
		claims, err := once.Claimed(ctx, tx, keys)
		if err != nil {
			return err
		}
		if again, err := repeated(claims); again != "" || err != nil {
			done = again
			return err
		}
		if x.Method == MethodNone {
			return ErrProof
		}
		if q.Session != by.Session || tx.Now().After(q.ExpiresAt) || q.Day != today {
			return ErrQuoteOld
		}
		proofs, err := s.Proofs.Prove(ctx, tx, []auth.Proof{{By: by, Method: x.Method, PIN: x.PIN, Challenge: x.Challenge, Credential: x.Credential, Hash: hash}})
		if err != nil {
			return err
		}
		if refused = proofs[0].Err; refused != nil {
			return once.Release(ctx, tx, keys)
		}
		done = entity
		return s.apply(ctx, tx, by, q, entity, today)
	})
	return done, errors.Join(err, refused)
}

// entity is the deposit that a quote is about; a new one when it makes one.
func (q Quote) entity(tx *db.Tx) id.Account {
	if q.Draft.Kind == DraftOpen || q.Draft.Kind == DraftBuy {
		return id.New[id.Account](tx.Now())
	}
	return q.Draft.Deposit
}

// keys claim the client's key and the quote itself, so that it serves once.
func (q Quote) keys(key string, entity id.Account) []once.Key {
	body := sha256.Sum256([]byte(q.ID))
	return []once.Key{
		{Principal: string(q.Customer), Operation: confirmOperation, Key: key, Body: body, Entity: string(entity)},
		{Principal: string(q.Customer), Operation: quoteOperation, Key: string(q.ID), Body: body, Entity: string(entity)},
	}
}

// repeated answers what the first use of a key made; empty when this is the first.
func repeated(claims []once.Claim) (id.Account, error) {
	switch key, quote := claims[0], claims[1]; {
	case key.Err != nil:
		return "", key.Err
	case !key.First:
		return id.Account(key.Entity), nil
	case !quote.First:
		return "", ErrQuoteUsed
	}
	return "", nil
}

// apply does what a quote says, if it is still so.
func (s *Service) apply(ctx context.Context, tx *db.Tx, by act.By, q Quote, entity id.Account, today clock.Date) error {
	blocked, err := s.Blocks.Blocked(ctx, tx, []id.Customer{q.Customer})
	if err != nil {
		return err
	}
	if err := blocked[q.Customer]; err != nil {
		return err
	}
	d := q.Draft
	switch d.Kind {
	case DraftOpen:
		err = s.openContract(ctx, tx, by, q, entity, today)
	case DraftBuy:
		err = s.buy(ctx, tx, by, q, entity, today)
	default:
		err = s.change(ctx, tx, by, q, today)
	}
	if err != nil {
		return err
	}
	return s.Audit.Append(ctx, tx, []audit.Record{{By: by, Act: "deposit." + string(d.Kind), Subject: string(entity), Customer: q.Customer,
		Outcome: audit.Done, Detail: map[string]string{"quote": string(q.ID), "product": d.Product}}})
}

// openContract makes a deposit: its account in the books, its terms, and the money on it.
func (s *Service) openContract(ctx context.Context, tx *db.Tx, by act.By, q Quote, entity id.Account, today clock.Date) error {
	have, err := countContracts(ctx, tx, q.Customer)
	if err != nil {
		return err
	}
	if have >= contractsMax {
		return ErrMany
	}
	c, err := s.newContract(ctx, tx, by, q.Draft, today, entity)
	if err != nil {
		return err
	}
	out, err := c.opening(q.Draft.Amount)
	if err != nil {
		return err
	}
	if out.Rate != q.Outcome.Rate || out.AtMaturity != q.Outcome.AtMaturity || out.MaturesOn != q.Outcome.MaturesOn {
		return ErrQuoteOld
	}
	if err := s.keep(ctx, tx, &c); err != nil {
		return err
	}
	j := ledger.Journal{Act: "deposit.open", Reference: string(entity), By: by,
		Lines: (entries{}).debit(string(c.Linked), q.Draft.Amount).credit(string(entity), q.Draft.Amount)}
	if err := s.move(ctx, tx, j); err != nil {
		return err
	}
	return s.fact(ctx, tx, by, string(entity), today, event.DepositOpened{Deposit: entity, Customer: c.Customer, Product: c.Product, Amount: q.Draft.Amount})
}

// keep writes a new contract, and opens its account in the books.
func (s *Service) keep(ctx context.Context, tx *db.Tx, c *Contract) error {
	var err error
	if c.name, err = s.Vault.SealText(ctx, tx, string(c.Customer), planIn(c.Account), c.Plan.Name); err != nil {
		return fmt.Errorf("seal name of a goal: %w", err)
	}
	if err := insertPosition(ctx, tx, c.Position); err != nil {
		return fmt.Errorf("keep position: %w", err)
	}
	if err := insertContract(ctx, tx, *c); err != nil {
		return fmt.Errorf("keep contract: %w", err)
	}
	err = s.Books.Open(ctx, tx, []ledger.Account{{
		ID: string(c.Account), Kind: ledger.Guarded, Code: headingsOf(c.Kind).control, Currency: c.Currency, Branch: c.Branch,
		Owner: string(c.Customer), OpenedAt: tx.Now(),
	}})
	if err != nil {
		return fmt.Errorf("open deposit in the books: %w", err)
	}
	return nil
}

// move books one journal, or answers why the books refuse it.
func (s *Service) move(ctx context.Context, tx *db.Tx, j ledger.Journal) error {
	outcomes, err := s.Daybook.Post(ctx, tx, []ledger.Journal{j})
	if err != nil {
		return err
	}
	return outcomes[0].Err
}

// change does what a quote says with a deposit that there is.
func (s *Service) change(ctx context.Context, tx *db.Tx, by act.By, q Quote, today clock.Date) error {
	c, err := s.lockContract(ctx, tx, by, q.Draft.Deposit)
	if err != nil {
		return err
	}
	d := q.Draft
	switch d.Kind {
	case DraftAdd:
		err = s.add(ctx, tx, by, c, d)
	case DraftPlan:
		if err = c.mayPlan(); err == nil {
			c.setPlan(d.Plan, today)
			c.name, err = s.Vault.SealText(ctx, tx, string(c.Customer), planIn(c.Account), c.Plan.Name)
		}
	case DraftOffer:
		return s.offer(ctx, tx, by, c, q, today)
	case DraftWithdraw:
		err = s.withdraw(ctx, tx, by, c, q, today)
	default:
		err = ErrDraft
	}
	if err != nil {
		return err
	}
	return s.saveContracts(ctx, tx, []*Contract{c})
}

// lockContract locks an open deposit of the caller's, with its terms.
func (s *Service) lockContract(ctx context.Context, tx *db.Tx, by act.By, account id.Account) (*Contract, error) {
	rows, err := lockContracts(ctx, tx, []string{string(account)})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || rows[0].Customer != by.Customer() {
		return nil, ErrDeposit
	}
	c := &rows[0]
	if c.State != Open {
		return nil, ErrClosed
	}
	v, err := s.Catalog.Version(ctx, tx, c.Product, c.TermsVersion)
	if err != nil {
		return nil, err
	}
	c.terms = v.Terms
	return c, nil
}

func (s *Service) withdraw(ctx context.Context, tx *db.Tx, by act.By, c *Contract, q Quote, today clock.Date) error {
	how, err := s.noticed(ctx, tx, c, q.Draft, today)
	if err != nil {
		return err
	}
	w, err := s.withdrawal(ctx, tx, c, q.Draft.Amount, today, how)
	if err != nil {
		return err
	}
	if w.payout.earned != q.Outcome.Interest || w.payout.tax != q.Outcome.Tax || w.closes != q.Outcome.Closes {
		return ErrQuoteOld
	}
	if how.notice != "" {
		if err := setNotice(ctx, tx, how.notice, noticeUsed); err != nil {
			return err
		}
	}
	return s.draw(ctx, tx, by, c, w, "deposit.withdraw", today)
}

// mayAdd says whether money can be paid in: any sum into a pot, one missed instalment into a plan.
func (c *Contract) mayAdd(amount money.Amount) error {
	switch {
	case c.Kind == catalog.Pot:
		return nil
	case c.Kind == catalog.Instalment && c.Pending == 1 && !c.Breached && amount == c.Monthly:
		return nil
	}
	return ErrAdd
}

func (s *Service) add(ctx context.Context, tx *db.Tx, by act.By, c *Contract, d Draft) error {
	if err := c.mayAdd(d.Amount); err != nil {
		return err
	}
	if c.Kind == catalog.Instalment {
		c.Pending, c.Collected = 0, c.Collected+1
	}
	return s.move(ctx, tx, ledger.Journal{Act: "deposit.add", Reference: string(c.Account), By: by,
		Lines: (entries{}).debit(string(c.Linked), d.Amount).credit(string(c.Account), d.Amount)})
}

// fact publishes a fact of deposits.
func (s *Service) fact(ctx context.Context, tx *db.Tx, by act.By, subject string, today clock.Date, f event.Fact) error {
	return s.Events.Publish(ctx, tx, []bus.Event{event.New(tx.Now(), event.Header{Subject: subject, BusinessDate: today, Trace: by.Trace}, f)})
}
