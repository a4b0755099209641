package app

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/oversight/compliance"
	"github.com/tongbao/tongbao/internal/platform/crypto"
)

// openCompliance opens the room that reports how the bank was run.
func (b *Bank) openCompliance(context.Context, Options) error {
	signer, err := b.Ring.Signer(crypto.RSAPKCS1)
	if err != nil {
		return fmt.Errorf("open the key that signs reports: %w", err)
	}
	b.Compliance = compliance.New(compliance.Needs{
		DB: b.DB, Clock: b.Clock, Zone: b.Days.Zone(), Log: b.Audit, Staff: b.Access, Approvals: b.Approvals, Books: b.Examiner, Texts: b.Catalog,
		Bank: b.Config.BankName, Signer: documentSigner{signer},
	})
	return nil
}
