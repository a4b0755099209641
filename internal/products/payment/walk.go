package payment

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Walk gives all that happened on a customer's accounts from one business date to another, both included, to those who
// sum it up: newest first, in one view of the database. A zero to is today; a zero from begins the longest period of a
// statement. Errors: ErrPeriod, ErrTooManyLines, and visit's own, which end it.
func (s *Service) Walk(ctx context.Context, tx *db.Tx, owner id.Customer, from, to clock.Date, visit func(Transaction) error) error {
	p, err := s.bounded(ctx, tx, period{from, to})
	if err != nil {
		return err
	}
	sc, err := s.newScan(ctx, tx, owner, Filter{From: p.from, To: p.to})
	if err != nil {
		return err
	}
	if err := sc.mustBeShort(ctx, tx, p); err != nil {
		return err
	}
	return sc.each(ctx, tx, visit)
}

// StatementOf is Statement for those who make papers of it in a transaction of theirs. Errors: as Statement.
func (s *Service) StatementOf(ctx context.Context, tx *db.Tx, owner id.Customer, account id.Account, from, to clock.Date) (Statement, error) {
	return s.statement(ctx, tx, owner, account, period{from, to})
}
