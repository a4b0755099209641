package payment

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
)

// codeBits is the size of the random code in a person's QR.
const codeBits = 128

// Receiving is how a person takes payments.
type Receiving struct {
	Code         string // in the QR, behind the app's address
	Address      string // what the QR says
	Discoverable bool   // found by phone number
}

// Receiving is how the caller takes payments; his code is made when it is first asked for.
func (s *Service) Receiving(ctx context.Context, by act.By) (Receiving, error) {
	var r Receiving
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := ensureReceiving(ctx, tx, by.Customer(), crypto.Token(codeBits)); err != nil {
			return err
		}
		var err error
		r, err = receiving(ctx, tx, by.Customer())
		return err
	})
	r.Address = s.Papers.PublicURL + "/pay/" + r.Code
	return r, err
}

// SetDiscoverable says whether the caller's phone number finds him for payments.
func (s *Service) SetDiscoverable(ctx context.Context, by act.By, yes bool) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := ensureReceiving(ctx, tx, by.Customer(), crypto.Token(codeBits)); err != nil {
			return err
		}
		if err := setDiscoverable(ctx, tx, by.Customer(), yes); err != nil {
			return err
		}
		return s.note(ctx, tx, by, actDiscoverable, string(by.Customer()))
	})
}
