package customer

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
)

// ErrSameName says that a change of name changes nothing, or that the bank knows no name yet.
var ErrSameName = fault.New(fault.Rejected, "customer.no_new_name")

// NameChange is a change of name by law (更名): the person and the ID number stay, the register knows the new name. It is
// the change that a request under four eyes holds.
type NameChange struct {
	Customer id.Customer `json:"customer"`
	Name     string      `json:"name"`
	Document string      `json:"document"` // what shows it, and its number: a page of the household register, a letter of the police
}

// Renamable is the customer whose name a change would replace. Errors: ErrName, ErrUnknown, ErrClosed, ErrSameName.
func (s *Service) Renamable(ctx context.Context, tx *db.Tx, c NameChange) (Customer, error) {
	p, err := s.person(ctx, tx, c.Customer)
	if err != nil {
		return Customer{}, err
	}
	_, err = p.bears(c)
	return p.shown(), err
}

// bears is the new name of a person, if he may bear it.
func (p person) bears(c NameChange) (Name, error) {
	name, err := NewName(c.Name)
	switch {
	case err != nil:
		return Name{}, ErrName.At("/name")
	case p.state == Closed:
		return Name{}, ErrClosed
	case p.level == LevelNone || p.name == name || c.Document == "":
		return Name{}, ErrSameName
	}
	return name, nil
}

// AskRegister asks the provider whether the new name and the ID number belong together, before anybody is asked to agree.
// It calls the network, so it stands outside any transaction. Errors: those of Renamable, ErrNumberDiffers, ErrProviderAway.
func (s *Service) AskRegister(ctx context.Context, c NameChange) error {
	var q Question
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := s.person(ctx, tx, c.Customer)
		if err != nil {
			return err
		}
		q = Question{Key: string(c.Customer) + "/rename/" + c.Document, Name: c.Name, Number: p.number.Reveal(), AskedAt: tx.Now()}
		_, err = p.bears(c)
		return err
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, reverifyWait)
	defer cancel()
	answer, err := askAgain(q, func(q Question) (Answer, error) { return s.provider.CheckIdentity(ctx, q) })
	switch {
	case err != nil:
		return ErrProviderAway.Because(err)
	case answer.Verdict == Differs:
		return answer.refusal()
	case answer.Verdict != Agrees:
		return ErrProviderAway // a name is not changed on a guess
	}
	return nil
}

// Rename gives a customer another name, under four eyes; staff have seen the document. He is told.
// Errors: act.ErrNotApproved, ErrStaff, ErrReason, and those of Renamable.
func (s *Service) Rename(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, c NameChange) (Customer, error) {
	if err := checkStaff(by); err != nil {
		return Customer{}, err
	}
	if err := act.Approved(g, ApprovalRename, c); err != nil {
		return Customer{}, err
	}
	by.OnBehalfOf = c.Customer
	return s.changeIn(ctx, tx, by, func(tx *db.Tx, p *person) error {
		name, err := p.bears(c)
		if err != nil {
			return err
		}
		p.name = name
		if err := s.publish(ctx, tx, by, p, event.CustomerRenamed{Customer: p.id, Request: g.Request()}); err != nil {
			return err
		}
		if err := s.record(ctx, tx, by, p.id, note{act: actRename, detail: map[string]string{"request": g.Request()}}); err != nil {
			return err
		}
		return s.tell(ctx, tx, p.id, TemplateRenamed, nil)
	})
}
