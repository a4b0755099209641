package insight

import (
	"context"
	"fmt"
	"strconv"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
)

// ruleCorrections is how many corrections one person may keep.
const ruleCorrections = "insight.correction.most_count"

// Correction is what a person says that a transaction was for.
type Correction struct {
	Transaction payment.Transaction // one of his own
	Category    Category            // empty: what the rules say
	Always      bool                // for all with the same party that go the same way
}

// correctionKey is what a correction is about: a transaction, or a party and a way.
type correctionKey struct {
	scope   Scope
	subject string
}

// corrections are all that a person has said.
type corrections map[correctionKey]Category

// Correct keeps what a person says about one transaction, or about all with its party; the last word counts. What he
// says about one is stronger than about its party. With Always it also forgets what he had said about this one, so that
// both agree. An empty category forgets. Errors: ErrCategory, ErrFixed, ErrNoPayee, ErrCorrections.
func (s *Service) Correct(ctx context.Context, by act.By, c Correction) error {
	t := c.Transaction
	switch {
	case fixed(t):
		return ErrFixed
	case c.Category != "" && !s.rules.allows(c.Category, t.Direction):
		return ErrCategory.At("/category")
	case c.Always && t.Peer == "":
		return ErrNoPayee.At("/always")
	}
	about := correctionKey{One, t.ID}
	if c.Always {
		about = correctionKey{Payee, payeeOf(t)}
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.correct(ctx, tx, by, about, c); err != nil {
			return err
		}
		if err := markStale(ctx, tx, by.Customer()); err != nil {
			return fmt.Errorf("look at budgets anew: %w", err)
		}
		return s.Audit.Append(ctx, tx, []audit.Record{{By: by, Act: "insight.correct", Subject: t.ID, Customer: by.Customer(), Outcome: audit.Done,
			Detail: map[string]string{"category": string(c.Category), "scope": string(about.scope)}}})
	})
}

func (s *Service) correct(ctx context.Context, tx *db.Tx, by act.By, about correctionKey, c Correction) error {
	owner := by.Customer()
	if c.Category == "" || c.Always {
		if err := deleteCorrection(ctx, tx, owner, correctionKey{One, c.Transaction.ID}); err != nil {
			return fmt.Errorf("forget a correction: %w", err)
		}
	}
	if c.Category == "" {
		return deleteCorrection(ctx, tx, owner, about)
	}
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return err
	}
	most, err := s.Rules.Int(ctx, ruleCorrections, today)
	if err != nil {
		return err
	}
	said, err := correctionsOf(ctx, tx, owner)
	if err != nil {
		return fmt.Errorf("read corrections: %w", err)
	}
	if _, again := said[about]; !again && int64(len(said)) >= most {
		return ErrCorrections.With("most", strconv.FormatInt(most, 10))
	}
	return upsertCorrection(ctx, tx, owner, about, c.Category)
}
