package mobile

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

func (h *handlers) homeRoutes() {
	api.Add(h.router, get("/home", "home", "home", "The whole home screen in one request", myself), h.home)
}

const recentMost = 5 // transactions on the home screen

// home composes the screen in one view of the database, so that the total is the sum of the accounts shown beside it,
// and so that one connection and one transaction serve all of it.
func (h *handlers) home(ctx context.Context, _ *none) (*answer[home], error) {
	by := api.By(ctx)
	var out home
	var p customer.Profile
	var holdings []deposit.Holding
	err := h.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		if p, err = h.Customers.ProfileIn(ctx, tx, by.Customer()); err != nil {
			return err
		}
		out.Me = newMe(p)
		if holdings, err = h.Deposits.Holdings(ctx, tx, by.Customer()); err != nil {
			return err
		}
		waiting, err := h.savings(ctx, tx, by, &out)
		if err != nil {
			return err
		}
		if err := h.wealth(ctx, tx, by, holdings, &out); err != nil {
			return err
		}
		if out.Unread, err = h.Messages.UnreadIn(ctx, tx, by.Customer()); err != nil {
			return err
		}
		out.ToDos, err = h.toDos(ctx, tx, by, known{p, holdings, list(waiting, newDepositToDo(api.CallOf(ctx).Locale))})
		return err
	})
	if err != nil {
		return nil, err
	}
	return with(out, nil)
}

// savings fills what the person's deposits hold, and answers what of them waits for him.
func (h *handlers) savings(ctx context.Context, tx *db.Tx, by act.By, out *home) ([]deposit.Waiting, error) {
	held, err := h.Deposits.Contracts(ctx, tx, by.Customer())
	if err != nil {
		return nil, err
	}
	saved, accrued, err := deposit.Saved(held, money.CNY)
	if err != nil {
		return nil, fmt.Errorf("total of deposits: %w", err)
	}
	out.Saved, out.Accrued = api.MoneyOf(saved), api.MoneyOf(accrued)
	return h.Deposits.Waiting(ctx, tx, by.Customer(), held)
}

func newDepositToDo(l i18n.Locale) func(deposit.Waiting) toDo {
	return func(w deposit.Waiting) toDo {
		amount := api.MoneyOf(w.Amount)
		return toDo{Kind: w.Kind, DepositID: string(w.Deposit), Name: w.Name.Name(l), On: day(w.On), Days: w.Days, Amount: &amount}
	}
}

// wealth fills what the person has, what of it he may move today, and what happened last.
func (h *handlers) wealth(ctx context.Context, tx *db.Tx, by act.By, holdings []deposit.Holding, out *home) error {
	var err error
	if out.Accounts, err = h.newAccounts(ctx, tx, open(holdings)); err != nil {
		return err
	}
	if out.Total, err = total(holdings); err != nil {
		return err
	}
	if err := h.approximate(ctx, tx, holdings, out); err != nil {
		return err
	}
	recent, err := h.Payments.Recent(ctx, tx, by.Customer(), holdings, recentMost)
	if err != nil {
		return err
	}
	out.Recent = h.newTransactions(ctx, recent)
	out.Limits, err = h.limitsIn(ctx, tx, by, holdings)
	return err
}

func open(all []deposit.Holding) []deposit.Holding {
	out := make([]deposit.Holding, 0, len(all))
	for _, x := range all {
		if x.State == deposit.Open {
			out = append(out, x)
		}
	}
	return out
}

// total adds up what the accounts in the home currency hold.
func total(all []deposit.Holding) (api.Money, error) {
	sum := money.Zero(money.CNY)
	for _, x := range open(all) {
		if x.Currency != money.CNY {
			continue
		}
		var err error
		if sum, err = sum.Add(x.Balance.Booked); err != nil {
			return api.Money{}, fmt.Errorf("total of accounts: %w", err)
		}
	}
	return api.MoneyOf(sum), nil
}

// approximate adds what accounts in other currencies are about worth in yuan, where there are any and their rates are known.
func (h *handlers) approximate(ctx context.Context, tx *db.Tx, holdings []deposit.Holding, out *home) error {
	var amounts []money.Amount
	others := false
	for _, x := range open(holdings) {
		amounts = append(amounts, x.Balance.Booked)
		others = others || x.Currency != money.CNY
	}
	if !others {
		return nil
	}
	sum, known, err := h.Exchange.InYuan(ctx, tx, amounts)
	if err == nil && known {
		about := api.MoneyOf(sum)
		out.Approximate = &about
	}
	return err
}

// Things to do, in the order of their weight.
const (
	toDoUnfreeze    = "unfreeze"      // the customer froze himself
	toDoFrozen      = "frozen"        // the bank froze the customer: call
	toDoVerify      = "verify"        // not verified yet
	toDoReverify    = "verify_again"  // a verification was refused
	toDoVerifyWaits = "verify_waits"  // a verification is being looked at
	toDoAccount     = "open_account"  // verified and without an account
	toDoPIN         = "set_pin"       // an account and no payment PIN
	toDoPasskey     = "add_passkey"   // safer and quicker than passwords
	toDoLevel       = "verify_higher" // verified by number only: document and face are missing
	toDoIdentify    = "identify"      // a document is asked for, because class III accounts moved much
	toDoIdentifyNow = "identify_now"  // it did not come in time: these accounts stand still
	toDoConsent     = "consent"       // a necessary text has a new version
	toDoStay        = "stay"          // is leaving, and may still stay
)

