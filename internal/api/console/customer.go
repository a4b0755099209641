package console

import (
	"context"
	"strings"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/id"
)

// errSearch wants exactly one thing to search by.
var errSearch = fault.New(fault.Invalid, "console.one_search")

func (h *handlers) customerRoutes() {
	r := h.router
	all := []access.Purpose{access.ServingPeople, access.Operating, access.Lending, access.Risk, access.Complying, access.Inspecting}
	reveal := []access.Purpose{access.ServingPeople, access.Verifying, access.Operating, access.Lending, access.Risk, access.Complying}
	api.Add(r, api.Post("/customers/search", "customers", "searchCustomers", "Find a customer by something whole", api.Slowly(may(customer.ActionSearch, all...))), h.searchCustomers)
	api.Add(r, api.Get("/customers/{id}", "customers", "customerPage", "One person, whole and masked", may(customer.ActionView, all...)), h.customerPage)
	api.Add(r, api.Post("/customers/{id}/reveals", "customers", "revealField", "See a masked field, for a reason", api.Slowly(may(access.ActionReveal, reveal...))), h.reveal)
	restrain := []access.Purpose{access.Risk, access.Complying, access.ServingPeople}
	api.Add(r, api.Created(api.Post("/customers/{id}/freeze", "customers", "requestFreeze", "Ask that nothing goes out any more", once(may(customer.ActionFreeze, restrain...)))), h.requestFreeze)
	api.Add(r, api.Created(api.Post("/customers/{id}/thaw", "customers", "requestThaw", "Ask that a freeze of the bank ends", once(may(customer.ActionFreeze, access.Risk, access.Complying)))), h.requestThaw)
	api.Add(r, api.Created(api.Post("/customers/{id}/reset", "customers", "requestFactorReset", "Ask that lost factors are taken away", once(may("customer.reset_factors", access.ServingPeople, access.Operating)))), h.requestFactorReset)
}

func (h *handlers) searchCustomers(ctx context.Context, in *api.Body[customerSearch]) (*api.Answer[api.Page[person]], error) {
	if !in.Body.one() {
		return nil, errSearch
	}
	scope, err := h.scope(ctx, customer.ActionSearch, in.Body.Branch)
	if err != nil {
		return nil, err
	}
	var found []customer.Customer
	if in.Body.Account != "" {
		found, err = h.byAccount(ctx, scope, in.Body.Account)
	} else {
		after, bad := api.Cursor[id.Customer](in.Body.Cursor)
		if bad != nil {
			return nil, bad
		}
		found, err = h.Customers.Search(ctx, scope, customer.Search{
			Contact: in.Body.Contact, Number: in.Body.IDNumber, Name: in.Body.Name, After: after, Limit: searchMost,
		})
	}
	cursor := ""
	if in.Body.Name != "" {
		cursor = next(found, searchMost, func(c customer.Customer) string { return string(c.ID) })
	}
	return api.With(api.PageOf(api.List(found, newPerson), cursor), err)
}

const searchMost = 20 // people of one name on a page

// byAccount finds the holder of an account number, within a part of the bank.
func (h *handlers) byAccount(ctx context.Context, in access.Scope, number string) ([]customer.Customer, error) {
	number = strings.ReplaceAll(number, " ", "")
	if err := deposit.CheckNumber(number); err != nil {
		return nil, err
	}
	var found []customer.Customer
	err := h.DB.Read(ctx, func(tx *db.Tx) error {
		a, known, err := h.Deposits.FindByNumber(ctx, tx, number)
		if err != nil || !known {
			return err
		}
		c, err := h.Customers.Within(ctx, tx, in, a.Customer)
		if err == nil {
			found = append(found, c)
		}
		if fault.CodeOf(err) == customer.ErrUnknown.Code() {
			return nil // he stands elsewhere
		}
		return err
	})
	return found, err
}

func (h *handlers) reveal(ctx context.Context, in *api.OfIDWith[revealIn]) (*api.Answer[revealed], error) {
	who, err := api.ParseID[id.Customer](in.ID, "id")
	if err != nil {
		return nil, err
	}
	scope, err := h.scope(ctx, access.ActionReveal, "")
	if err != nil {
		return nil, err
	}
	var c customer.Customer
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		c, err = h.Customers.Within(ctx, tx, scope, who)
		return err
	})
	if err != nil {
		return nil, err
	}
	l := access.Look{
		Customer: who, Branch: c.HomeBranch, Field: access.Field(in.Body.Field), Reason: access.Reason(in.Body.Reason), Note: in.Body.Note,
		Purpose: purpose(ctx),
	}
	var out revealed
	by := api.By(ctx).Because(in.Body.Reason)
	err = h.Access.Reveal(ctx, by, l, func(tx *db.Tx) error {
		if l.Field == access.FieldAccount {
			account, err := api.ParseID[id.Account](in.Body.Account, "/account")
			if err != nil {
				return err
			}
			holding, err := h.Deposits.Holding(ctx, tx, who, account)
			if err != nil {
				return err
			}
			out.Value = holding.Number
			seen := customer.Access{Customer: who, Purpose: customer.AccessReveal(in.Body.Reason), Fields: "customer.fields_account_number"}
			return h.Customers.LogAccess(ctx, tx, by, []customer.Access{seen})
		}
		out.Value, err = h.Customers.Reveal(ctx, tx, by, who, l.Field)
		return err
	})
	if err != nil {
		return nil, err
	}
	out.Left, err = h.Access.Left(ctx, self(ctx))
	return api.With(out, err)
}

