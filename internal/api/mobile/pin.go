package mobile

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/crypto"
)

func (h *handlers) pinRoutes() {
	r := h.router
	api.Add(r, get("/pin", "security", "pin", "State of the payment PIN", myself), h.pin)
	api.Add(r, post("/pin", "security", "setPin", "Set or change the payment PIN", slowly(proven(myself, auth.PurposePIN))), h.setPIN)
	api.Add(r, post("/pin/reset", "security", "resetPin", "Set a forgotten PIN anew, known by document and face", withPicture(slowly(myself))), h.resetPIN)
}

func (h *handlers) pin(ctx context.Context, _ *none) (*answer[pinState], error) {
	p, err := h.Auth.PIN(ctx, api.By(ctx))
	return with(pinState{Set: p.Set, Locked: p.Locked, LockedUntil: api.Instant(p.LockedUntil), TriesLeft: p.TriesLeft}, err)
}

func (h *handlers) setPIN(ctx context.Context, in *body[NewPIN]) (*none, error) {
	return done(h.choosePIN(ctx, evidence(ctx), in.Body.PIN))
}

func (h *handlers) resetPIN(ctx context.Context, in *body[pinReset]) (*none, error) {
	b := in.Body
	again, err := h.Customers.Reverify(ctx, api.By(ctx), customer.Reverification{Name: b.Name, IDNumber: b.IDNumber, Face: b.FaceImage})
	if err != nil {
		return nil, err
	}
	return done(h.choosePIN(ctx, auth.Evidence{Reverified: again}, b.PIN, b.IDNumber))
}

// choosePIN tells auth what a thief of the purse would try first: the person's birthday and numbers.
func (h *handlers) choosePIN(ctx context.Context, e auth.Evidence, pin string, numbers ...string) error {
	p, err := h.Customers.Profile(ctx, api.By(ctx))
	if err != nil {
		return err
	}
	choice := auth.PINChoice{PIN: crypto.Secret(pin), Birth: p.Birth, Avoid: numbers}
	for _, c := range p.Contacts {
		if c.Kind == auth.Phone {
			choice.Avoid = append(choice.Avoid, c.Value)
		}
	}
	return h.Auth.SetPIN(ctx, api.By(ctx), client(ctx), e, choice)
}

type pinState struct {
	Set         bool     `json:"set"`
	Locked      bool     `json:"locked"`
	LockedUntil *instant `json:"lockedUntil,omitempty" doc:"Absent when only a reset unlocks it"`
	TriesLeft   int      `json:"triesLeft"`
}

// NewPIN is a payment PIN that is being chosen.
type NewPIN struct {
	PIN string `json:"pin" minLength:"6" maxLength:"6" pattern:"^[0-9]{6}$" format:"password" doc:"Six digits; easily guessed ones are refused"`
}

type pinReset struct {
	NewPIN
	Identity
}
