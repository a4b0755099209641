package db

import (
	"context"
	"fmt"
)

// Point is a place in the life of a transaction at which a simulation may break it.
type Point string

// The points.
const (
	AtBegin     Point = "begin"     // before the transaction begins
	AtStatement Point = "statement" // before a statement; the transaction is lost
	AtCommit    Point = "commit"    // before the commit; the transaction is lost
	AfterCommit Point = "committed" // it is durable, and its caller does not learn so
)

// faulty is an engine that loses connections where a simulation says so. Nothing reaches it outside of tests: see
// Options.Fault.
type faulty struct {
	engine
	fault func(Point) error
}

func (e faulty) begin(ctx context.Context, write bool) (session, error) {
	if err := e.fault(AtBegin); err != nil {
		return nil, lose(err)
	}
	s, err := e.engine.begin(ctx, write)
	if err != nil {
		return nil, err
	}
	return faultySession{session: s, fault: e.fault, write: write}, nil
}

type faultySession struct {
	session
	fault func(Point) error
	write bool
}

func (s faultySession) run(ctx context.Context, queued []statement, text string, args []any) (int64, error) {
	if err := s.fault(AtStatement); err != nil {
		return 0, lose(err)
	}
	return s.session.run(ctx, queued, text, args)
}

func (s faultySession) query(ctx context.Context, queued []statement, text string, args []any) (cursor, error) {
	if err := s.fault(AtStatement); err != nil {
		return nil, lose(err)
	}
	return s.session.query(ctx, queued, text, args)
}

func (s faultySession) commit(ctx context.Context, queued []statement) error {
	if err := s.fault(AtCommit); err != nil {
		s.rollback(ctx)
		return lose(err)
	}
	if err := s.session.commit(ctx, queued); err != nil || !s.write {
		return err
	}
	if err := s.fault(AfterCommit); err != nil {
		return ErrOutcomeUnknown.Because(err)
	}
	return nil
}

// lose is a connection that went away before the commit.
func lose(err error) error { return fmt.Errorf("%w: %w", errLost, err) }
