package customer

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/blob"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

const kindBankCopy = "bank_copy"

// BankCopy asks for a copy of a customer's data for an authority that may demand it. It is the change that a request
// under four eyes holds.
type BankCopy struct {
	Customer  id.Customer `json:"customer"`
	Authority string      `json:"authority"` // who demands it
	Reference string      `json:"reference"` // number of its letter
}

// CopyForBank makes the copy, the same as the customer's own, and keeps it sealed under his key; his access log shows it.
// It answers where the file is. Errors: act.ErrNotApproved, ErrStaff, ErrReason, ErrUnknown, ErrExportSize.
func (s *Service) CopyForBank(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, c BankCopy) (string, error) {
	if err := checkStaff(by); err != nil {
		return "", err
	}
	if err := act.Approved(g, ApprovalExport, c); err != nil {
		return "", err
	}
	found, err := s.Find(ctx, tx, []id.Customer{c.Customer})
	if err != nil {
		return "", err
	}
	if _, known := found[c.Customer]; !known {
		return "", ErrUnknown
	}
	content, err := s.bundle(ctx, tx, c.Customer)
	if err != nil {
		return "", err
	}
	file, err := s.blobs.Put(ctx, tx, blob.New{Owner: string(c.Customer), Kind: kindBankCopy, ContentType: blob.ZIP, Content: content})
	if err != nil {
		return "", fmt.Errorf("keep copy: %w", err)
	}
	by.OnBehalfOf = c.Customer
	if err := s.LogAccess(ctx, tx, by, []Access{{Customer: c.Customer, Purpose: AccessAuthority, Fields: FieldsAll}}); err != nil {
		return "", err
	}
	return file, s.record(ctx, tx, by, c.Customer, note{act: actBankCopy, subject: file, detail: map[string]string{"request": g.Request()}})
}

// BankCopyFile reads a copy that CopyForBank made. Whether the caller may have it, the request behind it says.
func (s *Service) BankCopyFile(ctx context.Context, by act.By, customer id.Customer, file string) ([]byte, error) {
	var content []byte
	err := s.write(ctx, func(tx *db.Tx) error {
		b, err := s.blobs.Get(ctx, tx, string(customer), file)
		if err != nil {
			return err
		}
		if b.Kind != kindBankCopy {
			return ErrNoExport
		}
		content = b.Content
		return s.record(ctx, tx, by, customer, note{act: actExportFetch, subject: file})
	})
	return content, err
}
