package mobile

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
)

func (h *handlers) passwordRoutes() {
	api.Add(h.router, post("/password", "security", "changePassword", "Change the password; other sessions end", slowly(proven(myself, auth.PurposePassword))), h.changePassword)
}

func (h *handlers) changePassword(ctx context.Context, in *body[newPassword]) (*none, error) {
	return done(h.Auth.ChangePassword(ctx, api.By(ctx), client(ctx), evidence(ctx), crypto.Secret(in.Body.NewPassword)))
}

type newPassword struct {
	NewPassword string `json:"newPassword" minLength:"1" maxLength:"256" format:"password" doc:"At least eight characters; common and personal ones are refused"`
}
