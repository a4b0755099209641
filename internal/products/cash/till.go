package cash

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const nameMost = 40 // bytes of a till's name

// NewTill asks for a till, or for the vault of a branch.
type NewTill struct {
	Branch string
	Place  Place
	Name   string
}

// Counted is what a count found.
type Counted struct {
	Till     Till
	Expected money.Amount
	Counted  money.Amount
	Movement Movement // of the difference; its Kind is empty when there was none
}

// Create sets up an empty till, closed, or the vault of a branch. Errors: ErrStaff, ErrTaken, ErrState.
func (s *Service) Create(ctx context.Context, by act.By, n NewTill) (Till, error) {
	if err := checkTeller(by); err != nil {
		return Till{}, err
	}
	if n.Name == "" || len(n.Name) > nameMost || n.Branch == "" || (n.Place != InVault && n.Place != InTill) {
		return Till{}, ErrState.At("/name")
	}
	var t Till
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		t = Till{ID: id.New[id.Till](tx.Now()), Branch: n.Branch, Place: n.Place, Name: n.Name, Currency: money.CNY, State: Closed}
		if err := insertTill(ctx, tx, t); err != nil {
			return err
		}
		return s.record(ctx, tx, by, string(t.ID), "", actCreate, map[string]string{"place": string(t.Place), "branch": t.Branch})
	})
	if db.IsUnique(err) {
		return Till{}, ErrTaken
	}
	return t, err
}

// OpenTill gives a closed till of the branch to the teller who counts it. Errors: ErrStaff, ErrNoTill, ErrState, ErrTaken, ErrPieces.
func (s *Service) OpenTill(ctx context.Context, by act.By, till id.Till, count Pieces) (Counted, error) {
	c, err := s.counting(ctx, by, till, count, func(t *Till) error {
		if t.State != Closed {
			return ErrState
		}
		t.State, t.Teller = Open, id.Staff(by.Actor)
		return nil
	}, actOpen)
	if db.IsUnique(err) {
		return Counted{}, ErrTaken
	}
	return c, err
}

// Count counts an open till of the teller's. Errors: ErrStaff, ErrNoTill, ErrState, ErrPieces.
func (s *Service) Count(ctx context.Context, by act.By, till id.Till, count Pieces) (Counted, error) {
	return s.counting(ctx, by, till, count, func(t *Till) error { return t.heldBy(by) }, actCount)
}

// CloseTill counts an open till of the teller's and gives it back. Errors: ErrStaff, ErrNoTill, ErrState, ErrPieces.
func (s *Service) CloseTill(ctx context.Context, by act.By, till id.Till, count Pieces) (Counted, error) {
	return s.counting(ctx, by, till, count, func(t *Till) error {
		if err := t.heldBy(by); err != nil {
			return err
		}
		t.State, t.Teller = Closed, ""
		return nil
	}, actClose)
}

func (t *Till) heldBy(by act.By) error {
	if t.State != Open || string(t.Teller) != by.Actor {
		return ErrState
	}
	return nil
}

// counting counts a till, books the difference, and changes who holds it.
func (s *Service) counting(ctx context.Context, by act.By, till id.Till, count Pieces, change func(*Till) error, what string) (Counted, error) {
	if err := checkTeller(by); err != nil {
		return Counted{}, err
	}
	var out Counted
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		today, err := s.Days.Today(ctx, tx)
		if err != nil {
			return err
		}
		t, err := s.lock(ctx, tx, by, till)
		if err != nil {
			return err
		}
		if out, err = s.count(ctx, tx, by, today, t, count); err != nil {
			return err
		}
		opened := t.State == Closed
		if err := change(&t); err != nil {
			return err
		}
		if t.CountedAt = tx.Now(); opened {
			t.OpenedAt = tx.Now()
		}
		out.Till = t
		if err := updateTill(ctx, tx, t); err != nil {
			return err
		}
		return s.record(ctx, tx, by, string(t.ID), "", what, map[string]string{"counted": out.Counted.String(), "expected": out.Expected.String()})
	})
	return out, err
}

// lock locks a till of the caller's branch.
func (s *Service) lock(ctx context.Context, tx *db.Tx, by act.By, till id.Till) (Till, error) {
	locked, err := lockTills(ctx, tx, []id.Till{till})
	if err != nil {
		return Till{}, fmt.Errorf("lock till: %w", err)
	}
	t, found := locked[till]
	if !found || t.Branch != by.Branch {
		return Till{}, ErrNoTill
	}
	return t, nil
}

