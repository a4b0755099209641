package customer

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Why somebody looked at a person's data. The texts have the keys of these codes.
const (
	AccessExport = "customer.access_export" // a copy that the person asked for
	AccessReview = "customer.access_review" // to decide a verification
	// AccessAuthority is a copy for an authority that may demand it.
	AccessAuthority = "customer.access_authority"
	AccessView      = "customer.access_view" // staff opened the page of the customer
)

// What was looked at. The texts have the keys of these codes.
const (
	FieldsAll      = "customer.fields_all"
	FieldsIdentity = "customer.fields_identity"
	FieldsMasked   = "customer.fields_masked"
)

// Access is one look at a person's data.
type Access struct {
	ID       id.Access // made when it is kept
	Customer id.Customer
	At       time.Time
	Kind     act.Kind // of who looked
	Actor    string
	Purpose  string // code: why
	Fields   string // code: at what
}

// LogAccess keeps looks at people's data, in the transaction that looks. Customer, Purpose and Fields are the caller's.
func (s *Service) LogAccess(ctx context.Context, tx *db.Tx, by act.By, looks []Access) error {
	if err := insertAccesses(tx, by, looks); err != nil {
		return fmt.Errorf("keep access log: %w", err)
	}
	return nil
}

// AccessLog is who looked at the data of the customer who asks, the newest first, before a line (none: from the newest).
func (s *Service) AccessLog(ctx context.Context, by act.By, before id.Access, limit int) ([]Access, error) {
	var all []Access
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		var err error
		all, err = listAccesses(ctx, tx, by.Customer(), before, page(limit))
		return err
	})
	return all, err
}
