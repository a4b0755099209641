package app

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/oversight/insight"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/products/payment"
)

// openInsight opens the room that shows people their own money.
func (b *Bank) openInsight(context.Context, Options) error {
	signer, err := b.Ring.Signer(crypto.RSAPKCS1)
	if err != nil {
		return fmt.Errorf("open the key that signs statements: %w", err)
	}
	b.Insight, err = insight.New(insight.Needs{
		DB: b.DB, Clock: b.Clock, Payments: b.Payments, Deposits: b.Deposits, Books: b.Ledger, Products: b.Products, Days: b.Days, Rules: b.Rules,
		Persons: b.Customers, Vault: b.Vault, Blobs: b.Blobs, Tokens: b.Ring, Notify: b.Notify, Audit: b.Audit, Texts: b.Catalog,
		Papers: payment.Papers{Bank: b.Config.BankName, PublicURL: b.publicURL(), Signer: documentSigner{signer}},
	})
	if err != nil {
		return err
	}
	return b.Bus.Subscribe(b.Insight.Watcher())
}
