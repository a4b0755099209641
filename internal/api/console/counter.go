package console

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/id"
)

// pictureMost bounds the body of a request that carries a scan.
const pictureMost = 8 << 20

// counterRoutes are a customer who stands before a teller: who he is, and what he wants. Everything is done with the
// services of the app, in the channel of the branch, so that both show the same.
func (h *handlers) counterRoutes() {
	r, serve := h.router, access.ServingPeople
	register := may(customer.ActionRegister, serve)
	scans := register
	scans.Body = pictureMost
	send := may(payment.ActionSend, serve)
	api.Add(r, api.Get("/counter", "counter", "counterFacts", "What the counter needs to know: the texts to agree to, and the accounts that are sold", register), h.counterFacts)
	api.Add(r, api.Post("/counter/codes", "counter", "counterCode", "Send a code to the phone of somebody who wants to become a customer", api.Slowly(register)), h.counterCode)
	api.Add(r, api.Created(api.Post("/counter/customers", "counter", "counterRegister", "Register a customer who has read the code and agreed to the texts", api.Slowly(register))), h.counterRegister)
	api.Add(r, api.Post("/customers/{id}/verification", "counter", "counterVerify", "Hand over name, number and the scans of the document", scans), h.counterVerify)
	api.Add(r, api.Created(api.Post("/customers/{id}/meetings", "counter", "meetCustomer", "I have compared the customer with his document", register)), h.meetCustomer)
	api.Add(r, api.Get("/customers/{id}/counter", "counter", "counterCustomer", "Whether the customer was met, and what he can do here", register), h.counterCustomer)
	api.Add(r, api.Post("/customers/{id}/pin", "counter", "counterPin", "The customer chooses his payment PIN at the keypad", api.Slowly(register)), h.counterPIN)
	api.Add(r, api.Created(api.Post("/customers/{id}/accounts", "counter", "counterOpen", "Open an account for a customer who was met", once(may(deposit.ActionOpen, serve)))), h.counterOpen)
	api.Add(r, api.Post("/customers/{id}/transfer-checks", "counter", "counterCheck", "What a transfer would do, before the customer types his PIN", send), h.counterCheck)
	api.Add(r, api.Created(api.Post("/customers/{id}/transfers", "counter", "counterSend", "Send what was checked", once(send))), h.counterSend)
	h.paperRoutes()
}

// attended is about, of a customer whom the caller has met a short while ago.
func (h *handlers) attended(ctx context.Context, p access.Permission, which string) (id.Customer, error) {
	who, err := h.about(ctx, p, which)
	if err != nil {
		return "", err
	}
	_, err = h.Customers.Attended(ctx, counter(ctx, who))
	return who, err
}

func (h *handlers) counterFacts(ctx context.Context, _ *api.None) (*api.Answer[counterFacts], error) {
	texts := customer.ConsentTexts()
	out := counterFacts{Consents: api.List(texts, func(t customer.ConsentText) consentText {
		key := "customer.consent." + string(t.Purpose)
		return consentText{string(t.Purpose), t.Version, t.Necessary, h.word(ctx, key+".title").Title, h.word(ctx, key+".text").Title}
	})}
	err := h.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := h.Days.Current(ctx, tx)
		if err != nil {
			return err
		}
		sold, err := h.Products.List(ctx, tx, catalog.Current, today)
		out.Products = api.List(sold, func(v catalog.Version) counterProduct {
			locale := api.CallOf(ctx).Locale
			return counterProduct{v.Product, v.Terms.Class, v.Name(locale), v.Terms.Notes[locale]}
		})
		return err
	})
	return api.With(out, err)
}

func (h *handlers) counterCode(ctx context.Context, in *api.Body[counterContact]) (*api.Answer[counterSent], error) {
	sent, err := h.Auth.SendCode(ctx, api.By(ctx), client(ctx), auth.CodeRequest{Purpose: auth.CodeRegister, Contact: in.Body.Contact})
	return api.With(counterSent{string(sent.Challenge), sent.To, sent.ExpiresAt.UTC()}, err)
}

