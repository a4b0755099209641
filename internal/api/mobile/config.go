package mobile

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/i18n"
)

func (h *handlers) configRoutes() {
	api.Add(h.router, get("/config", "config", "config", "What the bank says about itself, and what it asks consent for", anyone), h.config)
}

func (h *handlers) config(ctx context.Context, _ *none) (*answer[config], error) {
	locale := api.CallOf(ctx).Locale
	c := config{
		Bank: h.Facts.Bank, Version: h.Facts.Version, Timezone: h.Facts.Timezone, Demo: h.Facts.Demo, Currency: homeCurrency,
		Locales: list(i18n.Locales(), func(l i18n.Locale) string { return string(l) }),
	}
	for _, t := range customer.ConsentTexts() {
		c.Consents = append(c.Consents, h.consentText(locale, t))
	}
	return with(c, nil)
}

// homeCurrency is the currency of the bank's own figures.
const homeCurrency = "CNY"

type config struct {
	Bank     string        `json:"bank" example:"通宝银行" doc:"Name of the bank"`
	Version  string        `json:"version" doc:"Of the program"`
	Timezone string        `json:"timezone" example:"Asia/Shanghai" doc:"The bank's one zone: days, limits and statements are cut there"`
	Demo     bool          `json:"demo" doc:"A bank with made-up data"`
	Currency string        `json:"currency" example:"CNY" doc:"ISO 4217"`
	Locales  []string      `json:"locales" enum:"zh-Hans,zh-Hant,en" doc:"Languages that the bank speaks"`
	Consents []ConsentText `json:"consents" doc:"What the bank asks consent for, in the order in which it is shown"`
}
