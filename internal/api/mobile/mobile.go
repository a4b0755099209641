// Package mobile is the API of the customers' app, below /api/mobile/v1.
//
// One file for each domain: the routes as a table on top, then handlers, then wire types. A handler turns wire into
// domain and back, and holds no rule. home.go composes several domains for one screen.
//
// A person registers or signs in without a session; both answer SignInAnswer and set two cookies: the session's, and
// the device's, by which the device is known again. Native apps ask for the tokens in the body instead
// (X-Tongbao-Token: bearer) and send them as Authorization: Bearer and X-Tongbao-Device.
//
// Everything else belongs to the caller: the session says who he is, and his id stands in the query that finds the
// thing, so what is another's is not found. An act that changes a factor, or sets something free, wants the proof of a
// step-up in X-Tongbao-Proof; a payment is proved on its checked intent and carries an Idempotency-Key.
//
//	POST /payees/resolve    {"payee":{"phone":"13900000000"}}                   who is it? masked
//	POST /transfers/check   {"fromAccountId":..., "payee":..., "amount":...}    what exactly will be done
//	POST /transfers         {"intent":..., "proof":{"method":"pin","pin":...}}  do it, once
//
// openapi.json describes all of it; the web apps generate their client from it.
package mobile

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/oversight/insight"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/exchange"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Title names the API in its description.
const Title = "Tongbao mobile API"

// Prefix is where the API lives.
const Prefix = "/api/mobile/v1"

// Days knows the business date; records/day is one.
type Days interface {
	Current(ctx context.Context, tx *db.Tx) (clock.Date, error)
	Zone() *time.Location
}

// Rules answers dated figures; records/rule is one.
type Rules interface {
	Int(ctx context.Context, key string, on clock.Date) (int64, error)
}

// Rooms are the rooms of the bank that the app reaches, and what the app may know of the bank itself.
type Rooms struct {
	DB        *db.DB // for screens that compose several domains in one view
	Clock     clock.Clock
	Days      Days
	Rules     Rules
	Auth      *auth.Service
	Customers *customer.Service
	Catalog   *catalog.Catalog
	Deposits  *deposit.Service
	Payments  *payment.Service
	Insight   *insight.Service
	Exchange  *exchange.Service
	Messages  *notify.Service
	Texts     *i18n.Catalog
	Facts     Facts
}

// Facts are the settings that the app shows or needs.
type Facts struct {
	Bank     string // name
	Version  string // of the program
	Timezone string // in which days begin
	Demo     bool
}

// handlers answer requests; each domain's are in its file.
type handlers struct {
	Rooms
	router *api.Router
}

// New registers all routes.
func New(r *api.Router, rooms Rooms) {
	h := &handlers{rooms, r}
	for _, domain := range []func(){
		h.configRoutes, h.registrationRoutes, h.sessionRoutes, h.homeRoutes, h.meRoutes, h.consentRoutes, h.verificationRoutes,
		h.stepUpRoutes, h.passwordRoutes, h.pinRoutes, h.passkeyRoutes, h.deviceRoutes, h.signInRoutes, h.contactRoutes,
		h.limitRoutes, h.accountRoutes, h.transactionRoutes, h.payeeRoutes, h.transferRoutes, h.receiptRoutes, h.receiveRoutes,
		h.messageRoutes, h.depositRoutes, h.bulkRoutes, h.insightRoutes, h.budgetRoutes, h.keptStatementRoutes, h.exchangeRoutes,
	} {
		domain()
	}
}

// Guards that most routes share. Those of a table that need more say so beside them.
var (
	anyone = api.Guard{Public: true}
	myself = api.Guard{Owner: api.Self}
	mine   = api.Guard{Owner: api.Query}
)

func slowly(g api.Guard) api.Guard { return api.Slowly(g) }

func onceOnly(g api.Guard) api.Guard { g.Once = true; return g }

func proven(g api.Guard, purpose auth.Purpose) api.Guard { g.Proof = string(purpose); return g }

// withPicture lets a body carry a photograph, in base64.
func withPicture(g api.Guard) api.Guard { g.Body = pictureBody; return g }

// withPictures lets a body carry both sides of a document and a face.
func withPictures(g api.Guard) api.Guard { g.Body = picturesBody; return g }

const (
	pictureBody  = 6 << 20  // bytes
	picturesBody = 12 << 20 // bytes: the app sends some 1 MB a picture
)

// What routes of all audiences share, by the short names that the tables and handlers of this one use.
type (
	none            = api.None
	body[T any]     = api.Body[T]
	answer[T any]   = api.Answer[T]
	ofIDWith[T any] = api.OfIDWith[T]
	// OfID names the thing that a route is about.
	OfID = api.OfID
	// Paging asks for a page of a list.
	Paging = api.Paging
)

func get(path, tag, name, summary string, g api.Guard) api.Route {
	return api.Get(path, tag, name, summary, g)
}

func post(path, tag, name, summary string, g api.Guard) api.Route {
	return api.Post(path, tag, name, summary, g)
}

func put(path, tag, name, summary string, g api.Guard) api.Route {
	return api.Put(path, tag, name, summary, g)
}

func patch(path, tag, name, summary string, g api.Guard) api.Route {
	return api.Patch(path, tag, name, summary, g)
}

func remove(path, tag, name, summary string, g api.Guard) api.Route {
	return api.Remove(path, tag, name, summary, g)
}

func created(r api.Route) api.Route { return api.Created(r) }

func with[T any](v T, err error) (*answer[T], error) { return api.With(v, err) }

func done(err error) (*none, error) { return api.Done(err) }

func parse[T id.Typed](s, pointer string) (T, error) { return api.ParseID[T](s, pointer) }

func cursor[T id.Typed](s string) (T, error) { return api.Cursor[T](s) }

func numberCursor(s string) (int64, error) { return api.NumberCursor(s) }

func list[A, B any](all []A, wire func(A) B) []B { return api.List(all, wire) }

// client is the program that calls, as auth wants to know it.
func client(ctx context.Context) auth.Client {
	call := api.CallOf(ctx)
	return auth.Client{Audience: auth.App, Device: crypto.Secret(call.Device), Agent: call.UserAgent, Locale: call.Locale}
}

// evidence is the proof of a step-up that the call brings.
func evidence(ctx context.Context) auth.Evidence { return auth.Evidence{Proof: proof(ctx)} }

func proof(ctx context.Context) crypto.Secret { return crypto.Secret(api.CallOf(ctx).Proof) }

func seconds(d time.Duration) int { return int(d / time.Second) }
