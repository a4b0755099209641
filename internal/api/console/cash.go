package console

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/cash"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) cashRoutes() {
	r := h.router
	view := may(cash.ActionView, access.ServingPeople, access.Operating, access.Inspecting)
	count, serve := may(cash.ActionCount, access.ServingPeople), access.ServingPeople
	api.Add(r, api.Get("/cash/denominations", "cash", "listDenominations", "Notes and coins", view), h.denominations)
	api.Add(r, api.Get("/tills", "cash", "listTills", "Tills of my branch, or of another, with what they hold", view), h.tills)
	api.Add(r, api.Post("/tills", "cash", "createTill", "Set up a till, or the vault of a branch", may(cash.ActionManage, access.Operating)), h.createTill)
	api.Add(r, api.Get("/tills/{id}/movements", "cash", "listMovements", "What moved in a till, the newest first", view), h.movements)
	api.Add(r, api.Post("/tills/{id}/open", "cash", "openTill", "Take a till, after counting it", count), h.openTill)
	api.Add(r, api.Post("/tills/{id}/count", "cash", "countTill", "Count my till; a difference is booked", count), h.countTill)
	api.Add(r, api.Post("/tills/{id}/close", "cash", "closeTill", "Count my till and give it back", count), h.closeTill)
	api.Add(r, api.Post("/tills/{id}/hand-overs", "cash", "handOver", "Hand cash to another till of the branch, or to the vault", count), h.handOver)
	api.Add(r, api.Post("/tills/{id}/deposits", "cash", "payIn", "Take cash from a customer", once(may(cash.ActionPayIn, serve))), h.payIn)
	api.Add(r, api.Post("/tills/{id}/withdrawals", "cash", "payOut", "Give cash to a customer", once(may(cash.ActionPayOut, serve))), h.payOut)
	api.Add(r, api.Post("/tills/{id}/withdrawal-requests", "cash", "requestPayOut", "Ask for approval to give much cash to a customer", once(may(cash.ActionPayOut, serve))), h.requestPayOut)
	api.Add(r, api.Post("/tills/{id}/deliveries", "cash", "requestDelivery", "Ask to book cash from the central bank, or back", once(may(cash.ActionManage, access.Operating))), h.requestDelivery)
}

func (h *handlers) denominations(context.Context, *api.None) (*api.Answer[denominationList], error) {
	all, err := cash.Denominations()
	return api.With(denominationList{api.List(all, func(d cash.Denomination) denomination { return denomination(d) })}, err)
}

// atBranch is the branch that the caller works at or, when another is named, that one if he reaches it.
func (h *handlers) atBranch(ctx context.Context, p access.Permission, branch string) (string, error) {
	if branch == "" {
		branch = api.By(ctx).Branch
	}
	_, err := h.scope(ctx, p, branch)
	return branch, err
}

func (h *handlers) tills(ctx context.Context, in *InBranch) (*api.Answer[tillList], error) {
	branch, err := h.atBranch(ctx, cash.ActionView, in.Branch)
	if err != nil {
		return nil, err
	}
	all, err := h.Cash.Tills(ctx, branch)
	blind := purpose(ctx) == access.ServingPeople // who counts a till does not learn first what should be in it
	return api.With(tillList{api.List(all, func(t cash.Holding) holding { return newHolding(t, blind) })}, err)
}

func (h *handlers) createTill(ctx context.Context, in *api.Body[newTill]) (*api.Answer[Till], error) {
	branch, err := h.atBranch(ctx, cash.ActionManage, in.Body.Branch)
	if err != nil {
		return nil, err
	}
	t, err := h.Cash.Create(ctx, api.By(ctx), cash.NewTill{Branch: branch, Place: cash.Place(in.Body.Place), Name: in.Body.Name})
	return api.With(newTillOf(t), err)
}

func (h *handlers) movements(ctx context.Context, in *movementQuery) (*api.Answer[api.Page[movement]], error) {
	which, err := api.ParseID[id.Till](in.ID, "id")
	if err != nil {
		return nil, err
	}
	before, err := api.Cursor[id.Cash](in.Cursor)
	if err != nil {
		return nil, err
	}
	branch, err := h.atBranch(ctx, cash.ActionView, in.Branch)
	if err != nil {
		return nil, err
	}
	all, err := h.Cash.Movements(ctx, branch, which, before, in.Limit)
	cursor := next(all, in.Limit, func(m cash.Movement) string { return string(m.ID) })
	return api.With(api.PageOf(api.List(all, h.newMovement(ctx)), cursor), err)
}

// counting is what a teller does with his till by counting it.
type counting func(context.Context, act.By, id.Till, cash.Pieces) (cash.Counted, error)