func (h *handlers) counterRegister(ctx context.Context, in *api.Body[counterRegistration]) (*api.Answer[person], error) {
	challenge, err := api.ParseID[id.Challenge](in.Body.Challenge, "/challenge")
	if err != nil {
		return nil, err
	}
	by := counter(ctx, "")
	a := customer.DeskAdmission{
		Code:     auth.CodeAnswer{Challenge: challenge, Code: crypto.Secret(in.Body.Code)},
		Password: crypto.Secret(in.Body.Password), Locale: api.CallOf(ctx).Locale, HomeBranch: by.Branch,
		Consents: api.List(in.Body.Consents, func(c counterConsent) customer.Choice {
			return customer.Choice{Purpose: customer.Purpose(c.Purpose), Version: c.Version, Given: c.Given}
		}),
	}
	c, err := h.Customers.RegisterAtCounter(ctx, by, a)
	return api.With(newPerson(c), err)
}

func (h *handlers) counterVerify(ctx context.Context, in *api.OfIDWith[counterDocument]) (*api.Answer[counterVerification], error) {
	who, err := h.about(ctx, customer.ActionRegister, in.ID)
	if err != nil {
		return nil, err
	}
	by := counter(ctx, who)
	if _, err := h.Customers.StartVerification(ctx, by, in.Body.Name, in.Body.IDNumber); err != nil {
		return nil, err
	}
	for _, scan := range []struct {
		side  customer.Side
		image []byte
	}{{customer.Front, in.Body.Front}, {customer.Back, in.Body.Back}} {
		if _, err := h.Customers.AddDocument(ctx, by, scan.side, scan.image); err != nil {
			return nil, err
		}
	}
	v, err := h.Customers.SubmitVerification(ctx, by)
	return api.With(h.newCounterVerification(ctx, v), err)
}

func (h *handlers) meetCustomer(ctx context.Context, in *api.OfIDWith[meetingIn]) (*api.Answer[meetingOut], error) {
	who, err := h.about(ctx, customer.ActionRegister, in.ID)
	if err != nil {
		return nil, err
	}
	m, err := h.Customers.Meet(ctx, counter(ctx, who), customer.Meeting{Name: in.Body.Name, IDNumber: in.Body.IDNumber, Compared: in.Body.Compared})
	return api.With(newMeeting(m), err)
}

func (h *handlers) counterCustomer(ctx context.Context, in *api.OfID) (*api.Answer[counterCustomer], error) {
	who, err := h.about(ctx, customer.ActionRegister, in.ID)
	if err != nil {
		return nil, err
	}
	v, err := h.Customers.Verification(ctx, asOwner(who))
	if err != nil {
		return nil, err
	}
	out := counterCustomer{Verification: h.newCounterVerification(ctx, v)}
	pin, err := h.Auth.PIN(ctx, asOwner(who))
	if err != nil {
		return nil, err
	}
	out.PINSet, out.PINLocked = pin.Set, pin.Locked
	switch m, err := h.Customers.Attended(ctx, counter(ctx, who)); {
	case err == nil:
		met := newMeeting(m)
		out.Met = &met
	case notMet(err):
	default:
		return nil, err
	}
	return api.With(out, nil)
}

func (h *handlers) counterPIN(ctx context.Context, in *api.OfIDWith[counterPIN]) (*api.None, error) {
	who, err := h.about(ctx, customer.ActionRegister, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Done(h.Customers.SetPINAtCounter(ctx, counter(ctx, who), client(ctx), crypto.Secret(in.Body.PIN)))
}

func (h *handlers) counterOpen(ctx context.Context, in *api.OfIDWith[counterAccount]) (*api.Answer[account], error) {
	who, err := h.attended(ctx, deposit.ActionOpen, in.ID)
	if err != nil {
		return nil, err
	}
	by := counter(ctx, who)
	a, err := h.Deposits.Open(ctx, by, deposit.Opening{Customer: who, Product: in.Body.Product, Branch: by.Branch, Key: api.CallOf(ctx).Key})
	if err != nil {
		return nil, err
	}
	var out account
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		x, err := h.Deposits.Holding(ctx, tx, who, a.ID)
		out = newAccount(x)
		out.Holds, out.Restraints = []hold{}, []restraint{}
		return err
	})
	return api.With(out, err)
}

