// Package console is the API of the staff's console, below /api/console/v1.
//
// One file for each piece of work: the routes as a table on top, then handlers, then wire types. A route names the
// permission that it needs and the purposes that it may be used for; whoever works for another of them than the first
// says so in X-Tongbao-Purpose. The edge asks parties/access before a handler runs, so a route cannot forget to, and
// a handler asks again once it knows whom the act is about: one's own account is nobody's work.
//
// What a member of staff reaches is a part of the bank, and this part stands in the query that finds the thing: what
// lies outside is not found. Lists take branch=0200 to look at a part of the part.
//
// Personal data is masked in every answer. To see a field whole is an act of its own, POST /customers/{id}/reveals,
// with a reason; it is limited, the customer reads it in his own log, and package access watches it.
//
// Signing in takes a password and a second factor, always, and the session lives on the device where it began.
//
//	POST /sessions/password       {"mail":..., "password":...}        first factor: a ticket
//	POST /sessions/second-factor  {"ticket":..., "code":"123456"}     the authenticator's code: signed in
//	GET  /session                 who am I, where, and what may I do
//
// openapi.json describes all of it; docs/permissions.md shows which role reaches which route.
package console

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/oversight/compliance"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/products/cash"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Title names the API in its description.
const Title = "Tongbao console API"

// Prefix is where the API lives.
const Prefix = "/api/console/v1"

// Days knows the business date; records/day is one.
type Days interface {
	Current(ctx context.Context, tx *db.Tx) (clock.Date, error)
	Date(t time.Time) clock.Date
	List(ctx context.Context, tx *db.Tx, before clock.Date, limit int) ([]day.Business, error)
	Zone() *time.Location
}

// Rooms are the rooms of the bank that the console reaches.
type Rooms struct {
	DB         *db.DB // for pages that compose several domains
	Clock      clock.Clock
	Days       Days
	Auth       *auth.Service
	Access     *access.Service
	Approvals  *approval.Service
	Customers  *customer.Service
	Deposits   *deposit.Service
	Payments   *payment.Service
	Cash       *cash.Service
	Figures    *rule.Desk
	Ledger     *ledger.Ledger
	Examiner   *ledger.Examiner
	Messages   *notify.Service
	Audit      *audit.Log
	Jobs       *job.Runner
	Bus        *bus.Bus
	Texts      *i18n.Catalog
	End        *day.End
	CloseDays  func(ctx context.Context, by act.By) error // has the end of days go on at once
	Products   *catalog.Catalog
	Compliance *compliance.Service
	Facts      Facts
}

// Facts are the settings that the console shows or needs.
type Facts struct {
	Bank    string // name
	Version string // of the program
	Demo    bool
}

// handlers answer requests; each piece of work has its own in its file.
type handlers struct {
	Rooms
	router *api.Router
}

// New registers all routes.
func New(r *api.Router, rooms Rooms) {
	h := &handlers{rooms, r}
	for _, work := range []func(){
		h.sessionRoutes, h.staffRoutes, h.branchRoutes, h.policyRoutes, h.alertRoutes, h.customerRoutes, h.reviewRoutes, h.approvalRoutes, h.ruleRoutes, h.cashRoutes,
		h.actRoutes, h.counterRoutes, h.paymentRoutes, h.ledgerRoutes, h.examinationRoutes, h.exportRoutes, h.bookRoutes, h.dayRoutes, h.productRoutes, h.auditRoutes, h.reportRoutes, h.systemRoutes,
	} {
		work()
	}
}

// Guards that routes share.
var (
	anyone = api.Slowly(api.Guard{Public: true})
	myself = api.Guard{Owner: api.Self}
)

// may guards a route about things that belong to branches.
func may(p access.Permission, purposes ...access.Purpose) api.Guard {
	return guard(api.Scope, p, purposes)
}

// mayBank guards a route about things that belong to the bank as a whole.
func mayBank(p access.Permission, purposes ...access.Purpose) api.Guard {
	return guard(api.Bank, p, purposes)
}

func guard(owner api.Owner, p access.Permission, purposes []access.Purpose) api.Guard {
	g := api.Guard{Owner: owner, Permission: string(p)}
	for _, purpose := range purposes {
		g.Purposes = append(g.Purposes, string(purpose))
	}
	return g
}

// once marks a guard of what is done once, however often it is sent.
func once(g api.Guard) api.Guard { g.Once = true; return g }

// client is the program that calls, as auth wants to know it.
func client(ctx context.Context) auth.Client {
	call := api.CallOf(ctx)
	return auth.Client{Audience: auth.Console, Device: crypto.Secret(call.Device), Agent: call.UserAgent, Locale: call.Locale}
}

// self is the member of staff who calls.
func self(ctx context.Context) id.Staff { return id.Staff(api.By(ctx).Actor) }

// purpose is what the caller works for.
func purpose(ctx context.Context) access.Purpose { return access.Purpose(api.CallOf(ctx).Purpose) }

// scope is the part of the bank in which the caller may do something; at one branch of it, when one is named.
func (h *handlers) scope(ctx context.Context, p access.Permission, branch string) (access.Scope, error) {
	return h.Access.Scope(ctx, access.Reach{Staff: self(ctx), Permission: p, Purpose: purpose(ctx), Branch: branch})
}

// check asks again, now that it is known what the act is about.
func (h *handlers) check(ctx context.Context, p access.Permission, about access.Subject) error {
	return h.Access.Check(ctx, access.Question{Staff: self(ctx), Permission: p, Purpose: purpose(ctx), About: about})
}

// reach finds a customer within what the caller reaches, and asks whether he may do this with him.
func (h *handlers) reach(ctx context.Context, p access.Permission, who id.Customer) (customer.Customer, error) {
	in, err := h.scope(ctx, p, "")
	if err != nil {
		return customer.Customer{}, err
	}
	var c customer.Customer
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		c, err = h.Customers.Within(ctx, tx, in, who)
		return err
	})
	if err != nil {
		return customer.Customer{}, err
	}
	return c, h.check(ctx, p, access.Subject{Customer: who, Branch: c.HomeBranch})
}

// asOwner reads what a customer may read of himself. It is never handed to what changes anything.
func asOwner(who id.Customer) act.By {
	return act.By{Kind: act.Customer, Actor: string(who), OnBehalfOf: who, Channel: act.Console, Branch: act.HeadOffice}
}

// InBranch narrows a list to a branch and those below it.
type InBranch struct {
	Branch string `query:"branch" maxLength:"6" pattern:"^[0-9]*$" doc:"Only this branch and those below it"`
}

// next is the cursor of the page after; empty when this one is not full.
func next[T any](all []T, limit int, of func(T) string) string {
	if len(all) < limit || len(all) == 0 {
		return ""
	}
	return of(all[len(all)-1])
}

type instant = time.Time

// word is a code of the bank and its text.
type word struct {
	Code  string `json:"code"`
	Title string `json:"title" doc:"In the language asked for"`
}

func (h *handlers) word(ctx context.Context, code string) word {
	return word{code, h.Texts.Text(api.CallOf(ctx).Locale, code, nil)}
}