func (h *handlers) openTill(ctx context.Context, in *api.OfIDWith[Pieces]) (*api.Answer[counted], error) {
	return h.counts(ctx, in, h.Cash.OpenTill)
}

func (h *handlers) countTill(ctx context.Context, in *api.OfIDWith[Pieces]) (*api.Answer[counted], error) {
	return h.counts(ctx, in, h.Cash.Count)
}

func (h *handlers) closeTill(ctx context.Context, in *api.OfIDWith[Pieces]) (*api.Answer[counted], error) {
	return h.counts(ctx, in, h.Cash.CloseTill)
}

func (h *handlers) counts(ctx context.Context, in *api.OfIDWith[Pieces], do counting) (*api.Answer[counted], error) {
	which, err := api.ParseID[id.Till](in.ID, "id")
	if err != nil {
		return nil, err
	}
	c, err := do(ctx, api.By(ctx), which, in.Body.Count)
	if err != nil {
		return nil, err
	}
	return api.With(counted{newTillOf(c.Till), api.MoneyOf(c.Expected), api.MoneyOf(c.Counted), string(c.Movement.Kind)}, nil)
}

func (h *handlers) handOver(ctx context.Context, in *api.OfIDWith[handOver]) (*api.Answer[movement], error) {
	from, err := api.ParseID[id.Till](in.ID, "id")
	if err != nil {
		return nil, err
	}
	to, err := api.ParseID[id.Till](in.Body.To, "/to")
	if err != nil {
		return nil, err
	}
	m, err := h.Cash.Hand(ctx, api.By(ctx), from, to, in.Body.Count)
	if err != nil {
		return nil, err
	}
	return api.With(h.newMovement(ctx)(m), nil)
}

func (h *handlers) payIn(ctx context.Context, in *api.OfIDWith[cashOrder]) (*api.Answer[movement], error) {
	o, err := h.orderOf(ctx, cash.ActionPayIn, in)
	if err != nil {
		return nil, err
	}
	m, err := h.Cash.PayIn(ctx, api.By(ctx), o)
	if err != nil {
		return nil, err
	}
	return api.With(h.newMovement(ctx)(m), nil)
}

func (h *handlers) payOut(ctx context.Context, in *api.OfIDWith[cashOrder]) (*api.Answer[movement], error) {
	o, err := h.payOutOf(ctx, in)
	if err != nil {
		return nil, err
	}
	m, err := h.Cash.PayOut(ctx, api.By(ctx), o)
	if err != nil {
		return nil, err
	}
	return api.With(h.newMovement(ctx)(m), nil)
}

func (h *handlers) requestPayOut(ctx context.Context, in *api.OfIDWith[cashOrder]) (*api.Answer[request], error) {
	o, err := h.payOutOf(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := h.Cash.ProvePayOut(ctx, api.By(ctx), o); err != nil {
		return nil, err
	}
	return h.ask(ctx, cash.ApprovalPayOut, in.Body.Reason, o)
}

func (h *handlers) requestDelivery(ctx context.Context, in *api.OfIDWith[delivery]) (*api.Answer[request], error) {
	vault, err := api.ParseID[id.Till](in.ID, "id")
	if err != nil {
		return nil, err
	}
	return h.ask(ctx, cash.ApprovalDelivery, in.Body.Reason, cash.Delivery{
		Vault: vault, Pieces: in.Body.Count, Back: in.Body.Back, Reference: in.Body.Reference,
	})
}

// payOutOf is orderOf for cash that leaves: its owner stands there, and was met.
func (h *handlers) payOutOf(ctx context.Context, in *api.OfIDWith[cashOrder]) (cash.Order, error) {
	o, err := h.orderOf(ctx, cash.ActionPayOut, in)
	if err == nil && !o.Identified {
		err = customer.ErrNotMet
	}
	return o, err
}

// orderOf reads what a customer pays in or draws, and asks whether the caller may serve him: nobody serves himself.
func (h *handlers) orderOf(ctx context.Context, p access.Permission, in *api.OfIDWith[cashOrder]) (cash.Order, error) {
	o := cash.Order{Pieces: in.Body.Count, Key: api.CallOf(ctx).Key, PIN: crypto.Secret(in.Body.PIN)}
	var err error
	if o.Till, err = api.ParseID[id.Till](in.ID, "id"); err != nil {
		return o, err
	}
	if o.Account, err = api.ParseID[id.Account](in.Body.Account, "/account"); err != nil {
		return o, err
	}
	var holder id.Customer
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		found, err := h.Deposits.Accounts(ctx, tx, []id.Account{o.Account})
		holder = found[o.Account].Customer
		return err
	})
	if err != nil {
		return o, err
	}
	if holder == "" {
		return o, cash.ErrAccount
	}
	_, err = h.Customers.Attended(ctx, counter(ctx, holder))
	if o.Identified = err == nil; err != nil && !notMet(err) {
		return o, err
	}
	return o, h.check(ctx, p, access.Subject{Customer: holder, Branch: api.By(ctx).Branch})
}

