package console

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// shownMost is how many of each list stand on the page of a customer; the lists themselves have the rest.
const shownMost = 20

// customerPage composes everything about one person in one answer, masked. The look goes into the person's own log.
func (h *handlers) customerPage(ctx context.Context, in *api.OfID) (*api.Answer[customerWhole], error) {
	who, err := api.ParseID[id.Customer](in.ID, "id")
	if err != nil {
		return nil, err
	}
	c, err := h.reach(ctx, customer.ActionView, who)
	if err != nil {
		return nil, err
	}
	page := customerWhole{Person: newPerson(c)}
	for _, part := range []func(context.Context, id.Customer, *customerWhole) error{
		h.pageContacts, h.pageHoldings, h.pageDeposits, h.pageSecurity, h.pageVerification, h.pageHistory,
	} {
		if err := part(ctx, who, &page); err != nil {
			return nil, err
		}
	}
	err = h.DB.Write(ctx, func(tx *db.Tx) error {
		seen := customer.Access{Customer: who, Purpose: customer.AccessView, Fields: customer.FieldsMasked}
		return h.Customers.LogAccess(ctx, tx, api.By(ctx), []customer.Access{seen})
	})
	return api.With(page, err)
}

func (h *handlers) pageContacts(ctx context.Context, who id.Customer, page *customerWhole) error {
	return h.DB.Read(ctx, func(tx *db.Tx) error {
		contacts, err := h.Auth.Contacts(ctx, tx, auth.Principal(who))
		for _, c := range contacts {
			if c.Kind == auth.Phone {
				page.Phone = c.Masked()
			} else {
				page.Mail = c.Masked()
			}
		}
		return err
	})
}

// pageHoldings are the accounts with what stands on them, what is promised, and what restrains them.
func (h *handlers) pageHoldings(ctx context.Context, who id.Customer, page *customerWhole) error {
	page.Accounts = []account{}
	return h.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := h.Deposits.Holdings(ctx, tx, who)
		if err != nil {
			return err
		}
		for _, x := range all {
			a := newAccount(x)
			holds, err := h.Ledger.Holds(ctx, tx, string(x.ID))
			if err != nil {
				return err
			}
			restraints, err := h.Ledger.Restraints(ctx, tx, string(x.ID))
			if err != nil {
				return err
			}
			a.Holds, a.Restraints = api.List(holds, newHold), api.List(restraints, newRestraint)
			page.Accounts = append(page.Accounts, a)
		}
		return nil
	})
}

// pageDeposits are the customer's deposits, what he allows himself in the app, and what the bank was asked to do about him.
func (h *handlers) pageDeposits(ctx context.Context, who id.Customer, page *customerWhole) error {
	err := h.DB.Read(ctx, func(tx *db.Tx) error {
		held, err := h.Deposits.Contracts(ctx, tx, who)
		if err != nil {
			return err
		}
		locale := api.CallOf(ctx).Locale
		page.Deposits = api.List(held, func(x deposit.Held) heldDeposit { return newHeld(x, locale) })
		now, err := h.Deposits.OwnLimits(ctx, tx, who)
		page.Limits = ownLimits{api.MoneyOf(money.New(now.Single, money.CNY)), api.MoneyOf(money.New(now.Daily, money.CNY))}
		return err
	})
	if err != nil {
		return err
	}
	asked, err := h.Approvals.About(ctx, who, shownMost)
	page.Requests = api.List(asked, func(r approval.Request) aboutRequest {
		return aboutRequest{string(r.ID), r.Kind, string(r.State), string(r.Requester), r.MadeAt.UTC(), api.Instant(r.EndedAt)}
	})
	return err
}

func (h *handlers) pageSecurity(ctx context.Context, who id.Customer, page *customerWhole) error {
	devices, err := h.Auth.Devices(ctx, asOwner(who))
	if err != nil {
		return err
	}
	sessions, err := h.Auth.Sessions(ctx, asOwner(who))
	if err != nil {
		return err
	}
	tried, err := h.Auth.SignIns(ctx, asOwner(who), "", shownMost)
	if err != nil {
		return err
	}
	page.Devices = api.List(devices, func(d auth.Device) device {
		return device{string(d.ID), d.Name, d.MadeAt.UTC(), d.SeenAt.UTC()}
	})
	page.Sessions = len(sessions)
	page.SignIns = api.List(tried, func(a auth.Attempt) signInTry {
		out := signInTry{At: a.At.UTC(), Method: string(a.Method), Done: a.Done, Device: a.Name, Network: a.Network}
		if a.Code != "" {
			w := h.word(ctx, a.Code)
			out.Refusal = &w
		}
		return out
	})
	return nil
}