// count compares what is there with what should be, and books the difference.
func (s *Service) count(ctx context.Context, tx *db.Tx, by act.By, today clock.Date, t Till, count Pieces) (Counted, error) {
	counted, err := s.total(count, t.Currency)
	if err != nil {
		return Counted{}, err
	}
	stock, err := stockOf(ctx, tx, t.ID)
	if err != nil {
		return Counted{}, fmt.Errorf("read till: %w", err)
	}
	expected, err := s.total(stock, t.Currency)
	if err != nil {
		return Counted{}, err
	}
	out := Counted{Till: t, Expected: expected, Counted: counted}
	difference := count.minus(stock)
	if len(difference) == 0 {
		return out, nil
	}
	m := Movement{Till: t.ID, Pieces: difference, Branch: t.Branch, Teller: id.Staff(by.Actor), On: today}
	if m.Kind, m.Amount, err = found(expected, counted); err != nil {
		return Counted{}, err
	}
	out.Movement, err = s.keep(ctx, tx, by, m)
	return out, err
}

// found says what a difference is: over, short, or as much in other pieces.
func found(expected, counted money.Amount) (Kind, money.Amount, error) {
	difference, err := counted.Sub(expected)
	switch {
	case err != nil:
		return "", money.Amount{}, err
	case difference.IsPositive():
		return Over, difference, nil
	case difference.IsZero():
		return Swapped, difference, nil
	}
	difference, err = expected.Sub(counted)
	return Short, difference, err
}

// Hand moves pieces between two open tills of a branch, one of them the teller's: from the vault in the morning, and back.
// Both people stand beside each other; each counts his own till at the end of the day. Errors: ErrStaff, ErrNoTill, ErrState,
// ErrPieces, ErrStock, ErrBranch.
func (s *Service) Hand(ctx context.Context, by act.By, from, to id.Till, pieces Pieces) (Movement, error) {
	if err := checkTeller(by); err != nil {
		return Movement{}, err
	}
	var m Movement
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		today, err := s.Days.Today(ctx, tx)
		if err != nil {
			return err
		}
		locked, err := lockTills(ctx, tx, []id.Till{from, to})
		if err != nil {
			return fmt.Errorf("lock tills: %w", err)
		}
		a, foundA := locked[from]
		b, foundB := locked[to]
		switch {
		case !foundA || !foundB || from == to || a.Branch != by.Branch:
			return ErrNoTill
		case a.Branch != b.Branch:
			return ErrBranch
		case a.State != Open || b.State != Open || (string(a.Teller) != by.Actor && string(b.Teller) != by.Actor):
			return ErrState
		}
		amount, err := s.paid(pieces, a.Currency)
		if err != nil {
			return err
		}
		m, err = s.keep(ctx, tx, by, Movement{
			Kind: HandOver, Till: from, Other: to, Amount: amount, Pieces: pieces.negative(), Branch: a.Branch, Teller: id.Staff(by.Actor), On: today,
		})
		return err
	})
	return m, err
}

// Delivery brings cash from the central bank into a vault, or back. It is the change that a request under four eyes holds.
type Delivery struct {
	Vault     id.Till `json:"vault"`
	Pieces    Pieces  `json:"pieces"`
	Back      bool    `json:"back,omitempty"`
	Reference string  `json:"reference"` // of the paper that came with it
}

// CheckDelivery is the vault of a delivery and what it is worth. Errors: ErrNoTill, ErrPieces, ErrStock.
func (s *Service) CheckDelivery(ctx context.Context, tx *db.Tx, d Delivery) (Till, money.Amount, error) {
	t, found, err := findTill(ctx, tx, d.Vault)
	if err != nil {
		return Till{}, money.Amount{}, err
	}
	if !found || t.Place != InVault || d.Reference == "" {
		return Till{}, money.Amount{}, ErrNoTill
	}
	amount, err := s.paid(d.Pieces, t.Currency)
	if err != nil || !d.Back {
		return t, amount, err
	}
	stock, err := stockOf(ctx, tx, t.ID)
	if err != nil {
		return Till{}, money.Amount{}, err
	}
	return t, amount, stock.add(d.Pieces.negative())
}

// Deliver books a delivery under four eyes. Errors: act.ErrNotApproved, and those of CheckDelivery.
func (s *Service) Deliver(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, d Delivery) (Movement, error) {
	if err := act.Approved(g, ApprovalDelivery, d); err != nil {
		return Movement{}, err
	}
	today, err := s.Days.Today(ctx, tx)
	if err != nil {
		return Movement{}, err
	}
	if _, err := lockTills(ctx, tx, []id.Till{d.Vault}); err != nil {
		return Movement{}, fmt.Errorf("lock vault: %w", err)
	}
	t, amount, err := s.CheckDelivery(ctx, tx, d)
	if err != nil {
		return Movement{}, err
	}
	m := Movement{Kind: Delivered, Till: t.ID, Amount: amount, Pieces: d.Pieces, Branch: t.Branch, Teller: id.Staff(by.Actor), On: today}
	if d.Back {
		m.Kind, m.Pieces = Returned, d.Pieces.negative()
	}
	return s.keep(ctx, tx, by, m)
}
