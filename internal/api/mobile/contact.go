package mobile

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
)

func (h *handlers) contactRoutes() {
	r := h.router
	api.Add(r, post("/contacts/phone", "security", "changePhone", "Replace the phone number by one that a code proved", slowly(proven(myself, auth.PurposePhone))), h.changeContact)
	api.Add(r, post("/contacts/email", "security", "changeEmail", "Replace the mail address by one that a code proved", slowly(proven(myself, auth.PurposeEmail))), h.changeContact)
	api.Add(r, post("/contacts/phone/reset", "security", "resetPhone", "Replace a lost phone, known by document and face", withPicture(slowly(myself))), h.resetPhone)
}

func (h *handlers) changeContact(ctx context.Context, in *body[CodeAnswer]) (*answer[me], error) {
	verified, err := h.newContact(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	return h.meAfter(ctx, h.Auth.ChangeContact(ctx, api.By(ctx), client(ctx), evidence(ctx), verified))
}

func (h *handlers) resetPhone(ctx context.Context, in *body[phoneReset]) (*answer[me], error) {
	b := in.Body
	verified, err := h.newContact(ctx, b.CodeAnswer)
	if err != nil {
		return nil, err
	}
	again, err := h.Customers.Reverify(ctx, api.By(ctx), customer.Reverification{Name: b.Name, IDNumber: b.IDNumber, Face: b.FaceImage})
	if err != nil {
		return nil, err
	}
	return h.meAfter(ctx, h.Auth.ChangeContact(ctx, api.By(ctx), client(ctx), auth.Evidence{Reverified: again}, verified))
}

// newContact is the contact whose code was right.
func (h *handlers) newContact(ctx context.Context, a CodeAnswer) (auth.Verified, error) {
	code, err := a.answer(auth.CodeNewContact)
	if err != nil {
		return auth.Verified{}, err
	}
	return h.Auth.CheckCode(ctx, api.By(ctx), code)
}

type phoneReset struct {
	CodeAnswer
	Identity
}