func (h *handlers) pageVerification(ctx context.Context, who id.Customer, page *customerWhole) error {
	v, err := h.Customers.Verification(ctx, asOwner(who))
	if err != nil {
		return err
	}
	page.Verification = verification{State: string(v.State), SubmittedAt: api.Instant(v.SubmittedAt), DecidedAt: api.Instant(v.DecidedAt)}
	if v.ID != "" {
		page.Verification.ID = string(v.ID)
	}
	if v.Code != "" {
		w := h.word(ctx, v.Code)
		page.Verification.Reason = &w
	}
	consents, err := h.Customers.Consents(ctx, asOwner(who))
	page.Consents = api.List(consents, func(c customer.Consent) consent {
		return consent{Purpose: string(c.Purpose), Given: c.Given, Version: c.GivenTo, At: api.Instant(c.At)}
	})
	return err
}

func (h *handlers) pageHistory(ctx context.Context, who id.Customer, page *customerWhole) error {
	messages, err := h.Messages.List(ctx, notify.Query{Customer: who, Locale: api.CallOf(ctx).Locale, Limit: shownMost})
	if err != nil {
		return err
	}
	page.Messages = api.List(messages, func(m notify.Message) message {
		return message{string(m.ID), m.Template, m.Title, m.At.UTC(), m.Read}
	})
	moved, err := h.Payments.Transactions(ctx, asOwner(who), payment.Filter{Limit: shownMost})
	if err != nil {
		return err
	}
	page.Transactions = api.List(moved.Items, newTransaction)
	log, err := h.Customers.AccessLog(ctx, asOwner(who), "", shownMost)
	if err != nil {
		return err
	}
	page.Looks = api.List(log, func(a customer.Access) lookAt {
		return lookAt{a.At.UTC(), string(a.Kind), a.Actor, h.word(ctx, a.Purpose), h.word(ctx, a.Fields)}
	})
	entries, err := h.Audit.List(ctx, audit.Query{Customer: who, Limit: shownMost})
	page.Timeline = api.List(entries, newRecord)
	return err
}

type customerWhole struct {
	Person       person         `json:"person"`
	Phone        string         `json:"phone,omitempty" doc:"Masked"`
	Mail         string         `json:"mail,omitempty" doc:"Masked"`
	Accounts     []account      `json:"accounts"`
	Deposits     []heldDeposit  `json:"deposits"`
	Limits       ownLimits      `json:"limits" doc:"What he allows himself in the app"`
	Requests     []aboutRequest `json:"requests" doc:"What staff asked to be done about him; what they say is for those whom it concerns"`
	Devices      []device       `json:"devices"`
	Sessions     int            `json:"sessions" doc:"Open now"`
	SignIns      []signInTry    `json:"signIns"`
	Verification verification   `json:"verification"`
	Consents     []consent      `json:"consents"`
	Messages     []message      `json:"messages"`
	Transactions []transaction  `json:"transactions"`
	Looks        []lookAt       `json:"looks" doc:"Who looked at this person, as the person reads it"`
	Timeline     []record       `json:"timeline" doc:"What was done by this person and for him"`
}

type account struct {
	ID         string      `json:"id"`
	Number     string      `json:"number" doc:"Masked"`
	Class      int         `json:"class"`
	Product    string      `json:"product"`
	Branch     string      `json:"branch"`
	State      string      `json:"state"`
	Booked     api.Money   `json:"booked"`
	Held       api.Money   `json:"held"`
	Frozen     api.Money   `json:"frozen"`
	Available  api.Money   `json:"available"`
	OpenedAt   instant     `json:"openedAt"`
	Holds      []hold      `json:"holds"`
	Restraints []restraint `json:"restraints"`
}

func newAccount(x deposit.Holding) account {
	return account{
		ID: string(x.ID), Number: deposit.MaskNumber(x.Number), Class: x.Class, Product: x.Product, Branch: x.Branch, State: string(x.State),
		Booked: api.MoneyOf(x.Balance.Booked), Held: api.MoneyOf(x.Balance.Held), Frozen: api.MoneyOf(x.Balance.Frozen),
		Available: api.MoneyOf(x.Balance.Available()), OpenedAt: x.OpenedAt.UTC(),
	}
}

type heldDeposit struct {
	ID        string    `json:"id"`
	Product   string    `json:"product"`
	Kind      string    `json:"kind"`
	State     string    `json:"state"`
	Balance   api.Money `json:"balance"`
	Rate      string    `json:"rate" doc:"Of a year, in percent"`
	Accrued   api.Money `json:"accrued" doc:"Interest so far, before tax"`
	OpenedOn  string    `json:"openedOn"`
	MaturesOn string    `json:"maturesOn,omitempty"`
}

func newHeld(x deposit.Held, locale i18n.Locale) heldDeposit {
	out := heldDeposit{
		ID: string(x.Account), Product: x.Terms.Name(locale), Kind: string(x.Kind), State: string(x.State), Balance: api.MoneyOf(x.Balance.Booked),
		Rate: x.Rate.Percent(), Accrued: api.MoneyOf(x.Accrued), OpenedOn: x.OpenedOn.String(),
	}
	if !x.MaturesOn.IsZero() {
		out.MaturesOn = x.MaturesOn.String()
	}
	return out
}

type ownLimits struct {
	Single api.Money `json:"single"`
	Daily  api.Money `json:"daily"`
}