func (h *handlers) requestFreeze(ctx context.Context, in *api.OfIDWith[because]) (*api.Answer[request], error) {
	return h.askAbout(ctx, in, customer.ActionFreeze, customer.ApprovalFreeze, func(c id.Customer) any { return customer.BankFreeze{Customer: c} })
}

func (h *handlers) requestThaw(ctx context.Context, in *api.OfIDWith[because]) (*api.Answer[request], error) {
	return h.askAbout(ctx, in, customer.ActionFreeze, customer.ApprovalThaw, func(c id.Customer) any { return customer.BankFreeze{Customer: c} })
}

func (h *handlers) requestFactorReset(ctx context.Context, in *api.OfIDWith[because]) (*api.Answer[request], error) {
	return h.askAbout(ctx, in, "customer.reset_factors", auth.KindReset, func(c id.Customer) any { return auth.FactorReset{Customer: c} })
}

// askAbout asks for an act about a customer whom the caller reaches.
func (h *handlers) askAbout(ctx context.Context, in *api.OfIDWith[because], p access.Permission, kind string, change func(id.Customer) any) (*api.Answer[request], error) {
	who, err := api.ParseID[id.Customer](in.ID, "id")
	if err != nil {
		return nil, err
	}
	if _, err := h.reach(ctx, p, who); err != nil {
		return nil, err
	}
	return h.ask(ctx, kind, in.Body.Reason, change(who))
}

type customerSearch struct {
	Contact  string `json:"contact,omitempty" maxLength:"254" doc:"Phone number or mail address"`
	IDNumber string `json:"idNumber,omitempty" maxLength:"18"`
	Account  string `json:"account,omitempty" maxLength:"30" doc:"Account number"`
	Name     string `json:"name,omitempty" maxLength:"40" doc:"The whole name"`
	Branch   string `json:"branch,omitempty" pattern:"^[0-9]*$" maxLength:"6" doc:"Only this branch and those below it"`
	Cursor   string `json:"cursor,omitempty" maxLength:"64" doc:"Of the page before, for names"`
}

func (s customerSearch) one() bool {
	n := 0
	for _, field := range []string{s.Contact, s.IDNumber, s.Account, s.Name} {
		if field != "" {
			n++
		}
	}
	return n == 1
}

type revealIn struct {
	Field   string `json:"field" enum:"name,id_number,phone,email,account_number"`
	Account string `json:"account,omitempty" maxLength:"64" doc:"Id of the account whose number it is"`
	Reason  string `json:"reason" enum:"asked,recognise,review,suspicion,authority"`
	Note    string `json:"note" minLength:"4" maxLength:"200" doc:"The reason in words; it is kept"`
}

type revealed struct {
	Value string `json:"value"`
	Left  int64  `json:"left" doc:"Fields that may still be revealed today"`
}

// person is a customer in a list: masked.
type person struct {
	ID         string      `json:"id"`
	State      string      `json:"state" enum:"registered,active,frozen,closing,closed"`
	FrozenBy   string      `json:"frozenBy,omitempty" enum:"customer,bank"`
	Level      int         `json:"level" doc:"How well the bank knows the person, 0 to 3"`
	HomeBranch string      `json:"homeBranch"`
	Name       string      `json:"name,omitempty" doc:"Masked; missing until verified"`
	IDNumber   string      `json:"idNumber,omitempty" doc:"Masked; missing until verified"`
	Birth      *clock.Date `json:"birth,omitempty"`
	Since      instant     `json:"since"`
	ClosesAt   *instant    `json:"closesAt,omitempty"`
}

func newPerson(c customer.Customer) person {
	out := person{
		ID: string(c.ID), State: string(c.State), FrozenBy: string(c.FrozenBy), Level: int(c.Level), HomeBranch: c.HomeBranch,
		Name: c.Name.Masked(), IDNumber: c.IDNumber, Since: c.MadeAt.UTC(), ClosesAt: api.Instant(c.ClosesAt),
	}
	if !c.Birth.IsZero() {
		out.Birth = &c.Birth
	}
	return out
}
