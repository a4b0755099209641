package mobile

import (
	"context"
	"strings"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/oversight/insight"
	"github.com/tongbao/tongbao/internal/values/money"
)

func (h *handlers) budgetRoutes() {
	r := h.router
	api.Add(r, get("/insight/budgets", "insight", "listBudgets", "What I mean to spend this month, and what I have", mine), h.budgets)
	api.Add(r, put("/insight/budgets/{category}", "insight", "setBudget", "How much a month may cost, in all or for a category", mine), h.setBudget)
	api.Add(r, remove("/insight/budgets/{category}", "insight", "removeBudget", "Forget a budget", mine), h.removeBudget)
}

func (h *handlers) budgets(ctx context.Context, in *budgetQuery) (*answer[api.Page[budget]], error) {
	m, err := h.month(ctx, in.Month)
	if err != nil {
		return nil, err
	}
	all, err := h.Insight.Budgets(ctx, api.By(ctx), m)
	locale := api.CallOf(ctx).Locale
	return with(api.PageOf(list(all, func(b insight.Budget) budget {
		return budget{string(b.Category), h.categoryName(locale, b.Category), api.MoneyOf(b.Amount), api.MoneyOf(b.Spent), percent(b.Spent, b.Amount), string(b.Level)}
	}), ""), err)
}

func (h *handlers) setBudget(ctx context.Context, in *budgetChange) (*answer[api.Page[budget]], error) {
	most, err := in.Body.Amount.Parse("/amount")
	if err != nil {
		return nil, err
	}
	if err := h.Insight.SetBudget(ctx, api.By(ctx), insight.Category(in.Category), most); err != nil {
		return nil, err
	}
	return h.budgets(ctx, &budgetQuery{})
}

func (h *handlers) removeBudget(ctx context.Context, in *OfCategory) (*none, error) {
	return done(h.Insight.RemoveBudget(ctx, api.By(ctx), insight.Category(in.Category)))
}

// percent is a part of a whole with one decimal, without the sign.
func percent(part, whole money.Amount) string {
	return strings.TrimSuffix(insight.Share(part, whole), "%")
}

type budgetQuery struct {
	Month string `query:"month" pattern:"^[0-9]{4}-(0[1-9]|1[0-2])$" example:"2026-10" doc:"This one when absent"`
}

// OfCategory names the category that a route is about.
type OfCategory struct {
	Category string `path:"category" maxLength:"20" pattern:"^[a-z_]+$" example:"dining" doc:"total: everything that is spent"`
}

type budgetChange struct {
	OfCategory
	Body budgetAmount
}

type budgetAmount struct {
	Amount api.Money `json:"amount" doc:"Of a month"`
}

type budget struct {
	Category string    `json:"category" example:"dining" doc:"total: everything that is spent"`
	Name     string    `json:"name"`
	Amount   api.Money `json:"amount" doc:"Of a month"`
	Spent    api.Money `json:"spent"`
	Percent  string    `json:"percent" example:"81.5" doc:"Spent of amount; more than 100 when it is exceeded"`
	Level    string    `json:"level,omitempty" enum:"near,full" doc:"Absent while there is enough"`
}
