package auth

import (
	"cmp"
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
)

// entry is an act of this room for the audit log.
type entry struct {
	by        act.By
	act       string
	principal Principal // whose matter it is; empty when nobody is known
	subject   string    // the principal when empty
	refusal   error     // nil when it was done
	detail    map[string]string
}

func (e entry) record() audit.Record {
	r := audit.Record{
		By: e.by, Act: e.act, Subject: cmp.Or(e.subject, string(e.principal)), Customer: e.principal.customer(),
		Outcome: audit.Done, Detail: e.detail,
	}
	if e.refusal != nil {
		r.Outcome, r.Code = audit.Refused, fault.CodeOf(e.refusal)
	}
	return r
}

func (s *Service) record(ctx context.Context, tx *db.Tx, entries ...entry) error {
	records := make([]audit.Record, 0, len(entries))
	for _, e := range entries {
		records = append(records, e.record())
	}
	if err := s.audit.Append(ctx, tx, records); err != nil {
		return fmt.Errorf("record in audit log: %w", err)
	}
	return nil
}

// refuse records that an act was refused, and returns the refusal so that its traces are committed.
func (s *Service) refuse(ctx context.Context, tx *db.Tx, e entry) error {
	if err := s.record(ctx, tx, e); err != nil {
		return err
	}
	return keep(e.refusal)
}