type aboutRequest struct {
	ID        string   `json:"id"`
	Kind      string   `json:"kind"`
	State     string   `json:"state"`
	Requester string   `json:"requester"`
	MadeAt    instant  `json:"madeAt"`
	EndedAt   *instant `json:"endedAt,omitempty"`
}

type hold struct {
	ID        string    `json:"id"`
	Left      api.Money `json:"left"`
	Act       string    `json:"act"`
	Reference string    `json:"reference"`
	PlacedAt  instant   `json:"placedAt"`
	ExpiresAt *instant  `json:"expiresAt,omitempty"`
}

func newHold(x ledger.Hold) hold {
	return hold{string(x.ID), api.MoneyOf(x.Left), x.Act, x.Reference, x.PlacedAt.UTC(), api.Instant(x.ExpiresAt)}
}

type restraint struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind"`
	Amount    api.Money `json:"amount"`
	Act       string    `json:"act"`
	Reference string    `json:"reference"`
	PlacedAt  instant   `json:"placedAt"`
	ExpiresAt *instant  `json:"expiresAt,omitempty"`
}

func newRestraint(x ledger.Restraint) restraint {
	return restraint{string(x.ID), string(x.Kind), api.MoneyOf(x.Amount), x.Act, x.Reference, x.PlacedAt.UTC(), api.Instant(x.ExpiresAt)}
}

type device struct {
	ID     string  `json:"id"`
	Name   string  `json:"name" doc:"Coarse"`
	MadeAt instant `json:"madeAt"`
	SeenAt instant `json:"seenAt"`
}

type signInTry struct {
	At      instant `json:"at"`
	Method  string  `json:"method"`
	Done    bool    `json:"done"`
	Refusal *word   `json:"refusal,omitempty"`
	Device  string  `json:"device"`
	Network string  `json:"network" doc:"Coarse address"`
}

type verification struct {
	ID          string   `json:"id,omitempty"`
	State       string   `json:"state"`
	Reason      *word    `json:"reason,omitempty"`
	SubmittedAt *instant `json:"submittedAt,omitempty"`
	DecidedAt   *instant `json:"decidedAt,omitempty"`
}

type consent struct {
	Purpose string   `json:"purpose"`
	Given   bool     `json:"given" doc:"To the version in force"`
	Version int64    `json:"version" doc:"Of the last choice"`
	At      *instant `json:"at,omitempty"`
}

type message struct {
	ID       string  `json:"id"`
	Template string  `json:"template"`
	Title    string  `json:"title"`
	At       instant `json:"at"`
	Read     bool    `json:"read"`
}

type transaction struct {
	At           instant   `json:"at"`
	Account      string    `json:"account"`
	Outgoing     bool      `json:"outgoing"`
	Amount       api.Money `json:"amount"`
	After        api.Money `json:"after"`
	Kind         string    `json:"kind"`
	Counterparty string    `json:"counterparty,omitempty" doc:"Masked"`
	Transfer     string    `json:"transfer,omitempty"`
	Reversed     bool      `json:"reversed"`
}

func newTransaction(t payment.Transaction) transaction {
	return transaction{
		At: t.At.UTC(), Account: string(t.Account), Outgoing: t.Direction == payment.Out, Amount: api.MoneyOf(t.Amount),
		After: api.MoneyOf(t.After), Kind: string(t.Kind), Counterparty: t.Counterparty, Transfer: string(t.Transfer), Reversed: t.Reversed,
	}
}

type lookAt struct {
	At     instant `json:"at"`
	Kind   string  `json:"kind" doc:"Of who looked"`
	Actor  string  `json:"actor"`
	Why    word    `json:"why"`
	Fields word    `json:"fields"`
}

type record struct {
	ID       string            `json:"id"`
	At       instant           `json:"at"`
	Act      string            `json:"act"`
	Kind     act.Kind          `json:"kind" doc:"Of who acted"`
	Actor    string            `json:"actor"`
	Channel  string            `json:"channel"`
	Branch   string            `json:"branch"`
	Subject  string            `json:"subject"`
	Customer string            `json:"customer,omitempty"`
	Outcome  string            `json:"outcome"`
	Code     string            `json:"code,omitempty" doc:"Why it was refused"`
	Reason   string            `json:"reason,omitempty"`
	Detail   map[string]string `json:"detail,omitempty"`
	Trace    string            `json:"trace,omitempty"`
	Leaf     *int64            `json:"leaf,omitempty" doc:"Place in the sealed log; missing while it waits for it"`
}

func newRecord(e audit.Entry) record {
	out := record{
		ID: string(e.ID), At: e.At.UTC(), Act: e.Act, Kind: e.By.Kind, Actor: e.By.Actor, Channel: string(e.By.Channel), Branch: e.By.Branch,
		Subject: e.Subject, Customer: string(e.Customer), Outcome: string(e.Outcome), Code: e.Code, Reason: e.By.Reason, Detail: e.Detail,
		Trace: e.By.Trace,
	}
	if e.Sealed {
		out.Leaf = &e.Leaf
	}
	return out
}
