package mobile

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
)

func (h *handlers) stepUpRoutes() {
	r, guard := h.router, slowly(myself)
	api.Add(r, created(post("/step-ups", "stepup", "stepUp", "Prove oneself again, for one act", guard)), h.stepUp)
	api.Add(r, post("/step-ups/passkey-options", "stepup", "stepUpPasskeyOptions", "What the browser asks a passkey for", guard), h.stepUpPasskeyOptions)
}

// Purposes are the acts that a step-up can be for; the enumeration of StepUpPurpose says the same.
func Purposes() []auth.Purpose {
	return []auth.Purpose{
		auth.PurposePassword, auth.PurposePhone, auth.PurposeEmail, auth.PurposePasskeys, auth.PurposePIN,
		customer.PurposeUnfreeze, customer.PurposeClose, customer.PurposeExport,
		deposit.PurposeLimits, deposit.PurposeResume, payment.PurposeStrong,
	}
}

func (h *handlers) stepUp(ctx context.Context, in *body[newStepUp]) (*answer[stepUpProof], error) {
	f, err := in.Body.factor()
	if err != nil {
		return nil, err
	}
	p, err := h.Auth.StepUp(ctx, api.By(ctx), client(ctx), auth.Purpose(in.Body.Purpose), f)
	return with(stepUpProof{Proof: p.Proof.Reveal(), Method: string(p.Method), ExpiresAt: p.ExpiresAt.UTC()}, err)
}

func (h *handlers) stepUpPasskeyOptions(ctx context.Context, in *body[StepUpPurpose]) (*answer[passkeyOptions], error) {
	options, err := h.Auth.StepUpPasskeyOptions(ctx, api.By(ctx), auth.Purpose(in.Body.Purpose))
	return with(newPasskeyOptions(options), err)
}

// StepUpPurpose is the act that a step-up is for.
type StepUpPurpose struct {
	Purpose string `json:"purpose" enum:"password.change,phone.change,email.change,passkeys.change,pin.change,customer.unfreeze,customer.close,customer.export,limits.raise,account.resume,payment.send" doc:"The act that the proof will be for"`
}

type newStepUp struct {
	StepUpPurpose
	Factor
}

type stepUpProof struct {
	Proof     string  `json:"proof" doc:"Goes into X-Tongbao-Proof of the act; serves once, in this session"`
	Method    string  `json:"method" enum:"password,code,password_and_code,passkey,pin"`
	ExpiresAt instant `json:"expiresAt"`
}
