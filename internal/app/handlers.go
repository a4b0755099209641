package app

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/api/console"
	"github.com/tongbao/tongbao/internal/api/mobile"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/web"
)

const (
	clientOldest = "1.0.0"
	skewMost     = 500 * time.Millisecond // of a node's clock against the database's
	probeTimeout = 2 * time.Second
)

// MobileRouter makes the routes of the customers' app.
func (b *Bank) MobileRouter(version string) *api.Router {
	r, _ := b.mobileRoutes(version)
	return r
}

// mobileRoutes also makes the public page of receipts, which shares the routes' rates and problems.
func (b *Bank) mobileRoutes(version string) (*api.Router, http.Handler) {
	r := api.New(api.Config{
		Title: mobile.Title, Version: version, Prefix: mobile.Prefix, Audience: string(act.Mobile), Secure: b.Config.secureCookies(),
		Client: clientOldest, Sessions: sessions{b.Auth, auth.App}, Catalog: b.Catalog, Log: b.Log,
		Limits: api.NewLimiter(b.Config.RateScale, clock.System().Now), Origins: b.Config.origins(),
	})
	rooms := mobile.Rooms{
		DB: b.DB, Clock: b.Clock, Days: b.Days, Rules: b.Rules, Auth: b.Auth, Customers: b.Customers, Catalog: b.Products, Deposits: b.Deposits,
		Payments: b.Payments, Insight: b.Insight, Exchange: b.Exchange, Messages: b.Notify, Texts: b.Catalog,
		Facts: mobile.Facts{Bank: b.Config.BankName, Version: version, Timezone: b.Config.Timezone, Demo: b.Config.Demo},
	}
	mobile.New(r, rooms)
	return r, mobile.ReceiptPage(r, rooms)
}

// sessions finds callers for the edge.
type sessions struct {
	auth     *auth.Service
	audience auth.Audience
}

// Authenticate implements api.Sessions. A customer's session follows him to whatever device holds its token.
func (s sessions) Authenticate(ctx context.Context, token, _ string) (api.Caller, error) {
	x, err := s.auth.Authenticate(ctx, s.audience, crypto.Secret(token))
	if err != nil {
		return api.Caller{}, err
	}
	return api.Caller{By: x.Identify(act.By{Branch: act.HeadOffice}), SignedIn: x.MadeAt, ExpiresAt: x.ExpiresAt}, nil
}

func (n *node) mobile() (http.Handler, error) {
	app, err := newPages(web.Mobile())
	if err != nil {
		return nil, err
	}
	router, receipts := n.bank.mobileRoutes(Version)
	description, err := router.Description()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/api/", apiRoutes(router, description))
	mux.Handle("/r/", receipts)
	mux.Handle("/s/", receipts)
	if n.bank.Config.Demo {
		mux.Handle("GET /dev/", n.inbox())
	} else {
		mux.HandleFunc("/dev/", http.NotFound)
	}
	mux.Handle("/", app)
	return mux, nil
}

// ConsoleRouter makes the routes of the staff's console.
func (b *Bank) ConsoleRouter(version string) *api.Router {
	desks := desks{b.Auth, b.Access}
	r := api.New(api.Config{
		Title: console.Title, Version: version, Prefix: console.Prefix, Audience: string(act.Console), Secure: b.Config.secureCookies(),
		Client: clientOldest, Sessions: desks, Permits: desks, Catalog: b.Catalog, Log: b.Log,
		Limits: api.NewLimiter(b.Config.RateScale, clock.System().Now), Origins: b.consoleOrigins(),
	})
	console.New(r, console.Rooms{
		DB: b.DB, Clock: b.Clock, Days: b.Days, Auth: b.Auth, Access: b.Access, Approvals: b.Approvals, Customers: b.Customers,
		Deposits: b.Deposits, Payments: b.Payments, Cash: b.Cash, Figures: b.Figures, Ledger: b.Ledger, Examiner: b.Examiner, Messages: b.Notify, Audit: b.Audit, Jobs: b.Jobs, Bus: b.Bus,
		End: b.End, CloseDays: b.AskCloseDays, Products: b.Products, Compliance: b.Compliance,
		Texts: b.Catalog, Facts: console.Facts{Bank: b.Config.BankName, Version: version, Demo: b.Config.Demo},
	})
	return r
}

// apiRoutes serves the audience's routes, their description, and a problem for whatever else stands below /api/.
func apiRoutes(router *api.Router, description []byte) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/"+router.Audience+"/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(description) // the peer may be gone
	})
	mux.Handle(router.Prefix+"/", router)
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) { router.Fail(w, r, api.ErrNoRoute) })
	return mux
}

func (n *node) console() (http.Handler, error) {
	app, err := newPages(web.Console())
	if err != nil {
		return nil, err
	}
	router := n.bank.ConsoleRouter(Version)
	description, err := router.Description()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/api/", apiRoutes(router, description))
	mux.Handle("/", app)
	return mux, nil
}

// operators serves health and metrics, on a listener of their own.
func (n *node) operators() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", n.telemetry.handler())
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]string{"status": "alive"})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := n.ready(r.Context()); err != nil {
			answer(w, http.StatusServiceUnavailable, map[string]string{"status": "not ready", "reason": err.Error()})
			return
		}
		answer(w, http.StatusOK, map[string]string{"status": "ready"})
	})
	return mux
}

// Reasons why a node takes no requests. They name no address and no query.
var (
	errStopping = errors.New("the node is stopping")
	errNoBase   = errors.New("the database does not answer")
	errClock    = errors.New("the node's clock differs from the database's")
)

func (n *node) ready(ctx context.Context) error {
	if n.stopping.Load() {
		return errStopping
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	err := n.bank.DB.Read(ctx, func(tx *db.Tx) error {
		_, err := n.bank.Days.Current(ctx, tx)
		return err
	})
	if err != nil {
		return errNoBase
	}
	skew, err := n.bank.DB.Skew(ctx)
	if err != nil {
		return errNoBase
	}
	if skew.Abs() > skewMost {
		return errClock
	}
	return nil
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the peer may be gone
}

// MobileDescription is the OpenAPI 3.1 description of the mobile API, without a bank behind it.
func MobileDescription() ([]byte, error) {
	r := api.New(api.Config{
		Title: mobile.Title, Version: Version, Prefix: mobile.Prefix, Audience: string(act.Mobile), Secure: true, Client: clientOldest,
		Catalog: i18n.NewCatalog(Texts()...), Log: slog.New(slog.DiscardHandler), Limits: api.NewLimiter(1, clock.System().Now),
	})
	mobile.New(r, mobile.Rooms{})
	return r.Description()
}

// ConsoleDescription is the OpenAPI 3.1 description of the console API, without a bank behind it.
func ConsoleDescription() ([]byte, error) {
	r := api.New(api.Config{
		Title: console.Title, Version: Version, Prefix: console.Prefix, Audience: string(act.Console), Secure: true, Client: clientOldest,
		Catalog: i18n.NewCatalog(Texts()...), Log: slog.New(slog.DiscardHandler), Limits: api.NewLimiter(1, clock.System().Now),
	})
	console.New(r, console.Rooms{})
	return r.Description()
}
