package console

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) reviewRoutes() {
	r := h.router
	api.Add(r, api.Get("/verifications", "verifications", "listCases", "Verifications that wait for a person", may(customer.ActionReviewList, access.Verifying, access.Inspecting)), h.cases)
	api.Add(r, api.Get("/verifications/{id}", "verifications", "openCase", "One of them, with who it is about", may(customer.ActionReviewView, access.Verifying)), h.caseFile)
	picture := api.Get("/verifications/{id}/pictures/{name}", "verifications", "casePicture", "A picture of it", may(customer.ActionReviewView, access.Verifying))
	picture.Produces = "image/jpeg"
	api.Add(r, picture, h.casePicture)
	api.Add(r, api.Post("/verifications/{id}/decision", "verifications", "decideCase", "Agree or refuse, with a reason", may(customer.ActionReviewDecide, access.Verifying)), h.decideCase)
}

func (h *handlers) cases(ctx context.Context, in *staffQuery) (*api.Answer[api.Page[waitingCase]], error) {
	after, err := api.Cursor[id.Verification](in.Cursor)
	if err != nil {
		return nil, err
	}
	scope, err := h.scope(ctx, customer.ActionReviewList, in.Branch)
	if err != nil {
		return nil, err
	}
	all, err := h.Customers.Cases(ctx, scope, after, in.Limit)
	wire := func(c customer.Case) waitingCase { return h.newCase(ctx, c) }
	return api.With(api.PageOf(api.List(all, wire), next(all, in.Limit, func(c customer.Case) string { return string(c.ID) })), err)
}

func (h *handlers) caseFile(ctx context.Context, in *api.OfID) (*api.Answer[caseFile], error) {
	f, err := h.file(ctx, customer.ActionReviewView, in.ID)
	if err != nil {
		return nil, err
	}
	return api.With(caseFile{h.newCase(ctx, f.Case), f.Name.Reveal(), f.IDNumber.Reveal(), f.Pictures}, nil)
}

// file opens a case that the caller reaches and may work on: his own or a relative's is nobody's work.
func (h *handlers) file(ctx context.Context, p access.Permission, which string) (customer.File, error) {
	v, err := api.ParseID[id.Verification](which, "id")
	if err != nil {
		return customer.File{}, err
	}
	scope, err := h.scope(ctx, p, "")
	if err != nil {
		return customer.File{}, err
	}
	f, err := h.Customers.File(ctx, api.By(ctx), scope, v)
	if err != nil {
		return customer.File{}, err
	}
	return f, h.check(ctx, p, access.Subject{Customer: f.Customer, Branch: f.HomeBranch})
}

func (h *handlers) casePicture(ctx context.Context, in *pictureOf) (*pictureOut, error) {
	f, err := h.file(ctx, customer.ActionReviewView, in.ID)
	if err != nil {
		return nil, err
	}
	scope, err := h.scope(ctx, customer.ActionReviewView, "")
	if err != nil {
		return nil, err
	}
	b, err := h.Customers.CasePicture(ctx, api.By(ctx), scope, f.ID, in.Name)
	if err != nil {
		return nil, err
	}
	return &pictureOut{Type: b.ContentType, Sniff: "nosniff", Body: b.Content}, nil
}

func (h *handlers) decideCase(ctx context.Context, in *api.OfIDWith[caseDecision]) (*api.None, error) {
	f, err := h.file(ctx, customer.ActionReviewDecide, in.ID)
	if err != nil {
		return nil, err
	}
	return api.Done(h.Customers.Decide(ctx, api.By(ctx).Because(in.Body.Reason), f.ID, in.Body.Agree))
}

func (h *handlers) newCase(ctx context.Context, c customer.Case) waitingCase {
	return waitingCase{string(c.ID), string(c.Customer), c.HomeBranch, string(c.Step), h.word(ctx, c.Reason), api.Instant(c.SubmittedAt)}
}

type waitingCase struct {
	ID          string   `json:"id"`
	Customer    string   `json:"customer"`
	HomeBranch  string   `json:"homeBranch"`
	Step        string   `json:"step" enum:"identity,document,face" doc:"What the provider did not decide"`
	Why         word     `json:"why"`
	SubmittedAt *instant `json:"submittedAt,omitempty"`
}

type caseFile struct {
	Case     waitingCase `json:"case"`
	Name     string      `json:"name" doc:"Whole: it must be compared with the document"`
	IDNumber string      `json:"idNumber" doc:"Whole, likewise"`
	Pictures []string    `json:"pictures" doc:"Those that are there: front, back, face"`
}

type pictureOf struct {
	api.OfID
	Name string `path:"name" enum:"front,back,face"`
}

type pictureOut struct {
	Type  string `header:"Content-Type"`
	Sniff string `header:"X-Content-Type-Options"`
	Body  []byte
}

type caseDecision struct {
	Agree  bool   `json:"agree"`
	Reason string `json:"reason" minLength:"2" maxLength:"200"`
}