// known is what the steps are chosen by.
type known struct {
	profile    customer.Profile
	holdings   []deposit.Holding
	ofDeposits []toDo // what of the deposits waits
}

// toDos are the next steps that lead somewhere, the weightiest first; what of the deposits waits has its day and comes
// before what can be done on any.
func (h *handlers) toDos(ctx context.Context, tx *db.Tx, by act.By, k known) ([]toDo, error) {
	p, holdings := k.profile, k.holdings
	out := []toDo{}
	add := func(when bool, kind string) {
		if when {
			out = append(out, toDo{Kind: kind})
		}
	}
	add(p.State == customer.Frozen && p.FrozenBy == customer.ByCustomer, toDoUnfreeze)
	add(p.State == customer.Frozen && p.FrozenBy == customer.ByBank, toDoFrozen)
	add(p.State == customer.Closing, toDoStay)
	consents, err := h.Customers.ConsentsIn(ctx, tx, by.Customer())
	if err != nil {
		return nil, err
	}
	add(stale(consents), toDoConsent)
	asked, asks, err := h.Deposits.Identification(ctx, tx, by.Customer())
	if err != nil {
		return nil, err
	}
	if asks {
		out = append(out, identifyToDo(asked))
	}
	out = append(out, k.ofDeposits...)
	if err := h.verificationToDo(ctx, tx, p, asks, add); err != nil {
		return nil, err
	}
	active := p.Level > customer.LevelNone && p.State == customer.Active
	has := len(open(holdings)) > 0
	add(active && !has, toDoAccount)
	if !has {
		return out, nil
	}
	return h.factorToDos(ctx, tx, by, out)
}

// stale says whether a necessary text that the person once agreed to has a newer version.
func stale(all []customer.Consent) bool {
	for _, c := range all {
		if c.Necessary && !c.Given {
			return true
		}
	}
	return false
}

func identifyToDo(asked deposit.Identification) toDo {
	if asked.State == deposit.IdentifyRestricted {
		return toDo{Kind: toDoIdentifyNow}
	}
	return toDo{Kind: toDoIdentify, Until: asked.DueOn.String()}
}

// verificationToDo adds the next step of the verification; one that a step before it asks for already is left out.
func (h *handlers) verificationToDo(ctx context.Context, tx *db.Tx, p customer.Profile, asked bool, add func(bool, string)) error {
	if p.Level >= customer.LevelFace || p.State == customer.Closing || p.State == customer.Closed {
		return nil
	}
	v, err := h.Customers.VerificationIn(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	waits := v.State == customer.Submitted || v.State == customer.ManualReview
	add(waits, toDoVerifyWaits)
	add(v.State == customer.Refused, toDoReverify)
	add(!waits && v.State != customer.Refused && p.Level == customer.LevelNone, toDoVerify)
	add(!waits && v.State != customer.Refused && p.Level > customer.LevelNone && !asked, toDoLevel)
	return nil
}

func (h *handlers) factorToDos(ctx context.Context, tx *db.Tx, by act.By, out []toDo) ([]toDo, error) {
	pin, err := h.Auth.PINIn(ctx, tx, auth.Principal(by.Customer()))
	if err != nil {
		return nil, err
	}
	if !pin.Set {
		out = append(out, toDo{Kind: toDoPIN})
	}
	keys, err := h.Auth.PasskeysIn(ctx, tx, auth.Principal(by.Actor))
	if err != nil {
		return nil, err
	}
	if len(keys) == 0 {
		out = append(out, toDo{Kind: toDoPasskey})
	}
	return out, nil
}

type home struct {
	Me    me        `json:"me" doc:"Whom to greet"`
	Total api.Money `json:"total" doc:"Booked on all open accounts in yuan"`
	// Approximate is for people to look at, and for nothing else.
	Approximate *api.Money    `json:"approximate,omitempty" doc:"About what all open accounts hold in yuan, other currencies at middle rates; absent when all are in yuan"`
	Accounts    []account     `json:"accounts" doc:"Open ones"`
	Saved       api.Money     `json:"saved" doc:"On all open deposits in yuan, beside the total of the accounts"`
	Accrued     api.Money     `json:"accrued" doc:"What these have earned so far, before tax"`
	ToDos       []toDo        `json:"toDos" doc:"The weightiest first"`
	Recent      []transaction `json:"recent" doc:"The latest five"`
	Unread      int64         `json:"unread" doc:"Messages"`
	Limits      limits        `json:"limits"`
}

// toDo is a next step; the app knows the screen for each kind.
type toDo struct {
	Kind  string `json:"kind" enum:"unfreeze,frozen,stay,consent,identify,identify_now,verify,verify_again,verify_waits,verify_higher,open_account,set_pin,add_passkey,deposit_matures,deposit_matured,instalment_missed,notice_due,deposit_offered"`
	Until string `json:"until,omitempty" format:"date" doc:"Last day for it, where there is one"`
	// The rest says which deposit, for those that are about one.
	DepositID string     `json:"depositId,omitempty"`
	Name      string     `json:"name,omitempty" doc:"Of the product"`
	On        string     `json:"on,omitempty" format:"date"`
	Days      int        `json:"days,omitempty" doc:"Until then; absent for today"`
	Amount    *api.Money `json:"amount,omitempty"`
}
