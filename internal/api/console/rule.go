package console

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/rule"
)

// The permissions of figures, which stand below package access and name none themselves.
const (
	actionRules   access.Permission = "rule.list"
	actionPropose access.Permission = "rule.propose"
)

func (h *handlers) ruleRoutes() {
	r := h.router
	read := mayBank(actionRules, access.Designing, access.Risk, access.Inspecting)
	propose := mayBank(actionPropose, access.Designing, access.Risk)
	api.Add(r, api.Get("/rules", "rules", "listRules", "Figures as they stand, and what is planned", read), h.rules)
	api.Add(r, api.Get("/rules/history", "rules", "ruleHistory", "Every row of a figure, who changed it and who approved", read), h.ruleHistory)
	api.Add(r, api.Post("/rules/compare", "rules", "compareRule", "What a change would do, also to last month's transactions", propose), h.compareRule)
	api.Add(r, api.Post("/rules/changes", "rules", "proposeRule", "Ask for a change; it holds from its day once it is approved", once(propose)), h.proposeRule)
}

func (h *handlers) rules(ctx context.Context, in *rulePrefix) (*api.Answer[ruleList], error) {
	all, err := h.Figures.Figures(ctx, in.Prefix)
	return api.With(ruleList{api.List(all, newFigure)}, err)
}

func (h *handlers) ruleHistory(ctx context.Context, in *ruleKey) (*api.Answer[ruleRows], error) {
	all, err := h.Figures.History(ctx, in.Key)
	return api.With(ruleRows{api.List(all, newRuleRow)}, err)
}

func (h *handlers) compareRule(ctx context.Context, in *api.Body[RuleChange]) (*api.Answer[ruleComparison], error) {
	change, err := in.Body.change()
	if err != nil {
		return nil, err
	}
	var c rule.Comparison
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		c, err = h.Figures.Compare(ctx, tx, change)
		return err
	})
	if err != nil {
		return nil, err
	}
	effects, err := h.Figures.Foresee(ctx, change)
	if err != nil {
		return nil, err
	}
	out := ruleComparison{After: newRuleRow(rule.Versioned{Row: c.Row}), Effects: api.List(effects, func(e rule.Effect) ruleEffect { return h.newEffect(ctx, e) })}
	if c.InUse {
		before := newRuleRow(rule.Versioned{Row: c.Now})
		out.Before = &before
	}
	if !c.Next.IsZero() {
		out.Until = c.Next.String()
	}
	b, bounded, err := c.Row.Bound()
	if bounded {
		out.Bound = &ruleBound{b.Least, b.Most, b.Source, string(b.Grade)}
	}
	return api.With(out, err)
}

func (h *handlers) proposeRule(ctx context.Context, in *api.Body[ruleProposal]) (*api.Answer[request], error) {
	change, err := in.Body.change()
	if err != nil {
		return nil, err
	}
	return h.ask(ctx, rule.ActChange, in.Body.Reason, change)
}

type rulePrefix struct {
	Prefix string `query:"prefix" maxLength:"100" doc:"Only keys that begin so: payment."`
}

type ruleKey struct {
	Key string `query:"key" required:"true" maxLength:"100" example:"auth.pin.tries_count"`
}

// RuleChange is a change of a figure.
type RuleChange struct {
	Key    string `json:"key" maxLength:"100" example:"auth.pin.tries_count"`
	Value  string `json:"value" maxLength:"100" example:"4" doc:"In the key's unit; amounts in minor units"`
	From   string `json:"from" format:"date" doc:"First day: tomorrow or later"`
	To     string `json:"to,omitempty" format:"date" doc:"Last day; until the next row when missing"`
	Source string `json:"source" minLength:"2" maxLength:"300" doc:"The text that says so"`
	Grade  string `json:"grade" enum:"A,B,C,K,U" doc:"How sure that is"`
	Note   string `json:"note,omitempty" maxLength:"300"`
}

type ruleProposal struct {
	RuleChange
	Reason string `json:"reason" minLength:"2" maxLength:"200"`
}

func (c RuleChange) change() (rule.Change, error) {
	from, err := api.ParseDate(c.From, "/from")
	if err != nil {
		return rule.Change{}, err
	}
	to, err := api.ParseDate(c.To, "/to")
	return rule.Change{Key: c.Key, Value: c.Value, From: from, To: to, Source: c.Source, Grade: rule.Grade(c.Grade), Note: c.Note}, err
}

type ruleList struct {
	Figures []figure `json:"figures"`
}

type ruleRows struct {
	Rows []ruleRow `json:"rows"`
}

type figure struct {
	Key      string   `json:"key"`
	Now      *ruleRow `json:"now,omitempty" doc:"In force today"`
	Planned  *ruleRow `json:"planned,omitempty" doc:"The row that begins next"`
	Versions int      `json:"versions" doc:"Rows so far"`
}

func newFigure(f rule.Figure) figure {
	out := figure{Key: f.Key, Versions: f.Versions}
	if f.InForce {
		now := newRuleRow(f.Now)
		out.Now = &now
	}
	if f.Planned {
		next := newRuleRow(f.Next)
		out.Planned = &next
	}
	return out
}

type ruleRow struct {
	Key        string   `json:"key"`
	Value      string   `json:"value"`
	Unit       string   `json:"unit"`
	From       string   `json:"from"`
	To         string   `json:"to,omitempty"`
	Source     string   `json:"source"`
	Grade      string   `json:"grade" enum:"A,B,C,K,U"`
	Note       string   `json:"note,omitempty"`
	AddedAt    *instant `json:"addedAt,omitempty"`
	ChangedBy  string   `json:"changedBy,omitempty" doc:"Staff; missing for what came with the program"`
	ApprovedBy []string `json:"approvedBy,omitempty"`
	Request    string   `json:"request,omitempty" doc:"The approved request"`
}

func newRuleRow(v rule.Versioned) ruleRow {
	out := ruleRow{
		Key: v.Key, Value: v.Value, Unit: string(v.Unit), From: v.From.String(), Source: v.Source, Grade: string(v.Grade), Note: v.Note,
		AddedAt: api.Instant(v.AddedAt), ChangedBy: v.ChangedBy, ApprovedBy: v.ApprovedBy, Request: v.Request,
	}
	if !v.To.IsZero() {
		out.To = v.To.String()
	}
	return out
}

type ruleComparison struct {
	Before  *ruleRow     `json:"before,omitempty" doc:"In force on the first day, without the change"`
	After   ruleRow      `json:"after"`
	Until   string       `json:"until,omitempty" doc:"First day of the row after it"`
	Bound   *ruleBound   `json:"bound,omitempty" doc:"Between what it may be changed"`
	Effects []ruleEffect `json:"effects" doc:"What it would have done last month; empty when nothing foresees the key"`
}

type ruleBound struct {
	Least  string `json:"least"`
	Most   string `json:"most"`
	Source string `json:"source"`
	Grade  string `json:"grade"`
}

type ruleEffect struct {
	Name   word       `json:"name"`
	Of     int64      `json:"of" doc:"How many there were"`
	Count  int64      `json:"count" doc:"How many would have been otherwise"`
	Amount *api.Money `json:"amount,omitempty"`
}

func (h *handlers) newEffect(ctx context.Context, e rule.Effect) ruleEffect {
	out := ruleEffect{Name: h.word(ctx, e.Name), Of: e.Of, Count: e.Count}
	if !e.Amount.Currency().IsZero() {
		amount := api.MoneyOf(e.Amount)
		out.Amount = &amount
	}
	return out
}
