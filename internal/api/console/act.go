package console

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// actionRaise is to ask for limits above what a customer could set himself.
const actionRaise access.Permission = "deposit.raise_limit"

// actRoutes ask for acts that others must agree to: on an account, or about a customer.
func (h *handlers) actRoutes() {
	r := h.router
	watch := []access.Purpose{access.Risk, access.Complying}
	ask := func(path, name, summary string, p access.Permission, purposes ...access.Purpose) api.Route {
		return api.Created(api.Post(path, "acts", name, summary, once(may(p, purposes...))))
	}
	api.Add(r, ask("/accounts/{id}/restraints", "requestRestraint", "Ask for an account, or an amount on it, to be restrained", deposit.ActionRestrain, watch...), h.requestRestraint)
	api.Add(r, ask("/accounts/{id}/restraints/end", "requestLifting", "Ask for a restraint to be lifted", deposit.ActionThaw, watch...), h.requestLifting)
	api.Add(r, ask("/customers/{id}/limits", "requestLimits", "Ask for limits above what the customer could set himself", actionRaise, access.ServingPeople), h.requestLimits)
	api.Add(r, ask("/customers/{id}/exports", "requestExport", "Ask for a copy of a customer's data for an authority", customer.ActionExport, access.Complying), h.requestExport)
	api.Add(r, ask("/customers/{id}/name", "requestName", "Ask for a change of name by law; the register is asked first", customer.ActionRename, access.ServingPeople, access.Operating), h.requestName)
}

// accountOf finds an account whose holder the caller reaches, and asks whether he may do this with it.
func (h *handlers) accountOf(ctx context.Context, p access.Permission, which string) (deposit.Account, error) {
	account, err := api.ParseID[id.Account](which, "id")
	if err != nil {
		return deposit.Account{}, err
	}
	var a deposit.Account
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		found, err := h.Deposits.Accounts(ctx, tx, []id.Account{account})
		a = found[account]
		return err
	})
	if err != nil {
		return deposit.Account{}, err
	}
	if a.ID == "" {
		return deposit.Account{}, deposit.ErrNotFound
	}
	_, err = h.reach(ctx, p, a.Customer)
	return a, err
}

func (h *handlers) requestRestraint(ctx context.Context, in *api.OfIDWith[restraintOrder]) (*api.Answer[request], error) {
	a, err := h.accountOf(ctx, deposit.ActionRestrain, in.ID)
	if err != nil {
		return nil, err
	}
	o := deposit.Order{Account: a.ID, Kind: ledger.RestraintKind(in.Body.Kind), Authority: in.Body.Authority, Reference: in.Body.Reference}
	if in.Body.Amount != nil {
		amount, err := in.Body.Amount.Parse("/amount")
		if err != nil {
			return nil, err
		}
		o.Minor = amount.Minor()
	}
	if in.Body.Until != nil {
		o.Until = *in.Body.Until
	}
	return h.ask(ctx, deposit.ApprovalRestrain, in.Body.Reason, o)
}

func (h *handlers) requestLifting(ctx context.Context, in *api.OfIDWith[liftingOrder]) (*api.Answer[request], error) {
	a, err := h.accountOf(ctx, deposit.ActionThaw, in.ID)
	if err != nil {
		return nil, err
	}
	which, err := api.ParseID[id.Freeze](in.Body.Restraint, "/restraint")
	if err != nil {
		return nil, err
	}
	return h.ask(ctx, deposit.ApprovalThaw, in.Body.Reason, deposit.Lifting{Account: a.ID, Restraint: which, Reference: in.Body.Reference})
}

// about reads the customer of a path, within reach.
func (h *handlers) about(ctx context.Context, p access.Permission, which string) (id.Customer, error) {
	who, err := api.ParseID[id.Customer](which, "id")
	if err != nil {
		return "", err
	}
	_, err = h.reach(ctx, p, who)
	return who, err
}

func (h *handlers) requestLimits(ctx context.Context, in *api.OfIDWith[limitsWish]) (*api.Answer[request], error) {
	who, err := h.about(ctx, actionRaise, in.ID)
	if err != nil {
		return nil, err
	}
	single, err := in.Body.Single.Parse("/single")
	if err != nil {
		return nil, err
	}
	daily, err := in.Body.Daily.Parse("/daily")
	if err != nil {
		return nil, err
	}
	return h.ask(ctx, deposit.ApprovalRaise, in.Body.Reason, deposit.AgreedLimit{Customer: who, SingleMinor: single.Minor(), DailyMinor: daily.Minor()})
}

func (h *handlers) requestExport(ctx context.Context, in *api.OfIDWith[exportOrder]) (*api.Answer[request], error) {
	who, err := h.about(ctx, customer.ActionExport, in.ID)
	if err != nil {
		return nil, err
	}
	return h.ask(ctx, customer.ApprovalExport, in.Body.Reason, customer.BankCopy{Customer: who, Authority: in.Body.Authority, Reference: in.Body.Reference})
}

func (h *handlers) requestName(ctx context.Context, in *api.OfIDWith[nameWish]) (*api.Answer[request], error) {
	who, err := h.about(ctx, customer.ActionRename, in.ID)
	if err != nil {
		return nil, err
	}
	n := customer.NameChange{Customer: who, Name: in.Body.Name, Document: in.Body.Document}
	if err := h.Customers.AskRegister(ctx, n); err != nil {
		return nil, err
	}
	return h.ask(ctx, customer.ApprovalRename, in.Body.Reason, n)
}

// counter is who serves a customer at the counter, for the services: the act is the teller's, on behalf of the customer,
// in the channel of the branch.
func counter(ctx context.Context, who id.Customer) act.By {
	by := api.By(ctx)
	by.OnBehalfOf, by.Channel = who, act.Branch
	return by
}

type restraintOrder struct {
	Kind      string     `json:"kind" enum:"no_entry_no_exit,entry_only,amount" doc:"In the order of their strength"`
	Amount    *api.Money `json:"amount,omitempty" doc:"For the kind amount, and for no other"`
	Authority string     `json:"authority" minLength:"1" maxLength:"80" doc:"Who orders it: a court, the police, the bank itself"`
	Reference string     `json:"reference" minLength:"1" maxLength:"80" doc:"Number of the order"`
	Until     *instant   `json:"until,omitempty" doc:"Until it is lifted when missing"`
	Reason    string     `json:"reason" minLength:"2" maxLength:"200"`
}

type liftingOrder struct {
	Restraint string `json:"restraint" maxLength:"64"`
	Reference string `json:"reference" minLength:"1" maxLength:"80" doc:"Number of the order that ends it"`
	Reason    string `json:"reason" minLength:"2" maxLength:"200"`
}

type limitsWish struct {
	Single api.Money `json:"single" doc:"Of one payment"`
	Daily  api.Money `json:"daily" doc:"Of a day"`
	Reason string    `json:"reason" minLength:"2" maxLength:"200"`
}

type exportOrder struct {
	Authority string `json:"authority" minLength:"2" maxLength:"80" doc:"Who demands it"`
	Reference string `json:"reference" minLength:"1" maxLength:"80" doc:"Number of its letter"`
	Reason    string `json:"reason" minLength:"2" maxLength:"200"`
}

type nameWish struct {
	Name     string `json:"name" minLength:"2" maxLength:"64" doc:"The whole new name"`
	Document string `json:"document" minLength:"2" maxLength:"80" doc:"What shows it, and its number"`
	Reason   string `json:"reason" minLength:"2" maxLength:"200"`
}
