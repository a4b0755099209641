package mobile

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/customer"
)

func (h *handlers) verificationRoutes() {
	r, guard := h.router, slowly(myself)
	api.Add(r, get("/verification", "verification", "verification", "How far my verification has come", myself), h.verification)
	api.Add(r, created(post("/verification", "verification", "startVerification", "Begin with name and ID number", guard)), h.startVerification)
	api.Add(r, post("/verification/documents", "verification", "addDocument", "Add the picture of one side of the Identity card", withPicture(guard)), h.addDocument)
	api.Add(r, post("/verification/face", "verification", "addFace", "Add the picture of the face", withPicture(guard)), h.addFace)
	api.Add(r, post("/verification/submit", "verification", "submitVerification", "Hand over what was collected", guard), h.submitVerification)
}

func (h *handlers) verification(ctx context.Context, _ *none) (*answer[verification], error) {
	return h.verified(ctx)(h.Customers.Verification(ctx, api.By(ctx)))
}

func (h *handlers) startVerification(ctx context.Context, in *body[newVerification]) (*answer[verification], error) {
	return h.verified(ctx)(h.Customers.StartVerification(ctx, api.By(ctx), in.Body.Name, in.Body.IDNumber))
}

func (h *handlers) addDocument(ctx context.Context, in *body[documentImage]) (*answer[verification], error) {
	return h.verified(ctx)(h.Customers.AddDocument(ctx, api.By(ctx), customer.Side(in.Body.Side), in.Body.Image))
}

func (h *handlers) addFace(ctx context.Context, in *body[faceImage]) (*answer[verification], error) {
	return h.verified(ctx)(h.Customers.AddFace(ctx, api.By(ctx), in.Body.Image))
}

func (h *handlers) submitVerification(ctx context.Context, _ *none) (*answer[verification], error) {
	return h.verified(ctx)(h.Customers.SubmitVerification(ctx, api.By(ctx)))
}

// verified writes a verification.
func (h *handlers) verified(ctx context.Context) func(customer.Verification, error) (*answer[verification], error) {
	return func(v customer.Verification, err error) (*answer[verification], error) {
		return with(h.newVerification(ctx, v), err)
	}
}

type newVerification struct {
	Name     string `json:"name" minLength:"1" maxLength:"64" example:"王小明" doc:"As on the Identity document"`
	IDNumber string `json:"idNumber" minLength:"15" maxLength:"18" pattern:"^[0-9]{15,17}[0-9Xx]?$" example:"110101199003070070" doc:"Resident ID number (GB 11643)"`
}

type documentImage struct {
	Side  string `json:"side" enum:"front,back" doc:"front has the portrait, back the emblem"`
	Image []byte `json:"image" maxLength:"6291456" doc:"JPEG or PNG, base64"`
}

type faceImage struct {
	Image []byte `json:"image" maxLength:"6291456" doc:"JPEG or PNG, base64"`
}

type verification struct {
	ID           string   `json:"id,omitempty"`
	State        string   `json:"state" enum:"none,started,documents,face,submitted,passed,refused,manual_review,abandoned"`
	Level        int      `json:"level" minimum:"0" maximum:"3" doc:"Of the customer, now"`
	Refusal      *reason  `json:"refusal,omitempty" doc:"Why it was refused, and what to do"`
	HasFront     bool     `json:"hasFront"`
	HasBack      bool     `json:"hasBack"`
	HasFace      bool     `json:"hasFace"`
	AttemptsLeft int64    `json:"attemptsLeft" doc:"Submissions that are left today"`
	StartedAt    *instant `json:"startedAt,omitempty"`
	SubmittedAt  *instant `json:"submittedAt,omitempty"`
	DecidedAt    *instant `json:"decidedAt,omitempty"`
}

func (h *handlers) newVerification(ctx context.Context, v customer.Verification) verification {
	out := verification{
		ID: string(v.ID), State: string(v.State), Level: int(v.Level), HasFront: v.HasFront, HasBack: v.HasBack, HasFace: v.HasFace,
		AttemptsLeft: v.AttemptsLeft, StartedAt: api.Instant(v.StartedAt), SubmittedAt: api.Instant(v.SubmittedAt), DecidedAt: api.Instant(v.DecidedAt),
	}
	if v.Code != "" {
		why := h.reason(api.CallOf(ctx).Locale, v.Code)
		out.Refusal = &why
	}
	return out
}