type newTill struct {
	Branch string `json:"branch,omitempty" maxLength:"6" pattern:"^[0-9]*$" doc:"My own when missing"`
	Place  string `json:"place" enum:"vault,till"`
	Name   string `json:"name" minLength:"1" maxLength:"40"`
}

// Pieces are notes and coins on the wire.
type Pieces struct {
	Count map[string]int64 `json:"pieces" doc:"How many of each denomination, by its code"`
}

type handOver struct {
	Pieces
	To string `json:"to" maxLength:"64" doc:"Till, or vault, of the same branch"`
}

type delivery struct {
	Pieces
	Back      bool   `json:"back,omitempty" doc:"From the vault to the central bank"`
	Reference string `json:"reference" minLength:"1" maxLength:"64" doc:"Of the paper that came with it"`
	Reason    string `json:"reason" minLength:"2" maxLength:"200"`
}

type cashOrder struct {
	Pieces
	Account string `json:"account" maxLength:"64"`
	PIN     string `json:"pin,omitempty" maxLength:"12" doc:"Typed by the customer at the keypad, to draw cash"`
	Reason  string `json:"reason,omitempty" maxLength:"200" doc:"Needed to ask for approval"`
}

type movementQuery struct {
	api.OfID
	api.Paging
	InBranch
}

type denominationList struct {
	Denominations []denomination `json:"denominations"`
}

type denomination struct {
	Code     string `json:"code" example:"CNY_note_100"`
	Currency string `json:"currency"`
	Kind     string `json:"kind" enum:"note,coin"`
	Minor    int64  `json:"minor" doc:"Worth, in minor units"`
}

type tillList struct {
	Tills []holding `json:"tills"`
}

// Till is a till on the wire.
type Till struct {
	ID        string   `json:"id"`
	Branch    string   `json:"branch"`
	Place     string   `json:"place" enum:"vault,till"`
	Name      string   `json:"name"`
	State     string   `json:"state" enum:"open,closed"`
	Teller    string   `json:"teller,omitempty"`
	OpenedAt  *instant `json:"openedAt,omitempty"`
	CountedAt *instant `json:"countedAt,omitempty"`
}

func newTillOf(t cash.Till) Till {
	return Till{string(t.ID), t.Branch, string(t.Place), t.Name, string(t.State), string(t.Teller), api.Instant(t.OpenedAt), api.Instant(t.CountedAt)}
}

type holding struct {
	Till
	Pieces map[string]int64 `json:"pieces,omitempty" doc:"Missing for those who count it: counting is blind"`
	Amount *api.Money       `json:"amount,omitempty" doc:"Likewise"`
}

func newHolding(t cash.Holding, blind bool) holding {
	out := holding{Till: newTillOf(t.Till)}
	if !blind {
		amount := api.MoneyOf(t.Amount)
		out.Pieces, out.Amount = t.Pieces, &amount
	}
	return out
}

type counted struct {
	Till       Till      `json:"till"`
	Expected   api.Money `json:"expected"`
	Counted    api.Money `json:"counted"`
	Difference string    `json:"difference,omitempty" enum:",over,short,swapped"`
}

type movement struct {
	ID       string           `json:"id"`
	Kind     word             `json:"kind"`
	Till     string           `json:"till"`
	Other    string           `json:"other,omitempty"`
	Account  string           `json:"account,omitempty"`
	Customer string           `json:"customer,omitempty"`
	Amount   api.Money        `json:"amount"`
	Pieces   map[string]int64 `json:"pieces" doc:"More than zero came, less went"`
	Large    bool             `json:"large" doc:"The customer's cash of the day is to be reported"`
	Journal  string           `json:"journal,omitempty"`
	On       string           `json:"on"`
	Teller   string           `json:"teller"`
	At       instant          `json:"at"`
}

func (h *handlers) newMovement(ctx context.Context) func(cash.Movement) movement {
	return func(m cash.Movement) movement {
		return movement{
			ID: string(m.ID), Kind: h.word(ctx, "cash.kind."+string(m.Kind)), Till: string(m.Till), Other: string(m.Other), Account: string(m.Account),
			Customer: string(m.Customer), Amount: api.MoneyOf(m.Amount), Pieces: m.Pieces, Large: m.Large, Journal: string(m.Journal), On: m.On.String(),
			Teller: string(m.Teller), At: m.At.UTC(),
		}
	}
}
