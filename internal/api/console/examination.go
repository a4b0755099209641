package console

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
)

// actionExamine is the permission to have the books verified, and to read what was found.
const actionExamine access.Permission = ledger.ActExamine

func (h *handlers) examinationRoutes() {
	r, may := h.router, mayBank(actionExamine, access.Operating, access.Inspecting)
	api.Add(r, api.Created(api.Post("/ledger/examinations", "ledger", "examineBooks", "Have the books recomputed", api.Slowly(may))), h.examine)
	api.Add(r, api.Get("/ledger/examinations", "ledger", "listExaminations", "When the books were recomputed, and what was found", may), h.examinations)
	api.Add(r, api.Get("/ledger/examinations/{id}", "ledger", "findExamination", "One of them, as far as it is", may), h.examination)
}

func (h *handlers) examine(ctx context.Context, in *api.Body[examinationIn]) (*api.Answer[examination], error) {
	x, err := h.Examiner.Ask(ctx, api.By(ctx), ledger.ExaminationScope{From: in.Body.From, To: in.Body.To, Later: in.Body.Later})
	return api.With(newExamination(x), err)
}

func (h *handlers) examinations(ctx context.Context, in *api.Paging) (*api.Answer[api.Page[examination]], error) {
	before, err := api.Cursor[id.Examination](in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := h.Examiner.List(ctx, before, in.Limit)
	return api.With(api.PageOf(api.List(all, newExamination), next(all, in.Limit, func(x ledger.Examination) string { return string(x.ID) })), err)
}

func (h *handlers) examination(ctx context.Context, in *api.OfID) (*api.Answer[examination], error) {
	which, err := api.ParseID[id.Examination](in.ID, "id")
	if err != nil {
		return nil, err
	}
	x, err := h.Examiner.Find(ctx, which)
	return api.With(newExamination(x), err)
}

type examinationIn struct {
	From  string `json:"from,omitempty" maxLength:"64" pattern:"^[a-z]*_?[0-9a-z]*$" doc:"First account id of a range"`
	To    string `json:"to,omitempty" maxLength:"64" pattern:"^[a-z]*_?[0-9a-z]*$" doc:"Last account id of a range"`
	Later bool   `json:"later,omitempty" doc:"Only what came after the last locked day"`
}

type examination struct {
	ID       string      `json:"id"`
	State    string      `json:"state" enum:"running,holds,broken,failed"`
	AskedBy  string      `json:"askedBy"`
	AskedAt  instant     `json:"askedAt"`
	EndedAt  *instant    `json:"endedAt,omitempty"`
	From     string      `json:"from,omitempty"`
	To       string      `json:"to,omitempty"`
	Since    *clock.Date `json:"since,omitempty" doc:"The locked day that it goes on from"`
	Step     string      `json:"step" doc:"What is being checked: journals, accounts, holds, reversals or totals"`
	Done     int64       `json:"done" doc:"How many of them so far"`
	Journals int64       `json:"journals"`
	Entries  int64       `json:"entries"`
	Accounts int64       `json:"accounts"`
	Breach   *breach     `json:"breach,omitempty"`
}

type breach struct {
	Rule    string `json:"rule"`
	Subject string `json:"subject" doc:"The account, journal or hold"`
	Detail  string `json:"detail" doc:"What was found, and what should be there"`
}

func newExamination(x ledger.Examination) examination {
	out := examination{
		ID: string(x.ID), State: string(x.State), AskedBy: x.AskedBy, AskedAt: x.AskedAt.UTC(), EndedAt: api.Instant(x.EndedAt),
		From: x.From, To: x.To, Step: x.Step, Done: x.Done, Journals: x.Report.Journals, Entries: x.Report.Entries, Accounts: x.Report.Accounts,
	}
	if !x.Since.IsZero() {
		out.Since = &x.Since
	}
	if b := x.Report.Breach; b != nil {
		out.Breach = &breach{b.Rule, b.Subject, b.Detail}
	}
	return out
}