type counterFacts struct {
	Consents []consentText    `json:"consents"`
	Products []counterProduct `json:"products"`
}

type consentText struct {
	Purpose   string `json:"purpose"`
	Version   int64  `json:"version"`
	Necessary bool   `json:"necessary"`
	Title     string `json:"title"`
	Text      string `json:"text"`
}

type counterProduct struct {
	Code  string `json:"code"`
	Class int    `json:"class"`
	Name  string `json:"name"`
	Note  string `json:"note,omitempty"`
}

type counterContact struct {
	Contact string `json:"contact" minLength:"3" maxLength:"254" doc:"Phone number"`
}

type counterSent struct {
	Challenge string  `json:"challenge"`
	To        string  `json:"to" doc:"Masked"`
	ExpiresAt instant `json:"expiresAt"`
}

type counterRegistration struct {
	Challenge string           `json:"challenge" maxLength:"64"`
	Code      string           `json:"code" maxLength:"12"`
	Password  string           `json:"password" minLength:"1" maxLength:"256" doc:"Typed by the customer at the keypad"`
	Consents  []counterConsent `json:"consents" minItems:"1" maxItems:"10"`
}

type counterConsent struct {
	Purpose string `json:"purpose" maxLength:"40"`
	Version int64  `json:"version"`
	Given   bool   `json:"given"`
}

type counterDocument struct {
	Name     string `json:"name" minLength:"1" maxLength:"64" doc:"As on the document"`
	IDNumber string `json:"idNumber" minLength:"15" maxLength:"18"`
	Front    []byte `json:"front" maxLength:"4194304" doc:"Scan of the side with the portrait: JPEG or PNG, base64"`
	Back     []byte `json:"back" maxLength:"4194304" doc:"Scan of the side with the emblem"`
}

type counterVerification struct {
	State  string `json:"state" enum:"none,started,documents,face,submitted,passed,refused,manual_review,abandoned"`
	Level  int    `json:"level"`
	Reason *word  `json:"reason,omitempty" doc:"Why it was refused"`
}

func (h *handlers) newCounterVerification(ctx context.Context, v customer.Verification) counterVerification {
	out := counterVerification{State: string(v.State), Level: int(v.Level)}
	if v.Code != "" {
		w := h.word(ctx, v.Code)
		out.Reason = &w
	}
	return out
}

type meetingIn struct {
	Name     string `json:"name" minLength:"1" maxLength:"64" doc:"As the document in hand says"`
	IDNumber string `json:"idNumber" minLength:"15" maxLength:"18" doc:"Likewise"`
	Compared bool   `json:"compared" doc:"I have compared the portrait with the face"`
}

type meetingOut struct {
	At    instant `json:"at"`
	Until instant `json:"until" doc:"As long as the customer is served on it"`
	Level int     `json:"level" doc:"Of the customer, after it"`
}

func newMeeting(m customer.Met) meetingOut {
	return meetingOut{m.At.UTC(), m.Until.UTC(), int(m.Level)}
}

type counterCustomer struct {
	Met          *meetingOut         `json:"met,omitempty" doc:"The meeting on which I serve the customer now"`
	Verification counterVerification `json:"verification"`
	PINSet       bool                `json:"pinSet"`
	PINLocked    bool                `json:"pinLocked"`
}

type counterPIN struct {
	PIN string `json:"pin" minLength:"1" maxLength:"12" doc:"Typed by the customer; staff do not see it"`
}

type counterAccount struct {
	Product string `json:"product" maxLength:"40"`
}
