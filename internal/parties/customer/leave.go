package customer

import (
	"context"
	"errors"
	"fmt"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
)

// ErrTied says that something still binds the customer to the bank. Domains answer with faults of their own, which say
// what; this one is for those that have none.
var ErrTied = fault.New(fault.Rejected, "customer.tied")

// The figures of this file, as records/rule keeps them.
const (
	ruleClosing   = "customer.closing.wait_days"
	ruleRetention = "customer.retention.identity_years"
)

// houseBatch is how many customers a nightly job closes or erases in one run; the rest waits for the next.
const houseBatch = 200

// Close begins to end the relationship: nothing goes out any more, and after some days, in which the customer may
// change his mind (Stay), he is closed. Nothing may bind him to the bank. Errors: auth.ErrStepUp, the faults of ties,
// ErrFrozen, ErrClosing.
func (s *Service) Close(ctx context.Context, by act.By, proof crypto.Secret) (Customer, error) {
	return s.change(ctx, by, func(tx *db.Tx, p *person) error {
		wait, err := s.rules.Int(ctx, ruleClosing, s.days.Date(tx.Now()))
		if err != nil {
			return err
		}
		if err := p.leave(tx.Now().AddDate(0, 0, int(wait))); err != nil {
			return err
		}
		if err := s.tied(ctx, tx, p.id); err != nil {
			return err
		}
		if err := s.auth.UseProof(ctx, tx, by, PurposeClose, proof, strong()...); err != nil {
			return err
		}
		if err := s.record(ctx, tx, by, p.id, note{act: actClose}); err != nil {
			return err
		}
		return s.tell(ctx, tx, p.id, TemplateClosing, nil)
	})
}

// Stay takes a closing back. Error: ErrState.
func (s *Service) Stay(ctx context.Context, by act.By) (Customer, error) {
	return s.change(ctx, by, func(tx *db.Tx, p *person) error {
		if err := p.stay(); err != nil {
			return err
		}
		return s.record(ctx, tx, by, p.id, note{act: actStay})
	})
}

// tied asks every domain whether something binds a customer.
func (s *Service) tied(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	for _, tie := range s.ties {
		if err := tie.Tied(ctx, tx, customer); err != nil {
			return err
		}
	}
	return nil
}

// closeDue closes the customers whose days are over. Who has been bound again meanwhile stays.
func (s *Service) closeDue(ctx context.Context) error {
	var due []id.Customer
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		var err error
		due, err = listClosing(ctx, tx, tx.Now(), houseBatch)
		return err
	})
	if err != nil {
		return fmt.Errorf("list closing customers: %w", err)
	}
	var failed []error // one customer's trouble is not the others'
	for _, customer := range due {
		if err := s.closeOne(ctx, customer); err != nil {
			failed = append(failed, fmt.Errorf("close customer %s: %w", customer, err))
		}
	}
	return errors.Join(failed...)
}

func (s *Service) closeOne(ctx context.Context, customer id.Customer) error {
	by := act.Job(jobHouse)
	by.OnBehalfOf = customer
	_, err := s.change(ctx, by, func(tx *db.Tx, p *person) error {
		if p.state != Closing || tx.Now().Before(p.closesAt) {
			return nil // taken back meanwhile
		}
		if bound := s.tied(ctx, tx, p.id); bound != nil {
			if _, isRule := fault.From(bound); !isRule {
				return bound
			}
			if err := p.stay(); err != nil {
				return err
			}
			return s.record(ctx, tx, by, p.id, note{act: actClosed, refused: bound})
		}
		if err := s.tell(ctx, tx, p.id, TemplateClosed, nil); err != nil { // while there is a contact
			return err
		}
		on := s.days.Date(tx.Now())
		years, err := s.rules.Int(ctx, ruleRetention, on)
		if err != nil {
			return err
		}
		const monthsPerYear = 12
		if err := p.close(tx.Now(), on.AddMonths(int(years)*monthsPerYear)); err != nil {
			return err
		}
		if err := deleteIdentity(ctx, tx, p.id); err != nil {
			return fmt.Errorf("free ID number: %w", err)
		}
		if err := s.auth.SetState(ctx, tx, by, auth.Principal(p.id), auth.Closed); err != nil {
			return err
		}
		if err := s.publish(ctx, tx, by, p, event.CustomerClosed{Customer: p.id}); err != nil {
			return err
		}
		return s.record(ctx, tx, by, p.id, note{act: actClosed})
	})
	return err
}

// eraseDue erases those whose data the law no longer wants kept (PIPL art. 47): each domain removes what is not sealed,
// then the key goes, and with it all that is.
func (s *Service) eraseDue(ctx context.Context) error {
	var due []id.Customer
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		var err error
		due, err = listErasing(ctx, tx, s.days.Date(tx.Now()), houseBatch)
		return err
	})
	if err != nil {
		return fmt.Errorf("list customers to erase: %w", err)
	}
	var failed []error
	for _, customer := range due {
		if err := s.eraseOne(ctx, customer); err != nil {
			failed = append(failed, fmt.Errorf("erase customer %s: %w", customer, err))
		}
	}
	return errors.Join(failed...)
}

func (s *Service) eraseOne(ctx context.Context, customer id.Customer) error {
	by := act.Job(jobHouse)
	return s.write(ctx, func(tx *db.Tx) error {
		p, err := s.lock(ctx, tx, customer)
		if err != nil {
			return err
		}
		if p.state != Closed || !p.erasedAt.IsZero() || p.eraseOn.After(s.days.Date(tx.Now())) {
			return nil
		}
		for _, domain := range s.exporters {
			if err := domain.Erase(ctx, tx, customer); err != nil {
				return err
			}
		}
		if err := s.record(ctx, tx, by, customer, note{act: actErase}); err != nil {
			return err
		}
		if err := erasePerson(ctx, tx, customer); err != nil {
			return err
		}
		return s.vault.Destroy(ctx, tx, string(customer))
	})
}

// dropUnfinished abandons verifications that were left lying, and deletes their pictures.
func (s *Service) dropUnfinished(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		life, err := s.rules.Duration(ctx, ruleLife, s.days.Date(tx.Now()))
		if err != nil {
			return err
		}
		old, err := s.listUnfinished(ctx, tx, tx.Now().Add(-life), houseBatch)
		if err != nil {
			return fmt.Errorf("list unfinished verifications: %w", err)
		}
		for _, v := range old {
			if err := s.abandon(ctx, tx, v); err != nil {
				return err
			}
		}
		return nil
	})
}
