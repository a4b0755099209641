package mobile

import (
	"context"
	"strconv"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/i18n"
)

func (h *handlers) consentRoutes() {
	r := h.router
	api.Add(r, get("/consents", "consent", "listConsents", "Where I stand with each purpose", myself), h.consents)
	api.Add(r, put("/consents", "consent", "chooseConsents", "Give consents and take them back", myself), h.chooseConsents)
	api.Add(r, get("/consents/history", "consent", "consentHistory", "All that I ever chose", myself), h.consentHistory)
}

func (h *handlers) consents(ctx context.Context, _ *none) (*answer[api.Page[consent]], error) {
	return h.consentList(ctx)(h.Customers.Consents(ctx, api.By(ctx)))
}

func (h *handlers) chooseConsents(ctx context.Context, in *body[consentChoices]) (*answer[api.Page[consent]], error) {
	return h.consentList(ctx)(h.Customers.Choose(ctx, api.By(ctx), list(in.Body.Choices, consentChoice.choice)))
}

func (h *handlers) consentList(ctx context.Context) func([]customer.Consent, error) (*answer[api.Page[consent]], error) {
	locale := api.CallOf(ctx).Locale
	return func(all []customer.Consent, err error) (*answer[api.Page[consent]], error) {
		return with(api.PageOf(list(all, func(c customer.Consent) consent {
			return consent{ConsentText: h.consentText(locale, c.ConsentText), Given: c.Given, GivenTo: c.GivenTo, At: api.Instant(c.At)}
		}), ""), err)
	}
}

func (h *handlers) consentHistory(ctx context.Context, in *Paging) (*answer[api.Page[consentChange]], error) {
	before, err := numberCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := h.Customers.ConsentHistory(ctx, api.By(ctx), before, in.Limit)
	next := ""
	if len(all) == in.Limit {
		next = strconv.FormatInt(all[len(all)-1].Number, 10)
	}
	return with(api.PageOf(list(all, newConsentChange), next), err)
}

func (h *handlers) consentText(l i18n.Locale, t customer.ConsentText) ConsentText {
	key := "customer.consent." + string(t.Purpose)
	return ConsentText{
		Purpose: string(t.Purpose), Version: t.Version, Necessary: t.Necessary, Separate: t.Separate,
		Title: h.Texts.Text(l, key+".title", nil), Text: h.Texts.Text(l, key+".text", nil),
	}
}

// ConsentText is what a person agrees to for one purpose.
type ConsentText struct {
	Purpose   string `json:"purpose" enum:"terms,privacy,biometrics,personalisation,marketing"`
	Version   int64  `json:"version" doc:"In force"`
	Necessary bool   `json:"necessary" doc:"The service cannot be given without it"`
	Separate  bool   `json:"separate" doc:"Asked alone, at the moment when it is needed"`
	Title     string `json:"title"`
	Text      string `json:"text"`
}

type consent struct {
	ConsentText
	Given   bool     `json:"given" doc:"To the version in force, and not taken back"`
	GivenTo int64    `json:"givenTo" doc:"Version of the last choice; 0 when there was none"`
	At      *instant `json:"at,omitempty" doc:"Of the last choice"`
}

type consentChoices struct {
	Choices []consentChoice `json:"choices" minItems:"1" maxItems:"16"`
}

type consentChoice struct {
	Purpose string `json:"purpose" enum:"terms,privacy,biometrics,personalisation,marketing"`
	Version int64  `json:"version" minimum:"0" doc:"That was shown; ignored when taken back"`
	Given   bool   `json:"given"`
}

func (c consentChoice) choice() customer.Choice {
	return customer.Choice{Purpose: customer.Purpose(c.Purpose), Version: c.Version, Given: c.Given}
}

type consentChange struct {
	ID      string  `json:"id"`
	Purpose string  `json:"purpose" enum:"terms,privacy,biometrics,personalisation,marketing"`
	Version int64   `json:"version"`
	Given   bool    `json:"given"`
	Channel string  `json:"channel" enum:"mobile,console,branch,partner,batch"`
	At      instant `json:"at"`
}

func newConsentChange(c customer.ConsentChange) consentChange {
	return consentChange{ID: string(c.ID), Purpose: string(c.Purpose), Version: c.Version, Given: c.Given, Channel: string(c.Channel), At: c.At.UTC()}
}
