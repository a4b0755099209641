package mobile

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

func (h *handlers) limitRoutes() {
	r := h.router
	api.Add(r, get("/limits", "limit", "limits", "What I allow myself, and what regulations allow: used, left, and when it begins anew", myself), h.limits)
	api.Add(r, put("/limits", "limit", "setLimits", "Change what I allow myself; raising wants the proof of a step-up (limits.raise)", myself), h.setLimits)
}

func (h *handlers) limits(ctx context.Context, _ *none) (*answer[limits], error) {
	var out limits
	err := h.DB.Read(ctx, func(tx *db.Tx) error {
		holdings, err := h.Deposits.Holdings(ctx, tx, api.By(ctx).Customer())
		if err != nil {
			return err
		}
		out, err = h.limitsIn(ctx, tx, api.By(ctx), holdings)
		return err
	})
	return with(out, err)
}

func (h *handlers) limitsIn(ctx context.Context, tx *db.Tx, by act.By, holdings []deposit.Holding) (limits, error) {
	own, err := h.Deposits.OwnLimits(ctx, tx, by.Customer())
	if err != nil {
		return limits{}, err
	}
	most, err := h.Deposits.MostLimits(ctx, tx)
	if err != nil {
		return limits{}, err
	}
	reduced, err := h.Auth.ReducedUntil(ctx, tx, []auth.Principal{auth.Principal(by.Customer())})
	if err != nil {
		return limits{}, err
	}
	until, cut := reduced[auth.Principal(by.Customer())]
	out := limits{Own: newOwnLimits(own), Most: newOwnLimits(most), ReducedUntil: api.Instant(until), Accounts: []accountLimits{}}
	for _, holding := range holdings {
		if holding.State != deposit.Open {
			continue
		}
		states, err := h.Deposits.LimitStates(ctx, tx, holding.Account, cut)
		if err != nil {
			return limits{}, err
		}
		incoming, err := h.Deposits.ReceivingStates(ctx, tx, holding.Account)
		if err != nil {
			return limits{}, err
		}
		out.Accounts = append(out.Accounts, accountLimits{
			AccountID: string(holding.ID), Limits: list(states, newLimitState), Receiving: list(incoming, newReceivingState),
		})
	}
	return out, nil
}

func (h *handlers) setLimits(ctx context.Context, in *body[ownLimits]) (*answer[limits], error) {
	wanted, err := in.Body.parse()
	if err != nil {
		return nil, err
	}
	if err := h.Deposits.SetOwnLimits(ctx, api.By(ctx), wanted, proof(ctx)); err != nil {
		return nil, err
	}
	return h.limits(ctx, nil)
}

type limits struct {
	Own          ownLimits       `json:"own" doc:"In force in the app, before any reduction"`
	Most         ownLimits       `json:"most" doc:"The most that I may choose"`
	ReducedUntil *instant        `json:"reducedUntil,omitempty" doc:"Limits are cut until then, because a factor changed"`
	Accounts     []accountLimits `json:"accounts"`
}

type ownLimits struct {
	Single api.Money `json:"single" doc:"A transfer"`
	Daily  api.Money `json:"daily" doc:"A day"`
	Small  api.Money `json:"small" doc:"Up to which no PIN is asked (小额免密); zero for never"`
}

func newOwnLimits(l deposit.OwnLimits) ownLimits {
	yuan := func(minor int64) api.Money { return api.MoneyOf(money.New(minor, money.CNY)) }
	return ownLimits{Single: yuan(l.Single), Daily: yuan(l.Daily), Small: yuan(l.Small)}
}

func (l ownLimits) parse() (deposit.OwnLimits, error) {
	out := deposit.OwnLimits{Set: true}
	for _, f := range []struct {
		pointer string
		from    api.Money
		to      *int64
	}{{"/single", l.Single, &out.Single}, {"/daily", l.Daily, &out.Daily}, {"/small", l.Small, &out.Small}} {
		a, err := f.from.Parse(f.pointer)
		if err != nil {
			return out, err
		}
		if a.Currency() != money.CNY {
			return out, money.ErrUnknownCurrency.At(f.pointer + "/currency")
		}
		*f.to = a.Minor()
	}
	return out, nil
}

type accountLimits struct {
	AccountID string           `json:"accountId"`
	Limits    []limitState     `json:"limits" doc:"Of what goes out"`
	Receiving []receivingState `json:"receiving" doc:"Of what comes in, and of what the account may hold; empty for class I, which takes anything"`
}

type limitState struct {
	Kind     string    `json:"kind" enum:"mobile_day,mobile_year,class_out_day,class_out_year,small_day" doc:"mobile: what I allow myself in the app; class: what a regulation allows the account"`
	Most     api.Money `json:"most"`
	Used     api.Money `json:"used"`
	Left     api.Money `json:"left"`
	ResetsAt instant   `json:"resetsAt"`
}

func newLimitState(s deposit.LimitState) limitState {
	return limitState{Kind: string(s.Kind), Most: api.MoneyOf(s.Most), Used: api.MoneyOf(s.Used), Left: api.MoneyOf(s.Left), ResetsAt: s.ResetsAt.UTC()}
}

// receivingState is a limit of a class on what comes in; the cap of the balance never begins anew.
type receivingState struct {
	Kind     string    `json:"kind" enum:"class_in_day,class_in_year,class_balance" doc:"class_in: from accounts that are not the holder's own, which alone count; class_balance: what the account may hold at any time"`
	Most     api.Money `json:"most"`
	Used     api.Money `json:"used"`
	Left     api.Money `json:"left"`
	ResetsAt *instant  `json:"resetsAt,omitempty" doc:"Absent for what never begins anew"`
}

func newReceivingState(s deposit.LimitState) receivingState {
	return receivingState{
		Kind: string(s.Kind), Most: api.MoneyOf(s.Most), Used: api.MoneyOf(s.Used), Left: api.MoneyOf(s.Left), ResetsAt: api.Instant(s.ResetsAt),
	}
}
